//! A lane: the same storm on one of several designs. Band, waterfall, losses and cost, all of it read from the run.

use super::incidents::Interruption;
use super::knobs::{knobs, tuned_words};
use super::panels::Tone;
use super::panels::lanes::{LOST, LaneBar, LaneView, RUINED, Segment};
use super::words::{loss, number, obstacle, step};
use crate::app::lanes::{COLUMNS, Column, Design, Lanes as Computed, STORM_AT_S, place};
use crate::kernel::clock::SimTime;
use crate::kernel::region_map::MOST_REGIONS;
use crate::kernel::sorted::in_order;
use crate::model::scenario::Strategy;
use crate::model::{Decider, Region};
use crate::observer::incident::{Incident, Step};
use crate::run::compare::Lane;
use crate::system::version::Content;

/// Columns of the band whose shares differ by less are drawn as one.
const ALIKE: f64 = 0.03;
/// So long after a storm began it is known whether there is an outage, in seconds.
const KNOWN_AFTER_S: f64 = 60.0;
/// A step that took less than this, in seconds, is no bar.
const BRIEF_S: f64 = 0.5;

/// Who is served, in a word.
#[derive(Clone, Copy, PartialEq)]
enum Service {
    Nobody,
    Some,
    Most,
    Everybody,
}

/// The lane of a design, by its name and slug. `regions` are those of all lanes, by colour; prices are compared with
/// `base_usd`.
pub(super) fn lane(
    (computed, index): (&Computed, usize),
    design: &Design,
    names: (String, String),
    (regions, base_usd): (&[String], f64),
) -> LaneView {
    let (lane, columns) = (&computed.comparison.lanes[index], &computed.columns[index]);
    let (world, plan) = (lane.run.world(), lane.run.plan());
    let now_s = lane.run.now().secs() - STORM_AT_S;
    let incidents: Vec<&Incident> =
        world.observer.incidents.iter().filter(|incident| incident.at.secs() >= STORM_AT_S - 0.5).collect();
    let steps: Vec<&Step> = incidents.iter().flat_map(|incident| &incident.steps).collect();
    let rto_s = interruption(&incidents);
    let last = incidents.iter().filter_map(|incident| incident.restored).max();
    let cost = lane.run.cost();
    let rpo_s = incidents.iter().filter_map(|incident| incident.rpo).max().map(|rpo| rpo.secs());
    let missing = world.observer.losses.total().real(plan.step());
    let ruined = world.system.databases[world.system.ownership.primary().index()].corrupt_keys();
    let hurt = missing.missing() > 0 || missing.everything || ruined > 0;
    let (name, slug) = names;
    let (rto, rto_tone) = match rto_s {
        // What is an outage shows some seconds after it began.
        Some(0.0) if incidents.is_empty() || now_s < KNOWN_AFTER_S => ("—".to_string(), Tone::Muted),
        Some(0.0) if hurt || steps.iter().any(|step| step.blocked) => ("no outage".into(), Tone::Plain),
        Some(0.0) => ("no outage".into(), Tone::Good),
        Some(rto_s) => (number::span(rto_s), Tone::Plain),
        None if lane.done => ("not within a day".into(), Tone::Bad),
        None => (format!("{} so far", number::span(now_s.max(0.0))), Tone::Bad),
    };
    let cities = hurt_cities(lane);
    let lost_text =
        loss::short(&missing).unwrap_or_else(|| loss::none(plan.step(), world.observer.may_lose()));
    let lost_text = if ruined > 0 { format!("{ruined} keys ruined, {lost_text}") } else { lost_text };
    let rpo = match rpo_s {
        _ if missing.everything => "nothing is left".to_string(),
        Some(rpo_s) => number::span(rpo_s),
        None => "—".into(),
    };
    let until = last.filter(|_| rto_s.is_some()).unwrap_or(lane.run.now());
    let mut waits = Vec::from_iter(waits(lane, &steps, until));
    if let Some(why) = computed.storm().misfit(&lane.scenario) {
        waits.push(format!("Not all of the storm is here: {why}"));
    }
    LaneView {
        index,
        slug,
        sub: sub(lane),
        tuned: tuned_words(&lane.scenario, &design.tuned),
        segments: segments(columns, now_s, lane.done),
        bars: bars(lane, &steps, until),
        waits,
        label: format!("{name}: recovery time {rto}, recovery point {rpo}, {lost_text}, {cities}."),
        name,
        rto,
        rto_tone,
        hurt: cities,
        lost: lost_text,
        lost_tone: match hurt {
            true => Tone::Bad,
            // Counted coarsely, a few may be missing.
            false if plan.step() > 1 && world.observer.may_lose() => Tone::Plain,
            false => Tone::Good,
        },
        rpo,
        cells: cells(lane, regions),
        cost: number::dollars(cost.monthly_usd),
        cost_note: format!("{:.2} × the base", cost.monthly_usd / base_usd),
        outage_cost: number::dollars(cost.outage_usd),
        end: place(now_s.max(1.0)),
        done: lane.done,
    }
}

