//! The same storm on four strategies: bands, waterfalls, losses and cost, all of it read from the runs.

use super::panels::Tone;
use super::panels::lanes::{LaneBar, LaneView, Lanes, Segment, StormChip};
use super::text::{number, step};
use crate::app::Msg;
use crate::app::lanes::{AXIS_S, COLUMNS, Column, Lanes as Computed, STORM_AT_S, place};
use crate::compare::Lane;
use crate::scenario::{Decider, STORMS, Strategy};
use crate::sim::incident::{Incident, Step};
use crate::sim::journal::What;
use crate::sim::ledger::Content;

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
/// Columns of the band whose shares differ by less are drawn as one.
const ALIKE: f64 = 0.03;

/// Everything to draw of a comparison.
pub(super) fn lanes(computed: &Computed) -> Lanes {
    let chip = |(index, storm): (usize, &crate::scenario::Storm)| StormChip {
        label: storm.title.into(),
        slug: storm.slug,
        active: index == computed.storm,
        msg: Msg::StormChosen(index),
    };
    let lanes: Vec<LaneView> = computed
        .comparison
        .lanes
        .iter()
        .zip(&computed.columns)
        .enumerate()
        .map(|(i, (l, c))| view(i, l, c))
        .collect();
    let spoken = lanes.iter().map(|lane| lane.label.clone()).collect::<Vec<_>>().join(" ");
    Lanes {
        title: "Same storm, four answers".into(),
        subtitle: subtitle(computed),
        storms: STORMS.iter().enumerate().map(chip).collect(),
        ticks: TICKS.map(|(at_s, label)| (place(at_s), label.into())).into(),
        progress: if computed.done() { 100 } else { (computed.comparison.progress() * 99.0) as u8 },
        note: note(computed),
        lanes,
        spoken,
    }
}

fn subtitle(computed: &Computed) -> String {
    let at = number::clock(STORM_AT_S);
    format!("{} at {at} · seed {}, the same traffic, the same second", computed.storm().title, computed.seed)
}

fn note(computed: &Computed) -> String {
    let weight = computed.comparison.lanes.first().map_or(1, |lane| lane.run.plan().weight);
    format!(
        "Every bar is measured from a run; nothing here is typed in. One write counted here stands for {weight} real ones. \
         After the end of a run its band goes on as it was."
    )
}

fn view(index: usize, lane: &Lane, columns: &[Column]) -> LaneView {
    let (world, plan) = (lane.run.world(), lane.run.plan());
    let now_s = lane.run.now().secs() - STORM_AT_S;
    let incidents: Vec<&Incident> =
        world.incidents.iter().filter(|incident| incident.at.secs() >= STORM_AT_S - 0.5).collect();
    let steps: Vec<&Step> = incidents.iter().flat_map(|incident| &incident.steps).collect();
    let open = incidents.iter().any(|incident| incident.restored.is_none());
    let last = incidents.iter().filter_map(|incident| incident.restored).max();
    let rto_s = last.map(|at| at.secs() - STORM_AT_S).filter(|_| !open);
    let rpo_s = incidents.iter().filter_map(|incident| incident.rpo).max().map(|rpo| rpo.secs());
    let lost: u32 = incidents.iter().map(|incident| incident.lost_writes).sum();
    let name = super::strategy(plan.scenario.strategy);
    let (rto, rto_tone) = match rto_s {
        Some(rto_s) if rto_s < 1.0 => ("no outage".to_string(), Tone::Good),
        Some(rto_s) => (number::span(rto_s), Tone::Plain),
        None if incidents.is_empty() => ("—".into(), Tone::Muted),
        None if lane.done => ("not within a day".into(), Tone::Bad),
        None => (format!("{} so far", number::span(now_s.max(0.0))), Tone::Bad),
    };
    let hurt = hurt_cities(lane);
    let lost_text =
        if lost == 0 { "no write lost".into() } else { number::counted(lost.into(), "write") + " lost" };
    let ruined = world.databases[world.acting.index()].corrupt_keys();
    let lost_text = if ruined > 0 { format!("{ruined} keys ruined, {lost_text}") } else { lost_text };
    let rpo = rpo_s.map_or("—".to_string(), number::span);
    LaneView {
        index,
        strategy: name.into(),
        slug: plan.scenario.strategy.slug(),
        sub: sub(lane),
        segments: segments(columns, now_s, lane.done),
        bars: bars(lane, &steps, now_s),
        waits: steps.iter().rev().find(|step| step.blocked).and_then(|step| {
            let why = step::obstacle(plan, step.obstacle?);
            Some(format!("{} waits, because {why}", step::label(step.name)))
        }),
        label: format!("{name}: recovery time {rto}, recovery point {rpo}, {lost_text}, {hurt}."),
        rto,
        rto_tone,
        hurt,
        lost: lost_text,
        lost_tone: if lost > 0 || ruined > 0 { Tone::Bad } else { Tone::Good },
        rpo,
        cells: cells(lane),
        cost: String::new(),
        cost_note: String::new(),
        outage_cost: String::new(),
        end: place(now_s.max(1.0)),
        done: lane.done,
    }
}

