//! Between servers and databases: what a database does with what it is asked, and what streams bring it.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::{RegionId, Ticket};
use crate::model::Rule;
use crate::model::plan::Site;
use crate::observer::metrics::Usage;
use crate::run::world::World;
use crate::system::context::Context;
use crate::system::database::Role;
use crate::system::event::Event;
use crate::system::job::Job;
use crate::system::journal::What;
use crate::system::network::{Cargo, Flight};
use crate::system::stream::Replication;
use crate::system::version::Content;

impl World {
    /// The database of the server's own region begins, or does not answer.
    pub(super) fn begin_storing(&mut self, ctx: &mut Context<'_>, ticket: Ticket, region: RegionId) {
        let Some(job) = self.system.jobs.get_mut(ticket) else { return };
        job.data_region = region;
        let database = &self.system.databases[region.index()];
        let open = if job.writes { database.writable() } else { database.readable() };
        let span = if open { self.storing_span(ctx, ticket, region) } else { None };
        if let Some(span) = span {
            ctx.after(span, Event::Stored(ticket));
        } else if let Some(job) = self.system.jobs.get_mut(ticket) {
            job.dead_end = true;
            ctx.after_s(ctx.plan.scenario.database.timeout_s, Event::StoreTimedOut(ticket));
        }
    }

    /// How long the database works on a job; `None` where it would wait too long for blocks of a restored volume.
    fn storing_span(&mut self, ctx: &Context<'_>, ticket: Ticket, region: RegionId) -> Option<SimDuration> {
        let settings = &ctx.plan.scenario.database;
        let between_zones = ctx.plan.scenario.network.zone_round_trip_ms;
        let (writes, key) = self.system.jobs.get(ticket).map(|job| (job.writes, job.key))?;
        let loading = self.system.databases[region.index()].fetch(ctx.plan, ctx.now, key)?;
        let hop = SimDuration::from_millis(between_zones);
        let span = if writes {
            self.system.databases[region.index()].commit_span(*settings.commit_ms, *between_zones)
        } else {
            SimDuration::from_millis(settings.read_ms)
        };
        Some(span + hop + loading)
    }

    /// Another region's server asks this one's database.
    pub(super) fn on_forwarded(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.system.jobs.get(ticket).copied() else { return };
        let database = &self.system.databases[job.data_region.index()];
        if if job.writes { database.writable() } else { database.readable() } {
            match self.storing_span(ctx, ticket, job.data_region) {
                Some(span) => ctx.after(span, Event::Stored(ticket)),
                None => self.end_in_the_dark(ticket),
            }
        } else if matches!(database.role, Role::Primary | Role::Promoting) {
            // It is down for now and does not even say so.
            self.end_in_the_dark(ticket);
        } else {
            self.reply(ctx, ticket, false);
        }
    }

    fn reply(&mut self, ctx: &mut Context<'_>, ticket: Ticket, granted: bool) {
        let Some(job) = self.system.jobs.get_mut(ticket) else { return };
        job.granted = granted;
        let (from, to, writes) = (Site::Region(job.data_region), Site::Region(job.region), job.writes);
        self.system.network.send_request(ctx, from, to, Cargo::Reply(ticket), writes, granted);
    }

    /// The other region has answered.
    pub(super) fn on_reply(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.system.jobs.get(ticket).copied() else { return };
        if job.abandoned {
            self.system.jobs.remove(ticket);
        } else {
            // Its time-out finds it gone or answered.
            self.finish(ctx, ticket, job.granted);
        }
    }

    /// The database has done its work: a read has its version, a write is durable from now on.
    pub(super) fn on_stored(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.system.jobs.get(ticket).copied() else { return };
        let region = job.data_region;
        let database = &self.system.databases[region.index()];
        if !(if job.writes { database.writable() } else { database.readable() }) {
            if region == job.region {
                ctx.after_s(ctx.plan.scenario.database.timeout_s, Event::StoreTimedOut(ticket));
            }
            self.end_in_the_dark(ticket);
            return;
        }
        let found = database.versions[job.key as usize];
        if self.token_waits(ctx, ticket, &job) {
            return;
        }
        if ctx.plan.rule() == Rule::Quorum {
            self.agree(ctx, ticket, &job);
            return;
        }
        let told = self.found_at(region, job.key, ctx.plan.rule());
        if let Some(job) = self.system.jobs.get_mut(ticket) {
            job.found = told;
        }
        // What is gone cannot be changed; what is rubbish, or newer than the server's release, cannot be read.
        let version = self.system.fleets.regions[job.region.index()].version;
        let legible = found.content == Content::Good && found.format <= version;
        let granted = if job.writes { found.content != Content::Deleted } else { legible };
        let refused = job.writes && job.expects.is_some_and(|seen| seen != found.commit);
        let (commit, granted) = if refused {
            self.refuse(ctx, ticket, found.commit)
        } else if job.writes && granted {
            (self.commit(ctx, &job, found.content), true)
        } else {
            (found.commit, granted)
        };
        self.count_use(|usage| {
            if job.writes {
                usage.writes[region.index()] += 1;
            } else {
                usage.reads[region.index()] += 1;
            }
        });
        self.done_storing(ctx, ticket, commit, granted);
    }

