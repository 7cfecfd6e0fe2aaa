//! The collision microscope: what is drawn of the two writes, and what is said about them.

use super::panels::Tone;
use super::panels::microscope::{Diagram, Hop, Microscope, Moment, Slider, Verdict};
use super::view::View;
use super::words::{choice, number};
use crate::app::Msg;
use crate::app::microscope::{self, Dial, Look};
use crate::model::Rule;
use crate::observer::ledger::Fate;
use crate::run::conflict::{Answer, Outcome};

/// The two people.
const PEOPLE: [&str; 2] = ["Ana", "Ben"];
/// How tall the drawing of what happens is, where it begins, and how wide it is.
const TALL: f64 = 390.0;
const TOP: f64 = 62.0;
const WIDE: f64 = 540.0;
/// Words of two moments in a region are at least this far from each other.
const APART: f64 = 38.0;
/// Lost updates and collisions that are listed.
const LISTED: usize = 8;

fn ms(value: f64) -> String {
    format!("{value:.0} ms")
}

impl View<'_> {
    /// The microscope, while it is open.
    pub(super) fn microscope(&self) -> Option<Microscope> {
        let open = self.app.microscope()?;
        let outcome = open.outcome()?;
        let rules = open.outcomes.iter().map(|one| {
            let (words, tone) = verdict(one);
            Verdict {
                rule: choice::rule(one.rule).label.into(),
                slug: one.rule.slug(),
                words,
                tone,
                active: one.rule == open.rule,
                msg: Msg::Looked(Look::Under(one.rule)),
            }
        });
        let answers = answers(outcome);
        let spoken =
            answers.iter().map(|(what, how, _)| format!("{what}: {how}.")).collect::<Vec<_>>().join(" ");
        Some(Microscope {
            dials: dials(open),
            rules: rules.collect(),
            answers,
            diagram: diagram(outcome, open.turn),
            often: often(open),
            rates: rates(open),
            graveyard: self
                .app
                .graveyard(LISTED)
                .into_iter()
                .filter_map(|number| self.lost_update(number))
                .collect(),
            picks: self.picks(),
            spoken,
        })
    }

    /// "write 812 by London to key 3, lost to write 815 at 0:12:39".
    fn lost_update(&self, number: u64) -> Option<String> {
        let ledger = &self.world.observer.ledger;
        let line = ledger.get(number)?;
        let by = ledger.get(u64::from(line.by)).map_or(0, |by| by.write.0);
        Some(format!(
            "write {} by {} to key {}, lost to write {} at {}",
            number::count(line.write.0.into()),
            self.plan.city(line.population),
            line.key,
            number::count(by.into()),
            number::clock_tenths(line.at.secs())
        ))
    }

    /// The newest collisions of the run, to be looked at.
    fn picks(&self) -> Vec<(String, Msg)> {
        let listed = self.world.observer.collisions.listed.iter().enumerate().rev().take(LISTED / 2);
        let pick = |(index, collision): (usize, &crate::observer::collisions::Collision)| {
            let label = format!("Key {} at {}", collision.key, number::clock_tenths(collision.at.secs()));
            (label, Msg::Looked(Look::Picked(index)))
        };
        listed.map(pick).collect()
    }
}

fn slider(
    open: &microscope::Microscope,
    dial: Dial,
    label: &'static str,
    slug: &'static str,
    value: String,
) -> Slider {
    Slider { label, value, dial, slug, range: open.dial(dial) }
}

fn dials(open: &microscope::Microscope) -> Vec<Slider> {
    let duel = &open.duel;
    let sign = if duel.skew_ms > 0.0 { "+" } else { "" };
    let apart = format!(
        "{} ↔ {}, {} there and back",
        duel.regions[0],
        duel.regions[1],
        ms(microscope::round_trip_ms(duel))
    );
    vec![
        slider(open, Dial::Distance, "Distance", "distance", apart),
        slider(open, Dial::Delay, "Replication delay", "delay", ms(duel.delay_ms)),
        slider(
            open,
            Dial::Skew,
            "Clock skew",
            "skew",
            format!("{sign}{} in {}", ms(duel.skew_ms), duel.regions[1]),
        ),
        slider(open, Dial::Gap, "Ben writes later by", "gap", ms(duel.gap_ms)),
    ]
}

fn often(open: &microscope::Microscope) -> Vec<Slider> {
    let HowOftenWords { writes, keys, skew } = HowOftenWords::of(open);
    vec![
        slider(open, Dial::Writes, "Writes in each region", "writes", writes),
        slider(open, Dial::Keys, "Keys", "keys", keys),
        slider(open, Dial::Popularity, "Popularity", "popularity", skew),
    ]
}

struct HowOftenWords {
    writes: String,
    keys: String,
    skew: String,
}

impl HowOftenWords {
    fn of(open: &microscope::Microscope) -> Self {
        let often = open.often;
        let skew = format!("{:.2}", often.skew);
        Self {
            writes: format!("{:.0} a second", often.writes_per_s),
            keys: number::count(often.keys.into()),
            skew: if often.skew > 0.0 { format!("Zipf {skew}") } else { "all keys alike".into() },
        }
    }
}

