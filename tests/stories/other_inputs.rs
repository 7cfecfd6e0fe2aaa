//! Faults of checks, clients and balancers once more: in other regions, with other spans, thresholds, rates and zones.

use crate::checks::formula_s;
use crate::lab::{Lab, assert_close, mean};
use faultline::kernel::id::{RegionId, ZoneId};
use faultline::model::scenario::Scenario;
use faultline::system::journal::What;
use faultline::system::refusal::Refusal;
use faultline::system::shift::ShiftedBy;
use serde_json::{Value, json};

const HOME: RegionId = RegionId(0);
const SEEDS: u64 = 30;

fn read(file: &Value) -> Scenario {
    Scenario::read(&file.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// Two regions that serve, and one city that asks that often; whoever fails does not try again.
fn file(code: &str, zones: u32, requests_per_s: f64) -> Value {
    json!({
        "name": "again", "title": "The same again", "horizon_s": 7200, "weight": 1, "strategy": "multi-site",
        "write_pattern": "write-local",
        "regions": [{ "code": code, "servers": 6, "zones": zones }, { "code": "sa-east-1", "servers": 6 }],
        "clients": { "populations": [{ "city": "New York", "requests_per_s": requests_per_s, "read_share": 1 }],
            "extending_share": 0, "retries": 0, "resolvers": 64, "connections": 300 },
        "dns": { "policy": { "weighted": [1, 0] }, "interval_s": 30, "failure_threshold": 10 }, "balancer": {}, "faults": {},
        "database": { "engine": "dynamodb-global" }, "servers": { "concurrency": 100 }, "recovery": { "decider": "manual" },
    })
}

/// The same with hardly anybody, and with checks like that.
fn checked(code: &str, interval_s: u32, threshold: u32, check: &str) -> Value {
    let mut file = file(code, 3, 0.05);
    file["dns"] = json!({ "policy": "failover", "interval_s": interval_s, "failure_threshold": threshold, "check": check });
    file
}

/// When the first region turned, that way.
fn turned(lab: &Lab, to: bool) -> Option<f64> {
    lab.when(
        move |what| matches!(what, What::EndpointTurned { endpoint: HOME, healthy, .. } if *healthy == to),
    )
}

/// Mean seconds from an order to the verdict on the first region.
fn verdict_s(file: &Value, order: &str, to: bool) -> f64 {
    let scenario = read(file);
    let spans: Vec<f64> = (0..SEEDS)
        .map(|seed| {
            let mut lab = Lab::new(&scenario, seed);
            lab.run_to(100.0).order(order).run_to(400.0);
            turned(&lab, to).unwrap_or_else(|| panic!("{order}: no verdict with seed {seed}")) - 100.0
        })
        .collect();
    mean(&spans)
}

fn share(lab: &Lab, from_s: f64, to_s: f64) -> f64 {
    let (failed, served) = (f64::from(lab.failed(from_s, to_s)), f64::from(lab.served(from_s, to_s)));
    failed / (failed + served)
}

/// A fault, how deep the checks look, how long each takes to fail, and what else the system has.
type Seen<'a> = (&'a str, &'a str, f64, Value);

#[test]
fn checks_see_each_fault_as_fast_as_the_formula_says_with_other_intervals_and_thresholds() {
    let nothing = || json!({});
    let all: [Seen<'_>; 9] = [
        ("check-fails", "shallow", 0.1, nothing()),
        ("bad-deploy", "shallow", 0.1, nothing()),
        ("bad-deploy", "tcp", 0.1, json!({ "balancer": { "kind": "network" } })),
        ("security-group", "shallow", 4.0, nothing()),
        (
            "security-group-database",
            "deep",
            2.1,
            json!({ "database": { "engine": "dynamodb-global", "timeout_s": 5 } }),
        ),
        (
            "database-endpoint",
            "deep",
            0.75,
            json!({ "database": { "engine": "dynamodb-global", "timeout_s": 0.5 } }),
        ),
        ("region-grey", "deep", 0.3, json!({ "faults": { "grey_failures": 1, "grey_factor": 4 } })),
        // 60 ms of work that take 40 times as long are more than two seconds.
        (
            "region-grey",
            "shallow",
            2.1,
            json!({ "faults": { "grey_failures": 0, "grey_factor": 40 }, "servers": { "service_ms": 60 } }),
        ),
        (
            "region-grey",
            "deep",
            2.1,
            json!({ "faults": { "grey_failures": 0, "grey_factor": 40 }, "servers": { "service_ms": 60 } }),
        ),
    ];
    for (order, check, fails_after_s, more) in all {
        for (code, interval_s, threshold) in [("eu-west-1", 10, 2), ("us-east-2", 30, 2)] {
            let mut file = checked(code, interval_s, threshold, check);
            for (part, value) in more.as_object().expect("parts") {
                file[part] = value.clone();
            }
            let measured = verdict_s(&file, &format!("{order}={code}"), false);
            let expected = formula_s(interval_s.into(), threshold.into(), fails_after_s);
            let what = format!("{order} in {code}, {check}, {interval_s} s x {threshold}");
            assert_close(&what, measured, expected, 0.07);
        }
    }
}

#[test]
fn what_is_only_slow_or_grey_in_one_zone_of_three_is_seen_by_no_check_at_all() {
    for (order, check, failures, factor) in [
        ("region-grey=CODE", "tcp", 1.0, 60.0),
        ("region-grey=CODE", "shallow", 1.0, 20.0),
        ("region-grey=CODE", "deep", 0.0, 20.0),
        ("zone-grey=CODEb", "deep", 1.0, 4.0),
        ("certificate-expired=CODE", "deep", 0.0, 1.0),
    ] {
        for (code, interval_s) in [("eu-west-1", 10), ("us-west-2", 30)] {
            let mut file = checked(code, interval_s, 3, check);
            file["faults"] = json!({ "grey_failures": failures, "grey_factor": factor });
            let mut lab = Lab::new(&read(&file), 1);
            lab.run_to(100.0).order(&order.replace("CODE", code)).run_to(500.0);
            assert_eq!(turned(&lab, false), None, "{order} in {code}, {check}");
        }
    }
    // If the region has no other zone, that zone is all there is.
    let mut file = checked("eu-west-1", 10, 2, "deep");
    (file["regions"][0]["zones"], file["faults"]) =
        (json!(1), json!({ "grey_failures": 1, "grey_factor": 4 }));
    assert_close(
        "the only zone",
        verdict_s(&file, "zone-grey=eu-west-1a", false),
        formula_s(10.0, 2.0, 0.3),
        0.07,
    );
}

#[test]
fn calculated_and_inverted_checks_are_as_fast_as_their_children() {
    for (code, interval_s, threshold) in [("eu-west-1", 30, 2), ("us-west-2", 10, 4)] {
        let formula = |fails_after_s| formula_s(interval_s.into(), threshold.into(), fails_after_s);
        for (needed, fails_after_s) in [(1, 10.0), (2, 4.0)] {
            let mut file = checked(code, interval_s, threshold, "shallow");
            (file["dns"]["children"], file["dns"]["healthy_children"]) =
                (json!(["tcp", "deep"]), json!(needed));
            let measured = verdict_s(&file, &format!("region-dark={code}"), false);
            assert_close(&format!("{needed} of two in {code}"), measured, formula(fails_after_s), 0.07);
        }
        let mut file = checked(code, interval_s, threshold, "shallow");
        file["regions"][0]["inverted_check"] = json!(true);
        let measured = verdict_s(&file, &format!("check-fails={code}"), true);
        assert_close(&format!("inverted in {code}"), measured, formula(0.1), 0.07);
    }
}

#[test]
fn who_lets_nobody_in_loses_connections_as_they_grow_old() {
    // Their ages are even: after a time t the share t / L of them is too old, and none is opened.
    for (order, code, lifetime_s) in [
        ("certificate-expired", "us-east-2", 120.0),
        ("certificate-expired", "ap-northeast-1", 240.0),
        ("security-group", "us-east-2", 120.0),
        ("security-group", "eu-central-1", 240.0),
    ] {
        let mut file = file(code, 3, 60.0);
        file["clients"]["connection_lifetime_s"] = json!(lifetime_s);
        let mut lab = Lab::new(&read(&file), 2);
        lab.run_to(300.0).order(&format!("{order}={code}")).run_to(300.0 + lifetime_s + 60.0);
        let what = format!("{order} in {code}");
        for (from, to) in [(0.2, 0.4), (0.6, 0.8)] {
            let (from_s, to_s) = (300.0 + from * lifetime_s, 300.0 + to * lifetime_s);
            assert_close(&what, share(&lab, from_s, to_s), (from + to) / 2.0, 0.15);
        }
        let later = share(&lab, 305.0 + lifetime_s, 360.0 + lifetime_s);
        assert!(later > 0.995, "{what}: {later}");
        lab.order(&format!("clear {order}={code}")).run_to(480.0 + lifetime_s);
        assert_eq!(lab.failed(365.0 + lifetime_s, 480.0 + lifetime_s), 0, "{what}");
    }
}

#[test]
fn a_database_that_nobody_is_let_in_to_fails_everything_for_as_long_as_that_lasts() {
    for (order, code, lasts_s) in [
        ("security-group-database", "eu-west-1", 120.0),
        ("security-group-database", "us-west-2", 300.0),
        ("database-endpoint", "us-east-2", 200.0),
    ] {
        let mut lab = Lab::new(&read(&file(code, 3, 60.0)), 3);
        let over_s = 200.0 + lasts_s;
        lab.run_to(200.0).order(&format!("{order}={code}")).run_to(over_s);
        lab.order(&format!("clear {order}={code}")).run_to(over_s + 200.0);
        assert_eq!(lab.served(202.0, over_s), 0, "{order} in {code}");
        assert_eq!(lab.failed(over_s + 5.0, over_s + 200.0), 0, "{order} in {code}");
        let rto_s = lab.incident().rto_s.expect("restored");
        assert!((rto_s - lasts_s).abs() < 5.0, "{order} in {code}: {rto_s} s");
    }
}

#[test]
fn a_dead_address_costs_one_in_so_many_until_the_name_and_then_every_answer_forgets_it() {
    for (code, zones, check_s, ttl_s) in
        [("eu-west-1", 3, 60.0, 120.0), ("us-east-2", 2, 40.0, 30.0), ("us-west-2", 4, 90.0, 60.0)]
    {
        let mut file = file(code, zones, 100.0);
        file["clients"]["connection_lifetime_s"] = json!(0);
        file["balancer"]["address_check_s"] = json!(check_s);
        file["dns"]["ttl_s"] = json!(ttl_s);
        let mut lab = Lab::new(&read(&file), 4);
        lab.run_to(200.0).order(&format!("balancer-address={code}a")).run_to(600.0);
        let (part, dropped) = (1.0 / f64::from(zones), 201.0 + check_s);
        assert_close(code, share(&lab, 204.0, dropped), part, 0.08);
        // A client hears nothing for three seconds before it gives up.
        let mean = share(&lab, dropped + 3.0, dropped + 3.0 + ttl_s);
        assert_close(&format!("{code}: as answers grow old"), mean, part / 2.0, 0.2);
        assert_eq!(lab.failed(dropped + ttl_s + 6.0, 600.0), 0, "{code}");
    }
}

/// A zone that fails everything, behind a balancer like that; answers and connections grow so old.
fn shifted(balancer: Value, (ttl_s, lifetime_s): (f64, f64), code: &str, zones: u32) -> Lab {
    let mut file = file(code, zones, 100.0);
    (file["balancer"], file["dns"]["ttl_s"]) = (balancer, json!(ttl_s));
    file["clients"]["connection_lifetime_s"] = json!(lifetime_s);
    file["faults"] = json!({ "grey_failures": 1, "grey_factor": 1 });
    let mut lab = Lab::new(&read(&file), 5);
    lab.run_to(400.0)
        .order(&format!("zone-grey={code}a"))
        .run_to(460.0)
        .order(&format!("zonal-shift={code}a"));
    lab.run_to(1000.0);
    assert_close("before", share(&lab, 402.0, 460.0), 1.0 / f64::from(zones), 0.15);
    lab
}

#[test]
fn a_zonal_shift_takes_as_long_as_answers_and_connections_last_unless_the_balancer_crosses_zones() {
    let kept = json!({ "kind": "network", "cross_zone": "on", "unhealthy_draining_s": null });
    for (balancer, (ttl_s, lifetime_s), code, zones) in [
        (json!({ "cross_zone": "off" }), (60.0, 0.0), "us-east-1", 3),
        (json!({ "cross_zone": "off" }), (180.0, 0.0), "eu-west-1", 2),
        (json!({ "cross_zone": "off" }), (1.0, 120.0), "us-east-2", 3),
        (json!({ "kind": "network" }), (1.0, 300.0), "us-west-2", 3),
        (kept, (1.0, 200.0), "us-east-1", 3),
    ] {
        let lab = shifted(balancer.clone(), (ttl_s, lifetime_s), code, zones);
        // Of either every one is too old after its time, evenly: half of them on average.
        let span_s = f64::max(ttl_s, lifetime_s);
        let mean = share(&lab, 461.0, 460.0 + span_s);
        let before = share(&lab, 402.0, 460.0);
        assert_close(&format!("{balancer} in {code}"), mean, before / 2.0, 0.2);
        assert_eq!(lab.failed(460.0 + ttl_s + lifetime_s + 2.0, 1000.0), 0, "{balancer} in {code}");
    }
    // AWS blocks the zone's servers at once behind an application balancer that crosses zones.
    for (code, zones) in [("us-east-1", 3), ("eu-west-1", 2)] {
        let lab = shifted(json!({}), (60.0, 120.0), code, zones);
        assert_eq!(lab.failed(461.0, 1000.0), 0, "{code}");
    }
}

#[test]
fn a_network_balancer_that_crosses_zones_shifts_only_if_it_resets_nothing() {
    for (kept, refused) in [(json!(0), true), (json!(300), false), (json!(null), false)] {
        let mut file = file("us-east-1", 3, 1.0);
        file["balancer"] =
            json!({ "kind": "network", "cross_zone": "on", "unhealthy_draining_s": kept.clone() });
        let mut lab = Lab::new(&read(&file), 6);
        lab.run_to(100.0).order("zonal-shift=us-east-1a").run_to(110.0);
        let told = lab.when(|what| matches!(what, What::OrderRefused(_, Refusal::Resets)));
        assert_eq!(told.is_some(), refused, "{kept}");
        assert_eq!(lab.run.world().system.entrances[0].shift.is_some(), !refused, "{kept}");
    }
}

#[test]
fn practice_runs_begin_and_end_when_they_are_due_and_break_off_where_the_rest_is_too_small() {
    let run = |code: &str, zones: u32, servers: u32, (due_s, lasts_s): (f64, f64), rate: f64| {
        let mut file = file(code, zones, rate);
        file["regions"][0]["servers"] = json!(servers);
        file["servers"] = json!({ "concurrency": 2, "queue": 10, "most": servers });
        file["recovery"]["servers"] = json!(1);
        file["regions"][1]["servers"] = json!(servers);
        file["balancer"] = json!({ "practice_at_s": due_s, "practice_s": lasts_s });
        let mut lab = Lab::new(&read(&file), 7);
        lab.run_to(due_s + lasts_s + 60.0);
        let began = lab
            .when(|what| matches!(what, What::ZoneShifted(zone, ShiftedBy::Practice) if zone.region == HOME));
        let over = lab.entries(
            |what| matches!(what, What::ZoneShiftedBack(zone, ShiftedBy::Practice, _) if zone.region == HOME),
        );
        let ends: Vec<f64> = over.map(|entry| entry.at.secs().round()).collect();
        assert_eq!((began.map(f64::round), ends.len()), (Some(due_s), 1), "{code}");
        ends[0] - due_s
    };
    // A slot does 20 requests a second. What is left of 240 a second in the first two cases is enough; of 160 and 240 in the others it is not.
    assert!((run("eu-west-1", 2, 6, (150.0, 300.0), 40.0) - 300.0).abs() < 1.5);
    assert!((run("us-east-2", 3, 6, (400.0, 200.0), 60.0) - 200.0).abs() < 1.5);
    for (code, zones, servers, rate) in [("eu-west-1", 2, 4, 120.0), ("us-east-2", 3, 6, 190.0)] {
        let lasted_s = run(code, zones, servers, (150.0, 300.0), rate);
        assert!(lasted_s < 30.0, "{code}: it hurts at once: {lasted_s}");
    }
}

#[test]
fn aws_shifts_and_ends_its_shift_after_the_spans_that_are_set() {
    for (order, code, after_s, hold_s) in [
        ("zone-grey", "eu-west-1", 60.0, 120.0),
        ("balancer-address", "us-east-2", 200.0, 30.0),
        ("zone-power", "us-west-2", 30.0, 300.0),
    ] {
        let mut file = file(code, 3, 1.0);
        file["balancer"] =
            json!({ "autoshift": true, "autoshift_after_s": after_s, "autoshift_hold_s": hold_s });
        let mut lab = Lab::new(&read(&file), 8);
        lab.run_to(100.0)
            .order(&format!("{order}={code}b"))
            .run_to(400.0)
            .order(&format!("clear {order}={code}b"))
            .run_to(900.0);
        let zone = ZoneId { region: HOME, index: 1 };
        let began = lab.when(|what| *what == What::ZoneShifted(zone, ShiftedBy::Aws)).expect("it begins");
        let ended =
            lab.when(|what| *what == What::ZoneShiftedBack(zone, ShiftedBy::Aws, false)).expect("it ends");
        assert!(
            (began - 100.0 - after_s).abs() < 1.5 && (ended - 400.0 - hold_s).abs() < 1.5,
            "{code}: {began}, {ended}"
        );
    }
}
