//! The balancer of a region: it checks its targets, passes requests to servers, and passes their answers back.

use super::System;
use crate::kernel::chance::Purpose;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{ServerId, Ticket};
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::system::call::{Answer, Call, Hop, Seat, State};
use crate::system::context::Context;
use crate::system::fleet::ServerState;
use crate::system::looks::Found;
use crate::system::network::Cargo;
use crate::system::occurrence::Occurrence;
use crate::system::timer::FleetTimer;

/// Marks the draws of a balancer's checks, apart from those of checkers.
const TARGETS: u64 = 1 << 32;

impl System {
    /// A timer of balancers, servers or Auto Scaling.
    pub(super) fn on_fleet_timer(&mut self, ctx: &mut Context<'_>, timer: FleetTimer) {
        match timer {
            FleetTimer::TargetCheck(server, life) => self.on_target_check(ctx, server, life),
            FleetTimer::Booted(server, life) => self.fleets.booted(ctx, server, life),
            FleetTimer::Resets(server, life) => self.reset_connections(ctx, server, life),
            FleetTimer::Reconcile(region) => {
                ctx.after_s(ctx.plan.scenario.servers.reconcile_s, FleetTimer::Reconcile(region));
                self.reconcile(ctx, region);
            }
        }
    }

    /// The balancer accepts a connection.
    pub(super) fn accept(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(call) = self.calls.get(ticket) else { return };
        let shut = self.entry_of(FaultKind::SecurityGroup, Target::Region(call.home));
        let (attempt, region) = (call.attempt, call.home);
        let zone = self.entered_by(ctx, &attempt, region);
        let opened = match shut.or_else(|| self.why_no_entrance(region, zone)) {
            Some(entry) => Err(Some(entry)),
            None => self.open_through(ctx, &attempt, (region, zone)),
        };
        if let Err(because) = opened {
            self.die_out(ticket, region, because);
            return;
        }
        let Some(call) = self.calls.get(ticket) else { return };
        let (draws, writes) = (call.attempt.draws(ctx, Hop::Accept), call.attempt.writes());
        self.network.send_request(ctx, draws, call.back(), Cargo::Accept(ticket), writes, true);
    }

    /// The balancer passes a request to a server.
    pub(super) fn balance(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&Call { attempt, home: region, .. }) = self.calls.get(ticket) else { return };
        debug_assert!(self.calls.get(ticket).is_some_and(|it| it.state == State::Asking), "asked once");
        if let Some(dead) = self.entered_through_nothing(region, attempt.request) {
            self.die_out(ticket, region, Some(dead));
            return;
        }
        if let Some(unhealthy) = self.reset_by(attempt.request) {
            self.fleets.regions[region.index()].answered.failed(attempt.writes());
            self.calls.remove(ticket);
            self.send_reset(ctx, attempt, region, unhealthy);
            return;
        }
        self.fleets.regions[region.index()].arrived += 1;
        let sticks = self.sticks_to(ctx.now, region, attempt.request);
        let target = sticks.or_else(|| self.target_for(ctx, region, attempt.request));
        let Some(id) = target else {
            // No server that the balancer knows, or no balancer.
            ctx.because(self.why_no_target(region));
            self.answer(ctx, ticket, None);
            return;
        };
        let server = &mut self.fleets.servers[id.index()];
        debug_assert_eq!(server.region, region, "a balancer has its own servers");
        debug_assert!(server.queue.len() <= ctx.plan.queue_places, "a queue is never above its places");
        if server.state == ServerState::Dead {
            // Nothing answers, not even a refusal: the client times out.
            let stopped_by = server.stopped_by;
            self.die_out(ticket, region, stopped_by);
            return;
        }
        let seat = Seat { server: id, life: server.life };
        let has_slot = server.busy < ctx.plan.slots;
        let has_room = has_slot || server.queue.len() < ctx.plan.queue_places;
        if self.fleets.regions[region.index()].bad_deploy {
            ctx.because(self.entry_of(FaultKind::BadDeploy, Target::Region(region)));
            self.answer(ctx, ticket, None);
        } else if has_room && self.is_logged_out(ctx, attempt.request, id) {
            self.send_answer(ctx, ticket, State::LoggedOut, (false, true));
        } else if has_slot {
            self.start(ctx, ticket, seat);
        } else if has_room {
            self.fleets.servers[id.index()].queue.push_back(ticket);
            if let Some(call) = self.calls.get_mut(ticket) {
                call.state = State::Queued(seat);
            }
        } else {
            self.clients.refused_as_full(attempt.request, attempt.number);
            if self.fleets.refuse(region) {
                self.weigh(ctx, region);
            }
            ctx.because(self.fleets.regions[region.index()].why_full(ctx));
            self.answer(ctx, ticket, None);
        }
    }

    /// A region answers a client: with what the call to a database has brought, or with a no of its own.
    pub(super) fn answer(&mut self, ctx: &mut Context<'_>, ticket: Ticket, on: Option<Ticket>) {
        let said = on.and_then(|on| self.calls.get(on)).map_or(&Answer::No, Call::answer);
        // A write that met another is answered as the rule says: that is no failure of the region.
        let (yes, well) = (said.is_yes(), *said != Answer::No);
        self.send_answer(ctx, ticket, State::Answered(on), (yes, well));
    }

    /// An answer leaves for its client. `yes`: it is what the client wants; `well`: it is no failure of the region.
    fn send_answer(
        &mut self,
        ctx: &mut Context<'_>,
        ticket: Ticket,
        state: State,
        (yes, well): (bool, bool),
    ) {
        let wait = self.calls.get(ticket).map(|call| self.wait_at_balancer(ctx, call));
        let Some(call) = self.calls.get_mut(ticket) else { return };
        debug_assert!(call.parent.is_none(), "a region answers clients");
        call.state = state;
        let (index, writes) = (call.home.index(), call.attempt.writes());
        let answered = &mut self.fleets.regions[index].answered;
        if well {
            answered.served(writes);
        } else {
            answered.failed(writes);
        }
        self.meters.answers[index] += 1;
        let draws = call.attempt.draws(ctx, Hop::Answer);
        let id = self.network.send_request(ctx, draws, call.back(), Cargo::Answer(ticket), writes, yes);
        if let Some(wait) = wait.filter(|wait| *wait > SimDuration::ZERO) {
            self.network.delay(id, wait);
        }
    }

    /// The balancer checks a target.
    fn on_target_check(&mut self, ctx: &mut Context<'_>, id: ServerId, life: u16) {
        let region = self.fleets.servers[id.index()].region;
        if self.dark[region.index()] {
            // The balancer is dark too; its servers are checked again when they have booted.
            return;
        }
        let was_healthy = self.fleets.servers[id.index()].healthy;
        let settings = &ctx.plan.scenario.balancer;
        let checks = self.fleets.servers[id.index()].checks;
        let draws = ctx.chance(Purpose::Look, TARGETS | u64::from(id.0), life.into(), checks.into());
        let (passed, cause) = match self.look_at(ctx, id, settings.check, draws) {
            Found::Silence(because) => (false, because),
            Found::Said(yes, span, because) => {
                let in_time = span <= SimDuration::from_secs(settings.timeout_s);
                (yes && in_time, because)
            }
        };
        self.fleets.check_target(ctx, (id, life), passed, cause);
        if was_healthy && !self.fleets.servers[id.index()].healthy {
            ctx.tell(Occurrence::Detected(region));
            self.doom_connections(ctx, id);
        }
    }
}
