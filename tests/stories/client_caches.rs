//! Clients that keep an address beside their resolver, pools of connections, and timeouts of cities' own: who moves when.

use crate::lab::{Lab, assert_close, mean};
use faultline::app::{App, Msg};
use faultline::kernel::clock::SimTime;
use faultline::kernel::id::RegionId;
use faultline::model::scenario::Scenario;
use faultline::model::unit::{Rate, Share, Span};
use faultline::system::clients::Population;
use faultline::system::journal::What;

const EAST: RegionId = RegionId(0);

/// Two regions that serve, a failover record, a time to live of 60 s, and nobody who stretches it: in steps of 10.
fn sites(clients: &str) -> Scenario {
    let file = format!(
        r#"{{ "strategy": "multi-site", "write_pattern": "write-local", "horizon_s": 7200, "weight": 10,
          "database": {{ "engine": "dynamodb-global" }}, "servers": {{ "concurrency": 80 }},
          "regions": [ {{ "code": "us-east-1", "servers": 6 }}, {{ "code": "us-west-2", "servers": 6 }} ],
          "dns": {{ "policy": "failover", "ttl_s": 60 }}, "clients": {{ "extending_share": 0, {clients} }} }}"#
    );
    Scenario::read(&file).expect("a scenario")
}

/// The first region goes dark after ten minutes, for good.
fn darkness(scenario: &Scenario, seed: u64, until_s: f64) -> Lab {
    let mut lab = Lab::new(scenario, seed);
    lab.run_to(600.0).order("region-dark=us-east-1").run_to(until_s);
    lab
}

fn share_failed(lab: &Lab, from_s: f64, to_s: f64) -> f64 {
    let (failed, served) = (f64::from(lab.failed(from_s, to_s)), f64::from(lab.served(from_s, to_s)));
    failed / (failed + served)
}

