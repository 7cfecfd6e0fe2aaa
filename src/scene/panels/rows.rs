//! Rows of the tables beside the board: the journal, and the cities.

use super::Tone;

/// One line of the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalLine {
    /// The number of the entry.
    pub id: u32,
    /// When, in seconds (a click seeks there).
    pub at_s: f64,
    /// "0:12:40.3".
    pub at_text: String,
    /// The sentence.
    pub text: String,
    /// How it looks.
    pub tone: Tone,
    /// The causal chain, oldest first.
    pub why: Vec<String>,
}

/// A row of the table of cities.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientRow {
    /// The city; "Mumbai in London" while its people are elsewhere.
    pub name: String,
    /// The city that the people come from.
    pub home: String,
    /// "98.2 %".
    pub served: String,
    /// Times to answer reads, p50 and p99 in milliseconds: "48 / 112".
    pub reads: String,
    /// The same of writes.
    pub writes: String,
    /// "5 of 8 resolvers point to eu-west-1".
    pub answers: String,
    /// How it is doing.
    pub tone: Tone,
}

impl ClientRow {
    /// "p50 / p99 of reads 48 / 112 ms, of writes 148 / 412 ms".
    pub fn times(&self) -> String {
        format!("p50 / p99 of reads {} ms, of writes {} ms", self.reads, self.writes)
    }
}
