//! An item cache in front of a region's table, as DynamoDB Accelerator is: reads that it can answer do not reach the table, writes of
//! its region go through it, and writes that come from other regions go round it.

use super::System;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{RegionId, Ticket};
use crate::model::Session;
use crate::model::plan::Plan;
use crate::system::call::{Answer, Call, State};
use crate::system::context::Context;
use crate::system::database::{Database, Item};
use crate::system::timer::RequestTimer;
use crate::system::version::Found;

/// Whether reads are looked up in a cache. One that carries a promise asks the table.
fn has_cache(plan: &Plan) -> bool {
    *plan.scenario.database.item_cache_s > 0.0 && plan.scenario.clients.session != Session::Token
}

impl Database {
    /// What the cache in front of it has for a key, expired or not.
    fn cached(&self, key: u16) -> Option<&Item> {
        self.items.get(key)
    }
}

impl System {
    /// A server's call on its own region's table is answered by the cache in front of that, if it reads and the cache has its key. True
    /// if so.
    pub(super) fn asks_cache(&mut self, ctx: &mut Context<'_>, ticket: Ticket, call: &Call) -> bool {
        if call.attempt.writes() || call.is_forwarded() || !has_cache(ctx.plan) {
            return false;
        }
        let fresh = |item: &Item| ctx.now < item.expires;
        if !self.databases[call.to.index()].cached(call.attempt.key).is_some_and(fresh) {
            return false;
        }
        if let Some(call) = self.calls.get_mut(ticket) {
            call.state = State::Cached;
        }
        ctx.after(ctx.plan.zone_round_trip, RequestTimer::Stored.of(ticket));
        true
    }

    /// The cache answers a read: what it had when the read came may be older than what the table shows.
    pub(super) fn read_cached(&mut self, ctx: &mut Context<'_>, ticket: Ticket, call: &Call) {
        debug_assert!(!call.attempt.writes(), "a cache answers reads");
        self.meters.cache_hits[call.to.index()] += 1;
        let answer = self.databases[call.to.index()].cached(call.attempt.key).map_or(Answer::No, |item| {
            let found = Found { write: item.version.write, seen: item.version.seen, copy: item.copy };
            self.read_of_copy(call, &item.version, found)
        });
        self.done_storing(ctx, ticket, answer);
    }

    /// The table has answered a server of its own region: what stands there is in the cache from now on.
    pub(super) fn keep_item(&mut self, ctx: &Context<'_>, call: &Call, answer: Answer) {
        if call.is_forwarded() || !answer.is_yes() || !has_cache(ctx.plan) {
            return;
        }
        let span = SimDuration::from_secs(ctx.plan.scenario.database.item_cache_s);
        self.databases[call.to.index()].keep(call.attempt.key, ctx.now + span);
    }

    /// The share of a region's reads that its cache has answered, 0 to 1; `None` if there is no cache, or nobody has read.
    pub fn cache_hits(&self, plan: &Plan, region: RegionId) -> Option<f64> {
        let [hits, reads] =
            [&self.meters.cache_hits, &self.meters.reads].map(|meter| meter[region.index()] as f64);
        (has_cache(plan) && hits + reads > 0.0).then(|| hits / (hits + reads))
    }
}
