//! Placement rules in scenario files: good ones, what they may not say, and systems that would break one from the start.

use super::{only, places, problems};
use faultline::model::scenario::Scenario;
use serde_json::{Value, json};

/// Six sites whose keys have homes, or another system with these fields, under these rules.
fn file(rules: Value, more: &Value) -> Value {
    let site = |code: &str| json!({ "code": code, "servers": 2 });
    let codes = ["us-east-1", "eu-west-1", "eu-central-1", "ap-south-1", "sa-east-1", "ap-northeast-1"];
    let mut file = json!({
        "strategy": "multi-site", "write_pattern": "write-partitioned", "regions": codes.map(site),
        "database": { "engine": "dynamodb-global" }, "placement": rules
    });
    for (key, value) in more.as_object().expect("fields") {
        file[key] = value.clone();
    }
    file
}

fn gdpr(rule: &Value) -> Value {
    let mut whole = json!({ "law": "GDPR" });
    for (key, value) in rule.as_object().expect("fields") {
        whole[key] = value.clone();
    }
    json!([whole])
}

#[test]
fn a_law_may_bind_one_partition_or_all_data_by_regions_or_by_continent() {
    for rule in [
        json!({ "partition": "eu-west-1", "continent": "Europe" }),
        json!({ "partition": "eu-west-1", "regions": ["eu-central-1", "eu-west-1", "eu-north-1"] }),
    ] {
        let read = Scenario::read(&file(gdpr(&rule), &json!({})).to_string());
        assert!(read.is_ok(), "{rule}: {read:?}");
    }
    let europe = json!({
        "strategy": "warm-standby", "write_pattern": "write-global", "database": {},
        "regions": [{ "code": "eu-west-1", "servers": 4 }, { "code": "eu-central-1", "servers": 2 }]
    });
    let read = Scenario::read(&file(gdpr(&json!({ "continent": "Europe" })), &europe).to_string());
    assert!(read.is_ok(), "{read:?}");
}

#[test]
fn a_rule_that_makes_no_sense_is_refused_with_its_place() {
    let at = |rule: Value| places(&file(gdpr(&rule), &json!({})));
    assert_eq!(at(json!({ "partition": "eu-west-1" })), ["placement[0]"], "an empty rule");
    assert_eq!(at(json!({ "continent": "Europe", "regions": ["eu-west-1"] })), ["placement[0]"]);
    assert_eq!(at(json!({ "partition": "eu-west-1", "continent": "Atlantis" })), ["placement[0].continent"]);
    assert_eq!(at(json!({ "partition": "eu-west-1", "continent": "europe" })), ["placement[0].continent"]);
    assert_eq!(at(json!({ "partition": "eu-west-1", "regions": ["mars"] })), ["placement[0].regions[0]"]);
    assert_eq!(at(json!({ "partition": "mars", "continent": "Europe" })), ["placement[0].partition"]);
    assert_eq!(at(json!({ "partition": "eu-west-1", "continent": "Africa" })), ["placement[0].continent"]);
    assert_eq!(at(json!({ "partition": "eu-west-1", "regions": ["eu-north-1"] })), ["placement[0].regions"]);
    assert_eq!(
        at(json!({ "law": "  ", "partition": "eu-west-1", "continent": "Europe" })),
        ["placement[0].law"]
    );
    assert_eq!(at(json!({ "continents": ["Europe"] })), ["placement[0]", "placement[0].continents"]);
    assert_eq!(places(&file(json!([{ "continent": "Europe" }]), &json!({})))[0], "placement[0].law");
    let said = only(&file(gdpr(&json!({ "partition": "eu-west-1", "continent": "Atlantis" })), &json!({})));
    assert_eq!(
        said,
        "placement[0].continent: \"Atlantis\" is not allowed; allowed: a continent: Africa, Asia, Europe, North America, \
         Oceania or South America"
    );
}

