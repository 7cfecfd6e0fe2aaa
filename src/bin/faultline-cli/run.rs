//! The command `run`: a scenario, its orders, and the report.

use std::fs::File;
use std::io::BufWriter;

use faultline::kernel::clock::SimTime;
use faultline::model::Problem;
use faultline::model::scenario::Scenario;
use faultline::model::unit::Span;

use crate::args::{Timed, Wanted};
use crate::{load, text, world};

/// Runs what is wanted and returns what is to be printed.
pub(crate) fn run(wanted: &Wanted) -> Result<String, Vec<Problem>> {
    let mut scenario = load::load(&wanted.scenario)?;
    let horizon = SimTime::from_secs(scenario.horizon_s);
    let until = wanted.until.unwrap_or(horizon);
    if until > horizon {
        scenario.horizon_s = Span(until.secs());
    }
    let problems = misfits(wanted, &scenario, until);
    if !problems.is_empty() {
        return Err(problems);
    }
    // The file is opened first: a run of minutes should not end with a name that cannot be written.
    let journal = open("--journal", wanted.journal.as_deref())?;
    let history = open("--history", wanted.history.as_deref())?;
    let seed = wanted.seed.unwrap_or(u64::from(scenario.seed));
    let outcome = world::simulate(&scenario, seed, until, &wanted.at, history.is_some())
        .map_err(|sentence| vec![Problem::new("--at", "an order", sentence)])?;
    if let Some((path, file)) = journal {
        let written = outcome.write_journal(BufWriter::new(file));
        written.map_err(|error| unwritable("--journal", path, &error))?;
    }
    if let Some((path, file)) = history {
        let written = outcome.write_history(BufWriter::new(file));
        written.map_err(|error| unwritable("--history", path, &error))?;
    }
    Ok(if wanted.json {
        format!("{}\n", outcome.json())
    } else {
        text::report(&scenario.title, &outcome.report, &outcome.lost, &outcome.none)
    })
}

/// What is wrong with the orders of the command line, given this scenario and this end.
pub(crate) fn misfits(wanted: &Wanted, scenario: &Scenario, until: SimTime) -> Vec<Problem> {
    let mut problems = Vec::new();
    for Timed { at, order, words } in &wanted.at {
        if *at > until {
            let whose = match wanted.until {
                Some(_) => "the end of the run, as --until says".into(),
                None => {
                    format!("the end of the run: the horizon of \"{}\"; --until sets another", scenario.name)
                }
            };
            let allowed = format!("at most {} s, {whose}", until.secs());
            problems.push(Problem::new("--at", format!("{} s ({words})", at.secs()), allowed));
        }
        if let Err(allowed) = order.fits(scenario) {
            problems.push(Problem::new("--at", format!("\"{words}\""), allowed));
        }
    }
    problems
}

/// The file that an option names, made new.
fn open<'a>(option: &str, path: Option<&'a str>) -> Result<Option<(&'a str, File)>, Vec<Problem>> {
    path.map(|path| {
        File::create(path).map(|file| (path, file)).map_err(|error| unwritable(option, path, &error))
    })
    .transpose()
}

fn unwritable(option: &str, path: &str, error: &std::io::Error) -> Vec<Problem> {
    vec![Problem::new(option, format!("\"{path}\" ({error})"), "a file that can be written")]
}
