//! Health checks of Route 53 and of balancers: how deep they look, how long they wait, and what they do not see.

use crate::lab::{Lab, assert_close, mean, quiet};
use faultline::kernel::id::RegionId;
use faultline::model::scenario::Scenario;
use faultline::model::unit::{Factor, Share, Span};
use faultline::model::{BalancerKind, Decider, Depth, RoutingPolicy};
use faultline::system::journal::What;
use serde_json::{Value, json};

const HOME: RegionId = RegionId(0);
const SEEDS: u64 = 100;

fn read(file: &Value) -> Scenario {
    Scenario::read(&file.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn gave_up(what: &What) -> bool {
    matches!(what, What::EndpointTurned { endpoint: HOME, healthy: false, .. })
}

/// Mean seconds from an order to the verdict on the first region.
fn detection_s(scenario: &Scenario, order: &str) -> f64 {
    let spans: Vec<f64> = (0..SEEDS)
        .map(|seed| {
            let mut lab = Lab::new(scenario, seed);
            lab.run_to(100.0).order(order).run_to(800.0);
            lab.when(gave_up).unwrap_or_else(|| panic!("no verdict with seed {seed}")) - 100.0
        })
        .collect();
    mean(&spans)
}

/// (N-1)(I+t) + t + I k/(C+1), with 14 of 16 checkers that have to turn.
pub(crate) fn formula_s(interval_s: f64, threshold: f64, fails_after_s: f64) -> f64 {
    (threshold - 1.0) * (interval_s + fails_after_s) + fails_after_s + interval_s * 14.0 / 17.0
}

/// One server behind an accepting balancer in Ohio, and one in Oregon.
fn one_server(interval_s: u32, threshold: u32) -> Scenario {
    read(&json!({
        "name": "one-server", "title": "One server", "strategy": "multi-site", "write_pattern": "write-local", "weight": 1,
        "regions": [{ "code": "us-east-2", "servers": 1, "zones": 1 }, { "code": "us-west-2", "servers": 1, "zones": 1 }],
        "clients": { "populations": [{ "city": "New York", "requests_per_s": 0.05 }], "extending_share": 0 },
        "dns": { "policy": "failover", "interval_s": interval_s, "failure_threshold": threshold },
        "database": { "engine": "dynamodb-global" }, "servers": { "most": 1 }, "recovery": { "servers": 1 },
    }))
}

#[test]
fn a_silent_server_behind_an_accepting_balancer_costs_two_seconds_a_check() {
    let (slow, fast) = (
        detection_s(&one_server(30, 5), "zone-power=us-east-2a"),
        detection_s(&one_server(10, 3), "zone-power=us-east-2a"),
    );
    assert_close("30 s x 5", slow, 155.0, 0.05);
    assert_close("10 s x 3", fast, 34.2, 0.05);
    for (interval_s, threshold) in [(10, 1), (30, 2)] {
        let measured = detection_s(&one_server(interval_s, threshold), "zone-power=us-east-2a");
        let expected = formula_s(interval_s.into(), threshold.into(), 2.1);
        assert_close(&format!("{interval_s} s x {threshold}"), measured, expected, 0.06);
    }
    // A dark region accepts nothing: that takes the four seconds of a connection, and longer.
    let dark = detection_s(&one_server(10, 3), "region-dark=us-east-2");
    assert_close("a dark region", dark, formula_s(10.0, 3.0, 4.0), 0.05);
    assert!(fast < dark);
}

#[test]
fn an_endpoint_that_needs_five_seconds_fails_and_one_that_is_only_grey_passes() {
    let mut scenario = quiet();
    scenario.faults.grey_failures = Share(0.0);
    for factor in [4.0, 30.0] {
        scenario.faults.grey_factor = Factor(factor);
        let mut lab = Lab::new(&scenario, 3);
        lab.run_to(100.0).order("region-grey=us-east-1").run_to(700.0);
        assert_eq!(lab.when(gave_up), None, "{factor} x 50 ms is an answer in time");
    }
    scenario.servers.service_ms.0 = 100.0;
    scenario.faults.grey_factor = Factor(50.0);
    let measured = detection_s(&scenario, "region-grey=us-east-1");
    assert_close("5 s an answer", measured, formula_s(10.0, 3.0, 2.1), 0.05);
}

#[test]
fn a_tcp_check_asks_whoever_opens_the_connection() {
    let mut scenario = quiet();
    scenario.dns.check = Depth::Tcp;
    // The application balancer opens it, whatever becomes of the servers.
    let mut lab = Lab::new(&scenario, 1);
    lab.run_to(100.0).order("bad-deploy=us-east-1").run_to(700.0);
    assert_eq!(lab.when(gave_up), None, "a listening balancer is all that is asked for");
    scenario.balancer.kind = BalancerKind::Network;
    assert_close("refused", detection_s(&scenario, "bad-deploy=us-east-1"), formula_s(10.0, 3.0, 0.0), 0.05);
    let dark = detection_s(&scenario, "region-dark=us-east-1");
    assert_close("ten seconds for a connection", dark, formula_s(10.0, 3.0, 10.0), 0.05);
}

#[test]
fn a_deep_check_sees_the_database_and_failures_that_a_shallow_one_does_not() {
    for (order, depth, seen) in [
        ("database-endpoint=us-east-1", Depth::Shallow, false),
        ("database-endpoint=us-east-1", Depth::Deep, true),
        ("security-group-database=us-east-1", Depth::Shallow, false),
        ("security-group-database=us-east-1", Depth::Deep, true),
        ("region-grey=us-east-1", Depth::Shallow, false),
        ("region-grey=us-east-1", Depth::Deep, true),
    ] {
        let mut scenario = quiet();
        scenario.dns.check = depth;
        scenario.faults.grey_failures = Share(0.9);
        scenario.recovery.decider = Decider::Manual;
        let mut lab = Lab::new(&scenario, 2);
        lab.run_to(100.0).order(order).run_to(400.0);
        assert_eq!(lab.when(gave_up).is_some(), seen, "{order} with {}", depth.slug());
        // What is cleared passes again.
        lab.order(&format!("clear {order}")).run_to(700.0);
        let endpoint = &lab.run.world().system.route53.endpoints[0];
        assert!(endpoint.healthy, "{order} with {}", depth.slug());
    }
}

/// The payments API of two layers of checks: twelve servers each, and a bad deployment of eleven minutes.
fn two_layers(dns: &Value, balancer: &Value) -> Value {
    let mut file = json!({
        "name": "two-layers", "title": "Two layers of checks", "horizon_s": 3600, "weight": 20,
        "regions": [{ "code": "eu-west-1", "servers": 12 }, { "code": "us-east-1", "servers": 12 }],
        "dns": { "ttl_s": 60, "interval_s": 30, "failure_threshold": 3 },
        "servers": { "concurrency": 80, "queue": 320, "most": 20 },
        "balancer": { "interval_s": 30, "unhealthy_threshold": 2, "healthy_threshold": 3 }, "recovery": { "servers": 12 },
        "faults": { "grey_factor": 1, "grey_failures": 1 },
    });
    for (part, more) in [("dns", dns), ("balancer", balancer)] {
        for (name, value) in more.as_object().expect("fields") {
            file[part][name] = value.clone();
        }
    }
    file
}

#[test]
fn two_layers_of_checks_disagree_for_eleven_minutes_and_nobody_fails_over() {
    // The targets' own checks fail, and the page that Route 53 asks for does not.
    let cases = [
        (json!({ "check": "tcp" }), json!({}), "bad-deploy=eu-west-1"),
        (json!({}), json!({ "check": "deep" }), "region-grey=eu-west-1"),
    ];
    for (dns, balancer, order) in cases {
        let scenario = read(&two_layers(&dns, &balancer));
        let mut lab = Lab::new(&scenario, 11);
        lab.run_to(600.0).order(order).run_to(1260.0).order(&format!("clear {order}")).run_to(3000.0);
        assert_eq!(lab.when(gave_up), None, "{order}");
        let out = |what: &What| matches!(what, What::TargetTurned { region: HOME, healthy: false, .. });
        let gone = lab.when(out).expect("targets leave");
        assert!((630.0..695.0).contains(&gone), "{order}: two checks of 30 s: {gone}");
        let rto = lab.incident().rto_s.expect("restored");
        assert!((655.0..720.0).contains(&rto), "{order}: eleven minutes of errors, not {rto}");
    }
}

#[test]
fn a_record_that_evaluates_its_target_moves_when_the_balancer_has_none_left() {
    let scenario = read(&two_layers(&json!({ "check": "tcp", "evaluate_target_health": true }), &json!({})));
    let mut lab = Lab::new(&scenario, 11);
    lab.run_to(600.0).order("bad-deploy=eu-west-1").run_to(1260.0);
    let seen = lab.when(|what| matches!(what, What::TargetsEvaluated(HOME, false))).expect("evaluated");
    assert!((660.0..695.0).contains(&seen), "the last of twelve targets is out: {seen}");
    let moved = lab.when(|what| matches!(what, What::AnswerChanged { .. })).expect("another answer");
    assert!((moved - seen - 5.0).abs() < 1.1, "propagation: {seen} {moved}");
    lab.order("clear bad-deploy=eu-west-1").run_to(1800.0);
    assert!(lab.when(|what| matches!(what, What::TargetsEvaluated(HOME, true))).is_some());
}

#[test]
fn a_check_whose_page_fails_by_itself_moves_clients_of_a_service_that_is_well() {
    let scenario = quiet();
    let measured = detection_s(&scenario, "check-fails=us-east-1");
    assert_close("refused at once", measured, formula_s(10.0, 3.0, 0.1), 0.05);
    let mut scenario = read(&two_layers(&json!({ "policy": "failover" }), &json!({})));
    scenario.dns.interval_s = Span(10.0);
    scenario.recovery.decider = Decider::Manual;
    let mut lab = Lab::new(&scenario, 4);
    lab.run_to(600.0).order("check-fails=eu-west-1").run_to(900.0);
    assert!(lab.when(|what| matches!(what, What::AnswerChanged { .. })).is_some());
    let tcp =
        Scenario { dns: faultline::model::Dns { check: Depth::Tcp, ..scenario.dns.clone() }, ..scenario };
    let mut lab = Lab::new(&tcp, 4);
    lab.run_to(600.0).order("check-fails=eu-west-1").run_to(900.0);
    assert_eq!(lab.when(gave_up), None, "nobody asks for the page");
}

#[test]
fn an_expired_certificate_is_seen_by_clients_and_by_no_check() {
    let mut scenario = read(&two_layers(&json!({}), &json!({})));
    scenario.clients.connection_lifetime_s = Span(60.0);
    let mut lab = Lab::new(&scenario, 5);
    lab.run_to(600.0).order("certificate-expired=eu-west-1").run_to(900.0);
    assert_eq!(lab.when(gave_up), None);
    // Connections that are open go on: their ages are even, so half of them are left after half of their lifetime.
    let share = |lab: &Lab, from: f64, to: f64| {
        let (failed, served) = (f64::from(lab.failed(from, to)), f64::from(lab.served(from, to)));
        failed / (failed + served)
    };
    let half = share(&lab, 615.0, 645.0);
    assert!((0.35..0.65).contains(&half), "half way: {half}");
    let later = share(&lab, 680.0, 900.0);
    assert!(later > 0.999, "nobody is let in: {later}");
    lab.order("clear certificate-expired=eu-west-1").run_to(1000.0);
    assert_eq!(lab.failed(930.0, 1000.0), 0);
}

#[test]
fn a_security_group_shuts_out_clients_and_checkers_alike() {
    let scenario = read(&two_layers(&json!({}), &json!({})));
    let mut lab = Lab::new(&scenario, 6);
    lab.run_to(600.0).order("security-group=eu-west-1").run_to(900.0);
    // Connections wait in vain: like a dark region, and seen as fast.
    let seen = lab.when(gave_up).expect("a verdict") - 600.0;
    let most = formula_s(30.0, 3.0, 4.0) + 15.0;
    assert!((80.0..most).contains(&seen), "{seen}");
    let new =
        f64::from(lab.failed(670.0, 685.0)) / f64::from(lab.failed(670.0, 685.0) + lab.served(670.0, 685.0));
    assert!(new > 0.99, "all have been closed and none is opened: {new}");
}

#[test]
fn all_weights_of_zero_are_equal_shares_and_one_zero_stands_by() {
    let mut scenario = one_server(10, 3);
    scenario.clients.populations[0].requests_per_s.0 = 30.0;
    scenario.clients.resolvers = 64;
    scenario.dns.ttl_s = Span(5.0);
    scenario.clients.connection_lifetime_s = Span(0.0);
    scenario.servers.concurrency = 40;
    let shares = |weights: [f64; 2], order: Option<&str>| {
        let mut scenario = scenario.clone();
        scenario.dns.policy = RoutingPolicy::Weighted(weights.to_vec());
        let mut lab = Lab::new(&scenario, 7);
        lab.run_to(100.0);
        if let Some(order) = order {
            lab.order(order);
        }
        lab.run_to(300.0);
        let before = lab.run.world().system.clients.populations[0].tried;
        lab.run_to(1300.0);
        let tried = &lab.run.world().system.clients.populations[0].tried;
        let count = |region| f64::from(tried[RegionId(region)] - before[RegionId(region)]);
        count(0) / (count(0) + count(1))
    };
    assert_close("0 and 0", shares([0.0, 0.0], None), 0.5, 0.05);
    assert_close("255 and 85", shares([255.0, 85.0], None), 0.75, 0.05);
    assert!(shares([100.0, 0.0], None) > 0.999);
    assert!(shares([100.0, 0.0], Some("region-dark=us-east-2")) < 0.001, "the passive one takes over");
}

#[test]
fn behind_each_name_of_a_region_stands_the_one_that_takes_over() {
    let file = json!({
        "name": "two-levels", "title": "Latency records to failover records", "strategy": "multi-site",
        "write_pattern": "write-local", "weight": 1, "horizon_s": 3600,
        "regions": [{ "code": "us-east-1", "servers": 2 }, { "code": "us-west-2", "servers": 2 }, { "code": "eu-west-1", "servers": 2 }],
        "clients": { "populations": [{ "city": "New York", "requests_per_s": 5 }, { "city": "London", "requests_per_s": 5 }],
            "extending_share": 0 },
        "database": { "engine": "dynamodb-global" },
        "dns": { "policy": { "latency-failover": { "us-east-1": "eu-west-1", "eu-west-1": "us-west-2" } } },
    });
    let goes_to = |policy: Value, dark: &str| {
        let mut file = file.clone();
        file["dns"]["policy"] = policy;
        let mut lab = Lab::new(&read(&file), 8);
        lab.run_to(100.0).order(&format!("region-dark={dark}")).run_to(500.0);
        let world = lab.run.world();
        let resolve = |people: u8| {
            let draws = lab.run.plan().chance.of(faultline::kernel::chance::Purpose::Wish, 0, 0, 0);
            let people = faultline::kernel::id::PopulationId(people);
            world.system.route53.resolve(lab.run.plan(), &world.system.network.places, people, draws).0
        };
        [resolve(0), resolve(1)]
    };
    let two = file["dns"]["policy"].clone();
    assert_eq!(
        goes_to(two.clone(), "us-east-1"),
        [2, 2],
        "New York goes where its record says, not to the nearest"
    );
    assert_eq!(goes_to(json!("latency"), "us-east-1"), [1, 2], "by latency alone it is the nearest");
    assert_eq!(goes_to(two, "eu-west-1"), [0, 1]);
}
