//! Positions in the logs of regions: how far a copy has come in each, and what a session's token asks of it.
//!
//! A region's log is its commits in order, numbered by their counts. A copy that follows in order has of a log whatever lies up
//! to its position, as far as it may hold it. Whoever takes over from a primary ends the logs of all others: what it does not
//! have of them has been given up, and nobody waits for that any more. A log goes on where a stream begins anew.

use super::System;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{RegionId, Ticket};
use crate::model::plan::Plan;
use crate::model::{Forwarding, Session};
use crate::system::call::{Call, State};
use crate::system::context::Context;
use crate::system::database::Database;
use crate::system::stream::Replication;
use crate::system::timer::RequestTimer;

impl System {
    /// A stream begins between two copies that are level: what its target does not have of the source's log so far has been
    /// given up.
    pub(super) fn begin_stream(&mut self, ctx: &Context<'_>, stream: Replication) {
        let (from, to) = (stream.from, stream.to);
        debug_assert!(ctx.now <= stream.level, "a stream begins level");
        let end = self.databases[from.index()].log_end();
        self.databases[to.index()].reach(end);
        self.streams.push(stream);
    }

    /// The region that a read's token sends it to if the copy that would be asked is behind: one whose log that copy has not
    /// come far enough in, if possible one that is not behind itself, else any that is not.
    pub(super) fn token_sends_to(&self, plan: &Plan, call: &Call, reader: RegionId) -> Option<RegionId> {
        debug_assert!(!call.attempt.writes(), "a token is for reads");
        if plan.scenario.clients.session != Session::Token {
            return None;
        }
        let token = self.clients.carried(call.attempt.request)?;
        let here = &self.databases[reader.index()];
        if here.applied.includes(token) {
            return None;
        }
        let key = call.attempt.key;
        let serves = |db: &&Database| {
            db.region != reader && plan.holds(db.region, key) && self.serves_reads(plan, db.region)
        };
        let others = || self.databases.iter().filter(serves);
        let wrote = |db: &&Database| !here.applied.includes(token.only(db.region));
        let has_all = |db: &&Database| db.applied.includes(token);
        let best = others().filter(wrote).find(has_all).or_else(|| others().find(has_all));
        best.or_else(|| others().find(wrote)).map(|db| db.region)
    }

    /// A copy that was asked is behind the read's token too: the read waits there until it is not.
    pub(super) fn token_waits(&mut self, ctx: &mut Context<'_>, ticket: Ticket, call: &Call) -> bool {
        let Some(token) = self.clients.carried(call.attempt.request) else { return false };
        let level = self.databases[call.to.index()].applied.includes(token);
        if call.attempt.writes() || level || !self.is_awaited(call) {
            return false;
        }
        if !matches!(call.state, State::Lagging) {
            self.limit_wait(ctx, call);
        }
        if let Some(call) = self.calls.get_mut(ticket) {
            call.state = State::Lagging;
        }
        // Something new can come as often as the streams ship. The database itself hears of it sooner.
        let forwards = ctx.plan.scenario.database.forwarding != Forwarding::Eventual;
        let pause = if forwards { 0.01 } else { ctx.plan.scenario.database.ship_interval_s.max(0.01) };
        let pause = SimDuration::from_secs(pause);
        ctx.after(pause, RequestTimer::Stored.of(ticket));
        true
    }
}
