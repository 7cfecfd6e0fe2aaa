//! The same value gives the same run on every target: digests of some seeds round all built-in scenarios, computed here
//! and, by `tests/web.rs`, in a browser. `FAULTLINE_BLESS=1` rewrites them, which goes with a change of the model that is meant.
#![cfg(not(target_arch = "wasm32"))]

#[path = "stories/golden.rs"]
mod golden;

use faultline::model::{FaultKind, Verb, builtins};

#[test]
fn digests_are_those_of_this_engine_version() {
    let text: String = (0..golden::SEEDS).map(golden::line).collect();
    if std::env::var_os("FAULTLINE_BLESS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/digests.txt"), &text)
            .expect("written");
        return;
    }
    assert_eq!(
        text,
        golden::EXPECTED.replace('\r', ""),
        "bless after a change of the model, and raise the version if one is out"
    );
}

#[test]
fn they_cover_every_built_in_scenario_and_every_order() {
    let missing = |(name, _): &(&str, String)| golden::STORMS.iter().all(|storm| storm.0 != *name);
    assert_eq!(builtins().into_iter().find(missing), None);
    let orders = golden::STORMS
        .iter()
        .chain([&golden::QUEUE_STORM, &golden::ALONE_STORM, &golden::BUCKET_STORM, &golden::TRACKED_STORM])
        .chain([&golden::PARENTS_STORM])
        .flat_map(|storm| storm.1);
    let words: Vec<&str> = orders.filter_map(|(_, order)| order.split('=').next()).collect();
    let kinds = FaultKind::ALL.iter().map(|kind| kind.slug()).chain(Verb::ALL.iter().map(|verb| verb.slug()));
    let absent: Vec<&str> = kinds.filter(|slug| !words.contains(slug)).collect();
    assert_eq!(absent, Vec::<&str>::new());
    assert!(golden::SEEDS as usize > 2 * golden::STORMS.len(), "each at least twice");
}
