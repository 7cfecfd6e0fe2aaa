//! Once a second, in this order: the books of the second, what machines and people do about it, and what that means.

use crate::kernel::region_map::RegionMap;
use crate::run::world::World;
use crate::system::context::Context;
use crate::system::event::Event;

/// Writes that were tried again and are kept in mind: those of the last minute or more.
const MOST_RETRIED: usize = 4096;

impl World {
    pub(super) fn on_second(&mut self, ctx: &mut Context<'_>) {
        ctx.round_s(1.0, Event::Second);
        let lag = self.observer.record_second(ctx, &self.system);
        let slow = RegionMap::from_fn(|region| {
            let known = region.index() < self.system.databases.len();
            known.then(|| self.system.why_slow(region)).flatten()
        });
        self.system.fleets.on_second(ctx, &slow);
        self.observer.watch(ctx, &self.system, lag);
        self.operations.watch_data(ctx, &mut self.system);
        self.system.load_blocks(ctx);
        self.report_occurrences(ctx);
        self.observer.count_use(ctx.now, &self.system.meters);
        self.operations.watch_recovery(ctx, &mut self.system);
        self.system.tell_homes(ctx);
        self.system.propose_again(ctx);
        self.system.clients.forget_retried(MOST_RETRIED);
        self.operations.scale_in(ctx, &mut self.system);
        self.system.forget_ruins();
        // The books of the second are closed when all that was done in it is in them.
        self.report_occurrences(ctx);
        self.observer.watch_replacements(ctx, &self.system);
        self.observer.close_incidents(ctx, &self.system);
    }
}
