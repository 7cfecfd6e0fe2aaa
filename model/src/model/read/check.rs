//! Holds a tree of JSON against the schema of scenario files, and mends what is wrong so that the rest can be read.
//!
//! It knows as much of JSON Schema as ours uses: `$ref`, `type`, `properties`, `additionalProperties`, `required`,
//! `const`, `oneOf`, `items`, and the limits of numbers, texts and lists. A test finds keywords that it does not know.

use serde_json::{Map, Value};

use crate::model::engine::successor;
use crate::model::problem::{Problem, any_of, excerpt, field, item};
use crate::model::similar::suggested;

/// What a file may ask for that no scenario can have, and why.
///
/// Source: Amazon RDS User Guide, "Creating cross-Region cascading read replicas with RDS for PostgreSQL": a chain spans two
/// Regions at most.
const NOT_SIMULATED: [(&str, &str); 1] = [(
    "follows",
    "no such field: every copy follows the region that takes the writes; chains of replicas are not simulated, and RDS for \
     PostgreSQL has none that span more than two Regions",
)];

/// The schema of scenario files, as in docs.
pub const SCHEMA: &str = include_str!("../../../../docs/scenario.schema.json");

/// What checking found.
pub(crate) struct Checked {
    /// Everything that is wrong.
    pub(crate) problems: Vec<Problem>,
    /// Paths whose value was replaced by another: nothing should be concluded from what stands there now.
    pub(crate) mended: Vec<String>,
}

/// Checks a tree and mends it: afterwards it can be read as a scenario.
pub(crate) fn check(tree: &mut Value) -> Checked {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema in docs is JSON: a test reads it");
    let mut checker = Checker { schema: &schema, problems: Vec::new(), mended: Vec::new() };
    if !checker.holds(&schema, "", tree) {
        *tree = Value::Object(Map::new());
        checker.mended.push(String::new());
    }
    Checked { problems: checker.problems, mended: checker.mended }
}

/// A walk through a tree and its schema.
struct Checker<'s> {
    schema: &'s Value,
    problems: Vec<Problem>,
    mended: Vec<String>,
}

