//! Replication at work: shipments leave, batches arrive, are taken in commit by commit, and are acknowledged.

use super::System;
use crate::kernel::clock::SimTime;
use crate::kernel::id::RegionId;
use crate::model::plan::{Plan, Site};
use crate::system::context::Context;
use crate::system::database::{Role, Taken};
use crate::system::network::Flight;
use crate::system::occurrence::{Occurrence, Placed};
use crate::system::stream::Replication;
use crate::system::timer::DatabaseTimer;
use crate::system::version::Version;
use std::ops::Range;

/// A batch that a copy is taking in.
#[derive(Clone, Debug)]
pub struct Applying {
    stream: usize,
    positions: Range<u64>,
    /// The batch is acknowledged when all of it has been taken in; else it was when it came.
    confirms: bool,
}

/// A copy that takes in one commit after the other does so in groups of what it gets through in this time, in seconds.
const GROUP_S: f64 = 0.05;

impl System {
    /// A timer of databases or of their streams.
    pub(super) fn on_database_timer(&mut self, ctx: &mut Context<'_>, timer: DatabaseTimer) {
        match timer {
            DatabaseTimer::Ship => self.on_ship(ctx),
            DatabaseTimer::Ready(region, life) => self.on_database_ready(ctx, region, life),
            DatabaseTimer::Applied(from, to) => self.on_applied(ctx, (from, to)),
            DatabaseTimer::Elected(region, election) => self.on_elected(ctx, region, election),
            DatabaseTimer::Mended(region) => self.recheck_copies(ctx, region),
            DatabaseTimer::Rebuilt(region) => self.on_rebuilt(ctx, region),
        }
    }

    /// The source ships what is new.
    fn on_ship(&mut self, ctx: &mut Context<'_>) {
        ctx.after_s(ctx.plan.scenario.database.ship_interval_s, DatabaseTimer::Ship);
        ctx.tell(Occurrence::Shipping);
        for index in 0..self.streams.len() {
            let stream = &mut self.streams[index];
            if self.databases[stream.from.index()].can_ship() {
                stream.ship(ctx, &mut self.network);
            }
            // A copy that did not answer for a while has what it had received.
            self.begin_applying(ctx, index);
        }
    }

    /// Whether the copy at the end of a stream takes in what it has received. One that is promoted does so first.
    fn takes_in(&self, plan: &Plan, stream: &Replication) -> bool {
        let replica = &self.databases[stream.to.index()];
        let follows = matches!(replica.role, Role::Replica | Role::Promoting) || plan.writes_everywhere();
        follows && replica.readable() && replica.keeps_writes()
    }

    /// A copy that takes in one commit after the other begins with the next of those that it has received.
    fn begin_applying(&mut self, ctx: &mut Context<'_>, index: usize) {
        let (each_s, stream) = (apply_s(ctx.plan), &self.streams[index]);
        if each_s > 0.0 && self.takes_in(ctx.plan, stream) {
            let stream = &mut self.streams[index];
            if let Some(ends) = stream.begin_taking(ctx.now, (GROUP_S / each_s) as u64 + 1, each_s) {
                ctx.at(ends, DatabaseTimer::Applied(stream.from, stream.to));
            }
        }
    }

    /// The time is over that a copy needs for the next commits.
    fn on_applied(&mut self, ctx: &Context<'_>, ends: (RegionId, RegionId)) {
        let mine = |stream: &Replication| (stream.from, stream.to) == ends;
        let Some(index) = self.streams.iter().position(mine) else { return };
        let Some(positions) = self.streams[index].end_taking(ctx.now) else { return };
        if self.takes_in(ctx.plan, &self.streams[index]) {
            debug_assert!(self.applying.is_none(), "one batch at a time is taken in");
            self.applying = Some(Applying { stream: index, positions, confirms: false });
        }
    }

    /// How long a copy takes to take in what it has received, in seconds.
    pub fn unapplied_s(&self, plan: &Plan, region: RegionId) -> f64 {
        self.stream_to(region).map_or(0.0, |stream| stream.unapplied() as f64 * apply_s(plan))
    }