/// What stands under a strategy's name.
fn sub(lane: &Lane) -> String {
    let scenario = &lane.scenario;
    let who = match scenario.recovery.decider {
        Decider::Automatic => "decided by health checks",
        Decider::Person => "a person decides",
        Decider::Learner => "you decide",
        Decider::Manual => "started by hand",
    };
    match scenario.strategy {
        Strategy::BackupRestore => {
            format!("a copy every {}; {who}", number::span(scenario.backup.interval_s))
        }
        Strategy::PilotLight => format!("the data follows, servers are off; {who}"),
        Strategy::WarmStandby => {
            let share = scenario.regions.get(1).map_or(0, |region| region.servers);
            format!("{share} of {} servers awake; {who}", scenario.recovery.servers)
        }
        Strategy::MultiSite => "both regions serve, nobody has to decide".into(),
    }
}

/// Cities that had less than 99 % of their requests served for ten seconds at least once since the storm.
fn hurt_cities(lane: &Lane) -> String {
    let mut hurt = vec![false; lane.run.plan().populations()];
    for entry in &lane.record.journal {
        if let What::PopulationHurt(city) = entry.what
            && entry.at.secs() >= STORM_AT_S
        {
            hurt[city.index()] = true;
        }
    }
    let count = hurt.iter().filter(|hurt| **hurt).count();
    match count {
        0 => "no city noticed".into(),
        all if all == hurt.len() => format!("all {all} cities hurt"),
        some => format!("{some} of {} cities hurt", hurt.len()),
    }
}

/// Stretches of the band in which about the same share was served.
fn segments(columns: &[Column], now_s: f64, done: bool) -> Vec<Segment> {
    let edge = |column: usize| column as f64 / COLUMNS as f64;
    let reached = place(now_s.max(1.0));
    let mut segments: Vec<Segment> = Vec::new();
    for (index, column) in columns.iter().enumerate().filter(|(_, column)| column.decided > 0) {
        let share = column.served as f64 / column.decided as f64;
        let to = edge(index + 1).min(reached.max(edge(index)));
        match segments.last_mut() {
            // Columns shorter than a second are empty: what came before goes on.
            Some(last) if (last.share - share).abs() < ALIKE => last.to = to,
            Some(last) => {
                let from = last.to;
                segments.push(Segment { from, to, share, label: String::new(), known: true });
            }
            None => segments.push(Segment { from: 0.0, to, share, label: String::new(), known: true }),
        }
    }
    if let Some(last) = segments.last().filter(|last| done && last.to < 1.0) {
        let rest = Segment { from: last.to, to: 1.0, share: last.share, label: String::new(), known: false };
        segments.push(rest);
    }
    for segment in &mut segments {
        segment.label = match segment.share {
            _ if !segment.known || segment.to - segment.from < 0.08 => String::new(),
            share if share < 0.01 => "nobody is served".into(),
            share if share > 0.985 => "everybody is served".into(),
            share => format!("{} % served", number::percent(share)),
        };
    }
    segments
}

fn bars(lane: &Lane, steps: &[&Step], now_s: f64) -> Vec<LaneBar> {
    let plan = lane.run.plan();
    let length = |step: &Step| step.end.unwrap_or(lane.run.now()).since(step.start).secs();
    let longest = steps.iter().map(|step| length(step)).fold(0.0, f64::max);
    let mut bars: Vec<LaneBar> = steps
        .iter()
        .map(|step| {
            let from_s = step.start.secs() - STORM_AT_S;
            let to_s = step.end.map_or(now_s, |end| end.secs() - STORM_AT_S);
            let waited = step.obstacle.map_or(String::new(), |obstacle| {
                format!("; it had to wait, because {}", step::obstacle(plan, obstacle))
            });
            LaneBar {
                slug: step::slug(step.name),
                label: step::label(step.name).into(),
                from: place(from_s.max(1.0)),
                to: place(to_s.max(1.0)),
                open: step.end.is_none(),
                blocked: step.blocked,
                longest: longest > 0.0 && length(step) >= longest,
                note: format!("{}: {}{waited}", step::label(step.name), number::span(length(step))),
            }
        })
        .collect();
    bars.sort_by(|a, b| a.from.total_cmp(&b.from).then(a.to.total_cmp(&b.to)));
    bars
}

/// One look per key: 0 to 2 its last writer's region, 3 lost, 4 ruined.
fn cells(lane: &Lane) -> Vec<u8> {
    let world = lane.run.world();
    let mut cells: Vec<u8> = world.databases[world.acting.index()]
        .versions
        .iter()
        .map(|version| match version.content {
            Content::Good => version.writer.0,
            Content::Rubbish | Content::Deleted => 4,
        })
        .collect();
    let unseen = world.recovery.unseen.iter().map(|(_, commit)| commit.key);
    for key in world.recovery.lost.iter().map(|commit| commit.key).chain(unseen) {
        cells[key as usize] = 3;
    }
    cells
}
