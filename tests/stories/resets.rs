//! A network balancer and a server that it finds unhealthy: connections to it are reset, at once, later or never.

use crate::lab::{Lab, assert_close};
use faultline::kernel::id::{RegionId, ServerId};
use faultline::model::scenario::Scenario;
use faultline::system::connection::Flow;
use faultline::system::journal::What;
use serde_json::{Value, json};

const HOME: RegionId = RegionId(0);
const CONNECTIONS: usize = 300;

/// How long a connection stays open, in seconds: by then every one is opened anew that was open at the start.
const LIFETIME_S: f64 = 600.0;

/// Servers in zones, behind a network balancer that looks deep every second. Everybody tries once.
fn file(code: &str, zones: u32, servers: u32) -> Value {
    json!({
        "name": "resets", "title": "Connections are reset", "horizon_s": 3600, "weight": 1,
        "regions": [{ "code": code, "servers": servers, "zones": zones }, { "code": "us-west-2", "servers": 2 }],
        "clients": { "populations": [{ "city": "New York", "requests_per_s": 60, "read_share": 1 }],
            "connections": CONNECTIONS, "connection_lifetime_s": LIFETIME_S, "retries": 0, "extending_share": 0 },
        "balancer": { "kind": "network", "cross_zone": "on", "check": "deep", "interval_s": 1, "unhealthy_threshold": 1 },
        "faults": { "grey_failures": 1, "grey_factor": 1 }, "recovery": { "decider": "manual" },
        "database": { "engine": "dynamodb-global" }, "servers": { "concurrency": 100 },
    })
}

