//! Replication at work: shipments leave, batches arrive, are taken in commit by commit, and are acknowledged.

use super::System;
use crate::kernel::clock::SimTime;
use crate::kernel::id::RegionId;
use crate::model::plan::Site;
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
}

impl System {
    /// A timer of databases or of their streams.
    pub(super) fn on_database_timer(&mut self, ctx: &mut Context<'_>, timer: DatabaseTimer) {
        match timer {
            DatabaseTimer::Ship => self.on_ship(ctx),
            DatabaseTimer::Ready(region, life) => self.on_database_ready(ctx, region, life),
            DatabaseTimer::Elected(region, election) => self.on_elected(ctx, region, election),
        }
    }

    /// The source ships what is new.
    fn on_ship(&mut self, ctx: &mut Context<'_>) {
        ctx.after_s(ctx.plan.scenario.database.ship_interval_s, DatabaseTimer::Ship);
        ctx.tell(Occurrence::Shipping);
        for stream in &mut self.streams {
            let source = &self.databases[stream.from.index()];
            if source.can_ship() {
                stream.ship(ctx, &mut self.network);
            }
        }
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
        let replica = &self.databases[to.index()];
        let follows = replica.role == Role::Replica || ctx.plan.writes_everywhere();
        if follows && replica.readable() {
            debug_assert!(self.applying.is_none(), "one batch at a time is taken in");
            self.applying = Some(Applying { stream: index, positions: self.streams[index].news(span) });
        }
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
            stream.confirm(ctx, &mut self.network);
            self.applying = None;
            ctx.tell(Occurrence::BatchTaken(to));
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
            stream.acknowledge(ctx, &mut self.network, position);
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
