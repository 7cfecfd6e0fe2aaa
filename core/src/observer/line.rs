//! A line of the ledger: a commit, as much of it as has to be known later.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{PopulationId, RegionId, VersionId, WriteId};
use crate::kernel::region_map::RegionMap;
use crate::model::Rule;
use crate::observer::chain::Link;
use crate::system::stream::Commit;
use crate::system::version::{Content, Seen};
use serde::Serialize;

/// A commit, as much of it as has to be known later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: SimTime,
    /// Its stamp: the time on its region's clock, in microseconds, and later than that of what it was written over.
    pub stamp: i64,
    /// The write; number 0 if no client wrote.
    pub write: WriteId,
    /// The key.
    pub key: u16,
    /// The region that committed it.
    pub region: RegionId,
    /// Which of that region's versions it is; 0 if it made none.
    pub count: u32,
    /// Whose it is.
    pub population: PopulationId,
    /// The connection over which it came.
    pub connection: u16,
    /// What it put there.
    pub content: Content,
    /// A client has been told.
    pub acknowledged: bool,
    /// A client has read it.
    pub read: bool,
    /// How long after the commit the client was told, in microseconds, if it was: before it, if a queue had the write first.
    pub told_after: i64,
    /// Its place among the commits of its region under its key.
    pub link: Link,
    /// The fault that kept its writer from seeing a concurrent write, by its journal entry; 0 for none (the entry 0 is the
    /// begin of the run).
    pub apart: u32,
    /// Which undoing took it away, counted from 1: the promotion of a copy that did not have it, or a restore of what
    /// was before it. [`STANDS`] while none has; 0 if no primary ever had it.
    pub undone: u16,
    /// The commit that stood there before and that the writer had seen; 0 for none.
    pub over: u32,
    /// What the rule for collisions has made of it so far.
    pub mark: Mark,
    /// The commit that it lost to, was merged with or was refused for.
    pub by: u32,
    /// How long after the commit it was in the copy of each region, in microseconds; [`NEVER`] while it is not.
    pub reached: RegionMap<u32>,
}

/// Has not come there.
pub const NEVER: u32 = u32::MAX;

/// What the rule for collisions has made of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    None,
    /// A concurrent write is shown instead.
    Lost,
    /// It stands beside a concurrent one and waits for somebody to merge them.
    Kept,
    /// Its content went into what stands there now.
    Merged,
    /// It was refused, and its client was told.
    Refused,
    /// A queue has it, and no consumer has committed it.
    Queued,
    /// A consumer has committed it: that is another line.
    Consumed,
    /// A queue had kept it for too long.
    Expired,
}

/// What has become of a write: exactly one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It is what its key shows.
    Stands,
    /// Somebody who had seen it wrote something else.
    Overwritten,
    /// A write that had not seen it, or that it had not seen, is shown instead; nobody was told.
    Lost,
    /// It stands beside another until somebody merges them.
    Kept,
    /// Its content went into what stands there now.
    Merged,
    /// A promotion or a restore took it away.
    Undone,
    /// It was refused: its client knows.
    Refused,
    /// It is in a queue.
    Queued,
    /// It was in a queue, and a consumer has committed it.
    Consumed,
    /// It was in a queue for too long, and is lost.
    Expired,
}

impl Fate {
    /// Every fate.
    pub const ALL: [Self; 10] = [
        Self::Stands,
        Self::Overwritten,
        Self::Lost,
        Self::Kept,
        Self::Merged,
        Self::Undone,
        Self::Refused,
        Self::Queued,
        Self::Consumed,
        Self::Expired,
    ];
}

impl Line {
    /// Its fate; `overwritten`: a later write, whose writer had seen this one, has replaced it.
    pub fn fate(&self, overwritten: bool, rule: Rule) -> Fate {
        match self.mark {
            Mark::Refused => Fate::Refused,
            Mark::Queued => Fate::Queued,
            Mark::Consumed => Fate::Consumed,
            Mark::Expired => Fate::Expired,
            _ if self.undone != STANDS => Fate::Undone,
            Mark::Lost => Fate::Lost,
            Mark::Kept => Fate::Kept,
            Mark::Merged => Fate::Merged,
            Mark::None if overwritten && rule == Rule::Merge => Fate::Merged,
            Mark::None if overwritten => Fate::Overwritten,
            Mark::None => Fate::Stands,
        }
    }
}

/// What has not been undone.
pub const STANDS: u16 = u16::MAX;

impl Line {
    /// What a client wrote under a key, as a region takes it: nobody has been told of it, and nothing has become of it yet.
    pub const fn new(
        at: SimTime,
        (key, region): (u16, RegionId),
        (write, population): (WriteId, PopulationId),
    ) -> Self {
        Self {
            at,
            stamp: 0,
            write,
            key,
            region,
            count: 0,
            population,
            connection: 0,
            content: Content::Good,
            acknowledged: false,
            read: false,
            told_after: 0,
            link: Link::NONE,
            apart: 0,
            undone: STANDS,
            over: 0,
            mark: Mark::None,
            by: 0,
            reached: RegionMap::all(NEVER),
        }
    }

    /// The version.
    pub const fn id(&self) -> VersionId {
        VersionId { region: self.region, count: self.count }
    }

    /// The line as a commit.
    pub fn commit(&self) -> Commit {
        debug_assert!(self.count > 0 || self.mark != Mark::None, "a version, or a write that a queue has");
        Commit {
            id: self.id(),
            write: self.write,
            population: self.population,
            connection: self.connection,
            key: self.key,
            at: self.at,
            leaves: self.at,
            content: self.content,
            format: 0,
            stamp: self.at.micros() as i64,
            seen: Seen::default(),
            because: None,
            acknowledged: self.acknowledged,
        }
    }

    /// When a client was told of it; `None` if none was.
    pub fn told_at(&self) -> Option<SimTime> {
        let at_us = self.at.micros() as i64 + self.told_after;
        debug_assert!(at_us >= 0, "nobody is told before the start");
        self.acknowledged.then_some(SimTime::from_micros(at_us.max(0) as u64))
    }

    /// A queue has it, and no consumer has committed it.
    pub fn is_queued(&self) -> bool {
        self.mark == Mark::Queued
    }

    /// A client has seen it, or was told that it is there: not only that a queue has it.
    pub const fn is_known(&self) -> bool {
        self.read || (self.acknowledged && self.told_after >= 0)
    }

    /// A client was told of it, and a write that had not seen it took its place.
    pub fn is_collided(&self) -> bool {
        self.acknowledged && self.mark == Mark::Lost
    }
}
