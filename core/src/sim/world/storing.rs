//! Between servers and databases: reads at home, writes to the primary's region, commits, and the replica's stream.

use super::World;
use super::serving::Job;
use crate::scenario::Spread;
use crate::sim::context::Context;
use crate::sim::database::{Role, Status, Version};
use crate::sim::event::Event;
use crate::sim::id::{PopulationId, RegionId, Ticket, WriteId};
use crate::sim::journal::What;
use crate::sim::ledger::{Content, Line, STANDS};
use crate::sim::metrics::Usage;
use crate::sim::network::{Cargo, Flight};
use crate::sim::plan::Site;
use crate::sim::replication::{Commit, Replication};
use crate::time::SimDuration;

impl World {
    /// A server asks the database: its own region's to read, the primary's to write.
    pub(super) fn ask_database(&mut self, ctx: &mut Context<'_>, ticket: Ticket, job: &Job) {
        let home = job.region;
        let own = &self.databases[home.index()];
        let every = ctx.plan.writes_everywhere();
        let target = if !job.writes && own.readable() {
            Some(home)
        } else if every && own.status == Status::Down {
            // Where every copy takes writes, the application turns to the next one that answers.
            self.databases.iter().find(|db| db.writable()).map(|db| db.region)
        } else {
            self.writers[home.index()]
        };
        match target {
            // Nobody may write now, and the servers know it: they say so at once.
            None => self.finish(ctx, ticket, false),
            Some(region) if region == home => self.begin_storing(ctx, ticket, home),
            Some(region) => {
                if let Some(job) = self.jobs.get_mut(ticket) {
                    job.data_region = region;
                }
                let (from, to) = (Site::Region(home), Site::Region(region));
                self.count_use(|usage| usage.forwards[home.index()] += 1);
                self.network.send_request(ctx, from, to, Cargo::Forward(ticket), job.writes, true);
                ctx.after_s(ctx.plan.scenario.database.timeout_s, Event::StoreTimedOut(ticket));
            }
        }
    }

    /// The database of the server's own region begins, or does not answer.
    fn begin_storing(&mut self, ctx: &mut Context<'_>, ticket: Ticket, region: RegionId) {
        let Some(job) = self.jobs.get_mut(ticket) else { return };
        job.data_region = region;
        let database = &self.databases[region.index()];
        let open = if job.writes { database.writable() } else { database.readable() };
        let span = if open { self.storing_span(ctx, ticket, region) } else { None };
        if let Some(span) = span {
            ctx.after(span, Event::Stored(ticket));
        } else if let Some(job) = self.jobs.get_mut(ticket) {
            job.dead_end = true;
            ctx.after_s(ctx.plan.scenario.database.timeout_s, Event::StoreTimedOut(ticket));
        }
    }

    /// How long the database works on a job; `None` where it would wait too long for blocks of a restored volume.
    fn storing_span(&mut self, ctx: &Context<'_>, ticket: Ticket, region: RegionId) -> Option<SimDuration> {
        let settings = &ctx.plan.scenario.database;
        let between_zones = ctx.plan.scenario.network.zone_round_trip_ms;
        let (writes, key) = self.jobs.get(ticket).map(|job| (job.writes, job.key))?;
        let loading = self.databases[region.index()].fetch(ctx.plan, ctx.now, key)?;
        let hop = SimDuration::from_millis(between_zones);
        let span = if writes {
            self.databases[region.index()].commit_span(settings.commit_ms, between_zones)
        } else {
            SimDuration::from_millis(settings.read_ms)
        };
        Some(span + hop + loading)
    }

    /// Another region's server asks this one's database.
    pub(super) fn on_forwarded(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.jobs.get(ticket).copied() else { return };
        let database = &self.databases[job.data_region.index()];
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
        let Some(job) = self.jobs.get_mut(ticket) else { return };
        job.granted = granted;
        let (from, to, writes) = (Site::Region(job.data_region), Site::Region(job.region), job.writes);
        self.network.send_request(ctx, from, to, Cargo::Reply(ticket), writes, granted);
    }

