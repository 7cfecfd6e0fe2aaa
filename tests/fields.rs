//! Each setting is one row of one table: schema, checks, docs and changes by path all say what the row says.
//!
//! Knobs and links are held to the table where they are made (`src/scene/knobs.rs`, `src/app/link.rs`).
#![cfg(not(target_arch = "wasm32"))]

use faultline::model::field::{Field, Kind};
use faultline::model::scenario::Scenario;
use faultline::model::setting::Settings;
use faultline::model::{Population, Region, SCHEMA};
use serde_json::{Value, json};

/// Every setting with a path of its own, and those of the first item of each list.
fn everything() -> Vec<(String, &'static Field)> {
    let lists = [("regions[0]", Region::FIELDS), ("clients.populations[0]", Population::FIELDS)];
    let inside = lists
        .into_iter()
        .flat_map(|(path, fields)| fields.iter().map(move |field| (format!("{path}.{}", field.name), field)));
    Scenario::settings().iter().cloned().chain(inside).collect()
}

/// The schema at a path.
fn schema_at<'s>(schema: &'s Value, path: &str) -> &'s Value {
    let followed = |node: &'s Value| match node["$ref"].as_str() {
        Some(name) => schema.pointer(name.trim_start_matches('#')).unwrap(),
        None => node,
    };
    path.split('.').fold(schema, |node, name| {
        let list = name.strip_suffix("[0]");
        let field = &followed(node)["properties"][list.unwrap_or(name)];
        if list.is_some() { &field["items"] } else { field }
    })
}

/// The default scenario as a tree, with another value at a path.
fn file(path: &str, value: f64, whole: bool) -> String {
    let mut tree = serde_json::to_value(Scenario::default()).unwrap();
    let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
    *tree.pointer_mut(&pointer).unwrap() = if whole { json!(value as i64) } else { json!(value) };
    tree.to_string()
}

#[test]
fn the_schema_says_what_the_row_says() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    for (path, field) in everything() {
        let node = schema_at(&schema, &path);
        let lines = |text: &str| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
        assert_eq!(lines(node["description"].as_str().unwrap()), lines(field.about), "{path}");
        let range = node["minimum"].as_f64().zip(node["maximum"].as_f64());
        assert_eq!(range, field.range, "{path}");
    }
}

#[test]
fn the_check_refuses_what_the_row_does_not_allow() {
    for (path, field) in everything() {
        let Some((least, most)) = field.range else { continue };
        for value in [least - 1.0, most * 2.0 + 1.0] {
            let problems =
                Scenario::read(&file(&path, value, matches!(field.kind, Kind::Whole))).expect_err(&path);
            let said = problems.iter().find(|problem| problem.place == path);
            assert_eq!(said.map(|problem| &problem.allowed), Some(&field.allowed()), "{path} = {value}");
            let base = Scenario::default();
            assert_eq!(base.with(&[(path.clone(), value)]).unwrap_err()[0].allowed, field.allowed());
        }
    }
}

#[test]
fn docs_have_a_row_for_each_setting() {
    let docs = include_str!("../docs/scenario.md");
    for (path, field) in everything() {
        let row = format!("| `{}` | {} |", field.name, field.about.replace("\n ", " "));
        assert!(docs.contains(&row), "{path}: {row}");
    }
}

#[test]
fn every_number_has_a_range_a_label_and_a_default_in_its_own_unit() {
    for (path, field) in everything() {
        let unit = match field.kind {
            Kind::Number(unit) | Kind::Optional(unit) => Some(unit),
            Kind::Whole => None,
            Kind::Part(_) | Kind::List(_) | Kind::Other => continue,
        };
        assert!(field.range.is_some() && !field.label.is_empty(), "{path}");
        if let (Some(unit), Some(fact)) = (unit, (field.fact)()) {
            assert_eq!(fact.unit, unit, "{path}: {}", fact.label);
        }
    }
}

#[test]
fn a_number_changed_by_its_path_is_the_one_in_the_file() {
    let base = Scenario::default();
    for (path, field) in everything() {
        let Some((value, row)) = base.number(&path) else { continue };
        assert_eq!(row.name, field.name);
        let (least, most) = base.limits(&[&path]).unwrap();
        let other = if value == least { most } else { least };
        let Ok(changed) = base.with(&[(path.clone(), other)]) else { continue };
        let read = Scenario::read(&file(&path, other, matches!(field.kind, Kind::Whole)));
        assert_eq!(Ok(changed), read, "{path} = {other}");
    }
}
