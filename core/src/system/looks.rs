//! What a health check finds at a server, of Route 53 or of the balancer.

use super::System;
use crate::kernel::chance::Draws;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId, ServerId, ZoneId};
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::model::{BalancerKind, Depth};
use crate::system::context::Context;
use crate::system::database::Role;
use crate::system::fleet::ServerState;

/// What a check finds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found {
    /// Nothing at all, because of an entry.
    Silence(Option<EntryId>),
    /// An answer, yes or no, that takes so long, and the entry because of which it is no, or is slow.
    Said(bool, SimDuration, Option<EntryId>),
}

impl Found {
    const fn no(because: Option<EntryId>) -> Self {
        Self::Said(false, SimDuration::ZERO, because)
    }
}

impl System {
    /// What a check of a region from outside finds, behind its balancer. It has a turn of its own and takes no slot.
    pub(super) fn look_in(
        &mut self,
        ctx: &Context<'_>,
        (region, checker): (RegionId, u8),
        draws: Draws,
    ) -> Found {
        let depth = ctx.plan.depth_of(checker);
        // Where no network has been made there is no balancer that could open a connection.
        if ctx.plan.opens_by_itself(depth) && self.is_built(region) {
            return Found::Said(true, SimDuration::ZERO, None);
        }
        let own_page = self.entry_of(FaultKind::CheckFails, Target::Region(region));
        if own_page.is_some() && ctx.plan.asks_own_page(checker) {
            return Found::no(own_page);
        }
        match self.choose_for_check(region) {
            Some(id) => self.look_at(ctx, id, depth, draws),
            None if ctx.plan.scenario.balancer.kind == BalancerKind::Network => {
                Found::Silence(self.why_no_target(region))
            }
            None => Found::no(self.why_no_target(region)),
        }
    }

    /// The target of a health check from outside.
    pub(super) fn choose_for_check(&mut self, region: RegionId) -> Option<ServerId> {
        self.fleets.choose_for_check(region, self.entrances[region.index()].shifted())
    }

    /// Why a balancer finds no server for what has come to it: none serves, traffic is kept from the zone that they are in, or they
    /// have been taken out.
    pub(super) fn why_no_target(&self, region: RegionId) -> Option<EntryId> {
        let fleet = &self.fleets.regions[region.index()];
        let kept = self.entrances[region.index()].shift.map(|shift| shift.entry);
        let here = self.fleets.servers.iter().filter(|server| server.region == region);
        let gone =
            || here.filter(|server| server.state != ServerState::Running).filter_map(|it| it.gone_by).max();
        self.why_unserved(region).or(kept).or(fleet.shrunk_by).or_else(gone)
    }

    /// What a check of this depth finds at a server.
    pub(super) fn look_at(&self, ctx: &Context<'_>, id: ServerId, depth: Depth, draws: Draws) -> Found {
        let server = &self.fleets.servers[id.index()];
        let region = server.region;
        if server.state != ServerState::Running {
            return Found::Silence(server.stopped_by);
        }
        debug_assert!(server.busy <= ctx.plan.slots, "no more work than slots");
        let full = server.busy >= ctx.plan.slots && server.queue.len() >= ctx.plan.queue_places;
        let drowned = full && !ctx.plan.scenario.servers.health_checks_first;
        if drowned || self.fleets.regions[region.index()].bad_deploy {
            return Found::no(self.why_unserved(region));
        }
        let grey = self.zones_grey[region.index()][usize::from(server.zone)];
        let slowness = if grey { *ctx.plan.scenario.faults.grey_factor } else { 1.0 };
        let span = SimDuration::from_millis(ctx.plan.scenario.servers.service_ms * slowness)
            + ctx.plan.zone_round_trip;
        match depth {
            Depth::Tcp => Found::Said(true, SimDuration::ZERO, None),
            Depth::Shallow => Found::Said(true, span, self.why_slow_at(id)),
            Depth::Deep => self.look_deep(ctx, id, span, draws),
        }
    }

    /// What a check finds that does what a request does: it may fail as one does, and reads the database.
    fn look_deep(&self, ctx: &Context<'_>, id: ServerId, span: SimDuration, mut draws: Draws) -> Found {
        let server = &self.fleets.servers[id.index()];
        let (region, zone) = (server.region, ZoneId { region: server.region, index: server.zone });
        let faults = &ctx.plan.scenario.faults;
        let grey = self.zones_grey[region.index()][usize::from(server.zone)];
        let release = self.fleets.regions[region.index()].release;
        if grey && draws.chance(faults.grey_failures) {
            return Found::Said(false, span, self.grey_by(zone));
        }
        if release.fails > 0.0 && draws.chance(release.fails) {
            return Found::Said(false, span, release.entry);
        }
        if !self.database_answers(ctx, region) {
            // The server gives up on the database, and says so.
            let waited = SimDuration::from_secs(ctx.plan.scenario.database.timeout_s);
            return Found::Said(false, span + waited, self.why_nobody_reads(region));
        }
        Found::Said(true, span, self.why_slow_at(id))
    }

    /// Why the servers of a region have no database that answers their reads: it is away, or people have replaced it.
    fn why_nobody_reads(&self, region: RegionId) -> Option<EntryId> {
        let away = self.why_no_database(region).or_else(|| self.why_no_writer(region));
        away.or(self.control.entry)
    }

    /// Why a server is slow by itself: its zone is grey.
    pub(super) fn why_slow_at(&self, id: ServerId) -> Option<EntryId> {
        let server = &self.fleets.servers[id.index()];
        self.grey_by(ZoneId { region: server.region, index: server.zone })
    }

    /// Whether the database that the servers of a region read answers them: their own, or the owner's if they have none.
    pub(super) fn database_answers(&self, ctx: &Context<'_>, region: RegionId) -> bool {
        let own = &self.databases[region.index()];
        if !matches!(own.role, Role::Absent | Role::Rebuilding | Role::Witness) {
            return self.serves_reads(ctx.plan, region);
        }
        let owner = self.ownership.writer(region, self.ownership.partition_of_region(region));
        owner.is_some_and(|owner| self.serves_reads(ctx.plan, owner) && !self.dark[owner.index()])
    }
}
