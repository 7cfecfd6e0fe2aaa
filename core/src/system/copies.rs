//! The copies of a volume: six, two in each of three zones, whichever zones have instances. A write has to be in four of them; three
//! are enough to read, and to build another from. That keeps writes going without a zone, and reads without a zone and one more.
//!
//! Source: Verbitski and others, "Amazon Aurora: Design Considerations for High Throughput Cloud-Native Relational Databases"
//! (SIGMOD 2017), sections 2.1 and 2.2.

use crate::catalog::database as db;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::EntryId;
use crate::model::fault::VOLUME_ZONES;
use crate::model::plan::Plan;

/// Copies of a volume.
pub const COPIES: usize = db::VOLUME_COPIES.count() as usize;
/// Zones over which they are spread.
pub const ZONES: usize = VOLUME_ZONES as usize;
/// So many have to have a write.
pub const WRITES: usize = db::VOLUME_WRITES.count() as usize;
/// So many are enough to read, and to build another.
pub const READS: usize = db::VOLUME_READS.count() as usize;

/// More writes than any run has: who missed so many takes in a whole segment.
const EVERYTHING: u32 = 1 << 31;

/// How a copy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// It has every write.
    Well,
    /// It is gone, or out of reach, or nobody is there whom it could be mended from.
    Away,
    /// It is being built from the others, or takes in from them what it missed, until then.
    Comes(SimTime),
}

/// One copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Copy {
    health: Health,
    /// What it had of the volume's writes when it was last well; `None` if nothing of it is left.
    has: Option<u32>,
}

/// What a volume can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Does {
    /// Nothing: it cannot be read either.
    Nothing,
    /// It can be read.
    Reads,
    /// It takes writes, and lacks copies.
    Writes,
    /// It has all of its copies.
    All,
}

impl Does {
    /// What a volume can do of which so many copies have every write.
    pub const fn with(well: usize) -> Self {
        match well {
            COPIES.. => Self::All,
            WRITES.. => Self::Writes,
            READS.. => Self::Reads,
            _ => Self::Nothing,
        }
    }
}

/// The copies of a region's volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copies {
    list: [Copy; COPIES],
    /// Writes that have come into the volume.
    writes: u32,
    /// What it can do, as the journal was told last.
    pub(super) told: Does,
    /// The journal's line about that.
    pub(super) because: Option<EntryId>,
}

impl Copies {
    /// All six are well.
    pub const WHOLE: Self = Self {
        list: [Copy { health: Health::Well, has: None }; COPIES],
        writes: 0,
        told: Does::All,
        because: None,
    };

    /// The zone of the copy in a place.
    pub const fn zone(place: usize) -> u8 {
        (place / (COPIES / ZONES)) as u8
    }

    /// How each copy is, zone by zone.
    pub fn all(&self) -> impl Iterator<Item = Health> {
        self.list.iter().map(|copy| copy.health)
    }

    /// How many have every write.
    pub fn well(&self) -> usize {
        self.all().filter(|health| *health == Health::Well).count()
    }

    /// How many have every write in a zone, and how many in the others.
    pub fn well_beside(&self, zone: u8) -> (usize, usize) {
        let well = |place: &usize| self.list[*place].health == Health::Well;
        let near = (0..COPIES).filter(well).filter(|place| Self::zone(*place) == zone).count();
        (near, self.well() - near)
    }

    /// What the volume can do.
    pub fn does(&self) -> Does {
        Does::with(self.well())
    }

    /// Writes that have come into the volume.
    pub const fn writes(&self) -> u32 {
        self.writes
    }

    /// A write has come into it.
    pub fn write(&mut self) {
        self.writes = self.writes.wrapping_add(1);
    }

    /// Nothing is left of the copy in a place.
    pub fn lose(&mut self, place: usize) {
        if let Some(copy) = self.list.get_mut(place) {
            *copy = Copy { health: Health::Away, has: None };
        }
    }

    /// Other data stand there now. What is not well has to take in all of these, from any that is; if none is, they come with the zones.
    pub fn replace(&mut self) {
        let none = self.well() == 0;
        let has = if none { self.writes } else { self.writes.wrapping_sub(EVERYTHING) };
        for copy in self.list.iter_mut().filter(|copy| copy.health != Health::Well) {
            *copy = Copy { health: Health::Away, has: Some(has) };
        }
    }

    /// Looks at every copy: which are gone, which are mended by now, and which begin to be. A zone has power or not, and in some one
    /// of the two copies is broken. Returns when the next will be mended, if one is being mended.
    pub fn look(
        &mut self,
        plan: &Plan,
        now: SimTime,
        is_lit: impl Fn(u8) -> bool,
        is_broken: impl Fn(u8) -> bool,
    ) -> Option<SimTime> {
        for (place, copy) in self.list.iter_mut().enumerate() {
            let zone = Self::zone(place);
            if is_broken(zone) && place.is_multiple_of(COPIES / ZONES) {
                *copy = Copy { health: Health::Away, has: None };
            } else if !is_lit(zone) {
                if copy.health == Health::Well {
                    copy.has = Some(self.writes);
                }
                copy.health = Health::Away;
            } else if matches!(copy.health, Health::Comes(until) if until <= now)
                || (copy.health == Health::Away && copy.has == Some(self.writes))
            {
                copy.health = Health::Well;
            }
        }
        let well = self.well();
        for (place, copy) in self.list.iter_mut().enumerate() {
            let zone = Self::zone(place);
            let broken = is_broken(zone) && place.is_multiple_of(COPIES / ZONES);
            // What a copy missed any that has it can tell; to build one anew a read has to be possible.
            let sources = if copy.has.is_some() { 1 } else { READS };
            match copy.health {
                Health::Comes(_) if well < sources => copy.health = Health::Away,
                Health::Away if is_lit(zone) && !broken && well >= sources => {
                    let ends = now + mend_span(plan, copy.has.map(|has| self.writes.wrapping_sub(has)));
                    copy.health = Health::Comes(ends);
                }
                Health::Well | Health::Away | Health::Comes(_) => {}
            }
        }
        let ends = |health| if let Health::Comes(until) = health { Some(until) } else { None };
        self.all().filter_map(ends).min()
    }
}

/// How long a copy takes that missed so many simulated writes, or that has nothing (`None`). The segments of a volume are mended side by
/// side, each over a line of its own; what a segment missed is its part of the writes, and no more than all of it.
pub fn mend_span(plan: &Plan, missed: Option<u32>) -> SimDuration {
    let database = &plan.scenario.database;
    let (volume, segment) = (*database.size_gib * 1024.0, db::SEGMENT.value * 1024.0);
    let segments = (volume / segment).max(1.0);
    let whole = volume / segments;
    let written = |missed: u32| {
        let bytes = f64::from(missed) * f64::from(plan.weight) * f64::from(database.write_bytes);
        (bytes / 1_048_576.0 / segments).min(whole)
    };
    SimDuration::from_secs(missed.map_or(whole, written) / database.repair_mib_per_s)
}
