//! Writes and reads on which two regions of three have to agree. Why that is safe is said in `sim::agreement`.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{RegionId, Ticket};
use crate::model::Rule;
use crate::model::plan::Site;
use crate::observer::ledger::Mark;
use crate::run::world::World;
use crate::system::context::Context;
use crate::system::database::Status;
use crate::system::event::Event;
use crate::system::job::Job;
use crate::system::network::{Cargo, Flight};
use crate::system::quorum::{Accepted, Proposal, Waiting};
use crate::system::version::Content;

/// A proposal that not all have answered is sent again after this time.
const PATIENCE: SimDuration = SimDuration::from_micros(1_000_000);

impl World {
    /// The copy of a job's region has done its work: now another region is asked.
    pub(super) fn agree(&mut self, ctx: &mut Context<'_>, ticket: Ticket, job: &Job) {
        if job.region == job.data_region {
            // A server that passed the job on to another region waits already.
            ctx.after_s(ctx.plan.scenario.database.timeout_s, Event::StoreTimedOut(ticket));
        }
        if job.writes { self.propose(ctx, ticket, job) } else { self.inquire(ctx, ticket, job) }
    }

    fn others(&self, region: RegionId) -> impl Iterator<Item = RegionId> + use<> {
        (0..self.system.databases.len() as u8).map(RegionId).filter(move |other| *other != region)
    }

    fn propose(&mut self, ctx: &mut Context<'_>, ticket: Ticket, job: &Job) {
        let region = job.data_region;
        if let Some(number) = self.committed_before(ctx, job) {
            self.done_storing(ctx, ticket, number, true);
            return;
        }
        let database = &self.system.databases[region.index()];
        let found = database.versions[usize::from(job.key)];
        if let Some(other) = database.tentative.get(job.key).copied() {
            self.meet_tentative(ctx, ticket, job, other);
            return;
        }
        if let Some(accepted) = database.accepted.get(job.key).copied() {
            self.meet(ctx, ticket, (accepted.version.commit, accepted.version.at));
            return;
        }
        if found.content == Content::Deleted {
            self.done_storing(ctx, ticket, found.commit, false);
            return;
        }
        let content = self.content_of(ctx, job, found.content);
        let format = self.system.fleets.regions[job.region.index()].version;
        let line = self.line(ctx, job, content, found.commit);
        // It is part of what all rely on once another region has accepted it.
        let number = self.observer.ledger.push(crate::observer::ledger::Line { undone: 0, ..line });
        let version = self.next_version(ctx, job.key, region, number, (job.write, content, format));
        let proposal = Proposal {
            key: job.key,
            version,
            region,
            job: ticket,
            votes: [None; 3],
            said: [None; 3],
            withdrawn: false,
            sent: ctx.now,
        };
        let id = self.system.proposals.insert(proposal);
        self.system.databases[region.index()].tentative.insert(job.key, id);
        self.send_proposal(ctx, id);
    }

    /// Another write of this region is tentative under the key: an earlier attempt of the same is waited for, a fresh one
    /// is a conflict, and one that nobody answers says that the others cannot be reached.
    fn meet_tentative(&mut self, ctx: &mut Context<'_>, ticket: Ticket, job: &Job, other: Ticket) {
        let Some(proposal) = self.system.proposals.get_mut(other) else { return };
        if proposal.version.write == job.write {
            proposal.job = ticket;
            return;
        }
        let known = (proposal.version.commit, proposal.version.at);
        self.meet(ctx, ticket, known);
    }

    /// A write meets another that is open: a fresh one is a conflict, and one that nobody answers says that the others
    /// cannot be reached.
    fn meet(&mut self, ctx: &mut Context<'_>, ticket: Ticket, (other, since): (u64, SimTime)) {
        if ctx.now.since(since).secs() > ctx.plan.scenario.database.timeout_s {
            self.done_storing(ctx, ticket, other, false);
        } else {
            let (commit, granted) = self.refuse(ctx, ticket, other);
            self.done_storing(ctx, ticket, commit, granted);
        }
    }

