//! Runbooks in scenario files: good ones, and every way in which one can make no sense.

use super::{only, places};
use faultline::model::scenario::Scenario;
use faultline::model::{Runbook, Strategy, built_in_runbooks, builtins};
use serde_json::{Value, json};

/// A file with one runbook whose steps are these.
fn file(steps: &Value) -> Value {
    json!({ "runbooks": [{ "name": "mine", "starts": { "when": "order" }, "steps": steps }] })
}

#[test]
fn every_built_in_runbook_is_read_by_the_reader_of_scenario_files() {
    assert_eq!(built_in_runbooks().count(), 12, "every file is a runbook");
    for (name, _) in builtins() {
        let scenario = faultline::model::builtin(name).expect("a built-in");
        let books = Runbook::all(&scenario);
        assert_eq!(books.len(), 12, "{name}");
    }
    let copies = [Strategy::WarmStandby, Strategy::PilotLight];
    for runbook in
        built_in_runbooks().filter(|it| !["rehome", "move-home", "evacuate"].contains(&it.name.as_str()))
    {
        for strategy in copies {
            let own = json!({ "strategy": strategy.slug(), "runbooks": [serde_json::to_value(&runbook).expect("data")] });
            let read = Scenario::read(&own.to_string());
            assert!(read.is_ok(), "{}: {read:?}", runbook.name);
            assert_eq!(Runbook::all(&read.expect("good")).len(), 12, "it replaces the one with its name");
        }
    }
}

#[test]
fn a_runbook_of_ones_own_stands_before_the_built_in_ones() {
    let own = file(&json!([{ "name": "a", "action": "fence", "on": "owner", "takes_s": [1, 2, 3] }]));
    let scenario = Scenario::read(&own.to_string()).expect("a good file");
    let books = Runbook::all(&scenario);
    assert_eq!((books.len(), books[0].name.as_str()), (13, "mine"));
}

#[test]
fn what_makes_no_sense_is_refused_with_its_place() {
    let step = |more: Value| {
        let mut step = json!({ "name": "a", "action": "fence" });
        for (key, value) in more.as_object().expect("fields") {
            step[key] = value.clone();
        }
        file(&json!([step]))
    };
    let at = |more: Value| places(&step(more));
    assert_eq!(at(json!({ "action": "explode" })), ["runbooks[0].steps[0].action"]);
    assert_eq!(at(json!({ "on": "mars" })), ["runbooks[0].steps[0].on"]);
    assert_eq!(at(json!({ "after": ["b"] })), ["runbooks[0].steps[0].after[0]"]);
    assert_eq!(at(json!({ "after": ["a"] })), ["runbooks[0].steps[0].after"], "a step after itself");
    assert_eq!(at(json!({ "takes_s": [60, 30] })), ["runbooks[0].steps[0].takes_s"]);
    assert_eq!(at(json!({ "takes_s": [-1] })), ["runbooks[0].steps[0].takes_s"]);
    assert_eq!(at(json!({ "needs": ["luck"] })), ["runbooks[0].steps[0].needs[0]"]);
    assert_eq!(at(json!({ "otherwise": "hope" })), ["runbooks[0].steps[0].otherwise"]);
    assert_eq!(at(json!({ "name": "A step" })), ["runbooks[0].steps[0].name"]);
    assert_eq!(at(json!({ "colour": "red" })), ["runbooks[0].steps[0].colour"]);
    assert_eq!(
        at(json!({ "action": "hand-over" })),
        ["runbooks[0].steps[0].action"],
        "keys have no homes here"
    );
    assert_eq!(at(json!({ "action": "restore" })), ["runbooks[0].steps[0].action"], "there is no backup yet");
    let circle = file(&json!([
        { "name": "a", "action": "fence", "after": ["c"] },
        { "name": "b", "action": "promote", "after": ["a"] },
        { "name": "c", "action": "validate", "after": ["b"] }
    ]));
    assert_eq!(places(&circle), ["runbooks[0].steps[0].after"]);
    let twice = file(&json!([{ "name": "a", "action": "fence" }, { "name": "a", "action": "promote" }]));
    assert_eq!(places(&twice), ["runbooks[0].steps[1].name"]);
    assert!(only(&twice).contains("each name once; this one is steps[0] too"));
    let mut elsewhere = file(&json!([{ "name": "a", "action": "fence" }]));
    elsewhere["runbooks"][0]["starts"]["region"] = "mars".into();
    assert_eq!(places(&elsewhere), ["runbooks[0].starts.region"]);
    let empty = json!({ "runbooks": [{ "name": "mine", "steps": [] }] });
    assert_eq!(places(&empty), ["runbooks[0].steps"]);
}

#[test]
fn needs_that_can_never_be_met_are_refused() {
    let with = |more: Value, need: &str| {
        let mut file = file(&json!([{ "name": "a", "action": "validate", "needs": [need] }]));
        for (key, value) in more.as_object().expect("fields") {
            file[key] = value.clone();
        }
        places(&file)
    };
    let never = ["runbooks[0].steps[0].needs[0]"];
    assert_eq!(with(json!({ "strategy": "backup-restore" }), "copy"), never);
    assert_eq!(with(json!({ "backup": { "tagged": false } }), "backup"), never);
    let bare =
        json!([{ "code": "us-east-1", "servers": 6 }, { "code": "eu-west-1", "servers": 0, "image": false }]);
    assert_eq!(with(json!({ "strategy": "pilot-light", "regions": bare }), "image"), never);
    let promote = json!([{ "name": "a", "action": "promote" }]);
    let mut sites = file(&promote);
    sites["strategy"] = "multi-site".into();
    assert_eq!(places(&sites), ["runbooks[0].steps[0].action"], "every region takes writes");
}