fn rates(open: &microscope::Microscope) -> Vec<(String, String)> {
    let rate = |value: f64| {
        let digits = if value < 0.1 { 4 } else { 2 };
        format!("{value:.digits$} a second")
    };
    let (formula, measured) = open.rates;
    vec![("By the formula".into(), rate(formula)), ("Measured in a run".into(), rate(measured))]
}

/// What a rule makes of the two writes, in a few words.
fn verdict(end: &Outcome) -> (String, Tone) {
    let who = |wanted: Fate| end.answers.iter().position(|answer| answer.fate == wanted);
    if let Some(loser) = who(Fate::Lost) {
        return (format!("{}'s write lost, silently", PEOPLE[loser]), Tone::Bad);
    }
    if let Some(refused) = who(Fate::Refused) {
        let answer = &end.answers[refused];
        let took = answer.told_ms.map_or(0.0, |told| told - answer.asked_ms);
        return (format!("{} refused after {}", PEOPLE[refused], ms(took)), Tone::Good);
    }
    match end.answers[0].fate {
        Fate::Kept => ("nobody lost, one conflict to settle".into(), Tone::Warning),
        Fate::Merged => ("nobody lost, both merged".into(), Tone::Good),
        Fate::Overwritten => ("Ben saw Ana's write and wrote over it".into(), Tone::Plain),
        Fate::Stands
        | Fate::Lost
        | Fate::Undone
        | Fate::Refused
        | Fate::Queued
        | Fate::Consumed
        | Fate::Expired => match who(Fate::Overwritten) {
            Some(_) => ("Ana saw Ben's write and wrote over it".into(), Tone::Plain),
            None => ("no collision".into(), Tone::Plain),
        },
    }
}

/// What happened to the two answers.
fn answers(end: &Outcome) -> Vec<(String, String, Tone)> {
    let mut lines = Vec::new();
    for (person, answer) in PEOPLE.iter().zip(&end.answers) {
        let words = if answer.yes {
            "\u{201c}the seat is yours\u{201d}"
        } else {
            "\u{201c}somebody was first\u{201d}"
        };
        let when =
            answer.told_ms.map_or(String::new(), |told| format!(" after {}", ms(told - answer.asked_ms)));
        let tone = if answer.yes { Tone::Plain } else { Tone::Warning };
        lines.push((format!("{person} was told"), format!("{words}{when}"), tone));
    }
    lines.push(("Both regions now say".into(), shown(end, 0), Tone::Plain));
    let lost = end.answers.iter().position(|answer| answer.fate == Fate::Lost);
    lines.push(match lost {
        Some(loser) => {
            let early = end.rule == Rule::LastWriterWins
                && end.answers[loser].asked_ms > end.answers[1 - loser].asked_ms;
            let why = if early { ", though it was later: the clocks differ" } else { "" };
            ("Lost without a word".into(), format!("{}'s write{why}", PEOPLE[loser]), Tone::Bad)
        }
        None => ("Lost without a word".into(), "nothing".into(), Tone::Good),
    });
    if end.blind_ms > 0.0 {
        lines.push(("Neither side knew for".into(), ms(end.blind_ms), Tone::Plain));
    }
    lines
}

fn shown(end: &Outcome, region: usize) -> String {
    let names: Vec<&str> = end.shown[region].iter().map(|index| PEOPLE[*index]).collect();
    if names.is_empty() { "nobody".into() } else { names.join(" and ") }
}

fn across(index: usize, count: usize) -> f64 {
    match (index, count) {
        (0, _) => 172.0,
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

fn diagram(end: &Outcome, turn: u32) -> Diagram {
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
    let mut marks: Vec<Moment> = Vec::new();
    for (index, answer) in end.answers.iter().enumerate() {
        marks.extend(moments(end, index, answer, &down, count));
    }
    spread(&mut marks);
    let blind = (end.blind_ms > 0.0).then(|| {
        let first = end.answers.iter().filter_map(|answer| answer.committed).map(|(at, _)| at);
        let from = first.fold(f64::INFINITY, f64::min);
        (down(from), down(from + end.blind_ms), format!("{} in which neither side knows", ms(end.blind_ms)))
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
        format!("told \u{201c}{words}\u{201d} at {}", ms(at))
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
        let note = if lost { "arrives too late" } else { "arrives" };
        all.push(moment(first.to.index(), first.arrived_ms, note.into(), lost));
    }
    all
}

/// Moves words apart that would stand on each other.
fn spread(marks: &mut [Moment]) {
    marks.sort_by(|a, b| a.at.1.total_cmp(&b.at.1));
    for index in 1..marks.len() {
        let above = marks[..index].iter().filter(|other| other.left == marks[index].left);
        let free = above.map(|other| other.words_at + APART).fold(0.0, f64::max);
        marks[index].words_at = marks[index].words_at.max(free);
    }
}