#[test]
fn a_system_that_would_break_a_law_is_refused_with_the_laws_name_and_what_is_allowed() {
    let all = gdpr(&json!({ "continent": "Europe" }));
    let home = gdpr(&json!({ "partition": "us-east-1", "continent": "Europe" }));
    assert_eq!(
        only(&file(home, &json!({}))),
        "placement[0].partition: \"us-east-1\" is not allowed; allowed: a region in Europe: GDPR (placement[0]) binds what is \
         at home there"
    );
    let two = |first: &str, second: &str| json!([{ "code": first, "servers": 4 }, { "code": second, "servers": 2 }]);
    let standby = json!({
        "strategy": "warm-standby", "write_pattern": "write-global", "database": {},
        "regions": two("eu-west-1", "us-east-1")
    });
    let told: Vec<String> =
        problems(&file(all.clone(), &standby).to_string()).iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "regions[1].code: \"us-east-1\" is not allowed; allowed: a region in Europe: GDPR (placement[0]) binds all data, \
             and the region has a copy",
            "backup.copies: true, the default, is not allowed; allowed: false: by GDPR no region but eu-west-1 may hold a copy"
        ]
    );
    for pattern in ["write-local", "write-global", "write-partitioned"] {
        let sites = json!({ "write_pattern": pattern, "backup": { "tagged": false } });
        let found = places(&file(all.clone(), &sites));
        assert_eq!(
            found,
            [0, 3, 4, 5].map(|at| format!("regions[{at}].code")),
            "{pattern}: every site has a copy"
        );
    }
    for pattern in ["write-local", "write-global"] {
        let one = gdpr(&json!({ "partition": "eu-west-1", "continent": "Europe" }));
        let said = only(&file(one, &json!({ "write_pattern": pattern })));
        assert!(
            said.starts_with("placement[0].partition: \"eu-west-1\" is not allowed; allowed: empty"),
            "{said}"
        );
    }
    let primary = json!({
        "strategy": "backup-restore", "write_pattern": "write-global", "database": {},
        "regions": [{ "code": "us-east-1", "servers": 4 }, { "code": "eu-west-1", "servers": 0 }]
    });
    assert_eq!(places(&file(all, &primary)), ["backup.tagged", "regions[0].code"]);
}

#[test]
fn backups_that_no_region_may_hold_are_refused() {
    let each = |code: &str| json!({ "law": format!("law of {code}"), "partition": code, "regions": [code] });
    let rules = json!([each("eu-west-1"), each("ap-south-1")]);
    assert_eq!(
        only(&file(rules.clone(), &json!({}))),
        "backup.tagged: true, the default, is not allowed; allowed: false: a backup has all data, and no region may hold all, by law of \
         eu-west-1 and law of ap-south-1"
    );
    let bare = file(rules, &json!({ "backup": { "tagged": false } }));
    assert!(Scenario::read(&bare.to_string()).is_ok());
    let alone = json!([each("eu-west-1")]);
    assert_eq!(places(&file(alone.clone(), &json!({}))), ["backup.copies"]);
    assert!(Scenario::read(&file(alone, &json!({ "backup": { "copies": false } })).to_string()).is_ok());
}

#[test]
fn a_runbook_that_restores_where_a_law_forbids_it_is_refused() {
    let runbooks = |on: &str| {
        json!([{ "name": "mine", "steps": [
            { "name": "fetch", "action": "fetch-backup", "on": on },
            { "name": "restore", "action": "restore", "on": on, "after": ["fetch"] }
        ] }])
    };
    let rule = gdpr(&json!({ "partition": "eu-west-1", "continent": "Europe" }));
    let with = |on: &str| file(rule.clone(), &json!({ "runbooks": runbooks(on) }));
    assert_eq!(
        only(&with("us-east-1")),
        "runbooks[0].steps[1].on: \"us-east-1\" is not allowed; allowed: where GDPR lets it leave data: eu-west-1 or \
         eu-central-1"
    );
    assert!(Scenario::read(&with("eu-central-1").to_string()).is_ok());
}
