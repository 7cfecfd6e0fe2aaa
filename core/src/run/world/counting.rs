//! Once a second: counts are read, slow conditions looked at, and it is decided whether a service is whole again.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{PopulationId, RegionId};
use crate::observer::metrics::{SERVED_SHARE, WINDOW_S};
use crate::operations::execution::Stage;
use crate::run::world::World;
use crate::system::context::{Context, Sample};
use crate::system::database::Role;
use crate::system::event::Event;
use crate::system::journal::What;

/// A population counts as hurt, for the journal, by what was decided in so many seconds.
const HURT_WINDOW_S: usize = 10;
/// Writes that were tried again and are kept in mind: those of the last minute or more.
const MOST_RETRIED: usize = 4096;
/// The journal says that the replica fell behind from this lag on …
const BEHIND: SimDuration = SimDuration::from_micros(10_000_000);
/// … and that it has caught up below this one.
const CAUGHT_UP: SimDuration = SimDuration::from_micros(2_000_000);

impl World {
    pub(super) fn on_second(&mut self, ctx: &mut Context<'_>) {
        ctx.after_s(1.0, Event::Second);
        let count = self.observer.metrics.close_second(ctx.now);
        // The lag rises until the next shipment and then falls: a second is as bad as its worst moment.
        let worst = std::mem::take(&mut self.observer.worst_lag);
        let lag = self.system.streams.iter().map(|stream| stream.lag(ctx.now).max(worst)).max();
        let sample = Sample {
            at: ctx.now,
            sent: count.sent,
            served: count.served,
            failed: count.failed,
            lag_us: lag.map(SimDuration::micros),
            behind: self.system.streams.iter().map(|stream| stream.behind() as u32).sum(),
            mean_latency_us: count.mean_latency_us,
        };
        ctx.recorded.sample(ctx.record, sample);
        self.count_unserved(&sample);
        self.system.fleets.on_second(ctx, self.system.any_cause());
        self.watch_lag(ctx, lag);
        self.watch_populations(ctx);
        self.watch_data(ctx);
        self.load_blocks(ctx);
        self.observer.count_use(ctx.now, &self.system.meters);
        self.watch_recovery(ctx);
        self.tell_homes(ctx);
        self.system.propose_again(ctx);
        self.system.clients.forget_retried(MOST_RETRIED);
        self.scale_in(ctx);
        self.watch_replacements(ctx);
        self.close_incidents(ctx);
    }

    /// Adds the share that was failed in the second that has ended to the oldest incident that is not over. Where nothing
    /// was decided, all were failed if somebody waits who began before that second.
    fn count_unserved(&mut self, sample: &Sample) {
        let waits = self.system.in_flight() > sample.sent as usize;
        let open = self.observer.incidents.iter_mut().find(|incident| incident.restored.is_none());
        let Some(incident) = open else { return };
        let decided = sample.served + sample.failed;
        let failed = match decided {
            0 => f64::from(u8::from(waits)),
            _ => f64::from(sample.failed) / f64::from(decided),
        };
        incident.unserved_s += failed * sample.at.since(incident.at).secs().min(1.0);
    }

    /// When the clients have moved back, the servers that were added for the failover go.
    fn scale_in(&mut self, ctx: &Context<'_>) {
        if self.operations.recovery.stage == Stage::Idle && self.operations.recovery.moving.is_none() {
            for region in ctx.plan.region_ids() {
                self.system.fleets.scale_in(region);
            }
        }
    }

