//! Words for what a database is inside its region.

use crate::kernel::id::{RegionId, ZoneId};
use crate::model::Inside;
use crate::scene::words::Words;

/// The words for a form.
pub(in crate::scene) struct Told {
    /// Who takes over if the machine fails that answers: "standby". Partitions have none; it is the other zones that go on.
    pub(in crate::scene) stand_in: &'static str,
    /// What a database is while somebody takes over.
    pub(in crate::scene) taking_over: &'static str,
    /// What stands in the zone of whoever could take over.
    pub(in crate::scene) beside: &'static str,
    /// The same of one that was away, and has not every commit yet.
    pub(in crate::scene) behind: &'static str,
    /// That nobody could take over.
    pub(in crate::scene) nobody: &'static str,
    /// What whoever takes over has, to follow "it": "had every committed write".
    pub(in crate::scene) had: &'static str,
}

const STANDBY: Told = Told {
    stand_in: "standby",
    taking_over: "standby taking over",
    beside: "standby",
    behind: "standby behind",
    nobody: "no standby",
    had: "had every committed write",
};

const CLUSTER: Told = Told {
    stand_in: "readable standby",
    beside: "readable standby",
    nobody: "no readable standby",
    ..STANDBY
};

const NODES: Told = Told {
    stand_in: "replica node",
    taking_over: "replica taking over",
    beside: "replica node",
    behind: "replica behind",
    nobody: "no replica node",
    ..STANDBY
};

const VOLUME: Told = Told {
    stand_in: "reader",
    taking_over: "reader taking over",
    beside: "reader",
    behind: "reader starting",
    nobody: "no reader",
    had: "reads the same volume, which has every committed write",
};

const ALONE: Told = Told { stand_in: "new writer", nobody: "writer alone", ..VOLUME };

const TWO_READERS: Told = Told { nobody: "no readers", ..VOLUME };

const PARTITIONS: Told = Told {
    stand_in: "rest",
    nobody: "no rest",
    had: "had every committed write in two of three zones",
    ..NODES
};

/// How a form is told of.
pub(in crate::scene) const fn told(inside: Inside) -> &'static Told {
    match inside {
        Inside::Standby | Inside::Single => &STANDBY,
        Inside::Volume => &VOLUME,
        Inside::Nodes => &NODES,
        Inside::Partitions => &PARTITIONS,
        Inside::Cluster => &CLUSTER,
        Inside::Alone => &ALONE,
        Inside::TwoReaders => &TWO_READERS,
    }
}

impl Words<'_> {
    fn inside(self) -> Inside {
        self.plan.scenario.database.form().inside
    }

    pub(in crate::scene) fn standby_took_over(self, zone: ZoneId) -> String {
        format!(
            "The {} in {} became the database of {}; it {}.",
            told(self.inside()).stand_in,
            self.plan.zone_code(zone),
            self.plan.region_code(zone.region),
            told(self.inside()).had
        )
    }

    pub(in crate::scene) fn standby_level(self, zone: ZoneId) -> String {
        format!(
            "The {} in {} has every commit again, and can take over.",
            told(self.inside()).stand_in,
            self.plan.zone_code(zone)
        )
    }

    pub(in crate::scene) fn event_published(self, region: RegionId) -> String {
        let region = self.plan.region_code(region);
        format!("The service published an event: the instance of {region} is being replaced.")
    }

    pub(in crate::scene) fn instance_made(self, zone: ZoneId) -> String {
        let (zone, region) = (self.plan.zone_code(zone), self.plan.region_code(zone.region));
        format!(
            "The database instance of {region} was made anew in {zone}; its volume has every committed write."
        )
    }

    pub(in crate::scene) fn made_anew(self, zone: ZoneId) -> String {
        format!("the instance was made anew in {}", self.plan.zone_code(zone))
    }

    pub(in crate::scene) fn leaders_lost(self, zone: ZoneId) -> String {
        let (zone, region) = (self.plan.zone_code(zone), self.plan.region_code(zone.region));
        format!("Partitions of {region} that {zone} led wait for other leaders.")
    }

    pub(in crate::scene) fn took_over(self, zone: ZoneId) -> String {
        format!("the {} took over in {}", told(self.inside()).stand_in, self.plan.region_code(zone.region))
    }
}
