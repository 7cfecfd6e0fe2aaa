//! The schemas in docs are those that the types give, and so are the tables of fields and of orders. `FAULTLINE_BLESS=1`
//! writes them again. And what a run reports is as its schema says.
#![cfg(all(feature = "schema", not(target_arch = "wasm32")))]

use std::fmt::Write;
use std::path::Path;

use faultline::kernel::clock::SimTime;
use faultline::model::builtin::{builtin, builtins};
use faultline::model::scenario::Scenario;
use faultline::model::storm::{STORMS, Storm};
use faultline::model::{FaultKind, Order, Verb};
use faultline::run::report::Report;
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;
use serde_json::Value;

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
    hold("docs/scenario.schema.json", &faultline::model::read::schema::text());
}

#[test]
fn the_schema_of_reports_in_docs_is_the_one_of_the_types() {
    hold("docs/report.schema.json", &faultline::run::report::schema::text());
}

/// What a built-in reports 20 simulated minutes after the start, with a storm from its second minute on.
fn reported(scenario: &Scenario, storm: &Storm) -> Report {
    let scenario = Scenario { weight: 2, grain: 12, ..scenario.clone() };
    let mut run = Simulation::new(&scenario, 5);
    for line in storm.script(&scenario, 120.0) {
        let command = Order::parse(&line.order).and_then(|order| run.resolve(&order)).expect("an order");
        run.schedule(SimTime::from_secs(line.at_s), command);
    }
    assert!(run.run_until(SimTime::from_secs(1200.0), u64::MAX, &mut Record::default()));
    run.report()
}

#[test]
fn what_is_reported_is_as_the_schema_says_and_adds_up() {
    let schema: Value = serde_json::from_str(&faultline::run::report::schema::text()).unwrap();
    let check = jsonschema::validator_for(&schema).expect("a schema");
    let systems = builtins().into_iter().filter_map(|(name, _)| builtin(name));
    for (scenario, storm) in
        systems.flat_map(|system| STORMS.iter().map(move |storm| (system.clone(), storm)))
    {
        let report = reported(&scenario, storm);
        let told = serde_json::to_value(&report).unwrap();
        let problems: Vec<String> =
            check.iter_errors(&told).map(|error| format!("{}: {error}", error.instance_path())).collect();
        let name = format!("{} under {}", report.scenario, storm.slug);
        assert!(problems.is_empty(), "{name}: {}", problems.join("; "));
        let (requests, loss) = (&report.requests, &report.loss);
        assert_eq!(requests.sent, requests.served + requests.failed + requests.in_flight, "{name}");
        let states = [
            loss.present,
            loss.queued,
            loss.counts.lost,
            loss.counts.out_of_reach,
            loss.counts.set_aside,
            loss.counts.undone,
        ];
        assert_eq!(loss.acknowledged, states.iter().sum::<u64>() + loss.counts.in_collisions, "{name}");
        assert_eq!(loss.counts.in_collisions, report.consistency.lost_updates, "{name}");
        let by_incident: u64 = report.incidents.iter().map(|incident| incident.failed).sum();
        assert_eq!(requests.failed, by_incident + report.no_incident.failed, "{name}");
    }
}

#[test]
fn the_schema_of_reports_refuses_what_is_no_report() {
    let schema: Value = serde_json::from_str(&faultline::run::report::schema::text()).unwrap();
    let check = jsonschema::validator_for(&schema).expect("a schema");
    let good = serde_json::to_value(Simulation::new(&Scenario::default(), 5).report()).unwrap();
    assert!(check.is_valid(&good));
    let broken = |path: &str, value: Value| {
        let mut told = good.clone();
        *told.pointer_mut(path).expect("a field") = value;
        !check.is_valid(&told)
    };
    assert!(broken("/requests/sent", "many".into()));
    assert!(broken("/loss/everything", Value::Null));
    assert!(broken("/queues", Value::Null));
    let mut short = good.clone();
    short.as_object_mut().unwrap().remove("outages");
    assert!(!check.is_valid(&short), "every field is there");
}

