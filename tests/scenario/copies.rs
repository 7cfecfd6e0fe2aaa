//! Regions that agree, a witness, and copies that answer: how many there may be, and where.

use super::writes::{on, regions};
use super::*;
use faultline::model::plan::Plan;

#[test]
fn regions_that_agree_are_of_one_set_and_the_title_names_them() {
    let over = |codes: [&str; 3]| {
        json!({
            "strategy": "multi-site", "database": { "engine": "dynamodb-strong" },
            "regions": codes.map(|code| json!({ "code": code, "servers": 6 })),
        })
    };
    for (codes, title) in [
        (["eu-west-2", "eu-west-3", "eu-central-1"], "London, Paris and Frankfurt agree"),
        (["ap-northeast-1", "ap-northeast-2", "ap-northeast-3"], "Tokyo, Seoul and Osaka agree"),
    ] {
        let read = Scenario::read(&over(codes).to_string()).expect(title);
        assert_eq!(read.title, title);
    }
    for codes in [["us-east-1", "eu-west-1", "ap-northeast-1"], ["us-east-1", "us-east-2", "us-west-1"]] {
        let said = only(&over(codes));
        assert!(said.starts_with(&format!("regions: {} is not allowed", codes.join(", "))), "{said}");
        assert!(said.contains("us-east-1, us-east-2, us-west-2; or eu-west-1"), "{said}");
    }
}

#[test]
fn a_witness_is_one_of_the_others_and_has_no_servers() {
    let over = |engine: &str, regions: Value| json!({ "strategy": "multi-site", "database": { "engine": engine }, "regions": regions });
    let region = |code: &str, servers: u32, witness: bool| json!({ "code": code, "servers": servers, "witness": witness });
    let set = |first: bool, second: bool, third: bool, servers: u32| {
        json!([
            region("us-east-1", 6, first),
            region("us-east-2", 6, second),
            region("us-west-2", servers, third)
        ])
    };
    for engine in ["dynamodb-strong", "aurora-dsql"] {
        let read = Scenario::read(&over(engine, set(false, false, true, 0)).to_string()).expect(engine);
        assert_eq!(read.title, "N. Virginia and Ohio agree, Oregon is the witness");
        let said = only(&over(engine, set(false, false, true, 2)));
        assert_eq!(said, "regions[2].servers: 2 is not allowed; allowed: 0: a witness has no servers");
    }
    let said = only(&over("aurora-dsql", set(false, false, false, 6)));
    assert_eq!(
        said,
        "regions: 3 that serve is not allowed; allowed: two that serve and one with \"witness\": true: \
         Amazon Aurora DSQL"
    );
    let said = only(&over("dynamodb-global", set(false, false, true, 0)));
    assert!(said.starts_with("regions[2].witness: true is not allowed; allowed: false: "), "{said}");
    let mut file = on("dynamodb-global", "strongly_consistent_reads", json!(0.5));
    let said = only(&file);
    assert!(
        said.starts_with("database.strongly_consistent_reads: 0.5 is not allowed; allowed: 1: "),
        "{said}"
    );
    file["database"]["engine"] = json!("dynamodb-strong");
    assert_eq!(
        *Scenario::read(&file.to_string()).expect("as DynamoDB").database.strongly_consistent_reads,
        0.5
    );
}

#[test]
fn copies_that_answer_are_as_many_as_there_are_and_asked_where_that_makes_sense() {
    let file = |engine: &str, pattern: &str, field: &str, value: Value| {
        json!({
            "strategy": "multi-site", "write_pattern": pattern, "regions": regions(3, 3),
            "database": { "engine": engine, field: value }
        })
    };
    let own = |field: &str, value: Value| file("self-managed", "write-local", field, value);
    for field in ["replicas_read", "replicas_written"] {
        for count in 1..=3 {
            assert!(Scenario::read(&own(field, json!(count)).to_string()).is_ok(), "{field}: {count}");
        }
        assert_eq!(
            only(&own(field, json!(4))),
            format!("database.{field}: 4 is not allowed; allowed: at most 3, as every region has one copy")
        );
        for nonsense in [json!(0), json!(7), json!(1.5), json!("all")] {
            assert_eq!(places(&own(field, nonsense)), [format!("database.{field}")]);
        }
        assert_eq!(
            only(&file("dynamodb-global", "write-local", field, json!(2))),
            format!(
                "database.{field}: 2 is not allowed; allowed: 1: Amazon DynamoDB global tables does not let the \
                 application say how many copies answer"
            )
        );
        assert_eq!(
            only(&file("self-managed", "write-global", field, json!(2))),
            format!(
                "database.{field}: 2 is not allowed; allowed: 1: with write-global one copy takes the writes of a key"
            )
        );
    }
    let mut homes = own("read_repair", json!(true));
    assert!(Scenario::read(&homes.to_string()).is_ok());
    homes["database"]["conflict"] = json!("conditional");
    assert_eq!(
        only(&homes),
        "database.read_repair: true is not allowed; allowed: false: with conditional writes every key has a home, \
         whose copy decides alone"
    );
}

#[test]
fn a_failover_controller_goes_with_a_database_of_ones_own_that_has_one_writer() {
    let file = |engine: &str, nodes: Value| {
        json!({
            "strategy": "warm-standby", "regions": regions(3, 3),
            "database": { "engine": engine }, "controller": { "nodes": nodes }
        })
    };
    let codes: Vec<String> =
        (0..3).map(|index| regions(3, 3)[index]["code"].as_str().expect("a code").into()).collect();
    let good = file("self-managed", json!(codes));
    let scenario = Scenario::read(&good.to_string()).expect("one node in each region");
    assert!(
        !Plan::new(&scenario, 1).writes_everywhere(),
        "one region takes the writes, whatever else the engine can"
    );
    assert_eq!(*scenario.recovery.promote_max_s, 5.0, "and a promotion takes as long as a controller needs");
    // Without one nothing of this is so.
    assert!(
        Plan::new(&Scenario::read(&file("self-managed", json!([])).to_string()).expect("no controller"), 1)
            .writes_everywhere()
    );
    assert_eq!(
        only(&file("aurora-global", json!(codes))),
        "controller.nodes: a list of 3 is not allowed; allowed: an empty list: Amazon Aurora Global Database fails over \
         by itself; only self-managed has a controller"
    );
    for few in [&codes[..1], &codes[..2], &[&codes[..], &codes[..1]].concat()] {
        assert_eq!(
            only(&file("self-managed", json!(few))),
            format!(
                "controller.nodes: a list of {} is not allowed; allowed: three, five or seven nodes: of an even number a \
                 half is no majority",
                few.len()
            )
        );
    }
    assert_eq!(places(&file("self-managed", json!([codes[0], codes[1], "mars-1"]))), ["controller.nodes[2]"]);
    for (part, field, value) in [
        ("database", "conflict", json!("siblings")),
        ("controller", "detection_s", json!(3)),
        ("controller", "poll_s", json!(0)),
    ] {
        let mut file = good.clone();
        file[part][field] = value;
        assert_eq!(places(&file), [format!("{part}.{field}")]);
    }
    let mut local = good.clone();
    local["write_pattern"] = json!("write-local");
    assert_eq!(
        only(&local),
        "write_pattern: \"write-local\" is not allowed; allowed: write-global: with a failover controller one region takes \
         the writes"
    );
    let mut alone = file("self-managed", json!([]));
    alone["controller"]["semi_synchronous"] = json!(true);
    assert_eq!(
        only(&alone),
        "controller.semi_synchronous: true is not allowed; allowed: false: only with a failover controller, as \
         controller.nodes says"
    );
}
