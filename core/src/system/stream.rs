//! A replication stream from one region's database to another's: a queue, batches, a window, and lag that grows by itself
//! when the link cannot carry what is written.
//!
//! The source ships what is new at an interval, and more as soon as the replica has acknowledged, but never has more
//! than a window under way, and no more than the stream can carry: so lag grows by bandwidth or by distance. The replica
//! receives batches in order; what follows a lost batch is thrown away and sent again. What it has received it has, and
//! takes in as fast as its engine can: so lag grows by that too.

pub mod backlog;

use self::backlog::Backlog;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, PopulationId, RegionId, VersionId, WriteId};
use crate::model::Spread;
use crate::model::plan::Plan;
use crate::system::context::Context;
use crate::system::network::{Cargo, Network};
use crate::system::version::Content;
use crate::system::version::{Seen, Version};
use crate::system::window::Window;
use std::ops::Range;

/// A committed write with its identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The version that it made.
    pub id: VersionId,
    /// The write.
    pub write: WriteId,
    /// The population that wrote it.
    pub population: PopulationId,
    /// The connection over which it came.
    pub connection: u16,
    /// The key.
    pub key: u16,
    /// When.
    pub at: SimTime,
    /// The earliest moment at which it may be sent: later than the commit if writes follow one by one.
    pub leaves: SimTime,
    /// What it put there.
    pub content: Content,
    /// The version of the application that wrote it.
    pub format: u32,
    /// The time on the clock of the region that committed it, in microseconds.
    pub stamp: i64,
    /// What its writer had seen of the key, this write included.
    pub seen: Seen,
    /// The entry that led its request to where it was committed, or brought it.
    pub because: Option<EntryId>,
    /// Whether the client has been told.
    pub acknowledged: bool,
}

impl Commit {
    /// A version under a key as a commit that nobody has been told of, of a population over a connection.
    pub const fn of(
        key: u16,
        version: &Version,
        (population, connection): (PopulationId, u16),
        (at, leaves): (SimTime, SimTime),
        because: Option<EntryId>,
    ) -> Self {
        let Version { id, write, content, format, stamp, seen, .. } = *version;
        Self {
            id,
            write,
            population,
            connection,
            key,
            at,
            leaves,
            content,
            format,
            stamp,
            seen,
            because,
            acknowledged: false,
        }
    }

    /// The version that it puts into a copy.
    pub const fn version(&self, now: SimTime) -> Version {
        Version {
            id: self.id,
            at: now,
            write: self.write,
            content: self.content,
            format: self.format,
            stamp: self.stamp,
            seen: self.seen,
        }
    }
}

/// Bytes in a mebibyte.
const MIB: f64 = 1_048_576.0;

/// Bytes of one simulated commit, which stands for several.
fn commit_bytes(plan: &Plan) -> u32 {
    plan.scenario.database.write_bytes.saturating_mul(plan.weight)
}

/// A stream from one region's database to another's.
#[derive(Clone, Debug)]
pub struct Replication {
    /// The source.
    pub from: RegionId,
    /// The replica.
    pub to: RegionId,
    /// Commits that the replica has not taken in, or that the source does not know to be there, oldest first; the first has
    /// position `base`.
    queue: Backlog,
    base: u64,
    sent: u64,
    /// Up to here the source knows that the replica has received.
    acknowledged: u64,
    received: u64,
    applied: u64,
    /// How many commits the replica is taking in just now, and when it will have.
    taking: Option<(u64, SimTime)>,
    window: Window,
    /// When what has been sent has left the source.
    wire_free: SimTime,
    /// The replica had everything that was committed up to then, as far as its lag is known.
    pub level: SimTime,
    oldest_sent_at: SimTime,
    /// How often it has gone back to send again, to tell the batches apart that begin at the same position.
    turns: u8,
    last_arrival: SimTime,
    /// Commits of each key that the replica does not have.
    waiting: Vec<u16>,
    /// Writes follow one by one and not in the order of their commits.
    one_by_one: bool,
}

impl Replication {
    /// A stream that begins at an instant, with nothing to send. Its positions are counted from there: nobody commits once a
    /// microsecond, so what an earlier stream between the two still has on its way lies below and is not taken for its own.
    pub fn new(plan: &Plan, (from, to): (RegionId, RegionId), begins: SimTime) -> Self {
        debug_assert_ne!(from, to, "a stream leads to another region");
        let first = begins.micros();
        Self {
            from,
            to,
            one_by_one: matches!(plan.rules.spread, Spread::OneByOne { .. }),
            queue: Backlog::default(),
            base: first,
            sent: first,
            acknowledged: first,
            received: first,
            applied: first,
            taking: None,
            window: Window::START,
            wire_free: begins,
            level: begins,
            oldest_sent_at: SimTime::ZERO,
            turns: 0,
            last_arrival: SimTime::ZERO,
            waiting: vec![0; plan.scenario.database.keys as usize],
        }
    }

