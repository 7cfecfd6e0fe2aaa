//! Quorum writes: proposals, votes, and what becomes of them. Why that is safe is said in `system::quorum`.

use super::System;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{PopulationId, RegionId, Ticket, VersionId, WriteId};
use crate::model::plan::Site;
use crate::model::{QUORUM_REGIONS, Rule};
use crate::system::call::{Answer, Attempt, Call};
use crate::system::context::Context;
use crate::system::database::Status;
use crate::system::network::{Cargo, Flight};
use crate::system::occurrence::{Committed, Occurrence, Placed};
use crate::system::quorum::{Accepted, Proposal, Talk};
use crate::system::version::Content;

/// A proposal that not all have answered is sent again after this time.
const PATIENCE: SimDuration = SimDuration::from_micros(1_000_000);

impl System {
    /// The copy that was called has done its work: now another region is asked.
    pub(super) fn agree(&mut self, ctx: &mut Context<'_>, ticket: Ticket, call: &Call) {
        debug_assert_eq!(ctx.plan.rule(), Rule::Quorum, "others are asked if the rule says so");
        self.limit_wait(ctx, call);
        match call.attempt.write {
            Some(write) => self.propose(ctx, ticket, call, write),
            None => self.inquire(ctx, ticket, call),
        }
    }

    pub(super) fn others(&self, region: RegionId) -> impl Iterator<Item = RegionId> + use<> {
        (0..self.databases.len() as u8).map(RegionId).filter(move |other| *other != region)
    }

    fn propose(&mut self, ctx: &mut Context<'_>, ticket: Ticket, call: &Call, write: WriteId) {
        let (Attempt { key, population, number: attempt, .. }, region) = (call.attempt, call.to);
        if let Some(version) = self.committed_before(ctx, call, write) {
            self.done_storing(ctx, ticket, Answer::Written(version));
            return;
        }
        let database = &self.databases[region.index()];
        let found = database.versions[usize::from(key)];
        if let Some(other) = database.tentative.get(key).copied() {
            self.meet_tentative(ctx, ticket, (call, write), other);
            return;
        }
        if let Some(accepted) = database.accepted.get(key).copied() {
            self.meet(ctx, ticket, (call, write), (accepted.version.id, accepted.version.at));
            return;
        }
        if found.content == Content::Deleted {
            self.done_storing(ctx, ticket, Answer::No);
            return;
        }
        let content = self.content_of(ctx, call, found.content);
        let format = self.fleets.regions[call.home.index()].version;
        let version = self.next_version(ctx, key, region, (write, content, format));
        // It is part of what all rely on once another region has accepted it.
        let over = found.id;
        ctx.tell(Occurrence::Proposed(Committed { key, version, population, connection: 0, over }));
        let proposal = Proposal {
            key,
            version,
            region,
            call: ticket,
            votes: [None; QUORUM_REGIONS],
            said: [None; QUORUM_REGIONS],
            withdrawn: false,
            sent: ctx.now,
            attempt,
            tries: 0,
        };
        debug_assert!(!self.databases[region.index()].is_open(key), "one write at a time is open");
        let id = self.proposals.insert(proposal);
        self.databases[region.index()].tentative.insert(key, id);
        self.send_proposal(ctx, id);
    }

    /// Another write of this region is tentative under the key: an earlier attempt of the same is waited for, a fresh one
    /// is a conflict, and one that nobody answers says that the others cannot be reached.
    fn meet_tentative(
        &mut self,
        ctx: &mut Context<'_>,
        ticket: Ticket,
        (call, write): (&Call, WriteId),
        other: Ticket,
    ) {
        let Some(proposal) = self.proposals.get_mut(other) else { return };
        let same_key = proposal.key == call.attempt.key;
        debug_assert!(same_key && !proposal.withdrawn, "what is tentative may still hold");
        if proposal.version.write == write {
            proposal.call = ticket;
            return;
        }
        let known = (proposal.version.id, proposal.version.at);
        self.meet(ctx, ticket, (call, write), known);
    }

    /// A write meets another that is open: a fresh one is a conflict, and one that nobody answers says that the others
    /// cannot be reached.
    fn meet(
        &mut self,
        ctx: &mut Context<'_>,
        ticket: Ticket,
        (call, write): (&Call, WriteId),
        (other, since): (VersionId, SimTime),
    ) {
        debug_assert!(since <= ctx.now, "what is met was there before");
        let silent = ctx.now.since(since).secs() > ctx.plan.scenario.database.timeout_s;
        let answer = if silent { Answer::No } else { Self::refuse(ctx, call, write, other) };
        self.done_storing(ctx, ticket, answer);
    }

    fn send_proposal(&mut self, ctx: &mut Context<'_>, id: Ticket) {
        let Some(proposal) = self.proposals.get_mut(id) else { return };
        debug_assert!(proposal.version.at <= proposal.sent, "a version is made before it is proposed");
        proposal.sent = ctx.now;
        proposal.tries += 1;
        let proposal = *proposal;
        for other in self.others(proposal.region).filter(|other| proposal.votes[other.index()].is_none()) {
            let (from, to) = (Site::Region(proposal.region), Site::Region(other));
            let draws = proposal.draws(ctx, Talk::Propose(other));
            let cargo = Cargo::Propose(id, proposal.withdrawn);
            self.network.send_request(ctx, draws, (from, to), cargo, true, true);
        }
    }

