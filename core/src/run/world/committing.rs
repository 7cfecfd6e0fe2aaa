//! Commits: a write becomes durable in a region, gets its line in the ledger, and goes into the streams that leave there.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::{PopulationId, RegionId, Ticket, WriteId};
use crate::model::{Rule, Spread};
use crate::observer::ledger::{Line, Mark, NEVER, STANDS};
use crate::run::world::World;
use crate::system::context::Context;
use crate::system::job::Job;
use crate::system::stream::Commit;
use crate::system::version::Content;
use crate::system::version::{Version, wall_clock_us};

impl World {
    /// A write met something that its client had not seen: it is refused, and the client will know.
    pub(super) fn refuse(&mut self, ctx: &Context<'_>, ticket: Ticket, because: u64) -> (u64, bool) {
        let Some(job) = self.system.jobs.get_mut(ticket) else { return (because, false) };
        job.refused = true;
        let job = *job;
        let line = self.line(ctx, &job, Content::Good, 0);
        let number = self.observer.ledger.push(Line { undone: 0, ..line });
        self.observer.ledger.mark(number, Mark::Refused, because);
        (because, false)
    }

    /// The line of the ledger for a write.
    pub(super) fn line(&self, ctx: &Context<'_>, job: &Job, content: Content, over: u64) -> Line {
        Line {
            at: ctx.now,
            write: job.write,
            key: job.key,
            region: job.data_region,
            population: job.population,
            content,
            acknowledged: false,
            undone: STANDS,
            over: over as u32,
            mark: Mark::None,
            by: 0,
            reached: [NEVER; 3],
        }
    }

    /// A write becomes durable. What was rubbish before stays rubbish: the application changes what it finds.
    pub(super) fn commit(&mut self, ctx: &mut Context<'_>, job: &Job, found: Content) -> u64 {
        let region = job.data_region;
        if let Some(number) = self.committed_before(ctx, job) {
            return number;
        }
        // A client that has given up is gone; its write is still known.
        let request = self.system.clients.requests.get(job.request).filter(|r| r.write == Some(job.write));
        let connection = request.map_or(0, |request| request.connection);
        let content = self.content_of(ctx, job, found);
        let format = self.system.fleets.regions[job.region.index()].version;
        let number =
            self.put(ctx, job.key, region, (job.write, job.population, connection), (content, format));
        self.system.clients.committed(job.request, job.write, number);
        number
    }

    /// What a server puts there in place of what it found.
    pub(super) fn content_of(&mut self, ctx: &mut Context<'_>, job: &Job, found: Content) -> Content {
        let content =
            if self.system.fleets.regions[job.region.index()].rubbish { Content::Rubbish } else { found };
        if content == Content::Rubbish && found == Content::Good {
            self.note_ruin(ctx, job.data_region);
        }
        content
    }

    /// The same write has been committed by an earlier attempt: with an identity, and where this copy has it, it is not
    /// done again; else it is, and counted.
    pub(super) fn committed_before(&mut self, ctx: &Context<'_>, job: &Job) -> Option<u64> {
        let earlier = self.system.clients.earlier(job.request, job.write)?;
        let origin = self.observer.ledger.get(earlier)?.region;
        let here =
            self.system.databases[job.data_region.index()].seen[usize::from(job.key)].covers(origin, earlier);
        if ctx.plan.scenario.database.idempotent && here {
            return Some(earlier);
        }
        self.observer.metrics.duplicates += 1;
        None
    }

    /// Puts a version into a region's copy, the ledger and the streams that leave there. Returns the commit's number.
    pub(super) fn put(
        &mut self,
        ctx: &mut Context<'_>,
        key: u16,
        region: RegionId,
        who: (WriteId, PopulationId, u16),
        what: (Content, u32),
    ) -> u64 {
        let ((write, population, connection), (content, format), at) = (who, what, ctx.now);
        // An old primary that does not know yet: its writes are nowhere else.
        let alone = region != self.system.acting && !ctx.plan.writes_everywhere();
        let undone = if alone { 0 } else { STANDS };
        let number = self.observer.ledger.len() + 1;
        let version = self.next_version(ctx, key, region, number, (write, content, format));
        let over = self.system.databases[region.index()].versions[usize::from(key)].commit;
        let mut reached = [NEVER; 3];
        reached[region.index()] = 0;
        let line = Line {
            at,
            write,
            key,
            region,
            population,
            content,
            acknowledged: false,
            undone,
            over: over as u32,
            mark: Mark::None,
            by: 0,
            reached,
        };
        self.observer.ledger.push(line);
        let unseen = self.unseen_by(region, key);
        self.write_over(region, key, number, ctx.plan.rule());
        self.system.databases[region.index()].take(key, version, ctx.plan.rule());
        let commit = self.commit_of(ctx, key, &version, (population, connection));
        self.note_collision(ctx, key, number, unseen);
        if alone {
            self.operations.recovery.stranded.push(commit);
            return number;
        }
        self.pass_on(commit);
        number
    }

    /// The version that a region would put under a key now.
    pub(super) fn next_version(
        &self,
        ctx: &Context<'_>,
        key: u16,
        region: RegionId,
        number: u64,
        (write, content, format): (WriteId, Content, u32),
    ) -> Version {
        let database = &self.system.databases[region.index()];
        let newest = database.all_versions(key).map(|version| version.stamp).max().unwrap_or_default();
        let stamp = wall_clock_us(ctx.plan, region, ctx.now).max(newest + 1);
        let mut seen = database.seen[usize::from(key)];
        seen.add(region, number);
        Version { commit: number, writer: region, at: ctx.now, write, content, format, stamp, seen }
    }

    /// A version as a commit that follows in the streams.
    pub(super) fn commit_of(
        &mut self,
        ctx: &Context<'_>,
        key: u16,
        version: &Version,
        (population, connection): (PopulationId, u16),
    ) -> Commit {
        let own_s = match ctx.plan.rules.spread {
            Spread::InOrder => 0.0,
            Spread::OneByOne { median_s, sigma } => median_s * libm::exp(sigma * self.system.spread.normal()),
        };
        // What all have agreed to does not wait for anything.
        let agreed = ctx.plan.rule() == Rule::Quorum;
        let waits_s = if agreed { 0.0 } else { *ctx.plan.scenario.database.delay_s };
        let leaves = ctx.now + SimDuration::from_secs(own_s + waits_s);
        Commit {
            number: version.commit,
            write: version.write,
            population,
            connection,
            key,
            region: version.writer,
            at: ctx.now,
            leaves,
            content: version.content,
            format: version.format,
            stamp: version.stamp,
            seen: version.seen,
            acknowledged: false,
        }
    }

    /// A commit goes into the streams that leave its region.
    pub(super) fn pass_on(&mut self, commit: Commit) {
        let mut copies = 0;
        for stream in self.system.streams.iter_mut().filter(|stream| stream.from == commit.region) {
            stream.push(commit);
            copies += 1;
        }
        self.count_use(|usage| usage.replicated[commit.region.index()] += copies);
    }
}
