//! What has happened among the machines and in runbooks, told by the part to which it happened. The observer hears every
//! occurrence; operations hear what checks and alarms report. Telling changes nothing for the part that tells.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, PopulationId, RegionId, Ticket, VersionId, WriteId, ZoneId};
use crate::model::command::Command;
use crate::model::fault::Fault;
use crate::model::obstacle::Obstacle;
use crate::model::runbook::StepName;
use crate::system::control_call::{ControlCall, Reply};
use crate::system::failure::Failure;
use crate::system::restore_point::RestorePoint;
use crate::system::version::{Found, Version};

/// A request of a client, as its client knows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked {
    /// Its place among the requests under way.
    pub ticket: Ticket,
    /// Whose it is.
    pub population: PopulationId,
    /// Which of its population's requests it is.
    pub n: u32,
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

/// A queue has accepted a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enqueued {
    /// Which message it is of the run.
    pub serial: u32,
    /// The write.
    pub write: WriteId,
    /// The key.
    pub key: u16,
    /// Whose write it is.
    pub population: PopulationId,
    /// The region of the queue.
    pub region: RegionId,
}

/// What has become of a message in a queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MessageEvent {
    /// A queue has accepted a write.
    Accepted(Enqueued),
    /// A client is told that a queue has its write: the message.
    Told(Asked, u32),
    /// A consumer has committed a message as this version.
    Consumed(u32, VersionId),
    /// A message was kept for too long, and is gone; the journal's line about it.
    Expired(u32, EntryId),
    /// A message was set aside.
    SetAside(u32),
    /// It is back in its queue.
    Redriven(u32),
}

/// A version has become durable in a region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Committed {
    /// The key.
    pub key: u16,
    /// The version that stands there now.
    pub version: Version,
    /// Whose write it is.
    pub population: PopulationId,
    /// The connection over which it came.
    pub connection: u16,
    /// The version that the region showed before, which the writer had seen.
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
    /// The entry of the fault that it is about, if operations know one.
    pub about: Option<EntryId>,
    /// The entry that began it.
    pub entry: EntryId,
}

/// A step of an execution, as others know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The bar of the waterfall that it is.
    pub bar: StepName,
    /// Its place in the runbook.
    pub index: u8,
}

/// What has happened in an execution of a runbook.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RunEvent {
    /// It began, by the runbook in this place of the plan.
    Began(u8, Beginning),
    /// The trouble was noticed just now: by an alarm on failing requests if true, else by health checks.
    Noticed(bool),
    /// The disaster was declared: the run acts from now on.
    Decided,
    /// Its validation has passed just now.
    Validated,
    /// It is complete.
    Ended,
    /// It was called off before it acted.
    CalledOff,
    /// One of its steps could not be done, and it ends with that.
    Failed,
    /// A step began.
    StepBegan(Mark),
    /// A step ended.
    StepEnded(Mark),
    /// A step was left undone.
    StepLeft(Mark),
    /// A step was given up because of an obstacle: the runbook goes on without it.
    StepSkipped(Mark, Obstacle),
    /// A step could not be done because of an obstacle.
    StepFailed(Mark, Obstacle),
    /// A step waits for an obstacle, or for `None` waits no longer.
    StepBlocked(Mark, Option<Obstacle>),
}

