//! Scenario files, good ones and hostile ones.
#![cfg(not(target_arch = "wasm32"))]

#[path = "scenario/similar.rs"]
mod similar;
#[path = "scenario/copies.rs"]
mod copies;
#[path = "scenario/dns.rs"]
mod dns;
#[path = "scenario/documentation.rs"]
mod documentation;
#[path = "scenario/hostile_text.rs"]
mod hostile_text;
#[path = "scenario/placement.rs"]
mod placement;
#[path = "scenario/queues.rs"]
mod queues;
#[path = "scenario/runbooks.rs"]
mod runbooks;
#[path = "scenario/strategies.rs"]
mod strategies;
#[path = "scenario/writes.rs"]
mod writes;

use faultline::kernel::region_map::MOST_REGIONS;
use faultline::model::{MOST_BYTES, Problem, Region, RoutingPolicy, builtin, builtins};
use faultline::model::{Scenario, unit::Span};
use serde_json::{Value, json};

/// The problems of a file that must have some.
fn problems(text: &str) -> Vec<Problem> {
    let problems = Scenario::read(text).expect_err("this file is wrong");
    assert!(!problems.is_empty(), "a refusal says why");
    for problem in &problems {
        let said = [&problem.place, &problem.value, &problem.allowed];
        assert!(said.iter().all(|text| !text.is_empty()), "{problem:?}");
        assert!(problem.value.chars().count() <= 70, "an excerpt is short: {}", problem.value);
    }
    problems
}

/// The places of the problems of a file, in alphabetical order.
fn places(file: &Value) -> Vec<String> {
    let mut places: Vec<String> =
        problems(&file.to_string()).into_iter().map(|problem| problem.place).collect();
    places.sort();
    places
}

/// The one problem of a file, in words.
fn only(file: &Value) -> String {
    let problems = problems(&file.to_string());
    assert_eq!(problems.len(), 1, "one problem: {problems:?}");
    problems[0].to_string()
}

fn two_regions() -> Value {
    json!([{ "code": "us-east-1", "servers": 6 }, { "code": "eu-west-1", "servers": 2 }])
}

mod good_files {
    use super::*;

    #[test]
    fn an_empty_file_is_the_default() {
        assert_eq!(Scenario::read("{}"), Ok(Scenario::default()));
    }

    #[test]
    fn every_built_in_is_valid_and_says_what_its_file_says() {
        for (name, title) in builtins() {
            let scenario = builtin(name).unwrap();
            assert_eq!((scenario.name.as_str(), &scenario.title), (name, &title));
        }
        let warm_standby = Scenario {
            name: "warm-standby".into(),
            title: "Warm standby in Ireland".into(),
            horizon_s: Span(7200.0),
            regions: vec![Region::named("us-east-1", 6), Region::named("eu-west-1", 2)],
            ..Scenario::default()
        };
        assert_eq!(builtin("warm-standby"), Some(warm_standby));
        assert_eq!(builtin("nothing"), None);
        assert_eq!(
            builtins().len(),
            std::fs::read_dir("scenarios")
                .unwrap()
                .filter(|it| it.as_ref().unwrap().path().is_file())
                .count(),
            "every file is built in"
        );
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let text = serde_json::to_string(&Scenario::default()).unwrap();
        assert_eq!(Scenario::read(&text), Ok(Scenario::default()));
    }

    #[test]
    fn policies_names_and_experiments_are_understood() {
        let file = json!({
            "title": "Größer als Lübeck: 東京",
            "regions": two_regions(),
            "dns": {
                "policy": { "geolocation": { "São Paulo": "us-east-1", "Zurich": "eu-west-1" } },
                "interval_s": 30,
                "control_plane_region": "us-west-2"
            },
            "clients": { "populations": [{ "city": "Sao Paulo", "requests_per_s": 1 }] },
            "database": { "skew": "uniform" },
            "script": [
                { "at_s": 600, "order": "region-dark=us-east-1" },
                { "at_s": 700, "order": "link-cut-one-way=eu-west-1>us-east-1" },
                { "at_s": 800, "order": "clear zone-grey=us-east-1c" },
                { "at_s": 900, "order": " fail-over = eu-west-1 " },
                { "at_s": 7200, "order": "decide" }
            ]
        });
        let scenario = Scenario::read(&file.to_string()).unwrap();
        assert!(matches!(scenario.dns.policy, RoutingPolicy::Geolocation(targets) if targets.len() == 2));
        let marked = format!("\u{feff}{file}");
        assert!(Scenario::read(&marked).is_ok(), "a byte order mark is no problem");
    }
}

mod wrong_shapes {
    use super::*;

