//! Quorum reads: a region compares its register with that of another, and each takes from the other what is newer, if it has
//! promised nothing else. If both have accepted with the same ballot, a majority has, and that is read after one round trip. If
//! they do not agree they are asked again, and in the end the read makes a round of its own.

use super::System;
use crate::kernel::id::{RegionId, Ticket};
use crate::model::QUORUM_REGIONS;
use crate::model::plan::Site;
use crate::system::call::{Answer, Call, Hop, State};
use crate::system::consensus::{Ballot, Round};
use crate::system::context::Context;
use crate::system::database::Status;
use crate::system::network::{Cargo, Shown};
use crate::system::quorum::Inquiry;
use crate::system::registers::Reading;
use crate::system::timer::RequestTimer;
use crate::system::version::{Content, Found, Version};

/// A read that nobody has answered makes a round of its own after this time, in seconds.
const PATIENCE_S: f64 = 0.4;
/// So many answers of regions that do not agree are enough to make a round.
const MOST_ANSWERS: u8 = 6;

impl System {
    /// A read asks the other regions; the first that has what this one has decides.
    pub(super) fn inquire(&mut self, ctx: &mut Context<'_>, ticket: Ticket, call: &Call) {
        debug_assert!(!call.attempt.writes(), "what writes makes a round");
        let id = self.inquiries.insert(Inquiry { call: ticket, answers: 0, last: None });
        for other in self.others(call.to) {
            self.ask_region(ctx, id, call, (other, 0));
        }
        ctx.after_s(PATIENCE_S, RequestTimer::Disagreed.of(id));
    }

    /// A region is asked what it has accepted, and told what this one has.
    fn ask_region(&mut self, ctx: &mut Context<'_>, id: Ticket, call: &Call, (other, nth): (RegionId, u8)) {
        let shown = self.shown_by(call.to, call.attempt.key);
        let cargo = Cargo::Inquire(id, self.network.keep_aside(shown));
        let (draws, ends) =
            (call.attempt.draws(ctx, Hop::Inquire(other, nth)), (Site::Region(call.to), Site::Region(other)));
        self.network.send_request(ctx, draws, ends, cargo, false, true);
    }

    fn shown_by(&self, region: RegionId, key: u16) -> Shown {
        let (accepted, version) = self.databases[region.index()].registers.of(key).shown();
        Shown { ballot: Ballot::NONE, key, accepted, version }
    }

    /// What another region has accepted is accepted here too, unless more was promised: it is what a round has asked for, there as
    /// here. Whether both have accepted the same.
    fn compare(&mut self, here: RegionId, theirs: &Shown) -> bool {
        let database = &mut self.databases[here.index()];
        let (own, _) = database.registers.of(theirs.key).shown();
        if theirs.accepted > own {
            return database
                .registers
                .accept(theirs.key, (theirs.accepted, theirs.version, theirs.accepted))
                .is_ok();
        }
        theirs.accepted == own
    }

    /// A region is asked what it has accepted.
    pub(super) fn on_inquiry(&mut self, ctx: &mut Context<'_>, id: Ticket, theirs: &Shown, to: Site) {
        let (Some(&Inquiry { call, answers, .. }), Site::Region(here)) = (self.inquiries.get(id), to) else {
            return;
        };
        let Some(&call) = self.calls.get(call) else { return };
        debug_assert_ne!(here, call.to, "a region asks others");
        if self.databases[here.index()].status != Status::Up {
            return;
        }
        let _same = self.compare(here, theirs);
        let shown = self.shown_by(here, call.attempt.key);
        let cargo = Cargo::Inform(id, self.network.keep_aside(shown));
        let (draws, ends) = (
            call.attempt.draws(ctx, Hop::Inform(here, answers)),
            (Site::Region(here), Site::Region(call.to)),
        );
        self.network.send_request(ctx, draws, ends, cargo, false, true);
    }

