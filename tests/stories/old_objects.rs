//! S3's replication: objects that are older than its rule, the batch job that copies them, and a backlog.

use crate::lab::Lab;
use crate::{draw, laws};
use faultline::kernel::chance::{Chance, Purpose};
use faultline::kernel::id::RegionId;
use faultline::model::order::Order;
use faultline::model::plan::Plan;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::{Gib, Share};
use faultline::model::{Engine, Inside, ScriptLine};
use faultline::system::journal::What;
use faultline::system::refusal::Refusal;

const HOME: RegionId = RegionId(0);
const OTHER: RegionId = RegionId(1);
const KEYS: f64 = 4096.0;

/// A bucket that people in New York use in the first region, and that the second follows.
fn bucket(read_share: f64, said: &str) -> Scenario {
    let text = r#"{ "name": "bucket-copy", "title": "A bucket that follows object by object", "strategy": "multi-site",
        "write_pattern": "write-local", "weight": 1, "grain": 2, "horizon_s": 14400,
        "regions": [ { "code": "us-east-1", "servers": 4 }, { "code": "us-west-2", "servers": 4 } ],
        "dns": { "policy": "failover" },
        "clients": { "populations": [ { "city": "New York", "requests_per_s": 20, "read_share": SHARE } ] },
        "database": { "engine": "s3-replication", "keys": 4096, "skew": "uniform", SAID } }"#;
    Scenario::read(&text.replace("SAID", said).replace("SHARE", &read_share.to_string()))
        .unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// Of the requests that end between two seconds, the share that fails.
fn failing(lab: &Lab, from_s: f64, to_s: f64) -> f64 {
    let (served, failed) = (lab.served(from_s, to_s), lab.failed(from_s, to_s));
    failed as f64 / (served + failed) as f64
}

