//! Rounds of a quorum: what they ask other regions, what those answer, and how a round ends.

use super::System;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{RegionId, Ticket, VersionId, WriteId};
use crate::model::plan::Site;
use crate::model::{QuorumReads, Rule};
use crate::system::call::{Answer, Attempt, Call, State};
use crate::system::consensus::{Ballot, Outcome, Phase, Round, Value};
use crate::system::context::Context;
use crate::system::database::Status;
use crate::system::network::{Cargo, Shown};
use crate::system::occurrence::{Committed, Occurrence};
use crate::system::quorum::{Proposal, Talk};
use crate::system::registers::Refusal;
use crate::system::timer::RequestTimer;
use crate::system::version::{Content, Version};

/// What not all have answered is asked again after this time.
const PATIENCE: SimDuration = SimDuration::from_micros(1_000_000);
/// A round that one region has refused begins again if the others have not answered after this time, in seconds.
const UNANSWERED_S: f64 = 0.15;
/// A round that has not got through for this time goes behind those that have come since: it may be that nobody can answer it.
const LEAD: SimDuration = SimDuration::from_micros(3_000_000);
/// Half of the longest pause of a round that lets an older one go first, in seconds. It doubles each time.
const FIRST_PAUSE_S: f64 = 0.02;

/// What the region does that makes a round.
impl System {
    /// The copy that was called has done its work: now the others are asked.
    pub(super) fn agree(&mut self, ctx: &mut Context<'_>, ticket: Ticket, call: &Call) {
        debug_assert_eq!(ctx.plan.rule(), Rule::Quorum, "others are asked if the rule says so");
        if !matches!(call.state, State::Lagging) {
            self.limit_wait(ctx, call);
        }
        match call.attempt.write {
            Some(write) => self.propose(ctx, ticket, call, write),
            None if ctx.plan.rules.reads == QuorumReads::Leased => self.read_by_lease(ctx, ticket, call),
            None => self.inquire(ctx, ticket, call),
        }
    }

    pub(super) fn others(&self, region: RegionId) -> impl Iterator<Item = RegionId> + use<> {
        (0..self.databases.len() as u8).map(RegionId).filter(move |other| *other != region)
    }

    /// How many regions are more than half of them.
    pub(super) fn majority(&self) -> usize {
        self.databases.len() / 2 + 1
    }

    fn propose(&mut self, ctx: &mut Context<'_>, ticket: Ticket, call: &Call, write: WriteId) {
        let (Attempt { key, population, .. }, region) = (call.attempt, call.to);
        let database = &self.databases[region.index()];
        let (_, base) = database.registers.of(key).shown();
        if let Some(version) = self.known_in(ctx.plan, &call.attempt, write, database.seen[usize::from(key)])
        {
            self.done_storing(ctx, ticket, Answer::Written(version));
            return;
        }
        if let Some(other) = database.registers.tentative.get(key).copied() {
            self.meet_tentative(ctx, ticket, (call, write), other);
            return;
        }
        if base.content == Content::Deleted {
            self.done_storing(ctx, ticket, Answer::No);
            return;
        }
        let content = self.content_of(ctx, call, base.content);
        let format = self.fleets.regions[call.home.index()].version;
        let version = self.next_version(ctx, key, region, (write, content, format)).over(&base);
        // It is part of what all rely on once a majority has accepted it.
        ctx.tell(Occurrence::Proposed(Committed { key, version, population, connection: 0, over: base.id }));
        self.note_token(ctx.plan, write, version.id);
        let known = self.known_in(ctx.plan, &call.attempt, write, base.seen);
        let registers = &mut self.databases[region.index()].registers;
        let ready = registers.ready.get(key).copied().filter(|_| known.is_none());
        let round = Round::begin(region, registers.of_mut(key), Some((version, base)), ready);
        let id = self.begin_round(ctx, ticket, call, (Some(version), round));
        self.databases[region.index()].registers.tentative.insert(key, id);
        self.ask_regions(ctx, id);
    }

    /// A round begins for a call.
    pub(super) fn begin_round(
        &mut self,
        ctx: &Context<'_>,
        ticket: Ticket,
        call: &Call,
        (version, round): (Option<Version>, Round<Version>),
    ) -> Ticket {
        let (attempt, region) = (call.attempt, call.to);
        let (key, sent) = (attempt.key, ctx.now);
        let call = ticket;
        self.proposals.insert(Proposal {
            key,
            region,
            call,
            attempt,
            version,
            round,
            began: ctx.now,
            sent,
            tries: 0,
            outbid: 0,
            due: ctx.now,
            renewed: false,
        })
    }

