//! Aurora's write forwarding: what a read beside it waits for, and what that costs.

use crate::lab::{Lab, mean};
use faultline::kernel::id::{PopulationId, RegionId};
use faultline::model::scenario::Scenario;
use faultline::model::{Engine, Forwarding};
use faultline::run::report::Consistency;
use faultline::system::history::{Operation, Outcome};
use serde_json::{Value, json};

const SECONDARY: RegionId = RegionId(1);
const LONDON: PopulationId = PopulationId(0);

/// London writes through a secondary region, over few connections and to few keys, so that sessions come back to what they wrote;
/// Washington writes to the same keys in the first region.
fn on(level: Forwarding) -> Value {
    json!({
        "name": "forwarding", "title": "Writes are forwarded", "strategy": "multi-site", "weight": 1, "horizon_s": 3600,
        "write_pattern": "write-global",
        "regions": [{ "code": "us-east-1", "servers": 4 }, { "code": "eu-west-1", "servers": 4 }],
        "database": { "engine": "aurora-global", "keys": 3, "skew": "uniform", "forwarding": level.slug() },
        "backup": { "copies": false }, "network": { "jitter": 0 },
        "recovery": { "decider": "manual" },
        "clients": { "retries": 0, "connections": 4, "populations": [
            { "city": "London", "requests_per_s": 20, "read_share": 0.7 },
            { "city": "Washington", "requests_per_s": 10, "read_share": 0.5 }
        ] }
    })
}

fn run(level: Forwarding, orders: &[(f64, &str)], until_s: f64) -> Lab {
    let scenario = Scenario::read(&on(level).to_string()).unwrap_or_else(|problems| panic!("{problems:?}"));
    Lab::with_history(&scenario, 8, orders, until_s)
}

/// Reads of London between two seconds.
fn reads(lab: &Lab, from_s: f64, to_s: f64) -> Vec<&Operation> {
    let all = lab.record.operations.as_ref().expect("they are kept").list.iter();
    let mine = |it: &&Operation| {
        it.population == LONDON && !it.writes && (from_s..to_s).contains(&it.invoked.secs())
    };
    all.filter(mine).collect()
}

/// What reads that are done took, in milliseconds, shortest first.
fn took(reads: &[&Operation]) -> Vec<f64> {
    let done = reads.iter().filter(|it| it.outcome == Outcome::Done);
    let mut all: Vec<f64> = done.map(|it| it.ended.since(it.invoked).secs() * 1000.0).collect();
    all.sort_by(f64::total_cmp);
    assert!(all.len() > 500, "{} reads are done", all.len());
    all
}

#[test]
fn a_session_reads_its_own_writes_and_global_reads_are_never_stale() {
    let [eventual, session, global] =
        [Forwarding::Eventual, Forwarding::Session, Forwarding::Global].map(|level| {
            let lab = run(level, &[], 600.0);
            let all = reads(&lab, 60.0, 597.0);
            assert!(all.iter().all(|it| it.outcome == Outcome::Done), "{}", level.slug());
            assert!(all.iter().all(|it| it.region == Some(SECONDARY)), "reads stay in their region");
            (lab.run.report().consistency, took(&all), lab.run.plan().region_round_trip_ms[0][1])
        });
    let own = |it: &Consistency| it.read_your_writes_violations;
    println!("own writes missed: {}, {}, {}", own(&eventual.0), own(&session.0), own(&global.0));
    println!("stale: {}, {}, {}", eventual.0.stale_reads, session.0.stale_reads, global.0.stale_reads);
    assert!(own(&eventual.0) > 50 && eventual.0.stale_reads > own(&eventual.0));
    assert!(own(&session.0) == 0 && session.0.stale_reads > 100, "others' writes may still be missing");
    assert_eq!((own(&global.0), global.0.stale_reads), (0, 0));
    // An eventual read stays at home. A global one asks first: a round trip to the writer; then what was committed by then comes with
    // the next shipment, 0.2 s later at most, half a round trip on the way, and the copy looks every 10 ms.
    let (round_trip, median) = (global.2, |took: &[f64]| took[took.len() / 2]);
    println!(
        "median {:.0}, {:.0}, {:.0} ms; round trip {round_trip} ms",
        median(&eventual.1),
        median(&session.1),
        median(&global.1)
    );
    assert!(global.1[0] >= eventual.1[0] + round_trip - 1.0, "{} and {}", global.1[0], eventual.1[0]);
    assert!(mean(&global.1) > mean(&eventual.1) + round_trip);
    let most = global.1[global.1.len() * 99 / 100];
    let slowest = eventual.1[eventual.1.len() * 99 / 100] + 1.5 * round_trip + 200.0 + 20.0;
    assert!(most < slowest, "{most} ms, {slowest} at most");
    assert!(mean(&session.1) > mean(&eventual.1) && mean(&session.1) < mean(&global.1));
}

#[test]
fn without_the_writer_global_reads_fail_and_the_others_go_on() {
    // A session that had written just before the cut waits for that as long as the link is cut; the others read on.
    for (level, expected) in [
        (Forwarding::Eventual, 0.99..=1.0),
        (Forwarding::Session, 0.2..=0.8),
        (Forwarding::Global, 0.0..=0.0),
    ] {
        let lab = run(
            level,
            &[(100.0, "link-cut=us-east-1:eu-west-1"), (200.0, "clear link-cut=us-east-1:eu-west-1")],
            300.0,
        );
        let share = |from_s: f64, to_s: f64| {
            let all = reads(&lab, from_s, to_s);
            all.iter().filter(|it| it.outcome == Outcome::Done).count() as f64 / all.len() as f64
        };
        let (during, later) = (share(105.0, 198.0), share(210.0, 297.0));
        assert!(later > 0.99, "{}: {later} later", level.slug());
        assert!(expected.contains(&during), "{}: {during} while the link is cut", level.slug());
    }
}

#[test]
fn a_level_is_refused_where_nothing_is_forwarded_so() {
    for engine in Engine::ALL {
        let mut file = on(Forwarding::Session);
        file["database"]["engine"] = json!(engine.slug());
        file["database"]["keys"] = json!(99);
        let said = Scenario::read(&file.to_string()).err().into_iter().flatten();
        let said: Vec<String> =
            said.map(|it| it.to_string()).filter(|it| it.contains("forwarding")).collect();
        assert_eq!(said.is_empty(), engine == Engine::AuroraGlobal, "{}: {said:?}", engine.slug());
        if let [said] = &said[..] {
            assert!(
                said.contains("allowed: \"eventual\": only the write forwarding of aurora-global"),
                "{said}"
            );
        }
    }
}
