//! What clients are told at the end, and how that fits what they and others were told before.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::{RegionId, Ticket, WriteId};
use crate::model::{Rule, Session};
use crate::observer::metrics::Labels;
use crate::observer::register::Ended;
use crate::run::world::World;
use crate::system::clients::Request;
use crate::system::context::Context;
use crate::system::event::Event;
use crate::system::history::Outcome;
use crate::system::job::Job;
use crate::system::version::{Found, Seen};

impl World {
    /// Keys on which clients were told what no single register could have told them.
    pub fn torn_keys(&self) -> impl Iterator<Item = u16> + '_ {
        self.observer.told.torn()
    }

    /// A request has begun: what its session knows of the key is what its answer is held against.
    pub(super) fn begun(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(request) = self.system.clients.requests.get_mut(ticket) else { return };
        let session = (request.population, request.connection);
        request.memory = self.observer.sessions.memory(session.0, session.1, request.key);
        if let Some(operations) = &mut ctx.record.operations {
            operations.begin(ticket, session, ctx.now, (request.key, request.write));
        }
    }

    /// A client is told that its request is done.
    pub(super) fn told_done(&mut self, ctx: &mut Context<'_>, job: &Job, request: &Request) -> Labels {
        let known = self.observer.ledger.get(job.commit).is_some_and(|line| line.acknowledged);
        let write = request.write.unwrap_or(job.found.write);
        let session = (request.population, request.connection);
        let operation = Ended { write, known, began: request.began, ended: ctx.now };
        let torn = self.observer.told.end(job.key, &operation);
        let mut labels = Labels::default();
        if job.writes {
            let writer = self.observer.ledger.get(job.commit).map_or(job.data_region, |line| line.region);
            self.observer.sessions.wrote(session, job.key, (writer, job.commit));
        } else {
            labels.stale = torn;
            labels.misses_own = request.memory.misses_own(&job.found);
            labels.goes_back = request.memory.goes_back(&job.found);
            self.observer.sessions.read(session, job.key, &job.found);
        }
        let value = Some(write).filter(|write| write.0 > 0);
        self.record_end(ctx, job.request, request, Outcome::Done, (value, Some(job.data_region)));
        labels
    }

    /// A client is told that its write was refused. An earlier attempt may have been done all the same.
    pub(super) fn told_refused(&mut self, ctx: &mut Context<'_>, job: &Job, request: &Request) {
        let outcome = if request.attempt == 0 { Outcome::Failed } else { Outcome::Unknown };
        self.record_end(ctx, job.request, request, outcome, (None, Some(job.data_region)));
    }

    /// A client gives up. What it wanted to write may be written.
    pub(super) fn given_up(&mut self, ctx: &mut Context<'_>, ticket: Ticket, request: &Request) {
        let outcome = if request.write.is_some() { Outcome::Unknown } else { Outcome::Failed };
        self.record_end(ctx, ticket, request, outcome, (None, None));
    }

    fn record_end(
        &self,
        ctx: &mut Context<'_>,
        ticket: Ticket,
        request: &Request,
        outcome: Outcome,
        found: (Option<WriteId>, Option<RegionId>),
    ) {
        if let Some(operations) = &mut ctx.record.operations {
            operations.end(ticket, (request.population, request.connection), ctx.now, outcome, found);
        }
    }

    /// What a copy has to say about a key.
    pub(super) fn found_at(&self, region: RegionId, key: u16, rule: Rule) -> Found {
        let database = &self.system.databases[region.index()];
        let shown = &database.versions[usize::from(key)];
        let mut seen = shown.seen;
        if rule == Rule::Siblings {
            // Whoever reads gets all that stand side by side.
            for version in database.all_versions(key) {
                seen.join(version.seen);
            }
        }
        Found { write: shown.write, seen, copy: database.seen[usize::from(key)] }
    }

    /// What another region showed, by its number. Where regions agree each version was written over the one before, so
    /// that what its writer had seen can be followed back to what this copy has.
    pub(super) fn found_elsewhere(&self, region: RegionId, key: u16, number: u64) -> Found {
        let own = self.found_at(region, key, Rule::Quorum);
        let (mut seen, mut next, mut write) = (Seen::default(), number, None);
        while let Some(line) =
            self.observer.ledger.get(next).filter(|line| !own.seen.covers(line.region, next))
        {
            seen.add(line.region, next);
            write = write.or(Some(line.write));
            next = u64::from(line.over);
        }
        seen.join(own.seen);
        Found { write: write.unwrap_or(own.write), seen, copy: seen }
    }

    /// What a copy must have seen to answer a read; nothing where sessions are promised nothing.
    fn token(&self, ctx: &Context<'_>, job: &Job) -> Seen {
        match ctx.plan.scenario.clients.session {
            Session::None | Session::Sticky => Seen::default(),
            Session::Token => {
                let request = self.system.clients.requests.get(job.request);
                request.map_or(Seen::default(), |request| request.memory.floor())
            }
        }
    }

    /// Where the token sends a read that the copy at home is too old for: to a region whose commit is missing there.
    pub(super) fn token_sends_to(&self, ctx: &Context<'_>, job: &Job) -> Option<RegionId> {
        let token = self.token(ctx, job);
        let key = usize::from(job.key);
        let here = self.system.databases[job.region.index()].seen[key];
        let missing =
            |db: &&crate::run::world::Database| !here.includes(token.only(db.region)) && db.readable();
        let mut writers = self.system.databases.iter().filter(missing);
        let first = writers.clone().next();
        writers.find(|db| db.seen[key].includes(token)).or(first).map(|db| db.region)
    }

    /// A copy that was asked has not seen what the token names either: the read waits there until it has.
    pub(super) fn token_waits(&mut self, ctx: &mut Context<'_>, ticket: Ticket, job: &Job) -> bool {
        let seen = self.system.databases[job.data_region.index()].seen[usize::from(job.key)];
        if job.writes || job.abandoned || job.dead_end || seen.includes(self.token(ctx, job)) {
            return false;
        }
        if job.region == job.data_region && !job.waits {
            // A server that passed the read on to another region waits for an answer already.
            ctx.after_s(ctx.plan.scenario.database.timeout_s, Event::StoreTimedOut(ticket));
        }
        if let Some(job) = self.system.jobs.get_mut(ticket) {
            job.waits = true;
        }
        // Something new can come as often as the streams ship.
        let pause = SimDuration::from_secs(ctx.plan.scenario.database.ship_interval_s.max(0.01));
        ctx.after(pause, Event::Stored(ticket));
        true
    }
}
