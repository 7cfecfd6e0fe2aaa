//! Strategies, engines, backups, versions: what follows by itself, and what does not fit together.

use super::*;
use faultline::model::Engine;
use faultline::model::scenario::{Strategy, WritePattern};
use faultline::model::unit::Span;

/// A file with one field of a part.
fn with(part: &str, field: &str, value: Value) -> Value {
    json!({ part: { field: value } })
}

/// Regions with something about the second.
fn second(field: &str, value: Value) -> Value {
    let mut regions = two_regions();
    regions[1][field] = value;
    json!({ "regions": regions })
}

#[test]
fn each_strategy_brings_its_defaults_and_is_its_built_in() {
    for strategy in Strategy::ALL {
        let scenario = Scenario::of(strategy);
        assert_eq!(builtin(strategy.slug()), Some(scenario.clone()));
        assert_eq!(Scenario::read(&json!({ "strategy": strategy.slug() }).to_string()), Ok(scenario.clone()));
        let text = serde_json::to_string(&scenario).unwrap();
        assert_eq!(Scenario::read(&text), Ok(scenario), "written and read again: {}", strategy.slug());
    }
    let [restore, light, warm, several] = Strategy::ALL.map(Scenario::of);
    assert_eq!([restore.regions[1].servers, light.regions[1].servers], [0, 0]);
    assert_eq!([warm.regions[1].servers, several.regions[1].servers], [2, 6]);
    assert_eq!(several.write_pattern, WritePattern::WriteLocal);
    assert_eq!([warm.database.engine, several.database.engine], [Engine::Rds, Engine::DynamodbGlobal]);
}

#[test]
fn an_engine_brings_its_numbers_where_none_are_said() {
    let read = |file: Value| Scenario::read(&file.to_string()).unwrap();
    let aurora = read(with("database", "engine", json!("aurora-global")));
    assert_eq!((aurora.recovery.promote_max_s, aurora.recovery.promote_restart_s), (Span(180.0), Span(0.0)));
    assert_eq!(aurora.database.ship_interval_s, 0.2);
    let own = read(json!({
        "database": { "engine": "aurora-global", "ship_interval_s": 3 }, "recovery": { "promote_max_s": 240 }
    }));
    assert_eq!((own.recovery.promote_max_s, own.database.ship_interval_s), (Span(240.0), Span(3.0)));
    for engine in Engine::ALL {
        let file = json!({ "strategy": "multi-site", "database": { "engine": engine.slug() } });
        let scenario = read(file);
        assert_eq!(scenario.database.engine, engine);
    }
}

#[test]
fn a_value_can_be_changed_by_its_place_and_is_checked() {
    let base = Scenario::default();
    assert_eq!(base.with(&[("recovery.decide_s".into(), 60.0)]).unwrap().recovery.decide_s, 60.0);
    assert_eq!(base.with(&[("regions[1].servers".into(), 3.0)]).unwrap().regions[1].servers, 3);
    assert_eq!(
        base.with(&[("dns.control_plane_moves_s".into(), 60.0)]).unwrap().dns.control_plane_moves_s,
        Some(Span(60.0))
    );
    for (place, value, refused) in [
        ("recovery.decide_s", -1.0, "recovery.decide_s"),
        ("recovery.decide_s", f64::NAN, "recovery.decide_s"),
        ("recovery.decide_s", f64::INFINITY, "recovery.decide_s"),
        ("dns.control_plane_moves_s", f64::NAN, "dns.control_plane_moves_s"),
        ("regions[1].servers", 2.5, "regions[1].servers"),
        ("regions[1].servers", 0.0, "regions[1].servers"),
        ("regions[7].servers", 2.0, "regions[7].servers"),
        ("recovery", 2.0, "recovery"),
        ("recovery.decider", 2.0, "recovery.decider"),
        ("recovery.nothing", 2.0, "recovery.nothing"),
        ("", 2.0, "the file"),
        ("backup.window_s", 20_000.0, "backup.window_s"),
    ] {
        let problems = base.with(&[(place.into(), value)]).expect_err(place);
        assert_eq!(problems.len(), 1, "{place} = {value}: {problems:?}");
        assert_eq!(problems[0].place, refused, "{place} = {value}");
        assert!(!problems[0].allowed.is_empty());
    }
}

