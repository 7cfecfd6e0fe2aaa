//! The same storm on several designs: their lanes, what can be added, and what prices are compared with.

use super::knobs::tuned_words;
use super::lanes::lane;
use super::panels::Choice;
use super::panels::lanes::{LaneView, Lanes, StormChip};
use super::words::{choice, number};
use crate::app::comparing::FULL;
use crate::app::lanes::{
    AXIS_S, Addition, BUILT_IN, Design, Lanes as Computed, MOST_LANES, STORM_AT_S, built_in, place,
};
use crate::app::{App, Msg};
use crate::model::STORMS;

/// Ticks of the axis, in seconds, and what they say.
const TICKS: [(f64, &str); 8] = [
    (1.0, "1 s"),
    (10.0, "10 s"),
    (60.0, "1 min"),
    (300.0, "5 min"),
    (1800.0, "30 min"),
    (7200.0, "2 h"),
    (28_800.0, "8 h"),
    (AXIS_S, "1 day"),
];

/// Everything to draw of the comparison, while it is open.
pub(super) fn lanes(app: &App) -> Option<Lanes> {
    let (computed, designs) = (app.lanes()?, app.designs());
    let chip = |(index, storm): (usize, &crate::model::Storm)| StormChip {
        label: storm.title.into(),
        slug: storm.slug,
        active: index == computed.storm,
        msg: Msg::StormChosen(index),
    };
    let regions = regions(computed);
    let base = Base::of(computed, designs);
    let names: Vec<String> = designs.iter().map(|design| choice::design(&design.base)).collect();
    let view = |(index, design): (usize, &Design)| {
        let (name, strategy) = (&names[index], design.base.strategy);
        let named = names[..index].iter().filter(|other| *other == name).count();
        let alike = designs[..index].iter().filter(|other| other.base.strategy == strategy).count();
        let names = (numbered(name, " ", named), numbered(strategy.slug(), "-", alike));
        lane((computed, index), design, names, (&regions, base.usd))
    };
    let lanes: Vec<LaneView> = designs.iter().enumerate().map(view).collect();
    let spoken = lanes.iter().map(|lane| lane.label.clone()).collect::<Vec<_>>().join(" ");
    Some(Lanes {
        title: format!("Same storm, {}", number::counted(lanes.len() as u64, "answer")),
        subtitle: subtitle(computed),
        storms: STORMS.iter().enumerate().map(chip).collect(),
        ticks: TICKS.map(|(at_s, label)| (place(at_s), label.into())).into(),
        progress: if computed.done() { 100 } else { (computed.comparison.progress() * 99.0) as u8 },
        note: note(computed, &base),
        lanes,
        add: additions(app),
        regions,
        spoken: format!("{spoken} {}", base.words),
    })
}

/// What every price is compared with.
struct Base {
    usd: f64,
    words: String,
}

impl Base {
    /// The first lane's system in one region.
    fn of(computed: &Computed, designs: &[Design]) -> Self {
        let usd = computed.comparison.lanes.first().map_or(1.0, |lane| lane.run.cost().single_region_usd);
        let name = designs.first().map_or(String::new(), |design| choice::design(&design.base));
        let changed = if designs.first().is_some_and(|it| !it.tuned.is_empty()) { ", changed," } else { "" };
        let dollars = number::dollars(usd);
        let words = format!("The base of all prices is {name}{changed} in one region, {dollars} a month.");
        Self { usd, words }
    }
}

/// The regions of all lanes by the place of their colour, as they come. If there are more than colours the last share one.
fn regions(computed: &Computed) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for region in computed.comparison.lanes.iter().flat_map(|lane| &lane.scenario.regions) {
        if !codes.contains(&region.code) {
            codes.push(region.code.clone());
        }
    }
    codes
}

/// A name, with a number if so many have it already.
fn numbered(text: &str, mark: &str, before: usize) -> String {
    match before {
        0 => text.into(),
        more => format!("{text}{mark}{}", more + 1),
    }
}

/// What can be compared too. If there is no room all of it says so.
fn additions(app: &App) -> [Vec<Choice>; 2] {
    let full = app.designs().len() >= MOST_LANES;
    let one = |addition, slug, label: String, hint: String| Choice {
        hint: if full { format!("Not possible: {FULL}.") } else { hint },
        label,
        slug,
        active: false,
        refused: full,
        msg: Msg::LaneAdded(addition),
    };
    let (name, tuned) = (choice::design(app.base()), tuned_words(app.base(), app.tuned()));
    let mut own = vec![one(Addition::This, "this", "This design".into(), name.clone())];
    if !tuned.is_empty() {
        own[0].hint = if full { own[0].hint.clone() } else { format!("{name}; {}", tuned.join(", ")) };
        own.push(one(Addition::Before, "before", "This design before the changes".into(), name));
    }
    let others = (0..BUILT_IN).map(|index| {
        let (scenario, slug) = built_in(index);
        let engine = scenario.database.engine.short();
        one(Addition::BuiltIn(index), slug, choice::design(&scenario), format!("On {engine}."))
    });
    [own, others.collect()]
}

fn subtitle(computed: &Computed) -> String {
    let at = number::clock(STORM_AT_S);
    format!("{} at {at} · seed {}, the same traffic, the same second", computed.storm().title, computed.seed)
}

fn note(computed: &Computed, base: &Base) -> String {
    let step = computed.comparison.lanes.iter().map(|lane| lane.run.plan().step()).max().unwrap_or(1);
    let counted = if step > 1 { format!("Counted in steps of {step}. ") } else { String::new() };
    format!(
        "Every bar is measured from a run; nothing here is typed in. The axis of time is logarithmic. {} {counted}After the end of a run its band goes on as it was.",
        base.words
    )
}
