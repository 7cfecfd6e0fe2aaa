//! One server of a fleet, and its work: it takes a call, calls on a database, waits for that, and answers.

use super::System;
use crate::kernel::chance::Draws;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, RegionId, Ticket, VersionId, ZoneId};
use crate::model::ServiceTimes;
use crate::system::call::{Answers, Call, Hop, Seat, State};
use crate::system::context::Context;
use crate::system::network::Cargo;
use crate::system::timer::RequestTimer;
use std::collections::VecDeque;

/// What a server is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerState {
    /// Not there.
    Off,
    /// Launched, and not answering yet.
    Booting,
    /// Working.
    Running,
    /// Without power: it was there, and the balancer may still think so.
    Dead,
    /// Taken out: it gets no new requests, and finishes those that it has.
    Draining,
}

/// One server.
#[derive(Clone, Debug)]
pub struct Server {
    /// Its region.
    pub region: RegionId,
    /// Its zone's index.
    pub zone: u8,
    /// What it is doing.
    pub state: ServerState,
    /// Whether the balancer sends it requests.
    pub healthy: bool,
    /// Slots in use.
    pub busy: u16,
    /// Calls that wait for a slot.
    pub queue: VecDeque<Ticket>,
    /// When it began to run.
    pub started: SimTime,
    /// Counts starts and stops, so that events of an earlier life are recognised.
    pub life: u16,
    /// The entry that it stopped for, while it is dead.
    pub stopped_by: Option<EntryId>,
    /// The entry because of which it last stopped, or was found unhealthy: what was kept there is gone since, or out of reach.
    pub gone_by: Option<EntryId>,
    /// Checks in a row that speak against the balancer's verdict on it.
    pub streak: u8,
    /// How many checks it has had.
    pub checks: u32,
    /// When it goes, whatever it works on, while it drains.
    pub leaves: SimTime,
    /// When it was last found unhealthy.
    pub failed_at: SimTime,
}

impl Server {
    /// A server that is switched off, in a zone of a region.
    pub fn at(region: RegionId, zone: u8) -> Self {
        Self {
            region,
            zone,
            state: ServerState::Off,
            healthy: false,
            busy: 0,
            queue: VecDeque::new(),
            started: SimTime::ZERO,
            life: 0,
            stopped_by: None,
            gone_by: None,
            streak: 0,
            checks: 0,
            leaves: SimTime::ZERO,
            failed_at: SimTime::ZERO,
        }
    }

    /// Whether it runs or boots.
    pub fn is_alive(&self) -> bool {
        matches!(self.state, ServerState::Running | ServerState::Booting)
    }

    /// Whether it counts in the metrics of its fleet: it gets requests, and has not just been added.
    #[inline]
    pub fn counts(&self, now: SimTime, warm_up: SimDuration) -> bool {
        let warm = self.life == 0 || now.since(self.started) >= warm_up;
        warm && self.healthy && self.state == ServerState::Running
    }

    /// Whether it runs, or drains: a quota counts both.
    pub fn is_there(&self) -> bool {
        self.is_alive() || self.state == ServerState::Draining
    }

    /// Whether the balancer of a region knows it: it works there, or did until it lost its power.
    pub fn is_known_in(&self, region: RegionId) -> bool {
        self.region == region && matches!(self.state, ServerState::Running | ServerState::Dead)
    }

    /// Whether a connection to it goes on that was opened in a life: it is there as it was, or has died since and nobody has said so.
    pub fn goes_on(&self, life: u16) -> bool {
        self.life == life || (self.life == life.wrapping_add(1) && self.state == ServerState::Dead)
    }

    /// It is terminated.
    pub fn switch_off(&mut self) {
        debug_assert!(self.busy == 0 && self.queue.is_empty(), "who goes has no work left");
        self.state = ServerState::Off;
        self.healthy = false;
        self.life += 1;
    }
}

/// How long a server works on a request, in milliseconds, if it is slow by a factor.
fn work_ms(ctx: &Context<'_>, draws: &mut Draws, slowness: f64) -> f64 {
    let (servers, mean_ms) = (&ctx.plan.scenario.servers, ctx.plan.service_ms * slowness);
    match servers.service_times {
        ServiceTimes::Exponential => draws.exponential(mean_ms),
        ServiceTimes::Lognormal => draws.lognormal(mean_ms, servers.service_tail),
    }
}

