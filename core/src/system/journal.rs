//! The journal: what happened, in the past tense. Each entry names the entry that caused it.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, PopulationId, RegionId, ServerId, WriteId};
use crate::model::fault::{Command, Fault};
use crate::model::runbook::{Obstacle, StepName};
use crate::system::write_state::WriteState;
use serde::Serialize;

/// A line of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Hash)]
pub struct Entry {
    /// When it happened, in microseconds of simulated time.
    #[serde(rename = "at_us", serialize_with = "micros")]
    pub at: SimTime,
    /// The entry that caused it; `None` for what came from outside or by chance.
    pub cause: Option<EntryId>,
    /// What happened.
    pub what: What,
}

fn micros<S: serde::Serializer>(at: &SimTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(at.micros())
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// The run began.
    Started,
    /// A fault was injected.
    FaultInjected(Fault),
    /// A fault was cleared.
    FaultCleared(Fault),
    /// A person or the script gave an order that is not a fault.
    Ordered(Command),
    /// An order could not be followed now.
    OrderRefused(Command),
    /// A population began to fail: less than 99 % of it was served over the last ten seconds.
    PopulationHurt(PopulationId),
    /// A population was served again.
    PopulationServed(PopulationId),
    /// A checker of Route 53 changed its vote on an endpoint.
    CheckerTurned {
        /// The endpoint.
        endpoint: RegionId,
        /// Which of its checkers.
        checker: u8,
        /// The new vote.
        healthy: bool,
    },
    /// The verdict on an endpoint changed.
    EndpointTurned {
        /// The endpoint.
        endpoint: RegionId,
        /// The new verdict.
        healthy: bool,
        /// How many checkers still say healthy.
        votes: u8,
    },
    /// The name servers began to give another answer, for clients that the policy sends elsewhere now.
    AnswerChanged {
        /// The answer before.
        from: RegionId,
        /// The answer now.
        to: RegionId,
    },
    /// The balancer changed its mind about a target.
    TargetTurned {
        /// The server.
        server: ServerId,
        /// Its region.
        region: RegionId,
        /// Whether it gets requests now.
        healthy: bool,
    },
    /// Servers in a region stopped.
    ServersLost {
        /// The region.
        region: RegionId,
        /// How many.
        count: u16,
    },
    /// Auto Scaling launched servers.
    ServersLaunched {
        /// The region.
        region: RegionId,
        /// How many.
        count: u16,
    },
    /// Auto Scaling wanted servers that could not be had.
    LaunchRefused {
        /// The region.
        region: RegionId,
        /// How many.
        count: u16,
    },
    /// A server finished booting.
    ServerBooted {
        /// The server.
        server: ServerId,
        /// Its region.
        region: RegionId,
    },
    /// Servers refused requests because all their slots and queues were full.
    Overloaded(RegionId),
    /// The fleet had room again.
    OverloadEnded(RegionId),
    /// The instance that was the primary in a region stopped.
    DatabaseLost(RegionId),
    /// The standby in another zone became the primary of its region.
    StandbyTookOver {
        /// The region.
        region: RegionId,
        /// The zone's index.
        zone: u8,
    },
    /// The database of a region answered again after a restart.
    DatabaseRestarted(RegionId),
    /// The replica fell behind by more than ten seconds.
    ReplicaFellBehind(RegionId),
    /// The replica was less than two seconds behind again.
    ReplicaCaughtUp(RegionId),
    /// A step of the runbook began.
    StepBegan(StepName),
    /// A step of the runbook ended.
    StepEnded(StepName),
    /// A step has to wait.
    StepBlocked(StepName, Obstacle),
    /// The old primary was fenced: it takes no more writes.
    Fenced(RegionId),
    /// A replica became the primary.
    Promoted {
        /// Its region.
        region: RegionId,
        /// Acknowledged writes that it did not have.
        lost: u32,
    },
    /// An acknowledged write is missing: what became of it.
    WriteMissing(WriteId, WriteState),
    /// More acknowledged writes are missing than are named one by one.
    MoreWritesMissing(u32, WriteState),
    /// The old primary came back and did not know yet that it had been replaced.
    OldPrimaryReturned {
        /// Its region.
        region: RegionId,
        /// Writes that only it has.
        stranded: u32,
    },
    /// A snapshot was whole.
    BackupTaken {
        /// The region whose database it shows.
        region: RegionId,
        /// Its number.
        snapshot: u16,
    },
    /// The copy of a snapshot arrived in the recovery region.
    BackupCopied {
        /// The region that it came from.
        region: RegionId,
        /// Its number.
        snapshot: u16,
    },
    /// The copy of a snapshot failed or stood still.
    BackupCopyDelayed {
        /// The region that it comes from.
        region: RegionId,
        /// Its number.
        snapshot: u16,
    },
    /// Somebody deleted so many snapshots.
    BackupsDeleted(u16),
    /// What stood under so many keys of a region's database could not be used any more.
    DataRuined {
        /// The region.
        region: RegionId,
        /// How many keys.
        keys: u16,
    },
    /// A database was made from a backup.
    DatabaseRestored {
        /// The region.
        region: RegionId,
        /// The snapshot that it began with.
        snapshot: u16,
        /// How old it was at the fault, in seconds.
        age_s: u32,
        /// Acknowledged writes that it did not have.
        lost: u32,
    },
    /// Two writes to one key were made, of which neither had seen the other.
    WritesCollided {
        /// The key.
        key: u16,
        /// The write that was made first.
        first: WriteId,
        /// The one that was made without having seen it.
        second: WriteId,
    },
    /// The partition whose home was a region at the start has another.
    HomeMoved {
        /// The region whose partition it is.
        partition: RegionId,
        /// Its home now.
        to: RegionId,
    },
    /// So many writes that had been out of reach were there again.
    WritesReturned(u32),
    /// The old primary followed again.
    Rejoined(RegionId),
    /// Another version of the application was brought out.
    VersionDeployed {
        /// The region.
        region: RegionId,
        /// The version's number.
        version: u32,
    },
    /// Writes that only the old primary had were set aside for people to reconcile.
    WritesSetAside(u32),
    /// The work was back in the first region.
    FailedBack(RegionId),
    /// Every population was served again for a minute on end; the time since the fault, in milliseconds.
    Restored {
        /// The fault.
        fault: Fault,
        /// From the fault to the first moment of that minute, in milliseconds.
        rto_ms: u64,
    },
}
