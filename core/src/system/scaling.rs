//! What Auto Scaling measures of a fleet, and how many servers it wants because of that: target tracking, as AWS documents it.
//!
//! A metric that has been too high for long enough adds servers in proportion. One that has been low for longer takes servers out,
//! rounded so that too many stay rather than too few, but not soon after another change, and not while a metric is too high.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::model::plan::Plan;
use crate::model::{Metric, Servers};

/// Metrics are smoothed over about ten seconds, as a mean of a minute would be.
const SMOOTHING: f64 = 0.1;
/// Of the use of slots above which servers are added, so much is left when they have come.
const ROOM: f64 = 0.8;

/// What a second has shown of a fleet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// Servers that count in the metrics.
    pub servers: u16,
    /// The share of their slots that is in use, 0 to 1.
    pub used: f64,
    /// Servers that get requests, whether or not they count yet.
    pub targets: usize,
    /// Requests that came, simulated ones.
    pub came: u32,
}

/// What is measured of a fleet, and since when it is not as it should be.
#[derive(Clone, Debug, Default)]
pub struct Scaling {
    /// Share of the slots in use, 0 to 1.
    pub used: f64,
    /// Share of the slots in which a server really works, 0 to 1.
    pub cpu: f64,
    /// Real requests a second for each server that gets some.
    pub requests: f64,
    /// The fewest servers that are left, because a runbook has asked for so many.
    pub(super) least: u16,
    servers: u16,
    /// What servers have begun to work on in this second.
    work: SimDuration,
    /// Since when a metric is too high and nothing was done about it.
    high_since: Option<SimTime>,
    /// Since when a metric is too high.
    hot_since: Option<SimTime>,
    low_since: Option<SimTime>,
    /// When another number of servers was wanted last.
    changed: Option<SimTime>,
}

/// A metric: what it shows, above what servers are added, and what it should be.
#[derive(Clone, Copy, Debug)]
struct Level {
    metric: Metric,
    shows: f64,
    high: f64,
    goal: f64,
}

impl Scaling {
    /// A server that counts begins to work for so long: waiting is no work.
    #[inline]
    pub(super) fn work_for(&mut self, span: SimDuration) {
        self.work = self.work + span;
    }

    /// A second has passed.
    pub(super) fn measure(&mut self, plan: &Plan, seen: Seen) {
        debug_assert!((0.0..=1.0).contains(&seen.used), "busy is never above slots");
        let slots = f64::from(seen.servers) * f64::from(plan.slots);
        let cpu = if slots > 0.0 { (self.work.secs() / slots).min(1.0) } else { 0.0 };
        let came = f64::from(seen.came) * f64::from(plan.weight);
        let requests = if seen.targets > 0 { came / seen.targets as f64 } else { 0.0 };
        self.used += (seen.used - self.used) * SMOOTHING;
        self.cpu += (cpu - self.cpu) * SMOOTHING;
        self.requests += (requests - self.requests) * SMOOTHING;
        (self.servers, self.work) = (seen.servers, SimDuration::ZERO);
    }

    /// What a metric shows in whole numbers: percent, or requests a second.
    pub fn shows(&self, metric: Metric) -> u32 {
        match metric {
            Metric::Slots => (self.used * 100.0).round() as u32,
            Metric::Cpu => (self.cpu * 100.0).round() as u32,
            Metric::Requests => self.requests.round() as u32,
        }
    }

    fn level(&self, servers: &Servers, metric: Metric) -> Level {
        let (shows, high, goal) = match metric {
            Metric::Slots => (self.used, *servers.scale_out_use, servers.scale_out_use * ROOM),
            Metric::Cpu => (self.cpu, *servers.cpu_target, *servers.cpu_target),
            Metric::Requests => (self.requests, *servers.requests_target, *servers.requests_target),
        };
        Level { metric, shows, high, goal }
    }

    /// Another number of servers than is `wanted`, if a metric asks for it, and which metric. At least `least` are left.
    pub(super) fn decide(
        &mut self,
        now: SimTime,
        servers: &Servers,
        (wanted, least): (u16, u16),
    ) -> Option<(u16, Metric)> {
        let decided = self.grow(now, servers, wanted).or_else(|| self.shrink(now, servers, (wanted, least)));
        debug_assert!(
            decided.is_none_or(|(to, _)| u32::from(to) <= servers.most),
            "no more than are allowed"
        );
        if decided.is_some() {
            self.changed = Some(now);
        }
        decided
    }

    /// More servers, if any metric has been too high for long enough.
    fn grow(&mut self, now: SimTime, servers: &Servers, wanted: u16) -> Option<(u16, Metric)> {
        let levels = || servers.scale_by.metrics().iter().map(|metric| self.level(servers, *metric));
        let asks = |level: Level| {
            // Servers that boot are wanted already, and carry nothing yet.
            let base = if level.metric == Metric::Slots { wanted } else { self.servers };
            let count = (f64::from(base) * level.shows / level.goal).ceil() as u16;
            (count.max(wanted).min(servers.most as u16), level.metric)
        };
        let high = levels().filter(|level| level.shows > level.high).map(asks);
        let Some((to, metric)) = high.reduce(|most, other| if other.0 > most.0 { other } else { most })
        else {
            (self.high_since, self.hot_since) = (None, None);
            return None;
        };
        self.hot_since.get_or_insert(now);
        let since = *self.high_since.get_or_insert(now);
        if now.since(since) < SimDuration::from_secs(servers.scale_out_after_s) {
            return None;
        }
        self.high_since = None;
        (to > wanted).then_some((to, metric))
    }

    /// Fewer servers, if the first metric has been low for long enough and nothing speaks against it.
    fn shrink(
        &mut self,
        now: SimTime,
        servers: &Servers,
        (wanted, least): (u16, u16),
    ) -> Option<(u16, Metric)> {
        let first = self.level(servers, *servers.scale_by.metrics().first()?);
        // Where nobody counts nothing is known.
        if !servers.scale_in || self.servers == 0 || first.shows >= first.goal * servers.scale_in_below {
            self.low_since = None;
            return None;
        }
        let since = *self.low_since.get_or_insert(now);
        let for_long = |since: SimTime, span_s: f64| now.since(since) >= SimDuration::from_secs(span_s);
        let hot = self.hot_since.is_some_and(|since| for_long(since, *servers.scale_out_after_s));
        let rested = self.changed.is_none_or(|at| for_long(at, *servers.cooldown_s));
        if hot || !rested || !for_long(since, *servers.scale_in_after_s) {
            return None;
        }
        let enough = (f64::from(self.servers) * first.shows / first.goal).ceil() as u16;
        let to = enough.max(least).max(self.least).max(1);
        (to < wanted).then_some((to, first.metric))
    }
}
