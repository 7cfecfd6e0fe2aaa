//! Making and taking down what stands in a region: network, images, servers, versions; and the record that names it.

use crate::kernel::id::{EntryId, RegionId};
use crate::model::RoutingPolicy;
use crate::model::obstacle::Obstacle;
use crate::model::plan::Plan;
use crate::system::System;
use crate::system::context::Context;
use crate::system::database::Role;
use crate::system::journal::What;
use crate::system::launch::LaunchRefusal;
use crate::system::occurrence::Occurrence;

impl System {
    /// Auto Scaling of a region looks at what runs.
    pub fn reconcile(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        if !self.dark[region.index()] {
            let shut = !self.control_plane_up(region);
            let cause = self.why_short(ctx, region).or(self.control.entry);
            let cause = cause.or(shut.then(|| self.why_no_control_plane(region)).flatten());
            let closed = shut
                .then_some(LaunchRefusal::ControlPlane)
                .or((!self.is_built(region)).then_some(LaunchRefusal::NoNetwork));
            if closed.is_none() {
                self.take_out(ctx, region);
            }
            self.fleets.reconcile(ctx, region, &self.zones_dark[region.index()], closed, cause);
        }
    }

    /// A region is to run at least so many servers.
    pub fn add_servers(&mut self, ctx: &mut Context<'_>, region: RegionId, wanted: u16) {
        debug_assert!(self.is_built(region), "servers need a network");
        let fleet = &mut self.fleets.regions[region.index()];
        fleet.desired = fleet.desired.max(wanted);
        fleet.scaling.least = fleet.scaling.least.max(wanted);
        self.reconcile(ctx, region);
    }

    /// A region is to run as many servers as at the start.
    pub fn reset_servers(&mut self, plan: &Plan, region: RegionId) {
        let fleet = &mut self.fleets.regions[region.index()];
        (fleet.desired, fleet.scaling.least) = (plan.scenario.regions[region.index()].servers as u16, 0);
    }

    /// Servers beyond the wanted number are switched off as they become idle, unless Auto Scaling takes them out when it looks.
    pub fn scale_in(&mut self, plan: &Plan) {
        if plan.scenario.servers.scale_in {
            return;
        }
        for region in plan.region_ids() {
            self.fleets.scale_in(region, self.control.entry);
        }
    }

    /// The obstacle that keeps a region from running so many servers.
    pub fn capacity_obstacle(&self, region: RegionId, wanted: usize) -> Option<Obstacle> {
        let fleet = &self.fleets.regions[region.index()];
        // What has been launched needs nobody's permission to boot.
        let short = self.fleets.alive(region) < wanted;
        if self.dark[region.index()] {
            Some(Obstacle::RegionDark(region))
        } else if !short {
            None
        } else if !self.control_plane_up(region) {
            Some(Obstacle::ControlPlane(region))
        } else if !fleet.image {
            Some(Obstacle::NoImage(region))
        } else if fleet.no_capacity {
            Some(Obstacle::Capacity)
        } else if fleet.throttled {
            Some(Obstacle::Throttled(region))
        } else {
            (self.fleets.quota_left(region) <= 0).then_some(Obstacle::Quota(region))
        }
    }

    /// Network and balancer of a region are built.
    pub fn build_network(&mut self, region: RegionId) {
        debug_assert!(!self.is_built(region), "a network is built once");
        self.built[region.index()] = true;
    }

    /// The machine image has come to a region from another: Auto Scaling looks again.
    pub fn put_image(&mut self, ctx: &mut Context<'_>, (from, region): (RegionId, RegionId)) {
        self.copy_release(from, region);
        self.fleets.regions[region.index()].image = true;
        self.reconcile(ctx, region);
    }

    /// The newest version of the application that has written what the primary has.
    pub fn newest_format(&self) -> u32 {
        let versions = &self.databases[self.ownership.primary().index()].versions;
        versions.iter().map(|version| version.format).max().unwrap_or_default()
    }

