//! The comparison of designs under one storm, as comparable data. Places on the axis go from 0 (a second after the
//! storm began) to 1 (a day), logarithmically.

use super::{Choice, Knob, Tone};
use crate::app::Msg;
use crate::kernel::region_map::MOST_REGIONS;

/// The whole comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Lanes {
    /// "Same storm, four answers".
    pub title: String,
    /// What the storm is, when it begins, and what all have in common.
    pub subtitle: String,
    /// Storms to choose from.
    pub storms: Vec<StormChip>,
    /// Place and label of each tick.
    pub ticks: Vec<(f64, String)>,
    /// The lanes, in the order in which they were added.
    pub lanes: Vec<LaneView>,
    /// What can be compared too: of the run on the board, and built in.
    pub add: [Vec<Choice>; 2],
    /// The regions of all lanes: the place of one is its colour.
    pub regions: Vec<String>,
    /// How much has been computed, in percent; 100 where all is there.
    pub progress: u8,
    /// What one has to know to read it.
    pub note: String,
    /// The same in sentences, for a screen reader.
    pub spoken: String,
}

/// A storm to choose.
#[derive(Clone, Debug, PartialEq)]
pub struct StormChip {
    /// "The region goes dark".
    pub label: String,
    /// A stable name: "region".
    pub slug: &'static str,
    /// It is the one shown.
    pub active: bool,
    /// What is sent when it is chosen.
    pub msg: Msg,
}

/// The look of a key of which an acknowledged write is lost.
pub const LOST: u8 = MOST_REGIONS as u8;
/// The look of a key that holds rubbish.
pub const RUINED: u8 = LOST + 1;

/// One design.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneView {
    /// Which lane: [`Msg::LaneEntered`] takes it.
    pub index: usize,
    /// "Pilot light", which no other lane is called.
    pub name: String,
    /// "pilot-light", or "pilot-light-2" if there is one already.
    pub slug: String,
    /// "the data follows, servers are off; a person decides".
    pub sub: String,
    /// Numbers of it that were changed: "decide takes 60 s".
    pub tuned: Vec<String>,
    /// The availability band.
    pub segments: Vec<Segment>,
    /// The waterfall, in order of beginning.
    pub bars: Vec<LaneBar>,
    /// What a step waits for, or had to wait for: of several, the one that took longest. Why not all of the storm is in it.
    pub waits: Vec<String>,
    /// "29 min 2 s".
    pub rto: String,
    /// How that is.
    pub rto_tone: Tone,
    /// "5 of 12 cities hurt".
    pub hurt: String,
    /// "3 set aside".
    pub lost: String,
    /// How that is.
    pub lost_tone: Tone,
    /// "18 min 2 s", or a dash.
    pub rpo: String,
    /// One look per key: the colour of its last writer's region, [`LOST`] or [`RUINED`].
    pub cells: Vec<u8>,
    /// "$2,345 a month".
    pub cost: String,
    /// "1.39 × the base", which the note names.
    pub cost_note: String,
    /// What the outage cost: "$12,345".
    pub outage_cost: String,
    /// How far the run has come.
    pub end: f64,
    /// The run is over.
    pub done: bool,
    /// The lane in a sentence.
    pub label: String,
}

/// A stretch of the availability band.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Share of requests that was served, 0 to 1.
    pub share: f64,
    /// What is so from here on; empty where that is the same as just before.
    pub label: String,
    /// The same in a word or two, where there is little room.
    pub short: String,
    /// How far it goes on being so: the room that the words have.
    pub room: f64,
    /// It was computed; else the run was over and it goes on as it was.
    pub known: bool,
}

/// A step of the recovery.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneBar {
    /// A stable name, which is its colour: "promote".
    pub slug: &'static str,
    /// "promote replica".
    pub label: String,
    /// Where it begins.
    pub from: f64,
    /// Where it ends, or how far it has come.
    pub to: f64,
    /// It is under way.
    pub open: bool,
    /// It waits, or had to wait, for something.
    pub blocked: bool,
    /// The longest of the lane until everybody was served again: the lesson.
    pub longest: bool,
    /// "promote replica: 5 min 12 s".
    pub note: String,
    /// The numbers behind it.
    pub knobs: Vec<Knob>,
}