#[test]
fn what_is_older_than_the_rule_is_missing_only_once_the_other_region_serves() {
    let mut lab = Lab::new(&bucket(0.98, r#""old_objects": 0.5"#), 2);
    let first = lab.run.report().not_copied;
    let there = first["us-west-2"] as f64;
    // Each key is drawn by itself: three deviations.
    assert!((there - KEYS / 2.0).abs() < 3.0 * (KEYS / 4.0).sqrt(), "{there}");
    assert!(!first.contains_key("us-east-1"), "the first region has what it wrote");
    lab.run_to(1200.0);
    assert_eq!(lab.failed(60.0, 1200.0), 0, "nobody has noticed");
    lab.order("region-dark=us-east-1").run_to(2400.0);
    let left = lab.run.report().not_copied["us-west-2"] as f64;
    // Nearly all requests read, and of the keys so many are not there; a failed read is tried again, and fails again.
    let (share, expected) = (failing(&lab, 1800.0, 2400.0), 0.98 * left / KEYS);
    println!("figure: {share:.3} fail, by formula {expected:.3}");
    assert!((share / expected - 1.0).abs() < 0.1, "{share}, {expected}");
    // Writes have come for some of the keys, each of which is there then.
    let written = 0.4 * 2400.0 / 2.0;
    let kept = there * (1.0 - 1.0 / KEYS).powf(written);
    assert!(left > 0.9 * kept && left < there, "{left} of {there} are left, {kept}");
}

#[test]
fn a_batch_job_copies_them_at_its_rate_and_waits_while_a_link_is_cut() {
    let run = |orders: &[(f64, &str)]| {
        let mut lab =
            Lab::new(&bucket(0.98, r#""old_objects": 0.5, "copy_mib_per_s": 200, "size_gib": 400"#), 2);
        for (at_s, order) in orders {
            lab.run_to(*at_s).order(order);
        }
        lab.run_to(5000.0);
        let end_s = lab.when(|what| *what == What::OldObjectsCopied(HOME, OTHER)).expect("it is done");
        assert!(lab.run.report().not_copied.is_empty(), "all are there");
        lab.order("region-dark=us-east-1").run_to(6000.0);
        assert!(failing(&lab, 5600.0, 6000.0) < 0.001, "and are read");
        end_s - 600.0
    };
    let took_s = run(&[(600.0, "batch-replicate=us-east-1")]);
    // Half of 400 GiB at 200 MiB a second, less what was written meanwhile.
    let whole_s = 0.5 * 400.0 * 1024.0 / 200.0;
    assert!(took_s < 1.03 * whole_s && took_s > 0.8 * whole_s, "{took_s} s, {whole_s} s");
    let cut = "link-cut=us-east-1:us-west-2";
    let clear = format!("clear {cut}");
    let waits = [(600.0, "batch-replicate=us-east-1"), (700.0, cut), (1000.0, clear.as_str())];
    let waited_s = run(&waits) - took_s;
    // A little of it is written meanwhile, and follows by itself.
    assert!((250.0..320.0).contains(&waited_s), "the link was cut for 300 s: {waited_s} s");
}

#[test]
fn a_batch_job_is_refused_where_nothing_is_missing() {
    let mut lab = Lab::new(&bucket(0.98, r#""old_objects": 0.2, "size_gib": 1"#), 2);
    lab.run_to(10.0).order("batch-replicate=us-west-2");
    let refused = |lab: &Lab, refusal: Refusal| {
        lab.entries(|what| matches!(what, What::OrderRefused(_, why) if *why == refusal)).count()
    };
    assert_eq!(refused(&lab, Refusal::NothingOld(OTHER)), 1, "that region lacks them itself");
    lab.order("batch-replicate=us-east-1").run_to(60.0).order("batch-replicate=us-east-1");
    assert_eq!(refused(&lab, Refusal::NothingOld(HOME)), 1, "they are there by now");
    let order = Order::parse("batch-replicate=us-east-1").expect("an order");
    let problem =
        Plan::new(&bucket(0.98, r#""read_repair": false"#), 2).resolve(&order).expect_err("refused");
    assert!(problem.contains("old_objects"), "{problem}");
}

#[test]
fn replication_that_is_held_back_has_a_backlog_which_goes_with_the_region() {
    let run = |rate: u32, until_s: f64| {
        let mut lab = Lab::new(&bucket(0.5, &format!(r#""objects_per_s": {rate}"#)), 3);
        lab.run_to(until_s);
        let behind: usize = lab.run.world().system.streams.iter().map(|stream| stream.behind()).sum();
        (behind as f64 * lab.run.report().step as f64, lab)
    };
    // 10 objects a second are written and 4 are sent.
    for until_s in [1800.0, 3600.0] {
        let (backlog, formula) = (run(4, until_s).0, (10.0 - 4.0) * until_s);
        println!("figure: backlog {backlog} after {until_s} s, by formula {formula}");
        assert!((backlog / formula - 1.0).abs() < 0.05, "{backlog}, {formula}");
    }
    let lost = |mut lab: Lab| {
        lab.order("region-dark=us-east-1").run_to(3700.0);
        lab.run.report().loss.counts.missing()
    };
    let (held, free) = (lost(run(4, 3600.0).1), lost(run(0, 3600.0).1));
    println!("figure: {held} lost with a backlog, {free} without");
    assert!(held > 3 * free, "{held}, {free}");
    // A rate that nothing reaches holds nothing back.
    let (plenty, none) = (run(1000, 1800.0).0, run(0, 1800.0).0);
    assert_eq!(plenty, none);
}

/// How many keys a region lacks and will not get by the rule.
fn left_out(lab: &Lab, region: &str) -> f64 {
    lab.run.report().not_copied.get(region).map_or(0.0, |keys| *keys as f64)
}

#[test]
fn an_object_whose_replication_fails_stays_behind_until_a_batch_job_copies_it_and_that_is_billed() {
    let share = 0.2;
    let mut lab = Lab::new(&bucket(0.9, &format!(r#""replication_fails": {share}, "size_gib": 4"#)), 4);
    let until_s = 3600.0;
    lab.run_to(until_s);
    // Two writes a second, in pairs. A key is missing if its last write failed, and it was written at all.
    let left = left_out(&lab, "us-west-2");
    let formula = KEYS * share * (1.0 - (-until_s / KEYS).exp());
    println!("figure: {left} keys failed, by formula {formula:.0}");
    assert!((left - formula).abs() < 3.0 * formula.sqrt(), "{left}, {formula}");
    assert_eq!(left_out(&lab, "us-east-1"), 0.0, "the first region has what it wrote");
    lab.order("batch-replicate=us-east-1").run_to(until_s + 120.0);
    assert!(lab.when(|what| *what == What::OldObjectsCopied(HOME, OTHER)).is_some(), "the job is done");
    let after = left_out(&lab, "us-west-2");
    assert!(after < 120.0 * share * 1.5, "only what has failed since: {after}");
    let cost = lab.run.cost();
    let item = |name: &str| cost.items.iter().find(|item| item.item == name).expect("a line").monthly_usd;
    assert_eq!(item("batch jobs"), 0.25);
    // A key is a MiB here, of 256 objects of 4 KiB: a dollar a million for the job, five for writing them again, two cents a GiB.
    let copied = item("objects of batch jobs") * 1e6 / 256.0;
    assert!((copied - left).abs() <= 1.5 * share * 120.0, "{copied} were copied, {left} were missing");
    assert!((item("writes of batch jobs") / item("objects of batch jobs") - 5.0).abs() < 1e-9);
    assert!((item("transfer of batch jobs") - copied / 1024.0 * 0.02).abs() < 1e-9);
    assert!(laws::unlisted(&lab.run).is_empty(), "{:?}", laws::unlisted(&lab.run));
}

#[test]
fn what_is_written_against_a_one_way_rule_stays_there_until_a_batch_job_copies_it() {
    let run = |said: &str| {
        let mut lab = Lab::new(&bucket(0.98, said), 3);
        lab.run_to(600.0).order("region-dark=us-east-1").run_to(1800.0);
        lab.order("clear region-dark=us-east-1").run_to(2400.0);
        let writes = |lab: &Lab, region: RegionId| lab.run.world().system.meters.writes[region] as f64;
        let home = writes(&lab, HOME);
        // Long enough for whatever follows to have arrived.
        lab.run_to(12_000.0);
        assert!(laws::unlisted(&lab.run).is_empty(), "{:?}", laws::unlisted(&lab.run));
        let (there, since) = (writes(&lab, OTHER), writes(&lab, HOME) - home);
        (lab, there, since)
    };
    let (mut lab, there, since) = run(r#""one_way": true, "size_gib": 4"#);
    // Keys that were written there, and not since at home.
    let left = left_out(&lab, "us-east-1");
    let formula = KEYS * (1.0 - (-there / KEYS).exp()) * (-since / KEYS).exp();
    println!("figure: {left} keys stay there after {there} writes, by formula {formula:.0}");
    assert!(left > 10.0 && (left - formula).abs() < 3.0 * formula.sqrt() + 1.0, "{left}, {formula}");
    lab.order("batch-replicate=us-west-2").run_to(12_300.0);
    assert_eq!(left_out(&lab, "us-east-1"), 0.0, "all are there");
    let (lab, ..) = run(r#""size_gib": 4"#);
    assert_eq!(left_out(&lab, "us-east-1"), 0.0, "both ways everything follows");
}

#[test]
fn what_does_not_follow_object_by_object_has_no_old_objects() {
    for (field, value) in
        [("old_objects", "1"), ("objects_per_s", "1"), ("replication_fails", "1"), ("one_way", "true")]
    {
        let text = format!(
            r#"{{ "name": "x", "strategy": "warm-standby", "database": {{ "engine": "aurora-global", "{field}": {value} }} }}"#
        );
        let problems = Scenario::read(&text).expect_err("refused");
        let place = format!("database.{field}");
        assert!(
            problems.iter().any(|it| it.place == place && it.allowed.contains("object by object")),
            "{problems:?}"
        );
    }
}

#[test]
fn random_scripts_over_buckets_break_no_law() {
    let mut found = Vec::new();
    for seed in 0..24 {
        let mut random = Chance::new(seed).of(Purpose::Script, 98, 0, 0);
        let mut scenario = draw::stormy(Strategy::MultiSite);
        scenario.database.engine = Engine::S3Replication;
        scenario.database.take_form(Inside::Partitions);
        (scenario.database.keys, scenario.database.size_gib) = (64, Gib(1.0));
        scenario.database.old_objects = Share(f64::from(random.below(2)) * 0.3);
        scenario.database.replication_fails = Share(f64::from(random.below(3)) * 0.2);
        scenario.database.one_way = random.below(2) == 0;
        let text = serde_json::to_string(&scenario).expect("a scenario is plain data");
        let scenario = Scenario::read(&text).unwrap_or_else(|problems| panic!("{problems:?}"));
        let mut script = draw::script(&scenario, seed);
        let lacks = *scenario.database.replication_fails > 0.0 || scenario.database.one_way;
        let codes = scenario.regions.iter().map(|region| region.code.as_str()).filter(|_| lacks);
        for (nth, code) in codes.cycle().take(8).enumerate() {
            let at_s = 20.0 + 37.0 * nth as f64;
            script.push(ScriptLine { at_s, order: format!("batch-replicate={code}") });
        }
        script.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
        let (run, _) = draw::run(&scenario, seed, &script, draw::SCRIPT_S);
        for broken in laws::unlisted(&run) {
            found.push(format!("seed {seed}: {broken}\n  {}", draw::in_words(&script)));
        }
    }
    assert!(found.is_empty(), "{} laws are broken:\n{}", found.len(), found[..found.len().min(3)].join("\n"));
}