    /// Whether the servers of a region run too old a version to read all that is in the database.
    pub fn needs_deployment(&self, region: RegionId) -> bool {
        self.newest_format() > self.fleets.regions[region.index()].version
    }

    /// Deploys the newest version in a region: its servers can read what is in the database.
    pub fn deploy(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let newest = self.newest_format();
        let version = &mut self.fleets.regions[region.index()].version;
        *version = newest.max(*version);
        let version = *version;
        debug_assert!(!self.needs_deployment(region), "what is deployed can read the data");
        ctx.note(self.control.entry, What::VersionDeployed { region, version });
    }

    /// Takes down what was made in a region for a disaster.
    pub fn take_down(&mut self, region: RegionId) {
        debug_assert_ne!(self.ownership.primary(), region, "the primary's region stays");
        self.drop_streams_of(region);
        self.databases[region.index()].role = Role::Absent;
        self.route53.endpoints[region.index()].record = false;
        self.built[region.index()] = false;
    }

    /// A changed record has reached the name servers: it puts this region first, or is as it was at first. Returns the
    /// region that was the answer until now, if there is another.
    pub fn change_record(&mut self, ctx: &mut Context<'_>, first: Option<RegionId>) -> Option<RegionId> {
        debug_assert!(first.is_none_or(|first| self.is_built(first)), "a record names what stands");
        let before = self.route53.answer;
        self.route53.pinned = first;
        if let Some(first) = first {
            self.route53.endpoints[first.index()].record = true;
        }
        self.route53.note_answer(ctx, self.control.entry);
        (self.route53.answer != before).then_some(before)
    }

    /// Routing controls are turned: off for one region, on for another. Returns the region that clients leave, if any do.
    pub fn turn_control(&mut self, ctx: &mut Context<'_>, off: RegionId, on: RegionId) -> Option<RegionId> {
        debug_assert_ne!(off, on, "clients go to another region than they leave");
        let entry = ctx.note(self.control.entry, What::ControlTurned { off, on });
        for (region, turned) in [(off, false), (on, true)] {
            let endpoint = &mut self.route53.endpoints[region.index()];
            (endpoint.control, endpoint.turned_by) = (Some(turned), Some(entry));
        }
        self.leave_answer(ctx, Some(entry)).or((!self.is_one_answer(ctx.plan)).then_some(off))
    }

    /// Routing controls are as if they had never been turned. Returns the region that clients leave, if any do.
    pub fn reset_controls(&mut self, ctx: &mut Context<'_>) -> Option<RegionId> {
        for endpoint in self.route53.endpoints.iter_mut().filter(|endpoint| endpoint.control.is_some()) {
            (endpoint.control, endpoint.turned_by) = (None, self.control.entry);
        }
        debug_assert!(!self.route53.is_turned(), "all are as at the start");
        self.leave_answer(ctx, self.control.entry)
    }

    /// Whether the policy gives everybody the same answer.
    fn is_one_answer(&self, plan: &Plan) -> bool {
        debug_assert!(!self.route53.endpoints.is_empty(), "there is an answer");
        plan.scenario.dns.policy == RoutingPolicy::Failover
    }

    /// The region that was the answer until now, if there is another.
    fn leave_answer(&mut self, ctx: &mut Context<'_>, cause: Option<EntryId>) -> Option<RegionId> {
        let before = self.route53.answer;
        self.route53.note_answer(ctx, cause);
        (self.route53.answer != before).then_some(before)
    }

    /// A verdict reaches the name servers: from here on clients may get another answer.
    pub fn spread_verdict(&mut self, ctx: &mut Context<'_>, endpoint: RegionId, healthy: bool) {
        let before = self.route53.answer;
        self.route53.spread(ctx, endpoint, healthy);
        if self.route53.answer != before {
            ctx.tell(Occurrence::AnswerLeft { region: before });
        }
        // If everybody has an answer of their own, those move whose answer was this endpoint.
        let own_answers = ctx.plan.scenario.dns.policy != RoutingPolicy::Failover;
        if own_answers && !healthy {
            ctx.tell(Occurrence::AnswerLeft { region: endpoint });
        }
    }
}
