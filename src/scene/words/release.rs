//! Words for releases: what came to a region, and what was taken back.

use super::Words;
use crate::kernel::id::{RegionId, ReleaseId};

impl Words<'_> {
    pub(super) fn release_out(self, region: RegionId, release: ReleaseId) -> String {
        let (name, code) = (self.plan.release_name(release), self.plan.region_code(region));
        format!("Release {name} is out in {code}.")
    }

    pub(super) fn release_baked(self, region: RegionId, release: ReleaseId) -> String {
        let (name, code) = (self.plan.release_name(release), self.plan.region_code(region));
        format!("Release {name} has baked in {code} without an alarm.")
    }

    pub(super) fn release_back(self, region: RegionId, release: ReleaseId, to: Option<ReleaseId>) -> String {
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