fn read(file: &Value) -> Scenario {
    Scenario::read(&file.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// How many connections that clients have open are like that.
fn count(lab: &Lab, fits: impl Fn(Flow) -> bool) -> usize {
    let connections = &lab.run.world().system.clients.populations[0].connections;
    connections.iter().filter(|it| it.to.is_some() && fits(it.flows)).count()
}

fn zone_of(lab: &Lab, server: ServerId) -> u8 {
    lab.run.world().system.fleets.servers[server.index()].zone
}

/// How many connections lead to a server of the first zone.
fn in_zone(lab: &Lab) -> usize {
    count(lab, |flow| flow.server().is_some_and(|(server, _)| zone_of(lab, server) == 0))
}

fn reset(lab: &Lab) -> usize {
    count(lab, |flow| matches!(flow, Flow::Reset(_)))
}

fn share(lab: &Lab, from_s: f64, to_s: f64) -> f64 {
    let (failed, served) = (f64::from(lab.failed(from_s, to_s)), f64::from(lab.served(from_s, to_s)));
    failed / (failed + served)
}

#[test]
fn each_connection_to_an_unhealthy_server_costs_one_attempt_and_no_more() {
    for (code, zones, servers, seed) in
        [("us-east-1", 3, 9, 1), ("eu-west-1", 2, 8, 2), ("us-east-2", 3, 3, 3)]
    {
        let mut lab = Lab::new(&read(&file(code, zones, servers)), seed);
        lab.run_to(620.0);
        let before = in_zone(&lab) as f64 / CONNECTIONS as f64;
        assert_close("each zone has as many", before, 1.0 / f64::from(zones), 0.2);
        lab.order(&format!("zone-grey={code}a")).run_to(623.0);
        let left = reset(&lab);
        assert!(
            left > 20 && in_zone(&lab) == 0,
            "{code}: all are reset, and many clients do not know yet: {left}"
        );
        lab.run_to(720.0);
        // Whoever uses one hears of it, and opens another: now and then two at once.
        let failed = lab.failed(623.0, 720.0) as usize;
        assert!(failed.abs_diff(left) <= 3, "{code}: {failed} of {left}");
        assert_eq!((reset(&lab), in_zone(&lab), lab.failed(710.0, 720.0)), (0, 0, 0), "{code}");
    }
}

#[test]
fn without_resets_a_share_fails_for_ever_and_with_a_delay_until_that_is_over() {
    for (kept, ends) in [(json!(null), None), (json!(40), Some(661.0)), (json!(75), Some(696.0))] {
        let mut file = file("us-east-1", 3, 9);
        file["balancer"]["unhealthy_draining_s"] = kept.clone();
        let mut lab = Lab::new(&read(&file), 4);
        lab.run_to(620.0).order("zone-grey=us-east-1a").run_to(660.0);
        let wanted = in_zone(&lab) as f64 / CONNECTIONS as f64;
        assert_close(&format!("kept for {kept}"), share(&lab, 623.0, 660.0), wanted, 0.08);
        lab.run_to(920.0);
        match ends {
            // Connections that are too old are opened anew, to another server: evenly over their lifetime.
            None => {
                let left = wanted * (1.0 - (820.0 - 660.0) / LIFETIME_S);
                assert_close("for ever", share(&lab, 720.0, 920.0), left, 0.1);
            }
            Some(ends) => {
                assert_close("until then", share(&lab, 623.0, ends - 1.0), wanted, 0.08);
                // 300 connections of which each is used five times a second: after a minute all have been.
                assert_eq!(lab.failed(ends + 60.0, 920.0), 0, "kept for {kept}");
            }
        }
    }
    // Who is well again before it is over keeps its connections.
    let mut file = file("us-east-1", 3, 9);
    file["balancer"]["unhealthy_draining_s"] = json!(60);
    file["balancer"]["healthy_threshold"] = json!(2);
    let mut lab = Lab::new(&read(&file), 5);
    lab.run_to(620.0)
        .order("zone-grey=us-east-1a")
        .run_to(650.0)
        .order("clear zone-grey=us-east-1a")
        .run_to(670.0);
    let kept = in_zone(&lab);
    assert!(kept > 50, "{kept}");
    // And a second verdict counts from its own time.
    lab.order("zone-grey=us-east-1a").run_to(725.0);
    assert_eq!((in_zone(&lab) > kept * 3 / 4, reset(&lab)), (true, 0));
    lab.run_to(735.0);
    assert_eq!(in_zone(&lab), 0);
}

#[test]
fn whoever_waits_for_a_dead_server_is_reset_at_the_verdict() {
    // Two checks of ten seconds: the verdict falls between ten and twenty seconds after the server has died.
    let run = |draining: Value| {
        let mut file = file("us-east-1", 3, 9);
        file["balancer"] = json!({ "kind": "network", "cross_zone": "on", "interval_s": 10, "unhealthy_draining_s": draining });
        file["clients"]["timeout_s"] = json!(60);
        let mut lab = Lab::new(&read(&file), 6);
        lab.run_to(620.0).order("zone-power=us-east-1a").run_to(800.0);
        lab
    };
    let (cut, waits) = (run(json!(0)), run(json!(null)));
    let verdicts: Vec<f64> = cut
        .entries(|what| matches!(what, What::TargetTurned { region: HOME, healthy: false, .. }))
        .map(|entry| entry.at.secs())
        .collect();
    assert_eq!(verdicts.len(), 3);
    let (first, last) = (verdicts[0], verdicts[2]);
    assert!((630.0..=640.0).contains(&first) && (630.0..=640.0).contains(&last), "{verdicts:?}");
    assert_eq!(cut.failed(620.0, first.floor()), 0, "before that they wait");
    // A third of 60 requests a second has gone there until then: each fails at once, and so does the next on each connection.
    let failed = f64::from(cut.failed(620.0, last.ceil() + 1.0));
    let sum: f64 = verdicts.iter().map(|at| (at - 620.0) * 60.0 / 9.0).sum();
    assert!((0.8 * sum..1.35 * sum).contains(&failed), "{failed} of {sum}");
    // Whoever was opening a connection to it just then waits for the minute.
    assert_eq!(cut.failed(702.0, 800.0), 0);
    // Without resets they wait for their minute, and so does whoever has asked over the connection before it was closed.
    assert_eq!(waits.failed(620.0, 679.0), 0);
    assert!(waits.failed(681.0, 739.0) > 300, "{}", waits.failed(681.0, 739.0));
}

#[test]
fn the_balancer_resets_nothing_if_no_target_is_left() {
    // Nine servers turn one by one; the last makes the balancer pass everything on, to whoever is there.
    let mut lab = Lab::new(&read(&file("us-east-1", 3, 9)), 7);
    lab.run_to(620.0).order("region-grey=us-east-1").run_to(623.0);
    assert!(!lab.run.world().system.fleets.has_healthy(HOME));
    let kept = count(&lab, |flow| flow.server().is_some());
    assert!(kept > 20, "those of the last go on: {kept}");
    lab.run_to(720.0).order("clear region-grey=us-east-1").run_to(820.0);
    assert_eq!((reset(&lab), lab.failed(740.0, 820.0)), (0, 0));
}
