//! The way of a request: resolve, connect, balance, work, answer, and what the client does when that fails.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::{FlightId, PopulationId, ServerId, Ticket, WriteId};
use crate::model::plan::Site;
use crate::observer::metrics::Labels;
use crate::run::world::World;
use crate::system::clients::{Request, Route};
use crate::system::context::Context;
use crate::system::event::Event;
use crate::system::fleet::ServerState;
use crate::system::job::{Deadline, Job};
use crate::system::network::{Cargo, Flight, Loss, city_round_trip_ms};
use crate::system::occurrence::Occurrence;
use crate::system::version::Found;

impl World {
    /// A population asks for something.
    pub(super) fn on_arrival(&mut self, ctx: &mut Context<'_>, population: PopulationId) {
        let request = self.system.clients.arrive(ctx, population);
        self.begun(ctx, request);
        ctx.tell(Occurrence::Sent(population));
        self.attempt(ctx, request);
    }

    /// A client tries.
    pub(super) fn attempt(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(request) = self.system.clients.requests.get(ticket).copied() else { return };
        self.wait_for(ctx, ticket, request.attempt);
        let route = self.system.clients.route(ctx, &request);
        let region = match route {
            Route::Open(region) | Route::Connect(region) => region,
            Route::Lookup => {
                let answer =
                    self.system.route53.resolve(ctx.plan, &self.system.network.places, request.population);
                self.system.clients.remember(ctx, &request, answer);
                answer
            }
        };
        self.observer.metrics.tallies[request.population.index()].went_to(region);
        let job = self.system.jobs.insert(Job {
            request: ticket,
            attempt: request.attempt,
            population: request.population,
            region,
            writes: request.write.is_some(),
            write: request.write.unwrap_or(WriteId(0)),
            found: Found::NOTHING,
            waits: false,
            expects: None,
            refused: false,
            key: request.key,
            server: ServerId(0),
            life: 0,
            data_region: region,
            commit: 0,
            granted: false,
            answered: false,
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
                ctx.after(span, Event::Depart(job));
            }
        }
    }

    fn connect(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.system.jobs.get(ticket) else { return };
        let (city, region, writes) = (Site::City(job.population), Site::Region(job.region), job.writes);
        self.system.network.send_request(ctx, city, region, Cargo::Connect(ticket), writes, true);
    }

    fn ask(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.system.jobs.get(ticket) else { return };
        let (city, region, writes) = (Site::City(job.population), Site::Region(job.region), job.writes);
        self.system.network.send_request(ctx, city, region, Cargo::Ask(ticket), writes, true);
    }

    /// The resolver has its answer, or the connection is open: what comes next leaves.
    pub(super) fn depart(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.system.jobs.get_mut(ticket) else { return };
        if job.looking_up {
            job.looking_up = false;
            self.connect(ctx, ticket);
        } else {
            self.ask(ctx, ticket);
        }
    }

    /// A message arrives, or is found lost.
    pub(super) fn land(&mut self, ctx: &mut Context<'_>, id: FlightId) {
        let Some(flight) = self.system.network.land(ctx, id) else { return };
        let dark = match flight.to {
            Site::Region(region) => self.system.dark[region.index()],
            Site::City(_) | Site::Checker(_) => false,
        };
        if dark || flight.loss != Loss::None {
            self.lose(&flight);
            return;
        }
        match flight.cargo {
            Cargo::Connect(job) => self.accept(ctx, job),
            Cargo::Accept(job) => self.on_accepted(ctx, job),
            Cargo::Ask(job) => self.balance(ctx, job),
            Cargo::Answer(job) => self.on_answer(ctx, job),
            Cargo::Forward(job) => self.on_forwarded(ctx, job),
            Cargo::Reply(job) => self.on_reply(ctx, job),
            Cargo::Batch(first, end) => self.on_batch(ctx, &flight, (first, end)),
            Cargo::Acknowledge(position) => self.on_acknowledged(ctx, &flight, position),
            Cargo::Propose(proposal, gone) => self.on_proposed(ctx, proposal, gone, flight.to),
            Cargo::Vote(proposal, yes) => self.on_vote(ctx, proposal, flight.from, yes),
            Cargo::Settled(proposal, key, number, holds) => {
                self.on_settled(ctx, (proposal, key, number), flight.to, holds);
            }
            Cargo::Adopt(proposal) => self.on_adopt(ctx, proposal, &flight),
            Cargo::Adopted(proposal, yes) => self.on_adopted(ctx, proposal, flight.to, yes),
            Cargo::Inquire(job) => self.on_inquiry(ctx, job, flight.to),
            Cargo::Inform(job, commit) => self.on_informed(ctx, job, commit),
            Cargo::Probe(endpoint, checker, serial) => {
                self.on_probe(ctx, endpoint, checker, serial, flight.from);
            }
            Cargo::ProbeAnswer(endpoint, checker, serial, passed) => {
                let cause = self.cause_in(endpoint);
                self.judged(ctx, endpoint, |route53, ctx| {
                    route53.judge(ctx, endpoint, checker, serial, passed, cause);
                });
            }
        }
    }

