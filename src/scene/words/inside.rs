//! Words for what a database is inside its region.

use super::entry::Words;
use crate::kernel::id::ZoneId;
use crate::model::engine::Inside;

/// Who takes over if the machine fails that answers: "standby". Partitions have none; it is the other zones that go on.
pub const fn stand_in(inside: Inside) -> &'static str {
    match inside {
        Inside::Standby => "standby",
        Inside::Volume => "reader",
        Inside::Nodes => "replica node",
        Inside::Partitions => "rest",
    }
}

/// What whoever takes over has, to follow "it": "had every committed write".
pub const fn had(inside: Inside) -> &'static str {
    match inside {
        Inside::Standby | Inside::Nodes => "had every committed write",
        Inside::Volume => "reads the same volume, which has every committed write",
        Inside::Partitions => "had every committed write in two of three zones",
    }
}

impl Words<'_> {
    const fn inside(self) -> Inside {
        self.plan.scenario.database.engine.rules().inside
    }

    pub(super) fn standby_took_over(self, zone: ZoneId) -> String {
        format!(
            "The {} in {} became the database of {}; it {}.",
            stand_in(self.inside()),
            self.plan.zone_code(zone),
            self.plan.region_code(zone.region),
            had(self.inside())
        )
    }

    pub(super) fn leaders_lost(self, zone: ZoneId) -> String {
        let (zone, region) = (self.plan.zone_code(zone), self.plan.region_code(zone.region));
        format!("Partitions of {region} that {zone} led wait for other leaders.")
    }

    pub(super) fn took_over(self, zone: ZoneId) -> String {
        format!("the {} took over in {}", stand_in(self.inside()), self.plan.region_code(zone.region))
    }
}
