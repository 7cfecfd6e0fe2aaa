//! The books: what nobody inside the simulated world knows.

pub mod ledger;
pub mod collisions;
pub mod register;
pub mod metrics;
pub mod incident;
pub mod loss;
pub mod recovery;

use crate::kernel::clock::SimDuration;
use crate::kernel::id::EntryId;
use crate::model::plan::Plan;
use crate::model::runbook::StepName;
use crate::system::System;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::occurrence::Occurrence;
use crate::system::sessions::Sessions;
use collisions::Collisions;
use incident::Incident;
use ledger::Ledger;
use loss::Losses;
use metrics::Metrics;
use recovery::{Reason, Run};
use register::Told;

/// Everything that is counted and judged from outside.
#[derive(Clone, Debug)]
pub struct Observer {
    /// Every commit since the start.
    pub ledger: Ledger,
    /// What has happened so far, fault by fault.
    pub incidents: Vec<Incident>,
    /// Runs of runbooks, oldest first.
    pub runs: Vec<Run>,
    /// The incident whose clients are moving, an index.
    pub moving: Option<usize>,
    /// Writes that are not where they should be.
    pub losses: Losses,
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
            runs: Vec::new(),
            moving: None,
            losses: Losses::default(),
            metrics: Metrics::new(plan.populations()),
            collisions: Collisions::default(),
            sessions: Sessions::new(plan.populations(), plan.scenario.clients.connections as usize),
            told: Told::new(keys),
            newest: vec![0; keys],
            was_behind: false,
            worst_lag: SimDuration::ZERO,
        }
    }

    /// Books what has just happened. The machines are as they are after it. Returns the journal's line about it, if the
    /// observer wrote one: the cause of what follows.
    pub fn hear(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        occurrence: &Occurrence,
    ) -> Option<EntryId> {
        match *occurrence {
            Occurrence::Sent(population) => self.metrics.sent(population),
            Occurrence::Cleared { entry } => self.on_cleared(ctx.now, entry),
            Occurrence::Detected { region } => self.note_detection(ctx.now, region),
            Occurrence::Unhealthy { region } => self.on_unhealthy(ctx, system, region),
            Occurrence::ZoneFailoverBegan { region } => {
                self.note_detection(ctx.now, region);
                self.begin_own_step(ctx.now, StepName::ZoneFailover);
            }
            Occurrence::ServersToReplace { .. } => self.begin_own_step(ctx.now, StepName::ReplaceServers),
            Occurrence::DatabaseReady { region } => return self.on_database_ready(ctx, system, region),
            Occurrence::Promoted { to, .. } => return self.on_promoted(ctx, system, to),
            Occurrence::SwitchedOver { to: region, .. } => {
                return Some(ctx.note(system.control.entry, What::Promoted { region, lost: 0 }));
            }
            Occurrence::SetAside { .. } => return self.on_set_aside(ctx, system),
            Occurrence::Restored { from, region, point } => {
                return self.on_restored(ctx, system, (from, region), point);
            }
            Occurrence::MovementBegan { from, run } => return self.on_movement(ctx, system, from, run),
            Occurrence::MovementEnded => return self.on_movement_ended(ctx, system),
            Occurrence::RunBegan { run, command, from, to, about, entry } => {
                self.on_run_began(ctx.now, run, &Reason { command, from, to, about, entry });
            }
            Occurrence::Noticed { run, by_alarm } => self.on_noticed(ctx.now, run, by_alarm),
            Occurrence::Decided { run } => self.on_acting(ctx.now, run, true),
            Occurrence::RunEnded { run } => self.on_acting(ctx.now, run, false),
            Occurrence::StepBegan { run, step } => self.on_step_began(ctx.now, run, step),
            Occurrence::StepEnded { run, step } => self.on_step_ended(ctx.now, run, step),
            Occurrence::StepBlocked { run, step, obstacle } => self.on_blocked(run, step, obstacle),
            Occurrence::Served { .. }
            | Occurrence::GaveUp(_)
            | Occurrence::AnswerLeft { .. }
            | Occurrence::Loaded { .. }
            | Occurrence::RestoreReady { .. } => {}
        }
        None
    }
}
