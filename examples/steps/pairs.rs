//! How far apart the recovery times of a built-in system under a storm are in two steps, with the same seeds.

use faultline::kernel::clock::SimTime;
use faultline::model::builtin;
use faultline::model::scenario::Scenario;
use faultline::model::storm::Storm;
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
pub(crate) const GRAINS: [u32; 2] = [5, 10];
/// Recovery times may be so far apart: the larger of the two.
const SHARE: f64 = 0.10;
const LEAST_S: f64 = 5.0;

/// What began an incident, and how long the recovery took; `None` if there was none.
type Recoveries = BTreeMap<String, Option<f64>>;

/// The recovery times of one run. It ends as soon as all that is broken has recovered.
fn recoveries(scenario: &Scenario, storm: &Storm, (grain, seed): (u32, u64)) -> Recoveries {
    let scenario = storm.over(&Scenario { weight: WEIGHT, grain, ..scenario.clone() }, BEGINS_S);
    let last_s = scenario.script.last().map_or(BEGINS_S, |line| line.at_s);
    let (mut run, mut record) = (Simulation::new(&scenario, seed), Record::default());
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

/// Whether two recovery times are further apart than they may be.
pub(crate) fn are_apart([fine_s, coarse_s]: [f64; 2]) -> bool {
    fine_s != coarse_s && (fine_s - coarse_s).abs() >= LEAST_S.max(SHARE * fine_s.max(coarse_s))
}

/// The recovery times of one system under one storm in two grains: of each incident that all seeds have, what began it, and both
/// medians in seconds.
pub(crate) fn medians(
    name: &str,
    storm: &Storm,
    (grains, seeds): ([u32; 2], u64),
) -> Vec<(String, [f64; 2])> {
    let scenario = builtin(name).expect("a built-in");
    let [fine, mut coarse] = grains.map(|grain| {
        let mut times: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for seed in 1..=seeds {
            for (of, rto_s) in recoveries(&scenario, storm, (grain, seed)) {
                times.entry(of).or_default().push(rto_s.unwrap_or(f64::INFINITY));
            }
        }
        times
    });
    // An incident of chance that only some of the seeds have says nothing.
    let in_all = |times: &Vec<f64>| times.len() as u64 == seeds;
    let both = fine.into_iter().filter(|(_, times)| in_all(times)).filter_map(|(of, times)| {
        let others = coarse.remove(&of).filter(in_all)?;
        Some((of, [median(times), median(others)]))
    });
    both.collect()
}
