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

/// The keywords of JSON Schema that `src/scenario/check.rs` understands, and those that only tell people something.
const KNOWN: [&str; 19] = [
    "$ref",
    "$defs",
    "type",
    "properties",
    "additionalProperties",
    "required",
    "const",
    "oneOf",
    "items",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "$schema",
    "title",
    "description",
    "default",
];

#[test]
fn the_check_understands_every_keyword_of_the_schema() {
    fn walk(node: &serde_json::Value, names: bool) {
        if let Some(map) = node.as_object() {
            for (key, part) in map {
                assert!(names || KNOWN.contains(&key.as_str()), "src/scenario/check.rs does not know {key}");
                // Under these two the keys are names of our own.
                walk(part, !names && (key == "properties" || key == "$defs"));
            }
        }
        node.as_array().into_iter().flatten().for_each(|part| walk(part, false));
    }
    walk(&serde_json::from_str(&faultline::scenario::schema::text()).unwrap(), false);
}
