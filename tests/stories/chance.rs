//! Two runs that differ in one setting differ only where that setting acts: up to that moment the same requests, the same
//! times to answer, the same lag, and at the end the same recovery point and the same lost writes.

use crate::draw::{self, lines};
use crate::known::{Known, exactly};
use crate::lab::coarse;
use faultline::model::Decider;
use faultline::model::runbook::StepName;
use faultline::model::scenario::Scenario;
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;
use faultline::system::journal::What;

/// What fails today: draws depend on when they are made. "rooms" makes each depend on what it is for.
const KNOWN: [Known; 7] = [
    Known { name: "check interval", issue: "rooms: chance" },
    Known { name: "threshold", issue: "rooms: chance" },
    Known { name: "promotion", issue: "rooms: chance" },
    Known { name: "fence", issue: "rooms: chance" },
    Known { name: "page", issue: "rooms: chance" },
    Known { name: "backup interval", issue: "rooms: chance" },
    Known { name: "time to live", issue: "rooms: chance" },
];

const UNTIL_S: f64 = 2400.0;
const SEEDS: u64 = 3;

type Run = (Simulation, Record);

#[test]
fn two_runs_differ_only_where_the_setting_acts_but_for_what_is_known() {
    let found = [
        ("check interval", pairs(|s| s.dns.interval_s = 30.0, |run| first(run, is_verdict))),
        ("threshold", pairs(|s| s.dns.failure_threshold = 5, |run| first(run, is_verdict))),
        (
            "promotion",
            pairs(longer_promotion, |run| first(run, |what| matches!(what, What::Promoted { .. })) - 120.0),
        ),
        ("fence", pairs(longer_fence, |run| first(run, |what| *what == What::StepEnded(StepName::Fence)))),
        (
            "page",
            pairs(
                |s| s.recovery.page_s *= 2.0,
                |run| first(run, |what| *what == What::StepEnded(StepName::Page)),
            ),
        ),
        // Nobody restores: it acts nowhere.
        ("backup interval", pairs(|s| s.backup.interval_s *= 2.0, |_| UNTIL_S)),
        ("time to live", (0..SEEDS).flat_map(longer_answers).collect()),
    ];
    exactly(&KNOWN, &found);
}

/// The region goes dark, and a person decides.
fn scenario() -> Scenario {
    let mut scenario = coarse();
    scenario.recovery.decider = Decider::Person;
    (scenario.recovery.page_s, scenario.recovery.triage_s, scenario.recovery.decide_s) = (60.0, 60.0, 60.0);
    scenario
}

fn run(scenario: &Scenario, seed: u64) -> Run {
    draw::run(scenario, seed, &lines("10m region-dark=us-east-1"), UNTIL_S)
}

fn longer_promotion(scenario: &mut Scenario) {
    let recovery = &mut scenario.recovery;
    recovery.promote_min_s += 120.0;
    recovery.promote_typical_s += 120.0;
    recovery.promote_max_s += 120.0;
}

fn longer_fence(scenario: &mut Scenario) {
    scenario.recovery.fence_min_s += 30.0;
    scenario.recovery.fence_max_s += 30.0;
}

fn is_verdict(what: &What) -> bool {
    matches!(what, What::EndpointTurned { healthy: false, .. })
}

/// When something was first told, in seconds.
fn first((_, record): &Run, fits: impl Fn(&What) -> bool) -> f64 {
    record.journal.iter().find(|entry| fits(&entry.what)).map_or(UNTIL_S, |entry| entry.at.secs())
}

/// Lost writes and the recovery point of the outage, to the digit.
fn lost((run, _): &Run) -> (u64, Option<f64>) {
    let report = run.report();
    (report.consistency.lost_writes, report.incidents.first().and_then(|incident| incident.rpo_s))
}

fn pairs(change: impl Fn(&mut Scenario), acts_s: impl Fn(&Run) -> f64) -> Vec<String> {
    let mut wrong = Vec::new();
    for seed in 0..SEEDS {
        let (plain, mut changed) = (scenario(), scenario());
        change(&mut changed);
        let (a, b) = (run(&plain, seed), run(&changed, seed));
        let acts_s = acts_s(&a).min(acts_s(&b));
        let seconds = a.1.samples.iter().zip(&b.1.samples).take_while(|(a, _)| a.at.secs() < acts_s);
        if let Some((one, other)) = seconds.clone().find(|(one, other)| one != other) {
            let at_s = one.at.secs();
            wrong.push(format!(
                "seed {seed}: {one:?} and {other:?} at {at_s} s, though it acts at {acts_s:.1} s"
            ));
        }
        if lost(&a) != lost(&b) {
            wrong.push(format!("seed {seed}: {:?} and {:?} lost", lost(&a), lost(&b)));
        }
    }
    wrong
}

/// A time to live acts from the first second on, as lookups take time; who asks what does not change.
fn longer_answers(seed: u64) -> Vec<String> {
    let (plain, mut changed) = (scenario(), scenario());
    changed.dns.ttl_s *= 2.0;
    let (a, b) = (run(&plain, seed), run(&changed, seed));
    let sent = |run: &Run| run.1.samples.iter().map(|sample| sample.sent).collect::<Vec<_>>();
    let mut wrong = Vec::new();
    if sent(&a) != sent(&b) {
        wrong.push(format!("seed {seed}: other requests"));
    }
    let ((_, one), (_, other)) = (lost(&a), lost(&b));
    let close = one.zip(other).is_some_and(|(one, other)| (one - other).abs() <= 0.05);
    if !close {
        wrong.push(format!("seed {seed}: RPO {one:?} and {other:?}"));
    }
    wrong
}
