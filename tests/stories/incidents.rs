//! Whose fault it is, how long it hurt, and when it is over: practitioners' cases with the figures that they would accept,
//! and two more for each kind.

use crate::draw::{self, lines};
use faultline::model::builtin;
use faultline::model::scenario::Scenario;
use faultline::run::report::{IncidentReport, Report};

/// The report of a script at a moment, in seconds. Whatever it is, requests and money add up over incidents.
fn told(scenario: &Scenario, seed: u64, script: &str, until_s: f64) -> Report {
    let script = if script.is_empty() { Vec::new() } else { lines(script) };
    let (run, _) = draw::run(scenario, seed, &script, until_s);
    let report = run.report();
    let failed: u64 = report.incidents.iter().map(|it| it.failed).sum::<u64>() + report.no_incident.failed;
    assert_eq!(failed, report.requests.failed, "failed requests add up");
    let money: f64 = report.incidents.iter().map(|it| it.cost_usd).sum::<f64>() + report.no_incident.cost_usd;
    assert!((money - report.cost_usd).abs() < 1e-6 && (money - report.cost.outage_usd).abs() < 1e-6);
    for outage in &report.outages {
        assert_eq!(outage.shares.iter().map(|share| share.failed).sum::<u64>(), outage.failed, "{outage:?}");
    }
    assert!(report.incidents.is_sorted_by(|a, b| a.trigger.at_s <= b.trigger.at_s));
    report
}

pub(crate) fn scenario(text: &str) -> Scenario {
    Scenario::read(text).expect("a scenario")
}

pub(crate) fn of<'a>(report: &'a Report, kind: &str, target: &str) -> &'a IncidentReport {
    let target = Some(target).filter(|target| !target.is_empty());
    let fits = |it: &&IncidentReport| it.trigger.kind == kind && it.trigger.target.as_deref() == target;
    report.incidents.iter().find(fits).unwrap_or_else(|| panic!("no {kind} in {:?}", report.incidents))
}

/// Fifteen in a hundred requests of one zone in three fail, as in "one zone half broken for 48 minutes".
fn half_broken(seed: u64, from_s: u32, to_s: u32) -> Report {
    let file = scenario(
        r#"{ "name": "one-zone-grey", "title": "One of three zones is half broken", "horizon_s": 5400,
          "regions": [ { "code": "us-east-1", "servers": 9 }, { "code": "us-west-2", "servers": 3 } ],
          "recovery": { "decider": "person" }, "faults": { "grey_factor": 4, "grey_failures": 0.15 } }"#,
    );
    let script = format!("{from_s}s zone-grey=us-east-1a; {to_s}s clear zone-grey=us-east-1a");
    told(&file, seed, &script, f64::from(to_s) + 300.0)
}

#[test]
fn a_zone_that_is_half_broken_for_48_minutes_degrades_for_48_minutes() {
    for (seed, from_s, to_s) in [(11, 600, 3480), (3, 300, 900), (5, 60, 800)] {
        let report = half_broken(seed, from_s, to_s);
        assert!(report.outages.is_empty(), "seed {seed}: {:?}", report.outages);
        let [degraded] = &report.degradations[..] else { panic!("seed {seed}: {:?}", report.degradations) };
        let (start, end) = (degraded.start_s, degraded.end_s.expect("it is over"));
        let (from, to) = (f64::from(from_s), f64::from(to_s));
        assert!(
            (from..from + 60.0).contains(&start) && (to - 60.0..to + 30.0).contains(&end),
            "{start} to {end}"
        );
        let zone = of(&report, "zone-grey", "us-east-1a");
        assert_eq!((zone.rto_s, zone.open, zone.hurt_after_s), (Some(0.0), false, None));
        // About 0.8 % of the seconds: 24 s of 48 min.
        let share = zone.unserved_s / (to - from);
        assert!((0.006..0.011).contains(&share), "seed {seed}: {share}");
    }
}

