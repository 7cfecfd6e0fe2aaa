//! How clients move when the answer changes, and what keeps them where they were.

use crate::lab::{Lab, assert_close};
use faultline::kernel::id::RegionId;
use faultline::model::RoutingPolicy;
use faultline::model::scenario::Scenario;
use faultline::model::unit::{Factor, Rate, Share, Span};
use faultline::system::journal::What;

/// Readers only, a record that is changed by order, and every request looks its name up.
fn movers() -> Scenario {
    let mut scenario = Scenario::default();
    scenario.clients.connection_lifetime_s = Span(0.0);
    scenario.clients.extending_share = Share(0.0);
    scenario.clients.resolvers = 64;
    scenario.clients.connections = 64;
    for population in &mut scenario.clients.populations {
        population.read_share = Share(1.0);
        population.requests_per_s = Rate(50.0);
    }
    scenario.weight = 4;
    (scenario.recovery.fence_min_s, scenario.recovery.fence_max_s) = (Span(0.0), Span(0.0));
    (scenario.recovery.promote_min_s, scenario.recovery.promote_typical_s) = (Span(1.0), Span(1.0));
    (scenario.recovery.promote_max_s, scenario.recovery.promote_restart_s) = (Span(1.0), Span(0.0));
    scenario.regions[1].servers = 6;
    scenario
}

#[test]
fn resolvers_forget_the_old_answer_as_their_time_to_live_runs_out() {
    let scenario = movers();
    let (ttl, resolvers) = (scenario.dns.ttl_s, 64.0 * 12.0);
    // Lookups per second and resolver: a request from each of 12 x 50 / 4 a second, spread over all resolvers.
    let rate = 12.0 * 50.0 / 4.0 / resolvers;
    let mut stale = [0.0; 3];
    let times = [10.0, 25.0, 40.0];
    const SEEDS: u64 = 24;
    for seed in 0..SEEDS {
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(900.0).order("fail-over=eu-west-1").run_to(961.9);
        let changed = |what: &What| matches!(what, What::AnswerChanged { .. });
        let mut probe = 961.9;
        while lab.when(changed).is_none() {
            probe += 0.1;
            assert!(probe < 1000.0, "the record was never changed");
            lab.run_to(probe);
        }
        let at = lab.when(changed).expect("changed");
        for (time, sum) in times.iter().zip(&mut stale) {
            lab.run_to(at + time);
            let old = lab.run.world().system.clients.resolvers_pointing_to(RegionId(0), lab.run.now());
            *sum += old as f64 / resolvers / SEEDS as f64;
        }
    }
    // Jung, Berger, Balakrishnan 2003: L (T - t) / (1 + L T).
    for (time, share) in times.iter().zip(stale) {
        let expected = rate * (ttl - *time) / (1.0 + rate * ttl);
        assert_close(&format!("old answers {time} s after the change"), share, expected, 0.05);
    }
}

#[test]
fn resolvers_that_extend_the_time_to_live_are_the_last_to_move() {
    let mut scenario = movers();
    scenario.clients.extending_share = Share(0.0874);
    scenario.clients.extension_factor = Factor(10.0);
    let mut lab = Lab::new(&scenario, 1);
    lab.run_to(300.0).order("fail-over=eu-west-1").run_to(480.0);
    let world = lab.run.world();
    let left = world.system.clients.populations.iter().flat_map(|population| &population.resolvers);
    let left: Vec<_> = left.filter(|r| r.cached(lab.run.now()) == Some(RegionId(0))).collect();
    assert!(!left.is_empty(), "well past the time to live some still hold the old answer");
    assert!(left.iter().all(|resolver| resolver.extends), "and only those that extend it");
}

#[test]
fn open_connections_outlive_the_answer() {
    let mut scenario = movers();
    scenario.clients.connection_lifetime_s = Span(3600.0);
    scenario.clients.resolvers = 8;
    scenario.clients.connections = 24;
    let mut lab = Lab::new(&scenario, 1);
    lab.run_to(300.0).order("fail-over=eu-west-1").run_to(600.0);
    let world = lab.run.world();
    assert_eq!(
        world.system.clients.resolvers_pointing_to(RegionId(0), lab.run.now()),
        0,
        "every answer has changed"
    );
    let to_old: f32 = world.observer.metrics.tallies.iter().map(|tally| tally.rate_to[0]).sum();
    let to_new: f32 = world.observer.metrics.tallies.iter().map(|tally| tally.rate_to[1]).sum();
    assert!(
        to_old > 20.0 * to_new.max(0.1),
        "but requests go on to the old region: {to_old} against {to_new}"
    );
}

#[test]
fn a_calm_hour_serves_everybody() {
    let mut lab = Lab::new(&Scenario::default(), 11);
    lab.run_to(3600.0);
    let report = lab.run.report();
    assert_eq!(report.requests.failed, 0);
    assert!(report.requests.sent > 500_000, "{}", report.requests.sent);
    let tokyo = &report.by_client["Tokyo"];
    let new_york = &report.by_client["New York"];
    assert!(
        tokyo.requests.p50_ms > new_york.requests.p50_ms,
        "distance shows: {tokyo:?} against {new_york:?}"
    );
}

#[test]
fn by_latency_people_read_near_and_everybody_writes_in_one_region() {
    let mut scenario = Scenario::default();
    scenario.dns.policy = RoutingPolicy::Latency;
    scenario.regions[1].servers = 6;
    let mut lab = Lab::new(&scenario, 6);
    lab.run_to(600.0);
    let world = lab.run.world();
    let populations = &lab.run.plan().scenario.clients.populations;
    let goes_to = |city: &str, region: usize| {
        let index = populations.iter().position(|population| population.city == city).expect(city);
        world.observer.metrics.tallies[index].rate_to[region]
    };
    assert!(goes_to("London", 1) > 5.0 && goes_to("London", 0) == 0.0, "London reads in Ireland");
    assert!(goes_to("New York", 0) > 5.0 && goes_to("New York", 1) == 0.0, "New York reads in Virginia");
    for database in &world.system.databases {
        let written: Vec<_> = database.versions.iter().filter(|version| version.id.is_written()).collect();
        assert!(written.len() > 50 && written.iter().all(|version| version.id.region == RegionId(0)));
    }
    let report = lab.run.report();
    assert_eq!(report.requests.failed, 0);
    assert!(report.consistency.stale_reads > 0, "a replica that is read is sometimes behind");
    assert!(
        report.by_client["London"].requests.p99_ms
            > report.by_client["London"].requests.p50_ms.map(|ms| ms + 60.0),
        "writes cross"
    );
}

#[test]
fn by_weight_each_region_gets_its_share_and_a_dark_one_none() {
    let mut scenario = movers();
    scenario.dns.policy = RoutingPolicy::Weighted(vec![3.0, 1.0]);
    let mut lab = Lab::new(&scenario, 6);
    lab.run_to(600.0);
    let share = |lab: &Lab| {
        let pointing =
            |region| lab.run.world().system.clients.resolvers_pointing_to(region, lab.run.now()) as f64;
        pointing(RegionId(0)) / (pointing(RegionId(0)) + pointing(RegionId(1)))
    };
    assert_close("answers to the heavier", share(&lab), 0.75, 0.10);
    lab.order("bad-deploy=us-east-1").run_to(800.0);
    assert_eq!(share(&lab), 0.0, "an unhealthy record is not answered");
}
