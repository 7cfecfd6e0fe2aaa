//! What a handler may use: the time, the plan, draws of chance; and what it may ask for: a later event, a line in the
//! journal, an occurrence. The record of a run only grows and lives outside of keyframes.

use crate::kernel::chance::{Draws, Purpose};
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::EntryId;
use crate::kernel::queue::EventQueue;
use crate::model::plan::Plan;
use crate::system::entry::Entry;
use crate::system::event::{Due, Event};
use crate::system::history::Operations;
use crate::system::journal::What;
use crate::system::occurrence::Occurrence;
use crate::system::triggers::Triggers;
use serde::Serialize;
use std::hash::{Hash, Hasher};

/// What happened in one simulated second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// The end of the second.
    #[serde(skip)]
    pub at: SimTime,
    /// Requests begun.
    pub sent: u32,
    /// Requests answered.
    pub served: u32,
    /// Requests given up.
    pub failed: u32,
    /// Attempts made, the first one of each request too; those that a circuit breaker held back are none.
    pub attempts: u32,
    /// The furthest that the replica was behind in this second, in microseconds; `None` while nothing replicates.
    pub lag_us: Option<u64>,
    /// Acknowledged writes that are not on the replica yet.
    pub behind: u32,
    /// Mean time to an answer in this second, in microseconds; 0 if there was none.
    pub mean_latency_us: u32,
    /// Messages that queues have, those in the hands of consumers included; `None` without queues.
    pub queued: Option<u32>,
}

/// Everything that a run has said so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// What happened, in order.
    pub journal: Vec<Entry>,
    /// The trigger behind each line of it.
    pub triggers: Triggers,
    /// One sample for each second, in order.
    pub samples: Vec<Sample>,
    /// What clients asked and were told, if a history is to be written.
    pub operations: Option<Operations>,
}

/// How much has been recorded, and a hash of it: this part is in every keyframe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Entries of the journal.
    pub entries: u32,
    /// Samples.
    pub samples: u32,
    /// FNV-1a, 64 bits, over every entry and sample.
    pub digest: u64,
}

impl Default for Recorded {
    fn default() -> Self {
        Self { entries: 0, samples: 0, digest: 0xcbf2_9ce4_8422_2325 }
    }
}

/// Entries are hashed by their derived `Hash`. They are whole numbers; those as wide as the target's pointers (such as an
/// enum's discriminant) are written as 64 bits, so that the digest is the same on every target.
impl Hasher for Recorded {
    fn finish(&self) -> u64 {
        self.digest
    }

    fn write(&mut self, bytes: &[u8]) {
        self.mix(bytes);
    }

    fn write_isize(&mut self, number: isize) {
        self.mix(&(number as i64).to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.mix(&(number as u64).to_le_bytes());
    }
}

impl Recorded {
    fn mix(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.digest = (self.digest ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// Adds a sample, unless this stretch of the run has been recorded before.
    pub fn sample(&mut self, record: &mut Record, sample: Sample) {
        for number in [sample.at.micros(), u64::from(sample.sent), u64::from(sample.served)] {
            self.mix(&number.to_le_bytes());
        }
        for number in [u64::from(sample.failed), sample.lag_us.unwrap_or(u64::MAX)] {
            self.mix(&number.to_le_bytes());
        }
        self.mix(&sample.mean_latency_us.to_le_bytes());
        if let Some(queued) = sample.queued {
            self.mix(&queued.to_le_bytes());
        }
        debug_assert!(self.samples as usize <= record.samples.len(), "no second is left out");
        if self.samples as usize == record.samples.len() {
            debug_assert!(
                record.samples.last().is_none_or(|last| last.at < sample.at),
                "seconds are in order"
            );
            record.samples.push(sample);
        }
        self.samples += 1;
    }
}

impl Record {
    /// Forgets what was recorded after this point, because the run goes on differently from there.
    pub fn truncate(&mut self, recorded: &Recorded) {
        debug_assert!(recorded.entries as usize <= self.journal.len(), "what was recorded is there");
        debug_assert!(recorded.samples as usize <= self.samples.len(), "what was sampled is there");
        self.journal.truncate(recorded.entries as usize);
        self.triggers.truncate(recorded.entries as usize);
        self.samples.truncate(recorded.samples as usize);
    }
}

/// What a handler may use.
#[derive(Debug)]
pub struct Context<'a> {
    /// The instant of the event that is being handled.
    pub now: SimTime,
    /// The scenario with everything looked up.
    pub plan: &'a Plan,
    pub(crate) cause: Option<EntryId>,
    pub(crate) queue: &'a mut EventQueue<Due>,
    pub(crate) recorded: &'a mut Recorded,
    pub(crate) record: &'a mut Record,
    pub(crate) occurrences: &'a mut Vec<Occurrence>,
}

impl Context<'_> {
    /// Draws for one thing: see [`Purpose`] for the numbers that name it.
    #[inline]
    pub fn chance(&self, purpose: Purpose, a: u64, b: u64, c: u64) -> Draws {
        self.plan.chance.of(purpose, a, b, c)
    }