#[test]
fn a_grey_region_is_out_for_as_long_as_it_is_grey() {
    let file = scenario(
        r#"{ "name": "checks-disagree", "title": "Three grey zones fail everything", "horizon_s": 3600, "grain": 6,
          "regions": [ { "code": "eu-west-1", "servers": 12 }, { "code": "us-east-1", "servers": 12 } ],
          "dns": { "ttl_s": 60, "interval_s": 30, "failure_threshold": 3 },
          "balancer": { "interval_s": 30, "unhealthy_threshold": 2, "healthy_threshold": 3 },
          "recovery": { "servers": 12 }, "faults": { "grey_factor": 1, "grey_failures": 1 } }"#,
    );
    for (seed, from, to) in [(11, 600, 1260), (2, 300, 700), (7, 120, 1020)] {
        let zones = ["a", "b", "c"]
            .map(|zone| format!("{from}s zone-grey=eu-west-1{zone}; {to}s clear zone-grey=eu-west-1{zone}"));
        let report = told(&file, seed, &zones.join("; "), f64::from(to) + 200.0);
        let [outage] = &report.outages[..] else { panic!("{:?}", report.outages) };
        let lasted = outage.end_s.expect("over") - outage.start_s;
        assert!((lasted - f64::from(to - from)).abs() < 5.0, "seed {seed}: {lasted} s of {} s", to - from);
        // Two faults, or three, in one second: each has its share, and each the whole recovery time.
        for incident in &report.incidents {
            assert!((incident.rto_s.expect("over") - lasted).abs() < 1.0, "{incident:?}");
            assert!(
                incident.failed * 5 > outage.failed,
                "a third each: {} of {}",
                incident.failed,
                outage.failed
            );
        }
    }
}

#[test]
fn a_standby_that_drowns_is_the_dark_regions_harm_and_loses_nothing() {
    let file = scenario(
        r#"{ "name": "flap", "title": "The standby drowns and fails its own checks", "horizon_s": 3600, "grain": 6,
          "strategy": "multi-site", "write_pattern": "write-local", "database": { "engine": "dynamodb-global" },
          "regions": [ { "code": "us-east-1", "servers": 6 }, { "code": "us-west-2", "servers": 2 } ],
          "dns": { "policy": "failover", "ttl_s": 60 },
          "servers": { "health_checks_first": false, "most": 6 } }"#,
    );
    for seed in [11, 12, 13] {
        let script = "600s capacity=us-west-2; 600s region-dark=us-east-1";
        let report = told(&file, seed, script, 2400.0);
        let (capacity, dark) =
            (of(&report, "capacity", "us-west-2"), of(&report, "region-dark", "us-east-1"));
        assert_eq!((capacity.lost_writes, capacity.cost_usd), (0, 0.0), "seed {seed}: {capacity:?}");
        assert!(dark.lost_writes <= 20 * report.step, "seed {seed}: {}", dark.lost_writes);
        assert_eq!(report.loss.counts.lost, 0, "seed {seed}: it is out of reach and not lost");
        assert!(
            dark.failed * 100 > report.requests.failed * 95,
            "{} of {}",
            dark.failed,
            report.requests.failed
        );
        assert!(dark.unserved_s > 300.0 && dark.rto_s.is_none(), "seed {seed}: {dark:?}");
    }
}

#[test]
fn a_frozen_control_plane_hurts_nobody_by_itself() {
    let file = scenario(
        r#"{ "name": "december-2021", "title": "Route 53 takes no changes", "horizon_s": 7200, "grain": 6,
          "regions": [ { "code": "us-east-1", "servers": 6 }, { "code": "ap-southeast-2", "servers": 6 } ],
          "database": { "engine": "aurora-global" }, "dns": { "ttl_s": 60 },
          "recovery": { "decider": "manual", "cutover": "record-change" },
          "faults": { "grey_factor": 4, "grey_failures": 0.6 } }"#,
    );
    let grey = ["a", "b", "c"].map(|zone| format!("600s zone-grey=us-east-1{zone}")).join("; ");
    for (seed, first) in
        [(11, "600s dns-control-plane; "), (4, "300s dns-control-plane; "), (5, "600s dns-control-plane; ")]
    {
        let script = format!("{first}600s control-plane=us-east-1; {grey}; 900s fail-over=ap-southeast-2");
        let report = told(&file, seed, &script, 2400.0);
        for frozen in [of(&report, "dns-control-plane", ""), of(&report, "control-plane", "us-east-1")] {
            assert_eq!((frozen.failed, frozen.cost_usd, frozen.rto_s), (0, 0.0, Some(0.0)), "{frozen:?}");
            assert_eq!(frozen.detected_s, None, "nobody has noticed it");
        }
        let zones = report.incidents.iter().filter(|it| it.trigger.kind == "zone-grey");
        let failed: u64 = zones.clone().map(|it| it.failed).sum();
        assert!(failed * 100 > report.requests.failed * 99, "{failed} of {}", report.requests.failed);
        assert!(zones.clone().any(|it| it.rto_s.is_none()), "it goes on");
    }
}

