//! The ledger of writes: what has become of each, and what readers saw.

use super::Tone;
use crate::app::Msg;

/// The ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Writes {
    /// What the design gives up while regions do not hear each other.
    pub gives_up: String,
    /// They do not, now.
    pub tone: Tone,
    /// A button for each fate, and one for all.
    pub filters: Vec<FateFilter>,
    /// The newest writes first.
    pub lines: Vec<WriteLine>,
    /// What stands there if there are none.
    pub none: &'static str,
    /// What readers and writers met with: name, figure, a sentence.
    pub facts: Vec<(&'static str, String, &'static str)>,
}

/// Writes with one fate.
#[derive(Clone, Debug, PartialEq)]
pub struct FateFilter {
    /// "Lost".
    pub label: &'static str,
    /// How many, as "1,204".
    pub count: String,
    /// Only these are listed.
    pub active: bool,
    /// What is sent when it is pressed.
    pub msg: Msg,
}

/// One write.
#[derive(Clone, Debug, PartialEq)]
pub struct WriteLine {
    /// The number of its commit.
    pub number: u64,
    /// "Write 812 by Mumbai to key 17 in us-east-1".
    pub name: String,
    /// What has become of it.
    pub fate: String,
    /// When, in seconds (a click seeks there).
    pub at_s: f64,
    /// "0:12:40.3".
    pub at_text: String,
    /// How it looks.
    pub tone: Tone,
}