/// From the start of the first incident's first outage to the end of the last that counts, in seconds; zero if there was
/// none, `None` while one lasts.
fn interruption(incidents: &[&Incident]) -> Option<f64> {
    let (mut first, mut last) = (None, None);
    for incident in incidents {
        match Interruption::of(incident) {
            Interruption::Nobody => {}
            Interruption::Since(_) => return None,
            Interruption::Over(from_s, rto_s) => {
                first = Some(from_s.min(first.unwrap_or(from_s)));
                last = Some((from_s + rto_s).max(last.unwrap_or(0.0)));
            }
        }
    }
    Some(first.zip(last).map_or(0.0, |(first, last)| last - first))
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
            format!("a copy every {}; {who}", number::span(*scenario.backup.interval_s))
        }
        Strategy::PilotLight => format!("the data follows, servers are off; {who}"),
        Strategy::WarmStandby => {
            let share = scenario.regions.get(1).map_or(0, |region| region.servers);
            format!("{share} of {} servers awake; {who}", scenario.recovery.servers)
        }
        Strategy::MultiSite => {
            let all = if scenario.regions.len() > 2 { "all" } else { "both" };
            format!("{all} regions serve, nobody has to decide")
        }
    }
}

/// Cities that were out in an outage since the storm.
fn hurt_cities(lane: &Lane) -> String {
    let mut hurt = vec![false; lane.run.plan().populations()];
    let outages = lane.run.world().observer.service.outages.told();
    for city in outages.flat_map(|outage| &outage.cities).filter(|city| city.start.secs() >= STORM_AT_S) {
        hurt[city.population.index()] = true;
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
    let segment = |from, to, share, known| Segment {
        from,
        to,
        share,
        label: String::new(),
        short: String::new(),
        room: 0.0,
        known,
    };
    let mut segments: Vec<Segment> = Vec::new();
    for (index, column) in columns.iter().enumerate().filter(|(_, column)| column.decided > 0) {
        let share = column.served as f64 / column.decided as f64;
        let to = edge(index + 1).min(reached.max(edge(index)));
        match segments.last_mut() {
            // Columns shorter than a second are empty: what came before goes on.
            Some(last) if (last.share - share).abs() < ALIKE => last.to = to,
            Some(last) => {
                let from = last.to;
                segments.push(segment(from, to, share, true));
            }
            None => segments.push(segment(0.0, to, share, true)),
        }
    }
    if let Some(last) = segments.last().filter(|last| done && last.to < 1.0) {
        let rest = segment(last.to, 1.0, last.share, false);
        segments.push(rest);
    }
    name(&mut segments, columns);
    segments
}

/// Gives each stretch of the same service its words, on the first of its segments.
fn name(segments: &mut [Segment], columns: &[Column]) {
    let mut first = 0;
    while first < segments.len() {
        let service = service(segments[first].share);
        let same = |segment: &&Segment| self::service(segment.share) == service;
        let count = segments[first..].iter().take_while(same).count();
        let (from, to) = (segments[first].from, segments[first + count - 1].to);
        let words = match service {
            Service::Nobody => ("nobody is served".into(), "nobody".into()),
            Service::Most => ("nearly everybody is served".into(), "nearly all".into()),
            Service::Everybody => ("everybody is served".into(), "everybody".into()),
            Service::Some => {
                let percent = percent(columns, from, to);
                (format!("{percent} % of requests served"), format!("{percent} %"))
            }
        };
        (segments[first].label, segments[first].short) = words;
        segments[first].room = to - from;
        first += count;
    }
}

fn service(share: f64) -> Service {
    match share {
        share if share < 0.01 => Service::Nobody,
        share if share > 0.985 => Service::Everybody,
        share if share > 0.95 => Service::Most,
        _ => Service::Some,
    }
}

/// Served of what was decided between two places, in whole percent; never all of it.
fn percent(columns: &[Column], from: f64, to: f64) -> u64 {
    let column = |place: f64| ((place * COLUMNS as f64) as usize).min(COLUMNS);
    let within = &columns[column(from + 1e-9)..column(to + 1e-9).max(column(from + 1e-9))];
    let served: u64 = within.iter().map(|column| column.served).sum();
    let decided: u64 = within.iter().map(|column| column.decided).sum();
    (served * 100 / decided.max(1)).min(99)
}

/// How long a step took of the time until everybody was served again, in seconds.
fn share_of(step: &Step, until: SimTime) -> f64 {
    let end = step.end.unwrap_or(until).min(until);
    end.since(step.start.min(end)).secs()
}

/// The sentence about the step whose waiting took longest.
fn waits(lane: &Lane, steps: &[&Step], until: SimTime) -> Option<String> {
    let waiting = steps.iter().filter(|step| step.obstacle.is_some());
    let longest = waiting.max_by(|a, b| share_of(a, until).total_cmp(&share_of(b, until)))?;
    let why = obstacle::because(lane.run.plan(), longest.obstacle?);
    let waits = if longest.blocked { "waits" } else { "had to wait" };
    Some(format!("{} {waits}, because {why}", step::label(longest.name)))
}

fn bars(lane: &Lane, steps: &[&Step], until: SimTime) -> Vec<LaneBar> {
    let (plan, now) = (lane.run.plan(), lane.run.now());
    let length = |step: &Step| step.end.unwrap_or(now).since(step.start).secs();
    let longest = steps.iter().map(|step| share_of(step, until)).fold(0.0, f64::max);
    let seen = |step: &&&Step| step.end.is_none() || length(step) >= BRIEF_S;
    let bars: Vec<LaneBar> = steps
        .iter()
        .filter(seen)
        .map(|step| {
            let from_s = step.start.secs() - STORM_AT_S;
            let to_s = step.end.unwrap_or(now).secs() - STORM_AT_S;
            let waited = step.obstacle.map_or(String::new(), |obstacle| {
                format!("; it had to wait, because {}", obstacle::because(plan, obstacle))
            });
            let name = step::label(step.name);
            let word = match step.obstacle {
                Some(_) if step.blocked => ": waits",
                Some(_) => ": waited",
                None => "",
            };
            LaneBar {
                slug: step.name.slug(),
                label: format!("{name}{word}"),
                from: place(from_s.max(1.0)),
                to: place(to_s.max(1.0)),
                open: step.end.is_none(),
                blocked: step.obstacle.is_some(),
                longest: longest > 0.0 && share_of(step, until) >= longest,
                note: format!("{name}: {}{waited}", number::span(length(step))),
                knobs: knobs(&lane.scenario, step.name),
            }
        })
        .collect();
    in_order(bars, |bar| [bar.from, bar.to])
}

/// Missing writes whose keys are marked.
const MOST_GONE: usize = 512;

/// One look per key: the colour of its last writer's region, [`LOST`] or [`RUINED`].
fn cells(lane: &Lane, codes: &[String]) -> Vec<u8> {
    let world = lane.run.world();
    let colour = |region: &Region| codes.iter().position(|code| *code == region.code).unwrap_or_default();
    let colours: Vec<u8> =
        lane.scenario.regions.iter().map(|region| colour(region).min(MOST_REGIONS - 1) as u8).collect();
    let mut cells: Vec<u8> = world.system.databases[world.system.ownership.primary().index()]
        .versions
        .iter()
        .map(|version| match version.content {
            Content::Good => colours[version.id.region.index()],
            Content::Rubbish | Content::Deleted | Content::NotCopied => RUINED,
        })
        .collect();
    let (ledger, missing) = (&world.observer.ledger, world.observer.losses.examples(MOST_GONE));
    for line in missing.iter().filter_map(|missing| ledger.get(missing.number.into())) {
        cells[line.key as usize] = LOST;
    }
    cells
}