/// The keywords of JSON Schema that `model/src/model/read/check.rs` understands, and those that only tell people something.
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
    fn walk(node: &Value, names: bool) {
        if let Some(map) = node.as_object() {
            for (key, part) in map {
                assert!(
                    names || KNOWN.contains(&key.as_str()),
                    "model/src/model/read/check.rs does not know {key}"
                );
                // Under these two the keys are names of our own.
                if key == "default" && !names {
                    continue;
                }
                walk(part, !names && (key == "properties" || key == "$defs"));
            }
        }
        node.as_array().into_iter().flatten().for_each(|part| walk(part, false));
    }
    walk(&serde_json::from_str(&faultline::model::read::schema::text()).unwrap(), false);
}

/// The line of docs/scenario.md after which the tables of fields begin.
const FIELDS: &str = "<!-- From here on written by tests/schema.rs from the types. -->\n";

/// The lines between which the table of orders stands; all else above the fields is written by hand.
const ORDERS: [&str; 2] = [
    "<!-- begin: orders, written by tests/schema.rs from the tables in model/src/model/fault.rs -->\n",
    "<!-- end: orders -->\n",
];

#[test]
fn the_tables_in_docs_are_those_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenario.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (by_hand, _) = text.split_once(FIELDS).expect("docs/scenario.md says where the fields begin");
    let [begin, end] = ORDERS;
    let (before, rest) = by_hand.split_once(begin).expect("docs/scenario.md says where the orders begin");
    let (_, after) = rest.split_once(end).expect("docs/scenario.md says where the orders end");
    let schema = serde_json::from_str(&faultline::model::read::schema::text()).unwrap();
    let (orders, fields) = (orders(), tables(&schema));
    hold("docs/scenario.md", &format!("{before}{begin}{orders}{end}{after}{FIELDS}{fields}"));
}

/// The table of orders: every fault, that a fault is mended by "clear", and every other order.
fn orders() -> String {
    let row = |example: &str, what: &str, target: &str| format!("| `{example}` | {what} | {target} |\n");
    let faults = FaultKind::ALL.map(|kind| row(&kind.example(), kind.doc(), kind.target_kind().names()));
    let dark = FaultKind::RegionDark.example();
    let clear = format!("Mends it again: `clear {dark}`. Clearing what is not in force changes nothing.");
    let verbs = Verb::ALL.map(|verb| row(&verb.example(), verb.doc(), verb.target_kind().names()));
    let clear = format!("| `clear` and any of these | {clear} | as above |\n");
    let head = "| order | what it does | target |\n| --- | --- | --- |\n";
    format!("{head}{}{clear}{}", faults.concat(), verbs.concat())
}

/// A table for each kind of object, in the order in which the root names them.
fn tables(schema: &Value) -> String {
    let mut text = String::new();
    table(&mut text, schema, "The file", schema);
    for (place, node) in schema["properties"].as_object().unwrap() {
        let list = if node["items"].is_object() { "[]" } else { "" };
        let node = if list.is_empty() { node } else { &node["items"] };
        let node = followed(schema, node);
        if !node["properties"].is_object() {
            continue;
        }
        table(&mut text, schema, &format!("`{place}{list}`"), node);
        for (inner, part) in node["properties"].as_object().unwrap() {
            let plain =
                part["items"]["$ref"].is_string() && !followed(schema, &part["items"])["oneOf"].is_array();
            if plain {
                table(&mut text, schema, &format!("`{place}.{inner}[]`"), followed(schema, &part["items"]));
            }
        }
    }
    // The choices are few: they are told once, by name.
    for (name, node) in schema["$defs"].as_object().unwrap() {
        if let Some(choices) = node["oneOf"].as_array() {
            writeln!(text, "\n### {}\n\n{}\n", phrase(name), said(node)).unwrap();
            for choice in choices {
                let value = match (&choice["const"], choice["properties"].as_object()) {
                    (Value::Null, Some(fields)) => {
                        let (key, inner) = fields.iter().next().unwrap();
                        format!("{{\"{key}\": {}}}", range(inner))
                    }
                    (constant, _) => constant.to_string(),
                };
                writeln!(text, "- `{value}`: {}", said(choice)).unwrap();
            }
        }
    }
    text
}