#[test]
fn a_client_that_keeps_an_address_for_ever_never_moves() {
    // HikariCP 314 and 1075: until the application is restarted.
    let lab = darkness(&sites(r#""caching_share": 1"#), 11, 7200.0);
    assert_eq!(lab.served(620.0, 7200.0), 0, "everybody asks the dark region, whatever DNS says");
    let report = lab.run.report();
    let held = report.old_answers;
    assert_eq!((held.resolvers, held.clients, held.connections), (0, 12 * 24, 0));
    assert_eq!((held.until_s, held.until_restarted), (None, true));
    let cutover = lab.step("cutover");
    assert_eq!(cutover.end_s, None, "the clients have not moved: {cutover:?}");
    assert_eq!(lab.incident().rto_s, None);
    // A long connection is no such client: the first timeout closes it, and the client asks again.
    let lab = darkness(&sites(r#""connection_lifetime_s": 86400"#), 11, 1800.0);
    assert_eq!(lab.failed(800.0, 1800.0), 0);
    assert_eq!(lab.run.report().old_answers, Default::default());
}

#[test]
fn a_restart_of_the_clients_ends_what_they_keep_for_ever() {
    for lifetime in ["0", "86400"] {
        let fields = format!(r#""caching_share": 1, "connection_lifetime_s": {lifetime}"#);
        let mut lab = darkness(&sites(&fields), 11, 1200.0);
        assert_eq!(lab.served(620.0, 1200.0), 0);
        lab.order("restart-clients").run_to(1500.0);
        // Attempts that were under way when they began again time out yet.
        assert_eq!(lab.failed(1215.0, 1500.0), 0, "they ask again, and are told another region");
        assert!(lab.served(1215.0, 1500.0) > 0);
        assert_eq!(lab.run.report().old_answers, Default::default());
    }
}

#[test]
fn a_restart_of_one_city_moves_that_city_alone() {
    for (city, seed) in [("Tokyo", 12), ("New York", 13)] {
        let mut lab = darkness(&sites(r#""caching_share": 1"#), seed, 900.0);
        lab.order(&format!("restart-clients={city}")).run_to(920.0);
        // Attempts that were under way time out yet; nobody else has moved.
        for (other, share) in lab.availability_to(1200.0) {
            assert_eq!(share, f64::from(u8::from(other == city)), "{other} after a restart in {city}");
        }
        assert_eq!(lab.run.report().old_answers.clients, 11 * 24);
        lab.order("restart-clients").run_to(1220.0);
        assert!(
            lab.availability_to(1500.0).iter().all(|(_, share)| *share == 1.0),
            "all are told another region"
        );
    }
    let told = faultline::model::Order::parse("restart-clients=Tokio").expect("an order");
    let told = Lab::new(&sites(r#""retries": 2"#), 1).run.resolve(&told).expect_err("no such city");
    assert!(
        told.starts_with("\"restart-clients=Tokio\" is not allowed; allowed: \"Tokyo\" (did you mean that?)"),
        "{told}"
    );
}

#[test]
fn of_the_traffic_the_share_of_such_clients_fails_for_ever() {
    for share in [0.25, 0.6] {
        let scenario = sites(&format!(r#""connections": 200, "caching_share": {share}"#));
        let failing: Vec<f64> =
            (1..=4).map(|seed| share_failed(&darkness(&scenario, seed, 1500.0), 900.0, 1500.0)).collect();
        assert_close(&format!("{share} of the clients"), mean(&failing), share, 0.07);
    }
}

#[test]
fn a_client_that_keeps_it_for_a_minute_moves_a_minute_later_at_most() {
    // The verdict and its way take 46 s at most, the resolver 60 s, the client 60 s, a request its three attempts.
    let scenario = sites(r#""caching_share": 1, "cache_s": 60"#);
    for seed in 1..=3 {
        let lab = darkness(&scenario, seed, 1500.0);
        let changed = lab.when(|what| matches!(what, What::AnswerChanged { .. })).expect("an answer");
        assert!((640.0..647.0).contains(&changed), "{changed}");
        assert!(lab.failed(changed + 60.0, changed + 110.0) > 0, "the resolver alone is not enough");
        assert_eq!(lab.failed(changed + 60.0 + 60.0 + 10.0, 1500.0), 0, "seed {seed}");
    }
}

/// Requests a second in each of four cities, and clients: many to a resolver, so that when one of them asks says little of when
/// the resolver does.
const MOVING: (f64, u32) = (300.0, 256);

/// How long clients take on average to move after a record has changed, and how long the last takes, in seconds.
fn time_to_move(ttl_s: f64, cache_s: f64, seed: u64) -> (f64, f64) {
    let clients = format!(
        r#""connection_lifetime_s": 0, "resolvers": 8, "connections": 256, "caching_share": 1, "cache_s": {cache_s}"#
    );
    let mut scenario = sites(&clients);
    (scenario.dns.ttl_s, scenario.weight, scenario.servers.concurrency) = (Span(ttl_s), 1, 400);
    scenario.clients.populations.truncate(4);
    for population in &mut scenario.clients.populations {
        (population.requests_per_s, population.read_share) = (Rate(MOVING.0), Share(1.0));
    }
    let mut lab = Lab::new(&scenario, seed);
    lab.run_to(400.0).order("routing-control=us-east-1>us-west-2");
    let changed = |what: &What| matches!(what, What::AnswerChanged { .. });
    let mut now = 400.0;
    while lab.when(changed).is_none() {
        now += 0.1;
        lab.run_to(now);
    }
    let left = |people: &Population| {
        let newest = |place: usize| people.caches.newest(place).expect("everybody has a cache").to;
        (0..people.connections.len()).filter(|place| newest(*place) == EAST).count()
    };
    let (at, mut sum, step) = (lab.when(changed).expect("it has"), 0.0, 0.25);
    let all = 4.0 * f64::from(MOVING.1);
    loop {
        now += step;
        lab.run_to(now);
        let left: usize = lab.run.world().system.clients.populations.iter().map(left).sum();
        sum += left as f64 / all * step;
        if left == 0 {
            return (sum + (now - at - step).min(step) / 2.0, now - at);
        }
    }
}

#[test]
fn the_time_to_move_is_half_of_both_spans_and_at_most_their_sum() {
    // A resolver asks again after a time that is uniform on (0, T), and a client independently after one on (0, C) more.
    for (ttl_s, cache_s) in [(60.0, 50.0), (60.0, 23.0), (25.0, 120.0)] {
        let times: Vec<(f64, f64)> = (1..=5).map(|seed| time_to_move(ttl_s, cache_s, seed)).collect();
        let means: Vec<f64> = times.iter().map(|(mean, _)| *mean).collect();
        let what = format!("mean time to move, {ttl_s} s and {cache_s} s");
        // Then it waits for its next request.
        let waits_s = f64::from(MOVING.1) / MOVING.0;
        assert_close(&what, mean(&means), (ttl_s + cache_s) / 2.0 + waits_s, 0.06);
        for (_, worst) in times {
            // Who has no request just then waits for the next one.
            assert!(worst < ttl_s + cache_s + 6.0, "{worst} of {ttl_s} and {cache_s}");
            assert!(worst > 0.75 * (ttl_s + cache_s), "{worst} of {ttl_s} and {cache_s}");
        }
    }
}

#[test]
fn whoever_keeps_the_address_of_a_region_that_is_left_in_peace_stays_in_it_and_is_served() {
    // An evacuation: nothing is broken, and still a third of the traffic does not leave.
    let mut lab = Lab::new(&sites(r#""connections": 200, "caching_share": 0.33"#), 3);
    lab.run_to(300.0).order("evacuate=us-east-1").run_to(1800.0);
    assert!(f64::from(lab.failed(300.0, 1800.0)) < 0.001 * f64::from(lab.served(300.0, 1800.0)));
    let rate = |region: RegionId| -> f32 {
        lab.run.world().observer.metrics.tallies.iter().map(|tally| tally.rate_to[region]).sum()
    };
    let stays = f64::from(rate(EAST) / (rate(EAST) + rate(RegionId(1))));
    assert_close("who stays", stays, 0.33, 0.15);
    assert!(lab.run.report().old_answers.until_restarted);
}

#[test]
fn by_latency_the_clients_of_a_bad_release_stay_until_it_is_mended_and_then_are_served_again() {
    let mut scenario = sites(r#""caching_share": 1"#);
    scenario.dns.policy = faultline::model::RoutingPolicy::Latency;
    let mut lab = Lab::new(&scenario, 5);
    lab.run_to(300.0).order("bad-deploy=us-east-1").run_to(900.0);
    let by_city = lab.run.report().by_client;
    let before = |city: &str| by_city[city].requests.failed;
    assert!(before("New York") > 40_000 && before("Los Angeles") == 0, "the west does not notice");
    let held = lab.run.report().old_answers;
    assert!(held.clients.is_multiple_of(24) && held.clients > 0, "whole cities: {held:?}");
    lab.order("clear bad-deploy=us-east-1").run_to(1500.0);
    assert_eq!(lab.failed(1100.0, 1500.0), 0, "what they keep is right again");
    assert_eq!(lab.run.report().old_answers.clients, 0);
}

#[test]
fn the_page_says_how_many_hold_an_old_answer_and_until_when() {
    let mut app = App::new("#/?paused=1&slowmo=0", None);
    let mut look = |clients: &str, at_s: f64| {
        let mut scenario = sites(clients);
        let order = "region-dark=us-east-1".into();
        scenario.script.push(faultline::model::ScriptLine { at_s: 600.0, order });
        app.begin(scenario);
        app.update(Msg::Scrubbed(at_s));
        while app.seeking() {
            app.frame(16.7);
        }
        let (panels, report) = (app.panels(), app.history().shown().report());
        let line = panels.route53.old_answers.clone();
        assert!(line.iter().all(|line| panels.description.contains(line.as_str())));
        (line, panels.headline.body, report.old_answers)
    };
    assert_eq!(look(r#""caching_share": 1"#, 590.0).0, None);
    let (line, body, _) = look(r#""caching_share": 1"#, 1200.0);
    assert_eq!(line.as_deref(), Some("288 clients hold an old answer, the last until it is restarted"));
    assert!(body.contains("288 clients keep an old address, the last until it is restarted."), "{body}");
    let (line, body, held) = look(r#""caching_share": 1, "cache_s": 60"#, 660.0);
    let (resolvers, clients, until) = (held.resolvers, held.clients, held.until_s.expect("a moment"));
    assert!(resolvers > 0 && clients > resolvers && (660.0..=770.0).contains(&until), "{held:?}");
    let wanted =
        format!("{resolvers} resolvers and {clients} clients hold an old answer, the last until 0:1");
    assert!(line.as_ref().is_some_and(|line| line.starts_with(&wanted)), "{line:?}");
    assert!(body.contains(&format!("{resolvers} resolvers still point")), "{body}");
}

#[test]
fn connections_of_a_pool_close_one_by_one_as_something_times_out_on_each() {
    // A request keeps to its connection. One is used at a rate of L/N, and closed a timeout after its first use: exp(-L (t - timeout)/N) are still open.
    let (rate, connections, timeout_s) = (100.0, 400_u32, 3.0);
    let mut open = [0.0; 3];
    let times = [5.0, 8.0, 12.0];
    const SEEDS: u64 = 6;
    for seed in 1..=SEEDS {
        let mut scenario = sites(r#""connection_lifetime_s": 86400"#);
        (scenario.weight, scenario.clients.connections) = (1, connections);
        scenario.clients.populations.truncate(1);
        (scenario.clients.populations[0].requests_per_s, scenario.clients.timeout_s) =
            (Rate(rate), Span(timeout_s));
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(60.0).order("region-dark=us-east-1");
        for (time, sum) in times.iter().zip(&mut open) {
            lab.run_to(60.0 + time);
            let now = lab.run.now();
            let people = &lab.run.world().system.clients.populations[0];
            let is_open = |to: Option<RegionId>| to == Some(EAST) && now > SimTime::ZERO;
            let count = people.connections.iter().filter(|connection| is_open(connection.to)).count();
            *sum += count as f64 / f64::from(connections) / SEEDS as f64;
        }
    }
    for (time, share) in times.iter().zip(open) {
        let expected = libm::exp(-rate * (time - timeout_s) / f64::from(connections));
        assert_close(&format!("open after {time} s"), share, expected, 0.08);
    }
}

#[test]
fn a_city_waits_as_long_as_its_own_timeout_says() {
    // Little: in flight are L (attempts x timeout + pauses); the pauses are 0.05 s and 0.1 s on average.
    let mut scenario = sites(r#""caching_share": 1"#);
    scenario.weight = 1;
    scenario.clients.populations.truncate(3);
    for (population, timeout_s) in scenario.clients.populations.iter_mut().zip([Some(1.0), None, Some(8.0)]) {
        (population.requests_per_s, population.timeout_s) = (Rate(100.0), timeout_s.map(Span));
    }
    let mut lab = Lab::new(&scenario, 5);
    lab.run_to(60.0).order("region-dark=us-east-1");
    let mut waiting = [0.0; 3];
    for look in 0..60 {
        lab.run_to(120.0 + f64::from(look));
        let report = lab.run.report();
        for (city, sum) in scenario.clients.populations.iter().zip(&mut waiting) {
            *sum += report.by_client[&city.city].requests.in_flight as f64 / 60.0;
        }
    }
    for (timeout_s, waiting) in [1.0, 3.0, 8.0].into_iter().zip(waiting) {
        assert_close(&format!("{timeout_s} s"), waiting, 100.0 * (3.0 * timeout_s + 0.15), 0.03);
    }
}
