//! Readers inside a region: reads at the reader endpoint are answered a moment behind the writer, and go on without it.

use crate::lab::{Lab, assert_close};
use faultline::catalog::database as facts;
use faultline::kernel::id::RegionId;
use faultline::model::scenario::Scenario;
use faultline::system::database::Status;
use faultline::system::history::Operation;
use faultline::system::journal::What;
use serde_json::{Value, json};

const HOME: RegionId = RegionId(0);

fn on(engine: &str, inside: &str, reader_reads: f64) -> Value {
    json!({
        "name": "readers", "title": "A region with readers", "weight": 1, "horizon_s": 7200,
        "strategy": if inside == "cluster" { "backup-restore" } else { "warm-standby" },
        "regions": [{ "code": "us-east-1", "servers": 6 }, { "code": "us-east-2", "servers": i32::from(inside != "cluster") }],
        "database": { "engine": engine, "inside": inside, "keys": 4, "skew": "uniform", "reader_reads": reader_reads },
        "backup": { "copies": false },
        "recovery": { "decider": "manual" },
        "clients": { "populations": [{ "city": "Washington", "requests_per_s": 60, "read_share": 0.5 }] }
    })
}

fn read(file: &Value) -> Scenario {
    Scenario::read(&file.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn operations(lab: &Lab) -> &[Operation] {
    &lab.record.operations.as_ref().expect("it was asked for").list
}

#[test]
fn a_reader_that_is_behind_by_more_than_a_read_takes_shows_what_its_lag_says() {
    let mut file = on("aurora-global", "volume", 1.0);
    file["database"]["keys"] = json!(40);
    (file["database"]["reader_lag_min_ms"], file["database"]["reader_lag_max_ms"]) = (json!(500), json!(500));
    let (mut stale, mut reads, mut took_s) = (0, 0, 0.0);
    for seed in 0..4 {
        let lab = Lab::with_history(&read(&file), seed, &[(0.0, ""); 0], 1200.0);
        stale += lab.run.report().consistency.stale_reads;
        let all = || operations(&lab).iter().filter(|it| !it.writes);
        reads += all().count();
        took_s += all().map(|it| it.ended.since(it.invoked).secs()).sum::<f64>();
    }
    // A read is stale if a write to its key was committed in that time, less what the way to a client and back takes: that has to be told
    // of before the read begins. Writes to a key come at 0.75 a second.
    let window_s = 0.5 - took_s / reads as f64;
    let by_formula = 1.0 - (-0.75 * window_s).exp();
    println!("figure: {stale} of {reads} reads are stale, by formula {by_formula:.3}");
    assert_close("stale reads at readers", stale as f64 / reads as f64, by_formula, 0.02);
    // With the usual lag nobody who has been told of a write can read before it is there.
    let mut usual = Lab::new(&read(&on("aurora-global", "volume", 1.0)), 1);
    usual.run_to(600.0);
    assert_eq!(usual.run.report().consistency.stale_reads, 0);
}

#[test]
fn reads_go_on_while_the_writer_is_replaced() {
    for (engine, inside) in [
        ("aurora-global", "volume"),
        ("documentdb-global", "volume"),
        ("rds", "cluster"),
        ("elasticache-global", "nodes"),
    ] {
        for seed in 0..4 {
            let failed = |share: f64| {
                let mut file = on(engine, inside, share);
                // With more writes those that wait for the writer would fill the servers.
                file["clients"]["populations"][0]["read_share"] = json!(0.9);
                let lab =
                    Lab::with_history(&read(&file), seed, &[(100.0, "primary-database=us-east-1")], 200.0);
                let back_s =
                    lab.when(|what| matches!(what, What::StandbyTookOver { .. })).expect("a takeover");
                let during = |it: &&Operation| (101.0..back_s - 8.0).contains(&it.invoked.secs());
                let answered = |it: &&Operation| it.outcome == faultline::system::history::Outcome::Done;
                let of = |writes: bool| {
                    let all = || operations(&lab).iter().filter(during).filter(|it| it.writes == writes);
                    (all().filter(answered).count(), all().count())
                };
                (of(false), of(true))
            };
            let told = format!("{engine}, seed {seed}");
            let ((read, asked), (written, writes)) = failed(1.0);
            assert_eq!(read, asked, "{told}: every read is answered");
            // A few are tried for so long that the new writer takes them.
            assert!(written * 10 <= writes, "{told}: {written} of {writes} writes are done");
            let ((read, asked), _) = failed(0.0);
            assert!(
                read * 10 <= asked,
                "{told}: at the writer's endpoint {read} of {asked} reads are answered"
            );
        }
    }
}

#[test]
fn without_a_reader_its_endpoint_leads_to_the_writer_once_servers_have_heard() {
    let mut file = on("aurora-global", "volume", 1.0);
    file["servers"] = json!({ "endpoint_cache_s": 30 });
    for seed in 0..4 {
        let mut failed = |reader_reads: f64| {
            file["database"]["reader_reads"] = json!(reader_reads);
            let mut lab = Lab::new(&read(&file), seed);
            lab.run_to(100.0).order("zone-power=us-east-1b").run_to(300.0);
            let database = &lab.run.world().system.databases[HOME.index()];
            assert_eq!((database.zone, database.status), (0, Status::Up), "the writer is well");
            lab.order("clear zone-power=us-east-1b").run_to(600.0);
            assert_eq!(lab.failed(200.0, 590.0), 0, "seed {seed}: once all have heard, and back");
            lab.failed(101.0, 130.0)
        };
        // Servers are lost with the zone too; who asks the lost reader is more.
        let (of_readers, of_writers) = (failed(1.0), failed(0.0));
        assert!(of_readers > of_writers + 50, "seed {seed}: {of_readers}, {of_writers}");
    }
}

#[test]
fn what_has_no_reader_is_not_read_at_one() {
    assert_eq!((facts::READER_LAG_MIN.value, facts::READER_LAG_MAX.value), (10.0, 20.0));
    for (engine, inside) in [("rds", "standby"), ("rds", "single"), ("aurora-global", "volume-alone")] {
        let problems = Scenario::read(&on(engine, inside, 0.5).to_string()).expect_err("it has no reader");
        let told = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(told.contains("database.reader_reads: 0.5 is not allowed; allowed: 0: what is"), "{told}");
    }
}

#[test]
fn of_two_readers_that_of_the_first_tier_takes_over() {
    let takes_over = |first: u32, seed, orders: &[&str]| {
        let mut file = on("aurora-global", "volume-two-readers", 0.0);
        file["database"]["first_tier_zone"] = json!(first);
        let mut lab = Lab::new(&read(&file), seed);
        lab.run_to(100.0);
        for order in orders {
            lab.order(order);
        }
        lab.run_to(200.0);
        let database = &lab.run.world().system.databases[HOME.index()];
        assert_eq!(database.status, Status::Up);
        database.zone
    };
    let (writer, with_zone_c) =
        (["primary-database=us-east-1"], ["zone-power=us-east-1c", "primary-database=us-east-1"]);
    for seed in 0..4 {
        assert_eq!([0, 2, 3].map(|first| takes_over(first, seed, &writer)), [1, 1, 2], "seed {seed}");
        assert_eq!(takes_over(3, seed, &with_zone_c), 1, "seed {seed}: who is there takes over");
    }
}

#[test]
fn with_two_readers_a_second_failure_finds_the_other() {
    for seed in 0..4 {
        let mut lab = Lab::new(&read(&on("documentdb-global", "volume-two-readers", 0.0)), seed);
        lab.run_to(100.0).order("zone-power=us-east-1a").run_to(200.0);
        lab.order("zone-power=us-east-1b").run_to(300.0);
        let database = &lab.run.world().system.databases[HOME.index()];
        // A zone is left, with two copies of the volume: there is a writer, and nothing that it could write to.
        assert_eq!(
            (database.zone, database.status, database.answers()),
            (2, Status::Up, false),
            "seed {seed}"
        );
        lab.order("clear zone-power=us-east-1b").run_to(400.0);
        let database = &lab.run.world().system.databases[HOME.index()];
        assert_eq!((database.zone, database.writable()), (2, true), "seed {seed}");
        assert_eq!(lab.run.report().loss.counts.missing(), 0, "seed {seed}");
    }
}