    /// Another write of this region is under way under the key: an earlier attempt of the same is waited for, a fresh one is a
    /// conflict, and one that nobody answers says that the others cannot be reached.
    fn meet_tentative(
        &mut self,
        ctx: &mut Context<'_>,
        ticket: Ticket,
        (call, write): (&Call, WriteId),
        other: Ticket,
    ) {
        let Some(proposal) = self.proposals.get_mut(other) else { return };
        debug_assert_eq!(proposal.key, call.attempt.key, "both are under one key");
        let Some(version) = proposal.version else { return };
        if version.write == write {
            proposal.call = ticket;
            return;
        }
        let silent = ctx.now.since(version.at).secs() > ctx.plan.scenario.database.timeout_s;
        let answer = if silent { Answer::No } else { Self::refuse(ctx, call, write, version.id) };
        self.done_storing(ctx, ticket, answer);
    }

    /// A round asks all that have not done what it asks, its own region's acceptor among them.
    pub(super) fn ask_regions(&mut self, ctx: &mut Context<'_>, id: Ticket) {
        let Some(proposal) = self.proposals.get_mut(id) else { return };
        proposal.sent = ctx.now;
        proposal.tries += 1;
        let (Proposal { key, region, round, .. }, age) = (*proposal, proposal.age());
        let own = &mut self.databases[region.index()].registers;
        if round.asks(region) {
            let ballot = round.ballot();
            match *round.phase() {
                Phase::Prepare(_) => match own.prepare(ctx.now, key, (id, age, ballot)) {
                    Ok(shown) => self.on_promised(ctx, id, region, (ballot, shown)),
                    Err(why) => self.on_refused(ctx, id, region, (ballot, why)),
                },
                Phase::Accept(value) => match own.accept(key, (ballot, value, round.next())) {
                    Ok(()) => self.on_vote(ctx, id, region, ballot),
                    Err(promised) => self.on_refused(ctx, id, region, (ballot, Refusal::Outbid(promised))),
                },
            }
        }
        let Some(proposal) = self.proposals.get(id).copied().filter(|it| it.round.ballot() == round.ballot())
        else {
            return;
        };
        let proposes = matches!(round.phase(), Phase::Accept(_));
        for other in self.others(region).filter(|other| round.asks(*other)) {
            let ends = (Site::Region(region), Site::Region(other));
            let (draws, cargo) =
                (proposal.draws(ctx, Talk::Ask(other)), Cargo::Propose(id, round.ballot(), proposes));
            self.network.send_request(ctx, draws, ends, cargo, proposal.version.is_some(), true);
        }
    }

    /// An acceptor has promised.
    pub(super) fn on_promised(
        &mut self,
        ctx: &mut Context<'_>,
        id: Ticket,
        from: RegionId,
        (ballot, shown): (Ballot, (Ballot, Version)),
    ) {
        let majority = self.majority();
        let Some(&Proposal { mut round, attempt, version, .. }) = self.proposals.get(id) else { return };
        let made = |value: &Version| {
            version.is_some_and(|own| self.known_in(ctx.plan, &attempt, own.write, value.seen).is_some())
        };
        let proposes = round.on_promise(from, ballot, shown, (majority, made));
        if let Some(proposal) = self.proposals.get_mut(id) {
            proposal.round = round;
        }
        if proposes {
            self.ask_regions(ctx, id);
        }
    }

    /// An acceptor has accepted what is proposed.
    pub(super) fn on_vote(&mut self, ctx: &mut Context<'_>, id: Ticket, from: RegionId, ballot: Ballot) {
        if let Some(proposal) = self.proposals.get_mut(id) {
            proposal.round.on_accepted(from, ballot);
            self.settle(ctx, id);
        }
    }

    /// A round ends if all have accepted who have to. It does so once: then it is gone.
    fn settle(&mut self, ctx: &mut Context<'_>, id: Ticket) {
        let Some(proposal) = self.proposals.get(id) else { return };
        let reader = self.reader_beside(ctx, proposal.region);
        if let Some(outcome) = proposal.round.outcome(self.majority(), reader) {
            self.end_round(ctx, id, outcome);
        }
    }