    fn watch_lag(&mut self, ctx: &mut Context<'_>, lag: Option<SimDuration>) {
        let Some(stream) = self.system.streams.iter().max_by_key(|stream| stream.lag(ctx.now)) else {
            return;
        };
        if !matches!(self.system.databases[stream.to.index()].role, Role::Replica | Role::Primary) {
            return;
        }
        let (replica, lag) = (stream.to, lag.unwrap_or_default());
        if !self.observer.was_behind && lag > BEHIND {
            self.observer.was_behind = true;
            ctx.note(self.system.any_cause(), What::ReplicaFellBehind(replica));
            let link = self.observer.incidents.iter_mut().rev().find(|incident| {
                incident.fault().is_some_and(|fault| fault.region().is_none()) && incident.cleared.is_none()
            });
            if let Some(incident) = link {
                incident.detected.get_or_insert(ctx.now);
            }
        } else if self.observer.was_behind && lag < CAUGHT_UP {
            self.observer.was_behind = false;
            ctx.note(None, What::ReplicaCaughtUp(replica));
        }
    }

    fn watch_populations(&mut self, ctx: &mut Context<'_>) {
        let now_s = (ctx.now.micros() / 1_000_000) as usize;
        let cause = self.system.any_cause();
        for (index, tally) in self.observer.metrics.tallies.iter_mut().enumerate() {
            let Some(share) = tally.served_share(now_s, HURT_WINDOW_S) else { continue };
            let hurt = share < SERVED_SHARE;
            if hurt != tally.hurt {
                tally.hurt = hurt;
                let population = PopulationId(index as u8);
                let what =
                    if hurt { What::PopulationHurt(population) } else { What::PopulationServed(population) };
                ctx.note(if hurt { cause } else { None }, what);
            }
        }
    }

    /// A service is whole again from the first whole second after the fault from which everybody was served at the
    /// wanted share for a minute on end.
    fn close_incidents(&mut self, ctx: &mut Context<'_>) {
        let now_s = (ctx.now.micros() / 1_000_000) as usize;
        if self.observer.incidents.iter().all(|incident| incident.restored.is_some()) {
            return;
        }
        let Some(start_s) = now_s.checked_sub(WINDOW_S) else { return };
        let start = SimTime::from_micros(start_s as u64 * 1_000_000);
        let shares: Vec<Option<f64>> =
            self.observer.metrics.tallies.iter().map(|tally| tally.served_share(now_s, WINDOW_S)).collect();
        let promoting = self.operations.recovery.promoting;
        let ruined: Vec<bool> = self
            .observer
            .incidents
            .iter()
            .map(|incident| {
                incident.restored.is_none()
                    && incident.fault().is_some_and(|fault| self.system.is_ruined(fault))
            })
            .collect();
        let run = matches!(self.operations.recovery.stage, Stage::FailingOver | Stage::FailingBack);
        for (index, incident) in self.observer.incidents.iter_mut().enumerate() {
            // An order hurts nobody until its switchover: it is not over before its runbook is.
            let ordered_and_running =
                incident.fault().is_none() && run && index == self.operations.recovery.incident;
            let from = incident.hurts_from();
            if incident.restored.is_some() || ordered_and_running || ruined[index] || start < from {
                continue;
            }
            let whole = |(share, wanted): (&Option<f64>, &f64)| share.is_none_or(|share| share >= *wanted);
            if !shares.iter().zip(&incident.wanted).all(whole) {
                continue;
            }
            // A minute that began within a second of the fault: nobody was ever failed.
            let first = start.since(from) < SimDuration::from_micros(1_000_000);
            let rto = if first { SimDuration::ZERO } else { start.since(from) };
            incident.restored = Some(from + rto);
            incident.rto = Some(rto);
            if !promoting {
                // No copy took over: whatever was acknowledged is still in the database that serves.
                incident.rpo.get_or_insert(SimDuration::ZERO);
            }
            if let Some(fault) = incident.fault() {
                let rto_ms = rto.micros() / 1000;
                ctx.note(Some(incident.entry), What::Restored { fault, rto_ms });
            }
        }
    }

    /// The system has noticed that something is wrong in a region.
    pub(super) fn note_detection(&mut self, now: SimTime, region: RegionId) {
        for incident in &mut self.observer.incidents {
            if incident.is_in(region) && incident.cleared.is_none() {
                incident.detected.get_or_insert(now);
            }
        }
    }
}
