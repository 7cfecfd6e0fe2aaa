//! What runbooks make and take down: servers, and what was added for a disaster.

use crate::kernel::id::RegionId;
use crate::kernel::region_map::RegionSet;
use crate::model::obstacle::Obstacle;
use crate::operations::Operations;
use crate::operations::execution::Task;
use crate::operations::interpreter::Next;
use crate::system::System;
use crate::system::context::Context;
use crate::system::control_call::Asks;
use crate::system::journal::What;

impl Operations {
    /// Servers are wanted wherever too few serve. Who has enough needs nobody's leave.
    pub(super) fn start_adding(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        task: Task<'_>,
    ) -> Next {
        let wanted = usize::from(task.step.servers);
        let asks = |region: &RegionId| system.is_built(*region) && system.fleets.serving(*region) < wanted;
        let short: RegionSet = Self::places(ctx.plan, task).iter().filter(asks).collect();
        debug_assert!(wanted > 0, "servers are wanted");
        let called = |region| self.called(ctx, system, task, (region, Asks::Launch));
        let waits: Vec<Next> = short.iter().filter_map(called).collect();
        if let Some(next) = waits.last() {
            return *next;
        }
        for region in short.iter() {
            system.add_servers(ctx, region, task.step.servers);
        }
        Self::watch_capacity(ctx, system, task)
    }

    /// The fleets are there, or something keeps servers from being launched.
    pub(super) fn watch_capacity(ctx: &Context<'_>, system: &System, task: Task<'_>) -> Next {
        let wanted = usize::from(task.step.servers);
        let short = |region| system.fleets.serving(region) < wanted;
        let places = Self::places(ctx.plan, task);
        debug_assert!(wanted > 0, "servers are wanted");
        if !places.iter().any(short) {
            return Next::Done;
        }
        let unbuilt = places.iter().find(|region| !system.is_built(*region));
        if unbuilt.is_some() {
            return Next::Again(Obstacle::Before(crate::model::runbook::StepName::BuildNetwork));
        }
        let obstacle = places
            .iter()
            .filter(|region| short(*region))
            .find_map(|region| system.capacity_obstacle(region, wanted));
        obstacle.map_or(Next::Watch, Next::Again)
    }

    /// Clients have gone: what was added for the disaster is not wanted any more.
    pub(super) fn take_down(&self, ctx: &mut Context<'_>, system: &mut System, task: Task<'_>) {
        system.reset_servers(ctx.plan, task.on);
        let home = system.ownership.primary();
        debug_assert_eq!(home, task.to, "the work has gone");
        if !ctx.plan.blueprint.is_built(task.on) {
            system.take_down(task.on);
        }
        ctx.note(system.control.entry, What::FailedBack(task.to));
    }

    /// When the clients have moved back and nothing is being recovered, the servers that were added go.
    pub fn scale_in(&self, ctx: &Context<'_>, system: &mut System) {
        let home = ctx.plan.writes_everywhere() || system.ownership.primary() == ctx.plan.blueprint.primary();
        let busy = self.executions.iter().any(|run| run.is_busy(ctx.plan));
        if home && !busy && self.moving.is_none() {
            system.scale_in(ctx.plan);
        }
    }
}
