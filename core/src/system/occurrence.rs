//! What has happened among the machines and in runbooks, told by the part to which it happened. The observer hears every occurrence;
//! operations hear what checks and alarms report. Telling changes nothing for the part that tells.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, PopulationId, RegionId, Ticket, VersionId, WriteId, ZoneId};
use crate::model::fault::{Command, Fault};
use crate::model::runbook::{Obstacle, StepName};
use crate::system::backups::RestorePoint;
use crate::system::version::{Found, Version};

/// A request of a client, as its client knows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked {
    /// Its place among the requests under way.
    pub ticket: Ticket,
    /// Whose it is.
    pub population: PopulationId,
    /// The connection that it uses: its session.
    pub connection: u16,
    /// The key that it reads or writes.
    pub key: u16,
    /// What it writes; `None` if it reads.
    pub write: Option<WriteId>,
    /// When its first attempt began.
    pub began: SimTime,
    /// How many attempts ended before this one.
    pub attempt: u8,
}

/// What a client is told at the end of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answered {
    /// The version that was made or read.
    pub version: VersionId,
    /// What a read has found.
    pub found: Found,
    /// The region whose database answered.
    pub region: RegionId,
}

/// A version has become durable in a region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Committed {
    /// The key.
    pub key: u16,
    /// What stands there now.
    pub version: Version,
    /// Whose write it is.
    pub population: PopulationId,
    /// The connection over which it came.
    pub connection: u16,
    /// What the region showed before, and the writer had seen.
    pub over: VersionId,
}

/// A version under a key in the copy of a region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// The key.
    pub key: u16,
    /// The region of the copy.
    pub region: RegionId,
    /// The version.
    pub version: VersionId,
}

/// A write that was refused because of another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WriteRefused {
    /// The key.
    pub key: u16,
    /// The write.
    pub write: WriteId,
    /// Whose it is.
    pub population: PopulationId,
    /// The region that refused it.
    pub region: RegionId,
    /// The version that its client had not seen.
    pub because: VersionId,
}

/// Why a run of a runbook began, and between which regions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beginning {
    /// The order that began it; `None` if checks or an alarm did.
    pub command: Option<Command>,
    /// The region that work leaves.
    pub from: RegionId,
    /// The region that work goes to.
    pub to: RegionId,
    /// The entry of the fault that it is about, if operations know that.
    pub about: Option<EntryId>,
    /// The entry that began it.
    pub entry: EntryId,
}

/// What has happened in a run of a runbook.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    /// It began.
    Began(Beginning),
    /// What it is about was noticed just now: by an alarm on failing requests if true, else by health checks.
    Noticed(bool),
    /// It was decided that it acts.
    Decided,
    /// It has done what it was for, or was called off.
    Ended,
    /// A step began.
    StepBegan(StepName),
    /// A step ended.
    StepEnded(StepName),
    /// A step has to wait for something, or for `None` has not to any more.
    StepBlocked(StepName, Option<Obstacle>),
}

/// Something that has happened, just now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Occurrence {
    /// A client began a request.
    Sent(Asked),
    /// An attempt of a population's request went to a region.
    WentTo(PopulationId, RegionId),
    /// A client was told that its request is done.
    Served(Asked, Answered),
    /// A client was told that its write is refused because of another: an answer too.
    Refused(Asked, RegionId),
    /// A client gave up; its last attempt failed because of this entry.
    GaveUp(Asked, Option<EntryId>),
    /// A write met one that its client had not seen, and was refused; the region shows this version.
    WriteRefused(WriteRefused),
    /// Versions stood side by side in a region's copy; a writer who knew them all has just written over this one.
    WroteOver(Placed),
    /// A version has become durable.
    Committed(Committed),
    /// A retry has committed the same write a second time.
    Duplicated(WriteId),
    /// A region has proposed a version to the others; it does not hold yet.
    Proposed(Committed),
    /// A proposal was given up; the second is what the proposing region shows.
    Withdrawn(VersionId, VersionId),
    /// A majority has a proposed version.
    Agreed(VersionId),
    /// The sources of all streams are about to ship what is new.
    Shipping,
    /// A region's copy shows or holds a version that another region made. True if it met others there.
    TakenIn(Placed, bool),
    /// A copy has taken in a whole batch.
    BatchTaken(RegionId),
    /// A fault came into force, with its entry in the journal.
    FaultInjected(Fault, EntryId),
    /// A fault is over; the entry is that of its beginning.
    FaultCleared(Fault, EntryId),
    /// A zone lost its power: its servers have to be replaced.
    ZoneLost(ZoneId),
    /// The standby in another zone begins to take over a region's database, because of this entry.
    StandbyBegins(RegionId, EntryId),
    /// The database of a region answers again: a standby has taken over, or it has restarted.
    DatabaseReady(RegionId),
    /// The verdict of the health checkers on an endpoint turned to unhealthy.
    FoundUnhealthy(RegionId),
    /// The balancer of a region found a target unhealthy, or its database began to fail over.
    Detected(RegionId),
    /// The name servers stopped sending some clients to a region.
    AnswerLeft {
        /// The region.
        region: RegionId,
    },
    /// The last block of a restored volume is there.
    Loaded {
        /// The region.
        region: RegionId,
    },
    /// A copy became the primary. Until the streams are disconnected they show what it does not have.
    Promoted {
        /// The region of the old primary.
        from: RegionId,
        /// The region of the new one.
        to: RegionId,
    },
    /// Primary and copy changed places in an orderly way.
    SwitchedOver {
        /// The region of the old primary.
        from: RegionId,
        /// The region of the new one.
        to: RegionId,
    },
    /// What only an old primary had was set aside, and it is filled anew.
    SetAside {
        /// The old primary's region.
        region: RegionId,
    },
    /// A database was made from a backup and takes writes.
    Restored {
        /// The region of the primary of before.
        from: RegionId,
        /// The region of the database.
        region: RegionId,
        /// What was restored.
        point: RestorePoint,
    },
    /// Something has happened in a run of a runbook: its number, and what. Later runs have higher numbers.
    Run(u32, Progress),
    /// Clients begin to leave a region.
    MovementBegan {
        /// The region.
        from: RegionId,
        /// The run that moves them, if one is under way.
        run: Option<u32>,
    },
    /// No resolver gives the answer any more that clients were leaving.
    MovementEnded,
}