    /// Asks for an event after a span. It carries the current cause.
    #[inline]
    pub fn after(&mut self, span: SimDuration, event: impl Into<Event>) {
        self.queue.push((self.now + span).micros(), Due::new(event.into(), self.cause));
    }

    /// Asks for the next round of a periodic event, in seconds. It carries no cause: nothing that happens now leads to it.
    #[inline]
    pub fn round_s(&mut self, seconds: f64, event: impl Into<Event>) {
        debug_assert!(seconds >= 0.0, "a round is not in the past");
        let at = self.now + SimDuration::from_secs(seconds);
        self.queue.push(at.micros(), Due::new(event.into(), None));
    }

    /// The journal entry that led to what is being handled: envelopes and timers carry it.
    #[inline]
    pub fn cause(&self) -> Option<EntryId> {
        self.cause
    }

    /// Sets the cause that later events and messages of this handler carry.
    #[inline]
    pub fn because(&mut self, cause: Option<EntryId>) {
        debug_assert!(cause.is_none_or(|it| it.0 < self.recorded.entries), "a cause is in the journal");
        self.cause = cause;
    }

    /// Asks for an event after a number of seconds.
    #[inline]
    pub fn after_s(&mut self, seconds: impl Into<f64>, event: impl Into<Event>) {
        let seconds = seconds.into();
        debug_assert!(seconds >= 0.0, "nothing is asked for in the past");
        self.after(SimDuration::from_secs(seconds), event);
    }

    /// Asks for an event at an instant, or now if that has passed.
    #[inline]
    pub fn at(&mut self, instant: SimTime, event: impl Into<Event>) {
        self.queue.push(instant.max(self.now).micros(), Due::new(event.into(), self.cause));
    }

    /// Says what has just happened: the observer and operations hear it after the event.
    #[inline]
    pub fn tell(&mut self, occurrence: Occurrence) {
        self.occurrences.push(occurrence);
    }

    /// Of two entries the one with the younger trigger: see [`Triggers::younger`].
    #[inline]
    pub fn younger(&self, a: Option<EntryId>, b: Option<EntryId>) -> Option<EntryId> {
        self.record.triggers.younger(a, b)
    }

    /// The entry with the youngest trigger of some.
    pub fn youngest(&self, entries: impl IntoIterator<Item = Option<EntryId>>) -> Option<EntryId> {
        entries.into_iter().fold(None, |youngest, entry| self.younger(youngest, entry))
    }

    /// The place that the next line of the journal will have.
    pub fn next_entry(&self) -> EntryId {
        EntryId(self.recorded.entries)
    }

    /// Writes a line into the journal, with the entry that caused it; returns its place there.
    pub fn note(&mut self, cause: Option<EntryId>, what: What) -> EntryId {
        let entry = Entry { at: self.now, cause, what };
        let id = EntryId(self.recorded.entries);
        debug_assert!(cause.is_none_or(|cause| cause < id), "a cause comes before what follows from it");
        self.recorded.entries += 1;
        entry.hash(self.recorded);
        if id.0 as usize == self.record.journal.len() {
            let last = self.record.journal.last();
            debug_assert!(last.is_none_or(|last| last.at <= self.now), "the journal is in order");
            self.record.journal.push(entry);
            self.record.triggers.add(cause, &what);
        }
        id
    }
}
