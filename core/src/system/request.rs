//! The way of a request as its client sees it: resolve, connect, ask, wait, and try again.

use super::System;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{PopulationId, RegionId, ServerId, Ticket, VersionId, WriteId};
use crate::model::plan::Site;
use crate::system::clients::{Request, Route};
use crate::system::context::Context;
use crate::system::failure::Failure;
use crate::system::job::{Deadline, Hop, Job};
use crate::system::network::{Cargo, city_round_trip_ms};
use crate::system::occurrence::{Answered, Asked, Occurrence};
use crate::system::timer::{ClientTimer, RequestTimer};
use crate::system::version::Found;

impl System {
    /// A timer of a request, or of one of its attempts.
    pub(super) fn on_request_timer(&mut self, ctx: &mut Context<'_>, timer: RequestTimer, ticket: Ticket) {
        match timer {
            RequestTimer::Attempt => self.attempt(ctx, ticket),
            RequestTimer::Depart => self.depart(ctx, ticket),
            RequestTimer::Worked => self.on_worked(ctx, ticket),
            RequestTimer::Stored => self.on_stored(ctx, ticket),
            RequestTimer::StoreTimedOut => self.on_store_timed_out(ctx, ticket),
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
            ClientTimer::Deadline => self.on_deadline(ctx),
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
        self.wait_for(ctx, ticket, request.attempt);
        let route = self.clients.route(ctx, &request);
        let region = match route {
            Route::Open(region) | Route::Connect(region) => region,
            Route::Lookup => {
                let draws = Hop::Lookup.draws(ctx, request.population, request.n, request.attempt);
                let (whose, places) = (request.population, &self.network.places);
                let answer = self.route53.resolve(ctx.plan, places, whose, draws.clone());
                let because = self.route53.because(ctx, places, (whose, &draws), answer);
                self.clients.remember(ctx, &request, (answer, because));
                answer
            }
        };
        let sent_by = self.clients.sent_by(&request, route);
        let surge = self.clients.surge.brought(request.n);
        let because = ctx.younger(ctx.younger(sent_by, request.failed_by), surge);
        if request.failed_by.is_some() || request.full || request.sent_by != sent_by {
            self.clients.begin_attempt(ticket, sent_by);
        }
        ctx.because(because);
        self.clients.populations[request.population.index()].tried[region] += 1;
        let job = self.jobs.insert(Job {
            request: ticket,
            attempt: request.attempt,
            population: request.population,
            n: request.n,
            region,
            because,
            writes: request.write.is_some(),
            write: request.write.unwrap_or(WriteId(0)),
            found: Found::NOTHING,
            waits: false,
            expects: None,
            refused: false,
            logged_out: false,
            key: request.key,
            server: ServerId(0),
            life: 0,
            data_region: region,
            version: VersionId::NONE,
            granted: false,
            answered: false,
            taken: false,
            looking_up: route == Route::Lookup,
            abandoned: false,
            dead_end: false,
            stored: false,
        });
        match route {
            Route::Open(_) => self.ask(ctx, job),
            Route::Connect(_) => self.connect(ctx, job),
            Route::Lookup => {
                let span = SimDuration::from_millis(ctx.plan.scenario.dns.lookup_ms);
                ctx.after(span, RequestTimer::Depart.of(job));
            }
        }
    }

    fn connect(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.jobs.get(ticket) else { return };
        debug_assert!(!job.looking_up, "the name servers come first");
        let (city, region, writes) = (Site::City(job.population), Site::Region(job.region), job.writes);
        let draws = job.draws(ctx, Hop::Connect);
        self.network.send_request(ctx, draws, (city, region), Cargo::Connect(ticket), writes, true);
    }

    fn ask(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.jobs.get(ticket) else { return };
        debug_assert!(!job.looking_up && !job.answered, "a question comes before its answer");
        let (city, region, writes) = (Site::City(job.population), Site::Region(job.region), job.writes);
        let draws = job.draws(ctx, Hop::Ask);
        self.network.send_request(ctx, draws, (city, region), Cargo::Ask(ticket), writes, true);
    }

    /// The resolver has its answer, or the connection is open: what comes next leaves.
    fn depart(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.jobs.get_mut(ticket) else { return };
        if job.looking_up {
            job.looking_up = false;
            self.connect(ctx, ticket);
        } else {
            self.ask(ctx, ticket);
        }
    }

    pub(super) fn accept(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.jobs.get(ticket) else { return };
        let (city, region, writes) = (Site::City(job.population), Site::Region(job.region), job.writes);
        let draws = job.draws(ctx, Hop::Accept);
        self.network.send_request(ctx, draws, (region, city), Cargo::Accept(ticket), writes, true);
    }

    /// The connection is accepted: one more round trip for its encryption, then the request leaves.
    pub(super) fn on_accepted(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&job) = self.jobs.get(ticket) else { return };
        let Some(&request) = self.current(&job) else {
            self.jobs.remove(ticket);
            return;
        };
        self.clients.opened(ctx, &request, (job.region, request.sent_by));
        let round_trip = city_round_trip_ms(ctx.plan, &self.network.places, job.population, job.region);
        ctx.after(SimDuration::from_millis(round_trip), RequestTimer::Depart.of(ticket));
    }

