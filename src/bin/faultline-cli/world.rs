//! The one place where this binary meets the simulation.

use std::io::{self, Write};

use faultline::scenario::{Order, Problem, Scenario};
use faultline::time::SimTime;

/// What a run left behind.
pub(crate) struct Outcome {
    report: String,
}

/// Runs a scenario to a moment.
pub(crate) fn simulate(
    _scenario: &Scenario,
    _seed: u64,
    _until: SimTime,
    _at: &[(SimTime, Order, String)],
) -> Result<Outcome, Problem> {
    Err(Problem::new("run", "a simulation", "validate and list, until the simulation is built in"))
}

/// The report as one line of JSON.
pub(crate) fn report(outcome: &Outcome) -> String {
    outcome.report.clone()
}

/// Writes the journal, one entry a line.
pub(crate) fn write_journal(_outcome: &Outcome, mut to: impl Write) -> io::Result<()> {
    to.flush()
}
