//! Orders in words: the one grammar of scripts, the command line, links and buttons. The words and what stands after them
//! come from the tables of faults and of verbs.

use crate::model::aim::{TargetKind, written};
use crate::model::command::Verb;
use crate::model::fault::FaultKind;
use crate::model::similar::suggested;
use crate::model::table::settings;
use std::fmt;

settings! {
    /// An order with its time.
    pub struct ScriptLine given {
        /// When, in seconds since the start.
        at_s: f64, in 0..=172_800;
        /// What, in the grammar of orders: "region-dark=us-east-1".
        order: String, length 1..=120;
    }
}

/// An order, read but not yet looked up: targets are still words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Break something.
    Inject(FaultKind, String),
    /// Mend it again.
    Clear(FaultKind, String),
    /// Do something else.
    Do(Verb, String),
}

impl Order {
    /// Reads an order.
    ///
    /// # Errors
    /// A sentence that names the order that is wrong and what is allowed.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::read(text).map_err(|allowed| format!("\"{}\" is not an order; allowed: {allowed}", text.trim()))
    }

    /// Reads an order; the error is what is allowed.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (clear, rest) = match text.strip_prefix("clear ") {
            Some(rest) => (true, rest.trim()),
            None => (false, text),
        };
        let (word, target) =
            rest.split_once('=').map_or((rest, ""), |(word, target)| (word.trim(), target.trim()));
        if let Some(verb) = Verb::named(word).filter(|_| !clear) {
            return Ok(Self::Do(verb, verb.target_kind().tidy(word, target)?));
        }
        let kind = FaultKind::named(word).ok_or_else(|| {
            let verbs = Verb::ALL.into_iter().map(Verb::slug).filter(|_| !clear);
            suggested(word, verbs.chain(FaultKind::ALL.map(FaultKind::slug)), grammar())
        })?;
        let wanted = kind.target_kind();
        if (wanted == TargetKind::Nothing) != target.is_empty() {
            return Err(format!("{word} with {}", wanted.words()));
        }
        let target = target.to_string();
        Ok(if clear { Self::Clear(kind, target) } else { Self::Inject(kind, target) })
    }

    /// What it is aimed at: what kind of target, and which.
    pub(crate) fn target(&self) -> (TargetKind, &str) {
        match self {
            Self::Inject(kind, target) | Self::Clear(kind, target) => (kind.target_kind(), target),
            Self::Do(verb, target) => (verb.target_kind(), target),
        }
    }
}

/// As it is written: "clear region-dark=us-east-1".
impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (clear, word, target) = match self {
            Self::Inject(kind, target) => ("", kind.slug(), target),
            Self::Clear(kind, target) => ("clear ", kind.slug(), target),
            Self::Do(verb, target) => ("", verb.slug(), target),
        };
        write!(f, "{clear}{}", written(word, target))
    }
}

/// Every order, in words.
fn grammar() -> String {
    let orders = Verb::ALL.into_iter().flat_map(|verb| verb.target_kind().usages(verb.slug()));
    format!(
        "{}, or a fault with its target, after \"clear \" to mend it: {}",
        orders.collect::<Vec<_>>().join(", "),
        FaultKind::ALL.map(FaultKind::slug).join(", ")
    )
}
