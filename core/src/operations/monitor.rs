//! What alarms see: how many requests fail. No health check looks at data: only the alarm on failing requests notices that
//! data is ruined, or that a database has stopped for good.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, PopulationId, RegionId};
use crate::kernel::window::Window;
use crate::model::Decider;
use crate::model::plan::Plan;
use crate::model::runbook::When;
use crate::operations::Operations;
use crate::system::System;
use crate::system::context::Context;
use crate::system::database::Status;
use crate::system::occurrence::Beginning;

/// The window of the alarm, in seconds: requests that ended in it count.
const WINDOW_S: usize = 10;
/// A population is failing if a smaller share of its requests than this was served.
const SERVED_SHARE: f64 = 0.99;

/// What is known of the requests of one population.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Gauge {
    window: Window<WINDOW_S>,
    failing: bool,
}

/// Alarms.
#[derive(Clone, Debug)]
pub struct Monitor {
    gauges: Vec<Gauge>,
    /// Since when requests have failed while a runbook could do something about it.
    pub failing_since: Option<SimTime>,
}

/// The execution that an alarm asks for.
struct Wanted {
    when: When,
    from: RegionId,
    to: RegionId,
    about: Option<EntryId>,
    entry: EntryId,
}

impl Monitor {
    /// Nothing has failed yet.
    pub fn new(populations: usize) -> Self {
        Self { gauges: vec![Gauge::default(); populations], failing_since: None }
    }

    /// A request was answered.
    #[inline]
    pub fn served(&mut self, population: PopulationId) {
        self.gauges[population.index()].window.served();
    }

    /// A request was given up.
    #[inline]
    pub fn failed(&mut self, population: PopulationId) {
        self.gauges[population.index()].window.failed();
    }

    /// A whole second has passed.
    fn close_second(&mut self, now: SimTime) {
        let now_s = (now.micros() / 1_000_000) as usize;
        debug_assert_eq!(now.micros() % 1_000_000, 0, "seconds are closed at their end");
        for gauge in &mut self.gauges {
            gauge.window.close_second(now_s);
            // If no request ended, the gauge stays as it was.
            if let Some(share) = gauge.window.served_share(now_s, WINDOW_S) {
                gauge.failing = share < SERVED_SHARE;
            }
        }
    }

    /// Some population is failing.
    fn is_failing(&self) -> bool {
        self.gauges.iter().any(|gauge| gauge.failing)
    }
}

impl Operations {
    /// A second has passed: the alarm goes off if requests have failed for long enough. Someone has to find out then
    /// whether a failover would help: not if the copies have the same rubbish, but if the database is gone.
    pub fn watch_data(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        self.monitor.close_second(ctx.now);
        let plan = ctx.plan;
        // What is being recovered already is not begun again, unless the work has moved and cannot be used there.
        let busy = self.executions.iter().any(|run| run.is_busy(plan) && !run.is_tried(plan));
        let wanted = if busy { None } else { ruined(plan, system).or_else(|| stopped(ctx, system)) };
        let Some(wanted) = wanted.filter(|_| self.monitor.is_failing()) else {
            self.monitor.failing_since = None;
            return;
        };
        let since = *self.monitor.failing_since.get_or_insert(ctx.now);
        debug_assert!(since <= ctx.now, "what fails has begun to fail");
        if ctx.now.since(since).secs() < plan.scenario.recovery.alarm_s {
            return;
        }
        let Some(book) = self.choose(ctx, system, &[wanted.when], (wanted.from, wanted.to)) else { return };
        if plan.runbooks[book].decider == Decider::Manual {
            return;
        }
        self.monitor.failing_since = None;
        while let Some(at) = self.executions.iter().position(|run| run.is_busy(plan)) {
            self.call_off(ctx, system, at);
        }
        let beginning = Beginning {
            command: None,
            from: wanted.from,
            to: wanted.to,
            about: wanted.about,
            entry: wanted.entry,
        };
        let at = self.begin_run(ctx, system, book, beginning);
        self.executions[at].alive_at = since;
        self.escalate(ctx, system, at, true);
    }
}

/// Data is ruined: it has to be restored in place.
fn ruined(plan: &Plan, system: &System) -> Option<Wanted> {
    let ruin = system.first_ruin()?;
    // Where the writes go that the fault has ruined: by the newest claim, as a region in the dark has not heard it.
    let partition = ruin.fault.region().map(|region| system.ownership.partition_of_region(region));
    let region = partition.map_or(system.ownership.primary(), |it| system.ownership.newest(it).owner);
    let region = system.restores_in(plan, region);
    let (about, entry) = (Some(ruin.entry), ruin.entry);
    Some(Wanted { when: When::Alarm, from: region, to: region, about, entry })
}

/// A database has stopped for good, though its region still answers: another takes over.
fn stopped(ctx: &Context<'_>, system: &System) -> Option<Wanted> {
    let from = system.ownership.primary();
    let stopped = !ctx.plan.writes_everywhere() && !system.dark[from.index()];
    if !stopped || system.databases[from.index()].status != Status::Down {
        return None;
    }
    let to = system.recovery_region(ctx.plan, from)?;
    let entry = system.databases[from.index()].lost_by?;
    Some(Wanted { when: When::Unhealthy, from, to, about: None, entry })
}