    /// A message did not arrive. Nobody is told; whoever waits for an answer waits until it has waited long enough.
    fn lose(&mut self, flight: &Flight) {
        match flight.cargo {
            Cargo::Connect(job) | Cargo::Accept(job) | Cargo::Ask(job) | Cargo::Answer(job) => {
                self.system.jobs.remove(job);
            }
            Cargo::Forward(job) | Cargo::Reply(job) => self.end_in_the_dark(job),
            Cargo::Batch(..)
            | Cargo::Acknowledge(_)
            | Cargo::Propose(..)
            | Cargo::Vote(..)
            | Cargo::Settled(..)
            | Cargo::Adopt(_)
            | Cargo::Adopted(..)
            | Cargo::Inquire(_)
            | Cargo::Inform(..)
            | Cargo::Probe(..)
            | Cargo::ProbeAnswer(..) => {}
        }
    }

    fn accept(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.system.jobs.get(ticket) else { return };
        let (city, region, writes) = (Site::City(job.population), Site::Region(job.region), job.writes);
        self.system.network.send_request(ctx, region, city, Cargo::Accept(ticket), writes, true);
    }

    /// The connection is accepted: one more round trip for its encryption, then the request leaves.
    fn on_accepted(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.system.jobs.get(ticket).copied() else { return };
        let Some(request) = self.current(&job) else {
            self.system.jobs.remove(ticket);
            return;
        };
        self.system.clients.opened(ctx, &request, job.region);
        let round_trip =
            city_round_trip_ms(ctx.plan, &self.system.network.places, job.population, job.region);
        ctx.after(SimDuration::from_millis(round_trip), Event::Depart(ticket));
    }

    /// The request of a job, where this attempt is still the one that the client waits for.
    fn current(&self, job: &Job) -> Option<Request> {
        self.system
            .clients
            .requests
            .get(job.request)
            .filter(|request| request.attempt == job.attempt)
            .copied()
    }

    /// The balancer passes a request to a server.
    fn balance(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.system.jobs.get_mut(ticket) else { return };
        let region = job.region;
        self.system.fleets.regions[region.index()].arrived += 1;
        let Some(id) = self.system.fleets.choose(region) else {
            // No server that the balancer knows, or no balancer.
            self.answer(ctx, ticket, false);
            return;
        };
        let server = &mut self.system.fleets.servers[id.index()];
        if server.state == ServerState::Dead {
            // Nobody there to refuse: the client waits in vain.
            self.system.jobs.remove(ticket);
            return;
        }
        job.server = id;
        job.life = server.life;
        if self.system.fleets.regions[region.index()].bad_deploy {
            self.answer(ctx, ticket, false);
        } else if server.busy < ctx.plan.slots() {
            self.start(ctx, ticket);
        } else if server.queue.len() < ctx.plan.queue_places() {
            server.queue.push_back(ticket);
        } else {
            self.system.fleets.refuse(region);
            self.answer(ctx, ticket, false);
        }
    }

    fn start(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.system.jobs.get(ticket).copied() else { return };
        let server = &mut self.system.fleets.servers[job.server.index()];
        server.busy += 1;
        let grey = self.system.zones_grey[job.region.index()][server.zone as usize];
        let slowness = if grey { *ctx.plan.scenario.faults.grey_factor } else { 1.0 };
        let span = self.system.fleets.work_span(job.region, ctx.plan.service_ms * slowness);
        // To the server and back: about a round trip between zones.
        let hop = SimDuration::from_millis(ctx.plan.scenario.network.zone_round_trip_ms);
        ctx.after(span + hop, Event::Worked(ticket));
    }

