//! Which region's database the servers of a region ask, to read and to write: as far as their application knows.

use super::System;
use crate::kernel::id::{RegionId, Ticket};
use crate::model::Rule;
use crate::model::plan::{Plan, Site};
use crate::system::context::Context;
use crate::system::database::{Role, Status};
use crate::system::job::{Hop, Job};
use crate::system::network::Cargo;
use crate::system::timer::RequestTimer;

impl System {
    /// A server asks the database: its own region's to read, the primary's to write.
    pub(super) fn ask_database(&mut self, ctx: &mut Context<'_>, ticket: Ticket, job: &Job) {
        debug_assert_eq!(job.data_region, job.region, "a server asks its own region first");
        let home = job.region;
        let token = if job.writes { None } else { self.token_sends_to(job) };
        let target =
            if job.writes { self.writer_for(ctx, job) } else { token.or_else(|| self.reader_for(ctx, job)) };
        self.meters.token_forwards += u64::from(token.is_some());
        let shows = self.serves_reads(ctx.plan, home) && ctx.plan.holds(home, job.key);
        if job.writes && ctx.plan.rule() == Rule::Conditional && shows {
            // The client has looked at what its own region shows, and writes only over that.
            let shown = self.databases[home.index()].versions[usize::from(job.key)].id;
            if let Some(job) = self.jobs.get_mut(ticket) {
                job.expects = Some(shown);
            }
        }
        match target {
            // Nobody may write now, and the servers know it: they say so at once.
            None => {
                ctx.because(self.why_no_writer(home));
                self.finish(ctx, ticket, false);
            }
            Some(region) if region == home => self.begin_storing(ctx, ticket, home),
            Some(region) => {
                if let Some(job) = self.jobs.get_mut(ticket) {
                    job.data_region = region;
                }
                let (from, to) = (Site::Region(home), Site::Region(region));
                self.meters.forwards[home.index()] += 1;
                let (draws, forward) = (job.draws(ctx, Hop::Forward), Cargo::Forward(ticket));
                self.network.send_request(ctx, draws, (from, to), forward, job.writes, true);
                ctx.after_s(ctx.plan.scenario.database.timeout_s, RequestTimer::StoreTimedOut.of(ticket));
            }
        }
    }

    /// The region whose database is asked to take a write; `None` while nobody may, as far as the servers know.
    fn writer_for(&self, ctx: &Context<'_>, job: &Job) -> Option<RegionId> {
        let writer = self.ownership.writer(job.region, self.partition_of(ctx.plan, job))?;
        let anywhere = ctx.plan.writes_everywhere() && !ctx.plan.has_homes();
        Some(if anywhere { self.or_fallback(ctx.plan, writer, job.key) } else { writer })
    }

    fn partition_of(&self, plan: &Plan, job: &Job) -> usize {
        self.ownership.partition(plan, job.region, job.key)
    }

    /// Whether the database that a job has come to takes its write. If every region takes the writes of its own clients, any
    /// of them takes what another region's application sends it.
    pub(super) fn takes_write(&self, plan: &Plan, job: &Job) -> bool {
        let writable = self.databases[job.data_region.index()].writable();
        let anywhere = plan.writes_everywhere() && !plan.has_homes();
        writable && (anywhere || self.ownership.takes(job.data_region, self.partition_of(plan, job)))
    }

    /// Whether a region's database answers reads: an old primary that knows that it was replaced does not.
    pub fn serves_reads(&self, plan: &Plan, region: RegionId) -> bool {
        self.databases[region.index()].readable() && !self.is_replaced(plan, region)
    }

    /// The region whose database is asked for a read: its own copy if there is one that serves and may hold the key, else the
    /// owner's.
    fn reader_for(&self, ctx: &Context<'_>, job: &Job) -> Option<RegionId> {
        let home = job.region;
        if !ctx.plan.holds(home, job.key) {
            return self.ownership.writer(home, self.partition_of(ctx.plan, job));
        }
        if self.serves_reads(ctx.plan, home) {
            return Some(home);
        }
        let own = &self.databases[home.index()];
        let stopped = own.status != Status::Up && !self.is_replaced(ctx.plan, home);
        if stopped && !matches!(own.role, Role::Absent | Role::Rebuilding) {
            // It has a copy, which does not answer: nobody is told to look elsewhere.
            return Some(self.or_fallback(ctx.plan, home, job.key));
        }
        self.ownership.writer(home, self.partition_of(ctx.plan, job))
    }

    /// A region, or if its database does not answer and the application is made so, the next that takes writes and has the
    /// key.
    fn or_fallback(&self, plan: &Plan, region: RegionId, key: u16) -> RegionId {
        let own = &self.databases[region.index()];
        if own.status == Status::Up || !plan.scenario.database.fallback {
            return region;
        }
        let other =
            self.databases.iter().find(|db| db.writable() && plan.holds(db.region, key)).map(|db| db.region);
        debug_assert_ne!(other, Some(region), "what does not answer takes no writes");
        other.unwrap_or(region)
    }
}
