//! How many real requests a simulated one stands for should change no recovery time: every built-in system under every storm, the same
//! seeds in steps of 10 and of 20, and which medians are further apart than they should be. `steps 10` takes ten seeds.

use faultline::kernel::clock::SimTime;
use faultline::model::Order;
use faultline::model::scenario::Scenario;
use faultline::model::storm::{STORMS, Storm};
use faultline::model::{builtin, builtins};
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;
use std::collections::BTreeMap;

/// When a storm begins, in seconds, and how long a run goes on after its last order at most.
const BEGINS_S: f64 = 120.0;
const AFTER_S: f64 = 9000.0;
/// How often somebody looks whether it can end sooner.
const LOOKS_S: f64 = 300.0;
/// Steps of 10 and of 20 real requests: strategies are compared in these.
const WEIGHT: u32 = 2;
const GRAINS: [u32; 2] = [5, 10];
/// Recovery times may be so far apart: the larger of the two.
const SHARE: f64 = 0.10;
const LEAST_S: f64 = 5.0;

/// What began an incident, and how long the recovery took; `None` if there was none.
type Recoveries = BTreeMap<String, Option<f64>>;

/// The recovery times of one run. It ends as soon as all that is broken has recovered.
fn recoveries(scenario: &Scenario, storm: &Storm, (grain, seed): (u32, u64)) -> Recoveries {
    let scenario = Scenario { weight: WEIGHT, grain, ..scenario.clone() };
    let (mut run, mut record) = (Simulation::new(&scenario, seed), Record::default());
    let script = storm.script(&scenario, BEGINS_S);
    for line in &script {
        let command = Order::parse(&line.order).and_then(|order| run.resolve(&order)).expect("an order");
        run.schedule(SimTime::from_secs(line.at_s), command);
    }
    let last_s = script.last().map_or(BEGINS_S, |line| line.at_s);
    let mut until_s = last_s + LOOKS_S;
    loop {
        assert!(run.run_until(SimTime::from_secs(until_s), u64::MAX, &mut record));
        let incidents = run.incidents();
        let over =
            incidents.iter().all(|incident| incident.rto_s.is_some() || incident.hurt_after_s.is_none());
        if over || until_s >= last_s + AFTER_S {
            let of = |kind: &str, target: &Option<String>| {
                format!("{kind} {}", target.as_deref().unwrap_or_default())
            };
            // Of several of one kind the first counts.
            return incidents
                .iter()
                .rev()
                .map(|it| (of(&it.trigger.kind, &it.trigger.target), it.rto_s))
                .collect();
        }
        until_s += LOOKS_S;
    }
}

/// The median, with what has not recovered as the longest.
fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    let half = all.len() / 2;
    if all.len() % 2 == 1 { all[half] } else { f64::midpoint(all[half - 1], all[half]) }
}

/// What is wrong with one system under one storm, line by line.
fn compare(name: &str, storm: &Storm, seeds: u64) -> Vec<String> {
    let scenario = builtin(name).expect("a built-in");
    let [fine, coarse] = GRAINS.map(|grain| {
        let mut times: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for seed in 1..=seeds {
            for (of, rto_s) in recoveries(&scenario, storm, (grain, seed)) {
                times.entry(of).or_default().push(rto_s.unwrap_or(f64::INFINITY));
            }
        }
        times
    });
    let mut wrong = Vec::new();
    for (of, times) in fine {
        // An incident of chance that only some of the seeds have says nothing.
        let (Some(others), true) = (coarse.get(&of), times.len() as u64 == seeds) else { continue };
        let (fine_s, coarse_s) = (median(times), median(others.clone()));
        let near =
            fine_s == coarse_s || (fine_s - coarse_s).abs() < LEAST_S.max(SHARE * fine_s.max(coarse_s));
        if others.len() as u64 == seeds && !near {
            wrong.push(format!("{name}, {}, {of}: {fine_s:.1} s and {coarse_s:.1} s", storm.slug));
        }
    }
    wrong
}

fn main() {
    let seeds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(3);
    let (mut pairs, mut wrong) = (0, 0);
    for (name, _) in builtins() {
        for storm in &STORMS {
            let lines = compare(name, storm, seeds);
            pairs += 1;
            wrong += usize::from(!lines.is_empty());
            lines.iter().for_each(|line| println!("{line}"));
        }
    }
    println!("{wrong} of {pairs} systems under a storm, {seeds} seeds each");
}