    /// The database says what it has done.
    pub(super) fn done_storing(&mut self, ctx: &mut Context<'_>, ticket: Ticket, commit: u64, granted: bool) {
        let Some(job) = self.system.jobs.get_mut(ticket) else { return };
        job.commit = commit;
        job.stored = true;
        if job.abandoned {
            self.system.jobs.remove(ticket);
        } else if job.data_region == job.region {
            self.finish(ctx, ticket, granted);
        } else {
            self.reply(ctx, ticket, granted);
        }
    }

    /// Counts what is paid for by use, until the first incident.
    pub(super) fn count_use(&mut self, add: impl FnOnce(&mut Usage)) {
        if self.observer.incidents.is_empty() {
            add(&mut self.observer.metrics.usage);
        }
    }

    /// A server has waited long enough for the database and says no; what it asked for may still be done.
    pub(super) fn on_store_timed_out(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.system.jobs.get(ticket).copied() else { return };
        if job.answered || job.abandoned {
            return;
        }
        if job.dead_end {
            self.finish(ctx, ticket, false);
            return;
        }
        let answer = self.system.jobs.insert(Job { dead_end: true, stored: true, ..job });
        if let Some(job) = self.system.jobs.get_mut(ticket) {
            job.abandoned = true;
        }
        self.finish(ctx, answer, false);
    }

    /// Nothing will come back from the database for this job.
    pub(super) fn end_in_the_dark(&mut self, ticket: Ticket) {
        let Some(job) = self.system.jobs.get_mut(ticket) else { return };
        if job.abandoned {
            self.system.jobs.remove(ticket);
        } else {
            job.dead_end = true;
        }
    }

    /// A client has been told that its write is done.
    pub(super) fn acknowledged(&mut self, ctx: &mut Context<'_>, key: u16, number: u64) {
        let newest = &mut self.observer.newest[key as usize];
        *newest = (*newest).max(number);
        self.observer.ledger.acknowledge(number);
        for stream in &mut self.system.streams {
            stream.mark_acknowledged(number);
        }
        // The news of a write that was committed by a primary that is primary no more: it is lost from this moment.
        let stranded = &mut self.operations.recovery.stranded;
        if let Ok(index) = stranded.binary_search_by_key(&number, |commit| commit.number)
            && !stranded[index].acknowledged
        {
            stranded[index].acknowledged = true;
            let commit = stranded[index];
            self.count_lost(ctx, &[commit]);
        }
    }

    /// The source ships what is new.
    pub(super) fn on_ship(&mut self, ctx: &mut Context<'_>) {
        ctx.after_s(ctx.plan.scenario.database.ship_interval_s, Event::Ship);
        for stream in &mut self.system.streams {
            self.observer.worst_lag = self.observer.worst_lag.max(stream.lag(ctx.now));
            let source = &self.system.databases[stream.from.index()];
            if source.can_ship() {
                stream.ship(ctx, &mut self.system.network);
            }
        }
    }

    /// A batch of the stream has arrived.
    pub(super) fn on_batch(&mut self, ctx: &mut Context<'_>, flight: &Flight, span: (u64, u64)) {
        let mine = |stream: &Replication| {
            flight.to == Site::Region(stream.to) && flight.from == Site::Region(stream.from)
        };
        let Some(index) = self.system.streams.iter().position(mine) else { return };
        let to = self.system.streams[index].to;
        let replica = &self.system.databases[to.index()];
        let follows = replica.role == Role::Replica || ctx.plan.writes_everywhere();
        if follows && replica.readable() {
            for position in self.system.streams[index].news(span) {
                let Some(commit) = self.system.streams[index].take(position) else { break };
                self.take_in(ctx, to, &commit);
            }
            self.system.streams[index].confirm(ctx, &mut self.system.network);
            self.find_again(ctx, to);
        }
    }

    /// The replica has said how far it is.
    pub(super) fn on_acknowledged(&mut self, ctx: &mut Context<'_>, flight: &Flight, position: u64) {
        let mine = |stream: &&mut Replication| {
            flight.from == Site::Region(stream.to) && flight.to == Site::Region(stream.from)
        };
        if let Some(stream) = self.system.streams.iter_mut().find(mine) {
            stream.acknowledge(ctx, &mut self.system.network, position);
        }
    }

    /// A standby has taken over or a database has restarted.
    pub(super) fn on_database_ready(&mut self, ctx: &mut Context<'_>, region: RegionId, life: u16) {
        let cause = self.cause_in(region);
        if !self.system.databases[region.index()].ready(ctx, life, cause) {
            return;
        }
        self.end_zone_failover(ctx, region);
        if self.operations.recovery.to_be_fenced == Some(region) {
            let stranded =
                self.operations.recovery.stranded.len() as u32 + self.operations.recovery.more_stranded;
            ctx.note(cause, What::OldPrimaryReturned { region, stranded });
        }
    }
}
