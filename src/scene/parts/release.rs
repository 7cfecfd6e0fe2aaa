//! Releases: those that can be brought out or taken back, and what came of them in sentences.

use crate::app::Msg;
use crate::kernel::id::{RegionId, ReleaseId};
use crate::model::{Release, Waves};
use crate::scene::panels::Action;
use crate::scene::view::View;
use crate::scene::words::{Words, number};

impl View<'_> {
    /// Releases that can be deployed now, and those that can be taken back; none while one is on its way. Nobody deploys
    /// anything while the service waits for a recovery.
    pub(in crate::scene) fn releases(&self) -> Vec<Action> {
        let busy = self.world.operations.executions.iter().any(|run| run.release.is_some());
        if busy {
            return Vec::new();
        }
        let calm = self.world.operations.is_calm(self.plan);
        let releases = self.plan.scenario.rollout.releases.iter().enumerate().filter(|_| calm);
        let mut actions: Vec<Action> =
            releases.filter_map(|(index, release)| self.deploy(ReleaseId(index as u8), release)).collect();
        actions.extend(self.plan.region_ids().filter_map(|region| self.roll_back(region)));
        actions
    }

    /// A release is deployed, unless all regions that can run it do.
    fn deploy(&self, which: ReleaseId, release: &Release) -> Option<Action> {
        let system = &self.world.system;
        let mut takes = self.plan.region_ids().filter(|region| system.takes_releases(*region));
        let is_out = takes.all(|region| system.runs(region, which));
        let how = match self.plan.scenario.rollout.order {
            Waves::RegionByRegion => "Region by region, those with the fewest users first",
            Waves::Everywhere => "In all regions at once",
        };
        let share = number::percent(*release.fails);
        let hint = match (release.rubbish, *release.fails > 0.0) {
            (true, _) => format!("{how}; its servers write rubbish."),
            (false, true) => format!("{how}; its servers fail {share} % of all requests."),
            (false, false) => format!("{how}; nothing is wrong with it."),
        };
        let name = &release.name;
        (!is_out).then(|| Action {
            label: format!("Deploy {name}"),
            hint,
            msg: Msg::Ordered(format!("deploy={name}")),
            slug: format!("deploy-{name}"),
        })
    }

    /// What was deployed last in a region is taken back.
    fn roll_back(&self, region: RegionId) -> Option<Action> {
        let release = self.world.system.newest_release(region).filter(|_| !self.is_dark(region))?;
        let (name, code) = (self.plan.release_name(release), self.code(region));
        Some(Action {
            label: format!("Take {name} back in {code}"),
            hint: "What ran there before runs there again.".into(),
            msg: Msg::Ordered(format!("roll-back={code}")),
            slug: format!("roll-back-{code}"),
        })
    }
}

impl Words<'_> {
    pub(in crate::scene) fn release_out(self, region: RegionId, release: ReleaseId) -> String {
        let (name, code) = (self.plan.release_name(release), self.plan.region_code(region));
        format!("Release {name} is out in {code}.")
    }

    pub(in crate::scene) fn release_baked(self, region: RegionId, release: ReleaseId) -> String {
        let (name, code) = (self.plan.release_name(release), self.plan.region_code(region));
        format!("Release {name} has baked in {code} without an alarm.")
    }

    pub(in crate::scene) fn release_back(
        self,
        region: RegionId,
        release: ReleaseId,
        to: Option<ReleaseId>,
    ) -> String {
        let (name, code) = (self.plan.release_name(release), self.plan.region_code(region));
        format!("Release {name} was taken back in {code}: {} runs there again.", self.release(region, to))
    }

    /// A release by its name; the version of the start by its own.
    fn release(self, region: RegionId, release: Option<ReleaseId>) -> String {
        match release {
            Some(release) => self.plan.release_name(release).into(),
            None => self.plan.scenario.regions[region.index()].version.clone(),
        }
    }
}
