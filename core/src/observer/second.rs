//! Once a second: counts are closed, slow conditions are looked at, and incidents are closed if service is whole again.

use super::Observer;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::PopulationId;
use crate::observer::metrics::{SERVED_SHARE, WINDOW_S};
use crate::system::System;
use crate::system::context::{Context, Sample};
use crate::system::database::Role;
use crate::system::journal::What;

/// The window by which the journal calls a population hurt, in seconds.
const HURT_WINDOW_S: usize = 10;
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
            lag_us: lag.map(SimDuration::micros),
            behind: system.streams.iter().map(|stream| stream.behind() as u32).sum(),
            mean_latency_us: count.mean_latency_us,
        };
        ctx.recorded.sample(ctx.record, sample);
        self.count_unserved(system, &sample);
        lag
    }

    /// Conditions that the journal tells of when they begin and when they end.
    pub fn watch(&mut self, ctx: &mut Context<'_>, system: &System, lag: Option<SimDuration>) {
        self.watch_lag(ctx, system, lag);
        self.watch_populations(ctx);
    }

    /// Adds the share of requests that failed in the second that has ended to the oldest incident that is not over. If no
    /// request ended, the whole second failed if one that began before it still waits.
    fn count_unserved(&mut self, system: &System, sample: &Sample) {
        let waits = system.in_flight() > sample.sent as usize;
        let open = self.incidents.iter_mut().find(|incident| incident.restored.is_none());
        let Some(incident) = open else { return };
        let decided = sample.served + sample.failed;
        let failed = match decided {
            0 => f64::from(u8::from(waits)),
            _ => f64::from(sample.failed) / f64::from(decided),
        };
        debug_assert!(incident.at <= sample.at && failed <= 1.0, "a share of a second after it began");
        incident.unserved_s += failed * sample.at.since(incident.at).secs().min(1.0);
    }

    fn watch_lag(&mut self, ctx: &mut Context<'_>, system: &System, lag: Option<SimDuration>) {
        let Some(stream) = system.streams.iter().max_by_key(|stream| stream.lag(ctx.now)) else {
            return;
        };
        if !matches!(system.databases[stream.to.index()].role, Role::Replica | Role::Primary) {
            return;
        }
        let cause = system.why_behind(stream);
        let (replica, lag) = (stream.to, lag.unwrap_or_default());
        if !self.was_behind && lag > BEHIND {
            self.was_behind = true;
            ctx.note(cause, What::ReplicaFellBehind(replica));
            let link = self.incidents.iter_mut().rev().find(|incident| {
                incident.fault().is_some_and(|fault| fault.region().is_none()) && incident.cleared.is_none()
            });
            if let Some(incident) = link {
                incident.detected.get_or_insert(ctx.now);
            }
        } else if self.was_behind && lag < CAUGHT_UP {
            self.was_behind = false;
            ctx.note(None, What::ReplicaCaughtUp(replica));
        }
    }

    fn watch_populations(&mut self, ctx: &mut Context<'_>) {
        let now_s = (ctx.now.micros() / 1_000_000) as usize;
        for (index, tally) in self.metrics.tallies.iter_mut().enumerate() {
            let Some(share) = tally.served_share(now_s, HURT_WINDOW_S) else { continue };
            let hurt = share < SERVED_SHARE;
            if hurt != tally.hurt {
                tally.hurt = hurt;
                let population = PopulationId(index as u8);
                let what =
                    if hurt { What::PopulationHurt(population) } else { What::PopulationServed(population) };
                ctx.note(if hurt { tally.failed_by.most() } else { None }, what);
            }
        }
    }

    /// A service is whole again from the first whole second after the fault from which everybody was served at the
    /// wanted share for a minute on end.
    pub fn close_incidents(&mut self, ctx: &mut Context<'_>, system: &System) {
        let now_s = (ctx.now.micros() / 1_000_000) as usize;
        if self.incidents.iter().all(|incident| incident.restored.is_some()) {
            return;
        }
        let Some(start_s) = now_s.checked_sub(WINDOW_S) else { return };
        let start = SimTime::from_micros(start_s as u64 * 1_000_000);
        let shares: Vec<Option<f64>> =
            self.metrics.tallies.iter().map(|tally| tally.served_share(now_s, WINDOW_S)).collect();
        let ruined: Vec<bool> = self
            .incidents
            .iter()
            .map(|incident| {
                incident.restored.is_none() && incident.fault().is_some_and(|fault| system.is_ruined(fault))
            })
            .collect();
        let runs: Vec<bool> = (0..self.incidents.len()).map(|index| self.acts_on(index)).collect();
        for (index, incident) in self.incidents.iter_mut().enumerate() {
            // An order hurts nobody until its switchover: it is not over before its runbook is.
            let ordered_and_running = incident.fault().is_none() && runs[index];
            let from = incident.hurts_from();
            if incident.restored.is_some() || ordered_and_running || ruined[index] || start < from {
                continue;
            }
            debug_assert_eq!(shares.len(), incident.wanted.len(), "a share is wanted for everybody");
            let whole = |(share, wanted): (&Option<f64>, &f64)| share.is_none_or(|share| share >= *wanted);
            if !shares.iter().zip(&incident.wanted).all(whole) {
                continue;
            }
            // A minute that began within a second of the fault: nobody was ever failed.
            let first = start.since(from) < SimDuration::from_micros(1_000_000);
            let rto = if first { SimDuration::ZERO } else { start.since(from) };
            incident.restored = Some(from + rto);
            incident.rto = Some(rto);
            if let Some(fault) = incident.fault() {
                let rto_ms = rto.micros() / 1000;
                ctx.note(Some(incident.entry), What::Restored { fault, rto_ms });
            }
        }
    }
}
