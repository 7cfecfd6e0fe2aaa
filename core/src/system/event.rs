//! Events: what the queue holds, and the one list that `World::handle` matches on.

use crate::kernel::id::{EntryId, FlightId, PopulationId, RegionId, ServerId, Ticket};
use crate::model::runbook::StepName;

/// An event with the journal entry that led to it, if one did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// What happens.
    pub event: Event,
    /// The number of the entry that led to it; [`NO_CAUSE`] if none did. No `Option`: the queue moves these about.
    cause: u32,
}

/// No entry has this number.
const NO_CAUSE: u32 = u32::MAX;

impl Due {
    /// An event that an entry led to, or none.
    #[inline]
    pub const fn new(event: Event, cause: Option<EntryId>) -> Self {
        let cause = match cause {
            Some(EntryId(entry)) => entry,
            None => NO_CAUSE,
        };
        Self { event, cause }
    }

    /// The entry that led to it.
    #[inline]
    pub fn cause(self) -> Option<EntryId> {
        (self.cause != NO_CAUSE).then_some(EntryId(self.cause))
    }
}

/// Something that happens at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The run begins.
    Begin,
    /// A command of the script is due: an index into the world's commands.
    Command(u32),
    /// A whole second has passed: counters are read and slow conditions looked at.
    Second,
    /// A population asks for something.
    Arrive(PopulationId),
    /// A client tries again after its pause.
    Attempt(Ticket),
    /// The client that has waited longest may have waited long enough.
    Deadline,
    /// A connection is open: its request leaves.
    Depart(Ticket),
    /// A message arrives, or is found lost.
    Land(FlightId),
    /// A server has done its work on a job and turns to the database.
    Worked(Ticket),
    /// The database has done its work on a job.
    Stored(Ticket),
    /// A server has waited long enough for the database.
    StoreTimedOut(Ticket),
    /// The balancer checks a target; the number is the server's life, so that old checks end.
    TargetCheck(ServerId, u16),
    /// A server has booted.
    Booted(ServerId, u16),
    /// Auto Scaling compares what runs with what is wanted.
    Reconcile(RegionId),
    /// A checker sends its next request.
    Probe(RegionId, u8),
    /// A checker has waited long enough.
    ProbeTimedOut(RegionId, u8, u32),
    /// The verdict on an endpoint reaches the name servers.
    Spread(RegionId, bool),
    /// Every source ships what is new to its copies, once an interval.
    Ship,
    /// A standby has taken over, or a database has restarted; the number is the database's life.
    DatabaseReady(RegionId, u16),
    /// A promotion reaches the restart at its end; the number is the run's.
    PromotionRestart(u32),
    /// A round of the backup plan.
    BackupDue,
    /// A snapshot begins.
    BackupBegins,
    /// A snapshot has taken in what it needs.
    SnapshotDone(u16),
    /// The copy of a snapshot should have arrived.
    CopyDone(u16),
    /// The log is uploaded to the backups.
    LogKept,
    /// The news of a partition's home arrives in a region: the region, the partition, and its home.
    HomesKnown(RegionId, u8, RegionId),
    /// A timed step of the runbook is over; the number is the run's.
    StepDone(StepName, u32),
}
