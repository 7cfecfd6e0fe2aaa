//! Readers inside a region: instances that answer reads beside the writer, a moment behind it.

use super::System;
use crate::kernel::chance::Purpose;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{RegionId, ServerId};
use crate::model::Forwarding;
use crate::model::Session;
use crate::model::plan::Plan;
use crate::system::call::{Answer, Answers, Attempt, Call, Hop};
use crate::system::context::Context;
use crate::system::database::{Database, Role, Status};
use crate::system::version::Found;

/// Whether a population's n-th request, if it reads, goes to the reader endpoint. Reads that carry a promise do not.
fn reads_at_reader(plan: &Plan, attempt: &Attempt) -> bool {
    let Attempt { population, n, .. } = *attempt;
    let database = &plan.scenario.database;
    let share = *database.reader_reads;
    let promised =
        plan.scenario.clients.session == Session::Token || database.forwarding != Forwarding::Eventual;
    let draw = || plan.chance.of(Purpose::Reader, population.0.into(), n.into(), 0).uniform();
    share > 0.0 && !attempt.writes() && !promised && draw() < share
}

impl Database {
    /// Whether readers answer: one is in step, whether or not there is a writer just now.
    pub fn reader_answers(&self) -> bool {
        let there = matches!(self.role, Role::Primary | Role::Replica | Role::Promoting);
        let runs = matches!(self.status, Status::Up | Status::FailingOver);
        there && runs && self.is_reached() && self.standbys.any_ready()
    }

    /// The readers among which the record of the reader endpoint chooses are these now.
    pub(super) fn list_readers(&mut self, now: SimTime, kept_s: f64) {
        let mask = self.standbys.ready().fold(0, |mask, standby| mask | 1 << standby.zone);
        if self.listed.last().is_none_or(|(_, last)| *last != mask) {
            // Of what is older than anybody keeps only the last is asked for.
            let old = self.listed.iter().filter(|(at, _)| now.since(*at).secs() > kept_s).count();
            self.listed.drain(..old.saturating_sub(1));
            self.listed.push((now, mask));
        }
    }

    /// The zone that the record of the reader endpoint named at a time; `None` if there was no reader.
    pub(super) fn reader_at(&self, looked: SimTime, nth: usize) -> Option<u8> {
        let before = self.listed.partition_point(|(at, _)| *at <= looked);
        let mask = self.listed.get(before.saturating_sub(1)).map_or(0, |(_, mask)| *mask);
        let zones = (0..8).filter(|zone| mask >> zone & 1 == 1);
        let count = mask.count_ones() as usize;
        (count > 0).then(|| zones.clone().nth(nth % count)).flatten()
    }
}

impl System {
    /// Once a second the reader endpoints hear which readers are in step.
    pub fn list_readers(&mut self, plan: &Plan, now: SimTime) {
        if *plan.scenario.database.reader_reads > 0.0 {
            let kept_s = *plan.scenario.servers.endpoint_cache_s;
            for database in &mut self.databases {
                database.list_readers(now, kept_s);
            }
        }
    }

    /// Who answers if a server calls on a region's database: at the reader endpoint, if its read goes there.
    pub(super) fn answers_to(
        &self,
        ctx: &Context<'_>,
        region: RegionId,
        server: ServerId,
        attempt: &Attempt,
    ) -> Answers {
        if !reads_at_reader(ctx.plan, attempt) {
            return self.answers_at(ctx, region, server, attempt.writes());
        }
        let looked = self.looked_up(ctx.plan, ctx.now, server);
        match self.databases[region.index()].reader_at(looked, server.index()) {
            Some(zone) => self.who_answers(region, zone, false),
            None => self.answers_at(ctx, region, server, false),
        }
    }

    /// What a reader finds under the key that a call asks for: what its writer had a moment ago.
    pub(super) fn read_at_reader(&self, ctx: &Context<'_>, call: &Call) -> Answer {
        let settings = &ctx.plan.scenario.database;
        let mut draws = call.attempt.draws(ctx, Hop::Reader);
        let lag =
            SimDuration::from_millis(draws.between(settings.reader_lag_min_ms, settings.reader_lag_max_ms));
        let shows = SimTime::from_micros(ctx.now.micros().saturating_sub(lag.micros()));
        let database = &self.databases[call.to.index()];
        let (version, copy) = database.shown_at(call.attempt.key, shows);
        let found = Found { write: version.write, seen: version.seen, copy };
        self.read_of_copy(call, &version, found)
    }
}