    /// The request of a job, if the client still waits for this attempt.
    fn current(&self, job: &Job) -> Option<&Request> {
        let request = self.clients.requests.get(job.request);
        debug_assert!(request.is_none_or(|it| job.attempt <= it.attempt), "attempts only grow");
        request.filter(|request| request.attempt == job.attempt)
    }

    /// An answer arrives. The client may not be waiting for it any more.
    pub(super) fn on_answer(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&job) = self.jobs.remove(ticket) else { return };
        debug_assert!(job.answered && (job.writes || !job.refused), "only writes are refused");
        let Some(&request) = self.current(&job) else { return };
        if job.logged_out {
            // Trying again is of no use: the user logs in, and the next request is another.
            self.clients.requests.remove(job.request);
            ctx.tell(Occurrence::GaveUp(asked(job.request, &request), ctx.cause(), Failure::LoggedOut));
            return;
        }
        if !job.granted && !job.refused {
            let failed_by = request.booked_on(request.failed_by.or(ctx.cause()));
            let request = Request { failed_by, ..request };
            self.clients.failed_by(job.request, job.attempt, failed_by);
            self.give_up_or_retry(ctx, job.request, &request, (Some(job.region), true));
            return;
        }
        let asked = asked(job.request, &request);
        if job.refused {
            // An answer too: the client knows the outcome, and does not try again.
            ctx.tell(Occurrence::Refused(asked, job.data_region));
        } else {
            let answered = Answered { version: job.version, found: job.found, region: job.data_region };
            self.clients.keep_token(&request, &job);
            if job.writes {
                self.streams.iter_mut().for_each(|stream| stream.mark_acknowledged(job.version));
            }
            ctx.tell(Occurrence::Served(asked, answered));
        }
        self.clients.requests.remove(job.request);
    }

    /// A client begins to wait. Nearly all are answered in time, so only the first in line has an event.
    fn wait_for(&mut self, ctx: &mut Context<'_>, request: Ticket, attempt: u8) {
        let at = ctx.now + ctx.plan.patience;
        debug_assert!(self.deadlines.back().is_none_or(|last| last.at <= at), "all wait equally long");
        if self.deadlines.is_empty() {
            ctx.at(at, ClientTimer::Deadline);
        }
        self.deadlines.push_back(Deadline { at, request, attempt });
    }

    /// Clients that have waited long enough close their connections; those that were answered leave the line.
    fn on_deadline(&mut self, ctx: &mut Context<'_>) {
        while let Some(first) = self.deadlines.front().copied() {
            let request = self.clients.requests.get(first.request).copied();
            let waiting = request.filter(|request| request.attempt == first.attempt);
            match waiting {
                Some(_) if ctx.now < first.at => {
                    ctx.at(first.at, ClientTimer::Deadline);
                    return;
                }
                Some(request) => {
                    // The client does not know why it has heard nothing; the journal may.
                    let region = self.clients.heading(&request);
                    let silent = || region.and_then(|region| self.why_silent(ctx, region));
                    let failed_by = request.booked_on(request.failed_by.or_else(silent));
                    let request = Request { failed_by, full: false, ..request };
                    self.clients.failed_by(first.request, first.attempt, failed_by);
                    self.clients.close(&request);
                    self.give_up_or_retry(ctx, first.request, &request, (region, false));
                }
                None => {}
            }
            self.deadlines.pop_front();
        }
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
        connection: request.connection,
        key: request.key,
        write: request.write,
        began: request.began,
        attempt: request.attempt,
    }
}
