//! What became of acknowledged writes: practitioners' cases with the figures that they would accept.

use crate::draw::{self, lines};
use crate::lab::Lab;
use faultline::model::scenario::Scenario;
use faultline::model::{ScriptLine, builtin};
use faultline::observer::loss::Loss;
use faultline::run::loss::RunLoss;
use faultline::run::report::{IncidentReport, Report};
use faultline::system::write_state::WriteState;

/// The report of a script at a moment, in seconds. The states add up, in every one of them.
fn told(scenario: &Scenario, seed: u64, script: &str, until_s: f64) -> Report {
    let script: Vec<ScriptLine> = lines(script);
    let (run, _) = draw::run(scenario, seed, &script, until_s);
    let report = run.report();
    agrees(&report, seed);
    report
}

/// What a report says in one place it says in the others, at any moment.
fn agrees(report: &Report, seed: u64) {
    let (loss, counts) = (&report.loss, &report.loss.counts);
    let at = format!("seed {seed} at {} s: {loss:?}; {:?}", report.simulated_s, report.incidents);
    assert_eq!(sum(loss), loss.acknowledged, "the states add up: {at}");
    assert_eq!(counts.in_collisions, report.consistency.lost_updates, "one source: {at}");
    let missing = counts.missing();
    assert_eq!(report.consistency.lost_writes, missing, "one number in both places: {at}");
    let picks: [fn(&Loss) -> u64; 4] =
        [|loss| loss.lost, |loss| loss.out_of_reach, |loss| loss.set_aside, |loss| loss.undone];
    for pick in picks {
        let booked: u64 = report.incidents.iter().map(|incident| pick(&incident.loss.counts)).sum();
        assert_eq!(booked, pick(counts), "losses add up over incidents: {at}");
    }
    let booked: u64 = report.incidents.iter().map(|incident| incident.lost_writes).sum();
    assert_eq!(booked, missing, "losses add up over incidents: {at}");
    for incident in &report.incidents {
        let zero = incident.rpo_s == Some(0.0);
        assert_eq!(zero, incident.lost_writes == 0 && !incident.loss.counts.everything, "{incident:?}");
        assert!(
            incident.loss.examples.len() <= 40
                && incident.loss.examples.is_sorted_by(|a, b| a.at_s <= b.at_s)
        );
    }
}

/// Between two whole seconds too: a client may be told of a write a moment after that has gone out of reach, and a primary
/// that nobody has fenced acknowledges one after the other that is set aside.
#[test]
fn a_report_agrees_with_itself_at_a_hundred_uneven_moments() {
    let scripts = [
        (
            "warm-standby",
            "57s link-cut=us-east-1:eu-west-1; 60s region-dark=us-east-1; 400s clear region-dark=us-east-1",
        ),
        ("warm-standby", "60s link-cut=us-east-1:eu-west-1; 60s fence-fails; 70s fail-over=eu-west-1"),
        ("multi-site", "60s region-dark=us-east-1; 200s clear region-dark=us-east-1"),
        ("backup-restore", "60s corruption=us-east-1; 90s region-dark=us-east-1"),
    ];
    for (seed, (name, script)) in (1..).zip(scripts) {
        let mut scenario = builtin(name).expect("a built-in");
        scenario.script = lines(script);
        let mut lab = Lab::new(&scenario, seed);
        let (mut between, mut missing) = (0, 0);
        for moment in 0..100 {
            // In strides that are no part of a second: short ones round the first fault, then long ones up to 15 minutes.
            let at_s = 58.944 + 0.093 * f64::from(moment.min(30)) + 11.737 * f64::from((moment - 30).max(0));
            lab.run_to(at_s);
            let report = lab.run.report();
            agrees(&report, seed);
            between += u32::from(report.simulated_s.fract() != 0.0);
            missing += u32::from(report.consistency.lost_writes > 0);
        }
        assert!(
            between > 90 && missing > 10,
            "{name}: {between} moments between seconds, {missing} with losses"
        );
    }
}

fn sum(loss: &RunLoss) -> u64 {
    loss.present + loss.queued + loss.counts.missing() + loss.counts.in_collisions
}

