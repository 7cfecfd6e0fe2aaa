//! The schema in docs is the one that the types give. `FAULTLINE_BLESS=1` writes it.
#![cfg(all(feature = "schema", not(target_arch = "wasm32")))]

use std::path::Path;

/// Compares a file of the repository with what it should be, or writes it.
fn hold(path: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("FAULTLINE_BLESS").is_some() {
        std::fs::write(&path, wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "{} is out of date: FAULTLINE_BLESS=1 cargo test --no-default-features --features schema --test schema",
        path.display()
    );
}

#[test]
fn the_schema_in_docs_is_the_one_of_the_types() {
    hold("docs/scenario.schema.json", &faultline::scenario::schema::text());
}
