//! A failover controller: which databases may have one, and where its nodes stand.

use super::Finder;
use crate::model::conflict::Rule;
use crate::model::problem::item;
use crate::model::scenario::Scenario;

/// The least nodes of which a majority is left if one is lost.
const LEAST_NODES: usize = 3;

impl Finder<'_> {
    /// What goes with a failover controller, and what only makes sense with one.
    pub(super) fn controller(&mut self) {
        let Scenario { controller, database, regions, .. } = self.scenario;
        let (engine, nodes) = (database.engine, &controller.nodes);
        if controller.semi_synchronous && nodes.is_empty() {
            let allowed = "false: only with a failover controller, as controller.nodes says";
            self.say("controller.semi_synchronous", &["controller.nodes"], true, allowed);
        }
        if nodes.is_empty() {
            return;
        }
        let found = format!("a list of {}", nodes.len());
        if !engine.rules().own_volumes {
            let service = engine.rules().service;
            let allowed =
                format!("an empty list: {service} fails over by itself; only self-managed has a controller");
            self.tell("controller.nodes", &["database.engine"], found, allowed);
            return;
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
        if !matches!(database.conflict, Rule::LastWriterWins | Rule::Conditional) {
            let allowed =
                "last-writer-wins or conditional: with a failover controller one region takes the writes";
            self.say("database.conflict", &["controller.nodes"], database.conflict.slug(), allowed);
        }
    }
}
