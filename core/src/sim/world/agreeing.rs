//! Writes and reads on which two regions of three have to agree. Why that is safe is said in `sim::agreement`.

use super::World;
use super::serving::Job;
use crate::sim::agreement::{Proposal, Waiting};
use crate::sim::context::Context;
use crate::sim::database::Status;
use crate::sim::event::Event;
use crate::sim::id::{RegionId, Ticket};
use crate::sim::ledger::{Content, Mark, STANDS};
use crate::sim::network::Cargo;
use crate::sim::plan::Site;
use crate::time::SimDuration;

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
        (0..self.databases.len() as u8).map(RegionId).filter(move |other| *other != region)
    }

    fn propose(&mut self, ctx: &mut Context<'_>, ticket: Ticket, job: &Job) {
        let region = job.data_region;
        if let Some(number) = self.committed_before(ctx, job) {
            self.done_storing(ctx, ticket, number, true);
            return;
        }
        let database = &self.databases[region.index()];
        let found = database.versions[usize::from(job.key)];
        if let Some(other) = database.tentative.get(&job.key) {
            let because = self.proposals.get(*other).map_or(found.commit, |proposal| proposal.version.commit);
            let (commit, granted) = self.refuse(ctx, ticket, because);
            self.done_storing(ctx, ticket, commit, granted);
            return;
        }
        if found.content == Content::Deleted {
            self.done_storing(ctx, ticket, found.commit, false);
            return;
        }
        let content = self.content_of(ctx, job, found.content);
        let format = self.fleets.regions[job.region.index()].version;
        let line = self.line(ctx, job, content, found.commit);
        // It is part of what all rely on once another region has accepted it.
        let number = self.ledger.push(crate::sim::ledger::Line { undone: 0, ..line });
        let version = self.next_version(ctx, job.key, region, number, (job.write, content, format));
        let proposal =
            Proposal { key: job.key, version, region, job: ticket, votes: [None; 3], sent: ctx.now };
        let id = self.proposals.insert(proposal);
        self.databases[region.index()].tentative.insert(job.key, id);
        self.send_proposal(ctx, id);
    }

    fn send_proposal(&mut self, ctx: &mut Context<'_>, id: Ticket) {
        let Some(proposal) = self.proposals.get_mut(id) else { return };
        proposal.sent = ctx.now;
        let proposal = *proposal;
        for other in self.others(proposal.region).filter(|other| proposal.votes[other.index()].is_none()) {
            let (from, to) = (Site::Region(proposal.region), Site::Region(other));
            self.network.send_request(ctx, from, to, Cargo::Propose(id), true, true);
        }
    }

    /// Proposals that not all have answered are sent again.
    pub(super) fn propose_again(&mut self, ctx: &mut Context<'_>) {
        if self.proposals.is_empty() {
            return;
        }
        let waiting = self.databases.iter().filter(|db| db.status == Status::Up);
        let open: Vec<Ticket> = waiting.flat_map(|db| db.tentative.values().copied()).collect();
        for id in open {
            let late = |proposal: &&Proposal| ctx.now.since(proposal.sent) >= PATIENCE;
            if self.proposals.get(id).filter(late).is_some() {
                self.send_proposal(ctx, id);
            }
        }
    }

    /// Another region is asked to accept a proposal.
    pub(super) fn on_proposed(&mut self, ctx: &mut Context<'_>, id: Ticket, to: Site) {
        let (Some(proposal), Site::Region(here)) = (self.proposals.get(id).copied(), to) else { return };
        if self.databases[here.index()].status != Status::Up {
            return;
        }
        let yes = self.accepts(ctx, here, &proposal);
        let (from, back) = (Site::Region(here), Site::Region(proposal.region));
        self.network.send_request(ctx, from, back, Cargo::Vote(id, yes), true, yes);
    }

    fn accepts(&mut self, ctx: &mut Context<'_>, here: RegionId, proposal: &Proposal) -> bool {
        let (key, version) = (usize::from(proposal.key), proposal.version);
        if self.databases[here.index()].seen[key].covers(version.writer, version.commit) {
            return true;
        }
        if let Some(own) = self.databases[here.index()].tentative.get(&proposal.key).copied() {
            let mine = self.proposals.get(own).copied();
            let settled = mine.is_some_and(|mine| version.has_seen(&mine.version));
            if !settled {
                return false;
            }
            // Whoever proposes this has seen our own write, so that it was accepted somewhere.
            self.settle_proposal(ctx, own);
        }
        let database = &mut self.databases[here.index()];
        if !version.has_seen(&database.versions[key]) {
            return false;
        }
        database.take(proposal.key, version, ctx.plan.rule());
        self.ledger.reach(version.commit, here, ctx.now);
        true
    }

    /// Another region has answered.
    pub(super) fn on_vote(&mut self, ctx: &mut Context<'_>, id: Ticket, from: Site, yes: bool) {
        let (Some(proposal), Site::Region(voter)) = (self.proposals.get_mut(id), from) else { return };
        proposal.votes[voter.index()] = Some(yes);
        let proposal = *proposal;
        if yes {
            self.settle_proposal(ctx, id);
        } else if self.others(proposal.region).all(|other| proposal.votes[other.index()] == Some(false)) {
            self.end_proposal(ctx, id, &proposal);
            let shown = self.databases[proposal.region.index()].versions[usize::from(proposal.key)].commit;
            self.ledger.mark(proposal.version.commit, Mark::Refused, shown);
            if let Some(job) = self.jobs.get_mut(proposal.job) {
                job.refused = true;
            }
            self.done_storing(ctx, proposal.job, shown, false);
        }
    }

    /// A proposal holds: two regions of three have it.
    fn settle_proposal(&mut self, ctx: &mut Context<'_>, id: Ticket) {
        let Some(proposal) = self.proposals.get(id).copied() else { return };
        let (key, number, region) = (proposal.key, proposal.version.commit, proposal.region);
        self.ledger.redo(std::iter::once(number));
        debug_assert_eq!(
            self.ledger.get(number).map(|line| line.undone),
            Some(STANDS),
            "a settled write stands"
        );
        self.databases[region.index()].take(key, proposal.version, ctx.plan.rule());
        self.ledger.reach(number, region, ctx.now);
        self.end_proposal(ctx, id, &proposal);
        let job = self.jobs.get(proposal.job).copied();
        let population = job.map_or(crate::sim::id::PopulationId(0), |job| job.population);
        let commit = self.commit_of(ctx, key, &proposal.version, (population, 0));
        self.pass_on(commit);
        if let Some(job) = job {
            self.clients.committed(job.request, job.write, number);
        }
        self.done_storing(ctx, proposal.job, number, true);
    }

    /// Nothing is tentative under the key any more: reads that waited go on.
    fn end_proposal(&mut self, ctx: &mut Context<'_>, id: Ticket, proposal: &Proposal) {
        self.proposals.remove(id);
        self.databases[proposal.region.index()].tentative.remove(&proposal.key);
        let (ready, waiting): (Vec<Waiting>, Vec<Waiting>) =
            self.waiting.iter().partition(|waiting| waiting.proposal == id);
        self.waiting = waiting;
        for Waiting { job, .. } in ready {
            let Some(known) = self.jobs.get(job).copied() else { continue };
            if known.data_region == proposal.region {
                self.inquire(ctx, job, &known);
            } else {
                self.inform(ctx, job, &known, proposal.region);
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
            self.network.send_request(ctx, from, to, Cargo::Inquire(ticket), false, true);
        }
    }

    /// Whether a read has to wait at a region until a write of that region is settled.
    fn waits(&mut self, job: Ticket, key: u16, region: RegionId) -> bool {
        let tentative = self.databases[region.index()].tentative.get(&key).copied();
        if let Some(proposal) = tentative {
            self.waiting.push(Waiting { proposal, job });
        }
        tentative.is_some()
    }

    /// A region is asked what it shows.
    pub(super) fn on_inquiry(&mut self, ctx: &mut Context<'_>, ticket: Ticket, to: Site) {
        let (Some(job), Site::Region(here)) = (self.jobs.get(ticket).copied(), to) else { return };
        if self.databases[here.index()].status == Status::Up && !self.waits(ticket, job.key, here) {
            self.inform(ctx, ticket, &job, here);
        }
    }

    fn inform(&mut self, ctx: &mut Context<'_>, ticket: Ticket, job: &Job, here: RegionId) {
        let shown = self.databases[here.index()].versions[usize::from(job.key)].commit;
        let (from, to) = (Site::Region(here), Site::Region(job.data_region));
        self.network.send_request(ctx, from, to, Cargo::Inform(ticket, shown), false, true);
    }

    /// Another region has said what it shows: the newer of the two is read.
    pub(super) fn on_informed(&mut self, ctx: &mut Context<'_>, ticket: Ticket, theirs: u64) {
        let Some(job) = self.jobs.get(ticket).copied() else { return };
        if job.stored || self.waits(ticket, job.key, job.data_region) {
            // Somebody was faster; or a write of this region's own has to be settled first, and then all are asked again.
            return;
        }
        let own = &self.databases[job.data_region.index()].versions[usize::from(job.key)];
        let found = self.found_elsewhere(job.data_region, job.key, theirs);
        let commit = own.commit.max(theirs);
        let content = self.ledger.get(commit).map_or(own.content, |line| line.content);
        if let Some(job) = self.jobs.get_mut(ticket) {
            job.found = found;
        }
        self.done_storing(ctx, ticket, commit, content == Content::Good);
    }
}
