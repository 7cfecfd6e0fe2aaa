//! Health checks of Route 53 that are calculated from child checks, or inverted.

use crate::lab::{Lab, assert_close, mean, quiet};
use faultline::kernel::id::RegionId;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::{Decider, Depth};
use faultline::system::journal::What;

const HOME: RegionId = RegionId(0);
const ALL: [Depth; 3] = [Depth::Tcp, Depth::Shallow, Depth::Deep];

/// The built-in system, of whose child checks so many must be healthy; nobody fails over.
fn parent(children: &[Depth], needed: u32) -> Scenario {
    let mut scenario = quiet();
    (scenario.dns.children, scenario.dns.healthy_children) = (children.to_vec(), needed);
    scenario.recovery.decider = Decider::Manual;
    scenario
}

/// The second at which the first region turned, that way.
fn turned(lab: &Lab, to: bool) -> Option<f64> {
    lab.when(
        move |what| matches!(what, What::EndpointTurned { endpoint: HOME, healthy, .. } if *healthy == to),
    )
}

/// Mean seconds from an order to the verdict on the first region.
fn takes_s(scenario: &Scenario, order: &str, to: bool) -> f64 {
    let spans: Vec<f64> = (0..60)
        .map(|seed| {
            let mut lab = Lab::new(scenario, seed);
            lab.run_to(100.0).order(order).run_to(400.0);
            turned(&lab, to).unwrap_or_else(|| panic!("no verdict with seed {seed}")) - 100.0
        })
        .collect();
    mean(&spans)
}

/// 10 s and three in a row: (N-1)(I+t) + t + I k/(C+1), with 14 of 16 checkers that have to turn.
fn formula_s(fails_after_s: f64) -> f64 {
    2.0 * (10.0 + fails_after_s) + fails_after_s + 10.0 * 14.0 / 17.0
}

#[test]
fn a_parent_is_healthy_while_enough_of_its_children_are() {
    // How many of three child checks each fault fails: the page of the second, the database of the third, both pages, all.
    for (order, failing) in [
        ("check-fails=us-east-1", 1),
        ("security-group-database=us-east-1", 1),
        ("bad-deploy=us-east-1", 2),
        ("region-dark=us-east-1", 3),
    ] {
        for needed in 1..=3 {
            let mut lab = Lab::new(&parent(&ALL, needed), 1);
            lab.run_to(100.0).order(order).run_to(300.0);
            let ill = 3 - failing < needed;
            assert_eq!(turned(&lab, false).is_some(), ill, "{order}: {needed} of 3");
            lab.order(&format!("clear {order}")).run_to(900.0);
            assert_eq!(turned(&lab, true).is_some(), ill, "{order}: {needed} of 3, and back");
        }
    }
}

#[test]
fn a_parent_turns_with_the_child_that_decides() {
    // In the dark an HTTP check fails after 4 s, a TCP check after 10 s: one child that is left keeps the parent healthy.
    let last = takes_s(&parent(&[Depth::Tcp, Depth::Shallow], 1), "region-dark=us-east-1", false);
    let first = takes_s(&parent(&[Depth::Tcp, Depth::Shallow], 2), "region-dark=us-east-1", false);
    assert_close("the last", last, formula_s(10.0), 0.05);
    assert_close("the first", first, formula_s(4.0), 0.05);
}

#[test]
fn with_none_needed_it_is_always_healthy_and_with_more_than_there_are_never() {
    let mut lab = Lab::new(&parent(&ALL, 0), 1);
    lab.run_to(100.0).order("region-dark=us-east-1").run_to(400.0);
    assert_eq!(turned(&lab, false), None);
    // All are unhealthy from the start, so the first region is answered all the same.
    let lab = Lab::new(&parent(&ALL, 4), 1);
    let route53 = &lab.run.world().system.route53;
    assert!(route53.endpoints.iter().all(|endpoint| !endpoint.healthy));
    assert_eq!(route53.answer, HOME);
}

#[test]
fn an_inverted_check_answers_a_region_only_while_its_page_fails() {
    // So does who keeps a page in place by hand that says "not yet": a switch without a control plane.
    let mut scenario = parent(&[], 1);
    scenario.regions[0].inverted_check = true;
    let mut lab = Lab::new(&scenario, 1);
    let away = RegionId(1);
    assert_eq!(lab.run.world().system.route53.answer, away, "its page is there, so it counts as unhealthy");
    lab.run_to(60.0);
    let settled = |lab: &Lab| {
        let all = lab.run.world().system.clients.populations.iter().flat_map(|it| &it.resolvers);
        all.map(|resolver| resolver.answer).collect::<Vec<_>>()
    };
    assert!(settled(&lab).iter().all(|answer| *answer == Some(away)));
    lab.order("check-fails=us-east-1").run_to(400.0);
    assert_eq!(lab.run.world().system.route53.answer, HOME);
    lab.order("clear check-fails=us-east-1").run_to(700.0);
    assert_eq!(lab.run.world().system.route53.answer, away);
    assert_close(
        "as fast as the other way",
        takes_s(&scenario, "check-fails=us-east-1", true),
        formula_s(0.1),
        0.05,
    );
    // The price of it: a region that is dark passes.
    let mut lab = Lab::new(&scenario, 2);
    lab.run_to(100.0).order("region-dark=us-east-1").run_to(300.0);
    assert_eq!(lab.run.world().system.route53.answer, HOME, "nothing says \"not yet\" any more");
}

#[test]
fn an_inverted_parent_is_the_other_way_round() {
    let mut scenario = parent(&ALL, 3);
    scenario.regions[0].inverted_check = true;
    let mut lab = Lab::new(&scenario, 1);
    assert!(
        !lab.run.world().system.route53.endpoints[0].healthy
            && lab.run.world().system.route53.endpoints[1].healthy
    );
    lab.run_to(100.0).order("security-group-database=us-east-1").run_to(300.0);
    assert!(turned(&lab, true).is_some(), "two of three are fewer than three");
}

#[test]
fn where_nothing_has_been_built_no_connection_opens() {
    // Two designs that build in the recovery region when they need it, each with an inverted check there: a verdict that
    // turned by itself would send people away from a region that nobody has.
    for strategy in [Strategy::BackupRestore, Strategy::PilotLight] {
        let mut scenario = Scenario::of(strategy);
        scenario.dns.children = ALL.to_vec();
        scenario.regions[1].inverted_check = true;
        let mut lab = Lab::new(&scenario, 1);
        lab.run_to(120.0);
        let turned = |what: &What| matches!(what, What::CheckerTurned { .. } | What::EndpointTurned { .. });
        assert_eq!(lab.entries(turned).count(), 0, "{strategy:?}");
    }
}