impl<'s> Checker<'s> {
    /// Checks a value and mends its parts; false if the value itself cannot stay.
    fn holds(&mut self, node: &'s Value, path: &str, value: &mut Value) -> bool {
        let node = self.followed(node);
        if let Some(choices) = node["oneOf"].as_array() {
            return self.chosen(node, choices, path, value);
        }
        let right = match value {
            Value::Number(number) => in_range(node, number.as_f64().unwrap_or(f64::NAN)),
            Value::String(text) => in_length(node, "minLength", "maxLength", text.chars().count()),
            Value::Array(items) => items.len() as f64 >= limit(node, "minItems", 0.0),
            Value::Null | Value::Bool(_) | Value::Object(_) => true,
        };
        let constant = node.get("const").is_none_or(|constant| constant == value);
        if !(right && constant && has_type(node, value)) {
            self.complain(path, value, self.words(node));
            return false;
        }
        match value {
            Value::Object(map) => self.object(node, path, map),
            Value::Array(items) => self.list(node, path, items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        true
    }

    /// Checks the fields of an object.
    fn object(&mut self, node: &'s Value, path: &str, map: &mut Map<String, Value>) {
        let known = node["properties"].as_object();
        let required = required(node);
        let keys: Vec<String> = names(map).into_iter().map(String::from).collect();
        for key in keys {
            let place = field(path, &key);
            let schema = known.and_then(|known| known.get(&key));
            let Some(schema) =
                schema.or_else(|| Some(&node["additionalProperties"]).filter(|more| more.is_object()))
            else {
                let fields = known.map(names).unwrap_or_default();
                let allowed = match NOT_SIMULATED.iter().find(|(name, _)| *name == key) {
                    Some((_, why)) => String::from(*why),
                    None => {
                        let allowed = format!("the fields {}", any_of(&fields));
                        suggested(&key, fields, allowed)
                    }
                };
                self.complain(&place, &map[&key], allowed);
                map.remove(&key);
                continue;
            };
            if self.holds(schema, &place, &mut map[&key]) {
                continue;
            }
            self.mended.push(place);
            if required.contains(&key.as_str()) {
                map[&key] = self.filler(schema);
            } else {
                map.remove(&key);
            }
        }
        for key in required.into_iter().filter(|key| !map.contains_key(*key)).collect::<Vec<_>>() {
            let schema = &node["properties"][key];
            let place = field(path, key);
            self.problems.push(Problem::new(&place, "a missing field", self.words(schema)));
            self.mended.push(place);
            map.insert(key.into(), self.filler(schema));
        }
    }

    /// Checks the items of a list, and shortens it if it is too long.
    fn list(&mut self, node: &'s Value, path: &str, items: &mut Vec<Value>) {
        let most = limit(node, "maxItems", f64::INFINITY);
        if items.len() as f64 > most {
            self.problems.push(Problem::new(path, format!("a list of {}", items.len()), self.words(node)));
            self.mended.push(path.into());
            items.truncate(most as usize);
        }
        for (index, value) in items.iter_mut().enumerate() {
            let place = item(path, index);
            if !self.holds(&node["items"], &place, value) {
                *value = self.filler(&node["items"]);
                self.mended.push(place);
            }
        }
    }

    /// Checks a value against the choice that it seems to mean.
    fn chosen(&mut self, node: &'s Value, choices: &'s [Value], path: &str, value: &mut Value) -> bool {
        let meant =
            choices.iter().map(|choice| self.followed(choice)).find(|choice| match value.as_object() {
                Some(map) => map.keys().any(|key| choice["properties"].get(key).is_some()),
                None => choice.get("const") == Some(value),
            });
        if let Some(choice) = meant {
            return self.holds(choice, path, value);
        }
        let gone = value.as_str().and_then(successor).map(|why| format!(" ({why})")).unwrap_or_default();
        let words = choices.iter().filter_map(|choice| self.followed(choice)["const"].as_str());
        let allowed = suggested(value.as_str().unwrap_or_default(), words, self.words(node) + &gone);
        self.complain(path, value, allowed);
        false
    }

    /// The schema that a reference points to, or the node itself.
    fn followed(&self, node: &'s Value) -> &'s Value {
        match node["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/")) {
            Some(name) => &self.schema["$defs"][name],
            None => node,
        }
    }

    fn complain(&mut self, path: &str, value: &Value, allowed: String) {
        self.problems.push(Problem::new(path, excerpt(value), allowed));
    }

    /// What a schema allows, in words.
    fn words(&self, node: &'s Value) -> String {
        let node = self.followed(node);
        if let Some(constant) = node.get("const") {
            return constant.to_string();
        }
        if let Some(choices) = node["oneOf"].as_array() {
            let words: Vec<String> = choices.iter().map(|choice| self.words(choice)).collect();
            return any_of(&words);
        }
        let or_null = if node["type"].is_array() { " or null" } else { "" };
        match first_type(node) {
            "integer" => format!("a whole number{}{or_null}", span(node, "minimum", "maximum", "")),
            "number" => format!("a number{}{or_null}", span(node, "minimum", "maximum", "")),
            "string" => format!("a text{}", span(node, "minLength", "maxLength", " characters")),
            "array" => format!("a list{}", span(node, "minItems", "maxItems", " items")),
            "boolean" => "true or false".into(),
            "null" => "null".into(),
            _ => match (node["properties"].as_object(), required(node).as_slice()) {
                (Some(fields), &[only]) if fields.len() == 1 => {
                    format!("{{\"{only}\": {}}}", self.words(&fields[only]))
                }
                (Some(fields), _) => format!("an object with the fields {}", names(fields).join(", ")),
                (None, _) => "an object".into(),
            },
        }
    }

    /// A value that can be read as what a schema describes.
    fn filler(&self, node: &'s Value) -> Value {
        let node = self.followed(node);
        if let Some(constant) = node.get("const") {
            return constant.clone();
        }
        if let Some(first) = node["oneOf"].get(0) {
            return self.filler(first);
        }
        match first_type(node) {
            "integer" | "number" => node.get("minimum").cloned().unwrap_or_else(|| 0.into()),
            "string" => Value::String(String::new()),
            "array" => Value::Array(Vec::new()),
            "boolean" => Value::Bool(false),
            "null" => Value::Null,
            _ => {
                let fill = |key: &str| (key.to_string(), self.filler(&node["properties"][key]));
                Value::Object(required(node).into_iter().map(fill).collect())
            }
        }
    }
}

/// The type that a schema asks for; of several, of which the others are "null", the first.
fn first_type(node: &Value) -> &str {
    node["type"].as_str().or_else(|| node["type"][0].as_str()).unwrap_or_default()
}

/// Whether a value has (one of) the type(s) that a schema asks for.
fn has_type(node: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        _ => false,
    };
    match &node["type"] {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
    }
}

fn in_range(node: &Value, number: f64) -> bool {
    number >= limit(node, "minimum", f64::NEG_INFINITY) && number <= limit(node, "maximum", f64::INFINITY)
}

fn in_length(node: &Value, least: &str, most: &str, length: usize) -> bool {
    length as f64 >= limit(node, least, 0.0) && length as f64 <= limit(node, most, f64::INFINITY)
}

/// A limit of a schema, or its substitute if it has none.
fn limit(node: &Value, name: &str, otherwise: f64) -> f64 {
    node[name].as_f64().unwrap_or(otherwise)
}

/// The fields that an object must have.
fn required(node: &Value) -> Vec<&str> {
    node["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The names of fields, in the order of the alphabet whatever the map keeps.
fn names(fields: &Map<String, Value>) -> Vec<&str> {
    let mut names: Vec<&str> = fields.keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

/// " from 1 to 3 items".
fn span(node: &Value, least: &str, most: &str, unit: &str) -> String {
    match (node.get(least), node.get(most)) {
        (Some(least), Some(most)) if unit.is_empty() => format!(" from {least} to {most}"),
        (Some(least), Some(most)) => format!(" of {least} to {most}{unit}"),
        (Some(least), None) => format!(" of at least {least}{unit}"),
        (None, Some(most)) => format!(" of at most {most}{unit}"),
        (None, None) => String::new(),
    }
}