    /// An acceptor refuses. If it has promised a higher ballot the region may not have heard of that: the round begins again above
    /// it, unless it has proposed something and the others may be enough. If it lets an older round go first and the others are
    /// not enough either, the round begins again after a pause that chance draws.
    pub(super) fn on_refused(
        &mut self,
        ctx: &mut Context<'_>,
        id: Ticket,
        from: RegionId,
        (ballot, why): (Ballot, Refusal),
    ) {
        let all = self.databases.len();
        let Some(proposal) = self.proposals.get_mut(id).filter(|it| it.round.ballot() == ballot) else {
            return;
        };
        let first = !proposal.round.is_refused();
        let promised = if let Refusal::Outbid(promised) = why { promised } else { ballot };
        let lost = proposal.round.on_refused(from, ballot, promised, all);
        proposal.outbid += u32::from(lost && promised == ballot);
        let proposal = *proposal;
        if let Refusal::Later(older) = why
            && let Some(leader) = self.proposals.get(older)
        {
            let (age, sent) = (leader.age(), leader.sent);
            let own = &mut self.databases[proposal.region.index()].registers;
            own.give_way(proposal.key, (older, age), (ctx.now, sent));
        }
        if !first && !lost {
            return;
        }
        let asks = matches!(proposal.round.phase(), Phase::Prepare(_));
        let pause_s = match why {
            Refusal::Outbid(_) if asks || lost => 0.0,
            Refusal::Later(_) if lost => {
                let most_s = FIRST_PAUSE_S * libm::pow(2.0, f64::from(proposal.outbid.min(4)));
                most_s * proposal.draws(ctx, Talk::Pause).uniform()
            }
            Refusal::Outbid(_) | Refusal::Later(_) => UNANSWERED_S,
        };
        self.begin_later(ctx, id, pause_s);
    }

    fn begin_later(&mut self, ctx: &mut Context<'_>, id: Ticket, pause_s: f64) {
        let Some(proposal) = self.proposals.get_mut(id) else { return };
        proposal.due = ctx.now + SimDuration::from_secs(pause_s);
        ctx.at(proposal.due, RequestTimer::Ballot.of(id));
    }

    /// A round that was refused begins again.
    pub(super) fn on_ballot(&mut self, ctx: &mut Context<'_>, id: Ticket) {
        let Some(&proposal) = self.proposals.get(id) else { return };
        let database = &self.databases[proposal.region.index()];
        if database.status != Status::Up || !proposal.round.is_refused() || proposal.due > ctx.now {
            return;
        }
        self.begin_again(ctx, id);
    }

    fn begin_again(&mut self, ctx: &mut Context<'_>, id: Ticket) {
        let Some(&proposal) = self.proposals.get(id) else { return };
        let waited = self.calls.get(proposal.call).is_some_and(|call| self.is_awaited(call));
        if !waited && !proposal.round.is_proposed() {
            self.drop_round(ctx, id, &proposal);
            return;
        }
        let own = self.databases[proposal.region.index()].registers.of_mut(proposal.key);
        if let Some(proposal) = self.proposals.get_mut(id) {
            if ctx.now.since(proposal.began) > LEAD {
                proposal.began = ctx.now;
            }
            if !waited {
                proposal.round.give_up();
            }
            proposal.renewed |= proposal.round.is_proposed();
            proposal.round.again(own);
        }
        self.ask_regions(ctx, id);
    }

    /// A round that has proposed nothing of its own ends: nobody waits for it.
    fn drop_round(&mut self, ctx: &mut Context<'_>, id: Ticket, proposal: &Proposal) {
        if let Some(version) = proposal.version {
            self.withdraw(ctx, version, None);
        }
        self.close(id, proposal);
        self.proposals.remove(id);
        self.done_storing(ctx, proposal.call, Answer::No);
        if proposal.version.is_none() {
            self.end_reading(ctx, proposal.region, proposal.key, None);
        }
    }

    fn withdraw(&mut self, ctx: &mut Context<'_>, version: Version, because: Option<VersionId>) {
        self.forget_token(version.write, version.id);
        ctx.tell(Occurrence::Withdrawn(version.id, because));
    }

    fn close(&mut self, id: Ticket, proposal: &Proposal) {
        let database = &mut self.databases[proposal.region.index()];
        if database.registers.tentative.get(proposal.key) == Some(&id) {
            database.registers.tentative.remove(proposal.key);
        }
    }

