//! Monitoring, people and runbooks. They know what checks and alarms report, and act on machines only through what control
//! planes offer.

pub mod execution;
pub mod step;
pub mod monitor;
pub mod on_call;
pub mod failover;
pub mod scale_out;
pub mod restore;
pub mod copying;
pub mod failback;
pub mod rehome;
pub mod record;

use crate::kernel::id::EntryId;
use crate::model::fault::Command;
use crate::model::plan::Plan;
use crate::model::runbook::StepName;
use crate::system::System;
use crate::system::context::Context;
use crate::system::event::OnCallTimer;
use crate::system::occurrence::Occurrence;
use execution::Recovery;
use monitor::Monitor;

/// The people who run the system, their alarms and their runbook.
#[derive(Clone, Debug)]
pub struct Operations {
    /// The runbook.
    pub recovery: Recovery,
    /// Alarms.
    pub monitor: Monitor,
}

impl Operations {
    /// Nothing to recover from.
    pub fn new(plan: &Plan) -> Self {
        Self { recovery: Recovery::new(plan), monitor: Monitor::new(plan.populations()) }
    }

    /// Reacts to what checks and alarms report; every other occurrence is ignored. `told` is the journal's line about it,
    /// if the observer wrote one: the cause of what follows.
    #[inline]
    pub fn hear(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        occurrence: &Occurrence,
        told: Option<EntryId>,
    ) {
        match *occurrence {
            Occurrence::Served(ref asked, _) | Occurrence::Refused(ref asked, _) => {
                self.monitor.served(asked.population);
            }
            Occurrence::GaveUp(ref asked, ..) => self.monitor.failed(asked.population),
            Occurrence::FoundUnhealthy(region) => self.on_verdict(ctx, system, region),
            Occurrence::AnswerLeft { region } => self.begin_movement(ctx, system, region),
            Occurrence::Promoted { from, to } => self.on_promoted(ctx, system, (from, to), told),
            Occurrence::SwitchedOver { .. } => self.on_switched_over(ctx, system, told),
            Occurrence::SetAside { .. } => self.on_set_aside(ctx, system),
            Occurrence::Restored { region, .. } => self.on_restored(ctx, system, region, told),
            Occurrence::Copied { from, to } => self.on_copied(ctx, system, from, to),
            Occurrence::Loaded { .. } => self.end_loading(ctx, system),
            Occurrence::Sent(_)
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
            | Occurrence::Replaced { .. }
            | Occurrence::LogKept { .. }
            | Occurrence::HomeMoved { .. }
            | Occurrence::FaultInjected(..)
            | Occurrence::FaultCleared(..)
            | Occurrence::ZoneLost(_)
            | Occurrence::StandbyBegins(..)
            | Occurrence::DatabaseReady(_)
            | Occurrence::Detected(_)
            | Occurrence::Run(..)
            | Occurrence::MovementBegan { .. }
            | Occurrence::MovementEnded { .. } => {}
        }
    }

    /// Follows an order that is meant for people. False if the command is not one of those.
    pub fn obey(&mut self, ctx: &mut Context<'_>, system: &mut System, command: Command) -> bool {
        match command {
            Command::FailOver(to) => self.order_fail_over(ctx, system, to),
            Command::FailBack => self.order_fail_back(ctx, system),
            Command::Decide(answer) => self.order_decision(ctx, system, answer),
            Command::Restore(region, second) => self.order_restore(ctx, system, region, second),
            Command::MoveHome(partition, to) => self.order_move_home(ctx, system, partition, to),
            Command::Inject(_)
            | Command::Clear(_)
            | Command::RaiseQuota(_)
            | Command::Travel(..)
            | Command::Write(..) => return false,
        }
        true
    }

    /// A timer of the runbook is over.
    pub fn on_timer(&mut self, ctx: &mut Context<'_>, system: &mut System, timer: OnCallTimer) {
        match timer {
            OnCallTimer::PromotionRestart(run) => self.on_promotion_restart(system, run),
            OnCallTimer::StepDone(step, run) => self.on_step_done(ctx, system, step, run),
        }
    }

    /// The time of a step is over. A timer of an earlier run is ignored.
    fn on_step_done(&mut self, ctx: &mut Context<'_>, system: &mut System, step: StepName, run: u32) {
        if run != self.recovery.run || !self.is_due(ctx.now, step) {
            return;
        }
        let settings = &ctx.plan.scenario.recovery;
        match step {
            StepName::Page if self.end_step(ctx, system, step) => {
                self.begin_timed(ctx, system, StepName::Triage, *settings.triage_s);
            }
            StepName::Triage if self.end_step(ctx, system, step) => {
                self.begin_timed(ctx, system, StepName::Decide, settings.decide_s + settings.hesitation_s);
            }
            StepName::Decide if self.end_step(ctx, system, step) => self.decide(ctx, system),
            StepName::Fence => self.on_fence_time(ctx, system),
            StepName::Promote => self.on_promotion_time(ctx, system),
            StepName::ChangeRecord | StepName::Pin => {
                self.on_record_changed(ctx, system, step, Some(self.recovery.to));
            }
            StepName::ReturnRecord => self.on_record_changed(ctx, system, step, None),
            StepName::Validate => self.on_validated(ctx, system),
            StepName::BuildNetwork => self.on_network_built(ctx, system),
            StepName::CopyImage => self.on_image_copied(ctx, system),
            StepName::FetchBackup => self.on_backup_fetched(ctx, system),
            StepName::Restore => self.on_restore_time(ctx, system),
            StepName::Rollback => self.on_rolled_back(ctx, system),
            StepName::Deploy => self.on_deployed(ctx, system),
            StepName::SetAside => self.on_set_aside_time(ctx, system),
            StepName::Switchover => self.on_switchover_time(ctx, system),
            StepName::Rehome => self.on_rehomed(ctx, system),
            // Ended early by an order, or ended by a condition and not by a timer.
            StepName::Page
            | StepName::Triage
            | StepName::Decide
            | StepName::Detect
            | StepName::ScaleOut
            | StepName::Cutover
            | StepName::ZoneFailover
            | StepName::ReplaceServers
            | StepName::LoadBlocks
            | StepName::Rebuild
            | StepName::Refill
            | StepName::Rejoin
            | StepName::HandOver
            | StepName::CatchUp => {}
        }
    }
}
