//! Attempts of requests on their way through the system, and when their clients stop waiting.

use super::version::Found;
use crate::kernel::clock::SimTime;
use crate::kernel::id::{PopulationId, RegionId, ServerId, Ticket, VersionId, WriteId};

/// One attempt of a request, on its way through the system. The client may have given it up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Job {
    /// The request.
    pub request: Ticket,
    /// Which attempt of it.
    pub attempt: u8,
    /// Whose it is.
    pub population: PopulationId,
    /// The region that was asked.
    pub region: RegionId,
    /// It writes.
    pub writes: bool,
    /// The write; number 0 where it reads.
    pub write: WriteId,
    /// What a read has found.
    pub found: Found,
    /// It waits for a copy to have what its session's token names.
    pub waits: bool,
    /// What its client had seen of the key, if it writes only over that.
    pub expects: Option<VersionId>,
    /// It was refused because of another write.
    pub refused: bool,
    /// The key.
    pub key: u16,
    /// The server that works on it.
    pub server: ServerId,
    /// The life of that server in which it does.
    pub life: u16,
    /// The region whose database is asked.
    pub data_region: RegionId,
    /// The version that was made, or that was read.
    pub version: VersionId,
    /// The answer is yes.
    pub granted: bool,
    /// The name servers have to be asked before the connection is opened.
    pub looking_up: bool,
    /// The answer is on its way.
    pub answered: bool,
    /// The server has answered without waiting any longer for the database.
    pub abandoned: bool,
    /// Nothing will come back from the database.
    pub dead_end: bool,
    /// The database has said what it has done.
    pub stored: bool,
}

/// When a client stops waiting for an attempt.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    /// When.
    pub at: SimTime,
    /// The request.
    pub request: Ticket,
    /// Which attempt of it.
    pub attempt: u8,
}
