//! The timeline's part of the panels.

use super::Tone;

/// Everything under the map, in seconds of simulated time; the page maps seconds to pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// The left edge.
    pub from_s: f64,
    /// The right edge.
    pub to_s: f64,
    /// The moment shown.
    pub now_s: f64,
    /// The zero of the labels: what opened the incident that is shown, or the start of the run.
    pub origin_s: f64,
    /// Tick labels along the axis: where and what.
    pub ticks: Vec<(f64, String)>,
    /// Availability per column of time, oldest first.
    pub availability: Vec<AvailabilityColumn>,
    /// Replication lag per column of time: when, and seconds of lag (`None` where nothing replicates).
    pub lag: Vec<(f64, Option<f64>)>,
    /// The top of the lag scale in seconds.
    pub lag_top_s: f64,
    /// Real messages in queues per column of time, the most of each; empty without queues.
    pub queued: Vec<(f64, u64)>,
    /// The most of them, in words: "36,000 in queues".
    pub queued_note: String,
    /// Executions that have bars, if there are several: each has its own part of the waterfall.
    pub runs: Vec<RunLane>,
    /// The recovery waterfall: one execution after the other, each in the order of beginning.
    pub bars: Vec<Bar>,
    /// The same as it was before numbers were changed by hand, to be drawn behind; empty where nothing was.
    pub before: Vec<Bar>,
    /// "RTO 8 min 3 s before, 2 min 10 s now", where numbers were changed.
    pub before_note: String,
    /// The RTO bracket: from, to, its label, and whether it still grows.
    pub rto: Option<Bracket>,
    /// The RPO bracket.
    pub rpo: Option<Bracket>,
    /// Moments worth jumping to: when, what, and how it looks.
    pub marks: Vec<Mark>,
    /// What opened each incident in the window.
    pub triggers: Vec<TriggerMark>,
    /// Outages and degradations in the window.
    pub spells: Vec<SpellBand>,
}

/// What opened an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct TriggerMark {
    /// The incident's place in the list, from 1.
    pub number: usize,
    /// When.
    pub at_s: f64,
    /// "Incident 2: us-east-1 went dark".
    pub label: String,
    /// Scores, headline, bars and brackets show it.
    pub shown: bool,
}

/// An outage or a degradation.
#[derive(Clone, Debug, PartialEq)]
pub struct SpellBand {
    /// When it began.
    pub from_s: f64,
    /// When it ended; `None` while it lasts.
    pub to_s: Option<f64>,
    /// Too few were served: an outage; else fewer than on a good day.
    pub outage: bool,
    /// "Outage of 7 min 40 s, 2,431 requests failed".
    pub label: String,
    /// Something in it failed because of the incident that is shown.
    pub shown: bool,
}

/// What share was served in a span of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AvailabilityColumn {
    /// Start of the span.
    pub from_s: f64,
    /// End of the span.
    pub to_s: f64,
    /// Served share, 0 to 1.
    pub served: f64,
}

/// A bar of the waterfall.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Unlike any other bar's: the execution and the place in its runbook, or what machines did and when.
    pub key: String,
    /// A stable name: "detect", "decide", "fence", "promote", "scale-out", "cutover", "validate" …
    pub slug: &'static str,
    /// The number of the execution that it belongs to; `None` for what machines and clients do by themselves.
    pub run: Option<u32>,
    /// The part of the waterfall that it stands in: a place in `Timeline::runs`.
    pub lane: usize,
    /// "promote replica".
    pub label: String,
    /// What is said behind that: "waits: throttled in eu-west-1", "called off"; or empty.
    pub aside: String,
    /// What it needs is not there just now.
    pub waiting: bool,
    /// It was called off, given up, or could not be done.
    pub undone: bool,
    /// Where it starts.
    pub from_s: f64,
    /// Where it ends; still running where `None`.
    pub to_s: Option<f64>,
    /// The longest bar is the lesson.
    pub longest: bool,
    /// For the tooltip and the text twin: "promote replica: 5 min 12 s".
    pub note: String,
    /// Numbers that decide how long it takes: "what if it were …?".
    pub knobs: Vec<Knob>,
}

/// An execution among several, or what happens by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct RunLane {
    /// Its number, which its bars have too; `None` for what machines and clients do by themselves.
    pub number: Option<u32>,
    /// Its runbook: "fail over".
    pub name: String,
    /// "to eu-west-1", or empty.
    pub toward: String,
    /// For the tooltip and the text twin: "Execution 2, fail over from us-east-1 to eu-west-1, for incident 1: done".
    pub note: String,
    /// It belongs to the incident that is shown.
    pub shown: bool,
}

/// A number of the scenario that can be changed where its effect is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Knob {
    /// "takes", "time between checks".
    pub label: &'static str,
    /// The places in the scenario that get the value.
    pub places: Vec<&'static str>,
    /// The value now.
    pub value: f64,
    /// The least that is allowed.
    pub least: f64,
    /// The most that is allowed.
    pub most: f64,
    /// "s", "GiB", or empty.
    pub unit: &'static str,
    /// It is the length of the bar itself: dragging the bar's end changes it.
    pub length: bool,
}

/// A bracket on the timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Bracket {
    /// Left end.
    pub from_s: f64,
    /// Right end.
    pub to_s: f64,
    /// "RTO 2:14 and counting".
    pub label: String,
    /// It still grows.
    pub open: bool,
}

/// A moment on the timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// When.
    pub at_s: f64,
    /// What: "us-east-1 went dark".
    pub label: String,
    /// How it looks.
    pub tone: Tone,
}
