//! The same value gives the same run on every target: digests of twenty seeds, computed here and, by `tests/web.rs`, in
//! a browser. `FAULTLINE_BLESS=1` rewrites them, which goes with a new engine version.
#![cfg(not(target_arch = "wasm32"))]

#[path = "stories/golden.rs"]
mod golden;

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
        "bless after a change of the model, and raise the version"
    );
}
