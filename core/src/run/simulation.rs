//! A run: the world, its clock and its queue. A clone of it is a keyframe.

use crate::kernel::clock::SimTime;
use crate::kernel::queue::EventQueue;
use crate::model::Order;
use crate::model::command::Command;
use crate::model::plan::Plan;
use crate::model::scenario::Scenario;
use crate::run::laws::Broken;
#[cfg(debug_assertions)]
use crate::run::laws::memory::Laws;
use crate::run::world::World;
use crate::system::context::{Context, Record, Recorded};
use crate::system::event::Due;
use crate::system::occurrence::Occurrence;
use std::sync::Arc;

/// A run at one moment. The same scenario, seed and commands give the same run on every target.
#[derive(Clone, Debug)]
pub struct Simulation {
    now: SimTime,
    events: u64,
    queue: EventQueue<Due>,
    world: World,
    recorded: Recorded,
    /// Occurrences of the event that is being handled: empty between events, kept so that nothing is allocated.
    occurrences: Vec<Occurrence>,
    /// Never changes after the start, so that keyframes share it.
    plan: Arc<Plan>,
    /// Checks the laws of a run, and changes nothing.
    #[cfg(debug_assertions)]
    laws: Laws,
}

impl Simulation {
    /// A run at its start. Lines of the script that cannot be read (a checked scenario has none) are left out.
    pub fn new(scenario: &Scenario, seed: u64) -> Self {
        let plan = Arc::new(Plan::new(scenario, seed));
        let (mut queue, mut recorded, mut record) =
            (EventQueue::default(), Recorded::default(), Record::default());
        let mut occurrences = Vec::new();
        let command = |text: &str| Order::parse(text).and_then(|order| plan.resolve(&order)).ok();
        let script: Vec<(SimTime, Command)> = scenario
            .script
            .iter()
            .filter_map(|line| Some((SimTime::from_secs(line.at_s), command(&line.order)?)))
            .collect();
        let world = {
            let mut ctx = Context {
                now: SimTime::ZERO,
                plan: &plan,
                cause: None,
                queue: &mut queue,
                recorded: &mut recorded,
                record: &mut record,
                occurrences: &mut occurrences,
            };
            World::new(&mut ctx, &script)
        };
        Self {
            now: SimTime::ZERO,
            events: 0,
            queue,
            world,
            recorded,
            occurrences,
            plan,
            #[cfg(debug_assertions)]
            laws: Laws::default(),
        }
    }

    /// Goes on until an instant, or until so many events have happened. True if the instant was reached.
    pub fn run_until(&mut self, limit: SimTime, budget: u64, record: &mut Record) -> bool {
        let Self {
            now,
            events,
            queue,
            world,
            recorded,
            occurrences,
            plan,
            #[cfg(debug_assertions)]
            laws,
        } = self;
        let mut ctx = Context { now: *now, plan, cause: None, queue, recorded, record, occurrences };
        for _ in 0..budget {
            let Some((at, due)) = ctx.queue.pop_until(limit.micros()) else {
                *now = (*now).max(limit);
                return true;
            };
            *now = SimTime::from_micros(at);
            *events += 1;
            (ctx.now, ctx.cause) = (*now, due.cause());
            #[cfg(debug_assertions)]
            laws.before(world, Some(&due.event), ctx.recorded.entries, *now);
            world.handle(&mut ctx, due.event);
            #[cfg(debug_assertions)]
            laws.after(plan, world, *now, ctx.recorded.entries, ctx.record);
        }
        false
    }

    /// Carries out a command now.
    pub fn apply(&mut self, command: Command, record: &mut Record) {
        #[cfg(debug_assertions)]
        self.laws.before(&self.world, None, self.recorded.entries, self.now);
        let Self { now, queue, world, recorded, occurrences, plan, .. } = self;
        let mut ctx = Context { now: *now, plan, cause: None, queue, recorded, record, occurrences };
        world.obey(&mut ctx, command);
        world.report_occurrences(&mut ctx);
        #[cfg(debug_assertions)]
        self.laws.after(&self.plan, &self.world, self.now, self.recorded.entries, record);
    }

    /// Schedules a command.
    pub fn schedule(&mut self, at: SimTime, command: Command) {
        let Self { now, queue, world, recorded, occurrences, plan, .. } = self;
        let mut record = Record::default();
        let mut ctx =
            Context { now: *now, plan, cause: None, queue, recorded, record: &mut record, occurrences };
        world.schedule(&mut ctx, at, command);
    }

    /// The command that an order means in this system.
    ///
    /// # Errors
    /// A sentence that names the word that is wrong and what is allowed.
    pub fn resolve(&self, order: &Order) -> Result<Command, String> {
        self.plan.resolve(order)
    }

    /// Simulated time so far.
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// Events handled so far.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// The scenario with everything looked up; it never changes.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The state of machines, operations and observer.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// How many entries and samples there are, and their digest.
    pub fn recorded(&self) -> &Recorded {
        &self.recorded
    }

    /// The laws that have been broken so far, each once, and those that are broken now. A release build checks none.
    pub fn broken_laws(&self) -> Vec<Broken> {
        #[cfg(debug_assertions)]
        return self.laws.at_end(&self.plan, &self.world, self.now);
        #[cfg(not(debug_assertions))]
        Vec::new()
    }
}