    /// The other region has answered.
    pub(super) fn on_reply(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.jobs.get(ticket).copied() else { return };
        if job.abandoned {
            self.jobs.remove(ticket);
        } else {
            // Its time-out finds it gone or answered.
            self.finish(ctx, ticket, job.granted);
        }
    }

    /// The database has done its work: a read has its version, a write is durable from now on.
    pub(super) fn on_stored(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.jobs.get(ticket).copied() else { return };
        let region = job.data_region;
        let database = &self.databases[region.index()];
        if !(if job.writes { database.writable() } else { database.readable() }) {
            if region == job.region {
                ctx.after_s(ctx.plan.scenario.database.timeout_s, Event::StoreTimedOut(ticket));
            }
            self.end_in_the_dark(ticket);
            return;
        }
        let found = database.versions[job.key as usize];
        // What is gone cannot be changed; what is rubbish, or newer than the server's release, cannot be read.
        let version = self.fleets.regions[job.region.index()].version;
        let legible = found.content == Content::Good && found.format <= version;
        let granted = if job.writes { found.content != Content::Deleted } else { legible };
        let commit = if job.writes && granted { self.commit(ctx, &job, found.content) } else { found.commit };
        self.count_use(|usage| {
            if job.writes {
                usage.writes[region.index()] += 1;
            } else {
                usage.reads[region.index()] += 1;
            }
        });
        if let Some(job) = self.jobs.get_mut(ticket) {
            job.commit = commit;
        }
        if job.abandoned {
            self.jobs.remove(ticket);
        } else if region == job.region {
            self.finish(ctx, ticket, granted);
        } else {
            self.reply(ctx, ticket, granted);
        }
    }

    /// Counts what is paid for by use, until the first incident.
    pub(super) fn count_use(&mut self, add: impl FnOnce(&mut Usage)) {
        if self.incidents.is_empty() {
            add(&mut self.metrics.usage);
        }
    }

    /// A write becomes durable. What was rubbish before stays rubbish: the application changes what it finds.
    fn commit(&mut self, ctx: &mut Context<'_>, job: &Job, found: Content) -> u64 {
        let region = job.data_region;
        // A client that has given up is gone; its write is then known by its number alone.
        let request = self.clients.requests.get(job.request).filter(|r| r.population == job.population);
        let fleet = &self.fleets.regions[job.region.index()];
        let content = if fleet.rubbish { Content::Rubbish } else { found };
        let format = fleet.version;
        let write = request.and_then(|request| request.write).unwrap_or(WriteId(0));
        let connection = request.map_or(0, |request| request.connection);
        if content == Content::Rubbish && found == Content::Good {
            self.note_ruin(ctx, region);
        }
        self.put(ctx, job.key, region, (write, job.population, connection), (content, format))
    }

    /// Puts a version into a region's copy, the ledger and the streams that leave there. Returns the commit's number.
    pub(super) fn put(
        &mut self,
        ctx: &Context<'_>,
        key: u16,
        region: RegionId,
        who: (WriteId, PopulationId, u16),
        what: (Content, u32),
    ) -> u64 {
        let ((write, population, connection), (content, format), at) = (who, what, ctx.now);
        // An old primary that does not know yet: its writes are nowhere else.
        let alone = region != self.acting && !ctx.plan.writes_everywhere();
        let undone = if alone { 0 } else { STANDS };
        let line = Line { at, write, key, region, population, content, acknowledged: false, undone };
        let number = self.ledger.push(line);
        let delay_s = match ctx.plan.rules.spread {
            Spread::InOrder => 0.0,
            Spread::OneByOne { median_s, sigma } => median_s * libm::exp(sigma * self.spread.normal()),
        };
        let leaves = at + SimDuration::from_secs(delay_s);
        let commit = Commit {
            number,
            write,
            population,
            connection,
            key,
            region,
            at,
            leaves,
            content,
            format,
            acknowledged: false,
        };
        let version = Version { commit: number, writer: region, at, write, content, format };
        self.databases[region.index()].apply(key, version);
        if alone {
            self.recovery.stranded.push(commit);
            return number;
        }
        let mut copies = 0;
        for stream in self.streams.iter_mut().filter(|stream| stream.from == region) {
            stream.push(commit);
            copies += 1;
        }
        self.count_use(|usage| usage.replicated[region.index()] += copies);
        number
    }