    /// A server has done its work and turns to the database; in a grey zone it may just fail.
    pub(super) fn on_worked(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.system.jobs.get(ticket).copied() else { return };
        let server = &self.system.fleets.servers[job.server.index()];
        if server.life != job.life {
            self.system.jobs.remove(ticket);
            return;
        }
        let grey = self.system.zones_grey[job.region.index()][server.zone as usize];
        if grey && self.system.fleets.chance(job.region, ctx.plan.scenario.faults.grey_failures) {
            self.finish(ctx, ticket, false);
        } else {
            self.ask_database(ctx, ticket, &job);
        }
    }

    /// A server is done with a job: the slot is free for the next that waits, and the answer leaves.
    pub(super) fn finish(&mut self, ctx: &mut Context<'_>, ticket: Ticket, granted: bool) {
        let Some(job) = self.system.jobs.get(ticket).copied() else { return };
        let server = &mut self.system.fleets.servers[job.server.index()];
        if server.life != job.life {
            self.system.jobs.remove(ticket);
            return;
        }
        server.busy -= 1;
        while let Some(next) = self.system.fleets.servers[job.server.index()].queue.pop_front() {
            if self.system.jobs.get(next).is_some() {
                self.start(ctx, next);
                break;
            }
        }
        self.answer(ctx, ticket, granted);
    }

    fn answer(&mut self, ctx: &mut Context<'_>, ticket: Ticket, granted: bool) {
        let Some(job) = self.system.jobs.get_mut(ticket) else { return };
        job.granted = granted;
        job.answered = true;
        let (city, region, writes) = (Site::City(job.population), Site::Region(job.region), job.writes);
        let index = job.region.index();
        self.count_use(|usage| usage.answers[index] += 1);
        self.system.network.send_request(ctx, region, city, Cargo::Answer(ticket), writes, granted);
    }

    /// An answer arrives. The client may not be waiting for it any more.
    fn on_answer(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.system.jobs.remove(ticket) else { return };
        let Some(request) = self.current(&job) else { return };
        if job.refused {
            // An answer too: the client knows where it stands, and does not try again.
            self.system.clients.requests.remove(job.request);
            self.told_refused(ctx, &job, &request);
            self.observer.metrics.served(request.population, ctx.now.since(request.began), Labels::default());
            return;
        }
        if !job.granted {
            self.give_up_or_retry(ctx, job.request, &request);
            return;
        }
        self.system.clients.requests.remove(job.request);
        let labels = self.told_done(ctx, &job, &request);
        self.observer.metrics.served(request.population, ctx.now.since(request.began), labels);
        self.observer.metrics.took(request.population, job.writes, ctx.now.since(request.began));
        if job.writes {
            self.acknowledged(ctx, job.key, job.commit);
        }
    }

    /// A client begins to wait. Nearly all are answered in time, so only the first in line has an event.
    fn wait_for(&mut self, ctx: &mut Context<'_>, request: Ticket, attempt: u8) {
        let at = ctx.now + SimDuration::from_secs(ctx.plan.scenario.clients.timeout_s);
        if self.system.deadlines.is_empty() {
            ctx.at(at, Event::Deadline);
        }
        self.system.deadlines.push_back(Deadline { at, request, attempt });
    }

    /// Clients that have waited long enough close their connections; those that were answered leave the line.
    pub(super) fn on_deadline(&mut self, ctx: &mut Context<'_>) {
        while let Some(first) = self.system.deadlines.front().copied() {
            let request = self.system.clients.requests.get(first.request).copied();
            let waiting = request.filter(|request| request.attempt == first.attempt);
            match waiting {
                Some(_) if ctx.now < first.at => {
                    ctx.at(first.at, Event::Deadline);
                    return;
                }
                Some(request) => {
                    self.system.clients.close(&request);
                    self.give_up_or_retry(ctx, first.request, &request);
                }
                None => {}
            }
            self.system.deadlines.pop_front();
        }
    }

    fn give_up_or_retry(&mut self, ctx: &mut Context<'_>, ticket: Ticket, request: &Request) {
        if !self.system.clients.retry(ctx, ticket) {
            self.system.clients.requests.remove(ticket);
            self.given_up(ctx, ticket, request);
            self.observer.metrics.failed(request.population);
        }
    }
}