    /// What not all have answered is asked again, once a second.
    pub(crate) fn propose_again(&mut self, ctx: &mut Context<'_>) {
        if ctx.plan.rule() != Rule::Quorum {
            return;
        }
        let now = ctx.now;
        let late = |since: SimTime| now.since(since) >= PATIENCE;
        for id in self.proposals.tickets() {
            let up = |it: &&Proposal| self.databases[it.region.index()].status == Status::Up;
            let Some(&proposal) = self.proposals.get(id).filter(up) else { continue };
            // It may have waited for a region whose lease is over.
            self.settle(ctx, id);
            if !late(proposal.sent) || self.proposals.get(id).is_none() {
                continue;
            }
            let waited = self.calls.get(proposal.call).is_some_and(|call| self.is_awaited(call));
            if !waited || proposal.round.is_refused() {
                self.begin_again(ctx, id);
            } else {
                self.ask_regions(ctx, id);
            }
        }
    }

    /// A majority has accepted what a round proposed: it is chosen, and the others are told.
    fn end_round(&mut self, ctx: &mut Context<'_>, id: Ticket, outcome: Outcome<Version>) {
        let Some(&proposal) = self.proposals.remove(id) else { return };
        let Proposal { key, region, call: ticket, round, .. } = proposal;
        let (Outcome::Written(chosen) | Outcome::Outrun(chosen) | Outcome::Read(chosen)) = outcome;
        self.databases[region.index()].registers.ready.insert(key, round.next());
        self.close(id, &proposal);
        self.note_owed(ctx.plan, &proposal);
        if let (Outcome::Written(_), Some(base)) = (outcome, round.base()) {
            self.learn(ctx, region, key, base);
        }
        self.learn(ctx, region, key, chosen);
        for other in self.others(region) {
            let ends = (Site::Region(region), Site::Region(other));
            let shown = Shown { ballot: Ballot::NONE, key, accepted: round.ballot(), version: chosen };
            let cargo = Cargo::Learn(self.network.keep_aside(shown));
            let draws = proposal.draws(ctx, Talk::Learn(other));
            self.network.send_request(ctx, draws, ends, cargo, true, true);
        }
        let answer = match (outcome, proposal.version) {
            (Outcome::Written(_), Some(version)) => self.wrote(ctx, &proposal, &chosen, &version),
            (Outcome::Outrun(_), Some(version)) => self.outrun(ctx, &proposal, &chosen, &version),
            (Outcome::Read(_) | Outcome::Written(_) | Outcome::Outrun(_), _) => Self::read_of(&chosen),
        };
        self.done_storing(ctx, ticket, answer);
        if proposal.version.is_none() {
            self.end_reading(ctx, region, key, Some(answer));
        }
    }

    fn wrote(
        &mut self,
        ctx: &mut Context<'_>,
        proposal: &Proposal,
        chosen: &Version,
        own: &Version,
    ) -> Answer {
        let Attempt { request, population, .. } = proposal.attempt;
        if self.tokens.of(own.write).any(|other| other != own.id && chosen.seen.covers(other)) {
            if let Some(call) = self.calls.get(proposal.call).copied() {
                self.count_duplicate(&call);
            }
            ctx.tell(Occurrence::Duplicated(own.write));
        }
        ctx.tell(Occurrence::Agreed(own.id, proposal.round.base().map(|base| base.id)));
        // What has been written over already comes with what stands there.
        if chosen.id == own.id {
            let commit = self.commit_of(ctx, proposal.key, chosen, (population, 0));
            self.pass_on(ctx.plan, commit);
        }
        self.clients.committed(request, own.write, own.id);
        Answer::Written(own.id)
    }

    /// Another write was there first. It may be that of an earlier attempt of the same request.
    fn outrun(
        &mut self,
        ctx: &mut Context<'_>,
        proposal: &Proposal,
        chosen: &Version,
        own: &Version,
    ) -> Answer {
        self.withdraw(ctx, *own, Some(chosen.id));
        if let Some(earlier) = self.known_in(ctx.plan, &proposal.attempt, own.write, chosen.seen) {
            self.clients.committed(proposal.attempt.request, own.write, earlier);
            return Answer::Written(earlier);
        }
        Answer::Outrun
    }
}
