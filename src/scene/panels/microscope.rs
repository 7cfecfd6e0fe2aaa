//! The collision microscope as comparable data. The drawing is in units of its own: 540 wide, time downwards.

use super::Tone;
use crate::app::Msg;
use crate::app::microscope::Dial;

/// The whole view.
#[derive(Clone, Debug, PartialEq)]
pub struct Microscope {
    /// Sliders of the two writes.
    pub dials: Vec<Slider>,
    /// Each rule with its verdict on the same two writes.
    pub rules: Vec<Verdict>,
    /// What happened to the two answers: what, how it is, in which tone.
    pub answers: Vec<(String, String, Tone)>,
    /// The space-time diagram.
    pub diagram: Diagram,
    /// Sliders of how often.
    pub often: Vec<Slider>,
    /// What the prices of the rules are, and what they are compared with.
    pub price_note: String,
    /// "Pairs by the formula", "31.7 a second"; "Pairs counted in a run", "31.5 ± 1.2 a second".
    pub rates: Vec<(String, String)>,
    /// Lost updates of the run, by name.
    pub graveyard: Vec<String>,
    /// Collisions of the run that can be looked at.
    pub picks: Vec<(String, Msg)>,
    /// The same in a sentence or two.
    pub spoken: String,
}

/// A slider.
#[derive(Clone, Debug, PartialEq)]
pub struct Slider {
    /// "Clock skew".
    pub label: &'static str,
    /// "+180 ms in eu-west-1".
    pub value: String,
    /// What it changes.
    pub dial: Dial,
    /// A stable name.
    pub slug: &'static str,
    /// Where it stands, least, most, step.
    pub range: [f64; 4],
}

/// A rule's verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// "Last writer wins".
    pub rule: String,
    /// A stable name.
    pub slug: &'static str,
    /// "Ana's write lost, silently".
    pub words: String,
    /// How that is.
    pub tone: Tone,
    /// What a write that succeeds costs in time: "us-east-1 21 ms (+0), eu-west-1 90 ms (+70)".
    pub price: String,
    /// It is the one that is drawn.
    pub active: bool,
    /// What is sent when it is chosen.
    pub msg: Msg,
}

/// The drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagram {
    /// Counts what was played: another number plays it again.
    pub turn: u32,
    /// Across and code of each region; its index is its colour.
    pub regions: Vec<(f64, String)>,
    /// Down and label of each tick.
    pub ticks: Vec<(f64, String)>,
    /// Messages.
    pub lines: Vec<Hop>,
    /// Moments in a region.
    pub marks: Vec<Moment>,
    /// The time in which neither knows: from, to, two lines of words.
    pub blind: Option<(f64, f64, [String; 2])>,
    /// How tall it is.
    pub height: f64,
}

/// A message between two regions.
#[derive(Clone, Debug, PartialEq)]
pub struct Hop {
    /// From: across, down.
    pub from: (f64, f64),
    /// To: across, down.
    pub to: (f64, f64),
    /// Whose write it is about: the colour.
    pub colour: usize,
    /// It carries a write; else what was answered.
    pub carries: bool,
}

/// A moment in a region.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Across and down.
    pub at: (f64, f64),
    /// Where its words stand, down: far enough from others.
    pub words_at: f64,
    /// "seat 14C = Ana".
    pub label: String,
    /// "“yours” at 140 ms".
    pub note: String,
    /// Whose write: the colour.
    pub colour: usize,
    /// Words are on the left of the region.
    pub left: bool,
    /// It is struck out: it did not stay.
    pub struck: bool,
}
