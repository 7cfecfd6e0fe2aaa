//! Writes that a queue has accepted: each is a line of the ledger from then on, and another when a consumer has committed it.

use super::Observer;
use crate::kernel::id::{EntryId, VersionId};
use crate::kernel::keyed::Keyed;
use crate::kernel::pieces::Pieces;
use crate::kernel::sorted::in_order;
use crate::observer::ledger::{Ledger, Line, Mark};
use crate::observer::metrics::Labels;
use crate::system::System;
use crate::system::context::Context;
use crate::system::history::{Heard, Outcome};
use crate::system::occurrence::{Asked, Enqueued, MessageEvent};
use crate::system::version::Found;
use std::collections::VecDeque;

/// What is known of messages.
#[derive(Clone, Debug, Default)]
pub struct Queued {
    /// The line of each message in the ledger, by its number.
    lines: Pieces<u32>,
    /// Under each key the messages of whose acceptance a client was told and that no consumer has committed, in the order in
    /// which clients were told. One that was committed out of order stays until it is the first.
    waiting: Keyed<u16, VecDeque<u32>>,
    /// The newest message under each key of whose acceptance a client was told, until it is committed: 0 for none.
    newest: Vec<u32>,
    /// The newest message under the key of each read when it began, by its place.
    sought: Vec<u32>,
    /// Messages that were set aside, once for each queue that did.
    dead: Vec<u32>,
    /// Lines of messages that were kept for too long, with the journal's line about that.
    pub expired: Vec<(u32, EntryId)>,
    /// Messages that one queue has kept for too long: another place may have them too.
    faded: Vec<(u32, EntryId)>,
}

impl Queued {
    /// The line of a message in the ledger.
    pub fn line(&self, serial: u32) -> u64 {
        line_of(&self.lines, serial)
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

    /// A client is told that a queue has its message.
    fn wait(&mut self, key: u16, serial: u32) {
        let (keys, place) = (&mut self.newest, usize::from(key));
        if keys.len() <= place {
            keys.resize(place + 1, 0);
        }
        keys[place] = keys[place].max(serial);
        match self.waiting.get_mut(key) {
            Some(line) => line.push_back(serial),
            None => self.waiting.insert(key, VecDeque::from([serial])),
        }
    }

    /// A message was committed, or is lost.
    fn leave(&mut self, key: u16, serial: u32, ledger: &Ledger) {
        let newest = self.newest.get_mut(usize::from(key));
        if let Some(newest) = newest.filter(|newest| **newest == serial) {
            *newest = 0;
        }
        let waits = |serial: &u32| ledger.get(line_of(&self.lines, *serial)).is_some_and(Line::is_queued);
        if let Some(line) = self.waiting.get_mut(key) {
            while line.front().is_some_and(|serial| !waits(serial)) {
                line.pop_front();
            }
        }
    }

    /// What a read at a place has not found, if it was still in a queue: the message; 0 for none.
    fn sought_at(&self, place: usize) -> u32 {
        self.sought.get(place).copied().unwrap_or(0)
    }
}

fn line_of(lines: &Pieces<u32>, serial: u32) -> u64 {
    let index = (serial as usize).checked_sub(1);
    index.and_then(|index| lines.get(index)).map_or(0, |line| u64::from(*line))
}

impl Observer {
    /// Something has become of a message.
    pub(super) fn on_message(&mut self, ctx: &mut Context<'_>, system: &System, event: &MessageEvent) {
        match event {
            MessageEvent::Accepted(message) => self.on_accepted(ctx, message),
            MessageEvent::Told(asked, serial) => self.on_told(ctx, asked, *serial),
            MessageEvent::Consumed(serial, version) => self.on_consumed(system, *serial, *version),
            MessageEvent::Expired(serial, entry) => self.on_expired(*serial, *entry),
            MessageEvent::SetAside(serial) => {
                self.queued.dead.push(*serial);
                self.losses.look_again();
            }
            MessageEvent::Redriven(serial) => {
                if let Some(place) = self.queued.dead.iter().position(|dead| dead == serial) {
                    self.queued.dead.swap_remove(place);
                }
                self.losses.look_again();
            }
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
            operations.end(asked.ticket, session, ctx.now, Outcome::Unknown, Heard::default());
        }
        let took = ctx.now.since(asked.began);
        self.metrics.served(asked.population, true, took, Labels::default());
        self.metrics.took(asked.population, true, took);
        self.service.seconds.served(asked.population, true, asked.began);
        let number = self.queued.line(serial);
        let Some(line) = self.ledger.get(number).copied() else { return };
        if line.mark == Mark::Consumed {
            self.ledger.acknowledge(line.by.into(), ctx.now);
            return;
        }
        self.ledger.acknowledge(number, ctx.now);
        self.queued.wait(line.key, serial);
    }

