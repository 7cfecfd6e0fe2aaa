//! Releases of the application: how one comes to a region and is taken back, and what a bad one does.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId, ReleaseId};
use crate::model::aim::Target;
use crate::model::fault::{Fault, FaultKind};
use crate::model::plan::Plan;
use crate::system::causes::COUNTS;
use crate::system::context::Context;
use crate::system::deployed::Deployed;
use crate::system::journal::What;
use crate::system::{ActiveFault, System};

/// An alarm that was on ends within so many seconds if all is well: a minute has to be counted whole.
const ALARM_ENDS_S: f64 = 125.0;

/// Whether a fault is a release that ruins data anywhere, or that fails in a region.
fn is_bad_release(fault: Fault, region: RegionId) -> bool {
    let fails = fault.kind() == FaultKind::BadDeploy && fault.region() == Some(region);
    fault.kind() == FaultKind::Corruption || fails
}

/// What is out.
impl System {
    /// Whether a release is out that ruins data, or that fails in a region.
    pub fn has_bad_release(&self, region: RegionId) -> bool {
        let fault = self.faults.iter().any(|active| is_bad_release(active.fault, region));
        let rubbish = self.fleets.regions.iter().any(|fleet| fleet.release.rubbish);
        fault || rubbish || self.fleets.regions[region.index()].release.fails > 0.0
    }

    /// Whether the servers of a region run a release.
    pub fn runs(&self, region: RegionId, release: ReleaseId) -> bool {
        self.fleets.regions[region.index()].release.release == Some(release)
    }

    /// Whether a release can be brought to a region: without a machine image nothing runs it there.
    pub fn takes_releases(&self, region: RegionId) -> bool {
        self.fleets.regions[region.index()].image
    }

    /// The release that a region runs, if what ran there before can be put in its place.
    pub fn newest_release(&self, region: RegionId) -> Option<ReleaseId> {
        let fleet = &self.fleets.regions[region.index()];
        fleet.release.release.filter(|_| fleet.release != fleet.earlier)
    }

    /// Whether the alarm of a region speaks against the release that runs there: it went off later, or it was on already and
    /// has had the time to end.
    pub fn alarm_is_about_release(&self, plan: &Plan, region: RegionId, now: SimTime) -> bool {
        let release = self.fleets.regions[region.index()].release;
        debug_assert!(release.since <= now, "what runs has come");
        let went_off_later = self.monitoring.raised_by(region) > release.entry;
        let could_end = now.since(release.since).secs() >= plan.scenario.recovery.alarm_s.max(ALARM_ENDS_S);
        self.monitoring.alarms.contains(region) && (went_off_later || could_end)
    }

    /// Whether the servers of a region write rubbish: because of a fault, or of their release.
    pub(super) fn writes_rubbish(&self, region: RegionId) -> bool {
        let fleet = &self.fleets.regions[region.index()];
        fleet.rubbish || fleet.release.rubbish
    }

    /// Why the servers of a region write rubbish.
    pub(super) fn why_rubbish(&self, region: RegionId) -> Option<EntryId> {
        let release = self.fleets.regions[region.index()].release;
        let fault = self.entry_of(FaultKind::Corruption, Target::Region(region));
        debug_assert!(fault.is_some() || release.rubbish, "something makes them write it");
        fault.or(release.entry)
    }

    /// The line about a region's release, if that fails more than a few requests.
    pub(super) fn why_failing(&self, region: RegionId) -> Option<EntryId> {
        let release = self.fleets.regions[region.index()].release;
        release.entry.filter(|_| release.fails >= COUNTS)
    }
}

/// Calls to control planes.
impl System {
    /// The servers of a region run a release from now on, and so will those that are launched there.
    pub fn bring_out(&mut self, ctx: &mut Context<'_>, region: RegionId, release: ReleaseId) {
        debug_assert!(!self.dark[region.index()], "nothing is deployed in a dark region");
        let entry = ctx.note(self.control.entry, What::ReleaseOut { region, release });
        let known = &ctx.plan.scenario.rollout.releases[release.index()];
        let fleet = &mut self.fleets.regions[region.index()];
        fleet.earlier =
            std::mem::replace(&mut fleet.release, Deployed::new(release, known, (entry, ctx.now)));
        fleet.replaced = (fleet.replaced.0.wrapping_add(1), Some(entry));
        if let (true, Some(fault)) =
            (known.rubbish, Fault::new(FaultKind::Corruption, Target::Region(region)))
        {
            self.ruins.push(ActiveFault { fault, since: ctx.now, entry });
        }
    }

    /// A release has been watched in a region for as long as is asked for.
    pub fn pass(&self, ctx: &mut Context<'_>, region: RegionId, release: ReleaseId) {
        debug_assert!(self.runs(region, release), "what is watched runs there");
        ctx.note(self.control.entry, What::ReleaseBaked { region, release });
    }

    /// Releases that ruin data, or that fail in a region, are taken back, and this one whatever it does.
    pub fn roll_back(&mut self, ctx: &mut Context<'_>, region: RegionId, release: Option<ReleaseId>) {
        let bad: Vec<Fault> =
            self.faults.iter().map(|it| it.fault).filter(|it| is_bad_release(*it, region)).collect();
        for fault in bad {
            self.clear(ctx, fault);
        }
        for at in ctx.plan.region_ids() {
            let out = self.fleets.regions[at.index()].release;
            let here = at == region && (out.fails > 0.0 || (release.is_some() && out.release == release));
            if here || out.rubbish {
                self.take_back(ctx, at);
            }
        }
        debug_assert!(
            !self.faults.iter().any(|it| is_bad_release(it.fault, region)),
            "what was bad is taken back"
        );
    }

    /// What ran in a region before its release runs there again.
    fn take_back(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let fleet = &mut self.fleets.regions[region.index()];
        let Deployed { release: to, .. } = fleet.earlier;
        let out = std::mem::replace(&mut fleet.release, fleet.earlier);
        if let Some(release) = out.release.filter(|_| out != fleet.earlier) {
            let entry = ctx.note(self.control.entry, What::ReleaseBack { region, release, to });
            let replaced = &mut self.fleets.regions[region.index()].replaced;
            *replaced = (replaced.0.wrapping_add(1), Some(entry));
        }
    }

    /// A region gets the machine image of another, and with it the release that runs there.
    pub(super) fn copy_release(&mut self, from: RegionId, to: RegionId) {
        debug_assert_ne!(from, to, "an image is copied from another region");
        let source = &self.fleets.regions[from.index()];
        let (release, earlier) = (source.release, source.earlier);
        let fleet = &mut self.fleets.regions[to.index()];
        (fleet.release, fleet.earlier) = (release, earlier);
    }
}