#[test]
fn numbers_of_the_new_parts_have_ranges() {
    for (part, field, value, allowed) in [
        ("backup", "interval_s", json!(59), "a number from 60 to 604800"),
        ("backup", "window_s", json!(-1), "a number from 0 to 86400"),
        ("backup", "retention_s", json!(4e8), "a number from 60 to 315360000"),
        ("backup", "snapshot_mib_per_s", json!(0), "a number from 1 to 100000"),
        ("backup", "change_gib_per_day", json!("5"), "a number from 0 to 100000"),
        ("backup", "copy_min_s", json!(null), "a number from 0 to 172800"),
        ("backup", "copy_mib_per_s", json!(0), "a number from 0.1 to 100000"),
        ("backup", "copy_failures", json!(1), "a number from 0 to 0.99"),
        ("backup", "log_interval_s", json!(0), "a number from 1 to 3600"),
        ("backup", "restore_max_s", json!(86_401), "a number from 1 to 86400"),
        ("backup", "load_mib_per_s", json!(0.5), "a number from 1 to 100000"),
        ("backup", "load_block_mib", json!(1025), "a number from 0 to 1024"),
        ("backup", "tagged", json!(1), "true or false"),
        ("backup", "copies", json!("yes"), "true or false"),
        ("backup", "locked", json!(null), "true or false"),
        ("backup", "log_copies", json!([]), "true or false"),
        ("business", "outage_usd_per_h", json!(-1), "a number from 0 to 1000000000"),
        ("business", "lost_write_usd", json!(2e6), "a number from 0 to 1000000"),
        ("business", "answer_kib", json!("big"), "a number from 0 to 100000"),
        ("recovery", "hesitation_s", json!(-1), "a number from 0 to 86400"),
        ("recovery", "alarm_s", json!(9), "a number from 10 to 86400"),
        ("recovery", "deploy_s", json!(1e6), "a number from 0 to 86400"),
        ("dns", "control_plane_moves_s", json!(-1), "a number from 0 to 86400"),
    ] {
        let said = only(&with(part, field, value));
        assert!(said.starts_with(&format!("{part}.{field}: ")), "{said}");
        assert!(said.contains(allowed), "{said}");
    }
    assert_eq!(places(&json!({ "grain": 0 })), ["grain"]);
    assert_eq!(places(&json!({ "grain": 21 })), ["grain"]);
    assert_eq!(places(&with("backup", "colour", json!("blue"))), ["backup.colour"]);
    assert_eq!(places(&with("business", "usd", json!(1))), ["business.usd"]);
}

#[test]
fn words_of_the_new_parts_are_from_lists() {
    let said = only(&with("database", "engine", json!("oracle")));
    assert!(said.starts_with("database.engine: \"oracle\" is not allowed; allowed: "), "{said}");
    for engine in Engine::ALL {
        assert!(said.contains(engine.slug()), "{said}");
    }
    let said = only(&with("backup", "storage_class", json!("tape")));
    assert!(said.contains("flexible-standard") && said.contains("deep-bulk"), "{said}");
    let said = only(&with("recovery", "decider", json!("oracle")));
    assert!(said.contains("learner") && said.contains("manual"), "{said}");
    let said = only(&json!({ "strategy": "hot-standby", "regions": two_regions() }));
    assert!(Strategy::ALL.iter().all(|strategy| said.contains(strategy.slug())), "{said}");
}

#[test]
fn pairs_of_the_backup_plan_fit() {
    let day = json!({ "backup": { "interval_s": 3600, "window_s": 7200, "retention_s": 1800 } });
    assert_eq!(places(&day), ["backup.retention_s", "backup.window_s"]);
    let restore =
        json!({ "backup": { "restore_min_s": 3000, "restore_typical_s": 2000, "restore_max_s": 1000 } });
    assert_eq!(places(&restore), ["backup.restore_min_s", "backup.restore_typical_s"]);
    assert_eq!(
        only(&json!({ "backup": { "point_in_time": false, "log_copies": true } })),
        "backup.log_copies: true is not allowed; allowed: false: without backup.point_in_time there is no log to copy"
    );
    assert_eq!(places(&with("recovery", "network_min_s", json!(1000))), ["recovery.network_min_s"]);
}

