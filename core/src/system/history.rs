//! What clients asked and what they were told, as a history that a checker of consistency can read. It is kept only
//! on request, outside of keyframes, for a run that goes straight on.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{PopulationId, RegionId, Ticket, WriteId};
use crate::kernel::keyed::Keyed;

/// How an operation ended, as far as its client knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is under way.
    Open,
    /// It was done.
    Done,
    /// It certainly was not done.
    Failed,
    /// It may have been done, or may be done later.
    Unknown,
}

/// A read or a write of a client, through all its attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Who: a process does one thing after the other.
    pub process: u32,
    /// Whose it is.
    pub population: PopulationId,
    /// The session of theirs, which is a connection.
    pub connection: u16,
    /// When it began.
    pub invoked: SimTime,
    /// When its client was answered or gave up; before that, when it began.
    pub ended: SimTime,
    /// How it ended.
    pub outcome: Outcome,
    /// It writes.
    pub writes: bool,
    /// The key.
    pub key: u16,
    /// What is written, or was found; `None` for a read that has found nothing, or none yet.
    pub value: Option<WriteId>,
    /// The region whose database has answered; `None` while that is unknown.
    pub region: Option<RegionId>,
    /// The ledger's number of the version that was made or found; 0 for none.
    pub number: u64,
}

impl Operation {
    /// Its client gave up: nobody has told it anything, a refusal neither.
    pub fn gave_up(&self) -> bool {
        matches!(self.outcome, Outcome::Failed | Outcome::Unknown) && self.region.is_none()
    }
}

/// The beginning or the end of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The operation, by its place in the list.
    pub operation: u32,
    /// It is its end.
    pub end: bool,
}

/// The history of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Operations {
    /// Every operation, in the order in which they began.
    pub list: Vec<Operation>,
    /// Beginnings and ends, in the order in which they happened.
    pub events: Vec<Event>,
    processes: u32,
    /// The process of each session that waits for nothing.
    idle: Keyed<(u8, u16), u32>,
    open: Keyed<(u32, u32), u32>,
}

impl Operations {
    /// A session begins something. While it still waits for something else, this is another process.
    pub fn begin(
        &mut self,
        request: Ticket,
        (population, connection): (PopulationId, u16),
        now: SimTime,
        (key, write): (u16, Option<WriteId>),
    ) {
        let process = self.idle.remove((population.0, connection)).unwrap_or_else(|| {
            self.processes += 1;
            self.processes - 1
        });
        let operation = self.list.len() as u32;
        debug_assert!(!self.open.contains((request.slot, request.turn)), "a request begins once");
        self.list.push(Operation {
            process,
            population,
            connection,
            invoked: now,
            ended: now,
            outcome: Outcome::Open,
            writes: write.is_some(),
            key,
            value: write,
            region: None,
            number: 0,
        });
        self.events.push(Event { operation, end: false });
        self.open.insert((request.slot, request.turn), operation);
    }

    /// A client has been answered, or has given up. A process that does not know what came of its write does nothing more.
    pub fn end(
        &mut self,
        request: Ticket,
        (population, connection): (PopulationId, u16),
        now: SimTime,
        outcome: Outcome,
        (value, region, number): (Option<WriteId>, Option<RegionId>, u64),
    ) {
        debug_assert_ne!(outcome, Outcome::Open, "what ends is not open");
        let Some(place) = self.open.remove((request.slot, request.turn)) else { return };
        let operation = &mut self.list[place as usize];
        debug_assert_eq!(operation.outcome, Outcome::Open, "an operation ends once");
        debug_assert!(operation.invoked <= now, "an operation ends after it began");
        (operation.ended, operation.outcome) = (now, outcome);
        (operation.region, operation.number) = (region, number);
        if !operation.writes {
            operation.value = value;
        }
        self.events.push(Event { operation: place, end: true });
        let session = (population.0, connection);
        if outcome != Outcome::Unknown && !self.idle.contains(session) {
            self.idle.insert(session, operation.process);
        }
    }
}
