//! Between servers and databases: reads and writes begin, are done, are forwarded, or time out.

use super::System;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId, Ticket, VersionId};
use crate::model::Rule;
use crate::model::plan::Site;
use crate::system::context::Context;
use crate::system::database::{Role, Status};
use crate::system::job::{Hop, Job};
use crate::system::network::Cargo;
use crate::system::timer::RequestTimer;
use crate::system::version::Content;

impl System {
    /// The database of the server's own region begins, or does not answer.
    pub(super) fn begin_storing(&mut self, ctx: &mut Context<'_>, ticket: Ticket, region: RegionId) {
        let Some(job) = self.jobs.get_mut(ticket) else { return };
        debug_assert!(job.region == region && !job.stored, "a server asks its own region once");
        job.data_region = region;
        let job = *job;
        let open = self.is_open_for(ctx, &job);
        let span = if open { self.storing_span(ctx, ticket, region) } else { None };
        if let Some(span) = span {
            ctx.after(span, RequestTimer::Stored.of(ticket));
        } else if let Some(job) = self.jobs.get_mut(ticket) {
            job.dead_end = true;
            let why = self.why_no_database(region);
            self.blame(ticket, why);
            ctx.after_s(ctx.plan.scenario.database.timeout_s, RequestTimer::StoreTimedOut.of(ticket));
        }
    }

    /// Whether the database that a job has come to does what it asks.
    fn is_open_for(&self, ctx: &Context<'_>, job: &Job) -> bool {
        if job.writes {
            self.takes_write(ctx.plan, job)
        } else {
            self.serves_reads(ctx.plan, job.data_region)
        }
    }

    /// How long the database works on a job; `None` if it would wait too long for blocks of a restored volume.
    fn storing_span(&mut self, ctx: &Context<'_>, ticket: Ticket, region: RegionId) -> Option<SimDuration> {
        let settings = &ctx.plan.scenario.database;
        let between_zones = ctx.plan.scenario.network.zone_round_trip_ms;
        let (writes, key) = self.jobs.get(ticket).map(|job| (job.writes, job.key))?;
        let loading = self.databases[region.index()].fetch(ctx.plan, ctx.now, key)?;
        let span = if writes {
            self.databases[region.index()].commit_span(*settings.commit_ms, *between_zones)
        } else {
            ctx.plan.read
        };
        Some(span + ctx.plan.zone_round_trip + loading)
    }

