//! The JSON Schema of scenario files, made from the types; `docs/scenario.schema.json` is this text.

use serde_json::Value;

use crate::model::scenario::Scenario;

/// The JSON Schema of a scenario, as indented text.
pub fn text() -> String {
    written(schemars::schema_for!(Scenario))
}

/// A schema without what says little, as indented text.
pub fn written(schema: schemars::Schema) -> String {
    let mut schema = schema.to_value();
    tidy(&mut schema);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// The longest default that is shown, in bytes of JSON.
const SHORT: usize = 40;

/// Takes out what says little: defaults of whole objects and long lists (their parts have their own), number formats.
fn tidy(node: &mut Value) {
    match node {
        Value::Object(map) => {
            if map.get("default").is_some_and(|default| default.to_string().len() > SHORT) {
                map.remove("default");
            }
            if map.get("format").is_some_and(Value::is_string) {
                map.remove("format");
            }
            map.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
