//! A setting as data: one row each for its name, unit, range, default and words.
//!
//! `settings!` makes of such rows the type, its defaults, the attributes of its schema, and the table [`Field`] by
//! which sliders, links and [`Scenario::with`](crate::model::Scenario::with) find the number at a path.

use serde_json::Value;

use crate::catalog::Unit;
use crate::model::problem::{Problem, excerpt};
use crate::model::runbook::StepName;

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in a file: "interval_s".
    pub name: &'static str,
    /// What it means, as in the schema and in docs. Wasm does without: the page shows none of it, and it would be
    /// 9 kB of a first visit.
    #[cfg(not(target_arch = "wasm32"))]
    pub about: &'static str,
    /// A short phrase for a slider; empty if its description is all there is.
    pub label: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// The least and the most that it may be, for numbers.
    pub range: Option<(f64, f64)>,
    /// The fact that the default comes from; `None` for a choice of ours. Not in wasm either.
    #[cfg(not(target_arch = "wasm32"))]
    pub fact: fn() -> Option<crate::catalog::Fact>,
    /// Steps of a recovery that take as long as it says.
    pub spans: &'static [StepName],
    /// Steps of a recovery that it makes longer or shorter in another way.
    pub shapes: &'static [StepName],
}

/// What a setting holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A number in a unit.
    Number(Unit),
    /// A number in a unit, or nothing.
    Optional(Unit),
    /// A whole number.
    Whole,
    /// Settings of its own.
    Part(fn() -> &'static [Field]),
    /// A list of things that have settings of their own.
    List(fn() -> &'static [Field]),
    /// A word, a switch, a choice.
    Other,
}

impl Field {
    /// The unit as it stands behind the number; empty if there is none.
    pub const fn unit(&self) -> &'static str {
        match self.kind {
            Kind::Number(unit) | Kind::Optional(unit) => unit.symbol(),
            Kind::Whole | Kind::Part(_) | Kind::List(_) | Kind::Other => "",
        }
    }

    /// What it may be, in the words of the messages about files: "a number from 0 to 600".
    pub fn allowed(&self) -> String {
        let (noun, end) = match self.kind {
            Kind::Whole => ("a whole number", ""),
            Kind::Optional(_) => ("a number", " or null"),
            Kind::Number(_) | Kind::Part(_) | Kind::List(_) | Kind::Other => ("a number", ""),
        };
        self.range.map_or_else(|| noun.into(), |(least, most)| format!("{noun} from {least} to {most}{end}"))
    }

    /// Whether the number may be this by itself, whatever the others are.
    ///
    /// # Errors
    /// What is allowed instead, for the place at which it stands.
    pub fn admit(&self, place: &str, value: f64) -> Result<(), Problem> {
        let whole = matches!(self.kind, Kind::Whole);
        let inside = self.range.is_none_or(|(least, most)| (least..=most).contains(&value));
        if inside && value.is_finite() && !(whole && value.fract() != 0.0) {
            return Ok(());
        }
        let found = if value.is_finite() { excerpt(&self.json(value)) } else { "no number".into() };
        Err(Problem::new(place, found, self.allowed()))
    }

    /// The number as JSON, without a point if it is a whole one.
    pub(crate) fn json(&self, value: f64) -> Value {
        match self.kind {
            Kind::Whole if value.fract() == 0.0 => (value as i64).into(),
            Kind::Number(_)
            | Kind::Optional(_)
            | Kind::Whole
            | Kind::Part(_)
            | Kind::List(_)
            | Kind::Other => value.into(),
        }
    }
}