    /// A second has passed: a copy that lacks nothing of a source that answers is level, though nothing is written.
    pub fn note_levels(&mut self, now: SimTime) {
        for stream in &mut self.streams {
            let open = self.network.direction(stream.from, stream.to).cuts == 0;
            let source = &self.databases[stream.from.index()];
            if open && source.can_ship() && !self.dark[stream.from.index()] && stream.behind() == 0 {
                debug_assert!(stream.level <= now, "time goes on");
                stream.level = now;
                // The position too, though the last commits may be none that the copy may hold.
                let end = source.log_end();
                self.databases[stream.to.index()].applied.add(end);
            }
        }
    }

    /// A batch of the stream has arrived.
    pub(super) fn on_batch(&mut self, ctx: &mut Context<'_>, flight: &Flight, span: (u64, u64)) {
        let mine = |stream: &Replication| {
            flight.to == Site::Region(stream.to) && flight.from == Site::Region(stream.from)
        };
        let Some(index) = self.streams.iter().position(mine) else { return };
        let to = self.streams[index].to;
        // What is promoted receives nothing any more.
        if self.databases[to.index()].role == Role::Promoting
            || !self.takes_in(ctx.plan, &self.streams[index])
        {
            return;
        }
        self.streams[index].receive(span);
        if apply_s(ctx.plan) > 0.0 {
            self.streams[index].confirm(ctx, &mut self.network);
            self.begin_applying(ctx, index);
            return;
        }
        debug_assert!(self.applying.is_none(), "one batch at a time is taken in");
        let positions = self.streams[index].news();
        self.applying = Some(Applying { stream: index, positions, confirms: true });
    }

    /// Takes in the next commit of a batch that has arrived, so that each can be heard of before the next changes what it
    /// met. After the last one the batch is acknowledged.
    pub(crate) fn go_on(&mut self, ctx: &mut Context<'_>) {
        let Some(applying) = &mut self.applying else { return };
        debug_assert!(applying.stream < self.streams.len(), "a batch belongs to a stream");
        let stream = &mut self.streams[applying.stream];
        let to = stream.to;
        if let Some(commit) = applying.positions.next().and_then(|position| stream.take(position)) {
            // What comes past the stream, as a letter does, is no position in a log.
            self.databases[to.index()].applied.add(commit.id);
            self.take_in(ctx, to, commit.key, commit.version(ctx.now));
        } else {
            let index = applying.stream;
            if applying.confirms {
                stream.confirm(ctx, &mut self.network);
            }
            self.applying = None;
            ctx.tell(Occurrence::BatchTaken(to));
            self.begin_applying(ctx, index);
        }
    }

    /// A replica's acknowledgement has arrived: it has everything up to this position.
    pub(super) fn on_acknowledged(&mut self, ctx: &mut Context<'_>, flight: &Flight, position: u64) {
        let mine = |stream: &&mut Replication| {
            flight.from == Site::Region(stream.to) && flight.to == Site::Region(stream.from)
        };
        let Some(stream) = self.streams.iter_mut().find(mine) else { return };
        // Who is down, or cannot be reached, hears nothing, and ships no more because of it.
        if self.databases[stream.from.index()].can_ship() {
            let (from, count) = (stream.from, stream.count_before(position));
            stream.acknowledge(ctx, &mut self.network, position);
            let all = stream.is_confirmed();
            if let Some(count) = count {
                self.copy_has(ctx, from, count, all);
            }
        }
    }

    /// A copy takes in a version that comes from elsewhere.
    pub(super) fn take_in(&mut self, ctx: &mut Context<'_>, region: RegionId, key: u16, version: Version) {
        debug_assert_eq!(version.at, ctx.now, "it comes now");
        let taken = self.databases[region.index()].take(key, version, ctx.plan.rule());
        let placed = Placed { key, region, version: version.id };
        ctx.tell(Occurrence::TakenIn(placed, taken == Taken::Collides));
    }
}

/// How long a copy takes to take in a simulated commit, in seconds; 0 if it takes them in as they come.
fn apply_s(plan: &Plan) -> f64 {
    let rate = *plan.scenario.database.apply_per_s;
    debug_assert!(rate >= 0.0, "a rate is not negative");
    if rate > 0.0 { f64::from(plan.weight) / rate } else { 0.0 }
}
