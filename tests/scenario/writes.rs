//! Who may write where: what is nonsense is refused, with its place and the reason.

use super::*;
use faultline::model::plan::Plan;
use faultline::model::scenario::WritePattern;
use faultline::model::{Engine, Rule, Session};

fn three_regions() -> Value {
    json!([
        { "code": "us-east-1", "servers": 6 },
        { "code": "us-east-2", "servers": 6 },
        { "code": "us-west-2", "servers": 6 }
    ])
}

/// Several sites on an engine, with one more thing about the database.
pub(super) fn on(engine: &str, field: &str, value: Value) -> Value {
    json!({ "strategy": "multi-site", "database": { "engine": engine, field: value } })
}

/// Several sites with homes, and one order at a minute.
fn ordered(order: &str) -> Value {
    json!({
        "strategy": "multi-site", "write_pattern": "write-partitioned",
        "script": [{ "at_s": 60, "order": order }]
    })
}

/// What is allowed in place of this order, which must be the only problem.
fn refused(order: &str) -> String {
    let said = only(&ordered(order));
    let before = format!("script[0].order: {} is not allowed; allowed: ", json!(order));
    said.strip_prefix(&before).unwrap_or_else(|| panic!("{said}")).into()
}

/// Three regions that agree on an engine: of Aurora DSQL one is the witness.
fn agreeing(engine: &str) -> Value {
    let mut regions = three_regions();
    if engine == Engine::AuroraDsql.slug() {
        regions[2]["servers"] = json!(0);
        regions[2]["witness"] = json!(true);
    }
    regions
}

#[test]
fn each_engine_has_its_own_rules_for_collisions() {
    for engine in Engine::ALL {
        for rule in Rule::ALL {
            let mut file = on(engine.slug(), "conflict", json!(rule.slug()));
            if rule == Rule::Quorum || engine.conflict_rules() == [Rule::Quorum] {
                file["regions"] = agreeing(engine.slug());
            }
            let read = Scenario::read(&file.to_string());
            let told = format!("{} with {}", engine.slug(), rule.slug());
            if engine.conflict_rules().contains(&rule) {
                assert_eq!(read.expect(&told).database.conflict, rule);
            } else {
                let places: Vec<String> = read.expect_err(&told).into_iter().map(|p| p.place).collect();
                assert!(places.contains(&"database.conflict".to_string()), "{told}: {places:?}");
            }
        }
        let mut silent = on(engine.slug(), "keys", json!(8));
        if engine.conflict_rules() == [Rule::Quorum] {
            silent["regions"] = agreeing(engine.slug());
        }
        let read = Scenario::read(&silent.to_string()).expect("a good file");
        assert_eq!(read.database.conflict, engine.conflict_rules()[0], "its own, where none is said");
    }
    assert_eq!(
        only(&on("dynamodb-global", "conflict", json!("siblings"))),
        "database.conflict: \"siblings\" is not allowed; allowed: last-writer-wins, conditional or \
         conditional-local, as Amazon DynamoDB global tables has it"
    );
    assert_eq!(
        only(&on("self-managed", "conflict", json!("coin"))),
        "database.conflict: \"coin\" is not allowed; allowed: \"last-writer-wins\", \"first-region-wins\", \
         \"conditional\", \"siblings\", \"merge\", \"quorum\" or \"conditional-local\""
    );
}

#[test]
fn conditions_are_checked_in_each_region_only_where_each_region_takes_writes() {
    for engine in ["dynamodb-global", "self-managed"] {
        let mut file = on(engine, "conflict", json!("conditional-local"));
        assert_eq!(
            Scenario::read(&file.to_string()).expect(engine).database.conflict,
            Rule::ConditionalLocal
        );
        for pattern in ["write-global", "write-partitioned"] {
            file["write_pattern"] = json!(pattern);
            assert_eq!(
                only(&file),
                format!(
                    "write_pattern: \"{pattern}\" is not allowed; allowed: write-local: each region checks the writes \
                     of its own clients; \"conditional\" checks them where a key is at home"
                )
            );
        }
        file["write_pattern"] = json!("write-local");
        file["write_queue"] = json!({ "kind": "fifo" });
        let said = only(&file);
        assert!(said.contains("a client has to hear whether its own was done"), "{said}");
    }
}

#[test]
fn two_of_three_need_three_and_nobody_else_to_ask() {
    for engine in ["dynamodb-strong", "aurora-dsql"] {
        let mut file = on(engine, "keys", json!(8));
        assert_eq!(Scenario::read(&file.to_string()).expect(engine).regions.len(), 3, "its own default");
        file["regions"] = two_regions();
        let said = only(&file);
        assert!(
            said.starts_with("regions: a list of 2 is not allowed; allowed: exactly three regions"),
            "{said}"
        );
        file["regions"] = agreeing(engine);
        for pattern in ["write-global", "write-partitioned"] {
            file["write_pattern"] = json!(pattern);
            let said = only(&file);
            assert!(said.starts_with(&format!(
                "write_pattern: \"{pattern}\" is not allowed; allowed: write-local: "
            )));
        }
        file["write_pattern"] = json!("write-local");
        assert_eq!(Scenario::read(&file.to_string()).expect(engine).database.conflict, Rule::Quorum);
    }
}

