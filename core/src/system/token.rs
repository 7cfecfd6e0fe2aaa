//! Session tokens: reads that are sent on, or wait, until a copy has seen what the token names.

use super::System;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{RegionId, Ticket};
use crate::model::Rule;
use crate::system::context::Context;
use crate::system::job::Job;
use crate::system::timer::RequestTimer;
use crate::system::version::Found;

impl System {
    /// What a copy has to say about a key.
    pub(super) fn found_at(&self, region: RegionId, key: u16, rule: Rule) -> Found {
        let database = &self.databases[region.index()];
        let shown = &database.versions[usize::from(key)];
        let mut seen = shown.seen;
        if rule == Rule::Siblings {
            // A reader gets all that stand side by side.
            for version in database.all_versions(key) {
                seen.join(version.seen);
            }
        }
        let copy = database.seen[usize::from(key)];
        debug_assert!(copy.includes(seen), "a copy has seen what it shows");
        Found { write: shown.write, seen, copy }
    }

    /// The region that the token sends a read to if its own copy is too old: one whose commit is missing there.
    pub(super) fn token_sends_to(&self, job: &Job) -> Option<RegionId> {
        debug_assert!(!job.writes, "a token is for reads");
        let token = self.clients.carried(job.request)?;
        let key = usize::from(job.key);
        let here = self.databases[job.region.index()].seen[key];
        let missing =
            |db: &&crate::system::database::Database| !here.includes(token.only(db.region)) && db.readable();
        let mut writers = self.databases.iter().filter(missing);
        let first = writers.clone().next();
        writers.find(|db| db.seen[key].includes(token)).or(first).map(|db| db.region)
    }

    /// A copy that was asked has not seen what the token names either: the read waits there until it has.
    pub(super) fn token_waits(&mut self, ctx: &mut Context<'_>, ticket: Ticket, job: &Job) -> bool {
        let Some(token) = self.clients.carried(job.request) else { return false };
        let seen = self.databases[job.data_region.index()].seen[usize::from(job.key)];
        if job.writes || job.abandoned || job.dead_end || seen.includes(token) {
            return false;
        }
        if job.region == job.data_region && !job.waits {
            // A server that passed the read on to another region waits for an answer already.
            ctx.after_s(ctx.plan.scenario.database.timeout_s, RequestTimer::StoreTimedOut.of(ticket));
        }
        if let Some(job) = self.jobs.get_mut(ticket) {
            job.waits = true;
        }
        // Something new can come as often as the streams ship.
        let pause = SimDuration::from_secs(ctx.plan.scenario.database.ship_interval_s.max(0.01));
        ctx.after(pause, RequestTimer::Stored.of(ticket));
        true
    }
}
