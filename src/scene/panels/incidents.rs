//! The list of incidents.

use super::Tone;
use crate::app::Msg;

/// One incident, as the list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct IncidentRow {
    /// Its place in the list, from 1: it stands at its mark on the timeline too.
    pub number: usize,
    /// What opened it: "us-east-1 went dark".
    pub title: String,
    /// When it was opened: "0:01:00".
    pub at_text: String,
    /// The same in seconds since the start.
    pub at_s: f64,
    /// "open" or "over".
    pub state: &'static str,
    /// "RTO 7:40", "RTO 2:14 so far".
    pub rto: String,
    /// "RPO 0.84 s".
    pub rpo: String,
    /// "12 out of reach, 3 set aside", "no write missing".
    pub missing: String,
    /// How it is doing.
    pub tone: Tone,
    /// Scores, headline, bars and brackets show it.
    pub shown: bool,
    /// All of it in a sentence.
    pub label: String,
    /// What is sent when it is chosen.
    pub msg: Msg,
}
