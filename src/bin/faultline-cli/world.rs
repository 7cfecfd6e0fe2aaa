//! The one place where this binary meets the simulation.

use std::io::{self, Write};
use std::time::Duration;

use faultline::kernel::clock::SimTime;
use faultline::model::scenario::Scenario;
use faultline::observer::loss::{MOST_EXAMPLES, Missing};
use faultline::run::report::Report;
use faultline::run::simulation::Simulation;
use faultline::scene::words::Words;
use faultline::scene::words::loss::became;
use faultline::scene::words::number;
use faultline::system::context::Record;
use faultline::system::entry::Entry;
use faultline::system::history::Operations;
use serde::Serialize;

use crate::args::Timed;

/// What a run left behind.
pub(crate) struct Outcome {
    pub(crate) report: Report,
    /// The lost writes by name, oldest first.
    pub(crate) lost: Vec<String>,
    /// What is said if no write is missing.
    pub(crate) none: String,
    pub(crate) record: Record,
    pub(crate) simulation: Simulation,
}

/// Runs a scenario to a moment. The error is a sentence about an order that means nothing there.
pub(crate) fn simulate(
    scenario: &Scenario,
    seed: u64,
    until: SimTime,
    orders: &[Timed],
    history: bool,
) -> Result<Outcome, String> {
    let mut simulation = Simulation::new(scenario, seed);
    for timed in orders {
        simulation.schedule(timed.at, simulation.resolve(&timed.order)?);
    }
    let operations = history.then(Operations::default);
    let mut record = Record { operations, ..Record::default() };
    let took = timed(|| while !simulation.run_until(until, u64::MAX, &mut record) {});
    // A release looks at no law and finds none broken.
    for broken in simulation.broken_laws() {
        eprintln!("broken law: {broken}");
    }
    let words = words(&simulation);
    let (ledger, losses) = (&simulation.world().observer.ledger, &simulation.world().observer.losses);
    let name = |missing: Missing| {
        let commit = ledger.get(missing.number.into())?.commit();
        Some(format!("{}: it {}", words.write_name(&commit), became(missing.state, false)))
    };
    // In steps of more than 1 no single write has a name.
    let listed = if simulation.plan().step() == 1 { MOST_EXAMPLES } else { 0 };
    let lost = losses.examples(listed).into_iter().filter_map(name).collect();
    let wall_ms = Some(took.as_secs_f64() * 1000.0);
    let report = Report { wall_ms, ..simulation.report() };
    let none = none_missing(&simulation);
    Ok(Outcome { report, lost, none, record, simulation })
}

/// What is said if no acknowledged write is missing: "0", or "under 20" if one stands for so many and could go missing.
pub(crate) fn none_missing(run: &Simulation) -> String {
    number::stepped(0, run.plan().step(), run.world().observer.may_lose())
}

/// The names of everything in a run.
fn words(simulation: &Simulation) -> Words<'_> {
    Words { plan: simulation.plan(), lost: &simulation.world().observer.losses.named }
}

/// How long something takes.
#[expect(clippy::disallowed_types, reason = "the terminal has a clock; the simulation never sees it")]
pub(crate) fn timed(work: impl FnOnce()) -> Duration {
    let start = std::time::Instant::now();
    work();
    start.elapsed()
}

impl Outcome {
    /// The report as one line of JSON.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string(&self.report).expect("a report is plain data with text for keys")
    }

    /// Writes the journal, one entry a line, each with its number: the one that a later entry's cause names.
    pub(crate) fn write_journal(&self, mut to: impl Write) -> io::Result<()> {
        #[derive(Serialize)]
        struct Line<'a> {
            id: usize,
            #[serde(flatten)]
            entry: &'a Entry,
            text: String,
        }
        let words = words(&self.simulation);
        for (id, entry) in self.record.journal.iter().enumerate() {
            let text = words.sentence(&entry.what);
            serde_json::to_writer(&mut to, &Line { id, entry, text })?;
            to.write_all(b"\n")?;
        }
        to.flush()
    }
}
