//! Calls: the hops of a request. A client calls a region, and the server that works on that calls a database. Whoever is
//! called answers its caller, or calls on.

use super::context::Context;
use super::version::Found;
use crate::kernel::chance::{Draws, Purpose};
use crate::kernel::id::{EntryId, PopulationId, RegionId, ServerId, Ticket, VersionId, WriteId};
use crate::model::plan::Site;

/// One attempt of a request: what each of its calls is about. The client may have given it up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attempt {
    /// The request.
    pub request: Ticket,
    /// Which of its population's requests that is.
    pub n: u32,
    /// What it writes; `None` if it reads.
    pub write: Option<WriteId>,
    /// The key.
    pub key: u16,
    /// Whose it is.
    pub population: PopulationId,
    /// Which attempt of the request, from 0.
    pub number: u8,
}

/// One hop of an attempt, from who asks to who answers. It is kept until its answer has come to the client, or until its
/// database is done with it if nobody waits for that any more: until then messages may be about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Call {
    /// What it is about.
    pub attempt: Attempt,
    /// The call that its caller works on; `None` if a client calls.
    pub parent: Option<Ticket>,
    /// The region that the client called: its servers work on the attempt.
    pub home: RegionId,
    /// The region that is called: home for its balancer, any for its database.
    pub to: RegionId,
    /// The entry that led the attempt to its region, or to be tried again.
    pub because: Option<EntryId>,
    /// How far it has come.
    pub state: State,
}

// Each attempt in the system has up to two of these, and they are read all the time.
const _: () = assert!(size_of::<Call>() <= 112);

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum State {
    /// A client's: its resolver asks the name servers.
    Lookup,
    /// A client's: its connection is being opened.
    Connecting,
    /// A client's: it is on its way to the balancer.
    Asking,
    /// A client's: it waits in the queue of a server.
    Queued(Seat),
    /// A client's: a server works on it.
    Working(Seat),
    /// A client's: its server waits for the database that it has called on.
    Waiting(Seat, Ticket),
    /// A consumer's: it holds a message, and waits for the database that it has called on.
    Consuming(Ticket, Ticket),
    /// A client's: the answer is on its way. It is that of the call to a database, or no if the region itself has answered.
    Answered(Option<Ticket>),
    /// A client's: its server did not know the session, and the answer that says so is on its way.
    LoggedOut,
    /// A client's: the reset of its connection is on its way.
    Reset,
    /// A server's: it is on its way to the database, or is worked on there. A conditional write says what it may replace.
    Storing(Option<VersionId>),
    /// A server's: the same at a reader of the region.
    Reading,
    /// A server's: the same at the cache in front of the table, which has its key.
    Cached,
    /// A server's: the copy has not seen what the token of the session names, and the read waits until it has.
    Lagging,
    /// A server's: the database has answered.
    Done(Answer),
    /// A server's: nothing will come back from the database.
    Silent,
}

/// A place at a server, in its queue or in one of its slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The server.
    pub server: ServerId,
    /// The life of the server in which the place was taken.
    pub life: u16,
}

/// Who answers at the address that a server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// The instance that answers for the region.
    Itself,
    /// A reader, with what its writer had a moment ago.
    Reader,
    /// Nobody: what stood there is not there any more.
    Nobody(Option<EntryId>),
    /// An instance that says no: it is a standby now, or a reader that takes no writes.
    Refuses(Option<EntryId>),
}

/// What a database says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// No: it cannot, or what it has found cannot be used.
    No,
    /// No, another write was there first. The client knows by this what has become of its own.
    Outrun,
    /// The queue has it, as this message: it will be made.
    Queued(u32),
    /// This version was made.
    Written(VersionId),
    /// This version stands there.
    Read(VersionId, Found),
}

impl Attempt {
    /// Whether it writes.
    #[inline]
    pub const fn writes(&self) -> bool {
        self.write.is_some()
    }

    /// Draws for a hop of this attempt.
    #[inline]
    pub fn draws(&self, ctx: &Context<'_>, hop: Hop) -> Draws {
        let thing = request_thing(self.population, self.n);
        ctx.chance(Purpose::Attempt, thing, self.number.into(), hop.number())
    }
}

impl Call {
    /// The call of a client to a region.
    #[inline]
    pub const fn of_client(attempt: Attempt, home: RegionId, because: Option<EntryId>, state: State) -> Self {
        Self { attempt, parent: None, home, to: home, because, state }
    }

    /// The call of a server to the database of a region, because of a client's.
    #[inline]
    pub fn on(&self, parent: Ticket, to: RegionId, expects: Option<VersionId>) -> Self {
        debug_assert!(self.parent.is_none(), "a database calls on nobody");
        debug_assert!(expects.is_none() || self.attempt.writes(), "only a write is conditional");
        Self { parent: Some(parent), to, state: State::Storing(expects), ..*self }
    }

    /// Whether it reads at a reader.
    #[inline]
    pub fn is_at_reader(&self) -> bool {
        matches!(self.state, State::Reading)
    }

