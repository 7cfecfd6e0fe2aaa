//! Sentences about the failover controller of the database, and about writes that wait for a copy.

use super::Words;
use crate::kernel::id::RegionId;

impl Words<'_> {
    pub(super) fn take_over_decided(self, from: RegionId, to: RegionId) -> String {
        let (from, to) = (self.plan.region_code(from), self.plan.region_code(to));
        format!(
            "The failover controller sees nothing of {from} by a majority, and tells the copy in {to} to take over."
        )
    }

    pub(super) fn semi_synchronous(self, region: RegionId, waits: bool) -> String {
        let did = if waits {
            "acknowledges a write only once a copy has it again"
        } else {
            "acknowledges writes that no copy has: none has answered in time"
        };
        self.about("The primary", "in", region, did)
    }
}
