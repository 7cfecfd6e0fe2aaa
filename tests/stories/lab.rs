//! A bench to build a system on, break it, and run it.

use faultline::scenario::{Order, Scenario, Skew};
use faultline::sim::journal::{Entry, What};
use faultline::sim::{Record, Simulation};
use faultline::time::SimTime;

/// A run with its record.
pub(crate) struct Lab {
    pub(crate) run: Simulation,
    pub(crate) record: Record,
}

impl Lab {
    pub(crate) fn new(scenario: &Scenario, seed: u64) -> Self {
        Self { run: Simulation::new(scenario, seed), record: Record::default() }
    }

    /// Runs until a second of simulated time.
    pub(crate) fn run_to(&mut self, seconds: f64) -> &mut Self {
        assert!(self.run.run_until(SimTime::from_secs(seconds), u64::MAX, &mut self.record));
        self
    }

    /// Gives an order now.
    pub(crate) fn order(&mut self, text: &str) -> &mut Self {
        let order = Order::parse(text).expect("an order");
        let command = self.run.resolve(&order).expect("an order for this system");
        self.run.apply(command, &mut self.record);
        self
    }

    /// When the first entry that fits was made, in seconds.
    pub(crate) fn when(&self, fits: impl Fn(&What) -> bool) -> Option<f64> {
        self.entries(fits).next().map(|entry| entry.at.secs())
    }

    pub(crate) fn entries(&self, fits: impl Fn(&What) -> bool) -> impl Iterator<Item = &Entry> {
        self.record.journal.iter().filter(move |entry| fits(&entry.what))
    }

    /// Failed requests between two seconds.
    pub(crate) fn failed(&self, from_s: f64, to_s: f64) -> u32 {
        let inside = |at: f64| from_s < at && at <= to_s;
        self.record.samples.iter().filter(|sample| inside(sample.at.secs())).map(|sample| sample.failed).sum()
    }

    /// Served requests between two seconds.
    pub(crate) fn served(&self, from_s: f64, to_s: f64) -> u32 {
        let inside = |at: f64| from_s < at && at <= to_s;
        self.record.samples.iter().filter(|sample| inside(sample.at.secs())).map(|sample| sample.served).sum()
    }
}

/// The built-in system with hardly any traffic, for what does not depend on it.
pub(crate) fn quiet() -> Scenario {
    let mut scenario = Scenario { weight: 1, ..Scenario::default() };
    for population in &mut scenario.clients.populations {
        population.requests_per_s = 0.05;
    }
    scenario
}

/// The built-in system with the same load in fewer, heavier requests, so that many runs are quick.
pub(crate) fn coarse() -> Scenario {
    let mut scenario = Scenario { weight: 40, ..Scenario::default() };
    scenario.servers.concurrency = 80;
    scenario.servers.service_ms = 500.0;
    scenario.servers.queue = 320;
    scenario.database.skew = Skew::Uniform;
    scenario
}

pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Asserts that a measured figure is within a share of the expected one.
pub(crate) fn assert_close(what: &str, measured: f64, expected: f64, share: f64) {
    let off = (measured - expected).abs() / expected;
    assert!(
        off <= share,
        "{what}: measured {measured:.4}, expected {expected:.4}, off by {:.1} %",
        off * 100.0
    );
}
