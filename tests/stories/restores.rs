//! Restores as each engine does them: cold on RDS, filled on Aurora, a new table on DynamoDB, and prepared on one's own volumes.

use crate::lab::{Lab, in_haste};
use faultline::catalog::backup as facts;
use faultline::kernel::chance::{Chance, Purpose};
use faultline::kernel::id::RegionId;
use faultline::model::Skew;
use faultline::model::engine::Engine;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::{Gib, Rate, Share, Span, Throughput};
use faultline::system::history::Outcome;

const HOME: RegionId = RegionId(0);
const MOST_S: f64 = 20_000.0;

/// A few readers by one database of 500 GiB; nobody takes long over anything but the restore.
fn readers(strategy: Strategy, engine: Engine) -> Scenario {
    let mut scenario = in_haste(Scenario::design(strategy, engine));
    (scenario.weight, scenario.grain) = (1, 1);
    (scenario.backup.restore_min_s, scenario.backup.restore_typical_s) = (Span(600.0), Span(600.0));
    (scenario.backup.restore_max_s, scenario.database.size_gib) = (Span(600.0), Gib(500.0));
    (scenario.database.skew, scenario.database.keys) = (Skew::Uniform, 512);
    scenario.clients.populations.truncate(1);
    (scenario.clients.populations[0].requests_per_s, scenario.clients.populations[0].read_share) =
        (Rate(10.0), Share(0.9));
    scenario
}

/// Data is deleted after five minutes, and restored.
struct Restored {
    lab: Lab,
    at_s: f64,
}

impl Restored {
    fn of(scenario: &Scenario, until_s: f64) -> Self {
        let lab = Lab::with_history(scenario, 4, &[(300.0, "mass-delete=us-east-1")], until_s);
        let at_s = lab.step("restore").end_s.unwrap_or_else(|| panic!("restored: {:?}", lab.incident()));
        Self { lab, at_s }
    }

    /// What reads that were done between two seconds took at home, in milliseconds, shortest first.
    fn reads_ms(&self, from_s: f64, to_s: f64) -> Vec<f64> {
        let all = self.lab.record.operations.as_ref().expect("they are kept").list.iter();
        let mine = all.filter(|it| {
            !it.writes && it.region == Some(HOME) && (from_s..to_s).contains(&it.invoked.secs())
        });
        let done = mine.filter(|it| it.outcome == Outcome::Done);
        let mut took: Vec<f64> = done.map(|it| it.ended.since(it.invoked).secs() * 1000.0).collect();
        took.sort_by(f64::total_cmp);
        assert!(took.len() > 200, "{} reads from {from_s} to {to_s} s", took.len());
        took
    }

    fn median_ms(&self, from_s: f64, to_s: f64) -> f64 {
        let took = self.reads_ms(from_s, to_s);
        took[took.len() / 2]
    }
}

fn mean(all: &[f64]) -> f64 {
    all.iter().sum::<f64>() / all.len() as f64
}

#[test]
fn rds_is_there_early_and_cold_and_reads_wait_for_s3() {
    let restored = Restored::of(&readers(Strategy::BackupRestore, Engine::Rds), MOST_S);
    let before = restored.median_ms(60.0, 300.0);
    let end = restored.at_s;
    let cold = restored.median_ms(end, end + 600.0);
    println!("figure: median read {before:.0} ms, cold {cold:.0} ms");
    assert!(cold > 3.0 * before, "{cold} ms, {before} ms");
    // 500 GiB at 100 MiB a second.
    let loaded = end + 500.0 * 1024.0 / 100.0;
    let warm = restored.median_ms(loaded + 60.0, MOST_S);
    assert!((warm / before - 1.0).abs() < 0.1, "{warm} ms, {before} ms");
    assert!(restored.lab.run.world().system.databases[0].loading.is_none(), "all is there");
    // Half-way each of the places that a read goes to is there or not, by half, and costs a block at 100 MiB a second and the wait.
    let half = f64::midpoint(end, loaded);
    let extra = mean(&restored.reads_ms(half - 200.0, half + 200.0)) - mean(&restored.reads_ms(60.0, 300.0));
    let formula = 0.5 * facts::LOAD_PLACES.value * (facts::LOAD_WAIT.value + 0.5 / 100.0 * 1000.0);
    println!("figure: half-way {extra:.0} ms more, by formula {formula:.0} ms");
    assert!((extra / formula - 1.0).abs() < 0.1, "{extra} ms, {formula} ms");
}

