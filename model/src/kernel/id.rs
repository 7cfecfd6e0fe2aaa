//! Typed indices: one for each collection, so that none is used on another.

use serde::Serialize;

/// A region of the scenario, in scenario order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Hash)]
pub struct RegionId(pub u8);

/// An availability zone: the region, and which of its zones (0 is "a").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Hash)]
pub struct ZoneId {
    /// The region.
    pub region: RegionId,
    /// Which of its zones.
    pub index: u8,
}

/// A client population, in scenario order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Hash)]
pub struct PopulationId(pub u8);

/// A server, in order of first launch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Hash)]
pub struct ServerId(pub u16);

/// A release of the application, in the order of the scenario's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Hash)]
pub struct ReleaseId(pub u8);

/// A write, in the order in which clients first asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Hash)]
pub struct WriteId(pub u32);

/// A version of a key: the region that committed it, and its place among that region's commits, from 1. Regions number
/// by themselves, so that no machine needs to know what another one does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Hash)]
pub struct VersionId {
    /// The region that committed it.
    pub region: RegionId,
    /// Which of its commits, from 1; 0 for what was there before the run.
    pub count: u32,
}

/// A runbook: its place among those of a scenario, its own and built-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Hash)]
pub struct RunbookId(pub u8);

/// A law about where data may be held: its place among the placement rules of the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Hash)]
pub struct LawId(pub u8);

impl VersionId {
    /// What stood there before anyone wrote in this run.
    pub const NONE: Self = Self { region: RegionId(0), count: 0 };

    /// Whether somebody has written it in this run.
    pub const fn is_written(self) -> bool {
        self.count > 0
    }
}

/// An entry of the journal, in the order in which they were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Hash)]
pub struct EntryId(pub u32);

/// A message in flight: a place in the arena of flights, free again after it has landed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlightId(pub u32);

/// A place in an arena together with the turn of its use, so that what comes too late is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The place.
    pub slot: u32,
    /// How often the place had been taken and given back when this was made: odd.
    pub turn: u32,
}

impl RegionId {
    /// The region that a scenario names first. That this is the primary is for the blueprint alone to say.
    pub const FIRST: Self = Self(0);

    /// The index into collections by region.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl RunbookId {
    /// The index into the list of runbooks.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl LawId {
    /// The index into the list of placement rules.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl PopulationId {
    /// The index into collections by population.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl ReleaseId {
    /// The index into the scenario's list of releases.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl ServerId {
    /// The index into the list of servers.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}
