//! The database's side of a call: it begins to read or to write, is done, and answers; or nothing comes back.

use super::System;
use crate::kernel::chance::Purpose;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{PopulationId, RegionId, Ticket, WriteId};
use crate::model::plan::Plan;
use crate::model::{Forwarding, Rule, Session};
use crate::system::call::{Answer, Attempt, Call, Hop, State};
use crate::system::context::Context;
use crate::system::database::Role;
use crate::system::network::Cargo;
use crate::system::timer::RequestTimer;
use crate::system::version::{Content, Found, Version};

/// Whether a population's n-th request, if it reads from a quorum, is content with what its region's copy shows: an eventually
/// consistent read. One that carries a promise is not.
pub fn reads_own_copy(plan: &Plan, population: PopulationId, n: u32) -> bool {
    let share = *plan.scenario.database.strongly_consistent_reads;
    let draw = || plan.chance.of(Purpose::Consistency, population.0.into(), n.into(), 0).uniform();
    let promised = plan.scenario.clients.session == Session::Token;
    share < 1.0 && !promised && draw() >= share
}

impl System {
    /// A server of its own region calls on the database.
    pub(super) fn begin_storing(&mut self, ctx: &mut Context<'_>, ticket: Ticket, call: &Call) {
        debug_assert!(!call.is_forwarded(), "what comes from elsewhere comes in a message");
        if self.asks_cache(ctx, ticket, call) {
            return;
        }
        let global = ctx.plan.scenario.database.forwarding == Forwarding::Global;
        if global && self.is_open_for(ctx, call) && self.asks_position(ctx, ticket, call) {
            return;
        }
        let span = self.is_open_for(ctx, call).then(|| self.storing_span(ctx, call)).flatten();
        match span.or_else(|| self.refusing_span(ctx, call)) {
            Some(span) => self.store_after(ctx, ticket, call, span),
            None => {
                self.blame(ticket, self.why_no_database(call.to));
                self.fall_silent(ticket);
                self.limit_wait(ctx, call);
            }
        }
    }

    /// The database is done after a span, and later if a way between zones is bad: then the server may not wait so long.
    fn store_after(&mut self, ctx: &mut Context<'_>, ticket: Ticket, call: &Call, span: SimDuration) {
        let there = self.wait_there(ctx, call);
        let wait = there + self.wait_for_copies(ctx, call);
        if wait > SimDuration::ZERO || self.is_way_bad(ctx, call) {
            self.limit_wait(ctx, call);
        }
        if there < SimDuration::from_secs(ctx.plan.scenario.database.timeout_s) {
            ctx.after(span + wait, RequestTimer::Stored.of(ticket));
        } else {
            // What has not come by then is not sent again.
            self.blame(ticket, self.why_way_bad(ctx, call));
            self.fall_silent(ticket);
        }
    }