/// Regions of which the first has this many servers, and the others too if `also`.
pub(super) fn regions(count: usize, also: u32) -> Value {
    let codes = ["us-east-1", "eu-west-1", "ap-south-1", "us-west-2", "sa-east-1", "ap-northeast-1"];
    let region =
        |(index, code): (usize, &&str)| json!({ "code": code, "servers": if index == 0 { 6 } else { also } });
    codes[..count].iter().enumerate().map(region).collect()
}

#[test]
fn more_than_three_do_not_agree_by_two() {
    for count in 4..=6 {
        let mut file = on("dynamodb-strong", "keys", json!(8));
        file["regions"] = regions(count, 6);
        assert_eq!(
            only(&file),
            format!(
                "regions: a list of {count} is not allowed; allowed: exactly three regions, so that two of them can \
                 agree: Amazon DynamoDB global tables with strong consistency"
            )
        );
    }
}

#[test]
fn every_strategy_takes_up_to_six_regions_if_its_engine_does() {
    for (strategy, also) in
        [("backup-restore", 0), ("pilot-light", 0), ("warm-standby", 2), ("multi-site", 3)]
    {
        for engine in ["rds", "aurora-global", "documentdb-global"] {
            for count in 2..=6 {
                let database = json!({ "engine": engine });
                let file =
                    json!({ "strategy": strategy, "database": database, "regions": regions(count, also) });
                let plan = Plan::new(&Scenario::read(&file.to_string()).expect(strategy), 1);
                let standbys = if strategy == "backup-restore" { 0 } else { count - 1 };
                assert_eq!(plan.blueprint.streams().count(), standbys, "{strategy}, {engine}, {count}");
            }
        }
    }
    let mut file =
        json!({ "strategy": "pilot-light", "regions": regions(3, 0), "recovery": { "decider": "person" } });
    file["database"] = json!({ "engine": "elasticache-global" });
    assert_eq!(Scenario::read(&file.to_string()).expect("a good file").regions.len(), 3);
    file["regions"] = regions(4, 0);
    assert_eq!(
        only(&file),
        "regions: a list of 4 is not allowed; allowed: at most 3 regions: Amazon ElastiCache Global Datastore has 2 \
         copies in other regions"
    );
    let cold = json!({ "strategy": "backup-restore", "regions": regions(6, 0) });
    assert_eq!(Scenario::read(&cold.to_string()).expect("nothing follows").regions.len(), 6);
    let mut warm = cold.clone();
    warm["regions"][3]["servers"] = json!(2);
    assert_eq!(
        only(&warm),
        "regions[3].servers: 2 is not allowed; allowed: 0: with backup-restore no servers run in another region than \
         the first before a disaster"
    );
}

#[test]
fn six_sites_are_read_under_every_pattern() {
    for pattern in ["write-global", "write-partitioned", "write-local"] {
        for count in 2..=6 {
            let file =
                json!({ "strategy": "multi-site", "write_pattern": pattern, "regions": regions(count, 3) });
            let plan = Plan::new(&Scenario::read(&file.to_string()).expect(pattern), 1);
            assert!(plan.writes_everywhere() && plan.blueprint.streams().count() == count * (count - 1));
        }
    }
}

#[test]
fn an_engine_that_can_be_had_no_more_is_named_with_what_took_its_place() {
    let said = only(&on("aurora-multi-master", "keys", json!(8)));
    assert!(
        said.starts_with("database.engine: \"aurora-multi-master\" is not allowed; allowed: \"rds\""),
        "{said}"
    );
    assert!(said.ends_with("is retired; aurora-dsql took its place)"), "{said}");
    assert!(!only(&on("oracle", "keys", json!(8))).contains("retired"));
}

#[test]
fn homes_are_refused_where_nobody_is_at_home() {
    let file = |strategy: &str| {
        json!({
            "strategy": strategy, "write_pattern": "write-partitioned",
            "database": { "engine": "dynamodb-global" }, "dns": { "policy": "latency" }
        })
    };
    let said = only(&file("pilot-light"));
    assert!(
        said.starts_with("write_pattern: \"write-partitioned\" is not allowed; allowed: write-global: "),
        "{said}"
    );
    assert!(said.contains("no servers run in the second region"), "{said}");
    let read = Scenario::read(&file("multi-site").to_string()).expect("homes");
    assert_eq!(read.write_pattern, WritePattern::WritePartitioned);
    assert_eq!(
        only(&json!({ "strategy": "multi-site", "write_pattern": "write-anywhere" })),
        "write_pattern: \"write-anywhere\" is not allowed; allowed: \"write-global\", \"write-partitioned\" or \
         \"write-local\""
    );
}