    /// A consumer has committed a message: from now on that commit stands for it, told of when the message was.
    fn on_consumed(&mut self, system: &System, serial: u32, version: VersionId) {
        let (number, commit) = (self.queued.line(serial), self.ledger.number(version));
        debug_assert!(commit > 0, "a commit was heard of before it is told for a message");
        let Some(line) = self.ledger.get(number).copied() else { return };
        let before = if line.is_queued() { number } else { line.by.into() };
        let left_behind = || line.mark == Mark::Consumed && self.is_left_behind(system, before, version);
        if !line.is_queued() && !left_behind() {
            return;
        }
        self.ledger.mark(number, Mark::Consumed, commit);
        if let Some(told_at) = self.ledger.take_back(before) {
            self.ledger.acknowledge(commit, told_at);
        }
        self.queued.leave(line.key, serial, &self.ledger);
        if before != number {
            self.losses.look_again();
        }
    }

    /// A message was committed before, and is again, from another queue or once more from the same: whether ownership went on
    /// without the first commit in between. Then the second stands for the message.
    fn is_left_behind(&self, system: &System, first: u64, again: VersionId) -> bool {
        let Some(first) = self.ledger.get(first) else { return false };
        let copy = &system.databases[again.region.index()];
        let known = copy.seen[usize::from(first.key)].covers(first.id());
        !known && self.lineage.is_current(again.region)
    }

    /// A queue has kept a message for too long.
    fn on_expired(&mut self, serial: u32, entry: EntryId) {
        self.queued.faded.push((serial, entry));
        self.losses.look_again();
    }

    /// Messages that a queue has kept for too long, and that are nowhere else, are lost.
    pub(super) fn settle_expired(&mut self, system: &System) {
        let mut faded = std::mem::take(&mut self.queued.faded);
        if faded.is_empty() {
            return;
        }
        faded = in_order(faded, |(serial, _)| [f64::from(*serial), 0.0]);
        if !system.topics.is_empty() {
            let mut elsewhere: Vec<u32> = system.messages().map(|message| message.serial).collect();
            elsewhere.sort_unstable();
            faded.retain(|(serial, _)| elsewhere.binary_search(serial).is_err());
        }
        for (serial, entry) in faded {
            let number = self.queued.line(serial);
            let Some(line) = self.ledger.get(number).copied().filter(|line| line.mark == Mark::Queued) else {
                continue;
            };
            self.ledger.mark(number, Mark::Expired, 0);
            self.queued.expired.push((number as u32, entry));
            self.queued.leave(line.key, serial, &self.ledger);
        }
    }

    /// Whether a read has not found a write of which a client had been told before it began, because no consumer had committed
    /// it. What is set aside or out of reach is missing, and not queued.
    pub(super) fn misses_queued(&self, system: &System, asked: &Asked, found: &Found) -> bool {
        let line = |serial: u32| self.ledger.get(self.queued.line(serial));
        let places = if system.topics.is_empty() { 1 } else { 2 };
        let queued = |serial: u32, line: &Line| {
            let dead = self.queued.dead.iter().filter(|dead| **dead == serial).count();
            let in_reach = places > 1 || !system.dark[line.region.index()];
            line.is_queued() && in_reach && dead < places
        };
        // In the order in which clients were told of them.
        let waiting = self.queued.waiting.get(asked.key).into_iter().flatten();
        let mut before = waiting
            .filter_map(|serial| Some((*serial, line(*serial)?)))
            .take_while(|(_, line)| line.told_at().is_none_or(|told_at| told_at < asked.began));
        if before.any(|(serial, line)| queued(serial, line)) {
            return true;
        }
        let sought = self.queued.sought_at(asked.ticket.slot as usize);
        let commit = line(sought).filter(|line| line.mark == Mark::Consumed);
        let commit = commit.and_then(|line| self.ledger.get(line.by.into()));
        commit.is_some_and(|commit| !found.seen.covers(commit.id()))
    }
}
