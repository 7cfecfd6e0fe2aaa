//! A queue in front of writes: what is nonsense is refused, with its place and the reason.

use super::*;

fn queue(field: &str, value: Value) -> Value {
    json!({ "write_queue": { "kind": "standard", field: value } })
}

#[test]
fn a_queue_is_within_the_limits_of_the_service() {
    for (field, least, most) in
        [("retention_s", 60.0, 1_209_600.0), ("visibility_s", 0.0, 43_200.0), ("receives", 1.0, 1000.0)]
    {
        let allowed = if field == "receives" { "a whole number" } else { "a number" };
        for wrong in [least - 1.0, most + 1.0] {
            let wrong = if field == "receives" { json!(wrong as i64) } else { json!(wrong) };
            let said = only(&queue(field, wrong));
            assert!(said.starts_with(&format!("write_queue.{field}: ")), "{said}");
            assert!(said.contains(allowed), "{said}");
        }
        for right in [least, most] {
            let right = if field == "receives" { json!(right as i64) } else { json!(right) };
            assert!(Scenario::read(&queue(field, right).to_string()).is_ok(), "{field}");
        }
    }
    assert_eq!(
        only(&json!({ "write_queue": { "kind": "kafka" } })),
        "write_queue.kind: \"kafka\" is not allowed; allowed: \"none\", \"standard\", \"fifo\" or \"topic\""
    );
    assert_eq!(places(&json!({ "write_queue": { "length": 5 } })), ["write_queue.length"]);
}

#[test]
fn a_queue_that_is_never_empty_and_a_promise_that_it_cannot_keep_are_refused() {
    let said = only(&queue("consumed_per_s", json!(20)));
    assert!(said.starts_with("write_queue.consumed_per_s: 20"), "{said}");
    assert!(said.contains("the writes that clients make"), "{said}");
    let conditional = json!({ "write_queue": { "kind": "fifo" }, "database": { "conflict": "conditional" } });
    let said = only(&conditional);
    assert!(said.starts_with("write_queue.kind: \"fifo\""), "{said}");
    assert!(said.contains("conditional"), "{said}");
}

#[test]
fn orders_about_a_queue_need_one() {
    let script = |kind: &str, order: &str| json!({ "write_queue": { "kind": kind }, "script": [{ "at_s": 60, "order": order }] });
    for order in ["consumers-stop=us-east-1", "poison-message=eu-west-1", "clear consumers-stop=us-east-1"] {
        assert!(Scenario::read(&script("standard", order).to_string()).is_ok(), "{order}");
        let said = only(&script("none", order));
        assert!(said.starts_with("script[0].order: "), "{said}");
        assert!(said.contains("no queue"), "{order}: {said}");
    }
}

#[test]
fn a_topic_needs_two_regions_of_which_one_takes_a_write() {
    let topic = |more: Value| {
        let mut file = json!({ "write_queue": { "kind": "topic" } });
        for (field, value) in more.as_object().expect("fields") {
            file[field] = value.clone();
        }
        file
    };
    assert!(Scenario::read(&topic(json!({})).to_string()).is_ok());
    let local = json!({ "strategy": "multi-site", "write_pattern": "write-local",
        "database": { "engine": "dynamodb-global", "conflict": "last-writer-wins" } });
    let said = only(&topic(local));
    assert!(said.starts_with("write_queue.kind: \"topic\" is not allowed; allowed: \"none\", "), "{said}");
    assert!(said.contains("collide with itself"), "{said}");
    let global = json!({ "strategy": "multi-site", "write_pattern": "write-global",
        "database": { "engine": "dynamodb-global", "conflict": "last-writer-wins" } });
    assert!(Scenario::read(&topic(global).to_string()).is_ok());
}

#[test]
fn a_queue_and_a_rule_of_placement_exclude_each_other() {
    let rule = json!([{ "law": "GDPR", "partition": "us-east-1", "regions": ["us-east-1", "eu-west-1"] }]);
    for kind in ["standard", "fifo", "topic"] {
        let file = json!({ "write_queue": { "kind": kind }, "placement": rule });
        let said = places(&file);
        assert!(said.iter().any(|place| place == "write_queue.kind"), "{kind}: {said:?}");
    }
}