/// The one incident because of which writes are missing.
fn hurt(report: &Report) -> &IncidentReport {
    let mut hurt = report.incidents.iter().filter(|incident| incident.lost_writes > 0);
    let first = hurt.next().expect("some writes are missing");
    assert!(hurt.next().is_none(), "one change of ownership, one incident: {:?}", report.incidents);
    first
}

fn coasts(keys: u32) -> Scenario {
    let text = r#"{ "name": "coast-to-coast", "title": "A 43 s cut and an eager failover", "strategy": "warm-standby",
      "write_pattern": "write-global", "weight": 1, "horizon_s": 10800,
      "regions": [ { "code": "us-east-1", "servers": 6 }, { "code": "us-west-2", "servers": 6 } ],
      "clients": { "populations": [
        { "city": "New York", "requests_per_s": 60, "read_share": 0.6 },
        { "city": "Los Angeles", "requests_per_s": 40, "read_share": 0.6 } ] },
      "database": { "engine": "rds", "size_gib": 2000, "copy_mib_per_s": 60, "keys": KEYS },
      "recovery": { "decider": "manual", "fence_min_s": 0, "fence_max_s": 0,
        "promote_min_s": 5, "promote_typical_s": 8, "promote_max_s": 12, "promote_restart_s": 2 } }"#;
    Scenario::read(&text.replace("KEYS", &keys.to_string())).expect("a scenario")
}

/// GitHub, October 2018: 43 s without a link, and the other coast is promoted 15 s into it. What the east acknowledged from
/// the cut to its fence is set aside: 40 writes a second, over a span of 43 s. One coast writes at a time for all that the
/// application knows, so that nothing collides.
#[test]
fn two_coasts_with_a_cut_of_43_s_between_them_set_43_s_of_writes_aside() {
    let cut = |cut_s: f64, order_s: f64| {
        format!(
            "600s link-cut=us-east-1:us-west-2; 600s fence-fails; {}s fail-over=us-west-2; \
             {}s clear link-cut=us-east-1:us-west-2; {}s clear fence-fails",
            600.0 + order_s,
            600.0 + cut_s,
            600.0 + cut_s
        )
    };
    for (seed, cut_s, order_s, keys) in
        [(1, 43.0, 15.0, 96), (2, 43.0, 15.0, 96), (3, 28.0, 5.0, 12), (4, 90.0, 40.0, 400)]
    {
        let scenario = coasts(keys);
        let report = told(&scenario, seed, &cut(cut_s, order_s), 900.0);
        let incident = hurt(&report);
        let rpo_s = incident.rpo_s.expect("something is left");
        // The last shipment before the cut is up to a second old; the fence is looked after once a second.
        assert!((cut_s - 0.5..cut_s + 2.5).contains(&rpo_s), "{cut_s} s: RPO {rpo_s} s");
        let most = 40.0 * (cut_s + 2.5);
        let aside = report.loss.counts.set_aside as f64;
        assert!((0.85 * 40.0 * cut_s..=1.1 * most).contains(&aside), "{cut_s} s: {aside} set aside");
        assert_eq!(
            (report.loss.counts.lost, report.loss.counts.out_of_reach, report.loss.counts.undone),
            (0, 0, 0)
        );
        assert_eq!((report.consistency.collisions, report.consistency.collision_pairs), (0, 0));
        assert!(
            incident
                .loss
                .examples
                .iter()
                .all(|it| it.state == WriteState::SetAside && it.region == "us-east-1")
        );
    }
    // The old primary hands them over before its data are replaced: they stay set aside.
    let script = format!("{}; 960s fail-back", cut(43.0, 15.0));
    let (before, after) = (told(&coasts(96), 1, &script, 955.0), told(&coasts(96), 1, &script, 1000.0));
    assert_eq!(before.loss.counts.set_aside, after.loss.counts.set_aside);
    assert_eq!((after.loss.counts.lost, after.loss.counts.undone), (0, 0));
}

