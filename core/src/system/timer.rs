//! The timers of each part. Each is a closed list that the part itself matches, in the file named at its enum.

use crate::kernel::id::{PopulationId, RegionId, ServerId};

/// Timers of a request, or of an attempt of one: `System::on_request_timer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestTimer {
    /// A client tries again after its pause.
    Attempt,
    /// The resolver has its answer, or a connection is open: what comes next leaves.
    Depart,
    /// A server has done its work on a call and calls on a database.
    Worked,
    /// The database has done its work on a call.
    Stored,
    /// A server, or a consumer, has waited long enough for the database.
    StoreTimedOut,
    /// A message has come to the queue: the ticket of the call to it.
    Enqueued,
    /// A message has been deleted: the ticket of what its consumer holds.
    Deleted,
    /// A topic tries to deliver: the ticket of the delivery.
    Deliver,
    /// A topic has waited long enough for a queue: the ticket of the delivery.
    DeliveryLate,
    /// A round of a quorum that was refused begins again: its ticket.
    Ballot,
    /// A quorum's read has waited long enough for regions that agree: the ticket of its call.
    Disagreed,
    /// Nobody waits for more copies to answer: the ticket of what was gathered.
    TooFew,
    /// The database's answer has come over a bad way between zones.
    Replied,
}

/// Timers of the clients: `System::on_client_timer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientTimer {
    /// A population asks for something.
    Arrive(PopulationId),
    /// A population asks for something more, in the surge of this number.
    Surged(PopulationId, u16),
    /// Of the clients that wait for the span of this number, the one that has waited longest may have waited long enough.
    Deadline(u8),
}

/// Timers of balancers, servers and Auto Scaling: `System::on_fleet_timer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FleetTimer {
    /// The balancer checks a target; the number is the server's life, so that old checks end.
    TargetCheck(ServerId, u16),
    /// A server has booted.
    Booted(ServerId, u16),
    /// Auto Scaling compares what runs with what is wanted.
    Reconcile(RegionId),
    /// Connections to a server that was found unhealthy have had their time; the number is its life.
    Resets(ServerId, u16),
}

/// Timers of health checks, by endpoint, checker and check: `System::on_route53_timer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route53Timer {
    /// A checker sends its next request.
    Probe(RegionId, u8),
    /// A checker has waited long enough.
    ProbeTimedOut(RegionId, u8, u32),
    /// The endpoint has its answer for a checker, yes or no.
    ProbeAnswered(RegionId, u8, u32, bool),
    /// The verdict on an endpoint reaches the name servers.
    Spread(RegionId, bool),
    /// So does whether the balancer of a region has a target that passes its checks.
    SpreadTargets(RegionId, bool),
}

/// Timers of databases and their streams: `System::on_database_timer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseTimer {
    /// Every source ships what is new to its copies, once an interval.
    Ship,
    /// A standby has taken over, or a database has restarted; the number is the database's life.
    Ready(RegionId, u16),
    /// A copy has taken in the next commits of the stream from the first region to the second.
    Applied(RegionId, RegionId),
    /// Partitions have new leaders; the number is the election's.
    Elected(RegionId, u16),
    /// A copy of the region's volume may be mended.
    Mended(RegionId),
    /// A standby of the region may be level again.
    Rebuilt(RegionId),
}

/// Timers of consumers: `System::on_queue_timer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueTimer {
    /// A consumer of a region asks for the next message.
    Receive(RegionId),
    /// A consumer tries again what the database did not take.
    TryAgain(RegionId),
}

/// Timers of the database's failover controller, by node: `System::on_controller_timer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControllerTimer {
    /// It looks at the primary.
    Look(u8),
    /// The others have had time to answer what it asked in this second.
    Count(u8, u32),
}

/// Timers of the backup plan; the number is the snapshot's: `System::on_backup_timer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupTimer {
    /// A round of the plan.
    Due,
    /// A snapshot begins.
    Begins,
    /// A snapshot has taken in what it needs.
    SnapshotDone(u16),
    /// The next part of a snapshot's copy leaves, at this try.
    PartLeaves(u16, u16),
    /// The log is uploaded to the backups.
    LogKept,
    /// A snapshot has been restored for a test.
    Tested(u16),
}
