//! What clients asked and what they were told, as a history that a checker of consistency can read. It is kept only
//! on request, outside of keyframes, for a run that goes straight on.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{PopulationId, RegionId, Ticket, WriteId};
use crate::kernel::keyed::Keyed;
use crate::kernel::region_map::RegionMap;
use crate::system::write_state::WriteState;

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
    /// It reads from a quorum and is content with what one copy shows: an eventually consistent read.
    pub may_be_behind: bool,
    /// The key.
    pub key: u16,
    /// What is written, or was found; `None` for a read that has found nothing, or none yet.
    pub value: Option<WriteId>,
    /// The region whose database has answered; `None` while that is unknown.
    pub region: Option<RegionId>,
    /// The ledger's number of the version that was made or found; 0 for none.
    pub number: u64,
    /// If versions can stand side by side: of each region the newest, by the ledger's numbers, that what was found contains.
    pub holds: Option<RegionMap<u64>>,
}

/// What the client of an operation was told at its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// The write that was found.
    pub value: Option<WriteId>,
    /// The region whose database has answered.
    pub region: Option<RegionId>,
    /// The ledger's number of the version that was made or found; 0 for none.
    pub number: u64,
    /// If versions can stand side by side: of each region the newest that what was found contains.
    pub holds: Option<RegionMap<u64>>,
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

/// A version that a region has made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// The ledger's number.
    pub number: u64,
    /// The write; number 0 if no client wrote.
    pub write: WriteId,
    /// The key.
    pub key: u16,
    /// The region that made it.
    pub region: RegionId,
    /// When.
    pub at: SimTime,
    /// Its stamp: the time on the region's clock, in microseconds, and later than that of what it was written over.
    pub stamp: i64,
    /// The newest version of each region under its key that its writer had seen, this one included, by the ledger's numbers; 0
    /// for none.
    pub seen: RegionMap<u64>,
    /// It counts once a majority has accepted it.
    pub proposed: bool,
}

/// A write that went missing, or that is there again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The ledger's number.
    pub number: u64,
    /// The write.
    pub write: WriteId,
    /// The key.
    pub key: u16,
    /// The region that has made it, or whose queue had it.
    pub region: RegionId,
    /// How it is missing; `None` if it is there again.
    pub state: Option<WriteState>,
}

/// What has happened to a version, whoever was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// A region has made it.
    Made(Made),
    /// It is a write once more of which there was a version already: the number, and the write.
    Again(u64, WriteId),
    /// It is booked as missing, or as there again.
    Gone(Gone),
}

/// A note, with its place among the beginnings and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noted {
    /// How many of those were before it.
    pub after: usize,
    /// When.
    pub at: SimTime,
    /// What.
    pub note: Note,
}

/// The history of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Operations {
    /// Every operation, in the order in which they began.
    pub list: Vec<Operation>,
    /// Beginnings and ends, in the order in which they happened.
    pub events: Vec<Event>,
    /// What has happened to versions, in the order in which it did.
    pub notes: Vec<Noted>,
    /// The operation that each write was begun by, by its number less one.
    writers: Vec<Option<u32>>,
    /// The write that is about to be made once more.
    twice: Option<WriteId>,
    /// What is missing, by the ledger's numbers in order.
    missing: Vec<Gone>,
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
        may_be_behind: bool,
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
            may_be_behind,
            key,
            value: write,
            region: None,
            number: 0,
            holds: None,
        });
        if let Some(place) = write.and_then(|write| (write.0 as usize).checked_sub(1)) {
            self.writers.resize(self.writers.len().max(place + 1), None);
            self.writers[place] = Some(operation);
        }
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
        heard: Heard,
    ) {
        debug_assert_ne!(outcome, Outcome::Open, "what ends is not open");
        let Some(place) = self.open.remove((request.slot, request.turn)) else { return };
        let operation = &mut self.list[place as usize];
        debug_assert_eq!(operation.outcome, Outcome::Open, "an operation ends once");
        debug_assert!(operation.invoked <= now, "an operation ends after it began");
        (operation.ended, operation.outcome) = (now, outcome);
        (operation.region, operation.number) = (heard.region, heard.number);
        if !operation.writes {
            (operation.value, operation.holds) = (heard.value, heard.holds);
        }
        self.events.push(Event { operation: place, end: true });
        let session = (population.0, connection);
        if outcome != Outcome::Unknown && !self.idle.contains(session) {
            self.idle.insert(session, operation.process);
        }
    }

    /// The operation that began a write; `None` if no client did.
    pub fn writer(&self, write: WriteId) -> Option<&Operation> {
        let place = (write.0 as usize).checked_sub(1)?;
        self.list.get(self.writers.get(place).copied().flatten()? as usize)
    }

    fn note(&mut self, at: SimTime, note: Note) {
        debug_assert!(self.notes.last().is_none_or(|last| last.at <= at), "notes are in order");
        self.notes.push(Noted { after: self.events.len(), at, note });
    }

    /// A region has made a version.
    pub fn make(&mut self, made: Made) {
        self.note(made.at, Note::Made(made));
        if !made.proposed {
            self.stand(made.at, made.number, made.write);
        }
    }

    /// A version counts from now on.
    pub fn stand(&mut self, now: SimTime, number: u64, write: WriteId) {
        if self.twice.is_some_and(|twice| twice == write) {
            self.twice = None;
            self.note(now, Note::Again(number, write));
        }
    }

    /// A write of which there is a version will be made once more.
    pub fn repeat(&mut self, write: WriteId) {
        debug_assert!(self.twice.is_none(), "what was begun has been made");
        self.twice = Some(write);
    }

    /// What is missing was booked: all of it, in the order of the ledger's numbers.
    pub fn book(&mut self, now: SimTime, missing: Vec<Gone>) {
        debug_assert!(missing.is_sorted_by_key(|gone| gone.number), "in the order of numbers");
        let before = std::mem::replace(&mut self.missing, missing);
        let has =
            |list: &[Gone], gone: &Gone| list.binary_search_by_key(&gone.number, |it| it.number).is_ok();
        for gone in &before {
            if !has(&self.missing, gone) {
                self.note(now, Note::Gone(Gone { state: None, ..*gone }));
            }
        }
        for place in 0..self.missing.len() {
            let gone = self.missing[place];
            // One that is missing in another way is told of again.
            let same = before.binary_search_by_key(&gone.number, |it| it.number).map(|place| before[place]);
            if same != Ok(gone) {
                self.note(now, Note::Gone(gone));
            }
        }
    }
}
