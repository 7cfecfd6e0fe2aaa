//! Two regions that serve and a witness: tables with strong consistency, whose reads compare, and Aurora DSQL, whose reads are local.
//! Both are judged as the three regions of `quorum.rs` are.

use crate::quorum::{keeps_its_promise, longest_unanswered_s, run_of};
use faultline::kernel::id::{PopulationId, RegionId};
use faultline::model::plan::Plan;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::Share;
use faultline::model::{Engine, Region, Skew};
use faultline::system::history::{Operation, Outcome};
use std::collections::BTreeSet;

const SERVING: [&str; 2] = ["us-east-2", "us-east-1"];
const WITNESS: &str = "us-west-2";
const BOTH: [Engine; 2] = [Engine::DynamodbStrong, Engine::AuroraDsql];

/// As many by night as for three regions, for each engine.
fn seeds() -> u64 {
    if std::env::var_os("FAULTLINE_NIGHT").is_some() { 64 } else { 2 }
}

/// The engine's own system, with a witness.
fn system(engine: Engine) -> Scenario {
    let mut scenario = Scenario::design(Strategy::MultiSite, engine);
    // Either of the two can carry everybody.
    scenario.regions = SERVING.map(|code| Region::named(code, 20)).into();
    scenario.regions.push(Region::as_witness(WITNESS));
    scenario.servers.most = 60;
    scenario
}

fn mean_ms(operations: &[Operation], fits: impl Fn(&Operation) -> bool) -> f64 {
    let fitting = operations.iter().filter(|it| it.outcome == Outcome::Done && fits(it));
    let all: Vec<f64> = fitting.map(|it| it.ended.since(it.invoked).secs() * 1000.0).collect();
    all.iter().sum::<f64>() / all.len() as f64
}

#[test]
fn on_a_calm_day_a_compared_read_pays_a_round_trip_and_a_leased_one_nothing() {
    for seed in 0..seeds() {
        let [compared, leased] = BOTH.map(|engine| {
            let mut scenario = system(engine);
            // Under a popular key a write is under way now and then, and a leased read waits for that.
            (scenario.database.keys, scenario.database.skew) = (4096, Skew::Uniform);
            let (report, operations) = run_of(scenario, seed, 300.0, &[]);
            keeps_its_promise(&format!("{engine:?}, calm, seed {seed}"), &report, &operations);
            assert_eq!((report.requests.failed, report.incidents.len()), (0, 0), "{engine:?}, seed {seed}");
            operations
        });
        let plan = Plan::new(&system(Engine::AuroraDsql), seed);
        let round_trip_ms = plan.region_round_trip_ms[0][1];
        let reads =
            |operations: &[Operation]| mean_ms(operations, |it| !it.writes && it.invoked.secs() > 5.0);
        let more_ms = reads(&compared) - reads(&leased);
        println!("figure: a compared read takes {more_ms:.1} ms more, a round trip is {round_trip_ms:.1} ms");
        assert!((more_ms / round_trip_ms - 1.0).abs() < 0.1, "seed {seed}: {more_ms} of {round_trip_ms} ms");
    }
}

#[test]
fn the_witness_is_missed_by_nobody() {
    for seed in 0..seeds() {
        for engine in BOTH {
            let script =
                [(60.0, format!("region-dark={WITNESS}")), (240.0, format!("clear region-dark={WITNESS}"))];
            let (report, operations) = run_of(system(engine), seed, 360.0, &script);
            let what = format!("{engine:?} without its witness, seed {seed}");
            keeps_its_promise(&what, &report, &operations);
            assert_eq!(report.requests.failed, 0, "{what}: it serves nobody");
        }
    }
}

#[test]
fn with_the_witness_one_region_carries_everybody() {
    for seed in 0..seeds() {
        for engine in BOTH {
            let dark = SERVING[seed as usize % 2];
            // By 406 s the last resolver has asked again: 46 s until checks and name servers agree, and five times 60 s.
            let script =
                [(60.0, format!("region-dark={dark}")), (460.0, format!("clear region-dark={dark}"))];
            let (report, operations) = run_of(system(engine), seed, 760.0, &script);
            let what = format!("{engine:?}, {dark} dark and back, seed {seed}");
            keeps_its_promise(&what, &report, &operations);
            let rto_s = report.incidents[0].rto_s.unwrap_or(f64::INFINITY);
            println!("figure: {what}: RTO {rto_s:.0} s");
            assert!((60.0..=360.0).contains(&rto_s), "{what}: {rto_s} s");
            let witness = RegionId(2);
            assert!(
                operations.iter().all(|it| it.region != Some(witness)),
                "{what}: a witness serves nobody"
            );
            let late = operations.iter().filter(|it| it.gave_up() && it.invoked.secs() > 700.0).count();
            assert_eq!(late, 0, "{what}");
        }
    }
}