    #[test]
    fn a_wrong_type_is_refused_wherever_it_stands() {
        assert_eq!(
            only(&json!({ "weight": 1.5 })),
            "weight: 1.5 is not allowed; allowed: a whole number from 1 to 10000"
        );
        for (value, shown) in [
            (json!(-1), "-1"),
            (json!("4"), "\"4\""),
            (json!(null), "null"),
            (json!(true), "true"),
            (json!([4]), "[4]"),
            (json!(18_446_744_073_709_551_615_u64), "18446744073709551615"),
            (json!(2.0), "2.0"),
        ] {
            let said = only(&json!({ "weight": value }));
            assert!(said.starts_with(&format!("weight: {shown} is not allowed")), "{said}");
        }
        assert_eq!(
            places(&json!({ "regions": {}, "clients": [], "recovery": { "pin": 1 } })),
            ["clients", "recovery.pin", "regions"]
        );
        for file in ["[]", "7", "null", "\"x\""] {
            assert_eq!(problems(file)[0].place, "the file", "{file}");
            assert_eq!(problems(file).len(), 1, "{file}");
        }
    }

    #[test]
    fn a_value_out_of_range_is_refused_with_the_range() {
        assert_eq!(
            only(&json!({ "network": { "loss": 0.51 } })),
            "network.loss: 0.51 is not allowed; allowed: a number from 0 to 0.5"
        );
        assert_eq!(
            only(&json!({ "name": "" })),
            "name: \"\" is not allowed; allowed: a text of 1 to 60 characters"
        );
        assert_eq!(places(&json!({ "clients": { "populations": [] } })), ["clients.populations"]);
        let seven: Vec<Value> =
            ["us-east-1", "eu-west-1", "us-west-2", "eu-west-2", "eu-west-3", "us-east-2", "eu-north-1"]
                .iter()
                .map(|code| json!({ "code": code, "servers": 1 }))
                .collect();
        assert_eq!(seven.len(), MOST_REGIONS + 1);
        assert_eq!(
            only(&json!({ "strategy": "multi-site", "regions": seven })),
            "regions: a list of 7 is not allowed; allowed: a list of 1 to 6 items"
        );
    }

    #[test]
    fn a_missing_field_is_refused_where_it_has_no_default() {
        assert_eq!(
            only(&json!({ "regions": [{ "code": "us-east-1" }, { "code": "eu-west-1", "servers": 2 }] })),
            "regions[0].servers: a missing field is not allowed; allowed: a whole number from 0 to 200"
        );
    }

    #[test]
    fn a_choice_says_what_can_be_chosen() {
        let said = only(&json!({ "dns": { "policy": "fastest" } }));
        assert_eq!(
            said,
            "dns.policy: \"fastest\" is not allowed; allowed: \"failover\", \"latency\", \
             {\"weighted\": a list of 1 to 6 items}, {\"geolocation\": an object} or {\"latency-failover\": an object}"
        );
        assert_eq!(
            places(&json!({ "dns": { "policy": { "weighted": [1, -1] } } })),
            ["dns.policy.weighted[1]"]
        );
        assert_eq!(places(&json!({ "database": { "skew": { "zipf": 9 } } })), ["database.skew.zipf"]);
        assert_eq!(places(&json!({ "database": { "skew": {} } })), ["database.skew"]);
        assert_eq!(places(&json!({ "strategy": "hot-standby" })), ["strategy"]);
    }
}

mod wrong_meanings {
    use super::*;

    #[test]
    fn a_region_must_exist_and_have_the_zones() {
        let file = json!({ "strategy": "multi-site", "regions": [
            { "code": "mars-1", "servers": 6 },
            { "code": "eu-west-1", "servers": 2, "zones": 4 },
            { "code": "eu-west-1", "servers": 2 }
        ]});
        let problems = problems(&file.to_string());
        assert!(problems[0].to_string().starts_with(
            "regions[0].code: \"mars-1\" is not allowed; allowed: a region of the catalog (us-east-1, us-east-2,"
        ));
        assert_eq!(
            problems[1].to_string(),
            "regions[1].zones: 4 is not allowed; allowed: 1 to 3, as many as eu-west-1 has"
        );
        assert_eq!(problems[2].place, "regions[2].code");
        assert_eq!(problems.len(), 3);
    }

    #[test]
    fn a_city_must_exist_and_come_once() {
        let people = |city: &str| json!({ "city": city, "requests_per_s": 10 });
        let file = json!({ "clients": { "populations": [
            people("São Paulo"), people("Atlantis"), people("Sao Paulo"), people("")
        ] } });
        assert_eq!(
            places(&file),
            ["clients.populations[1].city", "clients.populations[2].city", "clients.populations[3].city"]
        );
    }

    #[test]
    fn references_must_lead_somewhere() {
        let file = json!({ "dns": {
            "control_plane_region": "us-east-9",
            "policy": { "geolocation": { "London": "eu-west-1", "Paris": "eu-west-3", "a.b": "us-east-1" } }
        } });
        assert_eq!(
            places(&file),
            ["dns.control_plane_region", "dns.policy.geolocation.Paris", "dns.policy.geolocation[\"a.b\"]"]
        );
    }

