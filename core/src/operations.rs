//! Monitoring, people and runbooks. They know what checks and alarms report, and act on machines only through what control
//! planes offer.

pub mod calls;
pub mod execution;
pub mod lease;
pub mod interpreter;
pub mod calling;
pub mod acts;
pub mod runs;
pub mod on_call;
pub mod start;
pub mod take_over;
pub mod orders;
pub mod rollout;
pub mod failover;
pub mod provisioning;
pub mod restore;
pub mod copying;
pub mod homes;
pub mod placement;
pub mod traffic;

use crate::kernel::id::{EntryId, RegionId};
use crate::kernel::region_map::{RegionMap, RegionSet};
use crate::model::plan::Plan;
use crate::system::System;
use crate::system::context::Context;
use crate::system::event::OnCallTimer;
use crate::system::journal::What;
use crate::system::occurrence::Occurrence;
use execution::Execution;
use lease::Lease;

/// The people who run the system, their alarms and their runbooks.
#[derive(Clone, Debug)]
pub struct Operations {
    /// Executions under way, oldest first.
    pub executions: Vec<Execution>,
    /// Regions whose alarm somebody has looked at and decided to leave as they are, until it is over.
    pub left_alone: RegionSet,
    /// The region that clients are leaving.
    pub moving: Option<RegionId>,
    /// The regions that were answers and may still be cached, since all had the right answer last.
    pub left: RegionSet,
    /// The step that holds each partition, by partition.
    pub leases: RegionMap<Option<Lease>>,
    /// How many executions have begun; and of each runbook of the plan.
    runs: u32,
    counts: Vec<u32>,
}

impl Operations {
    /// Nothing to recover from.
    pub fn new(plan: &Plan) -> Self {
        Self {
            executions: Vec::new(),
            left_alone: RegionSet::EMPTY,
            moving: None,
            left: RegionSet::EMPTY,
            leases: RegionMap::all(None),
            runs: 0,
            counts: vec![0; plan.runbooks.len()],
        }
    }

    /// The execution about which somebody still has to decide: the oldest.
    pub fn deciding(&self) -> Option<&Execution> {
        self.executions.iter().find(|run| run.is_deciding())
    }

    /// The newest execution that acts and that the service waits for.
    pub fn acting(&self, plan: &Plan) -> Option<&Execution> {
        self.executions.iter().rev().find(|run| run.acts && run.is_busy(plan))
    }

    /// Nothing is being decided, and nothing is done that the service waits for.
    pub fn is_calm(&self, plan: &Plan) -> bool {
        self.executions.iter().all(|run| !run.is_busy(plan))
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
            Occurrence::FoundUnhealthy(region) => self.on_verdict(ctx, system, region),
            Occurrence::FoundHealthy(region) => self.on_healthy_again(ctx, system, region),
            Occurrence::Paged { region, on: true } => self.on_page(ctx, system, region),
            Occurrence::Paged { region, on: false } => self.on_page_over(ctx, system, region),
            Occurrence::ControlAnswered { name, region, reply } => {
                self.on_call_answered(ctx, system, name, (region, reply));
            }
            Occurrence::TakeOver { from, to, entry } => self.on_take_over(ctx, system, (from, to), entry),
            Occurrence::AnswerLeft { region } => self.begin_movement(ctx, system, region),
            Occurrence::Promoted { from, to } => self.on_promoted(ctx, system, (from, to), told),
            Occurrence::SwitchedOver { to, .. } => self.on_switched_over(ctx, system, to, told),
            Occurrence::Restored { region, .. } => self.on_restored(ctx, system, region, told),
            Occurrence::Copied { to, .. } => self.on_copied(ctx, system, to),
            Occurrence::StandbyBegins(region, entry) => {
                // Nobody publishes events of a database of one's own.
                if !ctx.plan.scenario.database.engine.rules().own_volumes {
                    ctx.note(Some(entry), What::EventPublished(region));
                }
            }
            Occurrence::SetAside { .. }
            | Occurrence::Loaded { .. }
            | Occurrence::Sent(_)
            | Occurrence::Served(..)
            | Occurrence::Refused(..)
            | Occurrence::GaveUp(..)
            | Occurrence::WriteRefused(_)
            | Occurrence::Staged(_)
            | Occurrence::WroteOver(_)
            | Occurrence::Committed(_)
            | Occurrence::Duplicated(_)
            | Occurrence::Proposed(_)
            | Occurrence::Withdrawn(..)
            | Occurrence::Agreed(..)
            | Occurrence::Shipping
            | Occurrence::TakenIn(..)
            | Occurrence::BatchTaken(_)
            | Occurrence::Replaced { .. }
            | Occurrence::OldCopyKept(_)
            | Occurrence::Message(_)
            | Occurrence::LogKept { .. }
            | Occurrence::HomeMoved { .. }
            | Occurrence::FaultInjected(..)
            | Occurrence::FaultCleared(..)
            | Occurrence::Maintained(..)
            | Occurrence::ZoneLost(_)
            | Occurrence::DatabaseReady(_)
            | Occurrence::Detected(_)
            | Occurrence::Run(..)
            | Occurrence::MovementBegan { .. }
            | Occurrence::MovementEnded { .. } => {}
        }
    }

    /// A timer of an execution is over.
    pub fn on_timer(&mut self, ctx: &mut Context<'_>, system: &mut System, timer: OnCallTimer) {
        match timer {
            OnCallTimer::PromotionRestart(number) => self.on_promotion_restart(ctx, system, number),
            OnCallTimer::StepDone(index, number) => self.on_step_done(ctx, system, (index, number)),
        }
    }
}
