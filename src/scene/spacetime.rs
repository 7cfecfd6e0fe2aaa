//! The space-time diagram of the collision microscope: where its regions, messages and moments are.

use super::panels::microscope::{Diagram, Hop, Moment};
use crate::kernel::sorted::in_order;
use crate::observer::ledger::Fate;
use crate::run::conflict::{Answer, Outcome};

/// The two people.
pub(super) const PEOPLE: [&str; 2] = ["Ana", "Ben"];
/// How tall the drawing of what happens is, where it begins, and how wide it is.
const TALL: f64 = 390.0;
const TOP: f64 = 62.0;
const WIDE: f64 = 540.0;
/// Words of two moments in a region are at least this far from each other.
const APART: f64 = 38.0;

/// "70 ms".
pub(super) fn ms(value: f64) -> String {
    format!("{value:.0} ms")
}

fn across(index: usize, count: usize) -> f64 {
    match (index, count) {
        (0, _) => 180.0,
        (1, 2) => WIDE - 160.0,
        (1, _) => WIDE - 200.0,
        _ => WIDE - 50.0,
    }
}

/// The step between ticks: 1, 2 or 5 with noughts, so that there are at most eight.
fn tick_step(end_ms: f64) -> f64 {
    let mut step = 10.0;
    for factor in [2.0, 2.5, 2.0, 2.0, 2.5, 2.0, 2.0, 2.5] {
        if end_ms / step <= 8.0 {
            break;
        }
        step *= factor;
    }
    step
}

/// The drawing of how it ended.
pub(super) fn diagram(end: &Outcome, turn: u32) -> Diagram {
    let step = tick_step(end.end_ms);
    let most = (end.end_ms / step).ceil().max(1.0);
    let down = |at_ms: f64| TOP + at_ms / (most * step) * TALL;
    let count = end.regions.len();
    let hop = |message: &crate::run::conflict::Message| Hop {
        from: (across(message.from.index(), count), down(message.sent_ms)),
        to: (across(message.to.index(), count), down(message.arrived_ms)),
        colour: message.write,
        carries: message.carries,
    };
    let mut marks = Vec::new();
    for (index, answer) in end.answers.iter().enumerate() {
        marks.extend(moments(end, index, answer, &down, count));
    }
    let marks = spread(marks);
    let blind = (end.blind_ms > 0.0).then(|| {
        let first = end.answers.iter().filter_map(|answer| answer.committed).map(|(at, _)| at);
        let from = first.fold(f64::INFINITY, f64::min);
        (
            down(from),
            down(from + end.blind_ms),
            [format!("{} in which", ms(end.blind_ms)), "neither side knows".into()],
        )
    });
    Diagram {
        turn,
        regions: end.regions.iter().enumerate().map(|(i, code)| (across(i, count), code.clone())).collect(),
        ticks: (0..=most as u32)
            .map(|tick| (down(f64::from(tick) * step), format!("{:.0}", f64::from(tick) * step)))
            .collect(),
        lines: end.messages.iter().map(hop).collect(),
        marks,
        blind,
        height: TOP + TALL + 20.0,
    }
}

/// What there is to say about a write: where it was committed or refused, and where it arrived and did not stay.
fn moments(
    end: &Outcome,
    index: usize,
    answer: &Answer,
    down: &dyn Fn(f64) -> f64,
    count: usize,
) -> Vec<Moment> {
    let person = PEOPLE[index];
    let told = answer.told_ms.map_or(String::new(), |at| {
        let words = if answer.yes { "yours" } else { "taken" };
        format!("\u{201c}{words}\u{201d} at {}", ms(at))
    });
    let here = answer.committed.map_or(answer.region, |(_, region)| region);
    let at_ms =
        answer.committed.or(answer.told_ms.map(|at| (at, here))).map_or(answer.asked_ms, |(at, _)| at);
    let moment = |region: usize, at_ms: f64, note: String, struck: bool| Moment {
        at: (across(region, count), down(at_ms)),
        words_at: down(at_ms),
        label: format!("seat 14C = {person}"),
        note,
        colour: index,
        left: region == 0,
        struck,
    };
    let mut all = vec![moment(here.index(), at_ms, told, answer.fate == Fate::Refused)];
    let arrives = end.messages.iter().filter(|message| {
        message.carries && message.write == index && message.to.index() < 2 && message.from == here
    });
    let lost = answer.fate == Fate::Lost;
    if let (Some(first), true) =
        (arrives.min_by(|a, b| a.arrived_ms.total_cmp(&b.arrived_ms)), answer.committed.is_some())
    {
        let note = match answer.fate {
            Fate::Lost => "arrives too late",
            Fate::Kept | Fate::Merged => "two owners",
            Fate::Stands
            | Fate::Overwritten
            | Fate::Undone
            | Fate::Refused
            | Fate::Queued
            | Fate::Consumed
            | Fate::Expired => "arrives",
        };
        all.push(moment(first.to.index(), first.arrived_ms, note.into(), lost));
    }
    all
}

/// Moves words apart that would stand on each other.
fn spread(marks: Vec<Moment>) -> Vec<Moment> {
    let mut marks = in_order(marks, |mark| [mark.at.1, 0.0]);
    for index in 1..marks.len() {
        let above = marks[..index].iter().filter(|other| other.left == marks[index].left);
        let free = above.map(|other| other.words_at + APART).fold(0.0, f64::max);
        marks[index].words_at = marks[index].words_at.max(free);
    }
    marks
}
