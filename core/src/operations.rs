//! Monitoring, people and runbooks.

pub mod execution;

use crate::model::plan::Plan;
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
}