#[test]
fn spans_clocks_and_promises_are_within_their_limits() {
    assert_eq!(
        only(&on("dynamodb-global", "delay_s", json!(-1))),
        "database.delay_s: -1 is not allowed; allowed: a number from 0 to 3600"
    );
    assert_eq!(places(&on("dynamodb-global", "delay_s", json!(3601))), ["database.delay_s"]);
    assert_eq!(places(&on("dynamodb-global", "idempotent", json!("yes"))), ["database.idempotent"]);
    for (field, value) in [
        ("clock_skew_ms", json!(3_600_001)),
        ("clock_skew_ms", json!(-3_600_001)),
        ("clock_skew_ms", json!("fast")),
        ("clock_drift_ppm", json!(1001)),
        ("clock_drift_ppm", json!(-1000.5)),
        ("clock_drift_ppm", json!(null)),
    ] {
        let mut regions = two_regions();
        regions[1][field] = value;
        assert_eq!(places(&json!({ "regions": regions })), [format!("regions[1].{field}")]);
    }
    let session = |word: &str| json!({ "clients": { "session": word } });
    assert_eq!(
        only(&session("glue")),
        "clients.session: \"glue\" is not allowed; allowed: \"none\", \"sticky\" or \"token\""
    );
    for promise in Session::ALL {
        let read = Scenario::read(&session(promise.slug()).to_string()).expect("a promise");
        assert_eq!(read.clients.session, promise);
    }
    let objects = json!({ "strategy": "multi-site", "dns": { "policy": "latency" }, "clients": { "session": "token" },
        "database": { "engine": "s3-replication" } });
    assert_eq!(
        only(&objects),
        "clients.session: \"token\" is not allowed; allowed: \"none\" or \"sticky\": a token is a position in a log, and Amazon S3 \
         replication has none: objects follow one by one"
    );
    let recovery = |field: &str, value: Value| json!({ "recovery": { field: value } });
    assert_eq!(
        only(&recovery("handover", json!("drop"))),
        "recovery.handover: \"drop\" is not allowed; allowed: \"freeze\" or \"live\""
    );
    assert_eq!(places(&recovery("rehome_s", json!(-1))), ["recovery.rehome_s"]);
    assert_eq!(places(&recovery("rehome", json!(1))), ["recovery.rehome"]);
}

#[test]
fn a_write_names_a_city_and_a_key_of_the_scenario() {
    assert_eq!(refused("write=London:96"), "a key from 0 to 95, as database.keys says");
    assert!(refused("write=Atlantis:4").starts_with("a city of the scenario: "));
    assert!(
        refused("write=Paris:4").starts_with("a city of the scenario: "),
        "a city, but nobody asks there"
    );
    for order in
        ["write=London", "write=London:", "write=London:-1", "write=London:four", "write=London:70000"]
    {
        assert_eq!(refused(order), "write with a city and a key, as in London:14", "{order}");
    }
    assert!(refused("clear write=London:4").contains("write=CITY:KEY"), "a write is not mended");
    assert!(Scenario::read(&ordered(" write = London : 4 ").to_string()).is_ok());
}

#[test]
fn a_journey_goes_from_a_city_of_the_scenario_to_one_of_the_catalog() {
    assert!(refused("travel=Atlantis>Mumbai").starts_with("a city of the scenario: "));
    assert_eq!(refused("travel=London>Atlantis"), "a city of the catalog to travel to, and not \"Atlantis\"");
    assert_eq!(refused("travel=London"), "travel with two cities, as in New York>Mumbai");
    assert!(Scenario::read(&ordered("travel=London>Mumbai").to_string()).is_ok());
    assert!(Scenario::read(&ordered("travel=Mumbai>London").to_string()).is_ok(), "and back");
}

#[test]
fn a_home_moves_between_two_regions_of_a_scenario_with_homes() {
    assert!(
        refused("move-home=us-east-1>us-west-2").starts_with("from one region of the scenario to another: ")
    );
    assert!(refused("move-home=us-east-1>us-east-1").contains("us-east-1>eu-west-1"));
    assert_eq!(refused("move-home=us-east-1"), "move-home with a direction, as in us-east-1>eu-west-1");
    assert!(Scenario::read(&ordered("move-home=us-east-1>eu-west-1").to_string()).is_ok());
    let mut homeless = ordered("move-home=us-east-1>eu-west-1");
    homeless["write_pattern"] = json!("write-local");
    let said = only(&homeless);
    assert!(said.contains("otherwise no key has a home"), "{said}");
    homeless["database"] = json!({ "conflict": "conditional" });
    assert!(Scenario::read(&homeless.to_string()).is_ok(), "conditions are checked at home");
    assert_eq!(refused("fence-fails=us-east-1"), "fence-fails with no target");
    assert!(Scenario::read(&ordered("fence-fails").to_string()).is_ok());
}