#[test]
fn a_planned_move_is_told_by_its_interruption_and_by_its_length() {
    let file = |servers: u32| {
        scenario(&format!(
            r#"{{ "name": "evacuate", "title": "Evacuate by hand", "horizon_s": 7200, "grain": 6,
              "regions": [ {{ "code": "us-east-1", "servers": 6 }}, {{ "code": "us-west-2", "servers": {servers} }} ],
              "database": {{ "engine": "aurora-global" }}, "dns": {{ "ttl_s": 60 }},
              "servers": {{ "boot_min_s": 1680, "boot_max_s": 1800, "most": 12 }},
              "recovery": {{ "decider": "manual", "servers": 6, "cutover": "record-change" }} }}"#
        ))
    };
    for (servers, longest_s, least_s) in [(3, 40.0 * 60.0, 30.0 * 60.0), (6, 8.0 * 60.0, 4.0 * 60.0)] {
        let report = told(&file(servers), 11, "900s fail-over=us-west-2", 4500.0);
        let order = of(&report, "fail-over", "us-west-2");
        let [execution] = &order.executions[..] else { panic!("{:?}", order.executions) };
        assert_eq!((execution.runbook.as_str(), execution.state.slug()), ("switch-over", "done"));
        let took = execution.end_s.expect("done") - execution.start_s;
        assert!((least_s..longest_s).contains(&took), "{servers} servers: the runbook took {took} s");
        let rto = order.rto_s.expect("over");
        let stops = order.steps().find(|step| step.name == "switch-over").expect("switched over").start_s;
        let hurt_at = order.trigger.at_s + order.hurt_after_s.expect("writes stop");
        assert!((hurt_at - stops).abs() < 15.0, "nobody is hurt before writes stop: {hurt_at}, {stops}");
        assert!(rto < took && order.lost_writes == 0, "the interruption is {rto} s of {took} s");
    }
}

#[test]
fn a_return_that_hurts_is_told_apart_from_the_recovery() {
    let file = scenario(
        r#"{ "name": "hundred-zero", "title": "Weighted record [100, 0]", "horizon_s": 2700, "grain": 4,
          "strategy": "multi-site", "write_pattern": "write-local",
          "regions": [ { "code": "us-east-1", "servers": 6 }, { "code": "us-west-2", "servers": 6 } ],
          "database": { "engine": "dynamodb-global" }, "clients": { "extending_share": 0 },
          "dns": { "policy": { "weighted": [100, 0] }, "ttl_s": 60 } }"#,
    );
    for seed in [11, 1, 2] {
        let report =
            told(&file, seed, "600s region-dark=us-east-1; 1500s clear region-dark=us-east-1", 2500.0);
        let dark = of(&report, "region-dark", "us-east-1");
        let rto = dark.rto_s.expect("over");
        // Three checks of 10 s after their first, 5 s to spread, up to a minute until an answer is forgotten.
        assert!((60.0..140.0).contains(&rto), "seed {seed}: {rto}");
        assert!(dark.failed * 100 > report.requests.failed * 99, "the way back is its own too");
        let later: f64 = report.outages.iter().skip(1).map(|it| it.end_s.expect("over") - it.start_s).sum();
        assert!((dark.return_s - later).abs() < 1.0, "seed {seed}: {} s, {later} s", dark.return_s);
        assert!(!dark.open && dark.cleared_s == Some(1500.0));
    }
}

#[test]
fn dead_servers_are_replaced_when_others_serve_in_their_place() {
    for (servers, seed) in [(6, 11), (9, 11), (6, 3)] {
        let file = scenario(&format!(
            r#"{{ "name": "static", "title": "A zone is lost and nothing can be launched", "horizon_s": 3600, "grain": 4,
              "regions": [ {{ "code": "us-east-1", "servers": {servers} }}, {{ "code": "us-west-2", "servers": 2 }} ],
              "recovery": {{ "decider": "manual" }},
              "clients": {{ "populations": [ {{ "city": "New York", "requests_per_s": 400 }},
                {{ "city": "Chicago", "requests_per_s": 400 }} ] }} }}"#
        ));
        let script = "600s capacity=us-east-1; 600s zone-power=us-east-1c; 1500s clear capacity=us-east-1";
        let (before, after) = (told(&file, seed, script, 1490.0), told(&file, seed, script, 2400.0));
        let replaced = |report: &Report| {
            let zone = of(report, "zone-power", "us-east-1c");
            zone.steps().find(|step| step.name == "replace-servers").expect("begun").end_s
        };
        assert_eq!(replaced(&before), None, "{servers} servers: nothing can be launched yet");
        assert!(replaced(&after).is_some_and(|at| at > 1500.0), "{servers} servers: {:?}", replaced(&after));
        assert_eq!(
            of(&after, "capacity", "us-east-1").rto_s,
            Some(0.0),
            "what cannot be had hurts nobody here"
        );
    }
}

