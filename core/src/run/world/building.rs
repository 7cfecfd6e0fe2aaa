//! Making what is not there: network, images, servers, versions. All of it goes through the region's control plane,
//! which is why what has to be made during a disaster may not come.

use crate::kernel::id::RegionId;
use crate::model::runbook::{Obstacle, StepName};
use crate::run::world::World;
use crate::system::context::Context;
use crate::system::event::Event;
use crate::system::journal::What;

impl World {
    /// Starts the time of a step of the current run that has been waiting for something, once.
    pub(super) fn start_when_free(
        &mut self,
        ctx: &mut Context<'_>,
        name: StepName,
        obstacle: Option<Obstacle>,
        span_s: impl FnOnce(&mut Self) -> f64,
    ) {
        if !self.is_open(name)
            || self.operations.recovery.timed.contains(&name)
            || self.block(ctx, name, obstacle)
        {
            return;
        }
        self.operations.recovery.timed.push(name);
        let seconds = span_s(self);
        ctx.after_s(seconds, Event::StepDone(name, self.operations.recovery.turn));
    }

    /// What keeps calls to a region's control plane from being answered.
    pub(super) fn closed(&self, region: RegionId) -> Option<Obstacle> {
        if self.system.dark[region.index()] {
            Some(Obstacle::RegionDark(region))
        } else {
            (!self.system.control_plane_up(region)).then_some(Obstacle::ControlPlane(region))
        }
    }

    /// Network and balancer from templates; then servers.
    pub(super) fn watch_network(&mut self, ctx: &mut Context<'_>, to: RegionId) {
        let templates = ctx.plan.scenario.regions[to.index()].templates;
        let obstacle = self.closed(to).or((!templates).then_some(Obstacle::NoTemplates(to)));
        let settings = &ctx.plan.scenario.recovery;
        let mut draws = self.operations.recovery.span(ctx, StepName::BuildNetwork);
        self.start_when_free(ctx, StepName::BuildNetwork, obstacle, |_| {
            draws.between(settings.network_min_s, settings.network_max_s)
        });
    }

    pub(super) fn on_network_built(&mut self, ctx: &mut Context<'_>) {
        let to = self.operations.recovery.to;
        self.system.built[to.index()] = true;
        self.end_step(ctx, StepName::BuildNetwork);
        self.begin_scale_out(ctx, to);
    }

    /// The recovery region shall run the whole fleet.
    pub(super) fn begin_scale_out(&mut self, ctx: &mut Context<'_>, to: RegionId) {
        let wanted = ctx.plan.scenario.recovery.servers as u16;
        let fleet = &mut self.system.fleets.regions[to.index()];
        fleet.desired = fleet.desired.max(wanted);
        self.begin_step(ctx, StepName::ScaleOut);
        self.reconcile(ctx, to);
    }

    /// The fleet is there, or something keeps servers from being launched.
    pub(super) fn watch_scale_out(&mut self, ctx: &mut Context<'_>, to: RegionId) {
        if !self.is_open(StepName::ScaleOut) {
            return;
        }
        let wanted = ctx.plan.scenario.recovery.servers as usize;
        if self.system.fleets.serving(to) >= wanted {
            self.end_step(ctx, StepName::ScaleOut);
            return;
        }
        let fleet = &self.system.fleets.regions[to.index()];
        // What has been launched needs nobody's permission to boot.
        let short = self.system.fleets.alive(to) < wanted;
        let obstacle = if self.system.dark[to.index()] {
            Some(Obstacle::RegionDark(to))
        } else if !short {
            None
        } else if !self.system.control_plane_up(to) {
            Some(Obstacle::ControlPlane(to))
        } else if !fleet.image {
            Some(Obstacle::NoImage(to))
        } else if fleet.no_capacity {
            Some(Obstacle::Capacity)
        } else {
            (self.system.fleets.quota_left(to) <= 0).then_some(Obstacle::Quota(to))
        };
        self.block(ctx, StepName::ScaleOut, obstacle);
        if obstacle == Some(Obstacle::NoImage(to)) {
            self.fetch_image(ctx);
        }
    }

    /// The image is somewhere else: it can be copied while that region is there.
    fn fetch_image(&mut self, ctx: &mut Context<'_>) {
        if !self.is_open(StepName::CopyImage) {
            self.begin_step(ctx, StepName::CopyImage);
        }
        let obstacle = self.closed(self.operations.recovery.from);
        let seconds = ctx.plan.scenario.backup.copy_min_s;
        self.start_when_free(ctx, StepName::CopyImage, obstacle, |_| *seconds);
    }

    pub(super) fn on_image_copied(&mut self, ctx: &mut Context<'_>) {
        let to = self.operations.recovery.to;
        self.system.fleets.regions[to.index()].image = true;
        self.end_step(ctx, StepName::CopyImage);
        self.reconcile(ctx, to);
    }

    /// Synthetic requests find that the servers cannot read what is in the database: their version is too old.
    pub(super) fn needs_deployment(&self) -> bool {
        let newest = self.system.databases[self.system.acting.index()]
            .versions
            .iter()
            .map(|version| version.format)
            .max();
        newest.is_some_and(|newest| {
            newest > self.system.fleets.regions[self.operations.recovery.to.index()].version
        })
    }

    pub(super) fn on_deployed(&mut self, ctx: &mut Context<'_>) {
        let to = self.operations.recovery.to;
        let newest = self.system.databases[self.system.acting.index()]
            .versions
            .iter()
            .map(|version| version.format)
            .max();
        let version = newest.unwrap_or_default().max(self.system.fleets.regions[to.index()].version);
        self.system.fleets.regions[to.index()].version = version;
        ctx.note(self.operations.recovery.entry, What::VersionDeployed { region: to, version });
        self.end_step(ctx, StepName::Deploy);
    }
}