    /// A server of another region calls on the database.
    pub(super) fn on_forwarded(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&call) = self.calls.get(ticket) else { return };
        debug_assert!(call.is_forwarded(), "a call is passed on to another region");
        let database = &self.databases[call.to.index()];
        let replaced = self.is_replaced(ctx.plan, call.to);
        let refusing = self.refusing_span(ctx, &call);
        if self.is_open_for(ctx, &call) {
            match self.storing_span(ctx, &call) {
                Some(span) => ctx.after(span, RequestTimer::Stored.of(ticket)),
                None => self.fall_silent(ticket),
            }
        } else if let Some(span) = refusing {
            ctx.after(span, RequestTimer::Stored.of(ticket));
        } else if !database.answers()
            || (database.role == Role::Promoting && !replaced)
            || !self.is_led(ctx.plan, &call)
        {
            // It is down for now and cannot even refuse.
            self.fall_silent(ticket);
        } else {
            self.reply(ctx, ticket, Answer::No);
        }
    }

    /// Whether the database that is called does what it is asked for.
    #[inline]
    pub(super) fn is_open_for(&self, ctx: &Context<'_>, call: &Call) -> bool {
        let serves = if call.is_at_reader() {
            self.databases[call.to.index()].reader_answers() && !self.is_replaced(ctx.plan, call.to)
        } else if call.attempt.writes() {
            self.takes_write(ctx.plan, call)
        } else {
            self.serves_reads(ctx.plan, call.to)
        };
        serves && self.is_led(ctx.plan, call)
    }

    /// How long a database takes to say no to a write because too few copies of its volume are left to keep it; `None` if it does not say
    /// that.
    fn refusing_span(&self, ctx: &Context<'_>, call: &Call) -> Option<SimDuration> {
        let database = &self.databases[call.to.index()];
        let reads_only = database.answers() && database.is_primary() && !database.keeps_writes();
        (call.attempt.writes() && reads_only).then_some(ctx.plan.zone_round_trip)
    }

    /// How long the database works on a call; `None` if it would wait too long for its turn, or for blocks of a restored volume.
    fn storing_span(&mut self, ctx: &mut Context<'_>, call: &Call) -> Option<SimDuration> {
        let waits = if call.is_at_reader() { SimDuration::ZERO } else { self.wait_for_capacity(ctx, call)? };
        let zones = self.zones_dark[call.to.index()].iter().filter(|dark| !**dark).count();
        let database = &mut self.databases[call.to.index()];
        let loading = database.fetch(ctx, &call.attempt)?;
        let span = if call.attempt.writes() {
            database.commit_span(ctx.plan, zones, &mut call.attempt.draws(ctx, Hop::Commit))
        } else {
            ctx.plan.read
        };
        Some(waits + span + ctx.plan.zone_round_trip + loading)
    }

    /// A server does not wait for the database for ever. One that has called on another region's waits since then.
    pub(super) fn limit_wait(&self, ctx: &mut Context<'_>, call: &Call) {
        debug_assert!(call.parent.is_some(), "a server waits for what it has called on");
        if let Some(parent) = call.parent.filter(|_| !call.is_forwarded()) {
            ctx.after_s(ctx.plan.scenario.database.timeout_s, RequestTimer::StoreTimedOut.of(parent));
        }
    }

    /// Whether the server that has called still waits for the answer.
    pub(super) fn is_awaited(&self, call: &Call) -> bool {
        let parent = call.parent.and_then(|parent| self.calls.get(parent));
        debug_assert!(call.parent.is_some(), "a server waits for what it has called on");
        parent.is_some_and(|parent| parent.state.waits_for().is_some())
    }

    /// The database has done its work: a read has its version, a write is durable from now on.
    pub(super) fn on_stored(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&call) = self.calls.get(ticket) else { return };
        let region = call.to;
        if call.state == State::Cached {
            self.read_cached(ctx, ticket, &call);
            return;
        }
        if !self.is_open_for(ctx, &call) {
            if self.refusing_span(ctx, &call).is_some() {
                self.blame(ticket, self.why_reads_only(region));
                self.done_storing(ctx, ticket, Answer::No);
                return;
            }
            self.limit_wait(ctx, &call);
            self.blame(ticket, self.why_no_database(region));
            self.fall_silent(ticket);
            return;
        }
        if self.token_waits(ctx, ticket, &call) {
            return;
        }
        let Attempt { population, n, .. } = call.attempt;
        let asks_others = call.attempt.writes() || !reads_own_copy(ctx.plan, population, n);
        if ctx.plan.rule() == Rule::Quorum && asks_others {
            self.agree(ctx, ticket, &call);
            return;
        }
        let answer = match call.attempt.write {
            Some(write) => self.write(ctx, &call, write),
            None if call.is_at_reader() => self.read_at_reader(ctx, &call),
            None => self.read(ctx, &call),
        };
        self.keep_item(ctx, &call, answer);
        if self.gather(ctx, ticket, &call, answer) || self.hold_back(ctx, ticket, &call, answer) {
            return;
        }
        if answer == Answer::No && self.found_by(&call).content.is_ruined() {
            self.blame(ticket, self.ruined_by);
        }
        self.done_storing(ctx, ticket, answer);
    }

    /// What stands in the database under the key that a call asks for.
    fn found_by(&self, call: &Call) -> &Version {
        &self.databases[call.to.index()].versions[usize::from(call.attempt.key)]
    }

    fn write(&mut self, ctx: &mut Context<'_>, call: &Call, write: WriteId) -> Answer {
        let Version { id, content, .. } = *self.found_by(call);
        let outrun = matches!(call.state, State::Storing(Some(seen)) if seen != id);
        if outrun {
            return Self::refuse(ctx, call, write, id);
        }
        // What is gone cannot be changed.
        if content == Content::Deleted {
            Answer::No
        } else {
            Answer::Written(self.commit(ctx, call, write, content))
        }
    }

    #[inline]
    fn read(&self, ctx: &Context<'_>, call: &Call) -> Answer {
        let found = self.found_at(call.to, call.attempt.key, ctx.plan.rule());
        self.read_of_copy(call, self.found_by(call), found)
    }

    /// What a call is told that reads a version.
    #[inline]
    pub(super) fn read_of_copy(&self, call: &Call, version: &Version, found: Found) -> Answer {
        // What is rubbish, or newer than the server's release, cannot be read.
        let release = self.fleets.regions[call.home.index()].version;
        let legible = version.content == Content::Good && version.format <= release;
        if legible { Answer::Read(version.id, found) } else { Answer::No }
    }

    /// What a copy has to say about a key.
    #[inline]
    pub(super) fn found_at(&self, region: RegionId, key: u16, rule: Rule) -> Found {
        let database = &self.databases[region.index()];
        let shown = &database.versions[usize::from(key)];
        let mut seen = shown.seen;
        if matches!(rule, Rule::Siblings | Rule::Merge) {
            // A reader gets all that stand side by side, or what they are merged to.
            for version in database.all_versions(key) {
                seen.join(version.seen);
            }
        }
        let copy = database.seen[usize::from(key)];
        debug_assert!(copy.includes(seen), "a copy has seen what it shows");
        Found { write: shown.write, seen, copy }
    }

    /// The database says what it has done.
    pub(super) fn done_storing(&mut self, ctx: &mut Context<'_>, ticket: Ticket, answer: Answer) {
        let Some(call) = self.calls.get(ticket) else { return };
        debug_assert!(!matches!(call.state, State::Done(_)), "a database says once what it has done");
        if call.state != State::Cached {
            let meter = if call.attempt.writes() { &mut self.meters.writes } else { &mut self.meters.reads };
            meter[call.to.index()] += 1;
        }
        if call.is_forwarded() && self.is_awaited(call) {
            self.reply(ctx, ticket, answer);
            return;
        }
        let back = self.wait_back(ctx, call);
        if back > SimDuration::ZERO {
            self.limit_wait(ctx, call);
        }
        if let Some(call) = self.calls.get_mut(ticket) {
            call.state = State::Done(answer);
        }
        if back > SimDuration::ZERO {
            ctx.after(back, RequestTimer::Replied.of(ticket));
        } else {
            self.on_reply(ctx, ticket);
        }
    }

    fn reply(&mut self, ctx: &mut Context<'_>, ticket: Ticket, answer: Answer) {
        let Some(call) = self.calls.get_mut(ticket) else { return };
        call.state = State::Done(answer);
        let (draws, writes) = (call.attempt.draws(ctx, Hop::Reply), call.attempt.writes());
        self.network.send_request(ctx, draws, call.back(), Cargo::Reply(ticket), writes, answer.is_yes());
    }

    /// The database's answer has come to the server, which may not be waiting for it any more.
    pub(super) fn on_reply(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(call) = self.calls.get(ticket) else { return };
        debug_assert!(matches!(call.state, State::Done(_)), "an answer has been given");
        match call.parent.filter(|_| self.is_awaited(call)) {
            Some(parent) => self.heard(ctx, parent, Some(ticket)),
            None => drop(self.calls.remove(ticket)),
        }
    }

    /// The database will never answer this call: its server times out.
    pub(super) fn fall_silent(&mut self, ticket: Ticket) {
        let Some(call) = self.calls.get(ticket) else { return };
        debug_assert!(call.parent.is_some(), "a server waits in vain");
        if !self.is_awaited(call) {
            self.calls.remove(ticket);
        } else if let Some(call) = self.calls.get_mut(ticket) {
            call.state = State::Silent;
        }
    }
}