#[test]
fn a_region_that_is_cut_off_refuses_and_the_other_goes_on_when_the_lease_is_over() {
    for seed in 0..seeds() {
        for engine in BOTH {
            let cut = SERVING[seed as usize % 2];
            let others = SERVING.iter().chain(&[WITNESS]).filter(|other| **other != cut);
            let links: Vec<String> = others.map(|other| format!("link-cut={cut}:{other}")).collect();
            let script: Vec<(f64, String)> = links
                .iter()
                .flat_map(|link| [(60.0, link.clone()), (240.0, format!("clear {link}"))])
                .collect();
            let (report, operations) = run_of(system(engine), seed, 360.0, &script);
            let what = format!("{engine:?}, {cut} cut off, seed {seed}");
            keeps_its_promise(&what, &report, &operations);
            let place = RegionId(SERVING.iter().position(|it| *it == cut).expect("one of them") as u8);
            let theirs: BTreeSet<PopulationId> = operations
                .iter()
                .filter(|it| it.region == Some(place) && it.ended.secs() < 60.0)
                .map(|it| it.population)
                .collect();
            // The witness is far away: a write is under way for longer, and one in a thousand meets another at each try.
            let others = || operations.iter().filter(|it| !theirs.contains(&it.population));
            let (failed, all) = (others().filter(|it| it.gave_up()).count(), others().count());
            assert!(failed * 1000 < all, "{what}: {failed} of {all} others fail");
            let during = |it: &&Operation| {
                theirs.contains(&it.population) && (80.0..220.0).contains(&it.invoked.secs())
            };
            let served = operations.iter().filter(during).filter(|it| it.outcome == Outcome::Done).count();
            assert_eq!(served, 0, "{what}: it cannot know what the others have agreed to");
            let longest = longest_unanswered_s(&operations, &theirs);
            assert!(longest < 10.0, "{what}: a key was not answered for {longest} s");
        }
    }
}

#[test]
fn a_region_whose_own_write_waits_does_not_read_past_what_it_has_accepted_of_another() {
    // Cut off while a write of its own builds on one of the other's, which was chosen and of which it has not heard so.
    let links = ["us-east-2", WITNESS].map(|other| (60.0, format!("link-cut=us-east-1:{other}")));
    let (report, operations) = run_of(system(Engine::AuroraDsql), 7, 90.0, &links);
    keeps_its_promise("cut off with a write under way", &report, &operations);
    // Its own write began again, and the other had brought it through in the meantime, with what this one had accepted.
    let links = ["us-east-1", WITNESS].map(|other| (60.0, format!("link-cut=us-east-2:{other}")));
    let (report, operations) = run_of(system(Engine::AuroraDsql), 14, 90.0, &links);
    keeps_its_promise("cut off with a write that began again", &report, &operations);
}

#[test]
fn a_read_that_may_be_behind_is_answered_where_nobody_else_can_be_reached() {
    let cut = "us-east-1";
    let links = ["us-east-2", WITNESS].map(|other| (60.0, format!("link-cut={cut}:{other}")));
    let mut scenario = system(Engine::DynamodbStrong);
    scenario.database.strongly_consistent_reads = Share(0.5);
    // Whoever waits in vain holds a place at a server: of these there are enough.
    for region in &mut scenario.regions[..2] {
        region.servers = 60;
    }
    let (report, operations) = run_of(scenario, 3, 240.0, &links);
    let there = RegionId(1);
    let theirs: BTreeSet<PopulationId> = operations
        .iter()
        .filter(|it| it.region == Some(there) && it.ended.secs() < 60.0)
        .map(|it| it.population)
        .collect();
    let served = |writes: bool| {
        let asked = |it: &&Operation| {
            it.writes == writes
                && theirs.contains(&it.population)
                && (80.0..220.0).contains(&it.invoked.secs())
        };
        let all = operations.iter().filter(asked).count();
        operations.iter().filter(asked).filter(|it| it.outcome == Outcome::Done).count() as f64 / all as f64
    };
    assert!((0.4..0.52).contains(&served(false)), "{} of its reads", served(false));
    assert!(served(true) < 0.001, "{} of its writes", served(true));
    assert!(report.consistency.stale_reads > 100, "what they read is old: {:?}", report.consistency);
    assert_eq!(report.loss.present, report.loss.acknowledged, "nothing is lost by that");
}
