//! An item cache in front of a table, as DAX is: writes of its own region go through it, those of other regions round it.

use crate::lab::{Lab, assert_close};
use faultline::kernel::id::RegionId;
use faultline::model::scenario::Scenario;
use serde_json::{Value, json};

const AWAY: RegionId = RegionId(1);
const KEYS: u32 = 20;
const WRITES_PER_S: f64 = 2.0;

/// Virginia writes, and Ireland reads what comes from there.
fn on(cached_s: f64) -> Value {
    json!({
        "name": "cached", "title": "A table and its cache", "strategy": "multi-site", "weight": 1, "horizon_s": 7200,
        "write_pattern": "write-local",
        "regions": [{ "code": "us-east-1", "servers": 4 }, { "code": "eu-west-1", "servers": 6 }],
        "database": { "engine": "dynamodb-global", "keys": KEYS, "skew": "uniform", "item_cache_s": cached_s },
        "dns": { "policy": "latency" },
        "clients": { "populations": [
            { "city": "Washington", "requests_per_s": WRITES_PER_S, "read_share": 0 },
            { "city": "Dublin", "requests_per_s": 100, "read_share": 1 }
        ] }
    })
}

fn read(file: &Value) -> Scenario {
    Scenario::read(&file.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn what_goes_round_the_cache_is_stale_until_its_time_to_live_is_over() {
    let rate = WRITES_PER_S / f64::from(KEYS);
    let stale_share = |cached_s: f64| {
        let (mut stale, mut reads) = (0, 0);
        for seed in 0..4 {
            let mut lab = Lab::new(&read(&on(cached_s)), seed);
            lab.run_to(1200.0);
            let report = lab.run.report();
            stale += report.consistency.stale_reads;
            let meters = &lab.run.world().system.meters;
            reads += meters.reads[AWAY] + meters.cache_hits[AWAY];
        }
        stale as f64 / reads as f64
    };
    // A read of the table is stale for the lag alone: that is what the first share says of it.
    let lag = 1.0 - stale_share(0.0);
    for cached_s in [30.0, 300.0] {
        // An item is as old as anything up to its time to live, which begins with a read: they come all the time.
        let fresh = (1.0 - (-rate * cached_s).exp()) / (rate * cached_s);
        let by_formula = 1.0 - lag * fresh;
        let measured = stale_share(cached_s);
        println!(
            "figure: cached for {cached_s} s, {measured:.3} of reads are stale, by formula {by_formula:.3}"
        );
        assert_close("stale reads from a cache", measured, by_formula, 0.03);
    }
}

#[test]
fn what_is_written_through_the_cache_is_never_stale_there() {
    let mut file = on(300.0);
    file["clients"]["populations"] = json!([{ "city": "Dublin", "requests_per_s": 60, "read_share": 0.5 }]);
    let mut lab = Lab::new(&read(&file), 5);
    lab.run_to(1200.0);
    assert_eq!(lab.run.report().consistency.stale_reads, 0);
    let hits = lab.run.world().system.cache_hits(lab.run.plan(), AWAY).expect("a cache that was asked");
    // Everything is in it after a second or two, by a read or by a write, and stays.
    assert!(hits > 0.99, "{hits}");
}

#[test]
fn the_cache_goes_on_answering_while_its_table_is_out_of_reach() {
    let mut answered = [0.0, 300.0].map(|cached_s| {
        let mut lab = Lab::new(&read(&on(cached_s)), 2);
        lab.run_to(100.0).order("database-endpoint=eu-west-1").run_to(130.0);
        let failed = lab.failed(101.0, 125.0);
        lab.run_to(700.0);
        // After its time to live nothing is left of it.
        (failed, lab.failed(500.0, 690.0))
    });
    answered.sort_unstable();
    let [(cached, later), (without, _)] = answered;
    assert!(without > 2000, "{without} of 2,400 fail without it");
    assert!(cached < without / 10, "{cached} fail with it");
    assert!(later > 15_000, "{later}");
}

#[test]
fn hits_cost_no_reads_and_nodes_cost_by_the_hour() {
    let bill = |cached_s: f64| {
        let mut lab = Lab::new(&read(&on(cached_s)), 1);
        lab.run_to(1200.0);
        let items = lab.run.cost().items;
        let usd = |item: &str| {
            let lines = items.iter().filter(|line| line.item == item && line.region == "eu-west-1");
            lines.map(|line| line.monthly_usd).sum::<f64>()
        };
        (usd("item cache"), usd("reads"))
    };
    let ((none, reads), (nodes, missed)) = (bill(0.0), bill(300.0));
    assert_eq!(none, 0.0);
    assert_close("three nodes", nodes, 3.0 * 730.0 * 0.269, 1e-9);
    // Each of 20 items is read once in 300 s, and there are 100 reads a second.
    assert_close("reads that miss", missed / reads, f64::from(KEYS) / 300.0 / 100.0, 0.3);
}

#[test]
fn only_a_table_has_an_item_cache() {
    for engine in ["s3-replication", "self-managed"] {
        let mut file = on(300.0);
        file["database"]["engine"] = json!(engine);
        let problems = Scenario::read(&file.to_string()).expect_err("it has none");
        let told = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(told.contains("database.item_cache_s: 300.0 is not allowed; allowed: 0: "), "{told}");
    }
}
