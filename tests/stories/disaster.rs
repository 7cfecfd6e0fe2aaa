//! A region goes dark, warm standby takes over, the region returns, and the work goes back.

use crate::lab::Lab;
use faultline::kernel::id::RegionId;
use faultline::model::Decider;
use faultline::model::obstacle::Obstacle;
use faultline::model::runbook::StepName;
use faultline::model::scenario::Scenario;
use faultline::system::database::Role;
use faultline::system::journal::What;

fn dark_at_600(scenario: &Scenario, seed: u64) -> Lab {
    let mut lab = Lab::new(scenario, seed);
    lab.run_to(600.0).order("region-dark=us-east-1");
    lab
}

#[test]
fn warm_standby_takes_over_in_minutes_and_loses_seconds() {
    for seed in 0..12 {
        let mut lab = dark_at_600(&Scenario::default(), seed);
        lab.run_to(3000.0);
        let report = lab.run.report();
        let incident = &report.incidents[0];
        let (rto, rpo) = (incident.rto_s.expect("restored"), incident.rpo_s.expect("promoted"));
        // Well-Architected: recovery in minutes, data loss in seconds.
        assert!((180.0..1800.0).contains(&rto), "seed {seed}: {rto} s to recover");
        assert!(rpo < 5.0, "seed {seed}: {rpo} s of writes lost");
        let (detected, decided) = (incident.detected_s.expect("seen"), incident.decided_s.expect("declared"));
        assert!(600.0 < detected && detected <= decided && decided < 600.0 + rto);
        assert_eq!(report.consistency.lost_writes, incident.lost_writes);
        let step = |name: &str| incident.steps().find(|step| step.name == name).expect(name);
        let (promote, scale_out) = (step("promote"), step("scale-out"));
        assert!(scale_out.start_s < promote.end_s.expect("promoted"), "in parallel");
        assert_eq!(incident.waited_for("pin"), Some("dns-control-plane"), "it lives in the dark region");
        assert_eq!(lab.failed(600.0 + rto + 90.0, 3000.0), 0, "whole again and stays so");
    }
}

#[test]
fn a_lost_write_is_a_named_write_that_is_not_in_the_database() {
    let named = (0..20).find_map(|seed| {
        let mut lab = dark_at_600(&Scenario::default(), seed);
        lab.run_to(1800.0);
        let lost = lab.run.world().observer.losses.named.clone();
        (!lost.is_empty()).then_some((lab, lost))
    });
    let (lab, lost) = named.expect("some seed loses a write");
    let world = lab.run.world();
    for commit in &lost {
        assert!(commit.acknowledged && commit.id.region == RegionId(0) && commit.at.secs() <= 600.0);
        assert_ne!(world.system.databases[1].versions[commit.key as usize].write, commit.write);
        assert!(
            lab.entries(|what| matches!(what, What::WriteMissing(write, _) if *write == commit.write))
                .count()
                == 1
        );
    }
    // Answers that were on their way when the region went dark arrive after it.
    let incident = &lab.run.report().incidents[0];
    let told = || incident.loss.examples.iter().map(|example| example.at_s);
    let (oldest, newest) = (told().fold(f64::MAX, f64::min), told().fold(600.0, f64::max));
    let rpo = incident.rpo_s.expect("promoted");
    assert!((rpo - (newest - oldest).max(0.001)).abs() < 1e-6, "{rpo} against {oldest} to {newest}");
}

#[test]
fn a_person_takes_the_documented_time_and_may_be_hurried() {
    let mut scenario = Scenario::default();
    scenario.recovery.decider = Decider::Person;
    let decided = |lab: &Lab| lab.run.report().incidents[0].decided_s.expect("decided");
    let mut patient = dark_at_600(&scenario, 1);
    patient.run_to(2400.0);
    let detected = patient.run.report().incidents[0].detected_s.expect("seen");
    let human = decided(&patient) - detected;
    assert!((12.0 * 60.0..25.0 * 60.0).contains(&human), "12 to 25 minutes: {human}");
    let mut hurried = dark_at_600(&scenario, 1);
    hurried.run_to(700.0).order("decide").run_to(2400.0);
    assert!((decided(&hurried) - 700.0).abs() < 1e-6);
}

#[test]
fn a_frozen_capacity_pool_blocks_the_scale_out_and_says_so() {
    let mut lab = dark_at_600(&Scenario::default(), 1);
    lab.order("capacity=eu-west-1").run_to(1500.0);
    let scale_out = |lab: &Lab| {
        let steps = lab.run.world().observer.incidents[0].steps.clone();
        steps.into_iter().find(|step| step.name == StepName::ScaleOut).expect("a scale-out")
    };
    assert_eq!(scale_out(&lab).obstacle, Some(Obstacle::Capacity));
    assert_eq!(scale_out(&lab).end, None, "it waits as long as there is no capacity");
    assert!(lab.failed(1200.0, 1500.0) > 100, "two servers do not carry the load of six");
    lab.order("clear capacity=eu-west-1").run_to(2400.0);
    assert!(scale_out(&lab).end.is_some());
}

