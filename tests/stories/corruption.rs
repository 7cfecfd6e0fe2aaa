//! Data that is wrong: every copy follows it, no failover helps, and only a backup brings it back.

use crate::lab::{Lab, assert_close, grainy, in_haste};
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::{Gib, Rate, Span};
use faultline::model::{Decider, Skew};
use faultline::system::database::Role;

const FAULTS: [&str; 3] = ["corruption=us-east-1", "mass-delete=us-east-1", "ransomware=us-east-1"];
const LIVE: [Strategy; 3] = [Strategy::PilotLight, Strategy::WarmStandby, Strategy::MultiSite];

/// A strategy with its load in coarse grains, a small database, and keys that are all written soon.
fn small(strategy: Strategy) -> Scenario {
    let mut scenario = grainy(strategy);
    scenario.database.size_gib = Gib(20.0);
    scenario.database.skew = Skew::Uniform;
    scenario
}

fn broken(scenario: &Scenario, fault: &str) -> Lab {
    let mut lab = Lab::new(scenario, 7);
    lab.run_to(300.0).order(fault);
    lab
}

#[test]
fn every_copy_has_what_is_wrong() {
    for strategy in LIVE {
        for fault in FAULTS {
            let mut scenario = small(strategy);
            scenario.recovery.decider = Decider::Manual;
            let mut lab = broken(&scenario, fault);
            lab.run_to(1200.0);
            let ruined = lab.ruined();
            // Where all take writes, one that falls between a deletion and its arrival elsewhere survives it.
            let least = if strategy == Strategy::MultiSite { 93 } else { 96 };
            assert!(ruined[0] >= least && ruined[0] == ruined[1], "{strategy:?}, {fault}: {ruined:?}");
            let incident = lab.incident();
            assert_eq!(incident.restored_s, None, "{strategy:?}, {fault}: nobody can use it");
            // What is deleted can be neither read nor changed; what is rubbish can be written over.
            let survivors = ruined[0] < 96 || !fault.starts_with("mass-delete");
            assert_eq!(lab.served(1100.0, 1200.0) > 0, survivors, "{strategy:?}, {fault}");
        }
    }
}

#[test]
fn a_failover_moves_to_a_copy_that_is_as_wrong() {
    for fault in FAULTS {
        let mut scenario = small(Strategy::WarmStandby);
        scenario.recovery.decider = Decider::Manual;
        let mut lab = broken(&scenario, fault);
        lab.run_to(900.0).order("fail-over=eu-west-1").run_to(2400.0);
        assert_eq!(lab.run.world().system.ownership.primary().0, 1, "{fault}");
        assert_eq!(lab.ruined()[1], 96, "{fault}");
        assert_eq!(lab.incident().restored_s, None, "{fault}");
    }
}

#[test]
fn the_alarm_and_a_backup_bring_everything_back_but_what_was_written_since() {
    for strategy in LIVE {
        for fault in FAULTS {
            let mut lab = broken(&in_haste(small(strategy)), fault);
            lab.run_to(2400.0);
            let incident = lab.incident();
            let told = format!("{strategy:?}, {fault}: {incident:?}");
            assert_eq!(lab.ruined(), [0, 0], "{told}");
            let detected = incident.detected_s.expect("an alarm") - 300.0;
            assert!((180.0..400.0).contains(&detected), "the alarm wants three minutes of failures: {told}");
            let age = incident.restore_point_age_s.expect("a backup was used");
            // The log goes on to the last moment before the fault, as far as the alarm let it be kept.
            assert!((0.0..=300.0).contains(&age), "{told}");
            // What is deleted cannot be changed, so that after it nothing is written that could be lost; unless it survived because
            // another region wrote it at the same time.
            let (deleted, everywhere) = (fault.starts_with("mass-delete"), strategy == Strategy::MultiSite);
            assert!(deleted && everywhere || (incident.lost_writes > 0) != deleted, "{told}");
            // From the first write that the backup did not have to the last that was thrown away, or to the fault.
            if let Some(first) = incident.loss.examples.first() {
                let rpo_s = incident.rpo_s.expect("a backup is left");
                assert!((300.0 - age..302.0).contains(&first.at_s), "{told}");
                assert!(first.at_s + rpo_s >= 300.0 - 1e-6 && rpo_s < 400.0, "{told}");
            }
            assert!(incident.restored_s.is_some(), "{told}");
            assert_eq!(lab.failed(2300.0, 2400.0), 0, "{told}");
            let copies: Vec<Vec<_>> = lab
                .run
                .world()
                .system
                .databases
                .iter()
                .map(|database| database.versions.iter().map(|version| version.id).collect())
                .collect();
            let differing = copies[0].iter().zip(&copies[1]).filter(|(here, there)| here != there).count();
            assert!(differing <= 12, "the copies follow again: {differing} keys differ, {told}");
        }
    }
}

