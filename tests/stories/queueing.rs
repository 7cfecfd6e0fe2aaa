//! Servers as a queue, against Erlang C.

use crate::lab::{Lab, assert_close, mean};
use faultline::model::scenario::Scenario;
use faultline::model::unit::{Factor, Millis, Rate, Share, Span};
use faultline::model::{Clients, Decider, Population, ServiceTimes};

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

/// The share that one server of `slots` slots and `places` places in its queue refuses: M/M/c/K.
fn refused_by_formula(slots: u32, places: u32, load: f64) -> f64 {
    // What waits beyond the slots is served no faster than they can.
    let offered = load * f64::from(slots);
    let mut weights = vec![1.0];
    for n in 1..=slots + places {
        weights.push(weights[n as usize - 1] * offered / f64::from(n.min(slots)));
    }
    weights[(slots + places) as usize] / weights.iter().sum::<f64>()
}

#[test]
fn refusals_follow_the_formula_of_a_queue_with_few_places() {
    // A check of the formula: without a queue it is Erlang's loss formula, 2.1 % of two erlangs at five lines is 3.67 %.
    assert_close("Erlang B", refused_by_formula(5, 0, 0.4), 0.0367, 0.002);
    for (load, places) in [(0.8, 4), (1.0, 4), (1.3, 4), (1.0, 12)] {
        let mut scenario = four_slots(load);
        scenario.servers.queue = places;
        scenario.clients.retries = 0;
        scenario.recovery.decider = Decider::Manual;
        let mut lab = Lab::new(&scenario, 7);
        // Batches are long against the memory of the queue, so that their spread tells the error of the mean.
        let shares: Vec<f64> = (1..=60)
            .map(|batch| {
                let (from, to) = (f64::from(batch) * 100.0, f64::from(batch + 1) * 100.0);
                lab.run_to(to);
                let (failed, served) = (f64::from(lab.failed(from, to)), f64::from(lab.served(from, to)));
                failed / (failed + served)
            })
            .collect();
        let middle = mean(&shares);
        let spread = mean(&shares.iter().map(|it| (it - middle) * (it - middle)).collect::<Vec<_>>());
        let error = (spread / (shares.len() as f64 - 1.0)).sqrt();
        let wanted = refused_by_formula(4, places, load);
        assert!(
            (middle - wanted).abs() < 3.5 * error && error < wanted / 20.0,
            "load {load}, {places} places: {middle:.4} refused, not {wanted:.4} (± {error:.4})"
        );
    }
}

/// Mean waiting of one slot at a load, in service times, and the 50th and 99th percentile of what an answer takes there.
fn one_slot(load: f64, tail: f64, until_s: f64) -> (f64, f64, f64) {
    let mut scenario = four_slots(load / 4.0);
    (scenario.servers.concurrency, scenario.servers.queue) = (1, 4000);
    (scenario.servers.service_times, scenario.servers.service_tail) = (ServiceTimes::Lognormal, Factor(tail));
    let mut lab = Lab::new(&scenario, 11);
    lab.run_to(until_s);
    let round_trip_ms = {
        let plan = lab.run.plan();
        plan.city_round_trip_ms[usize::from(plan.home_cities[0])][0]
    };
    let (mut time, mut served) = (0.0, 0.0);
    for sample in &lab.record.samples {
        time += f64::from(sample.mean_latency_us) / 1000.0 * f64::from(sample.served);
        served += f64::from(sample.served);
    }
    let requests = lab.run.requests();
    let at_server = |ms: Option<f64>| ms.expect("answers") - round_trip_ms;
    ((time / served - round_trip_ms) / 100.0 - 1.0, at_server(requests.p50_ms), at_server(requests.p99_ms))
}

#[test]
fn a_long_tail_has_its_percentiles_and_makes_others_wait() {
    // Lognormal: the percentiles are in the ratio that is asked for, and the square of the deviation over the mean is
    // exp(s²) - 1 with s = ln(ratio) / 2.3263. Pollaczek and Khinchine: W = load / (1 - load) · (1 + that) / 2.
    for (tail, load) in [(3.0, 0.5), (10.0, 0.5), (10.0, 0.8)] {
        let deviation: f64 = f64::ln(tail) / 2.3263;
        let wanted = load / (1.0 - load) * (deviation * deviation).exp() / 2.0;
        let (waiting, ..) = one_slot(load, tail, 40_000.0);
        assert_close(&format!("tail {tail}, load {load}"), waiting, wanted, 0.06);
    }
    for tail in [3.0, 10.0] {
        // Hardly anybody waits for another.
        let (_, median, late) = one_slot(0.002, tail, 400_000.0);
        assert_close(&format!("tail {tail}"), late / median, tail, 0.12);
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
