//! Connections through a network balancer to a server that it has found unhealthy: it resets them, and clients open others.

use super::System;
use crate::kernel::id::{EntryId, RegionId, ServerId, Ticket};
use crate::model::BalancerKind;
use crate::system::call::{Attempt, Call, Hop, State};
use crate::system::clients::Request;
use crate::system::connection::Flow;
use crate::system::context::Context;
use crate::system::network::Cargo;
use crate::system::request::attempt_of;
use crate::system::timer::FleetTimer;

impl System {
    /// A server was found unhealthy: a network balancer resets the connections to it once they have had their time, which is none by
    /// default.
    pub(super) fn doom_connections(&mut self, ctx: &mut Context<'_>, id: ServerId) {
        let balancer = &ctx.plan.scenario.balancer;
        let kept_s = balancer.unhealthy_draining_s.filter(|_| balancer.kind == BalancerKind::Network);
        let life = self.fleets.servers[id.index()].life;
        match kept_s {
            Some(kept_s) if *kept_s > 0.0 => ctx.after_s(*kept_s, FleetTimer::Resets(id, life)),
            Some(_) => self.reset_connections(ctx, id, life),
            None => {}
        }
    }

    /// The connections to a server that is unhealthy have had their time. They go on if it is well again meanwhile, or if no target
    /// of the region is healthy: then the balancer passes everything on ("fail open").
    pub(super) fn reset_connections(&mut self, ctx: &mut Context<'_>, id: ServerId, life: u16) {
        let server = &self.fleets.servers[id.index()];
        if !server.goes_on(life) {
            return;
        }
        let (region, fails_open) = (server.region, !self.fleets.has_healthy(server.region));
        let kept = ctx.plan.scenario.balancer.unhealthy_draining_s.map(|kept| kept.duration());
        let had_their_time = kept.is_some_and(|kept| ctx.now.since(server.failed_at) >= kept);
        let Some(entry) = server.gone_by.filter(|_| !server.healthy && had_their_time && !fails_open) else {
            return;
        };
        debug_assert!(life <= server.life, "lives only grow");
        let populations = self.clients.populations.iter_mut();
        for connection in populations.flat_map(|people| &mut people.connections) {
            if matches!(connection.flows, Flow::To(to, at) if to == id && server.goes_on(at)) {
                connection.flows = Flow::Reset(entry);
            }
        }
        for (ticket, request) in self.waiting_for_reset(region, entry) {
            self.send_reset(ctx, attempt_of(ticket, &request), region, entry);
        }
    }

    /// The requests whose clients wait for an answer of a region over a connection that has just been reset.
    fn waiting_for_reset(&self, region: RegionId, entry: EntryId) -> Vec<(Ticket, Request)> {
        let mut waiting = Vec::new();
        for deadline in self.deadlines.iter().flatten().filter(|it| it.region == region) {
            let request = self.clients.requests.get(deadline.request);
            let Some(request) = request.filter(|it| it.attempt == deadline.attempt) else { continue };
            let connection = self.clients.connection_of(deadline.request);
            if connection.is_some_and(|it| it.to == Some(region) && it.flows == Flow::Reset(entry)) {
                waiting.push((deadline.request, *request));
            }
        }
        waiting
    }

    /// Because of what the connection of a request is reset, if it is.
    #[inline]
    pub(super) fn reset_by(&self, request: Ticket) -> Option<EntryId> {
        match self.clients.connection_of(request)?.flows {
            Flow::Reset(entry) => Some(entry),
            Flow::Nowhere | Flow::To(..) => None,
        }
    }

    /// The balancer of a region resets the connection of an attempt.
    pub(super) fn send_reset(
        &mut self,
        ctx: &mut Context<'_>,
        attempt: Attempt,
        home: RegionId,
        entry: EntryId,
    ) {
        ctx.because(Some(entry));
        let call = Call::of_client(attempt, home, Some(entry), State::Reset);
        let (draws, writes) = (attempt.draws(ctx, Hop::Reset), attempt.writes());
        let ticket = self.calls.insert(call);
        self.network.send_request(ctx, draws, call.back(), Cargo::Answer(ticket), writes, false);
    }

    /// A client hears that its connection is reset: this attempt has failed, and the next opens another.
    pub(super) fn on_reset(
        &mut self,
        ctx: &mut Context<'_>,
        ticket: Ticket,
        attempt: &Attempt,
        home: RegionId,
    ) {
        self.calls.remove(ticket);
        let Some(&request) = self.current(attempt) else { return };
        if self.reset_by(attempt.request).is_some() {
            self.clients.close(&request);
        }
        self.refused(ctx, &request, attempt, home);
    }
}