fn table(text: &mut String, schema: &Value, title: &str, node: &Value) {
    writeln!(text, "\n### {title}\n\n{}\n", said(node)).unwrap();
    writeln!(text, "| field | meaning | unit | allowed | default |\n| --- | --- | --- | --- | --- |")
        .unwrap();
    let required: Vec<&str> =
        node["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, field) in node["properties"].as_object().unwrap() {
        let default = match field.get("default") {
            Some(value) => format!("`{}`", plain(value)),
            None if required.contains(&name.as_str()) => "must be given".into(),
            None => long_default(name),
        };
        let allowed = match name.as_str() {
            "regions" | "script" | "placement" if field["items"]["$ref"].is_string() => {
                format!("[{}](#{name})", range(field))
            }
            "populations" => format!("[{}](#clientspopulations)", range(field)),
            _ if field["$ref"].is_string() && !followed(schema, field)["oneOf"].is_array() => {
                format!("[an object](#{name})")
            }
            _ => range(field),
        };
        let meaning = said(field).replace('\n', " ");
        writeln!(text, "| `{name}` | {meaning} | {} | {allowed} | {default} |", unit(name)).unwrap();
    }
}

/// The default of a field that is too long for the schema.
fn long_default(name: &str) -> String {
    let scenario = faultline::model::scenario::Scenario::default();
    let words: Vec<String> = match name {
        "regions" => {
            scenario.regions.iter().map(|r| format!("{} with {} servers", r.code, r.servers)).collect()
        }
        "populations" => {
            scenario.clients.populations.iter().map(|p| format!("{} {}", p.city, p.requests_per_s)).collect()
        }
        _ => return "its fields'".into(),
    };
    words.join(", ")
}

fn followed<'s>(schema: &'s Value, node: &'s Value) -> &'s Value {
    let name = node["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/"));
    name.map_or(node, |name| &schema["$defs"][name])
}

fn said(node: &Value) -> &str {
    node["description"].as_str().unwrap_or_default()
}

/// A number without a needless ".0".
fn plain(value: &Value) -> String {
    let text = value.to_string();
    text.strip_suffix(".0").map_or(text.clone(), String::from)
}

/// What a field may hold, in a few words.
fn range(node: &Value) -> String {
    if let Some(name) = node["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/")) {
        let link = phrase(name);
        return format!("[{}](#{})", link.to_lowercase(), link.to_lowercase().replace(' ', "-"));
    }
    let between = |least: &str, most: &str| match (&node[least], &node[most]) {
        (Value::Null, Value::Null) => String::new(),
        (Value::Null, most) => format!("up to {}", plain(most)),
        (least, most) => format!("{} to {}", plain(least), plain(most)),
    };
    match node["type"].as_str().unwrap_or_default() {
        "integer" => format!("whole, {}", between("minimum", "maximum")),
        "number" => between("minimum", "maximum"),
        "string" => format!("{} characters", between("minLength", "maxLength")).trim_start().into(),
        "array" => {
            let items = &node["items"];
            let each =
                if items["type"].is_string() { format!(", each {}", range(items)) } else { String::new() };
            format!("{} items{each}", between("minItems", "maxItems"))
        }
        "object" => "{city: region}".into(),
        "boolean" => "true, false".into(),
        other => other.into(),
    }
}

/// The unit that a name tells.
fn unit(name: &str) -> &'static str {
    [
        ("_mib_per_s", "MiB/s"),
        ("_per_s", "1/s"),
        ("_ms", "ms"),
        ("_s", "s"),
        ("_bytes", "bytes"),
        ("_gib", "GiB"),
        ("_share", "share"),
        ("_factor", "factor"),
    ]
    .into_iter()
    .find(|(end, _)| name.ends_with(end))
    .map_or("", |(_, unit)| unit)
}

/// "RoutingPolicy" as "Routing policy".
fn phrase(name: &str) -> String {
    let mut text = String::new();
    for (index, letter) in name.chars().enumerate() {
        match letter.is_uppercase() && index > 0 {
            true => text.extend([' ', letter.to_ascii_lowercase()]),
            false => text.push(letter),
        }
    }
    text
}
