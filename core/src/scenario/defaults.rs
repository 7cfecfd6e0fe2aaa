//! Defaults that depend on the strategy and the engine: what a file is silent about is filled in before it is read.

use serde_json::{Map, Value, json};

use super::engine::{Engine, Writers};
use super::{Scenario, Strategy};

/// Fills in what follows from the strategy and the engine, where the (checked) tree does not say otherwise.
pub(super) fn fill(tree: &mut Value) {
    let strategy = Strategy::ALL.into_iter().find(|known| tree["strategy"] == known.slug());
    let strategy = strategy.unwrap_or(Strategy::WarmStandby);
    let Some(scenario) = tree.as_object_mut() else { return };
    let named = |database: &Value| Engine::ALL.into_iter().find(|known| database["engine"] == known.slug());
    let engine = scenario.get("database").and_then(named).unwrap_or_else(|| strategy.engine());
    let rules = engine.rules();
    for (part, field, value) in strategy.defaults(engine) {
        put(scenario, part, field, value);
    }
    put(scenario, "database", "engine", engine.slug().into());
    put(scenario, "database", "ship_interval_s", rules.ship.value.into());
    if rules.writers == Writers::One {
        let [least, typical, most] = rules.promote;
        put(scenario, "recovery", "promote_min_s", least.value.into());
        put(scenario, "recovery", "promote_typical_s", typical.value.into());
        put(scenario, "recovery", "promote_max_s", most.value.into());
        put(scenario, "recovery", "promote_restart_s", rules.restart.value.into());
        put(scenario, "recovery", "switchover_s", rules.switchover.value.into());
    } else {
        put(scenario, "", "write_pattern", "write-local".into());
    }
}

/// Puts a value where there is none; the empty name of a part means the scenario itself.
fn put(scenario: &mut Map<String, Value>, part: &str, field: &str, value: Value) {
    let map = match part {
        "" => scenario,
        part => match scenario.entry(part).or_insert_with(|| Value::Object(Map::new())).as_object_mut() {
            Some(map) => map,
            None => return,
        },
    };
    map.entry(field).or_insert(value);
}

impl Strategy {
    /// The engine, where none is named: several sites want a database that takes writes everywhere.
    const fn engine(self) -> Engine {
        match self {
            Self::BackupRestore | Self::PilotLight | Self::WarmStandby => Engine::Rds,
            Self::MultiSite => Engine::DynamodbGlobal,
        }
    }

    /// Parts, fields and values that this strategy has by default.
    fn defaults(self, engine: Engine) -> Vec<(&'static str, &'static str, Value)> {
        let regions = |recovery: u32| json!([{ "code": "us-east-1", "servers": 6 }, { "code": "eu-west-1", "servers": recovery }]);
        let mut all = vec![("", "name", json!(self.slug()))];
        match self {
            Self::BackupRestore => {
                all.extend([
                    ("", "title", json!("Backup and restore in Ireland")),
                    ("", "horizon_s", json!(86_400.0)),
                    ("", "grain", json!(6)),
                    ("", "regions", regions(0)),
                    // Otherwise a record cannot be created while the region of the control plane is dark.
                    ("dns", "control_plane_moves_s", json!(crate::catalog::dns::MOVED.value)),
                    ("recovery", "cutover", json!("record-change")),
                    ("recovery", "objective_rto_s", json!(86_400.0)),
                    ("recovery", "objective_rpo_s", json!(14_400.0)),
                ]);
            }
            Self::PilotLight => {
                all.extend([
                    ("", "title", json!("Pilot light in Ireland")),
                    ("", "horizon_s", json!(10_800.0)),
                    ("", "regions", regions(0)),
                    ("recovery", "objective_rto_s", json!(3600.0)),
                    ("recovery", "objective_rpo_s", json!(60.0)),
                ]);
            }
            Self::WarmStandby => all.push(("", "title", json!("Warm standby in Ireland"))),
            Self::MultiSite => {
                all.extend([
                    ("", "title", json!("Virginia and Ireland both serve")),
                    ("", "regions", regions(6)),
                    ("dns", "policy", json!("latency")),
                    ("recovery", "objective_rto_s", json!(300.0)),
                    ("recovery", "objective_rpo_s", json!(5.0)),
                ]);
            }
        }
        if matches!(self, Self::BackupRestore | Self::PilotLight) || engine.rules().by_hand {
            all.push(("recovery", "decider", json!("person")));
        }
        all
    }
}

impl Scenario {
    /// The scenario of a strategy with everything else by default.
    pub fn of(strategy: Strategy) -> Self {
        let mut tree = json!({ "strategy": strategy.slug() });
        fill(&mut tree);
        // A test builds every one.
        serde_json::from_value(tree).unwrap_or_default()
    }

    /// The scenario with one value changed; the place is a path as in the messages about scenario files.
    ///
    /// # Errors
    /// What is wrong with the place or the value.
    pub fn with(&self, place: &str, value: f64) -> Result<Self, Vec<super::Problem>> {
        let mut tree = serde_json::to_value(self).unwrap_or_default();
        let pointer = format!("/{}", place.replace(['.', '['], "/").replace(']', ""));
        match tree.pointer_mut(&pointer).filter(|_| value.is_finite()) {
            Some(node) => {
                let whole = node.is_u64() && value >= 0.0 && value.fract() == 0.0;
                *node = if whole { json!(value as u64) } else { json!(value) };
            }
            None => {
                let found = if value.is_finite() { "a place" } else { "no number" };
                return Err(vec![super::Problem::new(
                    place,
                    found,
                    "the path of a number of the scenario, and a number",
                )]);
            }
        }
        Self::read(&tree.to_string())
    }
}