    /// Whether it calls the database of another region than that of the server.
    #[inline]
    pub fn is_forwarded(&self) -> bool {
        self.home != self.to
    }

    /// From who calls to who is called.
    #[inline]
    pub fn there(&self) -> (Site, Site) {
        debug_assert!(self.parent.is_none() || self.is_forwarded(), "nothing crosses its own region");
        let from =
            if self.parent.is_none() { Site::City(self.attempt.population) } else { Site::Region(self.home) };
        (from, Site::Region(self.to))
    }

    /// Back from who is called.
    #[inline]
    pub fn back(&self) -> (Site, Site) {
        let (from, to) = self.there();
        (to, from)
    }

    /// What the database has answered: no, if it has not.
    #[inline]
    pub fn answer(&self) -> &Answer {
        debug_assert!(self.parent.is_some(), "a region answers with what its database says");
        if let State::Done(answer) = &self.state { answer } else { &Answer::No }
    }
}

impl State {
    /// The call to a database whose answer is waited for.
    #[inline]
    pub const fn waits_for(&self) -> Option<Ticket> {
        match self {
            Self::Waiting(_, on) | Self::Consuming(_, on) => Some(*on),
            Self::Lookup
            | Self::Connecting
            | Self::Asking
            | Self::Queued(_)
            | Self::Working(_)
            | Self::Answered(_)
            | Self::LoggedOut
            | Self::Reset
            | Self::Storing(_)
            | Self::Reading
            | Self::Cached
            | Self::Lagging
            | Self::Done(_)
            | Self::Silent => None,
        }
    }

    /// The same while the answer of a call to a database is waited for.
    #[inline]
    #[must_use]
    pub fn waiting_for(self, on: Ticket) -> Self {
        match (self, self.seat()) {
            (Self::Consuming(held, _), _) => Self::Consuming(held, on),
            (_, Some(seat)) => Self::Waiting(seat, on),
            (other, None) => other,
        }
    }

    /// Whether its region has answered a client.
    #[inline]
    pub const fn is_answered(&self) -> bool {
        matches!(self, Self::Answered(_) | Self::LoggedOut)
    }

    /// The place that the call has at a server.
    #[inline]
    pub const fn seat(&self) -> Option<Seat> {
        match self {
            Self::Queued(seat) | Self::Working(seat) | Self::Waiting(seat, _) => Some(*seat),
            Self::Lookup
            | Self::Connecting
            | Self::Asking
            | Self::Consuming(..)
            | Self::Answered(_)
            | Self::LoggedOut
            | Self::Reset
            | Self::Storing(_)
            | Self::Reading
            | Self::Cached
            | Self::Lagging
            | Self::Done(_)
            | Self::Silent => None,
        }
    }
}

impl Answer {
    /// Whether it is a yes.
    #[inline]
    pub const fn is_yes(&self) -> bool {
        match self {
            Self::Queued(_) | Self::Written(_) | Self::Read(..) => true,
            Self::No | Self::Outrun => false,
        }
    }
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
    /// To another region, to hear what that has accepted: the n-th time.
    Inquire(RegionId, u8),
    /// Back from there.
    Inform(RegionId, u8),
    /// To the copy of another region that has to answer too.
    ToCopy(RegionId),
    /// Back from there.
    FromCopy(RegionId),
    /// To the copy of another region that lacks something: after so many answers, the n-th that it lacks.
    Repair(RegionId, u8, u8),
    /// To the region that takes writes, to hear how far it is.
    AskPosition,
    /// Back from there.
    Position,
    /// Which of the blocks that it reads are not loaded yet.
    Blocks,
    /// Until copies in other zones have its write.
    Commit,
    /// How far a reader is behind.
    Reader,
    /// From the server's zone to that of its database, if that way is bad.
    ZoneThere,
    /// Back from there.
    ZoneBack,
    /// To copies in other zones and back, if a way is bad.
    ZoneCommit,
    /// The balancer's zone, and from there to the server and back, if a way is bad.
    ZoneBalancer,
    /// The zone whose address it connects to.
    Entrance,
    /// Back from the balancer, which resets the connection.
    Reset,
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
            Self::AskPosition => 10,
            Self::Position => 11,
            Self::Blocks => 12,
            Self::Commit => 13,
            Self::Reader => 14,
            Self::ZoneThere => 15,
            Self::ZoneBack => 16,
            Self::ZoneCommit => 17,
            Self::ZoneBalancer => 18,
            Self::Entrance => 19,
            Self::Reset => 20,
            Self::Inquire(region, nth) => 0x100 | u64::from(nth) << 12 | u64::from(region.0),
            Self::Inform(region, nth) => 0x200 | u64::from(nth) << 12 | u64::from(region.0),
            Self::ToCopy(region) => 0x300 | u64::from(region.0),
            Self::FromCopy(region) => 0x400 | u64::from(region.0),
            Self::Repair(region, answers, nth) => {
                0x500 | u64::from(answers) << 12 | u64::from(nth) << 20 | u64::from(region.0)
            }
        }
    }
}