#[test]
fn who_writes_where_is_up_to_the_engine() {
    assert_eq!(
        only(&json!({ "write_pattern": "write-local" })),
        "write_pattern: \"write-local\" is not allowed; allowed: write-global: \
         Amazon RDS with a cross-Region read replica takes writes in one region only"
    );
    let table = |pattern: &str| json!({ "strategy": "multi-site", "write_pattern": pattern });
    for pattern in ["write-global", "write-partitioned", "write-local"] {
        let read = Scenario::read(&table(pattern).to_string()).expect(pattern);
        assert_eq!(read.write_pattern.slug(), pattern);
    }
    assert_eq!(
        only(&json!({ "strategy": "pilot-light", "write_pattern": "write-partitioned",
            "database": { "engine": "dynamodb-global" } })),
        "write_pattern: \"write-partitioned\" is not allowed; allowed: write-global: \
         with pilot-light no servers run in the second region, where users could have their home"
    );
    assert_eq!(
        only(&json!({ "write_pattern": "write-partitioned", "database": { "engine": "dynamodb-global" } })),
        "write_pattern: \"write-partitioned\" is not allowed; allowed: write-global: \
         with the failover policy all clients come to one region, and none is at home elsewhere"
    );
    let nothing_follows = json!({
        "strategy": "backup-restore", "write_pattern": "write-global", "database": { "engine": "s3-replication" }
    });
    assert_eq!(places(&nothing_follows), ["database.engine"]);
}

#[test]
fn regions_have_versions_quotas_images_and_templates() {
    assert_eq!(
        only(&second("version", json!("next"))),
        "regions[1].version: \"next\" is not allowed; allowed: a number, which may follow letters, as in \"v42\""
    );
    assert_eq!(places(&second("version", json!(""))), ["regions[1].version"]);
    assert_eq!(places(&second("version", json!(42))), ["regions[1].version"]);
    assert_eq!(places(&second("quota", json!(-1))), ["regions[1].quota"]);
    assert_eq!(
        only(&second("quota", json!(1))),
        "regions[1].servers: 2 is not allowed; allowed: at most 1, as regions[1].quota says"
    );
    assert_eq!(
        only(&second("image", json!(false))),
        "regions[1].image: false is not allowed; allowed: true: servers run here from the start"
    );
    assert_eq!(places(&second("templates", json!("none"))), ["regions[1].templates"]);
    assert!(Scenario::read(&second("templates", json!(false)).to_string()).is_ok());
}

#[test]
fn a_strategy_says_what_runs_in_the_second_region() {
    for (strategy, servers) in
        [("backup-restore", 2), ("pilot-light", 1), ("warm-standby", 0), ("multi-site", 0)]
    {
        let mut file = second("servers", json!(servers));
        file["strategy"] = json!(strategy);
        let said = only(&file);
        assert!(said.starts_with(&format!("regions[1].servers: {servers} is not allowed")), "{said}");
        assert!(said.contains(strategy), "{said}");
        let alone = json!({ "strategy": strategy, "regions": [{ "code": "us-east-1", "servers": 6 }] });
        assert_eq!(places(&alone), ["regions"], "{strategy}");
    }
    let latency = json!({ "strategy": "backup-restore", "dns": { "policy": "latency" } });
    assert_eq!(places(&latency), ["dns.policy"]);
}

#[test]
fn an_engine_that_people_promote_is_not_promoted_by_itself() {
    let file =
        json!({ "database": { "engine": "elasticache-global" }, "recovery": { "decider": "automatic" } });
    assert_eq!(
        only(&file),
        "recovery.decider: \"automatic\" is not allowed; allowed: person, learner or manual: \
         Amazon ElastiCache Global Datastore is promoted by hand"
    );
    let silent = with("database", "engine", json!("elasticache-global"));
    assert!(Scenario::read(&silent.to_string()).is_ok(), "a person, where nothing is said");
}

#[test]
fn nothing_is_concluded_from_a_strategy_or_an_engine_that_was_refused() {
    let file = json!({
        "strategy": "none", "write_pattern": "write-local", "regions": two_regions(), "dns": { "policy": "latency" }
    });
    assert_eq!(places(&file), ["strategy"]);
    let file = json!({ "database": { "engine": "none" }, "write_pattern": "write-local" });
    assert_eq!(places(&file), ["database.engine"]);
}

