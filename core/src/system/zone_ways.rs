//! What goes from zone to zone inside a region: a server's call to a database, a commit to copies in other zones, and a request from
//! the balancer to a server. Nothing of this takes any time here while every way is as it should be.

use super::System;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId, Ticket, ZoneId};
use crate::model::aim::Target;
use crate::model::fault::{FaultKind, VOLUME_ZONES};
use crate::system::call::{Call, Hop, Seat, State};
use crate::system::context::Context;
use crate::system::database::Database;

/// The most copies in other zones that a commit can be sent to: two in each of two.
const MOST_COPIES: usize = 4;

impl Database {
    /// The zones of the copies that a commit is sent to besides its own, so many of them; two to a zone if they lie in a volume.
    fn commit_zones(&self, from: u8, others: usize) -> [Option<u8>; MOST_COPIES] {
        let mut zones = [None; MOST_COPIES];
        let elsewhere = (0..VOLUME_ZONES).filter(|zone| *zone != from);
        let twice = elsewhere.clone().flat_map(|zone| [zone, zone]);
        if self.copies.is_some() {
            zones.iter_mut().zip(twice).take(others).for_each(|(place, zone)| *place = Some(zone));
        } else if self.leaders.is_some() {
            zones.iter_mut().zip(elsewhere).take(others).for_each(|(place, zone)| *place = Some(zone));
        } else {
            let ready = self.standbys.ready().map(|standby| standby.zone);
            zones.iter_mut().zip(ready).take(others).for_each(|(place, zone)| *place = Some(zone));
        }
        zones
    }
}

impl System {
    /// The zones of the server that calls and of what answers it, if the way between them is not as it should be.
    #[inline]
    fn bad_way(&self, ctx: &Context<'_>, call: &Call) -> Option<(ZoneId, ZoneId)> {
        if self.network.zones.are_calm() || call.is_forwarded() || matches!(call.state, State::Cached) {
            return None;
        }
        let seat = self.calls.get(call.parent?)?.state.seat()?;
        let region = call.to;
        let from = ZoneId { region, index: self.fleets.servers[seat.server.index()].zone };
        let database = &self.databases[region.index()];
        let reader =
            || database.reader_at(self.looked_up(ctx.plan, ctx.now, seat.server), seat.server.index());
        let index = if call.is_at_reader() { reader() } else { None };
        let index = index.unwrap_or_else(|| database.zone_of(call.attempt.key));
        let to = ZoneId { region, index };
        self.network.zones.is_bad(from, to).then_some((from, to))
    }

    /// Whether the way between a server and its database is not as it should be.
    pub(super) fn is_way_bad(&self, ctx: &Context<'_>, call: &Call) -> bool {
        self.bad_way(ctx, call).is_some()
    }

    /// How much longer than on a calm day a server's call takes to its database.
    pub(super) fn wait_there(&self, ctx: &Context<'_>, call: &Call) -> SimDuration {
        let Some((from, to)) = self.bad_way(ctx, call) else { return SimDuration::ZERO };
        self.network.zones.wait(ctx.plan, &mut call.attempt.draws(ctx, Hop::ZoneThere), from, to)
    }

    /// How much longer than on a calm day the answer takes.
    pub(super) fn wait_back(&self, ctx: &Context<'_>, call: &Call) -> SimDuration {
        let Some((from, to)) = self.bad_way(ctx, call) else { return SimDuration::ZERO };
        self.network.zones.wait(ctx.plan, &mut call.attempt.draws(ctx, Hop::ZoneBack), to, from)
    }

    /// The database's answer has come over a bad way, which the server may have given up.
    pub(super) fn on_late_reply(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        if self.calls.get(ticket).is_some_and(|call| matches!(call.state, State::Done(_))) {
            self.on_reply(ctx, ticket);
        }
    }

    /// How much longer than on a calm day a write waits for copies in other zones: for the last of those that it needs.
    pub(super) fn wait_for_copies(&self, ctx: &Context<'_>, call: &Call) -> SimDuration {
        let region = call.to;
        if self.network.zones.are_calm() || !call.attempt.writes() {
            return SimDuration::ZERO;
        }
        let database = &self.databases[region.index()];
        let lit = self.zones_dark[region.index()].iter().filter(|dark| !**dark).count();
        let (needed, others) = database.asks_for_commit(lit);
        let from = ZoneId { region, index: database.zone_of(call.attempt.key) };
        let mut draws = call.attempt.draws(ctx, Hop::ZoneCommit);
        let mut waits = database.commit_zones(from.index, others).map(|zone| {
            let to = ZoneId { region, index: zone? };
            let there = self.network.zones.wait(ctx.plan, &mut draws, from, to);
            Some(there + self.network.zones.wait(ctx.plan, &mut draws, to, from))
        });
        let mut last = SimDuration::ZERO;
        for _ in 0..needed {
            // The next of those that answer.
            let next = waits.iter_mut().filter(|wait| wait.is_some()).min_by_key(|wait| **wait);
            last = next.and_then(Option::take).unwrap_or(last);
        }
        last
    }

    /// How much longer than on a calm day a request takes to its server and its answer back. Whichever zone the balancer's address is
    /// in that the client has, it passes requests to every zone.
    pub(super) fn wait_at_balancer(&self, ctx: &Context<'_>, call: &Call) -> SimDuration {
        let Some(Seat { server, .. }) = call.state.seat().filter(|_| !self.network.zones.are_calm()) else {
            return SimDuration::ZERO;
        };
        let region = call.home;
        let mut draws = call.attempt.draws(ctx, Hop::ZoneBalancer);
        let from = ZoneId { region, index: draws.below(ctx.plan.zones(region).into()) as u8 };
        let to = ZoneId { region, index: self.fleets.servers[server.index()].zone };
        let there = self.network.zones.wait(ctx.plan, &mut draws, from, to);
        there + self.network.zones.wait(ctx.plan, &mut draws, to, from)
    }

    /// Why a server's call to its database waits on its way; none if that is as it should be.
    pub(super) fn why_way_bad(&self, ctx: &Context<'_>, call: &Call) -> Option<EntryId> {
        let (a, b) = self.bad_way(ctx, call)?;
        let link = Target::zone_link(a, b);
        let faults = [FaultKind::ZoneLinkLossy, FaultKind::ZoneLinkSlow];
        ctx.youngest(faults.map(|kind| self.entry_of(kind, link)))
    }

    /// Why something goes slowly from zone to zone in a region.
    pub(super) fn why_zones_slow(&self, region: RegionId) -> Option<EntryId> {
        let kinds = [FaultKind::ZoneLinkLossy, FaultKind::ZoneLinkSlow];
        let here = self.faults.iter().filter(|it| kinds.contains(&it.fault.kind()));
        here.filter(|it| it.fault.region() == Some(region)).map(|it| it.entry).max()
    }
}