fn dumps(backup: &str) -> Scenario {
    let text = r#"{ "name": "empty-dumps", "title": "One old snapshot is all there is", "strategy": "backup-restore",
      "weight": 5, "grain": 20, "horizon_s": 172800,
      "regions": [ { "code": "us-east-1", "servers": 6 }, { "code": "us-east-2", "servers": 0 } ],
      "clients": { "populations": [ { "city": "New York", "requests_per_s": 100, "read_share": 0.8 },
        { "city": "London", "requests_per_s": 100, "read_share": 0.8 } ] },
      "database": { "engine": "rds", "size_gib": 310 },
      "backup": { BACKUP }, "recovery": { "decider": "person" } }"#;
    Scenario::read(&text.replace("BACKUP", backup)).expect("a scenario")
}

/// GitLab, January 2017: nothing was backed up, and the data are deleted. All of it is lost at once, though no restore ever
/// ends; there is nothing to measure a recovery point from.
#[test]
fn data_without_a_backup_is_lost_at_once_and_all_of_it() {
    let wipe = builtin("warm-standby").map(|scenario| {
        let mut scenario = Scenario { grain: 12, ..scenario };
        scenario.backup.locked = false;
        scenario
    });
    let mut two = Scenario { grain: 12, ..builtin("warm-standby").expect("a built-in") };
    two.backup.tagged = false;
    for (name, scenario, order) in [
        ("untagged", dumps(r#""tagged": false"#), "mass-delete=us-east-1"),
        ("ransomware", wipe.expect("a built-in"), "ransomware=us-east-1"),
        ("with a replica", two, "mass-delete=us-east-1"),
    ] {
        let mut lab = Lab::new(&scenario, 1);
        lab.run_to(3600.0).order(order).run_to(3605.0);
        for until_s in [3605.0, 7200.0] {
            lab.run_to(until_s);
            let report = lab.run.report();
            let loss = &report.loss;
            assert!(loss.counts.everything && loss.counts.lost > 100, "{name} at {until_s}: {loss:?}");
            assert_eq!(
                (loss.counts.lost, loss.present),
                (loss.acknowledged, 0),
                "{name} at {until_s}: {loss:?}"
            );
            let incident = hurt(&report);
            assert_eq!(
                (incident.rpo_s, incident.loss.counts.everything),
                (None, true),
                "{name}: {incident:?}"
            );
            assert_eq!(incident.loss.counts.lost, loss.counts.lost, "{name}");
            assert!(incident.cost_usd > 0.0, "{name}");
        }
    }
}

/// The same with one snapshot a day and no log: what was written since it is lost at once, and undone when it is restored.
/// The recovery point is its age, in both, though most of that time lies before the start.
#[test]
fn data_with_an_old_backup_is_lost_back_to_it_before_the_restore_ends_and_after() {
    let backup = r#""interval_s": 86400, "window_s": 0, "point_in_time": false, "copies": false, "load_mib_per_s": 7,
      "restore_min_s": 600, "restore_typical_s": 900, "restore_max_s": 1800"#;
    for seed in 1..4 {
        let script = "28800s mass-delete=us-east-1";
        let (before, after) =
            (told(&dumps(backup), seed, script, 28_810.0), told(&dumps(backup), seed, script, 57_600.0));
        let rpo = |report: &Report| hurt(report).rpo_s.expect("a snapshot is left");
        let (lost, undone) = (before.loss.counts.lost, after.loss.counts.undone);
        assert!(lost > 0 && !before.loss.counts.everything, "{:?}", before.loss);
        assert!((rpo(&before) - rpo(&after)).abs() < 1.0, "{} and {}", rpo(&before), rpo(&after));
        assert!(lost.abs_diff(undone) <= 2 * after.step, "{lost} lost, {undone} undone");
        let age_s = hurt(&after).restore_point_age_s.expect("restored");
        assert!((rpo(&after) - age_s).abs() < 60.0, "{} s, {age_s} s", rpo(&after));
        // 200 requests a second, a fifth of them writes.
        let wanted = 40.0 * age_s;
        assert!((undone as f64 - wanted).abs() < 0.05 * wanted, "{undone} undone, {wanted} expected");
    }
}

/// How many objects have not arrived, nor a later one of the same key, after two hours of so many writes a second: each is on
/// its way for a log-normal time with a median of a minute, and keys are equally popular. 2,326 real ones of case 10 had not
/// arrived; of a third of them a later version had.
fn not_arrived(per_s: f64, keys: f64, sigma: f64) -> f64 {
    const STEP_S: f64 = 1.0;
    let arrived = |age_s: f64| 0.5 * (1.0 + erf((age_s / 60.0).ln() / sigma / f64::sqrt(2.0)));
    let (mut later, mut sum) = (0.0, 0.0);
    for second in 0..7200 {
        let age_s = (f64::from(second) + 0.5) * STEP_S;
        later += arrived(age_s) * STEP_S;
        sum += per_s * (1.0 - arrived(age_s)) * (-per_s / keys * later).exp() * STEP_S;
    }
    sum
}

/// The error function, after Abramowitz and Stegun, 7.1.26.
fn erf(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x.abs());
    let terms = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    let sum = terms.iter().fold(0.0, |sum, term| (sum + term) * t);
    (1.0 - sum * (-x * x).exp()).copysign(x)
}

/// S3's replication, object by object: what had not arrived when the region went dark is out of reach, unless somebody has
/// written over it and that had arrived; and the report has one number for it.
#[test]
fn objects_that_had_not_arrived_are_out_of_reach_and_one_number() {
    let bucket = |engine: &str, rate: f64| {
        let text = r#"{ "name": "bucket-copy", "title": "A bucket that follows object by object", "strategy": "multi-site",
          "write_pattern": "write-local", "weight": 1, "grain": 2, "horizon_s": 14400,
          "regions": [ { "code": "us-east-1", "servers": 4 }, { "code": "us-west-2", "servers": 4 } ],
          "dns": { "policy": "failover" },
          "clients": { "populations": [ { "city": "New York", "requests_per_s": RATE, "read_share": 0.5 } ] },
          "database": { "engine": "ENGINE", "keys": 4096, "skew": "uniform" } }"#;
        let text = text.replace("ENGINE", engine).replace("RATE", &rate.to_string());
        Scenario::read(&text).expect("a scenario")
    };
    for (rate, seed) in [(20.0, 1), (10.0, 2), (20.0, 3), (32.0, 4)] {
        let engine = "s3-replication";
        // A half of the requests are writes, and two real ones are one.
        let wanted = not_arrived(rate / 4.0, 4096.0, 1.646);
        let report = told(&bucket(engine, rate), seed, "7200s region-dark=us-east-1", 9000.0);
        let away = report.loss.counts.out_of_reach;
        let off = (away / report.step) as f64 - wanted;
        assert!(
            off.abs() < 4.0 * wanted.sqrt(),
            "{engine} at {rate}/s: {away}, {wanted:.0} simulated expected"
        );
        assert_eq!(hurt(&report).loss.counts.out_of_reach, away);
        assert_eq!((report.loss.counts.lost, report.loss.counts.set_aside), (0, 0));
        assert_eq!(hurt(&report).trigger.kind, "region-dark");
    }
}