    fn send_proposal(&mut self, ctx: &mut Context<'_>, id: Ticket) {
        let Some(proposal) = self.system.proposals.get_mut(id) else { return };
        proposal.sent = ctx.now;
        let proposal = *proposal;
        for other in self.others(proposal.region).filter(|other| proposal.votes[other.index()].is_none()) {
            let (from, to) = (Site::Region(proposal.region), Site::Region(other));
            self.system.network.send_request(
                ctx,
                from,
                to,
                Cargo::Propose(id, proposal.withdrawn),
                true,
                true,
            );
        }
    }

    /// Proposals and withdrawals that not all have answered are sent again; who accepted and heard no more asks about it.
    pub(super) fn propose_again(&mut self, ctx: &mut Context<'_>) {
        if ctx.plan.rule() != Rule::Quorum {
            return;
        }
        let now = ctx.now;
        let late = |since: SimTime| now.since(since) >= PATIENCE;
        let up: Vec<bool> = self.system.databases.iter().map(|db| db.status == Status::Up).collect();
        let open = self.system.proposals.tickets();
        for id in open {
            let Some(proposal) = self.system.proposals.get(id).copied() else { continue };
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
        for here in 0..self.system.databases.len() {
            for accepted in
                self.system.databases[here].accepted.values_mut().filter(|a| up[here] && late(a.since))
            {
                accepted.since = ctx.now;
                let writer = accepted.version.writer;
                let third = (0..up.len() as u8).map(RegionId).find(|r| r.index() != here && *r != writer);
                if let Some(third) = third {
                    let (from, to) = (Site::Region(RegionId(here as u8)), Site::Region(third));
                    self.system.network.send_request(ctx, from, to, Cargo::Adopt(accepted.id), true, true);
                }
            }
        }
    }

    /// Another region is asked to accept a proposal, or told that it is withdrawn.
    pub(super) fn on_proposed(&mut self, ctx: &mut Context<'_>, id: Ticket, withdrawn: bool, to: Site) {
        let (Some(proposal), Site::Region(here)) = (self.system.proposals.get(id).copied(), to) else {
            return;
        };
        if self.system.databases[here.index()].status != Status::Up {
            return;
        }
        let yes = !withdrawn && self.accepts(ctx, here, id, &proposal);
        if withdrawn {
            self.close(ctx, here, id, proposal.key);
        }
        if let Some(proposal) = self.system.proposals.get_mut(id) {
            proposal.said[here.index()] = Some(yes);
        }
        let (from, back) = (Site::Region(here), Site::Region(proposal.region));
        self.system.network.send_request(ctx, from, back, Cargo::Vote(id, yes), true, yes);
    }

    fn accepts(&mut self, ctx: &mut Context<'_>, here: RegionId, id: Ticket, proposal: &Proposal) -> bool {
        let (key, version) = (proposal.key, proposal.version);
        let database = &self.system.databases[here.index()];
        if database.seen[usize::from(key)].covers(version.writer, version.commit) {
            return true;
        }
        if proposal.said[here.index()] == Some(false) {
            return false;
        }
        if let Some(own) = database.tentative.get(key).copied() {
            // Whoever has seen our own write knows that another has accepted it.
            if !self.system.proposals.get(own).is_some_and(|mine| version.has_seen(&mine.version)) {
                return false;
            }
            self.settle_proposal(ctx, own);
        }
        if let Some(other) = self.system.databases[here.index()].accepted.get(key).copied() {
            if other.id == id {
                return true;
            }
            if !version.has_seen(&other.version) {
                return false;
            }
            self.hold(ctx, here, key, &other);
        }
        let database = &mut self.system.databases[here.index()];
        if !version.has_seen(&database.versions[usize::from(key)]) {
            return false;
        }
        database.accepted.insert(key, Accepted { id, version, since: ctx.now });
        true
    }

    /// Another region has answered.
    pub(super) fn on_vote(&mut self, ctx: &mut Context<'_>, id: Ticket, from: Site, yes: bool) {
        let (Some(proposal), Site::Region(voter)) = (self.system.proposals.get_mut(id), from) else { return };
        // Who has accepted what is withdrawn has to hear of that.
        proposal.votes[voter.index()] = if proposal.withdrawn && yes { None } else { Some(yes) };
        let proposal = *proposal;
        let all_refuse =
            self.others(proposal.region).all(|other| proposal.votes[other.index()] == Some(false));
        match (proposal.withdrawn, yes) {
            (true, false) if all_refuse => drop(self.system.proposals.remove(id)),
            (false, true) => self.settle_proposal(ctx, id),
            (false, false) if all_refuse => {
                self.withdraw(ctx, id, &proposal);
                self.system.proposals.remove(id);
            }
            (true, _) | (false, false) => {}
        }
    }

    /// A proposal is given up: its client hears that another write was there first. A region that has not answered may have
    /// accepted it, and is told.
    fn withdraw(&mut self, ctx: &mut Context<'_>, id: Ticket, proposal: &Proposal) {
        let shown = self.system.databases[proposal.region.index()].versions[usize::from(proposal.key)].commit;
        self.observer.ledger.mark(proposal.version.commit, Mark::Refused, shown);
        if let Some(job) = self.system.jobs.get_mut(proposal.job) {
            job.refused = true;
        }
        self.done_storing(ctx, proposal.job, shown, false);
        if let Some(proposal) = self.system.proposals.get_mut(id) {
            proposal.withdrawn = true;
        }
        self.close(ctx, proposal.region, id, proposal.key);
        self.send_proposal(ctx, id);
    }

    /// A proposal holds: two regions of three have it.
    fn settle_proposal(&mut self, ctx: &mut Context<'_>, id: Ticket) {
        let Some(proposal) = self.system.proposals.remove(id) else { return };
        let (key, number, region) = (proposal.key, proposal.version.commit, proposal.region);
        self.observer.ledger.redo(std::iter::once(number));
        self.system.databases[region.index()].take(key, proposal.version, ctx.plan.rule());
        self.observer.ledger.reach(number, region, ctx.now);
        self.close(ctx, region, id, key);
        for other in self.others(region) {
            let (from, to) = (Site::Region(region), Site::Region(other));
            self.system.network.send_request(
                ctx,
                from,
                to,
                Cargo::Settled(id, key, number, true),
                true,
                true,
            );
        }
        let job = self.system.jobs.get(proposal.job).copied();
        let population = job.map_or(crate::kernel::id::PopulationId(0), |job| job.population);
        let commit = self.commit_of(ctx, key, &proposal.version, (population, 0));
        self.pass_on(commit);
        if let Some(job) = job {
            self.system.clients.committed(job.request, job.write, number);
        }
        self.done_storing(ctx, proposal.job, number, true);
    }

    /// The region that proposed says what has become of it.
    pub(super) fn on_settled(
        &mut self,
        ctx: &mut Context<'_>,
        (id, key, number): (Ticket, u16, u64),
        to: Site,
        holds: bool,
    ) {
        let Site::Region(here) = to else { return };
        let accepted = self.system.databases[here.index()].accepted.get(key).copied();
        match accepted.filter(|accepted| accepted.version.commit == number) {
            Some(accepted) if holds => self.hold(ctx, here, key, &accepted),
            Some(_) => self.close(ctx, here, id, key),
            // The stream brings it.
            None => {}
        }
    }

    /// What a region has accepted holds: it is shown from now on.
    fn hold(&mut self, ctx: &mut Context<'_>, here: RegionId, key: u16, accepted: &Accepted) {
        self.system.databases[here.index()].take(key, accepted.version, ctx.plan.rule());
        self.observer.ledger.reach(accepted.version.commit, here, ctx.now);
        self.close(ctx, here, accepted.id, key);
    }

    /// What a stream has brought may be what a region had accepted.
    pub(super) fn close_known(&mut self, ctx: &mut Context<'_>, here: RegionId, key: u16) {
        let database = &self.system.databases[here.index()];
        let seen = database.seen[usize::from(key)];
        let known = |a: &&Accepted| seen.covers(a.version.writer, a.version.commit);
        if let Some(id) = database.accepted.get(key).filter(known).map(|accepted| accepted.id) {
            self.close(ctx, here, id, key);
        }
    }

    /// Whoever accepted a proposal hears no more of the region that made it.
    pub(super) fn on_adopt(&mut self, ctx: &mut Context<'_>, id: Ticket, flight: &Flight) {
        let Site::Region(here) = flight.to else { return };
        // What is not open any more holds: a withdrawn one stays until all have heard.
        let yes = match self.system.proposals.get(id).copied() {
            Some(proposal) => {
                proposal.said[here.index()] != Some(false) && self.accepts(ctx, here, id, &proposal)
            }
            None => true,
        };
        if let Some(proposal) = self.system.proposals.get_mut(id) {
            proposal.said[here.index()] = Some(yes);
        }
        self.system.network.send_request(ctx, flight.to, flight.from, Cargo::Adopted(id, yes), true, yes);
    }

    /// The remaining region holds it too, so that it stands whatever its own region does.
    pub(super) fn on_adopted(&mut self, ctx: &mut Context<'_>, id: Ticket, to: Site, yes: bool) {
        let Site::Region(here) = to else { return };
        let mine = self.system.databases[here.index()].accepted.iter();
        let found = mine.map(|(key, accepted)| (key, *accepted)).find(|(_, accepted)| accepted.id == id);
        if let (Some((key, accepted)), true) = (found, yes) {
            self.observer.ledger.redo(std::iter::once(accepted.version.commit));
            self.hold(ctx, here, key, &accepted);
        }
    }

    /// Nothing of a proposal is open at a region any more: reads that waited there go on.
    fn close(&mut self, ctx: &mut Context<'_>, here: RegionId, id: Ticket, key: u16) {
        let database = &mut self.system.databases[here.index()];
        if database.tentative.get(key) == Some(&id) {
            database.tentative.remove(key);
        }
        if database.accepted.get(key).is_some_and(|accepted| accepted.id == id) {
            database.accepted.remove(key);
        }
        if self.system.waiting.is_empty() || database.is_open(key) {
            return;
        }
        let (ready, waiting): (Vec<Waiting>, Vec<Waiting>) =
            self.system.waiting.iter().partition(|waiting| waiting.region == here && waiting.key == key);
        self.system.waiting = waiting;
        for Waiting { job, .. } in ready {
            let Some(known) = self.system.jobs.get(job).copied() else { continue };
            if known.data_region == here {
                self.inquire(ctx, job, &known);
            } else {
                self.inform(ctx, job, &known, here);
            }
        }
    }

    /// A read: what the region itself shows is held against what another shows.
    fn inquire(&mut self, ctx: &mut Context<'_>, ticket: Ticket, job: &Job) {
        let region = job.data_region;
        if self.waits(ticket, job.key, region) {
            return;
        }
        for other in self.others(region) {
            let (from, to) = (Site::Region(region), Site::Region(other));
            self.system.network.send_request(ctx, from, to, Cargo::Inquire(ticket), false, true);
        }
    }

    /// Whether a read has to wait at a region until what is open there under its key is settled.
    fn waits(&mut self, job: Ticket, key: u16, region: RegionId) -> bool {
        let open = self.system.databases[region.index()].is_open(key);
        if open {
            self.system.waiting.push(Waiting { region, key, job });
        }
        open
    }

    /// A region is asked what it shows.
    pub(super) fn on_inquiry(&mut self, ctx: &mut Context<'_>, ticket: Ticket, to: Site) {
        let (Some(job), Site::Region(here)) = (self.system.jobs.get(ticket).copied(), to) else { return };
        if self.system.databases[here.index()].status == Status::Up && !self.waits(ticket, job.key, here) {
            self.inform(ctx, ticket, &job, here);
        }
    }

    fn inform(&mut self, ctx: &mut Context<'_>, ticket: Ticket, job: &Job, here: RegionId) {
        let shown = self.system.databases[here.index()].versions[usize::from(job.key)].commit;
        let (from, to) = (Site::Region(here), Site::Region(job.data_region));
        self.system.network.send_request(ctx, from, to, Cargo::Inform(ticket, shown), false, true);
    }

    /// Another region has said what it shows: the newer of the two is read.
    pub(super) fn on_informed(&mut self, ctx: &mut Context<'_>, ticket: Ticket, theirs: u64) {
        let Some(job) = self.system.jobs.get(ticket).copied() else { return };
        if job.stored || self.waits(ticket, job.key, job.data_region) {
            // Somebody was faster; or a write of this region's own has to be settled first, and then all are asked again.
            return;
        }
        let own = &self.system.databases[job.data_region.index()].versions[usize::from(job.key)];
        let found = self.found_elsewhere(job.data_region, job.key, theirs);
        let commit = own.commit.max(theirs);
        let content = self.observer.ledger.get(commit).map_or(own.content, |line| line.content);
        if let Some(job) = self.system.jobs.get_mut(ticket) {
            job.found = found;
        }
        self.done_storing(ctx, ticket, commit, content == Content::Good);
    }
}
