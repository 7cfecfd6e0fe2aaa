//! The same core in a browser: all wasm tests live in this one file, because each file is one browser session.
#![cfg(target_arch = "wasm32")]

#[path = "stories/golden.rs"]
mod golden;

use faultline::time::{SimDuration, SimTime};
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