    /// Another region has said what it has accepted.
    pub(super) fn on_informed(&mut self, ctx: &mut Context<'_>, id: Ticket, theirs: &Shown, from: Site) {
        let (Some(&Inquiry { call: ticket, answers, last }), Site::Region(from)) =
            (self.inquiries.get(id), from)
        else {
            return;
        };
        let Some(call) = self.reading(ticket) else {
            self.inquiries.remove(id);
            return;
        };
        // Both have answered since the read began, and together they are a majority.
        let agree = last.is_some_and(|(other, accepted)| other != from && accepted == theirs.accepted);
        if self.compare(call.to, theirs) || (agree && self.databases.len() == QUORUM_REGIONS) {
            self.inquiries.remove(id);
            self.learn(ctx, call.to, theirs.key, theirs.version);
            self.done_storing(ctx, ticket, Self::read_of(&theirs.version));
            return;
        }
        if let Some(inquiry) = self.inquiries.get_mut(id) {
            inquiry.answers += 1;
            inquiry.last = Some((from, theirs.accepted));
        }
        if answers + 1 < MOST_ANSWERS {
            self.ask_region(ctx, id, &call, (from, answers + 1));
        } else {
            self.inquiries.remove(id);
            self.read_by_round(ctx, ticket, &call);
        }
    }

    /// A read was not answered in time: the regions do not agree, or do not answer.
    pub(super) fn on_disagreed(&mut self, ctx: &mut Context<'_>, id: Ticket) {
        let Some(&Inquiry { call: ticket, .. }) = self.inquiries.remove(id) else { return };
        let up = |call: &Call| self.databases[call.to.index()].status == Status::Up;
        if let Some(call) = self.reading(ticket).filter(up) {
            self.read_by_round(ctx, ticket, &call);
        }
    }

    /// The call of a read that was not answered, if anybody waits for it.
    fn reading(&self, ticket: Ticket) -> Option<Call> {
        let open =
            |call: &&Call| !matches!(call.state, State::Done(_) | State::Silent) && self.is_awaited(call);
        self.calls.get(ticket).filter(open).copied()
    }

    /// A read makes a round, unless one of its region is under way: then it waits for the next.
    pub(super) fn read_by_round(&mut self, ctx: &mut Context<'_>, ticket: Ticket, call: &Call) {
        let (region, key) = (call.to, call.attempt.key);
        if let Some(reading) = self.databases[region.index()].registers.reading.get_mut(key) {
            reading.later.push(ticket);
        } else {
            self.begin_reading(ctx, (ticket, call), Vec::new());
        }
    }

    /// A round begins that reads for a call, and for those that joined it.
    fn begin_reading(&mut self, ctx: &mut Context<'_>, (ticket, call): (Ticket, &Call), joined: Vec<Ticket>) {
        let (region, key) = (call.to, call.attempt.key);
        let own = self.databases[region.index()].registers.of_mut(key);
        let round = Round::begin(region, own, None, None);
        let round = self.begin_round(ctx, ticket, call, (None, round));
        let reading = Reading { round, joined, later: Vec::new() };
        self.databases[region.index()].registers.reading.insert(key, reading);
        self.ask_regions(ctx, round);
    }

    /// A round of a region has read a key, or nobody waited for it any more. Reads that came before it began are answered, and
    /// for those that came since another begins.
    pub(super) fn end_reading(
        &mut self,
        ctx: &mut Context<'_>,
        region: RegionId,
        key: u16,
        read: Option<Answer>,
    ) {
        let Some(Reading { joined, mut later, .. }) =
            self.databases[region.index()].registers.reading.remove(key)
        else {
            return;
        };
        match read {
            Some(answer) => {
                for call in joined {
                    if self.reading(call).is_some() {
                        self.done_storing(ctx, call, answer);
                    }
                }
            }
            None => later.splice(..0, joined).for_each(drop),
        }
        later.retain(|call| self.reading(*call).is_some());
        if let Some(call) = later.first().and_then(|first| self.reading(*first)) {
            let first = later.remove(0);
            self.begin_reading(ctx, (first, &call), later);
        }
    }

    /// What a reader gets of a version that was chosen.
    pub(super) fn read_of(version: &Version) -> Answer {
        let Version { id, write, seen, .. } = *version;
        debug_assert!(seen.covers(id), "who reads a version has seen it");
        let found = Found { write, seen, copy: seen };
        if version.content == Content::Good { Answer::Read(id, found) } else { Answer::No }
    }
}