    /// How many commits of a key the replica does not have.
    pub fn waiting(&self, key: u16) -> u64 {
        u64::from(self.waiting[usize::from(key)])
    }

    /// The source has committed. A commit that may leave later goes behind those that leave earlier.
    pub fn push(&mut self, commit: Commit) {
        debug_assert_eq!(commit.id.region, self.from, "a stream carries what its source has made");
        debug_assert!(commit.at <= commit.leaves, "nothing leaves before it is committed");
        let waiting = &mut self.waiting[usize::from(commit.key)];
        *waiting = waiting.saturating_add(1);
        self.queue.push(commit);
    }

    /// Sends what is new as far as the window allows; sends again what has been under way for too long.
    pub fn ship(&mut self, ctx: &mut Context<'_>, network: &mut Network) {
        let end = self.base + self.queue.len() as u64;
        debug_assert!(self.acknowledged <= self.sent && self.sent <= end, "what is sent was committed");
        let bytes = commit_bytes(ctx.plan);
        let round_trip_ms = ctx.plan.region_round_trip_ms[self.from.index()][self.to.index()];
        // Retransmission timeout: a second and three calm round trips, then everything from the gap on again.
        let patience = SimDuration::from_millis(1000.0 + 3.0 * round_trip_ms)
            + SimDuration::from_micros(2 * self.last_arrival.since(self.oldest_sent_at).micros());
        if self.sent > self.acknowledged && ctx.now.since(self.oldest_sent_at) > patience {
            self.window.time_out();
            self.sent = self.acknowledged;
            self.turns = self.turns.wrapping_add(1);
            self.last_arrival = ctx.now;
        }
        self.queue.wake(ctx.now);
        let (ready, allowed) =
            (self.base + self.queue.ready() as u64, self.acknowledged + self.window.commits(bytes));
        self.window.full = allowed < ready;
        let end = ready.min(allowed);
        if self.sent >= end {
            return;
        }
        if self.sent == self.acknowledged {
            self.oldest_sent_at = ctx.now;
        }
        let slowness = network.direction(self.from, self.to).slowness;
        let each_s = f64::from(bytes) * slowness / (ctx.plan.scenario.database.stream_mib_per_s * MIB);
        // What takes longer to leave than to get there leaves in parts, so that the first is acknowledged while the last leaves.
        let most = (round_trip_ms * slowness / 1000.0 / each_s) as u64 + 1;
        while self.sent < end {
            let part = end.min(self.sent + most);
            let id = network.send_batch(ctx, (self.from, self.to), (self.sent, part), self.turns);
            let leaves = SimDuration::from_secs((part - self.sent) as f64 * each_s);
            self.wire_free = self.wire_free.max(ctx.now) + leaves;
            // When its last byte has left, that has still the whole way to go.
            let arrives = network.hold(ctx, id, ctx.now) + self.wire_free.since(ctx.now);
            // A connection keeps the order, also of what arrives within the same microsecond.
            let after = self.last_arrival + SimDuration::from_micros(1);
            self.last_arrival = network.hold(ctx, id, arrives.max(after));
            self.sent = part;
        }
    }

    /// A batch has arrived: what continues what is there is received.
    pub fn receive(&mut self, span: (u64, u64)) {
        let (first, end) = span;
        debug_assert!(first < end, "a batch is not empty");
        if first <= self.received {
            self.received = self.received.max(end.min(self.base + self.queue.len() as u64));
        }
    }

    /// The positions of all commits that the replica has received and not taken in.
    pub const fn news(&self) -> Range<u64> {
        debug_assert!(self.applied <= self.received, "what is taken in was received");
        self.applied..self.received
    }

    /// The replica begins to take in the next of those, so many at most, `each_s` seconds each. `None` if there is nothing to
    /// take in, or it is at it already; else when it will have.
    pub fn begin_taking(&mut self, now: SimTime, most: u64, each_s: f64) -> Option<SimTime> {
        let count = self.unapplied().min(most);
        if count == 0 || self.taking.is_some() {
            return None;
        }
        let ends = now + SimDuration::from_secs(count as f64 * each_s);
        self.taking = Some((count, ends));
        Some(ends)
    }

    /// The positions of the commits that it has taken in by now. `None` if it has not, as the stream began anew meanwhile.
    pub fn end_taking(&mut self, now: SimTime) -> Option<Range<u64>> {
        let (count, _) = self.taking.take_if(|(_, ends)| *ends <= now)?;
        Some(self.applied..self.received.min(self.applied + count))
    }

