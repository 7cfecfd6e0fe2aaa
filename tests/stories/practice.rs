//! Practice runs that are due, the case of a zone that is half broken as its file has it, and how balancers let servers go.

use crate::lab::{Lab, assert_close};
use faultline::kernel::clock::SimTime;
use faultline::kernel::id::{RegionId, ServerId};
use faultline::model::BalancerKind;
use faultline::model::scenario::Scenario;
use faultline::model::unit::{Rate, Share, Span};
use faultline::system::fleet::ServerState;
use faultline::system::journal::What;
use faultline::system::refusal::Refusal;
use faultline::system::shift::ShiftedBy;
use serde_json::{Value, json};

const HOME: RegionId = RegionId(0);

fn read(file: &Value) -> Scenario {
    Scenario::read(&file.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// Slack, 30 June 2021: one of three zones fails a seventh of what it does, for 48 minutes.
fn slack() -> Value {
    json!({ "name": "c8-one-zone-grey", "title": "One of three zones is half broken for 48 minutes", "horizon_s": 5400,
        "regions": [{ "code": "us-east-1", "servers": 9 }, { "code": "us-west-2", "servers": 3 }],
        "recovery": { "decider": "person" },
        "faults": { "grey_factor": 4, "grey_failures": 0.15 },
        "script": [{ "at_s": 600, "order": "zone-grey=us-east-1a" }, { "at_s": 3480, "order": "clear zone-grey=us-east-1a" }] })
}

/// A run of that case as its file has it, with a zonal shift after five minutes or without.
fn half_broken(balancer: Value, shift: bool) -> Lab {
    let mut file = slack();
    file["balancer"] = balancer;
    if shift {
        let line = json!({ "at_s": 900, "order": "zonal-shift=us-east-1a" });
        // By half past it is long over.
        file["script"][1] = line;
    }
    let scenario = read(&file);
    let mut lab = Lab::new(&scenario, 11);
    for line in &scenario.script {
        lab.run_to(line.at_s).order(&line.order);
    }
    lab.run_to(if shift { 1500.0 } else { 5400.0 });
    lab
}

/// How long the one degradation of a run lasted, in seconds.
fn degraded_s(lab: &Lab) -> f64 {
    let report = lab.run.report();
    assert!(report.outages.is_empty(), "too few fail for an outage");
    let spans: Vec<f64> = report.degradations.iter().map(|it| it.end_s.expect("over") - it.start_s).collect();
    assert_eq!(spans.len(), 1, "{spans:?}");
    let moved = |what: &What| matches!(what, What::StandbyTookOver { .. } | What::Promoted { .. });
    assert_eq!(lab.when(moved), None, "no database fails over");
    spans[0]
}

#[test]
fn a_zone_half_broken_for_48_minutes_hurts_five_if_it_is_shifted_away_from_after_five() {
    for (shift, (least_s, most_s), equivalent_s) in
        [(false, (2820.0, 2900.0), 24.0), (true, (285.0, 360.0), 2.4)]
    {
        let lab = half_broken(json!({}), shift);
        let lasted_s = degraded_s(&lab);
        assert!((least_s..most_s).contains(&lasted_s), "{shift}: {lasted_s}");
        let unserved = lab.run.report().incidents[0].unserved_s;
        assert_close("seconds in which nobody is served", unserved, equivalent_s, 0.1);
    }
}

#[test]
fn behind_a_balancer_that_does_not_cross_zones_it_hurts_five_to_six_minutes() {
    // Answers grow old in a minute, and so do connections. Each zone has to carry its third, so it is an outage: the slow servers
    // are full.
    for balancer in [json!({ "cross_zone": "off" }), json!({ "kind": "network" })] {
        let lab = half_broken(balancer.clone(), true);
        let lasted_s = lab.incident().rto_s.expect("over");
        assert!((300.0..=360.0).contains(&lasted_s), "{balancer}: {lasted_s}");
        let moved = |what: &What| matches!(what, What::StandbyTookOver { .. } | What::Promoted { .. });
        assert_eq!(lab.when(moved), None, "no database fails over");
    }
}

/// Nine servers in three zones, or as many as are given, that are asked 550 times a second.
fn fleet(servers: u32, due_s: f64) -> Value {
    json!({
        "name": "nine", "title": "Nine servers in three zones", "horizon_s": 7200, "weight": 1,
        "regions": [{ "code": "us-east-1", "servers": servers }, { "code": "us-west-2", "servers": 3 }],
        "clients": { "populations": [{ "city": "New York", "requests_per_s": 550 }], "extending_share": 0 },
        "database": { "engine": "dynamodb-global" },
        "servers": { "concurrency": 10, "queue": 10, "most": servers }, "recovery": { "decider": "manual", "servers": 1 },
        "balancer": { "practice_at_s": due_s },
    })
}

fn began(lab: &Lab) -> Option<f64> {
    lab.when(|what| matches!(what, What::ZoneShifted(zone, ShiftedBy::Practice) if zone.region == HOME))
}

fn ended(lab: &Lab, failed: bool) -> Option<f64> {
    lab.when(move |what| {
        matches!(what, What::ZoneShiftedBack(zone, ShiftedBy::Practice, it) if zone.region == HOME && *it == failed)
    })
}

#[test]
fn the_weeks_practice_run_begins_by_itself_and_shows_whether_two_zones_carry_the_load() {
    for (servers, carries) in [(9, true), (4, false)] {
        let mut lab = Lab::new(&read(&fleet(servers, 300.0)), 6);
        lab.run_to(2500.0);
        assert_eq!(began(&lab).map(f64::round), Some(300.0));
        if carries {
            assert_eq!((ended(&lab, false).map(f64::round), ended(&lab, true)), (Some(2100.0), None));
        } else {
            let at = ended(&lab, true).expect("broken off");
            assert!((300.0..330.0).contains(&at), "it hurts at once: {at}");
        }
        let all = lab.entries(|what| matches!(what, What::ZoneShifted(zone, _) if zone.region == HOME));
        assert_eq!(all.count(), 1, "one a week");
    }
}

#[test]
fn chance_chooses_the_zone_of_a_practice_run() {
    let zone = |seed| {
        let mut lab = Lab::new(&read(&fleet(9, 10.0)), seed);
        lab.run_to(12.0);
        lab.run.world().system.entrances[0].shift.expect("in force").zone
    };
    let mut counts = [0; 3];
    for seed in 0..30 {
        counts[usize::from(zone(seed))] += 1;
    }
    assert!(counts.iter().all(|count| (3..=17).contains(count)), "a third each: {counts:?}");
}

#[test]
fn a_practice_run_waits_for_shifts_alarms_and_impaired_zones() {
    for (breaks, mends, why) in [
        ("zonal-shift=us-east-1b", "end-zonal-shift=us-east-1", Refusal::ShiftInForce(HOME)),
        ("zone-grey=us-east-1c", "clear zone-grey=us-east-1c", Refusal::ImpairedZone(HOME)),
        ("check-fails=us-east-1", "clear check-fails=us-east-1", Refusal::Unhealthy(HOME)),
        (
            "security-group-database=us-east-1",
            "clear security-group-database=us-east-1",
            Refusal::AlarmOn(HOME),
        ),
    ] {
        let mut file = fleet(9, 600.0);
        // Everybody stays where it fails, so that an alarm goes off.
        file["dns"] = json!({ "policy": { "weighted": [1, 0] }, "failure_threshold": 10, "interval_s": 10 });
        file["faults"] = json!({ "grey_failures": 0, "grey_factor": 1 });
        if breaks == "check-fails=us-east-1" {
            file["dns"]["failure_threshold"] = json!(3);
        }
        let mut lab = Lab::new(&read(&file), 7);
        lab.run_to(200.0).order(breaks).run_to(900.0);
        let told: Vec<f64> = lab
            .entries(|what| matches!(what, What::PracticePutOff(zone, told) if zone.region == HOME && *told == why))
            .map(|entry| entry.at.secs().round())
            .collect();
        assert_eq!((told, began(&lab)), (vec![600.0], None), "{breaks}: {why:?}");
        lab.order(mends).run_to(1500.0);
        let at = began(&lab).unwrap_or_else(|| panic!("{breaks}: never"));
        assert!((900.0..1200.0).contains(&at), "{breaks}: once nothing is in its way: {at}");
    }
}

/// A fleet of which half is too many, behind a balancer.
fn too_many(kind: BalancerKind) -> Scenario {
    let mut scenario = read(&fleet(8, 0.0));
    scenario.balancer.practice_at_s = None;
    (scenario.balancer.kind, scenario.balancer.cross_zone) = (kind, faultline::model::CrossZone::On);
    scenario.clients.populations[0].requests_per_s = Rate(60.0);
    scenario.clients.populations[0].read_share = Share(1.0);
    scenario.clients.connection_lifetime_s = Span(240.0);
    (scenario.servers.scale_in, scenario.servers.least) = (true, 4);
    scenario.servers.scale_in_after_s = Span(120.0);
    scenario
}

#[test]
fn a_network_balancer_keeps_connections_at_a_server_that_goes_until_its_delay_is_over() {
    for (kind, stays_s) in [(BalancerKind::Application, (0.0, 3.0)), (BalancerKind::Network, (299.0, 302.0))]
    {
        let mut lab = Lab::new(&too_many(kind), 8);
        let (mut began, mut over, mut worked) = (None, None, false);
        for second in 1..=1500 {
            lab.run_to(f64::from(second));
            let out =
                lab.entries(|what| matches!(what, What::ServersTakenOut(it) if it.region == HOME)).next();
            began = began.or(out.map(|entry| entry.at));
            let servers = &lab.run.world().system.fleets.servers;
            let here = |state| servers.iter().filter(|it| it.region == HOME && it.state == state).count();
            worked |= servers.iter().any(|it| it.state == ServerState::Draining && it.busy > 0)
                && began.is_some_and(|at| lab.run.now().since(at).secs() > 30.0);
            if began.is_some() && over.is_none() && here(ServerState::Draining) == 0 {
                over = Some(lab.run.now());
            }
        }
        let (began, over): (SimTime, SimTime) = (began.expect("too many"), over.expect("they go"));
        let took = over.since(began).secs();
        assert!((stays_s.0..=stays_s.1).contains(&took), "{kind:?}: {took}");
        assert_eq!(
            worked,
            kind == BalancerKind::Network,
            "{kind:?}: what comes over old connections is served"
        );
        assert_eq!(lab.failed(0.0, 1500.0), 0, "{kind:?}: nobody notices");
        let world = lab.run.world();
        let gone = |id: ServerId| world.system.fleets.servers[id.index()].state == ServerState::Off;
        let flows = world.system.clients.populations[0].connections.iter().filter_map(|it| it.flows.server());
        let stale =
            flows.filter(|(id, life)| gone(*id) && world.system.fleets.servers[id.index()].life == *life);
        assert_eq!(stale.count(), 0, "no connection leads to who has gone");
    }
}
