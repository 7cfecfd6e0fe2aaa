//! Writes that a queue has accepted: each is a line of the ledger from then on, and another when a consumer has committed it.

use super::Observer;
use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, VersionId};
use crate::kernel::pieces::Pieces;
use crate::observer::ledger::{Line, Mark};
use crate::observer::metrics::Labels;
use crate::observer::register::Ended;
use crate::system::context::Context;
use crate::system::history::Outcome;
use crate::system::occurrence::{Asked, Enqueued, MessageEvent};
use crate::system::version::Found;

/// What is known of messages.
#[derive(Clone, Debug, Default)]
pub struct Queued {
    /// The line of each message in the ledger, by its number.
    lines: Pieces<u32>,
    /// The newest message under each key of whose acceptance a client was told: 0 for none.
    newest: Vec<u32>,
    /// What a read would find if queues were empty: the newest message under its key when it began, by its place.
    sought: Vec<u32>,
    /// Lines of messages that were kept for too long, with the journal's line about that.
    pub expired: Vec<(u32, EntryId)>,
}

impl Queued {
    /// The line of a message in the ledger.
    pub fn line(&self, serial: u32) -> u64 {
        let index = (serial as usize).checked_sub(1);
        index.and_then(|index| self.lines.get(index)).map_or(0, |line| u64::from(*line))
    }

    /// A read of a key begins.
    pub(super) fn seek(&mut self, place: usize, key: u16) {
        let newest = self.newest.get(usize::from(key)).copied().unwrap_or(0);
        if newest == 0 && place >= self.sought.len() {
            return;
        }
        if place >= self.sought.len() {
            self.sought.resize(place + 1, 0);
        }
        self.sought[place] = newest;
    }

    /// A message is in no queue any more.
    fn leave(&mut self, key: u16, serial: u32) {
        let newest = self.newest.get_mut(usize::from(key));
        if let Some(newest) = newest.filter(|newest| **newest == serial) {
            *newest = 0;
        }
    }

    /// What a read at a place has not found, if it was still in a queue: the message; 0 for none.
    fn sought_at(&self, place: usize) -> u32 {
        self.sought.get(place).copied().unwrap_or(0)
    }
}

impl Observer {
    /// Something has become of a message.
    pub(super) fn on_message(&mut self, ctx: &mut Context<'_>, event: &MessageEvent) {
        match event {
            MessageEvent::Accepted(message) => self.on_accepted(ctx, message),
            MessageEvent::Told(asked, serial) => self.on_told(ctx, asked, *serial),
            MessageEvent::Consumed(serial, version) => self.on_consumed(*serial, *version),
            MessageEvent::Expired(serial, entry) => self.on_expired(*serial, *entry),
            MessageEvent::Moved => self.losses.look_again(),
        }
    }

    /// A queue has accepted a write.
    fn on_accepted(&mut self, ctx: &Context<'_>, message: &Enqueued) {
        let Enqueued { serial, write, key, population, region } = *message;
        let line = Line { mark: Mark::Queued, ..Line::new(ctx.now, (key, region), (write, population)) };
        let number = self.ledger.push(line);
        self.queued.lines.push(number as u32);
        debug_assert_eq!(self.queued.lines.len(), serial as usize, "messages are numbered as they come");
    }

    /// A client is told that a queue has its write. It may be committed already.
    fn on_told(&mut self, ctx: &mut Context<'_>, asked: &Asked, serial: u32) {
        debug_assert!(asked.write.is_some(), "only a write goes to a queue");
        if let Some(operations) = &mut ctx.record.operations {
            // It will be there, but nobody knows since when.
            let session = (asked.population, asked.connection);
            operations.end(asked.ticket, session, ctx.now, Outcome::Unknown, (None, None));
        }
        let took = ctx.now.since(asked.began);
        self.metrics.served(asked.population, true, took, Labels::default());
        self.metrics.took(asked.population, true, took);
        self.service.seconds.served(asked.population, true, asked.began);
        let number = self.queued.line(serial);
        let Some(line) = self.ledger.get(number).copied() else { return };
        if line.mark == Mark::Consumed {
            // By now it is there, and its client knows it.
            let (write, began) = (line.write, asked.began);
            self.told.end(line.key, &Ended { write, known: false, began, ended: ctx.now });
            self.ledger.acknowledge(line.by.into(), ctx.now);
            return;
        }
        self.ledger.acknowledge(number, ctx.now);
        let (keys, key) = (&mut self.queued.newest, usize::from(line.key));
        if keys.len() <= key {
            keys.resize(key + 1, 0);
        }
        keys[key] = keys[key].max(serial);
    }

    /// A consumer has committed a message: from now on that commit stands for it, told of when the message was.
    fn on_consumed(&mut self, serial: u32, version: VersionId) {
        let (number, commit) = (self.queued.line(serial), self.ledger.number(version));
        debug_assert!(commit > 0, "a commit was heard of before it is told for a message");
        let Some(line) = self.ledger.get(number).copied().filter(|line| line.mark == Mark::Queued) else {
            return;
        };
        self.ledger.mark(number, Mark::Consumed, commit);
        if let Some(told_at) = self.ledger.take_back(number) {
            self.ledger.acknowledge(commit, told_at);
        }
        self.queued.leave(line.key, serial);
    }

    /// A message was kept for too long.
    fn on_expired(&mut self, serial: u32, entry: EntryId) {
        let number = self.queued.line(serial);
        let Some(line) = self.ledger.get(number).copied().filter(|line| line.mark == Mark::Queued) else {
            return;
        };
        self.ledger.mark(number, Mark::Expired, 0);
        self.queued.expired.push((number as u32, entry));
        self.queued.leave(line.key, serial);
        self.losses.look_again();
    }

    /// Whether a read has not found a write of which a client had been told before it began, because no consumer had committed
    /// it.
    pub(super) fn misses_queued(&self, asked: &Asked, found: &Found, now: SimTime) -> bool {
        debug_assert!(asked.began <= now, "it has begun");
        let serial = self.queued.sought_at(asked.ticket.slot as usize);
        let Some(line) = self.ledger.get(self.queued.line(serial)).filter(|_| serial > 0) else {
            return false;
        };
        match line.mark {
            Mark::Queued => true,
            Mark::Consumed => {
                self.ledger.get(line.by.into()).is_some_and(|commit| !found.seen.covers(commit.id()))
            }
            Mark::None | Mark::Lost | Mark::Kept | Mark::Merged | Mark::Refused | Mark::Expired => false,
        }
    }
}
