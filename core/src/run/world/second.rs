//! Once a second, in this order: the observer closes the second's counts, machines and operations look at conditions, and
//! the observer books what they did.

use crate::run::world::World;
use crate::system::context::Context;
use crate::system::event::Event;

/// The most retried writes whose versions clients remember: those of the last minute or more.
const MOST_RETRIED: usize = 4096;

impl World {
    pub(super) fn on_second(&mut self, ctx: &mut Context<'_>) {
        ctx.round_s(1.0, Event::Second);
        let lag = self.observer.record_second(ctx, &self.system);
        self.system.weigh_crowded(ctx);
        self.system.fleets.on_second(ctx);
        self.system.evaluate_targets(ctx);
        self.system.list_addresses(ctx);
        self.system.mind_shifts(ctx);
        self.system.scale_fleets(ctx);
        self.observer.watch(ctx, &self.system, lag);
        self.system.load_blocks(ctx);
        self.system.scale_databases(ctx);
        self.system.list_readers(ctx.plan, ctx.now);
        self.system.go_on_batches(ctx);
        self.report_occurrences(ctx);
        self.observer.count_use(ctx.now, &self.system.meters);
        self.operations.watch_executions(ctx, &mut self.system);
        self.system.tell_again(ctx);
        self.system.go_on_copying(ctx);
        self.system.watch_queues(ctx);
        self.system.send_canaries(ctx);
        self.system.watch_symptoms(ctx);
        self.system.watch_primary(ctx);
        self.system.watch_semi_sync(ctx);
        self.system.note_levels(ctx.now);
        self.system.propose_again(ctx);
        self.system.ask_for_leases(ctx);
        self.system.clients.forget_retried(MOST_RETRIED);
        // Whatever a crowd has taken is given back, so that keyframes of later moments are small again.
        self.system.clients.requests.shrink();
        self.system.calls.shrink();
        self.system.gatherings.shrink();
        self.system.letters.shrink();
        self.operations.scale_in(ctx, &mut self.system);
        self.system.forget_ruins();
        // Incidents are booked only when all that was done in this second was heard.
        self.report_occurrences(ctx);
        self.observer.watch_replacements(ctx, &self.system);
        self.observer.judge(ctx, &self.system);
        self.observer.review_losses(ctx, &self.system);
    }
}