#[test]
fn a_step_on_each_region_is_one_for_each_of_them() {
    let own = file(&json!([
        { "name": "a", "action": "release", "on": "each-region" },
        { "name": "b", "action": "bake", "on": "each-region", "after": ["a"] },
        { "name": "c", "action": "validate", "after": ["b"] }
    ]));
    let steps = |order: &str| {
        let mut own = own.clone();
        own["rollout"] = json!({ "order": order });
        own["recovery"] = json!({ "decider": "manual" });
        let books = Runbook::all(&Scenario::read(&own.to_string()).expect("a good file"));
        let name = |at: &u8| books[0].steps[usize::from(*at)].name.clone();
        let after = |step: &faultline::model::runbooks::Step| step.after.iter().map(name).collect::<Vec<_>>();
        books[0].steps.iter().map(|it| (it.name.clone(), after(it))).collect::<Vec<_>>()
    };
    let wanted = |rows: &[(&str, &[&str])]| {
        let row = |(name, after): &(&str, &[&str])| {
            ((*name).into(), after.iter().map(|it| String::from(*it)).collect())
        };
        rows.iter().map(row).collect::<Vec<(String, Vec<String>)>>()
    };
    // The standby has no users: it comes first.
    assert_eq!(
        steps("region-by-region"),
        wanted(&[
            ("a@eu-west-1", &[]),
            ("a@us-east-1", &["a@eu-west-1", "b@eu-west-1"]),
            ("b@eu-west-1", &["a@eu-west-1"]),
            ("b@us-east-1", &["a@us-east-1", "a@eu-west-1", "b@eu-west-1"]),
            ("c", &["b@eu-west-1", "b@us-east-1"]),
        ])
    );
    assert_eq!(
        steps("everywhere"),
        wanted(&[
            ("a@eu-west-1", &[]),
            ("a@us-east-1", &[]),
            ("b@eu-west-1", &["a@eu-west-1"]),
            ("b@us-east-1", &["a@us-east-1"]),
            ("c", &["b@eu-west-1", "b@us-east-1"]),
        ])
    );
}

#[test]
fn releases_have_names_that_orders_can_use() {
    let with = |releases: Value| json!({ "rollout": { "releases": releases } });
    let name = |name: &str| with(json!([{ "name": name }]));
    assert_eq!(places(&name("v 43")), ["rollout.releases[0].name"]);
    assert_eq!(places(&name("v43=bad")), ["rollout.releases[0].name"]);
    assert_eq!(places(&with(json!([{ "name": "v43", "fails": 2 }]))), ["rollout.releases[0].fails"]);
    let twice = with(json!([{ "name": "v43" }, { "name": "v43" }]));
    assert!(only(&twice).contains("each name once; this one is rollout.releases[0] too"));
    let mut unknown = with(json!([{ "name": "2024.1-rc" }]));
    unknown["script"] = json!([{ "at_s": 60, "order": "deploy=v43" }]);
    assert!(only(&unknown).contains("a release of the scenario: 2024.1-rc"), "{}", only(&unknown));
    unknown["script"][0]["order"] = "deploy=2024.1-rc".into();
    assert!(Scenario::read(&unknown.to_string()).is_ok());
    let none = json!({ "rollout": { "releases": [] }, "script": [{ "at_s": 60, "order": "deploy=v43" }] });
    assert!(only(&none).contains("rollout.releases names none"));
}

#[test]
fn a_script_starts_a_runbook_by_name_only_if_there_is_one() {
    let with = |order: &str| {
        let mut file = file(&json!([{ "name": "a", "action": "fence", "on": "owner" }]));
        file["script"] = json!([{ "at_s": 60, "order": order }]);
        file
    };
    for good in ["run=mine", "run=fail-over:us-east-1>eu-west-1", "run=roll-back:us-east-1"] {
        let read = Scenario::read(&with(good).to_string());
        assert!(read.is_ok(), "{good}: {read:?}");
    }
    let names = "mine, rehome, evacuate, switch-over, planned-failover, fail-over, rebuild-from-backup, restore-in-place, \
                 fail-back, move-home, roll-back, deploy or take-over";
    assert_eq!(
        only(&with("run=yours")),
        format!("script[0].order: \"run=yours\" is not allowed; allowed: a runbook of the scenario: {names}")
    );
    assert_eq!(
        only(&with("run=mine:us-east-1>mars")),
        "script[0].order: \"run=mine:us-east-1>mars\" is not allowed; allowed: a region of the scenario: us-east-1 or eu-west-1"
    );
    for bad in ["run", "run=", "run=mine:", "run=mine:>eu-west-1"] {
        let said = only(&with(bad));
        assert!(said.ends_with("allowed: run with a runbook, as in fail-over"), "{said}");
    }
}

#[test]
fn what_is_mended_where_it_is_lets_nothing_leave() {
    let steps = json!([{ "name": "a", "action": "promote" }]);
    let ruin = json!({ "runbooks": [{ "name": "mine", "starts": { "when": "alarm", "given": "ruin" }, "steps": steps }] });
    assert_eq!(places(&ruin), ["runbooks[0].steps[0].action"]);
    let orders = json!({ "runbooks": [{ "name": "mine", "starts": { "when": "order", "orders": ["dance"] }, "steps": steps }] });
    assert_eq!(places(&orders), ["runbooks[0].starts.orders[0]"]);
}
