//! Acknowledged writes that are missing, booked on the fault or order that is why.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::EntryId;
use crate::kernel::sorted::in_order;
use crate::observer::states::States;
use crate::observer::walk::Before;
use crate::system::stream::Commit;
use crate::system::write_state::WriteState;
use serde::Serialize;
use std::sync::Arc;

/// The most writes that are listed of one incident, and of a run.
pub const MOST_EXAMPLES: usize = 40;
/// Writes that the journal has named and that are kept, so that it can say whose they are.
const MOST_NAMED: usize = 512;

/// What has been lost in writes, as the books stand now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Loss {
    /// No copy has them.
    pub lost: u64,
    /// Only what nothing can read has them: they can come back.
    pub out_of_reach: u64,
    /// Ownership went on without them; an old primary has them, or has handed them over.
    pub set_aside: u64,
    /// A restore went back behind them.
    pub undone: u64,
    /// A write that had not seen them took their place; of an incident, because of it.
    pub in_collisions: u64,
    /// Nothing that can be used is left of anything.
    pub everything: bool,
}

impl Loss {
    /// Those that nobody can read now, and whose place no other write took.
    pub const fn missing(&self) -> u64 {
        self.lost + self.out_of_reach + self.set_aside + self.undone
    }

    /// Those that are gone from the service for good, as far as anyone knows now: each of them costs.
    pub const fn priced(&self) -> u64 {
        self.lost + self.set_aside + self.undone + self.in_collisions
    }

    /// The same in real writes: one that was counted stands for `step` of them.
    #[must_use]
    pub const fn real(self, step: u64) -> Self {
        Self {
            lost: self.lost * step,
            out_of_reach: self.out_of_reach * step,
            set_aside: self.set_aside * step,
            undone: self.undone * step,
            in_collisions: self.in_collisions * step,
            everything: self.everything,
        }
    }

    pub(super) fn add(&mut self, state: WriteState, count: u64) {
        match state {
            WriteState::Lost => self.lost += count,
            WriteState::OutOfReach => self.out_of_reach += count,
            WriteState::SetAside => self.set_aside += count,
            WriteState::Undone => self.undone += count,
            WriteState::InCollision => self.in_collisions += count,
            WriteState::Present | WriteState::Queued => debug_assert_eq!(count, 0, "nothing is missing"),
        }
    }
}

/// A missing write: its number in the ledger, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Its number in the ledger.
    pub number: u32,
    /// What became of it.
    pub state: WriteState,
    /// The place of the reason.
    pub(super) reason: u16,
}

/// What is missing because of one fault or order.
#[derive(Clone, Debug)]
pub(super) struct Book {
    /// Its entry in the journal.
    pub trigger: EntryId,
    /// When that was.
    pub at: SimTime,
    /// The writes, in the order of their commits.
    pub missing: Arc<Vec<Missing>>,
    /// Writes from before the start.
    pub before: Option<Before>,
    pub loss: Loss,
    /// The oldest acknowledgement among them, in microseconds since the start, and the newest; `None` if nothing is missing.
    pub span_us: Option<(i64, i64)>,
    /// The recovery point at the end of the outages; `None` until then.
    pub rpo_at_recovery: Option<Option<SimDuration>>,
}

impl Book {
    pub(super) fn new(trigger: EntryId, at: SimTime) -> Self {
        Self {
            trigger,
            at,
            missing: Arc::default(),
            before: None,
            loss: Loss::default(),
            span_us: None,
            rpo_at_recovery: None,
        }
    }

    /// From the oldest acknowledgement that is missing to the newest, or to what began it if that came later; at least a
    /// millisecond if anything is missing. `None` if nothing is left at all.
    pub(super) fn rpo(&self) -> Option<SimDuration> {
        const LEAST: SimDuration = SimDuration::from_micros(1000);
        if self.loss.everything {
            return None;
        }
        let Some((oldest_us, newest_us)) = self.span_us else { return Some(SimDuration::ZERO) };
        debug_assert!(oldest_us <= newest_us, "a span has an order");
        let end_us = newest_us.max(self.at.micros() as i64);
        Some(SimDuration::from_micros((end_us - oldest_us).max(0) as u64).max(LEAST))
    }
}

/// Why writes are missing, and how many of them the journal has named.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reason {
    pub because: Option<EntryId>,
    pub state: WriteState,
    pub trigger: EntryId,
    /// Lines that name a write.
    pub named: usize,
    /// Those that no line has told of yet.
    pub untold: u32,
    /// The journal has not told of any yet.
    pub is_new: bool,
    /// When the newest was told of.
    pub newest: SimTime,
}