impl System {
    /// A server begins to work on a call.
    pub(super) fn start(&mut self, ctx: &mut Context<'_>, ticket: Ticket, seat: Seat) {
        let Some(call) = self.calls.get_mut(ticket) else { return };
        call.state = State::Working(seat);
        let server = &mut self.fleets.servers[seat.server.index()];
        server.busy += 1;
        debug_assert_eq!(server.life, seat.life, "work begins in the life in which it came");
        debug_assert!(server.busy <= ctx.plan.slots, "busy is never above slots");
        ctx.because(call.because);
        let grey = self.zones_grey[call.home.index()][server.zone as usize];
        let slowness = if grey { *ctx.plan.scenario.faults.grey_factor } else { 1.0 };
        let work_ms = work_ms(ctx, &mut call.attempt.draws(ctx, Hop::Service), slowness);
        if server.counts(ctx.now, ctx.plan.scenario.servers.warm_up_s.duration()) {
            // What a grey zone adds is waiting.
            let work = SimDuration::from_millis(work_ms / slowness);
            self.fleets.regions[call.home.index()].scaling.work_for(work);
        }
        let span = SimDuration::from_millis(work_ms);
        // To the server and back: about a round trip between zones.
        ctx.after(span + ctx.plan.around, RequestTimer::Worked.of(ticket));
    }

