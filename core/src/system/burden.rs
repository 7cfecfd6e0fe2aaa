//! What fills the servers of a region: the work that is in them, by what brought it, and the room that is missing, by what
//! took it. Looked at only in seconds in which work has to wait. No machine decides anything by it.

use super::System;
use crate::kernel::id::{EntryId, RegionId, ZoneId};
use crate::system::call::{Call, State};
use crate::system::causes::{Brought, COUNTS};
use crate::system::context::Context;
use crate::system::server::Server;

impl System {
    /// A second has passed: fleets in which work waits say what fills them. Those that refused something have said it.
    pub(crate) fn weigh_crowded(&mut self, ctx: &Context<'_>) {
        for region in ctx.plan.region_ids() {
            let fleet = &mut self.fleets.regions[region.index()];
            debug_assert!(fleet.refused <= fleet.arrived, "what is refused has arrived");
            if fleet.refused > 0 {
                continue;
            }
            fleet.burdened_by = None;
            if self.fleets.servers.iter().any(|it| it.region == region && !it.queue.is_empty()) {
                self.weigh(ctx, region);
            }
        }
    }

    /// Notes for a fleet what of all that fills it has the youngest trigger.
    pub(super) fn weigh(&mut self, ctx: &Context<'_>, region: RegionId) {
        let (mut brought, mut held) = (Brought::default(), Brought::default());
        for call in self.calls.iter().filter(|call| call.home == region) {
            let Some(seat) = call.state.seat() else { continue };
            if self.fleets.servers[seat.server.index()].life == seat.life {
                brought.add(call.because);
                held.add(self.why_held(ctx, call));
            }
        }
        let running = self.fleets.serving(region);
        let fleet = &self.fleets.regions[region.index()];
        let wanted = usize::from(fleet.desired).max(running).max(1) as f64;
        debug_assert!(running as f64 <= wanted, "what runs is wanted or goes");
        let lost = fleet.lost_by.filter(|_| wanted - running as f64 >= COUNTS * wanted);
        let here = |zone| self.fleets.servers.iter().filter(move |it| it.region == region && it.zone == zone);
        let shift = self.entrances[region.index()].shift;
        let kept = shift.filter(|it| here(it.zone).count() as f64 >= COUNTS * wanted);
        let room = wanted * f64::from(ctx.plan.slots);
        let (grey, shrunk) = (self.why_grey(ctx, region, wanted), fleet.shrunk_by);
        let shifted = kept.map(|shift| shift.entry);
        let burdened_by =
            ctx.youngest([brought.youngest(ctx), held.youngest_of(ctx, room), lost, grey, shrunk, shifted]);
        self.fleets.regions[region.index()].burdened_by = burdened_by;
    }

    /// Why work holds its slot longer than it would on a calm day: a database that does not answer, or still loads what was
    /// restored, or a link to it.
    fn why_held(&self, ctx: &Context<'_>, call: &Call) -> Option<EntryId> {
        debug_assert!(call.state.seat().is_some(), "what has no slot holds none");
        let asked = if let State::Waiting(_, on) = call.state { self.calls.get(on) } else { None };
        let (here, there) = (call.home, asked.map_or(call.home, |on| on.to));
        let loads = self.databases[there.index()].loading.is_some();
        let loads = if loads { self.control.entry } else { None };
        let far = || (here != there).then(|| self.why_closed(here, there)).flatten();
        let bad = || asked.and_then(|on| self.why_way_bad(ctx, on));
        self.why_no_database(there).or_else(far).or_else(bad).or(loads)
    }

    /// The grey zone that takes enough of a region's servers, of so many that are wanted.
    fn why_grey(&self, ctx: &Context<'_>, region: RegionId, wanted: f64) -> Option<EntryId> {
        debug_assert!(wanted >= 1.0, "a share of something");
        let slowness = ctx.plan.scenario.faults.grey_factor.max(1.0);
        let taken = |zone: u8| {
            let here = |it: &&Server| it.region == region && it.zone == zone && it.is_alive();
            self.fleets.servers.iter().filter(here).count() as f64 * (1.0 - 1.0 / slowness)
        };
        let enough = (0..ctx.plan.zones(region)).filter(|zone| taken(*zone) >= COUNTS * wanted);
        ctx.youngest(enough.map(|index| self.grey_by(ZoneId { region, index })))
    }
}