/// The building that burns also holds the backups. A dark region may come back, so that everything is out of reach and nothing
/// lost; and it does come back.
#[test]
fn a_dark_region_with_its_backups_has_everything_out_of_reach_until_it_is_back() {
    let text = r#"{ "name": "same-building", "title": "Backups in the building that burns", "strategy": "backup-restore",
      "horizon_s": 86400, "weight": 5, "grain": 20,
      "regions": [ { "code": "eu-west-3", "servers": 6 }, { "code": "eu-central-1", "servers": 0 } ],
      "clients": { "populations": [ { "city": "Paris", "requests_per_s": 200, "read_share": 0.8 } ] },
      "backup": { "copies": false } }"#;
    let scenario = Scenario::read(text).expect("a scenario");
    for (seed, at_s) in [(1, 3600), (2, 1800), (3, 7000)] {
        let script = format!("{at_s}s region-dark=eu-west-3; 12000s clear region-dark=eu-west-3");
        let dark = told(&scenario, seed, &script, 11_000.0);
        assert_eq!(
            (dark.loss.counts.out_of_reach, dark.loss.counts.lost),
            (dark.loss.acknowledged, 0),
            "{:?}",
            dark.loss
        );
        let rpo_s = hurt(&dark).rpo_s.expect("it can come back");
        assert!((rpo_s - f64::from(at_s)).abs() < 60.0, "since the start of the run: {rpo_s}");
        let back = told(&scenario, seed, &script, 13_000.0);
        assert_eq!(back.loss.present, back.loss.acknowledged, "{:?}", back.loss);
    }
}

