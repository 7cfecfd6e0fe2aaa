//! The books: what nobody inside the simulated world knows.

pub mod ledger;
pub mod collisions;
pub mod register;
pub mod metrics;
pub mod incident;

use crate::kernel::clock::SimDuration;
use crate::model::plan::Plan;
use crate::system::System;
use crate::system::context::Context;
use crate::system::occurrence::Occurrence;
use crate::system::sessions::Sessions;
use collisions::Collisions;
use incident::Incident;
use ledger::Ledger;
use metrics::Metrics;
use register::Told;

/// Everything that is counted and judged from outside.
#[derive(Clone, Debug)]
pub struct Observer {
    /// Every commit since the start.
    pub ledger: Ledger,
    /// What has happened so far, fault by fault.
    pub incidents: Vec<Incident>,
    /// What is counted.
    pub metrics: Metrics,
    /// Writes that collided.
    pub collisions: Collisions,
    /// What sessions remember.
    pub sessions: Sessions,
    /// What clients have been told of each key.
    pub told: Told,
    /// The newest commit of each key of which a client has been told.
    pub newest: Vec<u64>,
    /// The replica is behind, as the journal has said.
    pub was_behind: bool,
    /// The furthest that a copy was behind in this second.
    pub worst_lag: SimDuration,
}

impl Observer {
    /// Nothing has happened yet.
    pub fn new(plan: &Plan) -> Self {
        let keys = plan.scenario.database.keys as usize;
        Self {
            ledger: Ledger::default(),
            incidents: Vec::new(),
            metrics: Metrics::new(plan.populations()),
            collisions: Collisions::default(),
            sessions: Sessions::new(plan.populations(), plan.scenario.clients.connections as usize),
            told: Told::new(keys),
            newest: vec![0; keys],
            was_behind: false,
            worst_lag: SimDuration::ZERO,
        }
    }

    /// Books what has just happened. The machines are as they are after it.
    pub fn hear(&mut self, _ctx: &mut Context<'_>, _system: &System, occurrence: &Occurrence) {
        match *occurrence {
            Occurrence::Sent(population) => self.metrics.sent(population),
        }
    }
}
