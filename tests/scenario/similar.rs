//! Words that are a letter or two off: which was meant is said first.

use super::*;
use faultline::model::order::Order;
use faultline::model::plan::Plan;

#[test]
fn a_word_that_is_a_letter_or_two_off_is_named() {
    let told = |text: &str| -> String {
        let problems = Scenario::read(text).expect_err("refused");
        problems.iter().map(|problem| format!("{problem}\n")).collect()
    };
    let start = r#""name": "x", "strategy": "warm-standby""#;
    for (text, wanted) in [
        (
            format!(r#"{{ {start}, "datbase": {{}} }}"#),
            r#"allowed: "database" (did you mean that?); all: the fields "#,
        ),
        (
            format!(r#"{{ {start}, "database": {{ "sizegib": 1 }} }}"#),
            r#"allowed: "size_gib" (did you mean that?)"#,
        ),
        (
            format!(r#"{{ {start}, "database": {{ "engine": "Aurora-Gobal" }} }}"#),
            r#"allowed: "aurora-global" (did you"#,
        ),
        (
            format!(
                r#"{{ {start}, "clients": {{ "populations": [ {{ "city": "Lodnon", "requests_per_s": 5 }} ] }} }}"#
            ),
            r#"allowed: "London" (did you mean that?); all: a city"#,
        ),
        (
            format!(r#"{{ {start}, "script": [ {{ "at_s": 5, "order": "failover=eu-west-1" }} ] }}"#),
            r#"allowed: "fail-over" (did you mean that?)"#,
        ),
    ] {
        assert!(told(&text).contains(wanted), "{text}: {}", told(&text));
    }
    for (order, wanted) in [
        ("Fail-Over=eu-west-1", "fail-over"),
        ("regoin-dark=us-east-1", "region-dark"),
        ("failback", "fail-back"),
    ] {
        let told = Order::parse(order).expect_err("refused");
        assert!(told.contains(&format!("allowed: \"{wanted}\" (did you mean that?)")), "{told}");
    }
    // A region and a zone are looked for among those that the scenario has.
    let scenario = Scenario::default();
    let plan = Plan::new(&scenario, 1);
    for (order, wanted) in [("region-dark=us-eest-1", "us-east-1"), ("zone-power=eu-west-1d", "eu-west-1a")] {
        let told = Order::parse(order).expect("an order").fits(&scenario).expect_err("refused");
        assert!(told.starts_with(&format!("\"{wanted}\" (did you mean that?)")), "{told}");
        let told = plan.resolve(&Order::parse(order).expect("an order")).expect_err("refused");
        assert!(told.contains(&format!("allowed: \"{wanted}\" (did you mean that?)")), "{told}");
    }
    let told = Order::parse("explode").expect_err("refused");
    assert!(!told.contains("did you mean"), "{told}");
}

#[test]
fn an_unknown_field_is_named_with_the_known_ones() {
    let said = only(&json!({ "dns": { "ttl": 60 } }));
    let start = r#"dns.ttl: 60 is not allowed; allowed: "ttl_s" (did you mean that?); all: the fields "#;
    assert!(said.starts_with(start), "{said}");
    assert!(said.contains(" or ttl_s") || said.contains(" ttl_s, "), "{said}");
}
