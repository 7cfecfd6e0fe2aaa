//! Reads a scenario from text: every problem at once, and never a panic.

pub mod tree;
pub mod check;
pub mod meaning;
#[cfg(feature = "schema")]
pub mod schema;

use serde_json::Value;

use crate::model::problem::{Problem, excerpt};
use crate::model::read::check::check;
use crate::model::read::meaning::meaning;
pub use crate::model::read::meaning::{
    NoController, why_no_controller, why_no_policy, why_no_queue, why_no_session, why_one_copy,
};
use crate::model::scenario::Scenario;
use crate::model::strategies::fill;

/// The longest text that is read, in bytes.
pub const MOST_BYTES: usize = 256 * 1024;

impl Scenario {
    /// Reads a scenario from JSON.
    ///
    /// # Errors
    /// Everything that is wrong with it; at least one problem.
    pub fn read(text: &str) -> Result<Self, Vec<Problem>> {
        if text.len() > MOST_BYTES {
            return Err(vec![too_long(text.len())]);
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (mut tree, mut problems) = tree::parse(text).map_err(|problem| vec![problem])?;
        let checked = check(&mut tree);
        problems.extend(checked.problems);
        let written = tree.clone();
        fill(&mut tree);
        let scenario: Self = match serde_json::from_value(tree.clone()) {
            Ok(scenario) => scenario,
            // The check lets nothing through that serde refuses; should it ever, that is a problem like any other.
            Err(error) => {
                problems.push(Problem::new("", excerpt(&tree), error.to_string()));
                return Err(problems);
            }
        };
        problems.extend(meaning(&scenario, &checked.mended).into_iter().map(|it| say_default(&written, it)));
        if problems.is_empty() { Ok(scenario) } else { Err(problems) }
    }
}

/// The problem, which says so if what is wrong is a default: nobody has written it, and another field makes it wrong.
fn say_default(written: &Value, problem: Problem) -> Problem {
    let path = problem.place.replace(['.', '['], "/").replace(']', "");
    // A place that names a field in quotes is one that was written.
    if problem.place.contains('"') || written.pointer(&format!("/{path}")).is_some() {
        return problem;
    }
    Problem { value: format!("{}, the default,", problem.value), ..problem }
}

/// The problem of a text that is too long to be read; its length may also be told in words.
pub fn too_long(bytes: impl std::fmt::Display) -> Problem {
    Problem::new("", format!("a text of {bytes} bytes"), format!("at most {MOST_BYTES} bytes of JSON"))
}