#[test]
fn someone_who_knows_the_moment_loses_what_came_after_it() {
    for strategy in [Strategy::WarmStandby, Strategy::MultiSite] {
        for fault in ["mass-delete=us-east-1", "ransomware=us-east-1"] {
            let mut scenario = in_haste(small(strategy));
            scenario.recovery.decider = Decider::Manual;
            // As few requests, each a real one, so that writes have names.
            let step = f64::from(scenario.weight * scenario.grain);
            (scenario.weight, scenario.grain) = (1, 1);
            for people in &mut scenario.clients.populations {
                people.requests_per_s = Rate(*people.requests_per_s / step);
            }
            let mut lab = broken(&scenario, fault);
            lab.run_to(800.0).order("restore=us-east-1@200").run_to(2400.0);
            let incident = lab.incident();
            assert_eq!(incident.restore_point_age_s, Some(100.0));
            // The copy that is backed up has not seen what the other region wrote a moment before: the lag comes on top.
            let first_s = incident.loss.examples[0].at_s;
            let least_s = if strategy == Strategy::MultiSite { 199.0 } else { 200.0 };
            assert!((least_s..203.0).contains(&first_s), "{strategy:?}, {fault}: from {first_s} s");
            let end_s = first_s + incident.rpo_s.expect("a figure");
            // What is deleted cannot be changed: the last write is one of before the fault, or of a region that had not heard.
            let deleted = fault.starts_with("mass") && strategy == Strategy::WarmStandby;
            let most_s = if deleted { 300.1 } else { 800.3 };
            assert!((299.99..most_s).contains(&end_s), "{strategy:?}, {fault}: to {end_s} s");
            assert_eq!(lab.ruined(), [0, 0], "{strategy:?}, {fault}");
            // 600 requests a second, a tenth writes, 24 to one, for 100 s. What is deleted cannot be changed; what is
            // encrypted can be written over, by those who come through the crowd that tries to read it.
            let lost = incident.lost_writes as f64 / lab.run.plan().step() as f64;
            if fault.starts_with("mass") {
                assert_close("lost writes", lost, 250.0, 0.12);
            } else {
                assert!((400.0..1700.0).contains(&lost), "{strategy:?}: {lost}");
            }
            assert!(incident.restored_s.is_some());
        }
    }
}

#[test]
fn a_moment_after_the_fault_is_as_wrong() {
    let mut scenario = in_haste(small(Strategy::WarmStandby));
    scenario.recovery.decider = Decider::Manual;
    let mut lab = broken(&scenario, "mass-delete=us-east-1");
    lab.run_to(1000.0).order("restore=us-east-1@310").run_to(1600.0);
    assert_eq!(lab.ruined(), [96, 96]);
    assert_eq!(lab.incident().restored_s, None);
    lab.order("restore=us-east-1@290").run_to(2600.0);
    assert_eq!(lab.ruined(), [0, 0]);
    assert!(lab.incident().restored_s.is_some());
}

