//! Once a second: counts are closed, and slow conditions are looked at.

use super::Observer;
use crate::kernel::clock::SimDuration;
use crate::system::System;
use crate::system::context::{Context, Sample};
use crate::system::database::Role;
use crate::system::journal::What;

/// The journal says that the replica fell behind from this lag on …
const BEHIND: SimDuration = SimDuration::from_micros(10_000_000);
/// … and that it has caught up below this one.
const CAUGHT_UP: SimDuration = SimDuration::from_micros(2_000_000);

impl Observer {
    /// A second has passed: what happened in it is recorded.
    pub fn record_second(&mut self, ctx: &mut Context<'_>, system: &System) -> Option<SimDuration> {
        debug_assert_eq!(ctx.now.micros() % 1_000_000, 0, "seconds end at whole seconds");
        let count = self.metrics.close_second(ctx.now, &system.clients);
        // The lag rises until the next shipment and then falls: a second is as bad as its worst moment.
        let worst = std::mem::take(&mut self.worst_lag);
        let lag = system.streams.iter().map(|stream| stream.lag(ctx.now).max(worst)).max();
        let sample = Sample {
            at: ctx.now,
            sent: count.sent,
            served: count.served,
            failed: count.failed,
            attempts: count.attempts,
            lag_us: lag.map(SimDuration::micros),
            behind: system.streams.iter().map(|stream| stream.behind() as u32).sum(),
            mean_latency_us: count.mean_latency_us,
            queued: (!system.queues.is_empty())
                .then(|| system.queues.iter().map(|queue| (queue.backlog() + queue.held.len()) as u32).sum()),
        };
        ctx.recorded.sample(ctx.record, sample);
        lag
    }

    /// Conditions that the journal tells of when they begin and when they end.
    pub fn watch(&mut self, ctx: &mut Context<'_>, system: &System, lag: Option<SimDuration>) {
        self.watch_lag(ctx, system, lag);
    }

    fn watch_lag(&mut self, ctx: &mut Context<'_>, system: &System, lag: Option<SimDuration>) {
        let Some(stream) = system.streams.iter().max_by_key(|stream| stream.lag(ctx.now)) else {
            return;
        };
        if !matches!(system.databases[stream.to.index()].role, Role::Replica | Role::Primary) {
            return;
        }
        let (replica, lag) = (stream.to, lag.unwrap_or_default());
        if !self.was_behind && lag > BEHIND {
            self.was_behind = true;
            let cause = system.why_behind(ctx, stream);
            ctx.note(cause, What::ReplicaFellBehind(replica));
            if let Some(incident) = self.incident_of(ctx, cause) {
                self.incidents[incident].detected.get_or_insert(ctx.now);
            }
        } else if self.was_behind && lag < CAUGHT_UP {
            self.was_behind = false;
            ctx.note(None, What::ReplicaCaughtUp(replica));
        }
    }
}
