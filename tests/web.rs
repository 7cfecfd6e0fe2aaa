//! The same core in a browser: all wasm tests live in this one file, because each file is one browser session.
#![cfg(target_arch = "wasm32")]

#[path = "stories/golden.rs"]
mod golden;

use faultline::app::{App, Msg};
use faultline::kernel::clock::{SimDuration, SimTime};
use faultline::model::scenario::Scenario;
use wasm_bindgen_test::wasm_bindgen_test;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn simulated_time_is_the_same_integers_as_natively() {
    let start = SimTime::from_secs(1.5);
    let later = start + SimDuration::from_millis(0.25);
    assert_eq!(later.micros(), 1_500_250);
    assert_eq!(later.since(start).micros(), 250);
}

#[wasm_bindgen_test]
fn twenty_seeds_give_the_digests_that_they_give_natively() {
    let text: String = (0..golden::SEEDS).map(golden::line).collect();
    assert_eq!(text, golden::EXPECTED.replace('\r', ""));
}

#[wasm_bindgen_test]
fn a_bad_scenario_is_refused_with_every_problem_and_its_place() {
    let text = r#"{ "dns": { "ttl_s": -1 }, "regions": [{ "code": "mars-1", "servers": 2 }], "colour": 1 }"#;
    let problems = Scenario::read(text).expect_err("three things are wrong");
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    for place in ["dns.ttl_s: -1 is not allowed", "regions[0].code: \"mars-1\"", "colour"] {
        assert!(said.iter().any(|problem| problem.contains(place)), "{place} in {said:?}");
    }
}

#[wasm_bindgen_test]
fn an_outage_is_told_looked_back_at_and_played_on_from_differently() {
    let mut app = App::new("#/?at=100&paused=1", None);
    let button = app.panels().big_button.expect("a button that says what it will take down");
    assert!(button.label.contains("us-east-1"), "{}", button.label);
    app.update(button.msg);
    app.update(Msg::Scrubbed(1200.0));
    while app.seeking() {
        app.frame(16.0);
    }
    let after = app.panels();
    assert!(after.headline.title.contains("whole again"), "{:?}", after.headline);
    app.update(Msg::Scrubbed(300.0));
    let during = app.panels();
    app.update(Msg::Scrubbed(50.0));
    app.update(Msg::Scrubbed(300.0));
    assert_eq!(app.panels(), during, "the same moment is the same picture");
    app.update(Msg::Ordered("clear region-dark=us-east-1".into()));
    assert!(app.panels().journal[0].text.contains("us-east-1"), "{:?}", app.panels().journal[0]);
    assert_eq!(app.panels().transport.end_s, 300.0, "what came after is forgotten");
}