    /// A server has done its work and turns to the database; in a grey zone it may just fail.
    pub(super) fn on_worked(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&call) = self.calls.get(ticket) else { return };
        let State::Working(seat) = call.state else { return };
        let server = &self.fleets.servers[seat.server.index()];
        debug_assert!(seat.life <= server.life, "lives only grow");
        if server.life != seat.life {
            let stopped_by = server.stopped_by;
            self.die_out(ticket, call.home, stopped_by);
            return;
        }
        let grey = self.zones_grey[call.home.index()][server.zone as usize];
        if grey && call.attempt.draws(ctx, Hop::Grey).chance(ctx.plan.scenario.faults.grey_failures) {
            let zone = ZoneId { region: call.home, index: server.zone };
            ctx.because(self.grey_by(zone));
            self.finish(ctx, ticket, None);
            return;
        }
        let release = self.fleets.regions[call.home.index()].release;
        if release.fails > 0.0 && call.attempt.draws(ctx, Hop::Release).chance(release.fails) {
            ctx.because(release.entry);
            self.finish(ctx, ticket, None);
        } else {
            self.call_database(ctx, ticket, &call, seat);
        }
    }

    /// A server calls on a database, in its own region or in another.
    fn call_database(&mut self, ctx: &mut Context<'_>, ticket: Ticket, call: &Call, seat: Seat) {
        let (home, writes) = (call.home, call.attempt.writes());
        if writes && ctx.plan.has_queues() {
            let on = self.calls.insert(call.on(ticket, home, None));
            if let Some(call) = self.calls.get_mut(ticket) {
                call.state = State::Waiting(seat, on);
            }
            Self::send_message(ctx, on);
            return;
        }
        let Some(region) = self.database_for(ctx, call) else {
            // Nobody may write now, and the servers know it: they say so at once.
            ctx.because(self.why_no_writer(home));
            self.finish(ctx, ticket, None);
            return;
        };
        let shows = self.serves_reads(ctx.plan, home) && ctx.plan.holds(home, call.attempt.key);
        let conditional = writes && ctx.plan.rule().is_conditional() && shows;
        // The client has looked at what its own region shows, and writes only over that.
        let shown = |key: u16| self.databases[home.index()].versions[usize::from(key)].id;
        let expects = conditional.then(|| shown(call.attempt.key));
        self.call_on(ctx, ticket, call, (region, expects));
    }

    /// Who works on a call, a server or a consumer, calls on a region's database. A conditional write says what it expects.
    pub(super) fn call_on(
        &mut self,
        ctx: &mut Context<'_>,
        ticket: Ticket,
        call: &Call,
        (region, expects): (RegionId, Option<VersionId>),
    ) {
        let (home, writes) = (call.home, call.attempt.writes());
        let server = call.state.seat().map(|seat| seat.server);
        // A consumer looks the address up for each message.
        let answers = server.map_or(Answers::Itself, |it| self.answers_to(ctx, region, it, &call.attempt));
        if let Answers::Refuses(because) = answers {
            ctx.because(because);
            self.heard(ctx, ticket, None);
            return;
        }
        let mut query = call.on(ticket, region, expects);
        if answers == Answers::Reader {
            query.state = State::Reading;
        }
        let on = self.calls.insert(query);
        if let Some(call) = self.calls.get_mut(ticket) {
            call.state = call.state.waiting_for(on);
        }
        if let Answers::Nobody(because) = answers {
            self.blame(on, because);
            self.fall_silent(on);
            ctx.after_s(ctx.plan.scenario.database.timeout_s, RequestTimer::StoreTimedOut.of(ticket));
            return;
        }
        if query.is_forwarded() {
            self.meters.forwards[home.index()] += 1;
            let (draws, forward) = (call.attempt.draws(ctx, Hop::Forward), Cargo::Forward(on));
            self.network.send_request(ctx, draws, query.there(), forward, writes, true);
            ctx.after_s(ctx.plan.scenario.database.timeout_s, RequestTimer::StoreTimedOut.of(ticket));
        } else {
            self.begin_storing(ctx, on, &query);
        }
    }

    /// A server has waited long enough for the database and says no; what it asked for may still be done.
    pub(super) fn on_store_timed_out(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(on) = self.calls.get(ticket).and_then(|call| call.state.waits_for()) else { return };
        let Some(query) = self.calls.get(on) else { return };
        debug_assert_eq!(query.parent, Some(ticket), "a server waits for what it has called on");
        // What will not come back ends with the client's call; what may is done for nobody.
        let silent = query.state == State::Silent;
        ctx.because(self.why_timed_out(ctx, query));
        self.heard(ctx, ticket, silent.then_some(on));
    }

    /// Who has called on a database, a server or a consumer, has its answer or will not get one.
    pub(super) fn heard(&mut self, ctx: &mut Context<'_>, ticket: Ticket, on: Option<Ticket>) {
        if self.calls.get(ticket).is_some_and(|call| matches!(call.state, State::Consuming(..))) {
            self.on_consumed(ctx, ticket, on);
        } else {
            self.finish(ctx, ticket, on);
        }
    }

    /// Why a database has not answered in time: what is known to have kept it, or what it does not answer for now.
    fn why_timed_out(&self, ctx: &Context<'_>, query: &Call) -> Option<EntryId> {
        let Call { attempt, home, to, .. } = *query;
        let request = self.clients.requests.get(attempt.request).filter(|it| it.attempt == attempt.number);
        let known = request.and_then(|request| request.failed_by);
        known
            .filter(|_| query.state == State::Silent)
            .or_else(|| self.why_no_database(to))
            .or_else(|| (home != to).then(|| self.why_closed(home, to)).flatten())
            .or_else(|| self.why_way_bad(ctx, query))
            .or_else(|| self.why_too_few(ctx, query))
    }

    /// A server is done with a call: the slot is free for the next that waits, and the answer leaves.
    #[inline]
    pub(super) fn finish(&mut self, ctx: &mut Context<'_>, ticket: Ticket, on: Option<Ticket>) {
        let Some(call) = self.calls.get(ticket) else { return };
        let Some(seat) = call.state.seat() else { return };
        let server = &mut self.fleets.servers[seat.server.index()];
        if server.life != seat.life {
            let (home, stopped_by) = (call.home, server.stopped_by);
            self.die_out(ticket, home, stopped_by);
            if let Some(on) = on {
                self.calls.remove(on);
            }
            return;
        }
        debug_assert!(server.busy > 0, "who is done was busy");
        server.busy -= 1;
        let cause = ctx.cause();
        while let Some(next) = self.fleets.servers[seat.server.index()].queue.pop_front() {
            if self.calls.get(next).is_some() {
                self.start(ctx, next, seat);
                break;
            }
        }
        ctx.because(cause);
        self.answer(ctx, ticket, on);
    }

    /// The server of a call is dead: nobody answers, and the client times out.
    pub(super) fn die_out(&mut self, ticket: Ticket, home: RegionId, stopped_by: Option<EntryId>) {
        debug_assert!(self.calls.get(ticket).is_some_and(|call| call.parent.is_none()), "a client waits");
        let writes = self.calls.get(ticket).is_some_and(|call| call.attempt.writes());
        self.fleets.regions[home.index()].answered.failed(writes);
        self.blame(ticket, stopped_by);
        self.calls.remove(ticket);
    }
}