/// Acknowledged writes that are missing, and what only an old primary has.
#[derive(Clone, Debug, Default)]
pub struct Losses {
    /// Commits that only the old primary has, acknowledged or not, in the order of their numbers.
    pub stranded: Vec<Commit>,
    /// Commits that only an old primary has and that are not listed in `stranded`: those that no backup had.
    pub more_stranded: u32,
    /// The first writes that the journal has named, whatever has become of them since.
    pub named: Vec<Commit>,
    pub(super) books: Vec<Book>,
    pub(super) reasons: Vec<Reason>,
    /// How many acknowledged writes were in each state when they were booked last; `None` as long as nothing can be missing.
    pub(super) booked: Option<States>,
    /// When all of it was booked last: in between a write may be acknowledged too late.
    pub reviewed: SimTime,
    /// Something has happened that may have changed what is missing.
    pub(super) stale: bool,
    /// The books have changed since the journal told of them last.
    pub(super) changed: bool,
    /// The missing writes that the journal has told of, by their numbers in the ledger, in order.
    pub(super) told: Arc<Vec<u32>>,
    /// How many incidents have had their figures.
    pub(super) filled: usize,
}

impl Losses {
    /// How many commits only an old primary has.
    pub fn stranded_writes(&self) -> u64 {
        self.stranded.len() as u64 + u64::from(self.more_stranded)
    }

    /// Something has happened that may have changed what is missing.
    pub(super) fn look_again(&mut self) {
        self.stale = true;
    }

    /// Something was missing when it was booked last.
    pub(super) fn is_any_missing(&self) -> bool {
        self.booked.is_some_and(|booked| booked.missing() > 0)
    }

    pub(super) fn book(&self, trigger: EntryId) -> Option<&Book> {
        self.books.iter().find(|book| book.trigger == trigger)
    }

    /// The loss of the incident that began with an entry.
    pub fn of(&self, trigger: EntryId) -> Loss {
        self.book(trigger).map(|book| book.loss).unwrap_or_default()
    }

    /// The recovery point of the incident that began with an entry, as the books stand now: 0 exactly if nothing is missing,
    /// `None` if nothing is left at all.
    pub fn rpo(&self, trigger: EntryId) -> Option<SimDuration> {
        self.book(trigger).map_or(Some(SimDuration::ZERO), Book::rpo)
    }

    /// The end of the span that the recovery point of an incident is; `None` if nothing is missing.
    pub fn rpo_end(&self, trigger: EntryId) -> Option<SimTime> {
        let book = self.book(trigger)?;
        let (_, newest_us) = book.span_us?;
        Some(book.at.max(SimTime::from_micros(newest_us.max(0) as u64)))
    }

    /// The recovery point of an incident as it was at the end of its outages; `None` until then, or if nothing was left.
    pub fn rpo_at_recovery(&self, trigger: EntryId) -> Option<SimDuration> {
        self.book(trigger).and_then(|book| book.rpo_at_recovery).flatten()
    }

    /// The outages of the incident that began with an entry are over: its recovery point of now is kept, once.
    pub fn note_recovery(&mut self, trigger: EntryId, at: SimTime) {
        let book = self.book_mut(trigger, at);
        let rpo = book.rpo();
        book.rpo_at_recovery.get_or_insert(rpo);
    }

    pub(super) fn book_mut(&mut self, trigger: EntryId, at: SimTime) -> &mut Book {
        let place = self.books.iter().position(|book| book.trigger == trigger).unwrap_or_else(|| {
            self.books.push(Book::new(trigger, at));
            self.books.len() - 1
        });
        &mut self.books[place]
    }

    /// The oldest missing writes of an incident, at most [`MOST_EXAMPLES`].
    pub fn examples_of(&self, trigger: EntryId) -> Vec<Missing> {
        let missing = self.book(trigger).into_iter().flat_map(|book| book.missing.iter());
        missing.take(MOST_EXAMPLES).copied().collect()
    }

    /// The oldest missing writes of the run, at most so many.
    pub fn examples(&self, most: usize) -> Vec<Missing> {
        let each = self.books.iter().flat_map(|book| book.missing.iter().take(most).copied());
        let mut oldest = in_order(each, |missing| [f64::from(missing.number), 0.0]);
        oldest.truncate(most);
        debug_assert!(oldest.len() <= most, "no more than are wanted");
        oldest
    }

    /// Every missing write, in the order of their commits.
    pub fn missing(&self) -> Vec<Missing> {
        self.examples(usize::MAX)
    }

    /// Loss of all incidents together, but for collisions: those that no fault is to blame for belong to none.
    pub fn total(&self) -> Loss {
        let mut total = Loss::default();
        for loss in self.books.iter().map(|book| book.loss) {
            total.lost += loss.lost;
            total.out_of_reach += loss.out_of_reach;
            total.set_aside += loss.set_aside;
            total.undone += loss.undone;
            total.in_collisions += loss.in_collisions;
            total.everything |= loss.everything;
        }
        total
    }

    pub(super) fn keep_name(&mut self, commit: Commit) {
        if self.named.len() < MOST_NAMED {
            self.named.push(commit);
        }
        debug_assert!(self.named.len() <= MOST_NAMED, "the list keeps its length");
    }
}
