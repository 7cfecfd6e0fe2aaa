//! A failover controller: which databases may have one, and where its nodes stand.

use super::Finder;
use crate::model::conflict::Rule;
use crate::model::problem::item;
use crate::model::scenario::Scenario;

/// The least nodes of which a majority is left if one is lost.
const LEAST_NODES: usize = 3;

/// What forbids a failover controller, with a reason.
pub enum NoController {
    /// The engine of the database.
    Engine(String),
    /// The rule for writes that collide.
    Rule(String),
}

impl NoController {
    /// The reason.
    pub fn why(self) -> String {
        match self {
            Self::Engine(why) | Self::Rule(why) => why,
        }
    }
}

/// Why a scenario with a failover controller makes no sense; `None` if it does, or has none.
pub fn why_no_controller(scenario: &Scenario) -> Option<NoController> {
    let database = &scenario.database;
    if !scenario.has_controller() {
        None
    } else if !database.engine.rules().own_volumes {
        let service = database.engine.rules().service;
        let why = format!("{service} fails over by itself; only self-managed has a controller");
        Some(NoController::Engine(why))
    } else if !matches!(database.conflict, Rule::LastWriterWins | Rule::Conditional) {
        Some(NoController::Rule("with a failover controller one region takes the writes".into()))
    } else {
        None
    }
}

impl Finder<'_> {
    /// What goes with a failover controller, and what only makes sense with one.
    pub(super) fn controller(&mut self) {
        let Scenario { controller, database, regions, .. } = self.scenario;
        let nodes = &controller.nodes;
        if controller.semi_synchronous && nodes.is_empty() {
            let allowed = "false: only with a failover controller, as controller.nodes says";
            self.say("controller.semi_synchronous", &["controller.nodes"], true, allowed);
        }
        if nodes.is_empty() {
            return;
        }
        let found = format!("a list of {}", nodes.len());
        match why_no_controller(self.scenario) {
            Some(NoController::Engine(why)) => {
                self.tell("controller.nodes", &["database.engine"], found, format!("an empty list: {why}"));
                return;
            }
            Some(NoController::Rule(why)) => {
                let allowed = format!("last-writer-wins or conditional: {why}");
                self.say("database.conflict", &["controller.nodes"], database.conflict.slug(), allowed);
            }
            None => {}
        }
        if nodes.len() < LEAST_NODES || nodes.len().is_multiple_of(2) {
            let allowed = "three, five or seven nodes: of an even number a half is no majority";
            self.tell("controller.nodes", &[], found, allowed);
        }
        for (index, node) in nodes.iter().enumerate() {
            if !regions.iter().any(|region| region.code == *node) {
                let allowed = self.scenario.own_regions();
                self.say(&item("controller.nodes", index), &["regions"], node.as_str(), allowed);
            }
        }
    }
}
