//! Quorum reads: what a region shows is compared with what another region shows, and the newer is read.

use super::System;
use crate::kernel::id::{RegionId, Ticket};
use crate::model::Rule;
use crate::model::plan::Site;
use crate::system::context::Context;
use crate::system::database::Status;
use crate::system::job::{Hop, Job};
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
        for Waiting { job, .. } in ready {
            let Some(&known) = self.jobs.get(job) else { continue };
            debug_assert!(known.key == key && !known.writes, "who waits here reads this key");
            if known.data_region == here {
                self.inquire(ctx, job, &known);
            } else {
                self.inform(ctx, job, &known, here);
            }
        }
    }

    /// A read asks both other regions; the first answer is compared with the region's own copy.
    pub(super) fn inquire(&mut self, ctx: &mut Context<'_>, ticket: Ticket, job: &Job) {
        debug_assert!(!job.writes, "what writes is proposed");
        let region = job.data_region;
        if self.waits(ticket, job.key, region) {
            return;
        }
        for other in self.others(region) {
            let (from, to) = (Site::Region(region), Site::Region(other));
            let draws = job.draws(ctx, Hop::Inquire(other));
            self.network.send_request(ctx, draws, (from, to), Cargo::Inquire(ticket), false, true);
        }
    }

    /// Whether a read has to wait at a region until the proposal that is open there under its key is settled. If so it is put
    /// on the list of those that wait.
    fn waits(&mut self, job: Ticket, key: u16, region: RegionId) -> bool {
        let open = self.databases[region.index()].is_open(key);
        if open {
            self.waiting.push(Waiting { region, key, job });
        }
        open
    }

    /// A region is asked what it shows.
    pub(super) fn on_inquiry(&mut self, ctx: &mut Context<'_>, ticket: Ticket, to: Site) {
        let (Some(job), Site::Region(here)) = (self.jobs.get(ticket).copied(), to) else { return };
        debug_assert_ne!(here, job.data_region, "a region asks others");
        if self.databases[here.index()].status == Status::Up && !self.waits(ticket, job.key, here) {
            self.inform(ctx, ticket, &job, here);
        }
    }

    fn inform(&mut self, ctx: &mut Context<'_>, ticket: Ticket, job: &Job, here: RegionId) {
        let version = &self.databases[here.index()].versions[usize::from(job.key)];
        let (id, write, content, seen) = (version.id, version.write, version.content, version.seen);
        debug_assert!(seen.covers(id), "a writer has seen its own write");
        let (from, to) = (Site::Region(here), Site::Region(job.data_region));
        let shown = self.network.keep_aside(Shown { id, write, content, seen });
        let draws = job.draws(ctx, Hop::Inform(here));
        self.network.send_request(ctx, draws, (from, to), Cargo::Inform(ticket, shown), false, true);
    }

    /// Another region has said what it shows: the newer of the two is read.
    pub(super) fn on_informed(&mut self, ctx: &mut Context<'_>, ticket: Ticket, theirs: Shown) {
        debug_assert!(theirs.seen.covers(theirs.id), "a writer has seen its own write");
        let Some(&job) = self.jobs.get(ticket) else { return };
        if job.stored || self.waits(ticket, job.key, job.data_region) {
            // Somebody was faster; or a write of this region's own has to be settled first, and then all are asked again.
            return;
        }
        let mut found = self.found_at(job.data_region, job.key, Rule::Quorum);
        let own = &self.databases[job.data_region.index()].versions[usize::from(job.key)];
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
        if let Some(job) = self.jobs.get_mut(ticket) {
            job.found = found;
        }
        self.done_storing(ctx, ticket, version, content == Content::Good);
    }
}