#[test]
fn a_fault_inside_anothers_outage_and_one_that_never_hurts() {
    let built_in = Scenario { grain: 12, ..builtin("warm-standby").expect("a built-in") };
    let script =
        "10m region-dark=us-east-1; 11m zone-power=us-east-1a; 11m backup-copy; 12m capacity=us-east-1";
    for seed in [3, 4, 5] {
        let report = told(&built_in, seed, script, 2400.0);
        let dark = of(&report, "region-dark", "us-east-1");
        assert!(dark.failed * 100 > report.requests.failed * 95, "seed {seed}");
        assert!(
            dark.rto_s.is_some_and(|rto| (180.0..1800.0).contains(&rto)),
            "seed {seed}: {:?}",
            dark.rto_s
        );
        for (kind, target) in [("zone-power", "us-east-1a"), ("backup-copy", ""), ("capacity", "us-east-1")] {
            let other = of(&report, kind, target);
            assert_eq!((other.rto_s, other.hurt_after_s, other.open), (Some(0.0), None, true), "{other:?}");
            assert!(other.failed * 100 < report.requests.failed, "seed {seed}: {other:?}");
        }
    }
}

#[test]
fn demand_that_nothing_explains_is_an_incident_of_its_own() {
    // Half the servers that this city needs, from the first second on. In coarse grains a full queue would take so long
    // that now and then somebody gave up; so a place is left after 0.25 s on average, and patience is twelve times that.
    let file = scenario(
        r#"{ "name": "too-small", "title": "Too few servers", "horizon_s": 3600,
          "regions": [ { "code": "us-east-1", "servers": 2, "quota": 2 }, { "code": "us-west-2", "servers": 2 } ],
          "servers": { "most": 2 }, "recovery": { "decider": "manual", "servers": 2 },
          "clients": { "populations": [ { "city": "New York", "requests_per_s": 700 } ] } }"#,
    );
    let report = told(&file, 5, "", 900.0);
    let [outage] = &report.outages[..] else { panic!("{:?}", report.outages) };
    let [incident] = &report.incidents[..] else { panic!("{:?}", report.incidents) };
    assert_eq!((incident.trigger.kind.as_str(), &incident.trigger.target), ("outage", &None));
    assert_eq!((incident.open, incident.rto_s), (true, None), "it goes on");
    assert_eq!(outage.shares.len(), 1, "what nothing explains is its own: {:?}", outage.shares);
    assert!(
        incident.failed * 100 > report.requests.failed * 95,
        "{} of {}",
        incident.failed,
        report.requests.failed
    );
    assert_eq!(
        report.by_client["New York"].failed_by["full"], report.requests.failed,
        "all of them were refused"
    );
}

#[test]
fn a_surge_comes_on_top_and_leaves_the_usual_requests_alone() {
    let file = Scenario { grain: 12, ..builtin("multi-site").expect("a built-in") };
    let asked = |script: &str| {
        let mut lab = crate::lab::Lab::new(&file, 9);
        lab.record.operations = Some(faultline::system::history::Operations::default());
        lab.run_to(120.0);
        if !script.is_empty() {
            lab.order(script);
        }
        lab.run_to(300.0).run_to(420.0);
        let told = lab.record.operations.take().expect("it was kept");
        let wish =
            |it: &faultline::system::history::Operation| (it.invoked, it.population, it.key, it.writes);
        told.list.iter().map(wish).collect::<std::collections::BTreeSet<_>>()
    };
    let (calm, surge) = (asked(""), asked("load-surge"));
    assert!(calm.is_subset(&surge), "who asks anyway asks the same at the same moment");
    let more = (surge.len() - calm.len()) as f64 / (calm.len() as f64 * 300.0 / 420.0);
    let factor = *file.faults.surge_factor;
    assert!((more - (factor - 1.0)).abs() < 0.1 * factor, "{more} more for one, with a factor of {factor}");
}

#[test]
fn a_dark_region_and_a_surge_share_the_harm_in_the_fleet_that_is_left() {
    let file = Scenario { weight: 2, grain: 12, ..builtin("multi-site").expect("a built-in") };
    for seed in [3, 4, 5] {
        let alone = told(&file, seed, "600s region-dark=us-east-1", 1500.0);
        let both = told(&file, seed, "600s region-dark=us-east-1; 601s load-surge", 1500.0);
        let (dark, surge) = (of(&both, "region-dark", "us-east-1"), of(&both, "load-surge", ""));
        assert!(
            dark.failed > 0 && surge.failed > dark.failed / 20,
            "seed {seed}: {} and {}",
            dark.failed,
            surge.failed
        );
        let alone = of(&alone, "region-dark", "us-east-1").failed;
        assert!(dark.failed * 10 > alone * 5, "seed {seed}: {} with it, {alone} without", dark.failed);
    }
}
