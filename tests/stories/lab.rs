//! A bench to build a system on, break it, and run it.

use faultline::kernel::clock::SimTime;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::{Millis, Rate, Span};
use faultline::model::{Decider, Order, Skew};
use faultline::run::report::executions::StepState;
use faultline::run::report::{CityRequests, IncidentReport, StepReport};
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;
use faultline::system::entry::Entry;
use faultline::system::history::Operations;
use faultline::system::journal::What;

/// A run with its record.
pub(crate) struct Lab {
    pub(crate) run: Simulation,
    pub(crate) record: Record,
}

impl Lab {
    pub(crate) fn new(scenario: &Scenario, seed: u64) -> Self {
        Self { run: Simulation::new(scenario, seed), record: Record::default() }
    }

    /// A run with its history and orders at their seconds, up to a second.
    pub(crate) fn with_history(
        scenario: &Scenario,
        seed: u64,
        orders: &[(f64, impl AsRef<str>)],
        until_s: f64,
    ) -> Self {
        let mut lab = Self::new(scenario, seed);
        lab.record.operations = Some(Operations::default());
        for (at_s, order) in orders {
            lab.run_to(*at_s).order(order.as_ref());
        }
        lab.run_to(until_s);
        lab
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

    /// The line to which the causes of one go back.
    pub(crate) fn root<'a>(&'a self, entry: &'a Entry) -> &'a Entry {
        let cause = |entry: &&'a Entry| entry.cause.map(|cause| &self.record.journal[cause.0 as usize]);
        std::iter::successors(Some(entry), cause).last().unwrap_or(entry)
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
        population.requests_per_s = Rate(0.05);
    }
    scenario
}

/// The built-in system with the same load in fewer, heavier requests, so that many runs are quick.
pub(crate) fn coarse() -> Scenario {
    let mut scenario = Scenario { weight: 40, ..Scenario::default() };
    scenario.servers.concurrency = 80;
    scenario.servers.service_ms = Millis(500.0);
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

/// A strategy's own scenario with hardly any traffic, for what does not depend on it.
pub(crate) fn calm(strategy: Strategy) -> Scenario {
    let mut scenario = Scenario { weight: 1, grain: 1, ..Scenario::of(strategy) };
    for population in &mut scenario.clients.populations {
        population.requests_per_s = Rate(0.05);
    }
    scenario
}

/// A strategy's own scenario with its whole load in steps of 24, for runs of hours.
pub(crate) fn grainy(strategy: Strategy) -> Scenario {
    Scenario { weight: 2, grain: 12, ..Scenario::of(strategy) }
}

/// A moment's patience: nobody is paged, nothing is validated, and what has to be made is there at once.
pub(crate) fn in_haste(mut scenario: Scenario) -> Scenario {
    let recovery = &mut scenario.recovery;
    recovery.decider = Decider::Automatic;
    (recovery.fence_min_s, recovery.fence_max_s) = (Span(1.0), Span(1.0));
    (recovery.network_min_s, recovery.network_max_s) = (Span(1.0), Span(1.0));
    (recovery.validate_min_s, recovery.validate_max_s) = (Span(1.0), Span(1.0));
    let backup = &mut scenario.backup;
    (backup.restore_min_s, backup.restore_typical_s, backup.restore_max_s) =
        (Span(1.0), Span(1.0), Span(1.0));
    scenario
}

impl Lab {
    /// The first incident, as the report tells it.
    pub(crate) fn incident(&self) -> IncidentReport {
        self.run.report().incidents.first().expect("an incident").clone()
    }

    /// The last step of this name in the first incident.
    pub(crate) fn step(&self, name: &str) -> StepReport {
        let incident = self.incident();
        let found = incident.steps().filter(|step| step.name == name).last();
        found.unwrap_or_else(|| panic!("no step {name} in {incident:?}")).clone()
    }

    /// How long the last step of this name took, in seconds.
    pub(crate) fn span(&self, name: &str) -> f64 {
        let step = self.step(name);
        step.end_s.unwrap_or_else(|| panic!("{name} is under way: {step:?}")) - step.start_s
    }

    /// What keeps a step of this name waiting just now.
    pub(crate) fn waits_for(&self, name: &str) -> Option<String> {
        let incident = self.incident();
        let step = incident.steps().find(|step| step.name == name && step.state == StepState::Waiting)?;
        step.waits_for.as_ref().map(|wait| wait.text.clone())
    }

    /// The keys of each region's copy under which nothing stands that can be used.
    pub(crate) fn ruined(&self) -> Vec<usize> {
        self.run.world().system.databases.iter().map(|database| database.corrupt_keys()).collect()
    }

    /// The share of a population's requests that was served between now and a second.
    pub(crate) fn availability_to(&mut self, seconds: f64) -> Vec<(String, f64)> {
        let count = |lab: &Self| lab.run.report().by_client;
        let before = count(self);
        self.run_to(seconds);
        let share = |(city, now): (String, CityRequests)| {
            let (served, failed) = (
                now.requests.served - before[&city].requests.served,
                now.requests.failed - before[&city].requests.failed,
            );
            (city, served as f64 / (served + failed).max(1) as f64)
        };
        count(self).into_iter().map(share).collect()
    }
}
