//! Making what the recovery region lacks: network, image, servers, version. All of it needs the region's control plane,
//! which may not answer in a disaster.

use crate::kernel::id::RegionId;
use crate::model::runbook::{Obstacle, StepName};
use crate::operations::Operations;
use crate::system::System;
use crate::system::context::Context;

impl Operations {
    /// Network and balancer from templates; then servers.
    pub(super) fn watch_network(&mut self, ctx: &mut Context<'_>, system: &mut System, to: RegionId) {
        let templates = ctx.plan.scenario.regions[to.index()].templates;
        let obstacle = system.closed(to).or((!templates).then_some(Obstacle::NoTemplates(to)));
        let settings = &ctx.plan.scenario.recovery;
        let mut draws = self.recovery.span(ctx, StepName::BuildNetwork);
        self.start_when_free(ctx, system, StepName::BuildNetwork, obstacle, || {
            draws.between(settings.network_min_s, settings.network_max_s)
        });
    }

    pub(super) fn on_network_built(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        debug_assert!(self.is_open(StepName::BuildNetwork), "a network stands that was being built");
        let to = self.recovery.to;
        system.build_network(to);
        self.end_step(ctx, system, StepName::BuildNetwork);
        self.begin_scale_out(ctx, system, to);
    }

    /// The recovery region is to run the whole fleet.
    pub(super) fn begin_scale_out(&mut self, ctx: &mut Context<'_>, system: &mut System, to: RegionId) {
        debug_assert_eq!(to, self.recovery.to, "servers are added where the work goes");
        self.begin_step(ctx, system, StepName::ScaleOut);
        system.add_servers(ctx, to, ctx.plan.scenario.recovery.servers as u16);
    }

    /// The fleet is there, or something keeps servers from being launched.
    pub(super) fn watch_scale_out(&mut self, ctx: &mut Context<'_>, system: &mut System, to: RegionId) {
        if !self.is_open(StepName::ScaleOut) {
            return;
        }
        let wanted = ctx.plan.scenario.recovery.servers as usize;
        if system.fleets.serving(to) >= wanted {
            self.end_step(ctx, system, StepName::ScaleOut);
            return;
        }
        let obstacle = system.capacity_obstacle(to, wanted);
        self.block(ctx, system, StepName::ScaleOut, obstacle);
        if obstacle == Some(Obstacle::NoImage(to)) {
            self.fetch_image(ctx, system);
        }
    }

    /// The image is somewhere else: it can be copied while that region is there.
    fn fetch_image(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        if !self.is_open(StepName::CopyImage) {
            self.begin_step(ctx, system, StepName::CopyImage);
        }
        let obstacle = system.closed(self.recovery.from);
        let seconds = ctx.plan.scenario.backup.copy_min_s;
        self.start_when_free(ctx, system, StepName::CopyImage, obstacle, || *seconds);
    }

    pub(super) fn on_image_copied(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        debug_assert!(self.is_open(StepName::CopyImage), "an image arrives that was being copied");
        self.end_step(ctx, system, StepName::CopyImage);
        system.put_image(ctx, self.recovery.to);
    }

    pub(super) fn on_deployed(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        debug_assert!(self.is_open(StepName::Deploy), "a version is out that was being brought out");
        system.deploy(ctx, self.recovery.to);
        self.end_step(ctx, system, StepName::Deploy);
    }
}
