//! A scenario by name: a built-in, a file, or the standard input.

use std::fs::File;
use std::io::{self, Read};

use faultline::model::scenario::Scenario;
use faultline::model::{MOST_BYTES, Problem, builtin, builtins, too_long};

/// The scenario with a built-in name, in a file, or on the standard input for "-"; else everything that is wrong.
pub(crate) fn load(name: &str) -> Result<Scenario, Vec<Problem>> {
    if let Some(scenario) = builtin(name) {
        return Ok(scenario);
    }
    let bytes = match name {
        "-" => bounded(io::stdin().lock()),
        path => File::open(path).and_then(bounded),
    };
    let in_file = |problem: Problem| Problem { place: format!("{name}: {}", problem.place), ..problem };
    let bytes = bytes.map_err(|error| vec![unreadable(name, &error)])?;
    if bytes.len() > MOST_BYTES {
        return Err(vec![in_file(too_long(format!("more than {MOST_BYTES}")))]);
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        vec![in_file(Problem::new("", format!("byte {place}, which is no UTF-8 text,"), "JSON in UTF-8"))]
    })?;
    Scenario::read(&text).map_err(|problems| problems.into_iter().map(in_file).collect())
}

/// What can be read, but not much more than what is allowed.
fn bounded(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(name: &str, error: &io::Error) -> Problem {
    let names: Vec<&str> = builtins().into_iter().map(|(name, _)| name).collect();
    Problem::new(
        "scenario",
        format!("\"{name}\" ({error})"),
        format!("a file that can be read, or a built-in name: {}", names.join(", ")),
    )
}
