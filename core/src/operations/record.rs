//! The record of Route 53 in a runbook, and the movement of clients that follows a changed answer.

use crate::kernel::id::RegionId;
use crate::kernel::region_map::RegionSet;
use crate::model::RoutingPolicy;
use crate::model::runbook::{Obstacle, StepName};
use crate::operations::Operations;
use crate::operations::execution::Stage;
use crate::system::System;
use crate::system::context::Context;
use crate::system::event::OnCallTimer;
use crate::system::occurrence::Occurrence;
use crate::system::route53::Route53;

impl Operations {
    /// A change of the record is asked for as soon as the control plane answers.
    pub(super) fn try_record_change(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        if self.recovery.changing_record {
            return;
        }
        let wanted = [StepName::ChangeRecord, StepName::Pin, StepName::ReturnRecord];
        let Some(step) = wanted.into_iter().find(|step| self.is_open(*step)) else { return };
        let frozen = !system.dns_control_plane_up(ctx.plan, ctx.now);
        if !self.block(ctx, system, step, frozen.then_some(Obstacle::DnsControlPlane)) {
            self.recovery.changing_record = true;
            ctx.after(Route53::change_span(ctx.plan), OnCallTimer::StepDone(step, self.recovery.run));
        }
    }

    /// A changed record has reached the name servers.
    pub(super) fn on_record_changed(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        step: StepName,
        first: Option<RegionId>,
    ) {
        debug_assert!(self.recovery.changing_record, "a change arrives that was asked for");
        self.recovery.changing_record = false;
        if !self.end_step(ctx, system, step) {
            return;
        }
        if let Some(left) = system.change_record(ctx, first) {
            self.begin_movement(ctx, system, left);
        }
        if step == StepName::ReturnRecord {
            self.end_failback(ctx, system);
        }
    }

    /// Clients begin to leave a region. An earlier movement ends with that, complete or not.
    pub(super) fn begin_movement(&mut self, ctx: &mut Context<'_>, system: &System, from: RegionId) {
        if self.recovery.moving == Some(from) {
            return;
        }
        if self.recovery.moving.is_some() {
            self.end_movement(ctx, system.clients.point_to_none(self.recovery.left, ctx.now));
        }
        self.recovery.moving = Some(from);
        self.recovery.left.insert(from);
        if ctx.plan.scenario.dns.policy == RoutingPolicy::Failover {
            // What is everybody's answer now is left by nobody.
            self.recovery.left.remove(system.route53.answer);
        }
        let run = (self.recovery.stage != Stage::Idle).then_some(self.recovery.run);
        ctx.tell(Occurrence::MovementBegan { from, run });
    }

    /// The clients have moved when no resolver gives an old answer any more, also none from before the last change.
    pub(super) fn watch_movement(&mut self, ctx: &mut Context<'_>, system: &System) {
        if self.recovery.moving.is_some() && system.clients.point_to_none(self.recovery.left, ctx.now) {
            self.end_movement(ctx, true);
        }
    }

    fn end_movement(&mut self, ctx: &mut Context<'_>, whole: bool) {
        debug_assert!(self.recovery.moving.is_some(), "one movement at a time");
        self.recovery.moving = None;
        if whole {
            self.recovery.left = RegionSet::EMPTY;
        }
        ctx.tell(Occurrence::MovementEnded { whole });
    }

    /// When the clients have moved back, the servers that were added for the failover go.
    pub fn scale_in(&self, ctx: &Context<'_>, system: &mut System) {
        if self.recovery.stage == Stage::Idle && self.recovery.moving.is_none() {
            system.scale_in(ctx.plan);
        }
    }
}