#[test]
fn a_release_that_was_taken_back_leaves_its_rubbish() {
    let mut scenario = in_haste(small(Strategy::WarmStandby));
    scenario.recovery.decider = Decider::Learner;
    let mut lab = broken(&scenario, "corruption=us-east-1");
    lab.run_to(420.0).order("clear corruption=us-east-1").run_to(900.0);
    assert!(lab.ruined()[0] > 48, "{:?}", lab.ruined());
    assert_eq!(lab.incident().restored_s, None, "the data is not back");
    lab.order("decide").run_to(2400.0);
    assert_eq!(lab.ruined(), [0, 0]);
    assert!(lab.incident().restored_s.is_some());
}

#[test]
fn what_a_restore_threw_away_does_not_come_back_with_the_next() {
    let mut scenario = in_haste(small(Strategy::WarmStandby));
    scenario.backup.interval_s = Span(600.0);
    scenario.backup.window_s = Span(0.0);
    scenario.recovery.decider = Decider::Manual;
    let mut lab = broken(&scenario, "mass-delete=us-east-1");
    lab.run_to(700.0).order("restore=us-east-1").run_to(1800.0);
    let thrown = lab.incident().lost_writes;
    lab.order("mass-delete=us-east-1").run_to(2200.0).order("restore=us-east-1").run_to(3600.0);
    assert_eq!(lab.ruined(), [0, 0]);
    let second = &lab.run.report().incidents[1];
    assert!(second.rpo_s.expect("restored") <= 300.0);
    // A write is lost once: what the first restore threw away is not counted again.
    let age = second.restore_point_age_s.expect("restored");
    let step = lab.run.plan().step();
    let lost = (second.lost_writes / step) as f64;
    assert!(lost <= 2.5 * age * 1.3 + 30.0, "{lost} in {age} s");
    assert_eq!(lab.run.report().consistency.lost_writes, thrown + second.lost_writes);
}

#[test]
fn without_locked_vaults_there_is_nothing_to_restore() {
    let mut scenario = in_haste(small(Strategy::WarmStandby));
    scenario.backup.locked = false;
    let mut lab = broken(&scenario, "ransomware=us-east-1");
    lab.order("restore=us-east-1@200").run_to(4000.0);
    assert_eq!(lab.waits_for("fetch-backup").as_deref(), Some("no-backup=us-east-1"));
    assert_eq!(lab.ruined()[0], 96);
    let incident = lab.incident();
    assert_eq!((incident.restored_s, incident.restore_point_age_s), (None, None));
}

#[test]
fn a_failover_that_is_ordered_while_a_restore_is_being_decided_is_a_failover() {
    let mut scenario = in_haste(small(Strategy::WarmStandby));
    scenario.recovery.decider = Decider::Learner;
    let mut lab = broken(&scenario, "mass-delete=us-east-1");
    lab.run_to(700.0).order("fail-over=eu-west-1").run_to(1800.0);
    assert_eq!(lab.run.world().system.ownership.primary().0, 1);
    assert_eq!(lab.incident().restore_point_age_s, None);
}

#[test]
fn a_region_that_goes_dark_while_it_is_restored_takes_writes_when_it_is_back() {
    for strategy in LIVE {
        let mut scenario = in_haste(small(strategy));
        scenario.recovery.decider = Decider::Automatic;
        scenario.backup.restore_min_s = Span(900.0);
        scenario.backup.restore_typical_s = Span(900.0);
        scenario.backup.restore_max_s = Span(900.0);
        let mut lab = Lab::new(&scenario, 7);
        lab.run_to(300.0).order("restore=us-east-1@200").run_to(330.0);
        lab.order("region-dark=us-east-1").run_to(900.0).order("clear region-dark=us-east-1").run_to(4000.0);
        let (failed, served) = (lab.failed(3600.0, 4000.0), lab.served(3600.0, 4000.0));
        assert!(f64::from(failed) <= 0.01 * f64::from(served), "{strategy:?}: {failed} of {served} fail");
        let database = &lab.run.world().system.databases[0];
        assert_ne!(database.role, Role::Rebuilding, "{strategy:?}: nothing fills the old one");
    }
}
