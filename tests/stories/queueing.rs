//! Servers as a queue, against Erlang C.

use crate::lab::{Lab, assert_close};
use faultline::model::scenario::Scenario;
use faultline::model::unit::{Factor, Millis, Rate, Share, Span};
use faultline::model::{Clients, Population};

/// One server with four slots, one city, no jitter, connections that stay.
fn four_slots(load: f64) -> Scenario {
    let mut scenario = Scenario { weight: 1, horizon_s: Span(40_000.0), ..Scenario::default() };
    scenario.network.jitter = Factor(0.0);
    scenario.network.zone_round_trip_ms = Millis(0.01);
    scenario.servers.concurrency = 4;
    scenario.servers.queue = 4000;
    scenario.servers.service_ms = Millis(100.0);
    scenario.servers.scale_out_use = Share(1.0);
    scenario.database.read_ms = Millis(0.0);
    scenario.database.timeout_s = Span(60.0);
    for region in &mut scenario.regions {
        region.servers = 1;
    }
    scenario.clients = Clients {
        populations: vec![Population {
            city: "New York".into(),
            requests_per_s: Rate(load * 4.0 / 0.1),
            read_share: Share(1.0),
            timeout_s: None,
        }],
        connection_lifetime_s: Span(86_400.0),
        timeout_s: Span(120.0),
        ..Clients::default()
    };
    scenario
}

#[test]
fn waiting_follows_erlang_c() {
    // Facts 9.5: c = 4; waiting in service times: 0.0870 at load 0.5, 0.7455 at load 0.8.
    for (load, wait) in [(0.5, 0.0870), (0.8, 0.7455)] {
        let scenario = four_slots(load);
        let mut lab = Lab::new(&scenario, 5);
        lab.run_to(200.0);
        let from = lab.record.samples.len();
        lab.run_to(30_000.0);
        let round_trip_ms = {
            let plan = lab.run.plan();
            plan.city_round_trip_ms[usize::from(plan.home_cities[0])][0]
        };
        let (mut time, mut served) = (0.0, 0.0);
        for sample in &lab.record.samples[from..] {
            time += f64::from(sample.mean_latency_us) / 1000.0 * f64::from(sample.served);
            served += f64::from(sample.served);
        }
        let at_server_ms = time / served - round_trip_ms;
        assert_close(&format!("load {load}"), at_server_ms / 100.0, 1.0 + wait, 0.02);
    }
}

#[test]
fn a_surge_fills_the_queues_and_auto_scaling_answers_late() {
    let mut lab = Lab::new(&Scenario::default(), 2);
    lab.run_to(120.0).order("load-surge").run_to(1200.0);
    let early = f64::from(lab.failed(120.0, 240.0));
    let late = f64::from(lab.failed(1080.0, 1200.0));
    assert!(early > 500.0, "two and a half times the load is more than six servers carry: {early}");
    assert!(late < early / 10.0, "twelve servers carry it: {late} against {early}");
    lab.order("clear load-surge").run_to(1300.0);
    assert_eq!(lab.failed(1250.0, 1300.0), 0);
}
