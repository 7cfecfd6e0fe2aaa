//! The canary: it asks through public DNS as a client would, every ten seconds from three cities, and reads something. What it
//! finds is all that those who run the system know of how clients fare, beside what balancers count.

use super::System;
use crate::kernel::chance::Purpose;
use crate::kernel::clock::SimTime;
use crate::kernel::id::{PopulationId, RegionId};
use crate::model::plan::Site;
use crate::system::context::Context;
use crate::system::fleet::ServerState;
use crate::system::network::{Cargo, Flight};

/// Seconds from one round to the next; what has not been answered by then has failed.
const EVERY_S: u64 = 10;
/// The places that it asks from.
const PLACES: usize = 3;

/// What the canary has found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Canary {
    round: u32,
    asked_at: SimTime,
    asked: u8,
    good: u8,
    /// Since when every round has been answered well from everywhere; `None` if the last one was not.
    pub well_since: Option<SimTime>,
}

impl System {
    /// A second has passed: every tenth, the last round is judged and the next begins.
    pub fn send_canaries(&mut self, ctx: &mut Context<'_>) {
        if !(ctx.now.micros() / 1_000_000).is_multiple_of(EVERY_S) {
            return;
        }
        let canary = &mut self.canary;
        debug_assert!(canary.good <= canary.asked, "no more answers than questions");
        let well = canary.round > 0 && canary.good == canary.asked;
        canary.well_since = if well { canary.well_since.or(Some(canary.asked_at)) } else { None };
        let populations = ctx.plan.populations();
        let places = PLACES.min(populations);
        (canary.round, canary.asked_at, canary.asked, canary.good) =
            (canary.round + 1, ctx.now, places as u8, 0);
        let round = canary.round;
        let cause = ctx.cause();
        ctx.because(None);
        for place in 0..places {
            let population = PopulationId((place * populations / places) as u8);
            let draws = |way: u64| ctx.chance(Purpose::Canary, round.into(), place as u64, way);
            let region = self.route53.resolve(ctx.plan, &self.network.places, population, draws(0));
            let (draws, ask) = (draws(1), Cargo::Canary(round, place as u8));
            self.network.send(ctx, draws, Site::City(population), Site::Region(region), ask);
        }
        ctx.because(cause);
    }

    /// The canary asks a region. What is dead there does not answer.
    pub(super) fn on_canary(&mut self, ctx: &mut Context<'_>, flight: &Flight, round: u32, place: u8) {
        let Site::Region(region) = flight.to else { return };
        debug_assert!(matches!(flight.from, Site::City(_)), "it asks as a client does");
        let server = self.choose_for_check(region).map(|id| &self.fleets.servers[id.index()]);
        let mut draws = ctx.chance(Purpose::Canary, round.into(), place.into(), 2);
        let well = match server {
            Some(server) if server.state == ServerState::Dead => return,
            Some(server) => {
                let full = server.busy >= ctx.plan.slots && server.queue.len() >= ctx.plan.queue_places;
                let grey = self.zones_grey[region.index()][usize::from(server.zone)];
                let release = self.fleets.regions[region.index()].release.fails;
                let fails = (grey && draws.chance(ctx.plan.scenario.faults.grey_failures))
                    || (release > 0.0 && draws.chance(release));
                !full
                    && !fails
                    && !self.fleets.regions[region.index()].bad_deploy
                    && self.reads_well(ctx, region)
            }
            None => false,
        };
        let answer = Cargo::CanaryAnswer(round, well);
        let draws = ctx.chance(Purpose::Canary, round.into(), place.into(), 3);
        self.network.send(ctx, draws, flight.to, flight.from, answer);
    }

    /// Whether a region's servers can read its database, and what stands there.
    fn reads_well(&self, ctx: &Context<'_>, region: RegionId) -> bool {
        let shown = &self.databases[region.index()].versions[0];
        let release = self.fleets.regions[region.index()].version;
        // What the canary reads was written for it, and is in every copy.
        let legible = !shown.content.is_ruined() && shown.format <= release;
        self.serves_reads(ctx.plan, region) && legible
    }

    /// A region has answered the canary. Answers to earlier rounds are too late.
    pub(super) fn on_canary_answer(&mut self, round: u32, well: bool) {
        debug_assert!(round <= self.canary.round, "nobody answers what was not asked");
        if round == self.canary.round {
            self.canary.good += u8::from(well);
        }
    }
}