#[test]
fn orders_to_restore_and_to_raise_a_quota_name_a_region_and_a_second() {
    let line = |order: &str| json!({ "at_s": 60, "order": order });
    let bad = [
        "restore",
        "restore=",
        "restore=us-west-2",
        "restore=us-east-1@",
        "restore=us-east-1@noon",
        "restore=us-east-1@1.5",
        "restore=us-east-1@4000000",
        "clear restore=us-east-1",
        "raise-quota",
        "raise-quota=us-west-2",
        "clear raise-quota=us-east-1",
        "backup-copy=us-east-1",
        "control-plane",
        "corruption=us-east-1a",
        "mass-delete",
        "ransomware=eu-west-2",
    ];
    let script: Vec<Value> = bad.iter().map(|order| line(order)).collect();
    assert_eq!(
        problems(&json!({ "script": script }).to_string())
            .iter()
            .map(|p| p.place.clone())
            .collect::<Vec<_>>(),
        (0..bad.len()).map(|index| format!("script[{index}].order")).collect::<Vec<_>>()
    );
    let good = [
        "restore=us-east-1",
        "restore=us-east-1@-600",
        " restore = us-east-1 @ 60 ",
        "raise-quota=eu-west-1",
        "backup-copy",
        "clear backup-copy",
        "ransomware=us-east-1",
        "control-plane=eu-west-1",
    ];
    let script: Vec<Value> = good.iter().map(|order| line(order)).collect();
    assert!(Scenario::read(&json!({ "script": script }).to_string()).is_ok());
}

#[test]
fn backups_are_made_by_what_the_engine_has_and_kept_cold_only_where_that_exists() {
    let day = 86_400.0;
    let own = |backup: Value| json!({ "database": { "engine": "self-managed" }, "backup": backup });
    for (file, place, told) in [
        (
            json!({ "backup": { "storage_class": "deep-standard", "retention_s": 7.0 * day } }),
            "backup.storage_class",
            "no cold storage",
        ),
        (own(json!({ "storage_class": "flexible-bulk" })), "backup.retention_s", "at least 7776000"),
        (
            own(json!({ "storage_class": "deep-bulk", "retention_s": 90.0 * day })),
            "backup.retention_s",
            "at least 15552000",
        ),
        (json!({ "backup": { "made_by": "service" } }), "backup.interval_s", "86400"),
        (
            json!({ "backup": { "made_by": "service", "interval_s": day, "retention_s": 36.0 * day } }),
            "backup.retention_s",
            "35 days",
        ),
        (
            own(json!({ "made_by": "service", "interval_s": day })),
            "backup.made_by",
            "takes no automated backups",
        ),
        (json!({ "backup": { "made_by": "lifecycle-manager" } }), "backup.made_by", "Data Lifecycle Manager"),
        (json!({ "backup": { "retained": true } }), "backup.retained", "automated backups"),
        (
            json!({ "backup": { "other_account": true, "copies": false } }),
            "backup.other_account",
            "no copies",
        ),
    ] {
        let said = only(&file);
        assert!(said.starts_with(&format!("{place}: ")) && said.contains(told), "{said}");
    }
    for file in [
        own(json!({ "storage_class": "flexible-bulk", "retention_s": 90.0 * day })),
        own(json!({ "made_by": "lifecycle-manager" })),
        json!({ "backup": { "made_by": "service", "interval_s": day, "retained": true, "retention_s": 35.0 * day } }),
    ] {
        assert!(Scenario::read(&file.to_string()).is_ok(), "{file}");
    }
}

#[test]
fn a_database_is_deleted_only_where_one_region_takes_all_writes() {
    let file = |pattern: &str, engine: &str| {
        json!({ "strategy": "multi-site", "write_pattern": pattern, "database": { "engine": engine },
            "script": [{ "at_s": 1, "order": "instance-deleted=us-east-1" }] })
    };
    let said = only(&file("write-local", "dynamodb-global"));
    assert!(said.contains("has instances"), "{said}");
    let said = only(&file("write-local", "self-managed"));
    assert!(said.contains("where one region takes all writes"), "{said}");
    assert!(Scenario::read(&file("write-global", "rds").to_string()).is_ok());
}

#[test]
fn a_copy_that_would_follow_a_copy_is_refused_and_told_why() {
    for engine in ["rds", "self-managed"] {
        let said = only(&json!({ "database": { "engine": engine }, "regions": [
            { "code": "us-east-1", "servers": 6 },
            { "code": "eu-west-1", "servers": 2 },
            { "code": "eu-central-1", "servers": 0, "follows": "eu-west-1" },
        ] }));
        assert!(said.starts_with("regions[2].follows: ") && said.contains("chains of replicas"), "{said}");
    }
}
