//! The journal tells a thing once, and again when it changes: what flaps is joined, what is refused or waits says why.

use crate::lab::{Lab, calm};
use faultline::kernel::id::RegionId;
use faultline::model::Decider;
use faultline::model::obstacle::Obstacle;
use faultline::model::runbook::StepName;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::system::journal::What;
use faultline::system::launch::LaunchRefusal;

const AWAY: RegionId = RegionId(1);

/// One of three zones is half as fast for 48 minutes, in a fleet that is just large enough for that.
fn half_a_zone() -> Lab {
    let text = r#"{ "name": "one-zone-grey", "horizon_s": 5400, "weight": 4,
        "regions": [{ "code": "us-east-1", "servers": 9 }, { "code": "us-west-2", "servers": 3 }],
        "recovery": { "decider": "person" },
        "faults": { "grey_factor": 2, "grey_failures": 0.15 } }"#;
    Lab::new(&Scenario::read(text).expect("a scenario"), 11)
}

#[test]
fn servers_that_are_full_again_and_again_are_told_of_once_with_a_count() {
    let mut lab = half_a_zone();
    lab.run_to(600.0).order("zone-grey=us-east-1a").run_to(3480.0).order("clear zone-grey=us-east-1a");
    lab.run_to(5400.0);
    let full = lab.entries(|what| matches!(what, What::Overloaded(_))).count();
    let ends: Vec<_> = lab.entries(|what| matches!(what, What::OverloadEnded { .. })).collect();
    assert!(full + ends.len() < 20, "{full} beginnings, {} ends in 90 minutes", ends.len());
    assert_eq!(full, ends.len(), "every beginning has an end");
    let counted = ends.iter().map(|entry| {
        let What::OverloadEnded { times, lasted_s, .. } = entry.what else { return 0 };
        assert!(times >= 1 && entry.at.secs() - f64::from(lasted_s) >= 600.0, "{entry:?}");
        times
    });
    assert!(counted.sum::<u32>() > 10, "it comes and goes: {ends:?}");
    let cause = lab.entries(|what| matches!(what, What::Overloaded(_))).next().and_then(|entry| entry.cause);
    assert!(cause.is_some(), "the grey zone is why");
}

#[test]
fn an_overload_that_something_younger_brings_is_another_one() {
    let mut lab = half_a_zone();
    lab.run_to(600.0).order("zone-grey=us-east-1a").run_to(1200.0).order("clear zone-grey=us-east-1a");
    // Within five minutes: by itself it would be the same one.
    lab.run_to(1260.0).order("zone-grey=us-east-1b").run_to(1800.0);
    let full: Vec<_> = lab.entries(|what| matches!(what, What::Overloaded(_))).collect();
    assert_eq!(full.len(), 2, "{full:?}");
    assert!(full[0].cause.is_some() && full[0].cause < full[1].cause, "each has its own zone as the cause");
    assert!(full[0].at.secs() < 1200.0 && full[1].at.secs() > 1260.0, "{full:?}");
}

/// The reasons for which servers were refused in the recovery region, in order.
fn refusals(lab: &Lab) -> Vec<LaunchRefusal> {
    lab.entries(|_| true)
        .filter_map(|entry| {
            let What::LaunchRefused { region: AWAY, why, .. } = entry.what else { return None };
            Some(why)
        })
        .collect()
}

/// Virginia is dark, and Ireland's control plane answers only after a while, has no capacity until later, and the
/// account's quota allows two servers of the six.
fn nothing_to_be_had() -> Lab {
    let mut scenario = calm(Strategy::WarmStandby);
    scenario.recovery.decider = Decider::Automatic;
    scenario.regions[1].quota = scenario.regions[1].servers;
    let mut lab = Lab::new(&scenario, 3);
    lab.run_to(60.0).order("control-plane=eu-west-1").order("capacity=eu-west-1");
    lab.order("region-dark=us-east-1").run_to(600.0);
    lab
}

#[test]
fn a_refused_launch_names_control_plane_capacity_or_quota_once_each() {
    let mut lab = nothing_to_be_had();
    // The runbook's call is not answered; what Auto Scaling wants by itself is refused.
    assert_eq!(refusals(&lab), []);
    lab.order("zone-power=eu-west-1a").run_to(700.0);
    assert_eq!(refusals(&lab), [LaunchRefusal::ControlPlane]);
    lab.order("clear control-plane=eu-west-1").run_to(1000.0);
    assert_eq!(refusals(&lab), [LaunchRefusal::ControlPlane, LaunchRefusal::Capacity]);
    lab.order("clear capacity=eu-west-1").run_to(1400.0);
    assert_eq!(
        refusals(&lab),
        [LaunchRefusal::ControlPlane, LaunchRefusal::Capacity, LaunchRefusal::Quota],
        "once each, and again when it changes"
    );
}

#[test]
fn a_step_that_waits_says_for_what_once_and_again_when_that_changes() {
    let mut lab = nothing_to_be_had();
    lab.order("clear control-plane=eu-west-1").run_to(1000.0);
    lab.order("clear capacity=eu-west-1").run_to(1400.0);
    let waits: Vec<Obstacle> = lab
        .entries(|_| true)
        .filter_map(|entry| {
            let What::StepBlocked(StepName::ScaleOut, obstacle) = entry.what else { return None };
            Some(obstacle)
        })
        .collect();
    assert_eq!(waits, [Obstacle::ControlPlane(AWAY), Obstacle::Capacity, Obstacle::Quota(AWAY)]);
}