    /// Proposals and withdrawals without all answers are sent again; regions that accepted and heard no more ask about it.
    pub(crate) fn propose_again(&mut self, ctx: &mut Context<'_>) {
        if ctx.plan.rule() != Rule::Quorum {
            return;
        }
        let now = ctx.now;
        let late = |since: SimTime| now.since(since) >= PATIENCE;
        let up: Vec<bool> = self.databases.iter().map(|db| db.status == Status::Up).collect();
        let open = self.proposals.tickets();
        for id in open {
            let Some(proposal) = self.proposals.get(id).copied() else { continue };
            if !late(proposal.sent) || !up[proposal.region.index()] {
                continue;
            }
            let refused =
                self.others(proposal.region).any(|other| proposal.votes[other.index()] == Some(false));
            if refused && !proposal.withdrawn {
                self.withdraw(ctx, id, &proposal);
            } else {
                self.send_proposal(ctx, id);
            }
        }
        for here in 0..self.databases.len() {
            for accepted in self.databases[here].accepted.values_mut().filter(|a| up[here] && late(a.since)) {
                accepted.since = ctx.now;
                let writer = accepted.version.id.region;
                let third = (0..up.len() as u8).map(RegionId).find(|r| r.index() != here && *r != writer);
                if let Some(third) = third {
                    let (pair, cargo) = ((RegionId(here as u8), third), Cargo::Adopt(accepted.id));
                    self.network.send_numbered(ctx, pair, cargo, true);
                }
            }
        }
    }

    /// Another region is asked to accept a proposal, or told that it is withdrawn.
    pub(super) fn on_proposed(&mut self, ctx: &mut Context<'_>, id: Ticket, withdrawn: bool, to: Site) {
        let (Some(proposal), Site::Region(here)) = (self.proposals.get(id).copied(), to) else {
            return;
        };
        debug_assert_ne!(here, proposal.region, "a region proposes to others");
        if self.databases[here.index()].status != Status::Up {
            return;
        }
        let yes = !withdrawn && self.accepts(ctx, here, id, &proposal);
        if withdrawn {
            self.close(ctx, here, id, proposal.key);
        }
        if let Some(proposal) = self.proposals.get_mut(id) {
            proposal.said[here.index()] = Some(yes);
        }
        let (from, back) = (Site::Region(here), Site::Region(proposal.region));
        let draws = proposal.draws(ctx, Talk::Vote(here));
        self.network.send_request(ctx, draws, (from, back), Cargo::Vote(id, yes), true, yes);
    }

    fn accepts(&mut self, ctx: &mut Context<'_>, here: RegionId, id: Ticket, proposal: &Proposal) -> bool {
        let (key, version) = (proposal.key, proposal.version);
        let database = &self.databases[here.index()];
        if database.seen[usize::from(key)].covers(version.id) {
            return true;
        }
        if proposal.said[here.index()] == Some(false) {
            return false;
        }
        if let Some(own) = database.tentative.get(key).copied() {
            // A region that has seen our own write knows that another has accepted it.
            if !self.proposals.get(own).is_some_and(|mine| version.has_seen(&mine.version)) {
                return false;
            }
            self.settle_proposal(ctx, own);
        }
        if let Some(other) = self.databases[here.index()].accepted.get(key).copied() {
            if other.id == id {
                return true;
            }
            if !version.has_seen(&other.version) {
                return false;
            }
            self.hold(ctx, here, key, &other);
        }
        let database = &mut self.databases[here.index()];
        if !version.has_seen(&database.versions[usize::from(key)]) {
            return false;
        }
        debug_assert!(!database.is_open(key), "one write at a time is open");
        database.accepted.insert(key, Accepted { id, version, since: ctx.now });
        true
    }

    /// Another region has answered.
    pub(super) fn on_vote(&mut self, ctx: &mut Context<'_>, id: Ticket, from: Site, yes: bool) {
        let (Some(proposal), Site::Region(voter)) = (self.proposals.get_mut(id), from) else { return };
        debug_assert_ne!(voter, proposal.region, "no region votes on what it proposes");
        // A region that has accepted what is withdrawn has to hear of that.
        proposal.votes[voter.index()] = if proposal.withdrawn && yes { None } else { Some(yes) };
        let proposal = *proposal;
        let all_refuse =
            self.others(proposal.region).all(|other| proposal.votes[other.index()] == Some(false));
        match (proposal.withdrawn, yes) {
            (true, false) if all_refuse => {
                self.proposals.remove(id);
            }
            (false, true) => self.settle_proposal(ctx, id),
            (false, false) if all_refuse => {
                self.withdraw(ctx, id, &proposal);
                self.proposals.remove(id);
            }
            (true, _) | (false, false) => {}
        }
    }

