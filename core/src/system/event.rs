//! Events: what the queue holds. `World::handle` matches on the protocol only; each part matches its own timers.

use crate::kernel::id::{EntryId, FlightId, Ticket};
use crate::system::timer::{
    BackupTimer, ClientTimer, ControllerTimer, DatabaseTimer, FleetTimer, QueueTimer, RequestTimer,
    Route53Timer,
};

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

// The queue moves these about all the time. Only the timers of requests carry a `Ticket`, and they are one variant: so the
// nested enums keep their tags in the first bytes, side by side, and take no more room than one flat list.
const _: () = assert!(size_of::<Event>() <= 12 && size_of::<Due>() <= 16);

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
    /// A message arrives, or is found lost.
    Deliver(FlightId),
    /// A machine wakes by a timer of its own.
    Wake(Timer),
    /// A timer of the runbook is over.
    Operations(OnCallTimer),
}

/// A timer of a machine, by the part that asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Of one request or of one attempt, named by its ticket: `request.rs`.
    Request(RequestTimer, Ticket),
    /// Of the clients: `request.rs`.
    Clients(ClientTimer),
    /// Of balancers, servers and Auto Scaling: `balancer.rs`.
    Fleet(FleetTimer),
    /// Of health checks: `health_check.rs`.
    Route53(Route53Timer),
    /// Of databases and their streams: `replication.rs`.
    Database(DatabaseTimer),
    /// Of the backup plan: `vault.rs`.
    Backups(BackupTimer),
    /// Of consumers: `consumers.rs`.
    Queue(QueueTimer),
    /// Of the database's failover controller: `controller.rs`.
    Controller(ControllerTimer),
}

/// A timer of those who run the system: the step, and the number of its execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnCallTimer {
    /// The promotion of an execution reaches the restart at its end.
    PromotionRestart(u32),
    /// The time of a step of an execution is over.
    StepDone(u8, u32),
}

impl RequestTimer {
    /// This timer of a request or of an attempt.
    #[inline]
    pub const fn of(self, ticket: Ticket) -> Event {
        Event::Wake(Timer::Request(self, ticket))
    }
}

impl From<ClientTimer> for Event {
    #[inline]
    fn from(timer: ClientTimer) -> Self {
        Self::Wake(Timer::Clients(timer))
    }
}

impl From<FleetTimer> for Event {
    #[inline]
    fn from(timer: FleetTimer) -> Self {
        Self::Wake(Timer::Fleet(timer))
    }
}

impl From<Route53Timer> for Event {
    #[inline]
    fn from(timer: Route53Timer) -> Self {
        Self::Wake(Timer::Route53(timer))
    }
}

impl From<DatabaseTimer> for Event {
    #[inline]
    fn from(timer: DatabaseTimer) -> Self {
        Self::Wake(Timer::Database(timer))
    }
}

impl From<BackupTimer> for Event {
    #[inline]
    fn from(timer: BackupTimer) -> Self {
        Self::Wake(Timer::Backups(timer))
    }
}

impl From<QueueTimer> for Event {
    #[inline]
    fn from(timer: QueueTimer) -> Self {
        Self::Wake(Timer::Queue(timer))
    }
}

impl From<ControllerTimer> for Event {
    #[inline]
    fn from(timer: ControllerTimer) -> Self {
        Self::Wake(Timer::Controller(timer))
    }
}

impl From<OnCallTimer> for Event {
    #[inline]
    fn from(timer: OnCallTimer) -> Self {
        Self::Operations(timer)
    }
}
