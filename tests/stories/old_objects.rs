//! S3's replication: objects that are older than its rule, the batch job that copies them, and a backlog.

use crate::lab::Lab;
use faultline::kernel::id::RegionId;
use faultline::model::order::Order;
use faultline::model::plan::Plan;
use faultline::model::scenario::Scenario;
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

#[test]
fn what_does_not_follow_object_by_object_has_no_old_objects() {
    for field in ["old_objects", "objects_per_s"] {
        let text = format!(
            r#"{{ "name": "x", "strategy": "warm-standby", "database": {{ "engine": "aurora-global", "{field}": 1 }} }}"#
        );
        let problems = Scenario::read(&text).expect_err("refused");
        let place = format!("database.{field}");
        assert!(
            problems.iter().any(|it| it.place == place && it.allowed.contains("object by object")),
            "{problems:?}"
        );
    }
}
