//! Ownership as the servers of a region know it: which region's database they ask, to read and to write.

use super::System;
use crate::kernel::id::{RegionId, Ticket};
use crate::model::Rule;
use crate::model::plan::Site;
use crate::system::context::Context;
use crate::system::database::Status;
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
        if job.writes && ctx.plan.rule() == Rule::Conditional && self.databases[home.index()].readable() {
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

    /// The region whose database takes a write.
    fn writer_for(&self, ctx: &Context<'_>, job: &Job) -> Option<RegionId> {
        let home = job.region;
        if !ctx.plan.writes_everywhere() {
            return self.writers[home.index()];
        }
        if ctx.plan.has_homes() {
            return self.homes[home.index()][ctx.plan.partition(job.key)];
        }
        self.nearest_open(home).or(self.writers[home.index()])
    }

    /// The region whose database answers a read.
    fn reader_for(&self, ctx: &Context<'_>, job: &Job) -> Option<RegionId> {
        let home = job.region;
        if self.databases[home.index()].readable() {
            return Some(home);
        }
        if ctx.plan.writes_everywhere() { self.nearest_open(home) } else { self.writers[home.index()] }
    }

    /// A region itself, or if its database is down the next that answers: the application turns to that one.
    fn nearest_open(&self, home: RegionId) -> Option<RegionId> {
        let own = &self.databases[home.index()];
        if own.status != Status::Down {
            return self.writers[home.index()];
        }
        self.databases.iter().find(|db| db.writable()).map(|db| db.region)
    }
}