    /// A server has waited long enough for the database and says no; what it asked for may still be done.
    pub(super) fn on_store_timed_out(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(job) = self.jobs.get(ticket).copied() else { return };
        if job.answered || job.abandoned {
            return;
        }
        if job.dead_end {
            self.finish(ctx, ticket, false);
            return;
        }
        let answer = self.jobs.insert(Job { dead_end: true, ..job });
        if let Some(job) = self.jobs.get_mut(ticket) {
            job.abandoned = true;
        }
        self.finish(ctx, answer, false);
    }

    /// Nothing will come back from the database for this job.
    pub(super) fn end_in_the_dark(&mut self, ticket: Ticket) {
        let Some(job) = self.jobs.get_mut(ticket) else { return };
        if job.abandoned {
            self.jobs.remove(ticket);
        } else {
            job.dead_end = true;
        }
    }

    /// A client has been told that its write is done.
    pub(super) fn acknowledged(&mut self, ctx: &mut Context<'_>, key: u16, number: u64) {
        let newest = &mut self.newest[key as usize];
        *newest = (*newest).max(number);
        self.ledger.acknowledge(number);
        for stream in &mut self.streams {
            stream.mark_acknowledged(number);
        }
        // The news of a write that was committed by a primary that is primary no more: it is lost from this moment.
        let stranded = &mut self.recovery.stranded;
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
        for stream in &mut self.streams {
            self.worst_lag = self.worst_lag.max(stream.lag(ctx.now));
            let source = &self.databases[stream.from.index()];
            if source.can_ship() {
                stream.ship(ctx, &mut self.network);
            }
        }
    }

    /// A batch of the stream has arrived.
    pub(super) fn on_batch(&mut self, ctx: &mut Context<'_>, flight: &Flight, span: (u64, u64)) {
        let mine = |stream: &&mut Replication| {
            flight.to == Site::Region(stream.to) && flight.from == Site::Region(stream.from)
        };
        let Some(stream) = self.streams.iter_mut().find(mine) else { return };
        let replica = &mut self.databases[stream.to.index()];
        let follows = replica.role == Role::Replica || ctx.plan.writes_everywhere();
        if follows && replica.readable() {
            stream.receive(ctx, &mut self.network, replica, span);
            let to = stream.to;
            self.find_again(ctx, to);
        }
    }

    /// The replica has said how far it is.
    pub(super) fn on_acknowledged(&mut self, ctx: &mut Context<'_>, flight: &Flight, position: u64) {
        let mine = |stream: &&mut Replication| {
            flight.from == Site::Region(stream.to) && flight.to == Site::Region(stream.from)
        };
        if let Some(stream) = self.streams.iter_mut().find(mine) {
            stream.acknowledge(ctx, &mut self.network, position);
        }
    }

    /// A standby has taken over or a database has restarted.
    pub(super) fn on_database_ready(&mut self, ctx: &mut Context<'_>, region: RegionId, life: u16) {
        let cause = self.cause_in(region);
        if !self.databases[region.index()].ready(ctx, life, cause) {
            return;
        }
        self.end_zone_failover(ctx, region);
        if self.recovery.to_be_fenced == Some(region) {
            let stranded = self.recovery.stranded.len() as u32 + self.recovery.more_stranded;
            ctx.note(cause, What::OldPrimaryReturned { region, stranded });
        }
    }
}