    /// How many commits the replica has received and not taken in.
    pub const fn unapplied(&self) -> u64 {
        self.received - self.applied
    }

    /// Whether a write is among the commits from one position up to, not including, another.
    pub fn carries(&self, write: WriteId, (first, end): (u64, u64)) -> bool {
        let at = |position: u64| self.queue.get((position - self.base) as usize);
        (first.max(self.base)..end).any(|position| at(position).is_some_and(|commit| commit.write == write))
    }

    /// Takes the commit at a position into the replica.
    pub fn take(&mut self, position: u64) -> Option<Commit> {
        debug_assert_eq!(position, self.applied, "a copy takes one commit after the other");
        let commit = *self.queue.get((position - self.base) as usize)?;
        let waiting = &mut self.waiting[usize::from(commit.key)];
        *waiting = waiting.saturating_sub(1);
        self.applied = self.applied.max(position + 1);
        self.level = self.level.max(commit.at);
        debug_assert!(self.behind() < self.queue.len(), "what was taken is no longer missing");
        self.forget();
        Some(commit)
    }

    /// Forgets what the replica has taken in, as far as the source knows that it has it.
    fn forget(&mut self) {
        let known = self.acknowledged.min(self.applied);
        debug_assert!(self.base <= known, "what is known stays known");
        self.queue.drop_first((known - self.base) as usize);
        self.base = known;
    }

    /// The replica says how far it is.
    pub fn confirm(&self, ctx: &mut Context<'_>, network: &mut Network) {
        debug_assert!(self.acknowledged <= self.received, "a copy keeps what it has said that it has");
        network.send_numbered(ctx, (self.to, self.from), Cargo::Acknowledge(self.received), true);
    }

    /// The count of the commit before a position, if the source does not know yet that the replica has it.
    pub fn count_before(&self, position: u64) -> Option<u32> {
        let index = position.checked_sub(self.base + 1)?;
        self.queue.get(index as usize).map(|commit| commit.id.count)
    }

    /// Whether the source knows that the replica has everything.
    pub fn is_confirmed(&self) -> bool {
        self.acknowledged == self.base + self.queue.len() as u64
    }

    /// The replica has said how far it is: the window moves on.
    pub fn acknowledge(&mut self, ctx: &mut Context<'_>, network: &mut Network, position: u64) {
        debug_assert!(position <= self.received, "a copy has what it says that it has");
        if position <= self.acknowledged {
            return;
        }
        let bytes = (position - self.acknowledged) as f64 * f64::from(commit_bytes(ctx.plan));
        self.window.acknowledge(ctx.now, bytes, ctx.plan.scenario.database.window_bytes.into());
        self.acknowledged = position;
        self.forget();
        self.sent = self.sent.max(self.acknowledged);
        self.oldest_sent_at = ctx.now;
        if self.sent < self.base + self.queue.len() as u64 {
            self.ship(ctx, network);
        }
    }

    /// What the replica does not have, oldest first.
    pub fn missing(&self) -> impl Iterator<Item = &Commit> {
        self.queue.after((self.applied - self.base) as usize)
    }

    /// How many commits the replica does not have.
    pub fn behind(&self) -> usize {
        debug_assert!(self.base <= self.applied, "what is forgotten was taken in");
        self.queue.len().saturating_sub((self.applied - self.base) as usize)
    }

    /// How many of them have never been sent.
    pub fn never_sent(&self) -> usize {
        debug_assert!(self.base <= self.sent, "what is known to be there was sent");
        self.queue.len().saturating_sub((self.sent - self.base) as usize)
    }

    /// How far the replica is behind: the age of the oldest commit that it does not have.
    pub fn lag(&self, now: SimTime) -> SimDuration {
        let known = (self.applied - self.base) as usize;
        let oldest = if self.one_by_one {
            self.queue.oldest(known)
        } else {
            self.queue.after(known).next().map(|commit| commit.at)
        };
        debug_assert!(oldest.is_none_or(|oldest| oldest <= now), "a lag is never negative");
        oldest.map_or(SimDuration::ZERO, |oldest| now.since(oldest))
    }

    /// A client has been told of a commit.
    pub fn mark_acknowledged(&mut self, id: VersionId) {
        if id.region == self.from {
            self.queue.tell(id.count);
        }
    }
}

/// The streams of a calm system, as the blueprint has them, from an instant on.
pub fn first_streams(plan: &Plan, begins: SimTime) -> Vec<Replication> {
    plan.blueprint.streams().map(|ends| Replication::new(plan, ends, begins)).collect()
}
