//! Session tokens: reads that are sent on, or wait, until a copy has seen what the token names.

use super::System;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{RegionId, Ticket};
use crate::model::Rule;
use crate::system::call::{Call, State};
use crate::system::context::Context;
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
    pub(super) fn token_sends_to(&self, call: &Call) -> Option<RegionId> {
        debug_assert!(!call.attempt.writes(), "a token is for reads");
        let token = self.clients.carried(call.attempt.request)?;
        let key = usize::from(call.attempt.key);
        let here = self.databases[call.home.index()].seen[key];
        let missing =
            |db: &&crate::system::database::Database| !here.includes(token.only(db.region)) && db.readable();
        let mut writers = self.databases.iter().filter(missing);
        let first = writers.clone().next();
        writers.find(|db| db.seen[key].includes(token)).or(first).map(|db| db.region)
    }

    /// A copy that was asked has not seen what the token names either: the read waits there until it has.
    pub(super) fn token_waits(&mut self, ctx: &mut Context<'_>, ticket: Ticket, call: &Call) -> bool {
        let Some(token) = self.clients.carried(call.attempt.request) else { return false };
        let seen = self.databases[call.to.index()].seen[usize::from(call.attempt.key)];
        if call.attempt.writes() || seen.includes(token) || !self.is_awaited(call) {
            return false;
        }
        if call.state != State::Lagging {
            self.limit_wait(ctx, call);
        }
        if let Some(call) = self.calls.get_mut(ticket) {
            call.state = State::Lagging;
        }
        // Something new can come as often as the streams ship.
        let pause = SimDuration::from_secs(ctx.plan.scenario.database.ship_interval_s.max(0.01));
        ctx.after(pause, RequestTimer::Stored.of(ticket));
        true
    }
}
