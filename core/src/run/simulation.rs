//! A run: the world, its clock and its queue. A clone of it is a keyframe.

use crate::kernel::clock::SimTime;
use crate::kernel::queue::EventQueue;
use crate::model::Order;
use crate::model::fault::Command;
use crate::model::plan::Plan;
use crate::model::scenario::Scenario;
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
    /// What the event that is being handled has told so far: empty between events, kept so that nothing is allocated.
    occurrences: Vec<Occurrence>,
    /// Never changes after the start, so that keyframes share it.
    plan: Arc<Plan>,
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
        Self { now: SimTime::ZERO, events: 0, queue, world, recorded, occurrences, plan }
    }

    /// Goes on until an instant, or until so many events have happened. True where the instant was reached.
    pub fn run_until(&mut self, limit: SimTime, budget: u64, record: &mut Record) -> bool {
        let Self { now, events, queue, world, recorded, occurrences, plan } = self;
        for _ in 0..budget {
            match queue.peek() {
                Some(at) if at <= limit.micros() => {}
                Some(_) | None => {
                    *now = (*now).max(limit);
                    return true;
                }
            }
            let Some((at, Due { event, cause })) = queue.pop() else { break };
            *now = SimTime::from_micros(at);
            *events += 1;
            let mut ctx = Context { now: *now, plan, cause, queue, recorded, record, occurrences };
            world.handle(&mut ctx, event);
        }
        false
    }

    /// Does now what a person wants.
    pub fn apply(&mut self, command: Command, record: &mut Record) {
        let Self { now, queue, world, recorded, occurrences, plan, .. } = self;
        let mut ctx = Context { now: *now, plan, cause: None, queue, recorded, record, occurrences };
        world.obey(&mut ctx, command);
        world.report_occurrences(&mut ctx);
    }

    /// Gives a command its time.
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

    /// The moment.
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// Events handled so far.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// What never changes.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Everything that there is.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// How much has been recorded, and its hash.
    pub fn recorded(&self) -> &Recorded {
        &self.recorded
    }

    /// The name of an invariant that does not hold, if one does not.
    pub fn broken_invariant(&self) -> Option<&'static str> {
        self.world.broken_invariant()
    }
}
