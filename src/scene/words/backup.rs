//! Words for backups: copies of snapshots, and what is made from them.

use super::{Words, number};
use crate::kernel::id::RegionId;

impl Words<'_> {
    pub(super) fn copy(self, region: RegionId, snapshot: u16, did: &str) -> String {
        self.about(&format!("The copy of snapshot {}", snapshot + 1), "of", region, did)
    }

    pub(super) fn backups_deleted(self, count: u16) -> String {
        format!("{} were deleted: their vault was not locked.", number::counted(count.into(), "snapshot"))
    }

    pub(super) fn database_deleted(self, region: RegionId, snapshots: u16) -> String {
        let with = match snapshots {
            0 => String::new(),
            _ => format!(", and {} went with it", number::counted(snapshots.into(), "snapshot")),
        };
        self.about("The database", "in", region, &format!("was deleted with all its data{with}"))
    }

    pub(super) fn found_empty(snapshot: u16) -> String {
        format!("Snapshot {} is empty: nothing can be restored from it.", snapshot + 1)
    }

    pub(super) fn old_copied(self, from: RegionId, to: RegionId) -> String {
        let (from, to) = (self.plan.region_code(from), self.plan.region_code(to));
        format!("The batch job is done: {to} has the objects of {from} that the rule did not copy.")
    }

    pub(super) fn remade(self, region: RegionId, snapshot: u16, age_s: u32, lost: u32) -> String {
        format!(
            "The database in {} was restored from snapshot {}, to {} before the failure, without {}.",
            self.plan.region_code(region),
            snapshot + 1,
            number::span(age_s.into()),
            self.writes(lost),
        )
    }
}
