//! The collision microscope: what is drawn of the two writes, and what is said about them.

use super::panels::Tone;
use super::panels::microscope::{Microscope, Slider, Verdict};
use super::spacetime::{PEOPLE, diagram, ms};
use super::view::View;
use super::words::{choice, number};
use crate::app::Msg;
use crate::app::microscope::{self, Dial, Look};
use crate::kernel::sorted::in_order;
use crate::model::Rule;
use crate::observer::ledger::Fate;
use crate::run::conflict::{Outcome, Price};

/// The rule that the times of the others are compared with: nobody is asked, and nothing is checked.
const BASE: Rule = Rule::LastWriterWins;
/// Lost updates and collisions that are listed.
const LISTED: usize = 8;

impl View<'_> {
    /// The microscope, while it is open.
    pub(super) fn microscope(&self) -> Option<Microscope> {
        let open = self.app.microscope()?;
        let outcome = open.outcome()?;
        let listed = in_order(&open.outcomes, |one| [place(one.rule) as f64, 0.0]);
        let rules = listed.into_iter().map(|one| {
            let (words, tone) = verdict(one);
            Verdict {
                rule: choice::rule(one.rule).label.into(),
                slug: one.rule.slug(),
                words,
                tone,
                price: price(open, one.rule),
                active: one.rule == open.rule,
                msg: Msg::Looked(Look::Under(one.rule)),
            }
        });
        let answers = answers(outcome);
        let told = answers.iter().map(|(what, how, _)| format!("{what}: {how}. "));
        let spoken =
            format!("{}A write that succeeds: {}.", told.collect::<String>(), price(open, open.rule));
        Some(Microscope {
            dials: dials(open),
            rules: rules.collect(),
            answers,
            diagram: diagram(outcome, open.turn),
            price_note: price_note(open),
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

    /// "write 812 by London to key 3 at 0:12:39.4, lost to write 815 by New York".
    fn lost_update(&self, number: u64) -> Option<String> {
        let ledger = &self.world.observer.ledger;
        let line = ledger.get(number)?;
        let winner = ledger.get(u64::from(line.by));
        Some(format!(
            "{} to key {} at {}, lost to {}",
            self.whose(line),
            line.key,
            number::clock_tenths(line.at.secs()),
            winner.map_or("another write".into(), |winner| self.whose(winner)),
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

/// Where a rule is listed: first those that lose a write, then those that refuse one, then those that keep both.
const fn place(rule: Rule) -> u8 {
    match rule {
        Rule::LastWriterWins => 0,
        Rule::FirstRegionWins => 1,
        Rule::ConditionalLocal => 2,
        Rule::Conditional => 3,
        Rule::Quorum => 4,
        Rule::Siblings => 5,
        Rule::Merge => 6,
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
    let apart = format!("{} ↔ {}, {}", duel.regions[0], duel.regions[1], ms(microscope::round_trip_ms(duel)));
    vec![
        slider(open, Dial::Distance, "Distance there and back", "distance", apart),
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
    let found = &open.rates;
    let digits = if found.formula_per_s < 0.1 { 4 } else { 2 };
    let rate = |value: f64| format!("{value:.digits$} a second");
    let counted = format!("{:.digits$} ± {}", found.pairs_per_s(), rate(found.margin_per_s));
    vec![
        ("Pairs by the formula".into(), rate(found.formula_per_s)),
        (format!("Pairs counted in {:.0} s", found.span_s), counted),
        ("Writes that collided".into(), rate(found.collisions_per_s())),
    ]
}

/// What a write that succeeds costs in time from each of the two regions, and how much more that is than the base.
fn price(open: &microscope::Microscope, rule: Rule) -> String {
    let base = open.prices(BASE);
    let one = |index: usize, pick: fn(Price) -> f64| {
        let region = &open.duel.regions[index];
        match (open.prices(rule)[index].map(pick), base[index].map(pick)) {
            (Some(took), _) if rule == BASE => format!("{region} {}", ms(took)),
            (Some(took), Some(base)) => format!("{region} {} (+{:.0})", ms(took), took - base),
            (Some(took), None) => format!("{region} {}", ms(took)),
            (None, _) => format!("{region} never"),
        }
    };
    let both = |pick: fn(Price) -> f64| format!("{}, {}", one(0, pick), one(1, pick));
    let first = both(|price| price.first_ms);
    // Less than a millisecond is the server's.
    let cheaper = |price: &Price| price.first_ms - price.again_ms > 1.0;
    match open.prices(rule).iter().flatten().any(cheaper) {
        true => format!("{first}; who wrote last: {}", both(|price| price.again_ms)),
        false => first,
    }
}

/// What the prices are, what they are compared with, and where the key has its home.
fn price_note(open: &microscope::Microscope) -> String {
    format!(
        "Times are those of one write by itself that succeeds, from asking to yes over an open connection, measured in a \
         run; + is beside \u{201c}{}\u{201d}, which each region answers by itself. The key is at home in {}.",
        choice::rule(BASE).label,
        open.duel.regions[0]
    )
}

/// What a rule makes of the two writes, in a few words.
fn verdict(end: &Outcome) -> (String, Tone) {
    let who = |wanted: Fate| end.answers.iter().position(|answer| answer.fate == wanted);
    if let Some(loser) = who(Fate::Lost) {
        let words = format!("{}'s write lost to {}'s, silently", PEOPLE[loser], PEOPLE[1 - loser]);
        return (words, Tone::Bad);
    }
    if let Some(refused) = who(Fate::Refused) {
        let answer = &end.answers[refused];
        let took = answer.told_ms.map_or(0.0, |told| told - answer.asked_ms);
        return (format!("{} refused after {}", PEOPLE[refused], ms(took)), Tone::Plain);
    }
    match end.answers[0].fate {
        // A later one that has seen the first is merged with it too, but nobody was surprised.
        Fate::Merged if end.shown[0].len() < 2 => {
            ("Ben saw Ana's write and merged his into it".into(), Tone::Plain)
        }
        Fate::Kept => ("two owners until somebody chooses".into(), Tone::Warning),
        Fate::Merged => ("two owners of one seat".into(), Tone::Warning),
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
    let two = end.shown[0].len() > 1;
    let tone = if two { Tone::Warning } else { Tone::Plain };
    lines.push(("Both regions now say".into(), shown(end, 0), tone));
    if two {
        let siblings = end.rule == Rule::Siblings;
        let words = if siblings { "both, until somebody chooses" } else { "both: one seat cannot be merged" };
        lines.push(("Who owns the seat".into(), words.into(), Tone::Warning));
    }
    let lost = end.answers.iter().position(|answer| answer.fate == Fate::Lost);
    lines.push(match lost {
        Some(loser) => {
            let clocks = matches!(end.rule, Rule::LastWriterWins | Rule::ConditionalLocal);
            let early = clocks && end.answers[loser].asked_ms > end.answers[1 - loser].asked_ms;
            let why = if early { ", though it was later: the clocks differ" } else { "" };
            let words = format!("{}'s write, to {}'s{why}", PEOPLE[loser], PEOPLE[1 - loser]);
            ("Lost without a word".into(), words, Tone::Bad)
        }
        // That nothing was lost is no comfort to two people with one seat, nor to one who was refused.
        None => {
            let good = !two && end.answers.iter().all(|answer| answer.yes);
            ("Lost without a word".into(), "nothing".into(), if good { Tone::Good } else { Tone::Plain })
        }
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
