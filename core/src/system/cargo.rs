//! What messages say.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{RegionId, Ticket};
use crate::system::consensus::Ballot;
use crate::system::control_call::{Asks, ControlCall, Reply};
use crate::system::controller_word::ControllerWord;
use crate::system::ownership::Claim;
use crate::system::version::Version;

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cargo {
    /// A client opens a connection.
    Connect(Ticket),
    /// The balancer accepts it.
    Accept(Ticket),
    /// A request.
    Ask(Ticket),
    /// Its answer.
    Answer(Ticket),
    /// A server forwards a read or a write to another region's database.
    Forward(Ticket),
    /// The answer of that region's database.
    Reply(Ticket),
    /// Part of the replication stream: positions from the first up to, not including, the last.
    Batch(u64, u64),
    /// The replica has everything up to, not including, this position.
    Acknowledge(u64),
    /// A round of a quorum asks another region for its promise, or to accept what it proposes (true), with this ballot.
    Propose(Ticket, Ballot, bool),
    /// The other promises. What it has accepted is kept aside under the second ticket, so that every message is small.
    Promise(Ticket, Ticket),
    /// The other has accepted what was proposed with a ballot.
    Vote(Ticket, Ballot),
    /// The other refuses a ballot: it has promised a higher one.
    Outbid(Ticket, Ballot, Ballot),
    /// To the region of a round: its ballot is refused because this older round goes first.
    Later(Ticket, Ballot, Ticket),
    /// A region says what was chosen, which is kept aside.
    Learn(Ticket),
    /// A call that reads asks another region what it shows.
    Inquire(Ticket, Ticket),
    /// The other shows a version. That is kept aside under the second ticket, so that every message is small.
    Inform(Ticket, Ticket),
    /// A health check: endpoint, checker, serial number.
    Probe(RegionId, u8, u32),
    /// Its answer, and whether it was good.
    ProbeAnswer(RegionId, u8, u32, bool),
    /// The canary asks: round and place.
    Canary(u32, u8),
    /// A region answers it: round, and whether it found what it should.
    CanaryAnswer(u32, bool),
    /// What the balancer of a region has answered in a minute, or what of that were writes: its number, served, failed.
    Counted(u32, u32, u32),
    /// An alarm of a region has gone off, or is over.
    Paged(RegionId, bool),
    /// Those who run the system call a control plane.
    ControlCall(ControlCall, Asks),
    /// It answers.
    ControlAnswer(ControlCall, Reply),
    /// Part of a copy of a whole database: the number of the copy, and of the part, from 1.
    Part(u32, u32),
    /// It has arrived.
    PartArrived(u32, u32),
    /// Part of a snapshot's copy: the snapshot's number and the try, and the number of the part, from 1.
    SnapshotPart((u16, u16), u32),
    /// It has arrived.
    SnapshotPartArrived((u16, u16), u32),
    /// A database's log up to a moment, in microseconds since the start.
    LogPart(i64),
    /// A change of a partition's ownership.
    Claim(u8, Claim),
    /// A region has heard of the change with this epoch.
    Acknowledged(u8, u32),
    /// A topic delivers a message to the queue of another region.
    Deliver(Ticket),
    /// That has it.
    Delivered(Ticket),
    /// A region asks the other that serves for a read lease.
    AskLease,
    /// It has one, until then.
    GrantLease(SimTime),
    /// What a region lacks for a read lease is sent to it, kept aside.
    CatchUp(Ticket),
    /// It has what was accepted under this key with this ballot.
    CaughtUp(u16, Ballot),
    /// A letter to another copy of a key, which is kept aside: it asks for something, or brings a version.
    AskCopy(Ticket),
    /// That answers, in a letter.
    CopyAnswers(Ticket),
    /// A read asks how far the log of the region that takes writes goes, or that says it.
    Position(Ticket, Option<u32>),
    /// A word of the database's failover controller.
    Controller(ControllerWord),
}

/// What a message says of a register. It is kept aside until that has landed, so that every message is small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The ballot that is answered, if any.
    pub ballot: Ballot,
    /// The key.
    pub key: u16,
    /// The ballot with which the version was accepted.
    pub accepted: Ballot,
    /// The version.
    pub version: Version,
}