/// Something that has happened, just now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Occurrence {
    /// A client began a request.
    Sent(Asked),
    /// A client was told that its request is done.
    Served(Asked, Answered),
    /// A client was told that its write is refused because of another: an answer too.
    Refused(Asked, RegionId),
    /// A client gave up; the entry is why its last attempt failed, and how.
    GaveUp(Asked, Option<EntryId>, Failure),
    /// A write met one that its client had not seen, and was refused; the region shows this version.
    WriteRefused(WriteRefused),
    /// A person has ordered this write, to see what becomes of it.
    Staged(WriteId),
    /// Siblings stood under a key in a region's copy, and a write that had seen them all has just replaced this one.
    WroteOver(Placed),
    /// A version has become durable.
    Committed(Committed),
    /// A retry has committed the same write a second time.
    Duplicated(WriteId),
    /// A region has proposed a version to the others; it does not hold yet.
    Proposed(Committed),
    /// A proposal was withdrawn: for the second version, which was there first, or because nobody waits for it any more.
    Withdrawn(VersionId, Option<VersionId>),
    /// A majority has accepted a proposed version; on top of which other, if whoever says so knows.
    Agreed(VersionId, Option<VersionId>),
    /// The sources of all streams are about to ship what is new.
    Shipping,
    /// A region's copy has taken in a version of another region. True if it was concurrent with what stood there.
    TakenIn(Placed, bool),
    /// A copy has taken in a whole batch.
    BatchTaken(RegionId),
    /// A fault came into force; the entry is its line in the journal.
    FaultInjected(Fault, EntryId),
    /// A fault is over; the entry is that of its beginning.
    FaultCleared(Fault, EntryId),
    /// Somebody has begun to do something to the instances of a database; the entry is that of the order.
    Maintained(Command, EntryId),
    /// A zone lost its power: its servers have to be replaced.
    ZoneLost(ZoneId),
    /// The standby in another zone begins to take over a region's database, because of this entry.
    StandbyBegins(RegionId, EntryId),
    /// The database of a region answers again: a standby has taken over, or it has restarted.
    DatabaseReady(RegionId),
    /// The verdict of the health checkers on an endpoint turned to unhealthy.
    FoundUnhealthy(RegionId),
    /// News of an alarm has reached those who run the system.
    Paged {
        /// The region that it is about.
        region: RegionId,
        /// It has gone off, or is over.
        on: bool,
    },
    /// A control plane has answered a call.
    ControlAnswered {
        /// Which call.
        name: ControlCall,
        /// The region whose control plane it is.
        region: RegionId,
        /// What it says.
        reply: Reply,
    },
    /// The database's failover controller has told a copy to take over.
    TakeOver {
        /// The region of the primary, as the controller knows.
        from: RegionId,
        /// The region of the copy.
        to: RegionId,
        /// The line about its decision.
        entry: EntryId,
    },
    /// The health checks have found a region healthy that was not.
    FoundHealthy(RegionId),
    /// The balancer of a region found a target unhealthy, or its database began to fail over.
    Detected(RegionId),
    /// The name servers stopped answering some clients with a region.
    AnswerLeft {
        /// The region.
        region: RegionId,
    },
    /// The last block of a restored volume has been loaded.
    Loaded {
        /// The region.
        region: RegionId,
    },
    /// A copy became the primary. Until the streams are disconnected they still hold what it lacks.
    Promoted {
        /// The region of the old primary.
        from: RegionId,
        /// The region of the new one.
        to: RegionId,
    },
    /// Primary and replica exchanged roles with nothing lost.
    SwitchedOver {
        /// The region of the old primary.
        from: RegionId,
        /// The region of the new one.
        to: RegionId,
    },
    /// The copy of a region's database that was on its way to another is whole.
    Copied {
        /// The region that was copied.
        from: RegionId,
        /// The region that has the copy.
        to: RegionId,
    },
    /// A region's copy was replaced by that of another region, and is being filled.
    Replaced {
        /// The region.
        region: RegionId,
        /// The region whose data it has now.
        source: RegionId,
    },
    /// Something has become of a message in a queue.
    Message(MessageEvent),
    /// The copy that was being filled in a region was given up for what stood there before.
    OldCopyKept(RegionId),
    /// The log of a region's database was uploaded.
    LogKept {
        /// The region.
        region: RegionId,
    },
    /// A partition has a new home.
    HomeMoved {
        /// Which partition.
        partition: u8,
        /// The entry in the journal.
        entry: EntryId,
    },
    /// What only an old primary had was set aside, and its copy is being rebuilt.
    SetAside {
        /// The old primary's region.
        region: RegionId,
        /// It had something: it was not deleted.
        any: bool,
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
    /// Something has happened in a run of a runbook: the run's number, and what. Later runs have higher numbers.
    Run(u32, RunEvent),
    /// Clients begin to leave a region, as resolvers ask again.
    MovementBegan {
        /// The region.
        from: RegionId,
        /// The run that moves them, if one is under way.
        run: Option<u32>,
    },
    /// Clients do not leave a region any more: because no resolver holds the old answer, or because the answer has changed
    /// again before that.
    MovementEnded {
        /// No resolver holds the old answer.
        whole: bool,
    },
}
