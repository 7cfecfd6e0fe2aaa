//! A commit waits for as many copies in other zones as its engine wants: the k-th answer of n, against the formula of the order
//! statistic.

use faultline::kernel::chance::{Chance, Purpose};
use faultline::model::engine::Engine;
use faultline::model::inside::Inside;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::{Factor, Millis};
use faultline::run::simulation::Simulation;

const COUNT: u64 = 40_000;
const COMMIT_MS: f64 = 2.0;
const ROUND_TRIP_MS: f64 = 10.0;
const JITTER: f64 = 0.5;

/// What a commit of an engine takes beyond its own work and the round trip, with so many zones lit, as shares of the round trip.
fn jitters(
    engine: Engine,
    inside: Inside,
    zones: usize,
    break_it: fn(&mut faultline::system::database::Database),
) -> Vec<f64> {
    let mut scenario = Scenario::design(Strategy::MultiSite, engine);
    scenario.database.take_form(inside);
    (scenario.database.commit_ms, scenario.network.zone_round_trip_ms) =
        (Millis(COMMIT_MS), Millis(ROUND_TRIP_MS));
    scenario.network.jitter = Factor(JITTER);
    let run = Simulation::new(&scenario, 1);
    let mut database = run.world().system.databases[0].clone();
    break_it(&mut database);
    let chance = Chance::new(7);
    (0..COUNT)
        .map(|n| {
            let mut draws = chance.of(Purpose::Script, n, 9, 0);
            let span = database.commit_span(run.plan(), zones, &mut draws);
            (span.secs() * 1000.0 - COMMIT_MS) / ROUND_TRIP_MS - 1.0
        })
        .collect()
}

/// The k-th of n exponential times with this mean: the mean is a sum of k parts.
fn formula(k: usize, n: usize) -> f64 {
    (0..k).map(|nth| JITTER / (n - nth) as f64).sum()
}

/// That the k-th of n has come by a share of the mean of one: at least k of n have.
fn come(k: usize, n: usize, x: f64) -> f64 {
    let each = 1.0 - (-x).exp();
    let choose = |m: usize| (0..m).map(|i| (n - i) as f64 / (i + 1) as f64).product::<f64>();
    (k..=n).map(|m| choose(m) * each.powi(m as i32) * (1.0 - each).powi((n - m) as i32)).sum()
}

fn held(what: &str, all: &[f64], (k, n): (usize, usize)) {
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    println!("figure: {what}: {mean:.4} of a round trip, by formula {:.4}", formula(k, n));
    assert!((mean / formula(k, n) - 1.0).abs() < 0.03, "{what}: {mean}");
    for x in [0.25, 0.5, 1.0, 2.0] {
        let by_then = all.iter().filter(|share| **share <= x * JITTER).count() as f64 / all.len() as f64;
        assert!((by_then - come(k, n, x)).abs() < 0.01, "{what}: {by_then} by {x}, {}", come(k, n, x));
    }
}

#[test]
fn a_table_waits_for_one_of_two_followers_and_without_a_zone_for_the_other() {
    let table = |zones: usize| jitters(Engine::DynamodbGlobal, Inside::Partitions, zones, |_| {});
    held("two of three", &table(3), (1, 2));
    held("two of two", &table(2), (1, 1));
}

#[test]
fn a_volume_waits_for_four_of_six_of_which_two_are_in_the_writers_zone() {
    let volume = |break_it| jitters(Engine::AuroraGlobal, Inside::Volume, 3, break_it);
    held("four of six", &volume(|_| {}), (2, 4));
}

#[test]
fn a_cluster_waits_for_one_of_two_standbys_and_an_instance_for_its_only_one() {
    held("cluster", &jitters(Engine::Rds, Inside::Cluster, 3, |_| {}), (1, 2));
    held(
        "one lost",
        &jitters(Engine::Rds, Inside::Cluster, 2, |database| database.standbys.lose(2, true)),
        (1, 1),
    );
    held("standby", &jitters(Engine::Rds, Inside::Standby, 3, |_| {}), (1, 1));
    let alone = jitters(Engine::Rds, Inside::Single, 3, |_| {});
    assert!(
        alone.iter().all(|share| *share == -1.0),
        "nobody is asked: not even the round trip is waited for"
    );
}
