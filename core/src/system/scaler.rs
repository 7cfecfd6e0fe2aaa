//! Auto Scaling at work: how many servers it wants, which of them it takes out, and what becomes of those. A server that is taken out
//! gets no new requests and finishes those that it has, for a while.

use super::System;
use crate::kernel::id::{EntryId, RegionId, ServerId, Ticket};
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::model::{BalancerKind, ScaleBy, Servers};
use crate::system::context::Context;
use crate::system::fleet::Fleets;
use crate::system::journal::What;
use crate::system::resized::Resized;
use crate::system::server::{Server, ServerState};
use crate::system::several::Several;

/// Whether Auto Scaling does anything else than to add servers by the use of slots.
const fn is_tuned(servers: &Servers) -> bool {
    servers.scale_in || !matches!(servers.scale_by, ScaleBy::Slots)
}

impl System {
    /// A second has passed: Auto Scaling looks at its metrics, and servers that have been taken out and are done go.
    pub fn scale_fleets(&mut self, ctx: &mut Context<'_>) {
        let servers = &ctx.plan.scenario.servers;
        for region in ctx.plan.region_ids() {
            let own = ctx.plan.scenario.regions[region.index()].servers;
            let least = if servers.least == 0 { own } else { servers.least } as u16;
            let fleet = &mut self.fleets.regions[region.index()];
            let from = fleet.desired;
            let Some((to, by)) = fleet.scaling.decide(ctx.now, servers, (from, least)) else { continue };
            debug_assert_ne!(from, to, "what is decided is a change");
            fleet.desired = to;
            if is_tuned(servers) {
                let shows = fleet.scaling.shows(by);
                let cause = self.why_slow(ctx, region);
                let entry = ctx.note(cause, What::Resized(Resized { region, from, to, by, shows }));
                self.fleets.regions[region.index()].shrunk_by = cause.filter(|_| to < from).map(|_| entry);
            }
        }
        if servers.scale_in || servers.replace_unhealthy {
            self.end_draining(ctx);
        }
    }

    /// Auto Scaling looks at what runs: servers that fail the balancer's checks, and those that are too many, are taken out.
    pub(super) fn take_out(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let servers = &ctx.plan.scenario.servers;
        if servers.replace_unhealthy {
            let (count, why) = self.fleets.take_out_unhealthy(ctx, region);
            if count > 0 {
                let cause = self.entry_of(FaultKind::BadDeploy, Target::Region(region)).or(why);
                ctx.note(cause, What::ServersReplaced(Several { region, count }));
            }
        }
        if servers.scale_in {
            let cause = self.fleets.regions[region.index()].shrunk_by;
            let count = self.fleets.take_out_surplus(ctx, region, cause);
            if count > 0 {
                ctx.note(cause, What::ServersTakenOut(Several { region, count }));
            }
        }
    }

    /// Servers that have been taken out and have nothing left to do go. For the others there is a last moment.
    fn end_draining(&mut self, ctx: &Context<'_>) {
        for index in 0..self.fleets.servers.len() {
            let server = &mut self.fleets.servers[index];
            // A network balancer has passed connections on to it, and goes on to do so with what comes over them.
            let flows = ctx.plan.scenario.balancer.kind == BalancerKind::Network;
            let idle = server.busy == 0 && server.queue.is_empty() && !flows;
            if server.state != ServerState::Draining || !(idle || ctx.now >= server.leaves) {
                continue;
            }
            let cause = server.gone_by;
            server.stopped_by = cause;
            server.busy = 0;
            while let Some(call) = self.fleets.servers[index].queue.pop_front() {
                self.lose_call(call, cause);
            }
            // What it still works on finds another life.
            self.fleets.servers[index].switch_off();
        }
    }

    fn lose_call(&mut self, call: Ticket, cause: Option<EntryId>) {
        self.blame(call, cause);
        self.calls.remove(call);
    }
}

impl Fleets {
    /// The places of servers that run or boot in a zone.
    fn in_zone(&self, region: RegionId, zone: u8) -> impl Iterator<Item = usize> {
        let here = move |server: &Server| server.region == region && server.zone == zone && server.is_alive();
        (0..self.servers.len()).filter(move |index| here(&self.servers[*index]))
    }

    /// Takes servers of a region out until no more are there than are wanted, always where most are. Returns how many.
    fn take_out_surplus(&mut self, ctx: &Context<'_>, region: RegionId, cause: Option<EntryId>) -> u32 {
        let wanted = usize::from(self.regions[region.index()].desired);
        let mut count = 0;
        while self.alive(region) > wanted {
            let most = (0..ctx.plan.zones(region)).max_by_key(|zone| self.in_zone(region, *zone).count());
            let Some(last) = most.and_then(|zone| self.in_zone(region, zone).last()) else { break };
            self.leave(ctx, ServerId(last as u16), cause);
            count += 1;
        }
        debug_assert!(self.alive(region) <= wanted || count == 0, "what is too much goes");
        count
    }

    /// Takes servers out that have failed the balancer's checks, and not because they have just begun. Returns how many, and the
    /// line about one of them.
    fn take_out_unhealthy(&mut self, ctx: &Context<'_>, region: RegionId) -> (u32, Option<EntryId>) {
        let servers = &ctx.plan.scenario.servers;
        let (mut count, mut why) = (0, None);
        for index in 0..self.servers.len() {
            let server = &self.servers[index];
            let ill = server.region == region && server.state == ServerState::Running && !server.healthy;
            if ill && ctx.now.since(server.started) >= servers.grace_s.duration() {
                (count, why) = (count + 1, why.or(server.gone_by));
                let gone_by = server.gone_by;
                self.leave(ctx, ServerId(index as u16), gone_by);
            }
        }
        (count, why)
    }

    /// A server gets no new requests. It goes at once if it has nothing to do, else when it is done, or at a last moment. Behind a
    /// network balancer it keeps the connections that it has until then.
    fn leave(&mut self, ctx: &Context<'_>, id: ServerId, cause: Option<EntryId>) {
        let flows = ctx.plan.scenario.balancer.kind == BalancerKind::Network;
        let server = &mut self.servers[id.index()];
        debug_assert!(server.is_alive(), "what is there can go");
        server.gone_by = cause;
        let keeps = flows && server.state == ServerState::Running;
        if server.busy == 0 && server.queue.is_empty() && !keeps {
            server.switch_off();
        } else {
            let ends = ctx.now + ctx.plan.scenario.servers.deregistration_s.duration();
            (server.state, server.healthy, server.leaves) = (ServerState::Draining, false, ends);
        }
    }
}
