//! The way of a request as its client sees it: resolve, connect, ask, wait, and try again.

use super::System;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, PopulationId, RegionId, Ticket};
use crate::model::Session;
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::system::call::{Answer, Attempt, Call, Hop, Seat, State};
use crate::system::clients::{Request, Route};
use crate::system::context::Context;
use crate::system::distance::city_round_trip_ms;
use crate::system::failure::Failure;
use crate::system::journal::What;
use crate::system::network::Cargo;
use crate::system::occurrence::{Answered, Asked, MessageEvent, Occurrence};
use crate::system::timer::{ClientTimer, RequestTimer};
use crate::system::version::Found;

/// When a client stops waiting for an attempt.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    /// When.
    pub at: SimTime,
    /// The request.
    pub request: Ticket,
    /// Which attempt of it.
    pub attempt: u8,
    /// The region that was asked.
    pub region: RegionId,
    /// Its call.
    pub call: Ticket,
}

impl System {
    /// A timer of a request, or of one of its attempts.
    pub(super) fn on_request_timer(&mut self, ctx: &mut Context<'_>, timer: RequestTimer, ticket: Ticket) {
        match timer {
            RequestTimer::Attempt => self.attempt(ctx, ticket),
            RequestTimer::Depart => self.depart(ctx, ticket),
            RequestTimer::Worked => self.on_worked(ctx, ticket),
            RequestTimer::Stored => self.on_stored(ctx, ticket),
            RequestTimer::StoreTimedOut => self.on_store_timed_out(ctx, ticket),
            RequestTimer::Enqueued => self.on_message(ctx, ticket),
            RequestTimer::Deleted => self.on_deleted(ctx, ticket),
            RequestTimer::Deliver => self.deliver(ctx, ticket),
            RequestTimer::DeliveryLate => self.on_delivery_late(ctx, ticket),
            RequestTimer::Ballot => self.on_ballot(ctx, ticket),
            RequestTimer::Disagreed => self.on_disagreed(ctx, ticket),
            RequestTimer::TooFew => self.on_too_few(ticket),
            RequestTimer::Replied => self.on_late_reply(ctx, ticket),
        }
    }

    /// A timer of the clients.
    pub(super) fn on_client_timer(&mut self, ctx: &mut Context<'_>, timer: ClientTimer) {
        match timer {
            ClientTimer::Arrive(population) => self.on_arrival(ctx, population),
            ClientTimer::Surged(population, turn) => {
                if let Some(request) = self.clients.arrive_surged(ctx, population, turn) {
                    self.begin_request(ctx, request);
                }
            }
            ClientTimer::Deadline(line) => self.on_deadline(ctx, line),
        }
    }

    /// A population asks for something.
    fn on_arrival(&mut self, ctx: &mut Context<'_>, population: PopulationId) {
        let request = self.clients.arrive(ctx, population);
        self.begin_request(ctx, request);
    }

    /// Somebody of a population writes to a key, because a person wants to see it.
    pub(crate) fn stage_write(&mut self, ctx: &mut Context<'_>, population: PopulationId, key: u16) {
        let request = self.clients.stage_write(ctx, population, key);
        if let Some(write) = self.clients.requests.get(request).and_then(|request| request.write) {
            ctx.tell(Occurrence::Staged(write));
        }
        self.begin_request(ctx, request);
    }

    fn begin_request(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        self.clients.bring_token(ticket);
        if let Some(request) = self.clients.requests.get(ticket) {
            ctx.tell(Occurrence::Sent(asked(ticket, request)));
        }
        self.attempt(ctx, ticket);
    }

