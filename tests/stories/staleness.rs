//! Stale reads: how many a system has whose copies are behind, and what a loss makes of them. That they are counted right in every
//! built-in system is in `histories`.

use crate::histories::{counted, seeds};
use crate::lab::Lab;
use faultline::model::ScriptLine;
use faultline::model::scenario::Scenario;

#[test]
fn a_copy_that_is_asked_at_once_is_behind_for_as_long_as_the_way_takes() {
    let places = [("us-east-1", "Washington"), ("us-west-2", "Seattle"), ("eu-west-1", "Dublin")];
    let scenario = crate::replicas::at_once(places, 40, 0.9985);
    let (counted, _, operations) = counted(&scenario, scenario.seed.into(), 600.0);
    let counted = counted.stale;
    let reads = operations.list.iter().filter(|it| !it.writes).count() as f64;
    // About 0.9 writes a second, each of which leaves one key of 40 behind in two places of three for some 45 ms more than its
    // writer waits: 200 reads a second and place.
    let share = counted as f64 / reads;
    println!("figure: {counted} of {reads} reads are stale");
    assert!((0.0003..0.001).contains(&share), "{share}");
}

/// An address in London and a job in Virginia, 49 ms apart, under the only key that anybody reads.
const ADDRESS: &str = r#"{ "name": "address-and-job", "title": "An address and a job, 49 ms apart", "strategy": "multi-site",
    "write_pattern": "write-local", "weight": 1, "horizon_s": 300,
    "regions": [{ "code": "eu-west-2", "servers": 3 }, { "code": "us-east-1", "servers": 3 }],
    "clients": { "populations": [
        { "city": "London", "requests_per_s": 2, "read_share": 1 }, { "city": "New York", "requests_per_s": 2, "read_share": 1 }] },
    "database": { "engine": "dynamodb-global", "keys": 1 },
    "script": [{ "at_s": 60, "order": "write=London:0" }, { "at_s": 60.049, "order": "write=New York:0" }] }"#;

#[test]
fn a_race_of_two_writes_makes_reads_stale_until_the_copies_agree_and_none_after() {
    let scenario = Scenario::read(ADDRESS).expect("a scenario");
    let (mut stale, mut while_they_differ) = (0, 0);
    for seed in 0..12 {
        let (counts, run, history) = counted(&scenario, seed, 300.0);
        let found = run.report().consistency;
        assert_eq!((found.collisions, found.lost_updates), (1, 1), "seed {seed}: {found:?}");
        let differ_s = found.max_divergence_s;
        assert!((0.05..2.5).contains(&differ_s), "seed {seed}: a table's copies are about a second apart");
        let reads = history.list.iter().filter(|it| !it.writes);
        let meanwhile =
            reads.filter(|it| (60.0..60.5 + differ_s).contains(&it.invoked.secs())).count() as u64;
        assert!(counts.stale <= meanwhile, "seed {seed}: {} of {meanwhile}", counts.stale);
        (stale, while_they_differ) = (stale + counts.stale, while_they_differ + meanwhile);
    }
    println!("figure: of {while_they_differ} reads while the copies may differ {stale} are stale");
    // London's copy shows what has lost: reads there are half of all.
    assert!(stale > 6 && stale * 3 < while_they_differ * 2, "{stale} of {while_they_differ}");
}

#[test]
fn reads_of_several_copies_are_counted_right() {
    let (mut all, cut) = (0, [(20.0, "link-cut=ap-southeast-1:eu-south-1"), (40.0, "region-dark=us-west-2")]);
    for (read, written, repairs) in [(2, 1, false), (1, 2, false), (1, 1, true), (2, 1, true), (1, 3, true)] {
        for seed in seeds() {
            let mut scenario = crate::replicas::few(read, written);
            scenario.database.read_repair = repairs;
            let lines = cut.iter().map(|(at_s, order)| ScriptLine { at_s: *at_s, order: (*order).into() });
            scenario.script.extend(lines);
            all += counted(&scenario, seed, 60.0).0.stale;
        }
    }
    assert!(all > 1000, "{all}");
}

#[test]
fn what_is_missing_makes_no_read_stale_and_its_gap_closes_with_the_next_writes() {
    let text = r#"{ "name": "gap", "title": "A copy five seconds behind", "strategy": "multi-site",
        "write_pattern": "write-global", "dns": { "policy": "latency" },
        "regions": [{ "code": "us-east-1", "servers": 6 }, { "code": "eu-west-1", "servers": 6 }],
        "database": { "engine": "aurora-global", "delay_s": 5, "keys": 4096, "skew": "uniform" } }"#;
    let mut lab = Lab::new(&Scenario::read(text).expect("a scenario"), 11);
    let found = |lab: &Lab| {
        let report = lab.run.report();
        (report.consistency.stale_reads, report.consistency.reads_of_a_gap, report.loss.counts.set_aside)
    };
    lab.run_to(120.0);
    let (stale, gap, _) = found(&lab);
    assert!(stale > 1000 && gap == 0, "a copy that is behind is stale: {stale}, {gap}");
    lab.order("region-dark=us-east-1").run_to(125.0);
    let (as_it_was_booked, ..) = found(&lab);
    lab.run_to(600.0);
    let (stale, gap, set_aside) = found(&lab);
    assert!(set_aside > 100, "the copy is promoted without what it did not have: {set_aside}");
    assert_eq!(stale, as_it_was_booked, "nobody can be told of what is missing");
    assert!(gap > 1000, "but what was read before is not there: {gap}");
    lab.run_to(1800.0);
    let (late, closed, _) = found(&lab);
    assert_eq!(late, stale, "one copy is never stale");
    assert!(closed - gap < gap / 10, "by now nearly every key is written again: {gap}, {closed}");
    let before = found(&lab).1;
    lab.run_to(2400.0);
    assert!(found(&lab).1 - before < 10, "and all of them");
}
