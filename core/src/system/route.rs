//! Which region's database the servers of a region ask, to read and to write: as far as their application knows.

use super::System;
use crate::kernel::id::RegionId;
use crate::model::plan::Plan;
use crate::system::call::Call;
use crate::system::context::Context;
use crate::system::database::Role;

impl System {
    /// The region whose database a server asks: its own to read, unless the session's token sends it on, and the owner's to
    /// write; `None` while nobody may write, as far as the servers know.
    pub(super) fn database_for(&mut self, ctx: &Context<'_>, call: &Call) -> Option<RegionId> {
        debug_assert!(call.parent.is_none(), "a client's call needs a database");
        if call.attempt.writes() {
            return self.writer_for(ctx, call);
        }
        let reader = self.reader_for(ctx, call);
        let token = reader.and_then(|reader| self.token_sends_to(ctx.plan, call, reader));
        self.meters.token_forwards += u64::from(token.is_some());
        token.or(reader)
    }

    /// The region whose database is asked to take a write; `None` while nobody may, as far as the servers know.
    pub(super) fn writer_for(&self, ctx: &Context<'_>, call: &Call) -> Option<RegionId> {
        let writer = self.ownership.writer(call.home, self.partition_of(ctx.plan, call))?;
        let anywhere = ctx.plan.writes_everywhere() && !ctx.plan.has_homes();
        Some(if anywhere { self.or_fallback(ctx.plan, writer, call.attempt.key) } else { writer })
    }

    fn partition_of(&self, plan: &Plan, call: &Call) -> usize {
        self.ownership.partition(plan, call.home, call.attempt.key)
    }

    /// Whether the database that a call has come to takes its write. If every region takes the writes of its own clients, any
    /// of them takes what another region's application sends it.
    pub(super) fn takes_write(&self, plan: &Plan, call: &Call) -> bool {
        let writable = self.databases[call.to.index()].writable();
        let anywhere = plan.writes_everywhere() && !plan.has_homes();
        writable && (anywhere || self.ownership.takes(call.to, self.partition_of(plan, call)))
    }

    /// Whether a region's database answers reads: an old primary that knows that it was replaced does not.
    #[inline]
    pub fn serves_reads(&self, plan: &Plan, region: RegionId) -> bool {
        self.databases[region.index()].readable() && !self.is_replaced(plan, region)
    }

    /// The region whose database is asked for a read: its own copy if there is one that serves and may hold the key, else the
    /// owner's.
    fn reader_for(&self, ctx: &Context<'_>, call: &Call) -> Option<RegionId> {
        let home = call.home;
        if !ctx.plan.holds(home, call.attempt.key) {
            return self.ownership.writer(home, self.partition_of(ctx.plan, call));
        }
        if self.serves_reads(ctx.plan, home) {
            return Some(home);
        }
        let own = &self.databases[home.index()];
        let stopped = !own.answers() && !self.is_replaced(ctx.plan, home);
        if stopped && !matches!(own.role, Role::Absent | Role::Rebuilding) {
            // It has a copy, which does not answer: nobody is told to look elsewhere.
            return Some(self.or_fallback(ctx.plan, home, call.attempt.key));
        }
        self.ownership.writer(home, self.partition_of(ctx.plan, call))
    }

    /// A region, or if its database does not answer and the application is made so, the next that takes writes and has the
    /// key.
    fn or_fallback(&self, plan: &Plan, region: RegionId, key: u16) -> RegionId {
        let own = &self.databases[region.index()];
        if own.answers() || !plan.scenario.database.fallback {
            return region;
        }
        let other =
            self.databases.iter().find(|db| db.writable() && plan.holds(db.region, key)).map(|db| db.region);
        debug_assert_ne!(other, Some(region), "what does not answer takes no writes");
        other.unwrap_or(region)
    }
}