    /// A client tries.
    fn attempt(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&request) = self.clients.requests.get(ticket) else { return };
        debug_assert!(request.began <= ctx.now, "nobody tries before it has begun");
        let attempt = attempt_of(ticket, &request);
        let route = self.clients.route(ctx, &request);
        let (region, state) = match route {
            Route::Open(region) => (region, State::Asking),
            Route::Connect(region) => (region, State::Connecting),
            Route::Lookup => {
                let draws = attempt.draws(ctx, Hop::Lookup);
                let (whose, places) = (request.population, &self.network.places);
                let answer = self.route53.resolve(ctx.plan, places, whose, draws.clone());
                let because = self.route53.because(ctx, places, (whose, &draws), answer);
                let zones = self.listed(ctx.plan, answer);
                self.clients.remember(ctx, &request, (answer, because, zones));
                (answer, State::Lookup)
            }
        };
        let ends = (request.population, region);
        if let Err(because) = self.clients.breakers.admit(ctx.now, ends, (ticket, request.attempt)) {
            self.clients.requests.remove(ticket);
            ctx.tell(Occurrence::GaveUp(asked(ticket, &request), because, Failure::BreakerOpen));
            return;
        }
        let sent_by = self.clients.sent_by(&request, route);
        let surge = self.clients.surge.brought(request.n);
        let because = ctx.younger(ctx.younger(sent_by, request.failed_by), surge);
        if request.failed_by.is_some() || request.full || request.sent_by != sent_by {
            self.clients.begin_attempt(ticket, sent_by);
        }
        self.clients.populations[request.population.index()].tried[region] += 1;
        let call = self.calls.insert(Call::of_client(attempt, region, because, state));
        let line = ctx.plan.waits[request.population.index()];
        let deadline = Deadline { at: ctx.now, request: ticket, attempt: attempt.number, region, call };
        self.wait_in(ctx, (line, ctx.plan.patience[usize::from(line)]), deadline);
        ctx.because(because);
        match route {
            Route::Open(_) => self.ask(ctx, call),
            Route::Connect(_) => self.connect(ctx, call),
            Route::Lookup => {
                let span = SimDuration::from_millis(ctx.plan.scenario.dns.lookup_ms);
                ctx.after(span, RequestTimer::Depart.of(call));
            }
        }
    }

    fn connect(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(call) = self.calls.get(ticket) else { return };
        debug_assert_eq!(call.state, State::Connecting, "the name servers come first");
        let (draws, writes) = (call.attempt.draws(ctx, Hop::Connect), call.attempt.writes());
        self.network.send_request(ctx, draws, call.there(), Cargo::Connect(ticket), writes, true);
    }

    fn ask(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(call) = self.calls.get(ticket) else { return };
        debug_assert_eq!(call.state, State::Asking, "a connection comes before a question");
        let (draws, writes) = (call.attempt.draws(ctx, Hop::Ask), call.attempt.writes());
        self.network.send_request(ctx, draws, call.there(), Cargo::Ask(ticket), writes, true);
    }

    /// The resolver has its answer, or the connection is open: what comes next leaves.
    fn depart(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(call) = self.calls.get_mut(ticket) else { return };
        if call.state == State::Lookup {
            call.state = State::Connecting;
            self.connect(ctx, ticket);
            return;
        }
        debug_assert_eq!(call.state, State::Connecting, "who departs was held up");
        let to = call.to;
        let expired = self.entry_of(FaultKind::CertificateExpired, Target::Region(to));
        if expired.is_some() {
            ctx.because(expired);
            self.on_untrusted(ctx, ticket);
        } else if let Some(call) = self.calls.get_mut(ticket) {
            call.state = State::Asking;
            self.ask(ctx, ticket);
        }
    }

    /// The certificate of the region is not valid: the client closes the connection, and this attempt has failed.
    fn on_untrusted(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&Call { attempt, to, .. }) = self.calls.remove(ticket) else { return };
        let Some(&request) = self.current(&attempt) else { return };
        self.clients.close(&request);
        self.refused(ctx, &request, &attempt, to);
    }

    /// Somebody in a region has said no to an attempt that its client still waits for.
    pub(super) fn refused(
        &mut self,
        ctx: &mut Context<'_>,
        request: &Request,
        attempt: &Attempt,
        home: RegionId,
    ) {
        let failed_by = request.booked_on(request.failed_by.or(ctx.cause()));
        let request = Request { failed_by, ..*request };
        self.clients.failed_by(attempt.request, attempt.number, failed_by);
        self.attempt_ended(ctx, attempt, home, Err(failed_by));
        self.give_up_or_retry(ctx, attempt.request, &request, (Some(home), true));
    }

    /// The connection is accepted: one more round trip for its encryption, then the request leaves.
    pub(super) fn on_accepted(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&Call { attempt, to, .. }) = self.calls.get(ticket) else { return };
        let Some(&request) = self.current(&attempt) else {
            self.calls.remove(ticket);
            return;
        };
        // Nobody uses a connection whose certificate is not valid.
        if self.entry_of(FaultKind::CertificateExpired, Target::Region(to)).is_none() {
            self.clients.opened(ctx, &request, (to, request.sent_by));
        }
        let round_trip = city_round_trip_ms(ctx.plan, &self.network.places, attempt.population, to);
        ctx.after(SimDuration::from_millis(round_trip), RequestTimer::Depart.of(ticket));
    }

    /// The request of an attempt, if the client still waits for this one.
    pub(super) fn current(&self, attempt: &Attempt) -> Option<&Request> {
        let request = self.clients.requests.get(attempt.request);
        debug_assert!(request.is_none_or(|it| attempt.number <= it.attempt), "attempts only grow");
        request.filter(|request| request.attempt == attempt.number)
    }

    /// A client's call is over, and with it the call to the database that has answered it, which is returned.
    pub(super) fn end(&mut self, ticket: Ticket) -> Option<&Call> {
        let Some(&Call { state: State::Answered(Some(on)), .. }) = self.calls.remove(ticket) else {
            return None;
        };
        self.calls.remove(on)
    }

    /// The server did not know the session: trying again is of no use. The user logs in, and the next request is another.
    fn on_logged_out(
        &mut self,
        ctx: &mut Context<'_>,
        ticket: Ticket,
        (attempt, home): (&Attempt, RegionId),
    ) {
        self.calls.remove(ticket);
        let Some(&request) = self.current(attempt) else { return };
        self.attempt_ended(ctx, attempt, home, Ok(()));
        debug_assert!(self.clients.logins.are_local(), "nobody is logged out of a shared store");
        self.clients.requests.remove(attempt.request);
        ctx.tell(Occurrence::GaveUp(asked(attempt.request, &request), ctx.cause(), Failure::LoggedOut));
    }

    /// An answer arrives. The client may not be waiting for it any more.
    pub(super) fn on_answer(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&Call { attempt, home, state, .. }) = self.calls.get(ticket) else { return };
        if state == State::Reset {
            self.on_reset(ctx, ticket, &attempt, home);
            return;
        }
        if state == State::LoggedOut {
            self.on_logged_out(ctx, ticket, (&attempt, home));
            return;
        }
        let (answer, region) = self.end(ticket).map_or((Answer::No, home), |on| (*on.answer(), on.to));
        let Some(&request) = self.current(&attempt) else { return };
        let asked = asked(attempt.request, &request);
        if answer != Answer::No {
            self.attempt_ended(ctx, &attempt, home, Ok(()));
        }
        let (version, found) = match answer {
            Answer::No => {
                self.refused(ctx, &request, &attempt, home);
                return;
            }
            Answer::Outrun => {
                // An answer too: the client knows the outcome, and does not try again.
                ctx.tell(Occurrence::Refused(asked, region));
                self.clients.requests.remove(attempt.request);
                return;
            }
            Answer::Queued(serial) => {
                ctx.tell(Occurrence::Message(MessageEvent::Told(asked, serial)));
                self.clients.requests.remove(attempt.request);
                return;
            }
            Answer::Written(version) => {
                self.streams.iter_mut().for_each(|stream| stream.mark_acknowledged(version));
                (version, Found::NOTHING)
            }
            Answer::Read(version, found) => (version, found),
        };
        let reads = ctx.plan.scenario.clients.session == Session::Token;
        if reads || matches!(answer, Answer::Written(_)) {
            self.clients.keep_token(ctx.plan.rule(), &request, &answer);
        }
        ctx.tell(Occurrence::Served(asked, Answered { version, found, region }));
        self.clients.requests.remove(attempt.request);
    }

    /// An attempt at a region has ended for its client: the circuit breaker hears of it.
    fn attempt_ended(
        &mut self,
        ctx: &mut Context<'_>,
        attempt: &Attempt,
        region: RegionId,
        ended: Result<(), Option<EntryId>>,
    ) {
        let (which, whose) = ((attempt.request, attempt.number), attempt.population);
        let turned = self.clients.breakers.hear((ctx.plan, ctx.now), (whose, region), which, ended);
        if let Some(turned) = turned {
            ctx.note(turned.because, What::BreakerTurned(whose, region, turned.open));
        }
    }

    /// A client waits so long, in the line of all that do. Nearly all are answered in time, so only the first has an event.
    fn wait_in(&mut self, ctx: &mut Context<'_>, (line, span): (u8, SimDuration), deadline: Deadline) {
        let at = ctx.now + span;
        let deadlines = &mut self.deadlines[usize::from(line)];
        debug_assert!(deadlines.back().is_none_or(|last| last.at <= at), "all in a line wait equally long");
        if deadlines.is_empty() {
            ctx.at(at, ClientTimer::Deadline(line));
        }
        deadlines.push_back(Deadline { at, ..deadline });
    }

    /// Clients that have waited long enough close their connections; those that were answered leave the line.
    fn on_deadline(&mut self, ctx: &mut Context<'_>, line: u8) {
        while let Some(first) = self.deadlines[usize::from(line)].front().copied() {
            let request = self.clients.requests.get(first.request).copied();
            let waiting = request.filter(|request| request.attempt == first.attempt);
            match waiting {
                Some(_) if ctx.now < first.at => {
                    ctx.at(first.at, ClientTimer::Deadline(line));
                    return;
                }
                Some(_) if self.waits_longer(ctx, line, &first) => {
                    self.wait_in(ctx, (ctx.plan.patience.len() as u8, ctx.plan.stretch), first);
                }
                Some(request) => self.on_silence(ctx, &first, &request),
                None => {}
            }
            self.deadlines[usize::from(line)].pop_front();
        }
    }

    /// Whether a server that is there, and has a database, has an attempt or has answered it, and the client has not waited longer
    /// for that yet. In a coarser `grain` what is ahead in a queue, and the work itself, take so many times as long, and the client
    /// would be gone; for what nobody will answer it waits as long as ever.
    fn waits_longer(&self, ctx: &Context<'_>, line: u8, deadline: &Deadline) -> bool {
        let first = ctx.plan.stretch > SimDuration::ZERO && usize::from(line) < ctx.plan.patience.len();
        let state = if first { self.calls.get(deadline.call).map(|call| call.state) } else { None };
        let there = |seat: Seat| self.fleets.servers[seat.server.index()].life == seat.life;
        let served = state.is_some_and(|it| it.seat().map_or(it.is_answered(), there));
        served && self.database_answers(ctx, deadline.region)
    }

    /// A client has heard nothing for long enough.
    fn on_silence(&mut self, ctx: &mut Context<'_>, deadline: &Deadline, request: &Request) {
        // The client does not know why it has heard nothing; the journal may.
        let region = self.clients.heading(request);
        let silent = || region.and_then(|region| self.why_silent(ctx, region));
        let failed_by = request.booked_on(request.failed_by.or_else(silent));
        let request = Request { failed_by, full: false, ..*request };
        self.clients.failed_by(deadline.request, deadline.attempt, failed_by);
        self.clients.close(&request);
        let attempt = attempt_of(deadline.request, &request);
        self.attempt_ended(ctx, &attempt, deadline.region, Err(failed_by));
        self.give_up_or_retry(ctx, deadline.request, &request, (region, false));
    }

    /// An attempt has failed that went to a region, if one is known; `answered`: somebody said no.
    fn give_up_or_retry(
        &mut self,
        ctx: &mut Context<'_>,
        ticket: Ticket,
        request: &Request,
        (region, answered): (Option<RegionId>, bool),
    ) {
        if !self.clients.retry(ctx, ticket) {
            self.clients.requests.remove(ticket);
            let failure = self.failure(ctx, request, region, answered);
            ctx.tell(Occurrence::GaveUp(asked(ticket, request), request.failed_by, failure));
        }
    }
}

/// A request as occurrences name it.
fn asked(ticket: Ticket, request: &Request) -> Asked {
    Asked {
        ticket,
        population: request.population,
        n: request.n,
        connection: request.connection,
        key: request.key,
        write: request.write,
        began: request.began,
        attempt: request.attempt,
    }
}

/// The attempt of a request that is under way.
pub(super) fn attempt_of(ticket: Ticket, request: &Request) -> Attempt {
    let Request { n, write, key, population, attempt: number, .. } = *request;
    Attempt { request: ticket, n, write, key, population, number }
}
