//! Who has every commit inside a region, by the checker's own books: an instance that was away while something was written, by the
//! faults alone or by its own word, is behind until the journal says that it was brought level.

use super::Law;
use super::memory::{Laws, Moment};
use crate::kernel::id::{VersionId, ZoneId};
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::system::database::{Database, Role};
use crate::system::journal::What;
use crate::system::standbys::Progress;
use crate::system::version::Seen;

/// What is known of one region's instances.
#[derive(Clone, Copy, Debug)]
pub(super) struct Levels {
    /// The zone of the one that answered last.
    zone: u8,
    /// What its database had: if that grows, something was written.
    had: (VersionId, Seen),
    /// Zones with an instance that lacks something, a bit for each.
    behind: u8,
}

impl Levels {
    pub(super) fn of(database: &Database) -> Self {
        let had = (database.log_end(), database.applied);
        Self { zone: database.zone, had, behind: says_behind(database) }
    }
}

/// The zones of instances that say of themselves that they lack something.
fn says_behind(database: &Database) -> u8 {
    let all = database.standbys.all().iter();
    let behind = all.filter(|it| matches!(it.progress, Progress::Behind | Progress::Rebuilding(_)));
    behind.fold(0, |zones, standby| zones | 1 << standby.zone)
}

pub(super) fn look(laws: &mut Laws, moment: &Moment<'_>) {
    for region in 0..moment.world.system.databases.len() {
        one(laws, moment, region);
    }
}

fn one(laws: &mut Laws, moment: &Moment<'_>, region: usize) {
    let system = &moment.world.system;
    let database = &system.databases[region];
    let restored =
        |what: What| matches!(what, What::DatabaseRestored { region: there, .. } if there == database.region);
    let is_new = laws.roles[region] != database.role || moment.news.iter().any(|entry| restored(entry.what));
    // What is made in a region is made with its standbys. Who reads a volume lacks nothing of it, and partitions have no instance.
    let has_none = database.inside.has_volume() || !database.inside.has_instance();
    if is_new || has_none || matches!(database.role, Role::Absent | Role::Witness) {
        laws.levels[region] = Levels::of(database);
        return;
    }
    let (before, now) = (laws.levels[region], Levels::of(database));
    let mut behind = before.behind;
    for entry in moment.news {
        if let What::StandbyLevel(zone) = entry.what
            && zone.region == database.region
        {
            behind &= !(1 << zone.index);
        }
    }
    if now.zone != before.zone {
        let lacks = behind >> now.zone & 1 == 1;
        laws.check(moment.now, Law::NobodyBehindTakesOver, !lacks, || {
            format!("zone {} of region {region} took over and had missed writes", now.zone)
        });
        // Whoever answered before has to be brought level, if it comes back.
        behind = (behind | 1 << before.zone) & !(1 << now.zone);
    }
    if now.had != before.had {
        let lost = |zone: &u8| {
            let zone = ZoneId { region: database.region, index: *zone };
            system.has_fault(FaultKind::ZonePower, Target::Zone(zone))
        };
        let zones = database.standbys.all().iter().map(|standby| standby.zone);
        behind |= zones.filter(lost).fold(now.behind, |zones, zone| zones | 1 << zone);
    }
    let level = database.standbys.ready().find(|standby| behind >> standby.zone & 1 == 1);
    laws.check(moment.now, Law::NobodyBehindTakesOver, level.is_none(), || {
        format!("{level:?} in region {region} counts as level and had missed writes")
    });
    laws.levels[region] = Levels { behind, ..now };
}
