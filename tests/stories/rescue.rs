//! No hidden rescue: servers use their own region's database, unless the application is made to turn to another.

use crate::lab::Lab;
use faultline::model::scenario::Scenario;

/// 20 October 2025: the endpoint of DynamoDB in us-east-1 cannot be reached for 2 h 52 min.
/// Source: https://aws.amazon.com/message/101925 (the endpoint came back at 2:40 AM; replicas in other regions worked).
fn october_2025(fallback: bool, out_s: f64) -> Scenario {
    let text = format!(
        r#"{{ "name": "endpoint", "horizon_s": 18000, "grain": 20, "strategy": "multi-site", "write_pattern": "write-local",
  "regions": [ {{ "code": "us-east-1", "servers": 12, "zones": 1 }}, {{ "code": "us-west-2", "servers": 12, "zones": 1 }} ],
  "database": {{ "engine": "dynamodb-global", "fallback": {fallback} }},
  "servers": {{ "most": 12 }}, "recovery": {{ "servers": 12 }}, "dns": {{ "policy": "latency" }},
  "script": [ {{ "at_s": 600, "order": "database-endpoint=us-east-1" }},
    {{ "at_s": {}, "order": "clear database-endpoint=us-east-1" }} ] }}"#,
        600.0 + out_s
    );
    Scenario::read(&text).expect("a scenario")
}

/// The cities that latency sends to us-east-1.
const EAST: [&str; 3] = ["New York", "London", "Sao Paulo"];

fn failed_share(lab: &Lab, city: &str, from_s: f64, to_s: f64) -> f64 {
    let report = lab.run.report();
    let requests = &report.by_client[city].requests;
    let inside = (to_s - from_s) / lab.run.now().secs();
    requests.failed as f64 / (requests.sent as f64 * inside)
}

#[test]
fn whoever_is_sent_to_a_region_without_its_database_fails_for_as_long_as_that_lasts() {
    for (seed, out_s) in [(11, 10_320.0), (3, 1200.0), (5, 300.0)] {
        let mut lab = Lab::new(&october_2025(false, out_s), seed);
        lab.run_to(600.0 + out_s);
        let cities: Vec<&String> =
            lab.run.plan().scenario.clients.populations.iter().map(|it| &it.city).collect();
        let east = cities.iter().filter(|city| EAST.contains(&city.as_str()));
        for city in east {
            let share = failed_share(&lab, city, 600.0, 600.0 + out_s);
            assert!(share > 0.95, "seed {seed}: {city} fails all the time: {share}");
        }
        // Who asked shortly before it is over is served by a later attempt: three of 3 s, and 4.75 s more for a queue in this grain.
        // What had queued up takes a minute or two more.
        lab.run_to(600.0 + out_s + 600.0);
        let outage = &lab.run.report().outages[0];
        let lasted = outage.end_s.expect("it is over") - outage.start_s;
        assert!((out_s - 14.0..out_s + 240.0).contains(&lasted), "seed {seed}: {lasted} s of {out_s}");
        let incident = &lab.run.report().incidents[0];
        let share = incident.failed as f64 / outage.failed as f64;
        assert!(share > 0.999, "all of it is that fault's, but for what fails by chance: {share}");
    }
}

#[test]
fn an_application_that_turns_to_another_region_is_served_from_there() {
    let mut lab = Lab::new(&october_2025(true, 1200.0), 11);
    lab.run_to(1790.0);
    for city in ["New York", "London"] {
        let share = failed_share(&lab, city, 600.0, 1790.0);
        assert!(share < 0.05, "{city} is served by us-west-2's database: {share}");
    }
}