#[test]
fn aurora_is_there_once_its_volume_is_filled_whatever_its_size() {
    let run = |size_gib: f64, load_places: u32| {
        let mut scenario = readers(Strategy::BackupRestore, Engine::AuroraGlobal);
        (scenario.database.size_gib, scenario.backup.load_places) = (Gib(size_gib), load_places);
        Restored::of(&scenario, 3000.0)
    };
    let (small, large, warm) = (run(50.0, 3), run(5000.0, 3), run(5000.0, 0));
    assert_eq!(small.at_s, large.at_s, "what is larger is not there later");
    // The same requests on a cache that is full.
    let more =
        |from_s: f64, to_s: f64| mean(&large.reads_ms(from_s, to_s)) - mean(&warm.reads_ms(from_s, to_s));
    let (first, later) = (more(large.at_s + 30.0, large.at_s + 60.0), more(large.at_s + 600.0, 3000.0));
    println!("figure: {first:.2} ms more in the first minute, {later:.3} ms later");
    // Whatever is read first for its key waits for three pages of 2 ms: of 512 keys after 300 to 600 reads, 42 in 100.
    let formula = facts::LOAD_PLACES.value * facts::CACHE_WAIT.value * 0.42;
    assert!((first / formula - 1.0).abs() < 0.2, "only the cache is empty: {first} ms, {formula} ms");
    assert!(later.abs() < 0.05, "which fills: {later} ms");
    assert!(large.lab.run.world().system.databases[0].loading.is_none(), "no block is missing");
}

#[test]
fn a_table_is_restored_whole_under_another_name_which_servers_are_told() {
    let mut scenario = readers(Strategy::MultiSite, Engine::DynamodbGlobal);
    scenario.recovery.deploy_s = Span(240.0);
    let restored = Restored::of(&scenario, 3000.0);
    let step = restored.lab.step("restore");
    let took = restored.at_s - step.start_s;
    assert!((took - 840.0).abs() < 5.0, "600 s until it is active, 240 s to tell the servers: {took} s");
    let (before, after) =
        (restored.median_ms(60.0, 300.0), restored.median_ms(restored.at_s + 30.0, restored.at_s + 330.0));
    assert!((after / before - 1.0).abs() < 0.1, "it is whole: {after} ms, {before} ms");
    assert!(restored.lab.run.world().system.databases.iter().all(|database| database.loading.is_none()));
}

#[test]
fn ninety_five_of_a_hundred_tables_are_restored_within_an_hour() {
    let [least, typical, most] = Engine::DynamodbGlobal.rules().restore_s;
    let chance = Chance::new(1);
    let within = (0..20_000)
        .filter(|n| chance.of(Purpose::Script, *n, 0, 0).triangular(least, typical, most) < 3600.0)
        .count();
    let share = within as f64 / 20_000.0;
    // 20,000 draws: five deviations are 0.8 %.
    assert!((share - 0.95).abs() < 0.01, "{share}");
}

#[test]
fn a_prepared_snapshot_of_ones_own_volume_brings_all_of_its_blocks() {
    let run = |fast: bool, by_hand: bool| {
        let mut scenario = readers(Strategy::MultiSite, Engine::SelfManaged);
        (scenario.backup.fast_restore, scenario.backup.point_in_time) = (fast, false);
        (scenario.backup.interval_s, scenario.backup.snapshot_mib_per_s) =
            (Span(14_400.0), Throughput(10_000.0));
        scenario.database.size_gib = Gib(1024.0);
        let mut lab = Lab::new(&scenario, 5);
        lab.run_to(200.0);
        if by_hand {
            lab.order("snapshot=us-east-1");
        }
        lab.run_to(300.0).order("mass-delete=us-east-1").run_to(3000.0);
        let loading = lab.run.world().system.databases[0].loading.is_some();
        assert!(lab.step("restore").end_s.is_some(), "restored: {:?}", lab.incident());
        (loading, lab.run.report())
    };
    let ((cold, plain), (fast, priced)) = (run(false, false), run(true, false));
    assert!(cold && !fast, "{cold} {fast}: the one is loaded from S3, the other has been prepared");
    assert!(run(true, true).0, "a TiB takes an hour to prepare: one of just now is cold");
    let line = |report: &faultline::run::report::Report, item: &str| {
        report.cost.items.iter().filter(|it| it.item == item).map(|it| it.monthly_usd).sum::<f64>()
    };
    // An hour for a TiB, in four hours; two zones, 730 hours, 0.75 USD; in the region and in the vault.
    let expected = 2.0 * (1.0 + 1.0 / 4.0) * 2.0 * 730.0 * 0.75;
    assert_eq!(line(&plain, "fast snapshot restore"), 0.0);
    let paid = line(&priced, "fast snapshot restore");
    assert!((paid - expected).abs() < 1.0, "{paid} USD, {expected} USD");
}

#[test]
fn what_is_no_volume_of_ones_own_cannot_be_prepared() {
    for engine in ["rds", "aurora-global", "dynamodb-global", "s3-replication"] {
        let text = format!(
            r#"{{ "name": "x", "strategy": "multi-site", "database": {{ "engine": "{engine}" }},
            "backup": {{ "fast_restore": true }} }}"#
        );
        let problems = Scenario::read(&text).expect_err("refused");
        assert!(
            problems.iter().any(|it| it.place == "backup.fast_restore" && it.allowed.contains("EBS volumes")),
            "{engine}: {problems:?}"
        );
    }
}
