//! The same storm on several systems: runs in lock-step on one seed, with one script.
//!
//! Everything is counted in one step, so that lost writes can be compared, and coarsely, so that a day takes a second or
//! two. A slice of work has a budget of events; a page goes on in its next frame.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::model::scenario::Scenario;
use crate::run::simulation::Simulation;
use crate::system::context::Record;

/// Unless somebody says otherwise systems are compared in steps of 20: this weight times this grain. The grain alone would
/// make a request last so long that clients give up.
const WEIGHT: u32 = 2;
const GRAIN: u32 = 10;
/// A day, in seconds: so long an outage is followed.
const LONGEST_S: f64 = 86_400.0;
/// Lanes are kept within this of each other at the start, in seconds, and within a tenth of the time that has passed.
const BEAT_S: f64 = 10.0;

/// One run of a comparison.
#[derive(Clone, Debug)]
pub struct Lane {
    /// The scenario, as coarse as it is run.
    pub scenario: Scenario,
    /// The run.
    pub run: Simulation,
    /// What it has recorded.
    pub record: Record,
    /// Nothing more will happen in it.
    pub done: bool,
}

impl Lane {
    /// A lane at its start, so many times coarser than its own weight; if that is not said, in steps of 20, or what is near
    /// that if the scenario's weight is more than 2 or its servers take one request at a time.
    pub fn new(scenario: &Scenario, seed: u64, grain: Option<u32>) -> Self {
        let weight = match grain {
            Some(_) => scenario.weight,
            None => scenario.weight.max(WEIGHT.min(scenario.servers.concurrency)),
        };
        let scenario = Scenario { weight, grain: grain.unwrap_or(GRAIN), ..scenario.clone() };
        Self { run: Simulation::new(&scenario, seed), scenario, record: Record::default(), done: false }
    }

    /// The end of the scenario has come, and no outage is still going on.
    fn is_over(&self, longest_s: f64) -> bool {
        let now_s = self.run.now().secs();
        let whole = || self.run.world().observer.service.outages.open().is_none();
        now_s >= self.scenario.horizon_s && (now_s >= longest_s || whole())
    }
}

/// Runs in lock-step.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// One lane per system, in the order in which they were given.
    pub lanes: Vec<Lane>,
    /// If an outage is not over at the end of a scenario its run goes on, but not beyond this, in seconds.
    pub longest_s: f64,
}

impl Comparison {
    /// Lanes at their start, each as coarse as [`Lane::new`] makes it.
    pub fn new<'a>(scenarios: impl IntoIterator<Item = &'a Scenario>, seed: u64, grain: Option<u32>) -> Self {
        let lanes = scenarios.into_iter().map(|scenario| Lane::new(scenario, seed, grain)).collect();
        Self { lanes, longest_s: LONGEST_S }
    }

    /// Goes on by about so many events, always with the lane that is furthest behind. True if all are done.
    pub fn advance(&mut self, budget: u64) -> bool {
        let mut left = budget;
        while left > 0 {
            let open = self.lanes.iter_mut().filter(|lane| !lane.done);
            let Some(lane) = open.min_by_key(|lane| lane.run.now()) else { return true };
            let (now, before) = (lane.run.now(), lane.run.events());
            let beat = SimDuration::from_secs((now.secs() / 10.0).max(BEAT_S));
            let limit = now + beat;
            let horizon = SimTime::from_secs(lane.scenario.horizon_s);
            let limit = if now < horizon { limit.min(horizon) } else { limit };
            lane.run.run_until(limit, left, &mut lane.record);
            left = left.saturating_sub((lane.run.events() - before).max(1));
            lane.done = lane.is_over(self.longest_s);
        }
        self.lanes.iter().all(|lane| lane.done)
    }

    /// Share of the simulated time that has been computed, 0 to 1.
    pub fn progress(&self) -> f64 {
        let part = |lane: &Lane| {
            if lane.done { 1.0 } else { (lane.run.now().secs() / lane.scenario.horizon_s).min(0.99) }
        };
        self.lanes.iter().map(part).sum::<f64>() / self.lanes.len().max(1) as f64
    }
}
