//! Addresses of balancers by zone, zonal shifts by hand and by AWS, practice runs, and network balancers.

use crate::lab::{Lab, assert_close};
use faultline::kernel::id::{RegionId, ZoneId};
use faultline::model::scenario::Scenario;
use faultline::system::journal::What;
use faultline::system::refusal::Refusal;
use faultline::system::shift::ShiftedBy;
use serde_json::{Value, json};

const HOME: RegionId = RegionId(0);

fn read(file: &Value) -> Scenario {
    Scenario::read(&file.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// A region of nine servers over three zones, whose clients open a connection for each request and try once.
fn nine() -> Value {
    json!({
        "name": "nine", "title": "Nine servers in three zones", "horizon_s": 5400, "weight": 4,
        "regions": [{ "code": "us-east-1", "servers": 9 }, { "code": "us-west-2", "servers": 3 }],
        "clients": { "populations": [{ "city": "New York", "requests_per_s": 300 }], "connection_lifetime_s": 0,
            "retries": 0, "extending_share": 0, "resolvers": 64 },
        "database": { "engine": "dynamodb-global" }, "servers": { "concurrency": 40, "queue": 160 },
        "recovery": { "decider": "manual" },
    })
}

fn share(lab: &Lab, from_s: f64, to_s: f64) -> f64 {
    let (failed, served) = (f64::from(lab.failed(from_s, to_s)), f64::from(lab.served(from_s, to_s)));
    failed / (failed + served)
}

#[test]
fn a_third_of_new_connections_waits_in_vain_until_the_record_drops_the_address() {
    for (zones, third) in [(3, 1.0 / 3.0), (2, 0.5)] {
        let mut file = nine();
        file["regions"][0]["zones"] = json!(zones);
        file["balancer"] = json!({ "address_check_s": 30 });
        let mut lab = Lab::new(&read(&file), 1);
        lab.run_to(300.0).order("balancer-address=us-east-1a").run_to(600.0);
        assert_close("until it is dropped", share(&lab, 311.0, 330.0), third, 0.06);
        let dropped = lab.when(|what| matches!(what, What::AddressListed(_, false))).expect("dropped");
        assert!((330.0..332.0).contains(&dropped), "{dropped}");
        // Then answers age out evenly over the time to live of 60 s.
        assert_close("half way", share(&lab, dropped + 12.0, dropped + 52.0), third / 2.0, 0.2);
        assert_eq!(lab.failed(dropped + 65.0, 600.0), 0, "nobody has the old answer any more");
        lab.order("clear balancer-address=us-east-1a").run_to(700.0);
        assert!(lab.when(|what| matches!(what, What::AddressListed(_, true))).is_some());
    }
}

#[test]
fn a_zone_without_targets_fails_its_third_for_ever_where_traffic_does_not_cross_zones() {
    // Two servers stand in the first two of three zones.
    let mut file = nine();
    file["regions"][0]["servers"] = json!(2);
    file["clients"]["populations"][0]["requests_per_s"] = json!(60);
    for (balancer, wanted) in [
        (json!({ "kind": "network" }), 1.0 / 3.0),
        (json!({ "kind": "network", "cross_zone": "on" }), 0.0),
        (json!({ "kind": "application" }), 0.0),
        (json!({ "kind": "application", "cross_zone": "off" }), 1.0 / 3.0),
    ] {
        file["balancer"] = balancer.clone();
        let mut lab = Lab::new(&read(&file), 2);
        lab.run_to(1500.0);
        let measured = share(&lab, 100.0, 1500.0);
        assert!((measured - wanted).abs() < 0.02, "{balancer}: {measured}, not {wanted}");
    }
}

#[test]
fn an_address_that_falls_with_its_zone_adds_a_third_to_a_lost_zone() {
    let mut file = nine();
    for (falls, wanted) in [(false, 0.0), (true, 1.0 / 3.0)] {
        file["balancer"] = json!({ "falls_with_zone": falls, "address_check_s": 300 });
        let mut lab = Lab::new(&read(&file), 3);
        lab.run_to(300.0).order("zone-power=us-east-1a").run_to(560.0);
        // Its servers have left the balancer by then.
        let measured = share(&lab, 400.0, 560.0);
        assert!((measured - wanted).abs() < 0.03, "falls with its zone: {falls}: {measured}");
    }
}

/// Case 9: one of three zones is half broken for 48 minutes.
fn half_broken() -> Scenario {
    read(&json!({
        "name": "one-zone-grey", "title": "One of three zones is half broken", "horizon_s": 5400, "weight": 4,
        "regions": [{ "code": "us-east-1", "servers": 9 }, { "code": "us-west-2", "servers": 3 }],
        "recovery": { "decider": "manual" }, "faults": { "grey_factor": 4, "grey_failures": 0.5 },
        "servers": { "concurrency": 40, "queue": 160 }, "database": { "engine": "dynamodb-global" },
    }))
}

#[test]
fn a_zonal_shift_after_five_minutes_ends_the_errors_of_a_half_broken_zone() {
    let run = |shift: bool| {
        let mut lab = Lab::new(&half_broken(), 4);
        lab.run_to(600.0).order("zone-grey=us-east-1a").run_to(900.0);
        if shift {
            lab.order("zonal-shift=us-east-1a");
        }
        lab.run_to(3480.0).order("clear zone-grey=us-east-1a").run_to(4200.0);
        lab
    };
    let (left, shifted) = (run(false), run(true));
    // Each of three attempts fails if it meets the zone, a third of them, and is one of the half that fails there.
    assert_close("three attempts", share(&left, 620.0, 3480.0), (0.5_f64 / 3.0).powi(3), 0.1);
    assert!(
        left.failed(960.0, 3480.0) > 20 * shifted.failed(960.0, 3480.0).max(1),
        "it goes on for 48 minutes"
    );
    assert_eq!(shifted.failed(930.0, 3480.0), 0, "after the shift no request meets the zone");
    // The writer is not moved by it, nor by the grey zone: there is no failover.
    assert_eq!(shifted.when(|what| matches!(what, What::StandbyTookOver { .. })), None);
}

#[test]
fn one_shift_at_a_time_which_ends_by_itself_and_people_go_before_aws() {
    let mut scenario = half_broken();
    scenario.balancer.shift_s.0 = 600.0;
    let mut lab = Lab::new(&scenario, 5);
    let refused = |lab: &Lab| lab.entries(|what| matches!(what, What::OrderRefused(..))).count();
    lab.run_to(100.0).order("zonal-shift=us-east-1a").order("zonal-shift=us-east-1b").run_to(110.0);
    assert_eq!(refused(&lab), 1, "one at a time");
    let why = |what: &What| matches!(what, What::OrderRefused(_, Refusal::ShiftInForce(HOME)));
    assert!(lab.when(why).is_some());
    lab.order("practice-run=us-east-1b").run_to(120.0);
    assert_eq!(refused(&lab), 2, "nobody practises beside it");
    lab.run_to(705.0);
    let back = lab.when(|what| matches!(what, What::ZoneShiftedBack(_, ShiftedBy::Order, false)));
    assert_eq!(back.map(f64::round), Some(700.0), "its time was over");
    lab.order("practice-run=us-east-1b").run_to(800.0).order("zonal-shift=us-east-1c").run_to(900.0);
    let shift = lab.run.world().system.entrances[0].shift.expect("in force");
    assert_eq!((shift.zone, shift.by), (2, ShiftedBy::Order), "a person's takes the place of a practice run");
    lab.order("end-zonal-shift=us-east-1").run_to(910.0);
    assert!(lab.run.world().system.entrances[0].shift.is_none());
    lab.order("end-zonal-shift=us-east-1").run_to(920.0);
    assert_eq!(refused(&lab), 3, "none is in force");
}

#[test]
fn a_practice_run_shows_whether_two_zones_carry_everything() {
    let failed = ZoneId { region: HOME, index: 0 };
    for (servers, carries) in [(9, true), (4, false)] {
        let mut file = nine();
        file["regions"][0]["servers"] = json!(servers);
        file["servers"]["most"] = json!(servers);
        file["weight"] = json!(1);
        file["servers"]["concurrency"] = json!(10);
        file["servers"]["queue"] = json!(10);
        file["clients"]["populations"][0]["requests_per_s"] = json!(550);
        file["recovery"]["servers"] = json!(1);
        let mut lab = Lab::new(&read(&file), 6);
        lab.run_to(300.0).order("practice-run=us-east-1a").run_to(2400.0);
        let over = |broken_off| {
            lab.when(move |what| *what == What::ZoneShiftedBack(failed, ShiftedBy::Practice, broken_off))
        };
        if carries {
            assert_eq!(over(false).map(f64::round), Some(2100.0), "half an hour");
        } else {
            let at = over(true).expect("broken off");
            assert!((300.0..330.0).contains(&at), "it hurts at once: {at}");
        }
    }
}

#[test]
fn aws_shifts_away_from_an_impaired_zone_by_itself_if_it_may() {
    for (auto, wanted) in [(false, None), (true, Some(900.0))] {
        let mut scenario = half_broken();
        scenario.balancer.autoshift = auto;
        let mut lab = Lab::new(&scenario, 7);
        lab.run_to(600.0).order("zone-grey=us-east-1b").run_to(1500.0);
        let shifted = lab.when(|what| matches!(what, What::ZoneShifted(_, ShiftedBy::Aws)));
        assert_eq!(shifted.map(f64::round), wanted);
        // AWS waits for 15 minutes in which the zone is well: an hour of a zone that comes and goes is one shift.
        let in_force = |lab: &Lab| lab.run.world().system.entrances[0].shift.is_some();
        lab.order("clear zone-grey=us-east-1b").run_to(2300.0);
        assert_eq!(in_force(&lab), auto, "not at once");
        lab.order("zone-grey=us-east-1b").run_to(2400.0).order("clear zone-grey=us-east-1b").run_to(3299.0);
        assert_eq!(in_force(&lab), auto, "counted anew");
        lab.run_to(3310.0);
        assert!(!in_force(&lab), "15 minutes after it was well for good");
        assert_eq!(lab.entries(|what| matches!(what, What::ZoneShifted(..))).count(), usize::from(auto));
    }
}

#[test]
fn a_network_balancer_keeps_a_connection_at_its_server() {
    // All servers of a zone die: who is connected to one waits, and tries again over another connection.
    let mut file = nine();
    file["clients"]["connection_lifetime_s"] = json!(3600);
    file["balancer"] = json!({ "kind": "network", "cross_zone": "on", "interval_s": 10 });
    let mut lab = Lab::new(&read(&file), 8);
    lab.run_to(300.0);
    let flows = |lab: &Lab| {
        let connections = &lab.run.world().system.clients.populations[0].connections;
        let servers = connections.iter().filter_map(|it| it.flows.server());
        servers.map(|(server, _)| usize::from(server.0)).collect::<Vec<_>>()
    };
    lab.order("zone-power=us-east-1a").run_to(420.0);
    let zones = &lab.run.world().system.fleets.servers;
    assert!(flows(&lab).iter().all(|index| zones[*index].zone != 0), "nobody is connected to what is dead");
    assert!(!flows(&lab).is_empty());
    assert_eq!(lab.failed(360.0, 420.0), 0);
}