    /// A proposal is given up: its client hears that another write was there first. A region that has not answered may have
    /// accepted it, and is told.
    fn withdraw(&mut self, ctx: &mut Context<'_>, id: Ticket, proposal: &Proposal) {
        debug_assert!(!proposal.withdrawn, "a proposal is withdrawn once");
        let shown = self.databases[proposal.region.index()].versions[usize::from(proposal.key)].id;
        ctx.tell(Occurrence::Withdrawn(proposal.version.id, shown));
        self.done_storing(ctx, proposal.call, Answer::Outrun);
        if let Some(proposal) = self.proposals.get_mut(id) {
            proposal.withdrawn = true;
        }
        self.close(ctx, proposal.region, id, proposal.key);
        self.send_proposal(ctx, id);
    }

    /// A proposal holds: two regions of three have it.
    fn settle_proposal(&mut self, ctx: &mut Context<'_>, id: Ticket) {
        let Some(&proposal) = self.proposals.remove(id) else { return };
        debug_assert!(!proposal.withdrawn, "what was withdrawn does not hold");
        let (key, version, region) = (proposal.key, proposal.version.id, proposal.region);
        ctx.tell(Occurrence::Agreed(version));
        self.databases[region.index()].take(key, proposal.version, ctx.plan.rule());
        ctx.tell(Occurrence::TakenIn(Placed { key, region, version }, false));
        self.close(ctx, region, id, key);
        for other in self.others(region) {
            let (from, to) = (Site::Region(region), Site::Region(other));
            let draws = proposal.draws(ctx, Talk::Settled(other));
            let cargo = Cargo::Settled(id, key, version, true);
            self.network.send_request(ctx, draws, (from, to), cargo, true, true);
        }
        let call = self.calls.get(proposal.call).copied();
        let attempt = call.map(|call| call.attempt);
        let population = attempt.map_or(PopulationId(0), |attempt| attempt.population);
        let commit = self.commit_of(ctx, key, &proposal.version, (population, 0));
        self.pass_on(ctx.plan, commit);
        if let Some(attempt) = attempt {
            self.clients.committed(attempt.request, proposal.version.write, version);
        }
        self.note_token(ctx.plan, proposal.version.write, version);
        self.done_storing(ctx, proposal.call, Answer::Written(version));
    }

    /// The region that proposed says what has become of it.
    pub(super) fn on_settled(
        &mut self,
        ctx: &mut Context<'_>,
        (id, key, version): (Ticket, u16, VersionId),
        to: Site,
        holds: bool,
    ) {
        let Site::Region(here) = to else { return };
        let accepted = self.databases[here.index()].accepted.get(key).copied();
        match accepted.filter(|accepted| accepted.version.id == version) {
            Some(accepted) if holds => self.hold(ctx, here, key, &accepted),
            Some(_) => self.close(ctx, here, id, key),
            // The stream brings it.
            None => {}
        }
    }

    /// What a region has accepted holds: it is shown from now on.
    fn hold(&mut self, ctx: &mut Context<'_>, here: RegionId, key: u16, accepted: &Accepted) {
        debug_assert_ne!(accepted.version.id.region, here, "a region accepts what others propose");
        self.databases[here.index()].take(key, accepted.version, ctx.plan.rule());
        let version = accepted.version.id;
        ctx.tell(Occurrence::TakenIn(Placed { key, region: here, version }, false));
        self.close(ctx, here, accepted.id, key);
    }

    /// What a stream has brought may be what a region had accepted.
    pub(super) fn close_known(&mut self, ctx: &mut Context<'_>, here: RegionId, key: u16) {
        let database = &self.databases[here.index()];
        let seen = database.seen[usize::from(key)];
        let known = |a: &&Accepted| seen.covers(a.version.id);
        if let Some(id) = database.accepted.get(key).filter(known).map(|accepted| accepted.id) {
            self.close(ctx, here, id, key);
        }
    }

    /// A region that accepted a proposal hears no more of the region that made it.
    pub(super) fn on_adopt(&mut self, ctx: &mut Context<'_>, id: Ticket, flight: &Flight) {
        let (Site::Region(here), Site::Region(asks)) = (flight.to, flight.from) else { return };
        // What is not open any more holds: a withdrawn one stays until all have heard.
        let yes = match self.proposals.get(id).copied() {
            Some(proposal) => {
                proposal.said[here.index()] != Some(false) && self.accepts(ctx, here, id, &proposal)
            }
            None => true,
        };
        if let Some(proposal) = self.proposals.get_mut(id) {
            proposal.said[here.index()] = Some(yes);
        }
        self.network.send_numbered(ctx, (here, asks), Cargo::Adopted(id, yes), yes);
    }

    /// The remaining region holds it too, so that it stands whatever its own region does.
    pub(super) fn on_adopted(&mut self, ctx: &mut Context<'_>, id: Ticket, to: Site, yes: bool) {
        let Site::Region(here) = to else { return };
        let mine = self.databases[here.index()].accepted.iter();
        let found = mine.map(|(key, accepted)| (key, *accepted)).find(|(_, accepted)| accepted.id == id);
        if let (Some((key, accepted)), true) = (found, yes) {
            ctx.tell(Occurrence::Agreed(accepted.version.id));
            self.hold(ctx, here, key, &accepted);
        }
    }
}