    #[test]
    fn orders_must_be_orders_about_what_is_there_before_the_end() {
        let line = |order: &str| json!({ "at_s": 60, "order": order });
        let bad = [
            "explode",
            "region-dark",
            "region-dark=us-west-2",
            "zone-power=eu-west-1d",
            "zone-power=eu-west-1",
            "link-cut=us-east-1:us-east-1",
            "link-cut=us-east-1>eu-west-1",
            "link-cut-one-way=us-east-1:eu-west-1",
            "load-surge=us-east-1",
            "clear decide",
            "fail-over",
            "fail-over=eu-west-2",
            "decide=now",
            "RÉGION-dark=us-east-1",
        ];
        let script: Vec<Value> = bad.iter().map(|order| line(order)).collect();
        let problems = problems(&json!({ "script": script }).to_string());
        let places: Vec<String> = problems.iter().map(|problem| problem.place.clone()).collect();
        let wanted: Vec<String> = (0..bad.len()).map(|index| format!("script[{index}].order")).collect();
        assert_eq!(places, wanted);
        assert_eq!(
            problems[2].to_string(),
            "script[2].order: \"region-dark=us-west-2\" is not allowed; \
             allowed: a region of the scenario: us-east-1 or eu-west-1"
        );
        assert_eq!(problems[5].allowed, "two regions of the scenario: us-east-1:eu-west-1");
        let late = json!({ "horizon_s": 100, "script": [{ "at_s": 101, "order": "decide" }] });
        assert_eq!(
            only(&late),
            "script[0].at_s: 101.0 is not allowed; allowed: at most 100, as horizon_s says"
        );
    }

    #[test]
    fn the_least_may_not_be_more_than_the_most() {
        let file = json!({
            "clients": { "backoff_base_s": 30 },
            "servers": { "boot_min_s": 200, "most": 5 },
            "database": { "zone_failover_max_s": 59 },
            "recovery": { "fence_min_s": 121, "promote_typical_s": 1000, "promote_restart_s": 121,
                "validate_max_s": 100 }
        });
        assert_eq!(
            places(&file),
            [
                "clients.backoff_base_s",
                "database.zone_failover_min_s",
                "recovery.fence_min_s",
                "recovery.promote_restart_s",
                "recovery.promote_typical_s",
                "recovery.servers",
                "recovery.validate_min_s",
                "regions[0].servers",
                "servers.boot_min_s"
            ]
        );
    }

    #[test]
    fn a_warm_standby_needs_a_second_region_that_runs() {
        let one = json!({ "regions": [{ "code": "us-east-1", "servers": 6 }] });
        assert_eq!(places(&one), ["regions"]);
        let cold = json!({ "regions": [
            { "code": "us-east-1", "servers": 6 }, { "code": "eu-west-1", "servers": 0 }
        ] });
        assert_eq!(places(&cold), ["regions[1].servers"]);
    }

    #[test]
    fn a_run_that_would_never_end_is_refused_with_the_weight_that_helps() {
        let file = json!({ "weight": 1, "clients": { "populations": [
            { "city": "London", "requests_per_s": 60_000 }, { "city": "Tokyo", "requests_per_s": 1 }
        ] } });
        let said = only(&file);
        assert!(said.contains("60001 simulated requests a second"), "{said}");
        assert!(said.contains("a weight of 4 or more"), "{said}");
        assert_eq!(places(&json!({ "weight": 100 })), ["servers.concurrency"]);
    }

    #[test]
    fn a_name_is_fit_for_files_and_commands() {
        for name in ["Warm", "a b", "../x", "-x", "ümlaut"] {
            assert_eq!(places(&json!({ "name": name })), ["name"]);
        }
    }
}

mod many_at_once {
    use super::*;

    #[test]
    fn shape_and_meaning_are_told_together_and_nothing_twice() {
        let file = json!({
            "colour": "blue",
            "weight": 0,
            "horizon_s": "long",
            "regions": [{ "code": "mars-1", "servers": -1 }, { "code": 5, "servers": 2, "zones": 9 }],
            "dns": { "ttl": 1, "control_plane_region": "us-east-9" },
            "clients": { "populations": [{ "city": "Atlantis", "requests_per_s": 1e6 }], "retries": 11 },
            "recovery": { "fence_min_s": 500, "decider": "dice" },
            "script": [{ "at_s": 90_000, "order": "region-dark=eu-west-1" }, { "order": "explode" }]
        });
        assert_eq!(
            places(&file),
            [
                "clients.populations[0].city",
                "clients.populations[0].requests_per_s",
                "clients.retries",
                "colour",
                "dns.control_plane_region",
                "dns.ttl",
                "horizon_s",
                "recovery.decider",
                "recovery.fence_min_s",
                "regions[0].code",
                "regions[0].servers",
                "regions[1].code",
                "regions[1].zones",
                "script[1].at_s",
                "script[1].order",
                "weight",
            ]
        );
    }

    #[test]
    fn nothing_is_concluded_from_a_value_that_was_refused() {
        // The most servers are not known here, so that it is not said that six are too many.
        assert_eq!(
            places(&json!({ "servers": { "most": "many" }, "recovery": { "servers": 100 } })),
            ["servers.most"]
        );
        let file = json!({
            "regions": [{ "code": false, "servers": 6 }, { "code": "eu-west-1", "servers": 2 }],
            "script": [{ "at_s": 1, "order": "region-dark=us-east-1" }]
        });
        assert_eq!(places(&file), ["regions[0].code"]);
    }
}
