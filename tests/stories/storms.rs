//! A thousand random scripts, and the same run twice: what must hold whatever happens.

use crate::lab::{Lab, coarse};
use faultline::scenario::FaultKind;
use faultline::sim::database::Role;
use faultline::sim::rng::{Purpose, Stream};
use faultline::sim::{Command, Fault, Simulation};
use faultline::time::SimTime;

/// Commits by key of every copy that follows or leads.
fn copies(run: &Simulation) -> Vec<(Role, Vec<u64>)> {
    let commits = |db: &faultline::sim::database::Database| db.versions.iter().map(|v| v.commit).collect();
    run.world().databases.iter().map(|database| (database.role, commits(database))).collect()
}

#[test]
fn a_thousand_random_scripts_break_no_invariant() {
    let scenario = coarse();
    for seed in 0..1000 {
        let mut random = Stream::new(seed, Purpose::Checks, 99);
        let mut lab = Lab::new(&scenario, seed);
        let possible: Vec<Fault> =
            FaultKind::ALL.iter().flat_map(|kind| lab.run.plan().possible(*kind)).collect();
        let (mut now, mut before) = (20.0, copies(&lab.run));
        while now < 900.0 {
            lab.run_to(now);
            let fault = possible[random.below(possible.len() as u32) as usize];
            let command = match random.below(10) {
                0 => Command::FailOver(faultline::sim::id::RegionId(1)),
                1 => Command::FailBack,
                2 => Command::Decide,
                3..=5 => {
                    let active = lab.run.world().faults.first().map(|active| active.fault);
                    Command::Clear(active.unwrap_or(fault))
                }
                _ => Command::Inject(fault),
            };
            lab.run.apply(command, &mut lab.record);
            assert_eq!(lab.run.broken_invariant(), None, "seed {seed} at {now} s after {command:?}");
            let after = copies(&lab.run);
            for ((old_role, old), (new_role, new)) in before.iter().zip(&after) {
                if old_role == new_role && *new_role == Role::Replica {
                    let back = old.iter().zip(new).position(|(old, new)| new < old);
                    assert_eq!(back, None, "seed {seed} at {now} s: a version went back in a replica");
                }
            }
            before = after;
            now += random.between(5.0, 60.0);
        }
    }
}

#[test]
fn the_same_value_is_the_same_run_and_another_fault_does_not_reshuffle_traffic() {
    let scenario = coarse();
    let digest = |order: Option<&str>| {
        let mut lab = Lab::new(&scenario, 5);
        lab.run_to(100.0);
        if let Some(order) = order {
            lab.order(order);
        }
        lab.run_to(400.0);
        let sent: Vec<u32> = lab.record.samples.iter().map(|sample| sample.sent).collect();
        (lab.run.recorded().digest, sent)
    };
    let (calm, broken) = (digest(None), digest(Some("region-dark=us-east-1")));
    assert_eq!(calm, digest(None));
    assert_ne!(calm.0, broken.0);
    assert_eq!(calm.1, broken.1, "who asks when does not depend on what is broken");
}

#[test]
fn slices_of_any_size_give_the_same_run() {
    let scenario = coarse();
    let mut whole = Lab::new(&scenario, 8);
    whole.run_to(50.0).order("zone-power=us-east-1a").run_to(300.0);
    let mut sliced = Lab::new(&scenario, 8);
    sliced.run_to(50.0).order("zone-power=us-east-1a");
    let mut budget = 1;
    while !sliced.run.run_until(SimTime::from_secs(300.0), budget, &mut sliced.record) {
        budget = budget * 7 % 1013 + 1;
    }
    assert_eq!(whole.record, sliced.record);
    assert_eq!(whole.run.recorded(), sliced.run.recorded());
}

#[test]
fn a_stretch_that_is_run_again_is_not_recorded_again() {
    let mut lab = Lab::new(&coarse(), 8);
    lab.run_to(50.0).order("zone-power=us-east-1a").run_to(100.0);
    let keyframe = lab.run.clone();
    lab.run_to(300.0);
    let (record, digest) = (lab.record.clone(), lab.run.recorded().digest);
    lab.run = keyframe;
    lab.run_to(300.0);
    assert_eq!((lab.record, lab.run.recorded().digest), (record, digest));
}
