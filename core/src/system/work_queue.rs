//! The queue of a region, between servers and database: messages that wait, that are worked on, and that were set aside. It is
//! stored in all zones of its region, so that only the dark of the whole region takes it away.
//!
//! A standard queue keeps its messages on several hosts: order is kept on each and not among them. A FIFO queue keeps the
//! order of each group, which is the key: one message of a group is worked on at a time.

use crate::catalog::queue;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::fifo::Fifo;
use crate::kernel::id::{EntryId, RegionId, Ticket};
use crate::kernel::keyed::Keyed;
use crate::model::QueueKind;
use crate::model::plan::Plan;
use crate::system::call::Attempt;
use std::collections::VecDeque;

/// Hosts that share the messages of a standard queue. An assumption: AWS says that there are several.
pub const HOSTS: usize = 4;

/// A write that a queue has accepted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Message {
    /// Which message it is of the run, from 1.
    pub serial: u32,
    /// What is to be written, for whom.
    pub attempt: Attempt,
    /// When the queue accepted it.
    pub sent: SimTime,
    /// How often it was received.
    pub receives: u16,
    /// No consumer gets through with it while the fault lasts that made it so, in this region.
    pub poison: Option<RegionId>,
}

/// A message that was received and not deleted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// The message.
    pub message: Message,
    /// The region of its queue.
    pub region: RegionId,
    /// How far its consumer is.
    pub hold: Hold,
}

/// How far a consumer is with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// It has called on a database.
    Calling,
    /// The database did not take it: the consumer keeps it, and tries again later.
    Waiting,
    /// It is committed, and is being deleted.
    Deleting,
    /// Its consumer is gone, or has failed with it: it is hidden until then.
    Hidden(SimTime),
}

/// What has gone through a queue, in simulated messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Through {
    /// Messages that it has accepted.
    pub sent: u64,
    /// Messages that were deleted after their commit.
    pub consumed: u64,
    /// Messages that were committed again.
    pub duplicates: u64,
    /// Messages that were kept for too long.
    pub expired: u64,
    /// Calls: each message that is sent, received or deleted.
    pub calls: u64,
}

/// The queue of one region.
#[derive(Clone, Debug)]
pub struct WorkQueue {
    kind: QueueKind,
    /// Messages that wait, on each host in order; of a FIFO queue all on the first.
    hosts: [Fifo<Message>; HOSTS],
    /// Messages that are visible again: they go first.
    back: VecDeque<Message>,
    /// Of a FIFO queue: messages that came to the front while another of their group was worked on, by group.
    parked: Keyed<u16, VecDeque<Message>>,
    /// Groups that are free again and have parked messages.
    free: VecDeque<u16>,
    /// Groups of which a message is worked on, or hidden.
    busy: Vec<bool>,
    /// Of a FIFO queue: the requests that it has accepted, by their slot, as which messages and when.
    known: Vec<Option<(Ticket, u32, SimTime)>>,
    /// Messages that were received and not deleted, oldest first.
    pub held: Vec<Ticket>,
    /// Messages that were set aside, and why.
    pub dead: Vec<(Message, Option<EntryId>)>,
    /// What has gone through it.
    pub through: Through,
    /// Consumers take nothing new, since when: the database does not take what they have.
    pub paused: Option<SimTime>,
    /// How often they have tried in vain since.
    pub tries: u32,
    /// How often in a row the database did not take what they had.
    pub failed: u32,
    /// A consumer is going to try again.
    pub again: bool,
    /// The entry because of which messages wait that ought not to.
    pub stuck_by: Option<EntryId>,
    /// Consumers look for a message at this time, or have.
    pub next: SimTime,
    /// They wait for something to come.
    pub idle: bool,
    /// The next message is a poison one.
    pub poisons: bool,
    /// Real messages that it has accepted in this second.
    pub accepted: u32,
}

impl WorkQueue {
    /// Nothing is in it.
    pub fn new(plan: &Plan) -> Self {
        let kind = plan.scenario.write_queue.kind;
        let groups = if kind == QueueKind::Fifo { plan.scenario.database.keys as usize } else { 0 };
        Self {
            kind,
            hosts: Default::default(),
            back: VecDeque::new(),
            parked: Keyed::default(),
            free: VecDeque::new(),
            busy: vec![false; groups],
            known: Vec::new(),
            held: Vec::new(),
            dead: Vec::new(),
            through: Through::default(),
            paused: None,
            tries: 0,
            failed: 0,
            again: false,
            stuck_by: None,
            next: SimTime::ZERO,
            idle: true,
            poisons: false,
            accepted: 0,
        }
    }