#[test]
fn the_old_primary_returns_is_fenced_and_work_goes_back_without_loss() {
    let mut lab = dark_at_600(&Scenario::default(), 2);
    lab.run_to(1800.0).order("clear region-dark=us-east-1").run_to(2400.0);
    assert!(lab.run.world().system.is_replaced(lab.run.plan(), RegionId(0)));
    assert_eq!(
        lab.run.world().system.route53.answer,
        RegionId(1),
        "pinned: no flapping back to a fenced region"
    );
    let returned = lab.when(|what| matches!(what, What::OldPrimaryReturned { .. })).expect("it returned");
    let fenced = lab.when(|what| *what == What::Fenced(RegionId(0))).expect("fenced");
    assert!(fenced - returned <= 1.0, "the order to stop reaches it as soon as it answers");
    lab.order("fail-back").run_to(6000.0);
    let world = lab.run.world();
    assert_eq!((world.system.ownership.primary(), world.system.route53.answer), (RegionId(0), RegionId(0)));
    assert_eq!(
        (world.system.databases[0].role, world.system.databases[1].role),
        (Role::Primary, Role::Replica)
    );
    assert_eq!(lab.entries(|what| *what == What::FailedBack(RegionId(0))).count(), 1);
    let back = &lab.run.report().incidents[1];
    assert_eq!((back.trigger.kind.as_str(), back.lost_writes), ("fail-back", 0));
    let switchover = back.steps().find(|step| step.name == "switchover").expect("a switchover");
    assert!(lab.failed(switchover.start_s, switchover.end_s.expect("over") + 15.0) > 0, "the second outage");
    // 500 GiB at 300 MiB/s, and then writes stop for as long as a promotion takes.
    let rebuild = back.steps().find(|step| step.name == "rebuild").expect("a rebuild");
    let rebuilding = rebuild.end_s.expect("rebuilt") - rebuild.start_s;
    assert!((1706.0..1708.0).contains(&rebuilding), "{rebuilding}");
    assert!((300.0..302.0).contains(&(switchover.end_s.expect("over") - switchover.start_s)));
    assert_eq!(lab.failed(5800.0, 6000.0), 0);
    assert_eq!(lab.run.world().system.fleets.alive(RegionId(1)), 2, "the standby is small again");
    assert!(lab.served(5800.0, 6000.0) > 20_000);
}

#[test]
fn an_ordered_failover_between_regions_that_are_well_loses_nothing() {
    for seed in 0..6 {
        let mut lab = Lab::new(&Scenario::default(), seed);
        lab.run_to(600.0).order("fail-over=eu-west-1").run_to(2400.0);
        let report = lab.run.report();
        let incident = &report.incidents[0];
        assert_eq!(
            (incident.trigger.kind.as_str(), incident.trigger.target.as_deref()),
            ("fail-over", Some("eu-west-1"))
        );
        assert_eq!((incident.lost_writes, incident.rpo_s), (0, Some(0.0)), "seed {seed}: {incident:?}");
        assert_eq!(lab.run.world().system.ownership.primary(), RegionId(1));
        let fenced = lab.when(|what| *what == What::Fenced(RegionId(0))).expect("fenced");
        assert!(lab.failed(fenced, fenced + 60.0) > 0, "writes stop while the replica is promoted");
    }
}

#[test]
fn a_cut_link_and_a_failover_split_the_writes_and_name_those_that_are_lost() {
    let mut lab = Lab::new(&Scenario::default(), 3);
    lab.run_to(600.0).order("link-cut=us-east-1:eu-west-1").run_to(660.0);
    lab.order("fail-over=eu-west-1").run_to(2400.0);
    let fenced = lab.when(|what| *what == What::Fenced(RegionId(0))).expect("fenced");
    let world = lab.run.world();
    let lost = world.observer.losses.total().set_aside;
    assert!(lost > 1000, "a minute and more of writes: {lost}");
    assert!(!world.observer.losses.named.is_empty());
    assert!(
        world.observer.losses.named.iter().all(|commit| commit.at.secs() <= fenced),
        "none after the fence"
    );
    assert!(lab.run.report().incidents.iter().any(|incident| incident.lost_writes > 1000));
}

#[test]
fn a_fault_in_the_recovery_region_during_the_promotion_begins_it_anew() {
    let mut lab = dark_at_600(&Scenario::default(), 2);
    lab.run_to(800.0).order("region-dark=eu-west-1").run_to(1500.0);
    assert_eq!(lab.run.world().system.ownership.primary(), RegionId(0), "nothing was promoted in the dark");
    lab.order("clear region-dark=eu-west-1").run_to(3600.0);
    assert_eq!(lab.run.world().system.ownership.primary(), RegionId(1));
    assert_eq!(lab.failed(3500.0, 3600.0), 0);
}
