//! How long Route 53 takes to find an endpoint unhealthy, and what it answers then.

use crate::lab::{Lab, assert_close, mean, quiet};
use faultline::kernel::id::RegionId;
use faultline::model::runbook::StepName;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::Span;
use faultline::model::{Decider, FaultKind, Target};
use faultline::system::journal::What;

const SEEDS: u64 = 500;

/// Mean seconds from a fault to the verdict, over many seeds.
fn detection_s(interval_s: f64, threshold: u32, order: &str) -> f64 {
    let mut scenario = quiet();
    scenario.dns.interval_s = Span(interval_s);
    scenario.dns.failure_threshold = threshold;
    let spans: Vec<f64> = (0..SEEDS)
        .map(|seed| {
            let mut lab = Lab::new(&scenario, seed);
            lab.run_to(100.0).order(order).run_to(100.0 + 12.0 * interval_s + 60.0);
            let verdict = |what: &What| matches!(what, What::EndpointTurned { healthy: false, .. });
            lab.when(verdict).expect("a verdict") - 100.0
        })
        .collect();
    mean(&spans)
}

/// (N-1)(I+t) + t + I k/(C+1), with k = 14 of C = 16 checkers that have to turn (order statistics of uniform phases).
fn formula_s(interval_s: f64, threshold: f64, fails_after_s: f64) -> f64 {
    (threshold - 1.0) * (interval_s + fails_after_s) + fails_after_s + interval_s * 14.0 / 17.0
}

#[test]
fn an_endpoint_that_refuses_is_found_as_fast_as_order_statistics_say() {
    let (fast, slow) =
        (detection_s(10.0, 3, "bad-deploy=us-east-1"), detection_s(30.0, 3, "bad-deploy=us-east-1"));
    assert_close("10 s x 3, published 28.2 s", fast, 28.2, 0.05);
    assert_close("30 s x 3, published 84.7 s", slow, 84.7, 0.05);
    assert_close("10 s x 3, formula", fast, formula_s(10.0, 3.0, 0.0), 0.05);
}

#[test]
fn a_dark_endpoint_costs_the_connect_time_out_with_every_check() {
    let measured = detection_s(10.0, 3, "region-dark=us-east-1");
    assert_close("10 s x 3 in the dark", measured, formula_s(10.0, 3.0, 4.0), 0.05);
}

#[test]
fn three_of_sixteen_votes_are_healthy_and_two_are_not() {
    let mut lab = Lab::new(&quiet(), 3);
    lab.run_to(100.0).order("bad-deploy=us-east-1").run_to(200.0);
    let turned: Vec<_> = lab.entries(|what| matches!(what, What::EndpointTurned { .. })).collect();
    let before = lab.entries(|what| matches!(what, What::CheckerTurned { healthy: false, .. })).count();
    assert_eq!(turned.len(), 1, "one verdict");
    assert!(
        matches!(turned[0].what, What::EndpointTurned { votes: 2, healthy: false, .. }),
        "{:?}",
        turned[0]
    );
    assert_eq!(before, 16, "the last two turned later and changed nothing");
}

#[test]
fn both_unhealthy_means_the_primary_is_answered() {
    let mut lab = Lab::new(&quiet(), 3);
    lab.run_to(100.0).order("bad-deploy=eu-west-1").run_to(200.0);
    lab.order("bad-deploy=us-east-1").run_to(300.0);
    assert!(lab.run.world().system.route53.endpoints.iter().all(|endpoint| !endpoint.known_healthy));
    assert_eq!(lab.run.world().system.route53.answer, RegionId(0));
    assert_eq!(lab.entries(|what| matches!(what, What::AnswerChanged { .. })).count(), 0);
}

#[test]
fn the_answer_goes_back_by_itself_when_the_primary_passes_again_and_nothing_pins_it() {
    let mut scenario = quiet();
    scenario.recovery.pin = false;
    let mut lab = Lab::new(&scenario, 3);
    lab.run_to(100.0).order("bad-deploy=us-east-1").run_to(200.0);
    assert_eq!(lab.run.world().system.route53.answer, RegionId(1));
    lab.order("clear bad-deploy=us-east-1").run_to(300.0);
    assert_eq!(lab.run.world().system.route53.answer, RegionId(0), "no damping: Route 53 fails back at once");
}

#[test]
fn a_grey_zone_hurts_people_and_no_check_sees_it() {
    let mut lab = Lab::new(&faultline::model::scenario::Scenario::default(), 3);
    lab.run_to(100.0).order("zone-grey=us-east-1a").run_to(400.0);
    assert!(lab.failed(100.0, 400.0) > 100, "half of a third of the requests fail at first try");
    assert_eq!(lab.entries(|what| matches!(what, What::TargetTurned { .. })).count(), 0);
    assert_eq!(lab.entries(|what| matches!(what, What::EndpointTurned { .. })).count(), 0);
    assert!(lab.run.world().system.has_fault(
        FaultKind::ZoneGrey,
        Target::Zone(faultline::kernel::id::ZoneId { region: RegionId(0), index: 0 })
    ));
}

/// The journal says that no resolver holds the old answer only if none does, and not because the answer has changed again
/// before that.
#[test]
fn clients_have_moved_only_when_no_resolver_holds_another_answer() {
    let mut scenario = Scenario::of(Strategy::WarmStandby);
    scenario.dns.ttl_s = Span(300.0);
    // Nobody decides: the answer changes with the checks alone, away and back.
    scenario.recovery.decider = Decider::Manual;
    let mut lab = Lab::new(&scenario, 3);
    lab.run_to(60.0).order("region-dark=us-east-1");
    let (mut began, mut told) = (0, 0);
    for second in 61..=900 {
        lab.run_to(f64::from(second));
        if second == 110 {
            lab.order("clear region-dark=us-east-1");
        }
        let is = |wanted: What| lab.record.journal.iter().filter(|entry| entry.what == wanted).count();
        let ended = is(What::StepEnded(StepName::Cutover));
        began = is(What::StepBegan(StepName::Cutover));
        if ended > told {
            told = ended;
            let system = &lab.run.world().system;
            let others = lab.run.plan().region_ids().filter(|region| *region != system.route53.answer);
            let left: usize =
                others.map(|region| system.clients.resolvers_pointing_to(region, lab.run.now())).sum();
            assert_eq!(left, 0, "at {second} s");
        }
    }
    assert_eq!((began, told), (2, 1), "the way back begins before all have left");
}
