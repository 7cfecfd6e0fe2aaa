//! What has happened among the machines and in runbooks, told by the part to which it happened. The observer hears every
//! occurrence; operations hear what checks and alarms report. Telling changes nothing for whoever tells.

use crate::kernel::id::{EntryId, PopulationId, RegionId};
use crate::model::fault::Command;
use crate::model::runbook::{Obstacle, StepName};
use crate::system::backups::RestorePoint;

/// Something that has happened, just now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Occurrence {
    /// A client of this population began a request.
    Sent(PopulationId),
    /// A client of this population was answered, after so many microseconds.
    Served {
        /// The population.
        population: PopulationId,
        /// From the first attempt to the answer, in microseconds.
        micros: u64,
    },
    /// A client of this population gave a request up.
    GaveUp(PopulationId),
    /// A fault was cleared; its entry in the journal.
    Cleared {
        /// The entry of its injection.
        entry: EntryId,
    },
    /// Something in a region noticed that something is wrong there.
    Detected {
        /// The region.
        region: RegionId,
    },
    /// The verdict of the health checks on a region turned to unhealthy.
    Unhealthy {
        /// The region.
        region: RegionId,
    },
    /// The name servers stopped sending some clients to a region.
    AnswerLeft {
        /// The region.
        region: RegionId,
    },
    /// The standby in another zone begins to take over.
    ZoneFailoverBegan {
        /// The region.
        region: RegionId,
    },
    /// Servers of a region died and have to be replaced.
    ServersToReplace {
        /// The region.
        region: RegionId,
    },
    /// A database answers: its standby has taken over, or it has restarted.
    DatabaseReady {
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
    /// A database is ready to be filled with what a backup has.
    RestoreReady {
        /// The region.
        region: RegionId,
        /// What is restored.
        point: RestorePoint,
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
    /// A run of a runbook began.
    RunBegan {
        /// Its number; later ones have higher ones.
        run: u32,
        /// The order that began it; `None` if checks or an alarm did.
        command: Option<Command>,
        /// The region that work leaves.
        from: RegionId,
        /// The region that work goes to.
        to: RegionId,
        /// The entry of the fault that it is about, if operations know that.
        about: Option<EntryId>,
        /// The entry that began it.
        entry: EntryId,
    },
    /// What a run is about was noticed just now.
    Noticed {
        /// The run.
        run: u32,
        /// By an alarm on failing requests, and not by health checks.
        by_alarm: bool,
    },
    /// It was decided that a run acts.
    Decided {
        /// The run.
        run: u32,
    },
    /// A run has done what it was for, or was called off.
    RunEnded {
        /// The run.
        run: u32,
    },
    /// A step of a run began.
    StepBegan {
        /// The run.
        run: u32,
        /// The step.
        step: StepName,
    },
    /// A step of a run ended.
    StepEnded {
        /// The run.
        run: u32,
        /// The step.
        step: StepName,
    },
    /// A step of a run has to wait, or for `None` has not any more.
    StepBlocked {
        /// The run.
        run: u32,
        /// The step.
        step: StepName,
        /// What it waits for.
        obstacle: Option<Obstacle>,
    },
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
