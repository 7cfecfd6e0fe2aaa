//! The address of a region's database. The record of its endpoint names the instance that answers; whoever has looked that up keeps
//! the answer for a while, and calls on what stood there before if the instance has changed its place meanwhile.

use super::System;
use crate::kernel::chance::Purpose;
use crate::kernel::clock::SimTime;
use crate::kernel::id::{RegionId, ServerId, ZoneId};
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::model::plan::Plan;
use crate::system::call::Answers;
use crate::system::context::Context;
use crate::system::database::{Database, Move};

impl Database {
    /// The instance in another zone answers from now on, and the record of the endpoint names it.
    pub(super) fn answer_from(&mut self, ctx: &Context<'_>, zone: u8) {
        let kept_s = *ctx.plan.scenario.servers.endpoint_cache_s;
        let is_known = |moved: &Move| ctx.now.since(moved.at).secs() < kept_s;
        self.moves.retain(is_known);
        if zone != self.zone {
            self.moves.push(Move { from: self.zone, at: ctx.now, because: self.lost_by });
        }
        self.zone = zone;
    }

    /// The change of the record that somebody has not heard of who looked last at this time.
    fn missed(&self, looked: SimTime) -> Option<&Move> {
        self.moves.iter().find(|moved| moved.at > looked).filter(|moved| moved.from != self.zone)
    }
}

impl System {
    /// Who answers if a server calls on a region's database at the address that it has.
    pub(super) fn answers_at(
        &self,
        ctx: &Context<'_>,
        region: RegionId,
        server: ServerId,
        writes: bool,
    ) -> Answers {
        let database = &self.databases[region.index()];
        let looked = || self.looked_up(ctx.plan, ctx.now, server);
        // Nobody keeps an answer for longer than this.
        let kept_s = *ctx.plan.scenario.servers.endpoint_cache_s;
        let recent = database.moves.last().is_some_and(|moved| ctx.now.since(moved.at).secs() < kept_s);
        match recent.then(|| database.missed(looked())).flatten() {
            None => Answers::Itself,
            Some(moved) => self.who_answers(region, moved.from, writes),
        }
    }

    /// Who answers in a zone of a region, if something of its database is, or was, there.
    pub(super) fn who_answers(&self, region: RegionId, zone: u8, writes: bool) -> Answers {
        let database = &self.databases[region.index()];
        let is_level = database.standbys.ready().any(|standby| standby.zone == zone);
        let dark = self.entry_of(FaultKind::ZonePower, Target::Zone(ZoneId { region, index: zone }));
        if zone == database.zone {
            Answers::Itself
        } else if dark.is_some() || database.broken == Some(zone) {
            Answers::Nobody(dark.or(database.lost_by))
        } else if is_level && database.inside.has_readers() && !writes {
            Answers::Reader
        } else {
            Answers::Refuses(database.lost_by)
        }
    }

    /// When a server has looked the address up last: when it started, or at its own turn.
    pub(super) fn looked_up(&self, plan: &Plan, now: SimTime, server: ServerId) -> SimTime {
        let span_us = (*plan.scenario.servers.endpoint_cache_s * 1e6) as u64;
        let started = self.fleets.servers[server.index()].started;
        if span_us == 0 {
            return now;
        }
        let turn = plan.chance.of(Purpose::Address, server.0.into(), 0, 0).uniform();
        let turn_us = (turn * span_us as f64) as u64;
        let since = (now.micros() + span_us - turn_us) % span_us;
        SimTime::from_micros(now.micros().saturating_sub(since)).max(started)
    }

    /// How many servers of a region have another address of their region's database than that at which it answers.
    pub fn servers_astray(&self, plan: &Plan, now: SimTime, region: RegionId) -> usize {
        let database = &self.databases[region.index()];
        if database.moves.is_empty() {
            return 0;
        }
        let own = |index: &usize| {
            let server = &self.fleets.servers[*index];
            server.region == region && server.is_alive()
        };
        let all = (0..self.fleets.servers.len()).filter(own);
        all.filter(|index| database.missed(self.looked_up(plan, now, ServerId(*index as u16))).is_some())
            .count()
    }
}
