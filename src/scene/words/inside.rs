//! Words for what a database is inside its region.

use super::entry::Words;
use crate::kernel::id::ZoneId;
use crate::model::Inside;

/// Who takes over if the machine fails that answers: "standby". Partitions have none; it is the other zones that go on.
pub const fn stand_in(inside: Inside) -> &'static str {
    match inside {
        Inside::Standby => "standby",
        Inside::Volume => "reader",
        Inside::Nodes => "replica node",
        Inside::Partitions => "rest",
        Inside::Cluster => "readable standby",
        Inside::Single => "standby",
        Inside::Alone => "new writer",
    }
}

/// What a database is while somebody takes over.
pub const fn taking_over(inside: Inside) -> &'static str {
    match inside {
        Inside::Standby | Inside::Cluster | Inside::Single => "standby taking over",
        Inside::Volume | Inside::Alone => "reader taking over",
        Inside::Nodes | Inside::Partitions => "replica taking over",
    }
}

/// What stands in the zone of whoever could take over.
pub const fn beside(inside: Inside) -> &'static str {
    match inside {
        Inside::Standby | Inside::Single => "standby",
        Inside::Volume | Inside::Alone => "reader",
        Inside::Nodes | Inside::Partitions => "replica node",
        Inside::Cluster => "readable standby",
    }
}

/// That nobody could take over.
pub const fn nobody(inside: Inside) -> &'static str {
    match inside {
        Inside::Standby | Inside::Single => "no standby",
        Inside::Volume => "no reader",
        Inside::Nodes => "no replica node",
        Inside::Partitions => "no rest",
        Inside::Cluster => "no readable standby",
        Inside::Alone => "writer alone",
    }
}

/// What whoever takes over has, to follow "it": "had every committed write".
pub const fn had(inside: Inside) -> &'static str {
    match inside {
        Inside::Standby | Inside::Nodes | Inside::Cluster | Inside::Single => "had every committed write",
        Inside::Volume | Inside::Alone => "reads the same volume, which has every committed write",
        Inside::Partitions => "had every committed write in two of three zones",
    }
}

impl Words<'_> {
    fn inside(self) -> Inside {
        self.plan.scenario.database.form().inside
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

    pub(super) fn instance_made(self, zone: ZoneId) -> String {
        let (zone, region) = (self.plan.zone_code(zone), self.plan.region_code(zone.region));
        format!(
            "The database instance of {region} was made anew in {zone}; its volume has every committed write."
        )
    }

    pub(super) fn made_anew(self, zone: ZoneId) -> String {
        format!("the instance was made anew in {}", self.plan.zone_code(zone))
    }

    pub(super) fn leaders_lost(self, zone: ZoneId) -> String {
        let (zone, region) = (self.plan.zone_code(zone), self.plan.region_code(zone.region));
        format!("Partitions of {region} that {zone} led wait for other leaders.")
    }

    pub(super) fn took_over(self, zone: ZoneId) -> String {
        format!("the {} took over in {}", stand_in(self.inside()), self.plan.region_code(zone.region))
    }
}
