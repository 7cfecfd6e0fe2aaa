//! Limits of Route 53: they are those of its own interface.

use crate::places;
use faultline::model::scenario::Scenario;
use serde_json::{Value, json};

fn expect(dns: &Value, at: Option<&str>) {
    let file = json!({ "dns": dns });
    match at {
        Some(place) => assert_eq!(places(&file), [place], "{dns}"),
        None => assert!(Scenario::read(&file.to_string()).is_ok(), "{dns}"),
    }
}

#[test]
fn weights_are_whole_numbers_up_to_255_one_for_each_region_and_may_all_be_zero() {
    for (weights, at) in [
        (json!([256, 1]), Some("dns.policy.weighted[0]")),
        (json!([1.5, 1]), Some("dns.policy.weighted[0]")),
        (json!([1]), Some("dns.policy.weighted")),
        (json!([0, 0]), None),
        (json!([255, 0]), None),
    ] {
        expect(&json!({ "policy": { "weighted": weights } }), at);
    }
}

#[test]
fn who_stands_in_for_a_region_is_another_region_of_the_scenario() {
    let at = "dns.policy.latency-failover.us-east-1";
    for (second, at) in [("us-east-1", Some(at)), ("ap-east-1", Some(at)), ("eu-west-1", None)] {
        expect(&json!({ "policy": { "latency-failover": { "us-east-1": second } } }), at);
    }
}

#[test]
fn a_check_is_made_every_ten_or_thirty_seconds() {
    for (interval_s, allowed) in [(10, true), (30, true), (20, false), (5, false), (60, false)] {
        expect(&json!({ "interval_s": interval_s }), (!allowed).then_some("dns.interval_s"));
    }
}