    /// Another region's server asks this one's database.
    pub(super) fn on_forwarded(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&job) = self.jobs.get(ticket) else { return };
        debug_assert_ne!(job.region, job.data_region, "a job is passed on to another region");
        let database = &self.databases[job.data_region.index()];
        let replaced = self.is_replaced(ctx.plan, job.data_region);
        if self.is_open_for(ctx, &job) {
            match self.storing_span(ctx, ticket, job.data_region) {
                Some(span) => ctx.after(span, RequestTimer::Stored.of(ticket)),
                None => self.end_in_the_dark(ticket),
            }
        } else if database.status != Status::Up || (database.role == Role::Promoting && !replaced) {
            // It is down for now and cannot even refuse.
            self.end_in_the_dark(ticket);
        } else {
            self.reply(ctx, ticket, false);
        }
    }

    fn reply(&mut self, ctx: &mut Context<'_>, ticket: Ticket, granted: bool) {
        let Some(job) = self.jobs.get_mut(ticket) else { return };
        debug_assert_ne!(job.region, job.data_region, "an answer goes back to another region");
        job.granted = granted;
        let (from, to, writes) = (Site::Region(job.data_region), Site::Region(job.region), job.writes);
        let draws = job.draws(ctx, Hop::Reply);
        self.network.send_request(ctx, draws, (from, to), Cargo::Reply(ticket), writes, granted);
    }

    /// The other region has answered.
    pub(super) fn on_reply(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&job) = self.jobs.get(ticket) else { return };
        if job.abandoned {
            self.jobs.remove(ticket);
        } else {
            // Its time-out finds it gone or answered.
            self.finish(ctx, ticket, job.granted);
        }
    }

    /// The database has done its work: a read has its version, a write is durable from now on.
    pub(super) fn on_stored(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&job) = self.jobs.get(ticket) else { return };
        debug_assert!(!job.stored, "a database does a job once");
        let region = job.data_region;
        if !self.is_open_for(ctx, &job) {
            if region == job.region {
                ctx.after_s(ctx.plan.scenario.database.timeout_s, RequestTimer::StoreTimedOut.of(ticket));
            }
            let why = self.why_no_database(region);
            self.blame(ticket, why);
            self.end_in_the_dark(ticket);
            return;
        }
        let found = self.databases[region.index()].versions[job.key as usize];
        if self.token_waits(ctx, ticket, &job) {
            return;
        }
        if ctx.plan.rule() == Rule::Quorum {
            self.agree(ctx, ticket, &job);
            return;
        }
        let told = self.found_at(region, job.key, ctx.plan.rule());
        if let Some(job) = self.jobs.get_mut(ticket) {
            job.found = told;
        }
        // What is gone cannot be changed; what is rubbish, or newer than the server's release, cannot be read.
        let release = self.fleets.regions[job.region.index()].version;
        let legible = found.content == Content::Good && found.format <= release;
        let granted = if job.writes { found.content != Content::Deleted } else { legible };
        let refused = job.writes && job.expects.is_some_and(|seen| seen != found.id);
        let (version, granted) = if refused {
            self.refuse(ctx, ticket, found.id)
        } else if job.writes && granted {
            (self.commit(ctx, &job, found.content), true)
        } else {
            if found.content != Content::Good {
                let ruined_by = self.ruined_by;
                self.blame(ticket, ruined_by);
            }
            (found.id, granted)
        };
        let meter = if job.writes { &mut self.meters.writes } else { &mut self.meters.reads };
        meter[region.index()] += 1;
        self.done_storing(ctx, ticket, version, granted);
    }

    /// The database says what it has done.
    pub(super) fn done_storing(
        &mut self,
        ctx: &mut Context<'_>,
        ticket: Ticket,
        version: VersionId,
        granted: bool,
    ) {
        let Some(job) = self.jobs.get_mut(ticket) else { return };
        debug_assert!(!job.stored, "a database says once what it has done");
        job.version = version;
        job.stored = true;
        if job.abandoned {
            self.jobs.remove(ticket);
        } else if job.data_region == job.region {
            self.finish(ctx, ticket, granted);
        } else {
            self.reply(ctx, ticket, granted);
        }
    }

    /// A server has waited long enough for the database and says no; what it asked for may still be done.
    pub(super) fn on_store_timed_out(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&job) = self.jobs.get(ticket) else { return };
        if job.answered || job.abandoned {
            return;
        }
        ctx.because(self.why_timed_out(&job));
        if job.dead_end {
            self.finish(ctx, ticket, false);
            return;
        }
        let answer = self.jobs.insert(Job { dead_end: true, stored: true, ..job });
        if let Some(job) = self.jobs.get_mut(ticket) {
            job.abandoned = true;
        }
        self.finish(ctx, answer, false);
    }

    /// Why a database has not answered in time: what is known to have kept it, or what it does not answer for now.
    fn why_timed_out(&self, job: &Job) -> Option<EntryId> {
        let request = self.clients.requests.get(job.request).filter(|it| it.attempt == job.attempt);
        let known = request.and_then(|request| request.failed_by).filter(|_| job.dead_end);
        known.or_else(|| self.why_no_database(job.data_region)).or_else(|| {
            (job.region != job.data_region).then(|| self.why_closed(job.region, job.data_region)).flatten()
        })
    }

    /// The database will never answer this job: its server times out.
    pub(super) fn end_in_the_dark(&mut self, ticket: Ticket) {
        let Some(job) = self.jobs.get_mut(ticket) else { return };
        if job.abandoned {
            self.jobs.remove(ticket);
        } else {
            job.dead_end = true;
        }
    }
}
