//! Attempts of requests on their way through the system, and when their clients stop waiting.

use super::context::Context;
use super::version::Found;
use crate::kernel::chance::{Draws, Purpose};
use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, PopulationId, RegionId, ServerId, Ticket, VersionId, WriteId};

/// One attempt of a request, on its way through the system. The client may have given it up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Job {
    /// The request.
    pub request: Ticket,
    /// Which attempt of it.
    pub attempt: u8,
    /// Whose it is.
    pub population: PopulationId,
    /// Which of that population's requests.
    pub n: u32,
    /// The region that was asked.
    pub region: RegionId,
    /// The entry that led it to this region, or to be tried again.
    pub because: Option<EntryId>,
    /// It writes.
    pub writes: bool,
    /// The write; number 0 if it reads.
    pub write: WriteId,
    /// What a read has found.
    pub found: Found,
    /// It waits for a copy to have what its session's token names.
    pub waits: bool,
    /// The version that it may replace, if the write is conditional.
    pub expects: Option<VersionId>,
    /// It was refused because of another write.
    pub refused: bool,
    /// The server did not know its session: the user has to log in again.
    pub logged_out: bool,
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
    /// It has a slot of its server, or a place in its queue.
    pub taken: bool,
    /// The answer is on its way.
    pub answered: bool,
    /// The server has answered without waiting any longer for the database.
    pub abandoned: bool,
    /// Nothing will come back from the database.
    pub dead_end: bool,
    /// The database has said what it has done.
    pub stored: bool,
}

/// The number that names a request in a draw.
#[inline]
pub fn request_thing(population: PopulationId, n: u32) -> u64 {
    u64::from(population.0) << 32 | u64::from(n)
}

/// A place at which an attempt needs draws: a wire, a server, or the name servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hop {
    /// The answer of a weighted record.
    Lookup,
    /// To the balancer, to open a connection.
    Connect,
    /// Back from there.
    Accept,
    /// To the balancer, with the request.
    Ask,
    /// Back from there.
    Answer,
    /// To the region whose database is asked.
    Forward,
    /// Back from there.
    Reply,
    /// The work of the server.
    Service,
    /// Whether a grey zone spoils it.
    Grey,
    /// Whether a bad release spoils it.
    Release,
    /// To another region, to hear what that shows.
    Inquire(RegionId),
    /// Back from there.
    Inform(RegionId),
}

impl Hop {
    fn number(self) -> u64 {
        match self {
            Self::Lookup => 0,
            Self::Connect => 1,
            Self::Accept => 2,
            Self::Ask => 3,
            Self::Answer => 4,
            Self::Forward => 5,
            Self::Reply => 6,
            Self::Service => 7,
            Self::Grey => 8,
            Self::Release => 9,
            Self::Inquire(region) => 0x100 | u64::from(region.0),
            Self::Inform(region) => 0x200 | u64::from(region.0),
        }
    }

    /// Draws for this hop of an attempt.
    #[inline]
    pub fn draws(self, ctx: &Context<'_>, population: PopulationId, n: u32, attempt: u8) -> Draws {
        ctx.chance(Purpose::Attempt, request_thing(population, n), attempt.into(), self.number())
    }
}

impl Job {
    /// Draws for a hop of this attempt.
    #[inline]
    pub fn draws(&self, ctx: &Context<'_>, hop: Hop) -> Draws {
        hop.draws(ctx, self.population, self.n, self.attempt)
    }
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