    /// Accepts a message, on a host that chance names.
    pub fn push(&mut self, message: Message, host: usize) {
        debug_assert!(host < HOSTS, "one of the hosts");
        let host = if self.kind == QueueKind::Fifo { 0 } else { host };
        self.hosts[host].push(message);
        self.through.sent += 1;
    }

    /// The message as which a FIFO queue has accepted a request in the last five minutes. A standard queue does not look.
    pub fn known(&self, request: Ticket, now: SimTime) -> Option<u32> {
        let (ticket, serial, at) = (*self.known.get(request.slot as usize)?)?;
        (ticket == request && now.since(at).secs() < queue::DEDUPLICATION.value).then_some(serial)
    }

    /// A FIFO queue remembers as which message it has accepted a request.
    pub fn remember(&mut self, request: Ticket, serial: u32, now: SimTime) {
        if self.kind == QueueKind::Fifo {
            let slot = request.slot as usize;
            self.known.resize(self.known.len().max(slot + 1), None);
            self.known[slot] = Some((request, serial, now));
        }
    }

    /// The next message for a consumer that asks this host first. Of a FIFO queue: the oldest whose group is free.
    pub fn take(&mut self, host: usize) -> Option<Message> {
        if let Some(message) = self.back.pop_front() {
            return Some(message);
        }
        if self.kind == QueueKind::Fifo {
            return self.take_in_order();
        }
        (0..HOSTS).find_map(|step| self.hosts[(host + step) % HOSTS].pop())
    }

    fn take_in_order(&mut self) -> Option<Message> {
        let parked = self.free.pop_front().and_then(|group| self.parked.get_mut(group)?.pop_front());
        let taken = parked.or_else(|| {
            while let Some(message) = self.hosts[0].pop() {
                let group = message.attempt.key;
                if !self.busy[usize::from(group)] && self.parked.get(group).is_none_or(VecDeque::is_empty) {
                    return Some(message);
                }
                match self.parked.get_mut(group) {
                    Some(line) => line.push_back(message),
                    None => self.parked.insert(group, VecDeque::from([message])),
                }
            }
            None
        })?;
        self.busy[usize::from(taken.attempt.key)] = true;
        Some(taken)
    }

    /// A message that was received is gone from the queue: the next of its group can be taken.
    pub fn release(&mut self, message: &Message) {
        let group = message.attempt.key;
        if let Some(busy) = self.busy.get_mut(usize::from(group)) {
            *busy = false;
            if self.parked.get(group).is_some_and(|line| !line.is_empty()) {
                self.free.push_back(group);
            }
        }
    }

    /// A message that was received is visible again. Its group stays busy: it goes before the others of it.
    pub fn put_back(&mut self, message: Message) {
        debug_assert!(message.receives > 0, "it was received");
        self.back.push_back(message);
    }

    /// A dead message is sent to the queue again.
    pub fn redrive(&mut self, message: Message) {
        let host = message.serial as usize % HOSTS;
        let again = Message { receives: 0, ..message };
        self.hosts[if self.kind == QueueKind::Fifo { 0 } else { host }].push(again);
    }

    /// Takes a message out that was sent before a moment, if there is one that waits.
    pub fn expire(&mut self, before: SimTime) -> Option<Message> {
        let old = |message: &Message| message.sent <= before;
        if let Some(place) = self.back.iter().position(old) {
            let message = self.back.remove(place)?;
            self.release(&message);
            return Some(message);
        }
        if let Some(host) = self.hosts.iter_mut().find(|host| host.first().is_some_and(old)) {
            return host.pop();
        }
        let line = self.parked.values_mut().find(|line| line.front().is_some_and(old))?;
        line.pop_front()
    }

    /// Messages that wait, in no order.
    pub fn waiting(&self) -> impl Iterator<Item = &Message> {
        let parked = self.parked.values().flatten();
        self.back.iter().chain(self.hosts.iter().flat_map(Fifo::iter)).chain(parked)
    }

    /// How many wait.
    pub fn backlog(&self) -> usize {
        let parked: usize = self.parked.values().map(VecDeque::len).sum();
        self.back.len() + self.hosts.iter().map(Fifo::len).sum::<usize>() + parked
    }

    /// How long the oldest that waits has done so.
    pub fn oldest(&self, now: SimTime) -> Option<SimDuration> {
        let parked = self.parked.values().filter_map(VecDeque::front);
        let first = self.hosts.iter().filter_map(Fifo::first).chain(&self.back).chain(parked);
        let sent = first.map(|message| message.sent).min()?;
        debug_assert!(sent <= now, "what waits has come");
        Some(now.since(sent))
    }
}
