//! Quorum reads: what a region shows is compared with what another region shows, and the newer is read.

use super::System;
use crate::kernel::id::{RegionId, Ticket};
use crate::model::Rule;
use crate::model::plan::Site;
use crate::system::call::{Answer, Attempt, Call, Hop, State};
use crate::system::context::Context;
use crate::system::database::Status;
use crate::system::network::{Cargo, Shown};
use crate::system::quorum::Waiting;
use crate::system::version::{Content, Found};

impl System {
    /// Nothing of a proposal is open at a region any more: reads that waited there go on.
    pub(super) fn close(&mut self, ctx: &mut Context<'_>, here: RegionId, id: Ticket, key: u16) {
        let database = &mut self.databases[here.index()];
        if database.tentative.get(key) == Some(&id) {
            database.tentative.remove(key);
        }
        if database.accepted.get(key).is_some_and(|accepted| accepted.id == id) {
            database.accepted.remove(key);
        }
        if self.waiting.is_empty() || database.is_open(key) {
            return;
        }
        let (ready, waiting): (Vec<Waiting>, Vec<Waiting>) =
            self.waiting.iter().partition(|waiting| waiting.region == here && waiting.key == key);
        self.waiting = waiting;
        for Waiting { call, .. } in ready {
            let Some(&known) = self.calls.get(call) else { continue };
            let Attempt { key: wanted, write, .. } = known.attempt;
            debug_assert!(wanted == key && write.is_none(), "who waits here reads this key");
            if known.to == here {
                self.inquire(ctx, call, &known);
            } else {
                self.inform(ctx, call, &known, here);
            }
        }
    }

    /// A read asks both other regions; the first answer is compared with the region's own copy.
    pub(super) fn inquire(&mut self, ctx: &mut Context<'_>, ticket: Ticket, call: &Call) {
        debug_assert!(!call.attempt.writes(), "what writes is proposed");
        let region = call.to;
        if self.waits(ticket, call.attempt.key, region) {
            return;
        }
        for other in self.others(region) {
            let (from, to) = (Site::Region(region), Site::Region(other));
            let draws = call.attempt.draws(ctx, Hop::Inquire(other));
            self.network.send_request(ctx, draws, (from, to), Cargo::Inquire(ticket), false, true);
        }
    }

    /// Whether a read has to wait at a region until the proposal that is open there under its key is settled. If so it is put
    /// on the list of those that wait.
    fn waits(&mut self, call: Ticket, key: u16, region: RegionId) -> bool {
        let open = self.databases[region.index()].is_open(key);
        if open {
            self.waiting.push(Waiting { region, key, call });
        }
        open
    }

    /// A region is asked what it shows.
    pub(super) fn on_inquiry(&mut self, ctx: &mut Context<'_>, ticket: Ticket, to: Site) {
        let (Some(call), Site::Region(here)) = (self.calls.get(ticket).copied(), to) else { return };
        debug_assert_ne!(here, call.to, "a region asks others");
        if self.databases[here.index()].status == Status::Up && !self.waits(ticket, call.attempt.key, here) {
            self.inform(ctx, ticket, &call, here);
        }
    }

    fn inform(&mut self, ctx: &mut Context<'_>, ticket: Ticket, call: &Call, here: RegionId) {
        let version = &self.databases[here.index()].versions[usize::from(call.attempt.key)];
        let (id, write, content, seen) = (version.id, version.write, version.content, version.seen);
        debug_assert!(seen.covers(id), "a writer has seen its own write");
        let (from, to) = (Site::Region(here), Site::Region(call.to));
        let shown = self.network.keep_aside(Shown { id, write, content, seen });
        let draws = call.attempt.draws(ctx, Hop::Inform(here));
        self.network.send_request(ctx, draws, (from, to), Cargo::Inform(ticket, shown), false, true);
    }

    /// Another region has said what it shows: the newer of the two is read.
    pub(super) fn on_informed(&mut self, ctx: &mut Context<'_>, ticket: Ticket, theirs: Shown) {
        debug_assert!(theirs.seen.covers(theirs.id), "a writer has seen its own write");
        let Some(&call) = self.calls.get(ticket) else { return };
        let settled = matches!(call.state, State::Done(_) | State::Silent);
        if settled || self.waits(ticket, call.attempt.key, call.to) {
            // Somebody was faster; or a write of this region's own has to be settled first, and then all are asked again.
            return;
        }
        let mut found = self.found_at(call.to, call.attempt.key, Rule::Quorum);
        let own = &self.databases[call.to.index()].versions[usize::from(call.attempt.key)];
        let (mut version, mut content) = (own.id, own.content);
        // The regions agree on one version after the other: what this copy has not seen is newer than what it has.
        if !found.seen.covers(theirs.id) {
            (version, content) = (theirs.id, theirs.content);
            found.seen.join(theirs.seen);
            found = Found { write: theirs.write, seen: found.seen, copy: found.seen };
        } else {
            found.copy = found.seen;
        }
        debug_assert!(found.seen.covers(version), "who reads a version has seen it");
        let legible = content == Content::Good;
        let answer = if legible { Answer::Read(version, found) } else { Answer::No };
        self.done_storing(ctx, ticket, answer);
    }
}