fn drowning(checks_first: bool, policy: &str) -> Scenario {
    let text = r#"{ "name": "flap", "title": "The standby drowns and fails its own checks", "horizon_s": 3600,
      "strategy": "multi-site", "write_pattern": "write-local", "database": { "engine": "dynamodb-global" },
      "regions": [ { "code": "us-east-1", "servers": 6 }, { "code": "us-west-2", "servers": 2 } ],
      "dns": { "policy": "POLICY", "ttl_s": 60 },
      "servers": { "health_checks_first": CHECKS, "most": 6 } }"#;
    let text = text.replace("CHECKS", &checks_first.to_string()).replace("POLICY", policy);
    Scenario::read(&text).expect("a scenario")
}

/// The only region that is left drowns and is found unhealthy again and again. A verdict of health checks makes nothing
/// missing: only what the dark region had not shipped is out of reach, and it comes back.
#[test]
fn a_verdict_of_health_checks_makes_nothing_missing() {
    for (seed, checks_first, policy) in [(1, false, "failover"), (2, false, "failover"), (3, true, "latency")]
    {
        let script = "600s capacity=us-west-2; 600s region-dark=us-east-1; 3000s clear region-dark=us-east-1";
        let scenario = Scenario { grain: 4, ..drowning(checks_first, policy) };
        let (dark, back) = (told(&scenario, seed, script, 2900.0), told(&scenario, seed, script, 3300.0));
        let loss = &dark.loss;
        assert!(loss.counts.out_of_reach <= 20, "seed {seed}: a second of writes at most: {loss:?}");
        assert_eq!((loss.counts.lost, loss.counts.set_aside, loss.counts.undone), (0, 0, 0), "seed {seed}");
        let blamed = dark.incidents.iter().filter(|incident| incident.lost_writes > 0);
        assert!(blamed.clone().all(|incident| incident.trigger.kind == "region-dark"), "seed {seed}");
        assert_eq!(back.consistency.lost_writes, 0, "seed {seed}: {:?}", back.loss);
    }
}

/// A cut link makes nothing missing by itself: both sides are in reach, and nothing was put in anybody's place.
#[test]
fn a_cut_link_alone_makes_nothing_missing() {
    for system in ["warm-standby", "multi-site", "write-local-quorum"] {
        let scenario = Scenario { grain: 8, ..builtin(system).expect("a built-in") };
        let (one, two) = (&scenario.regions[0].code, &scenario.regions[1].code);
        let report = told(&scenario, 3, &format!("300s link-cut={one}:{two}"), 900.0);
        assert_eq!(report.consistency.lost_writes, 0, "{system}: {:?}", report.loss);
    }
}

/// With a quorum one region of three may go dark and nothing is missing; with two, nobody can read anything, and it comes back
/// with the first of them.
#[test]
fn a_quorum_has_everything_while_two_regions_of_three_are_there() {
    let scenario = Scenario { grain: 8, ..builtin("write-local-quorum").expect("a built-in") };
    let code = |region: usize| scenario.regions[region].code.clone();
    for seed in 1..4 {
        let one = format!("300s region-dark={}", code(0));
        let report = told(&scenario, seed, &one, 500.0);
        assert_eq!(report.loss.present, report.loss.acknowledged, "seed {seed}: {:?}", report.loss);
        let two = format!("{one}; 500s region-dark={}", code(1));
        let report = told(&scenario, seed, &two, 600.0);
        assert_eq!(
            report.loss.counts.out_of_reach, report.loss.acknowledged,
            "seed {seed}: {:?}",
            report.loss
        );
        assert_eq!(hurt(&report).trigger.target, Some(code(1)), "the second took the majority away");
        let back = told(&scenario, seed, &format!("{two}; 700s clear region-dark={}", code(0)), 1200.0);
        assert_eq!(back.consistency.lost_writes, 0, "seed {seed}: {:?}", back.loss);
    }
}
