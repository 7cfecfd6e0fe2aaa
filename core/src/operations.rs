//! Monitoring, people and runbooks.

pub mod execution;

use crate::model::plan::Plan;
use crate::system::System;
use crate::system::context::Context;
use crate::system::occurrence::Occurrence;
use execution::Recovery;

/// Whoever runs the system.
#[derive(Clone, Debug)]
pub struct Operations {
    /// The runbook.
    pub recovery: Recovery,
}

impl Operations {
    /// Nothing to recover from.
    pub fn new(plan: &Plan) -> Self {
        Self { recovery: Recovery::new(plan) }
    }

    /// Hears what checks and alarms report, and acts on it.
    pub fn hear(&mut self, _ctx: &mut Context<'_>, _system: &mut System, occurrence: &Occurrence) {
        match *occurrence {
            Occurrence::Sent(_)
            | Occurrence::WentTo(..)
            | Occurrence::Served(..)
            | Occurrence::Refused(..)
            | Occurrence::GaveUp(_)
            | Occurrence::WriteRefused(_)
            | Occurrence::WroteOver(_)
            | Occurrence::Committed(_)
            | Occurrence::Duplicated(_)
            | Occurrence::Proposed(_)
            | Occurrence::Withdrawn(..)
            | Occurrence::Agreed(_)
            | Occurrence::Shipping
            | Occurrence::TakenIn(..)
            | Occurrence::BatchTaken(_)
            | Occurrence::FaultInjected(..)
            | Occurrence::FaultCleared(..)
            | Occurrence::ZoneLost(_)
            | Occurrence::StandbyBegins(..)
            | Occurrence::DatabaseReady(_)
            | Occurrence::FoundUnhealthy(_)
            | Occurrence::Detected(_) => {}
        }
    }
}
