//! What moves clients: the record, a routing control; and how far they have moved.

use crate::kernel::id::RegionId;
use crate::kernel::region_map::RegionSet;
use crate::model::obstacle::Obstacle;
use crate::model::runbook::Action;
use crate::model::{Cutover, RoutingPolicy};
use crate::operations::Operations;
use crate::operations::execution::{Execution, Task};
use crate::system::System;
use crate::system::context::Context;
use crate::system::occurrence::Occurrence;

impl Operations {
    /// What keeps clients from being sent elsewhere in the way that a step takes.
    pub(super) fn no_way(&self, ctx: &Context<'_>, system: &System, task: Task<'_>) -> Option<Obstacle> {
        let controls = if task.step.action == Action::ReturnTraffic {
            system.route53.pinned.is_none() && system.route53.is_turned()
        } else {
            task.step.by == Cutover::RoutingControl
        };
        debug_assert!(task.at < self.executions.len(), "it is under way");
        let frozen = !controls && !system.dns_control_plane_up(ctx.plan, ctx.now);
        frozen.then_some(Obstacle::DnsControlPlane)
    }

    /// Clients are sent to the region that work goes to.
    pub(super) fn shift(&mut self, ctx: &mut Context<'_>, system: &mut System, task: Task<'_>) {
        let control = task.step.action == Action::ShiftTraffic && task.step.by == Cutover::RoutingControl;
        let left = if control {
            system.turn_control(ctx, task.from, task.to)
        } else {
            system.change_record(ctx, Some(task.to))
        };
        if let Some(left) = left {
            self.begin_movement(ctx, system, left);
        }
    }

    /// Record and routing controls are as at the start.
    pub(super) fn return_traffic(&mut self, ctx: &mut Context<'_>, system: &mut System, task: Task<'_>) {
        debug_assert_eq!(task.step.action, Action::ReturnTraffic, "it is to be returned");
        let turned = system.reset_controls(ctx);
        let changed = system.change_record(ctx, None);
        if let Some(left) = turned.or(changed) {
            self.begin_movement(ctx, system, left);
        }
    }

    /// Clients begin to leave a region. An earlier movement ends with that, complete or not.
    pub(super) fn begin_movement(&mut self, ctx: &mut Context<'_>, system: &System, from: RegionId) {
        if self.moving == Some(from) {
            return;
        }
        if self.moving.is_some() {
            self.end_movement(ctx, system.clients.point_to_none(self.left, ctx.now));
        }
        self.moving = Some(from);
        self.left.insert(from);
        if ctx.plan.scenario.dns.policy == RoutingPolicy::Failover {
            // What is everybody's answer now is left by nobody.
            self.left.remove(system.route53.answer);
        }
        let leaves = |run: &&Execution| run.acts && (run.from == from || run.to == from);
        let run = self.executions.iter().rev().find(leaves).or_else(|| self.executions.last());
        ctx.tell(Occurrence::MovementBegan { from, run: run.map(|run| run.number) });
    }

    /// The clients have moved when no resolver gives an old answer any more, also none from before the last change.
    pub(super) fn watch_movement(&mut self, ctx: &mut Context<'_>, system: &System) {
        if self.moving.is_some() && system.clients.point_to_none(self.left, ctx.now) {
            self.end_movement(ctx, true);
        }
    }

    fn end_movement(&mut self, ctx: &mut Context<'_>, whole: bool) {
        debug_assert!(self.moving.is_some(), "one movement at a time");
        self.moving = None;
        if whole {
            self.left = RegionSet::EMPTY;
        }
        ctx.tell(Occurrence::MovementEnded { whole });
    }
}
