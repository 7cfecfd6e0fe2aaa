//! Monitoring: once a minute the balancer of each region sends what it has counted to the region in which monitoring stands.
//! That raises an alarm for a region that fails for minutes on end, whatever has broken, and pages those who run the system,
//! again each minute for as long as it lasts. It is blind while its own region is dark, and what does not arrive is missing.

use super::System;
use crate::kernel::chance::Purpose;
use crate::kernel::id::{EntryId, RegionId};
use crate::kernel::region_map::{RegionMap, RegionSet};
use crate::model::plan::{Plan, Site};
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::network::Cargo;
use crate::system::occurrence::Occurrence;

/// Seconds of one period.
const PERIOD_S: u64 = 60;
/// Counts of a period that have not arrived so many seconds after its end are missing.
const LATE_S: u64 = 2;
/// The most periods that are kept.
const MOST_PERIODS: usize = 16;

/// What the balancer of a region has answered in one period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    /// The number of the period, from 1; 0: nothing has arrived in this place.
    period: u32,
    served: u32,
    failed: u32,
}

/// What monitoring knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitoring {
    /// The region in which it stands.
    pub region: RegionId,
    /// Of all answers, and of those to writes: where few write, all of them may fail and most requests be well.
    counts: [RegionMap<[Count; MOST_PERIODS]>; 2],
    /// The first period of which it has seen the whole since it was last blind.
    watches_from: u32,
    /// Regions whose alarm has gone off and is not over.
    pub alarms: RegionSet,
    /// The journal's line about the alarm of each region.
    raised_by: RegionMap<Option<EntryId>>,
}

impl Monitoring {
    /// Nothing has been counted yet.
    pub fn new(plan: &Plan) -> Self {
        let last = RegionId(plan.regions() as u8 - 1);
        let other = plan.blueprint.recovery().unwrap_or(plan.blueprint.primary());
        let usual = if plan.writes_everywhere() { last } else { other };
        let named = plan.scenario.operations.monitor_region.as_str();
        let region = plan.region_ids().find(|region| plan.region_code(*region) == named).unwrap_or(usual);
        debug_assert!(region.index() < plan.regions(), "it stands in one of the regions");
        Self {
            region,
            counts: [RegionMap::all([Count::default(); MOST_PERIODS]); 2],
            watches_from: 1,
            alarms: RegionSet::EMPTY,
            raised_by: RegionMap::all(None),
        }
    }

    /// The line about the alarm of a region.
    pub fn raised_by(&self, region: RegionId) -> Option<EntryId> {
        self.raised_by[region]
    }

    /// The share of a region's answers that failed in the last minute of which counts have arrived; `None` if there are none,
    /// or nothing was answered.
    pub fn failing_share(&self, region: RegionId) -> Option<f64> {
        let [all_counts, _] = &self.counts;
        let last = all_counts.values().flatten().map(|count| count.period).max().unwrap_or(0);
        let newest = all_counts[region].iter().find(|count| count.period == last && last > 0)?;
        let all = newest.served + newest.failed;
        debug_assert!(newest.period == last, "it is of the last minute");
        (all > 0).then(|| f64::from(newest.failed) / f64::from(all))
    }

    /// Whether a region failed in a period, as far as is known: in all that it answered, or in the writes alone.
    fn failed_in(&self, plan: &Plan, region: RegionId, (period, writes): (u32, bool)) -> bool {
        let count = self.counts[usize::from(writes)][region][period as usize % MOST_PERIODS];
        debug_assert!(period > 0, "periods are counted from 1");
        if count.period != period {
            return plan.scenario.operations.missing_fails;
        }
        let all = count.served + count.failed;
        all > 0 && f64::from(count.failed) > plan.scenario.operations.alarm_share * f64::from(all)
    }
}

impl System {
    /// A second has passed: at the end of a minute counts are sent, and a little later what has arrived is looked at.
    pub fn watch_symptoms(&mut self, ctx: &mut Context<'_>) {
        let second = ctx.now.micros() / 1_000_000;
        let period = (second / PERIOD_S) as u32;
        if self.dark[self.monitoring.region.index()] {
            // When it is back it does not know of what it has not seen.
            self.monitoring.watches_from = period + 2;
            self.monitoring.alarms = RegionSet::EMPTY;
            return;
        }
        if period > 0 && second.is_multiple_of(PERIOD_S) {
            self.send_counts(ctx, period);
        } else if period > 0 && second % PERIOD_S == LATE_S {
            for region in ctx.plan.region_ids() {
                self.judge_symptoms(ctx, region, period);
            }
        }
    }

    /// Why a region fails: its servers, its counts, its database or that which takes its writes, or data that is ruined; of
    /// several the one with the youngest trigger.
    fn why_alarmed(&self, ctx: &Context<'_>, region: RegionId) -> Option<EntryId> {
        debug_assert!(region.index() < self.databases.len(), "it is one of the regions");
        ctx.youngest([
            self.why_unserved(region),
            self.why_closed(region, self.monitoring.region),
            self.why_no_database(region),
            self.why_no_database(self.ownership.primary()),
            self.first_ruin().map(|ruin| ruin.entry),
        ])
    }

    fn send_counts(&mut self, ctx: &mut Context<'_>, period: u32) {
        let to = self.monitoring.region;
        let cause = ctx.cause();
        ctx.because(None);
        for region in
            ctx.plan.region_ids().filter(|region| self.is_built(*region)).collect::<RegionSet>().iter()
        {
            if self.dark[region.index()] {
                continue;
            }
            for (writes, (served, failed)) in [false, true].into_iter().zip(self.count_of(region)) {
                if region == to {
                    self.on_counted(region, writes, (period, served, failed));
                    continue;
                }
                let draws =
                    ctx.chance(Purpose::Counts, region.0.into(), period.into(), u64::from(writes) * 2);
                let (ends, cargo) =
                    ((Site::Region(region), Site::Region(to)), Cargo::Counted(period, served, failed));
                self.network.send_request(ctx, draws, ends, cargo, writes, true);
            }
        }
        ctx.because(cause);
    }

    /// What the balancer of a region has answered in the last minute: of all, and of the writes alone.
    fn count_of(&self, region: RegionId) -> [(u32, u32); 2] {
        let counts = self.fleets.regions[region.index()].answered.total();
        debug_assert!(counts[1].0 <= counts[0].0 && counts[1].1 <= counts[0].1, "writes are among all");
        counts
    }

    /// The counts of a region have arrived: of all its answers, or of those to writes.
    pub(super) fn on_counted(
        &mut self,
        region: RegionId,
        writes: bool,
        (period, served, failed): (u32, u32, u32),
    ) {
        let counts = &mut self.monitoring.counts[usize::from(writes)];
        let place = &mut counts[region][period as usize % MOST_PERIODS];
        debug_assert!(place.period <= period, "periods come in order");
        *place = Count { period, served, failed };
    }

    /// Whether a region has failed for as many periods as its alarm takes.
    fn judge_symptoms(&mut self, ctx: &mut Context<'_>, region: RegionId, last: u32) {
        let periods = (ctx.plan.scenario.recovery.alarm_s / PERIOD_S as f64).ceil() as u32;
        let periods = periods.clamp(1, MOST_PERIODS as u32 - 1);
        let first = (last + 1).saturating_sub(periods);
        let seen = first >= self.monitoring.watches_from && self.is_built(region);
        let failed = |period, writes| self.monitoring.failed_in(ctx.plan, region, (period, writes));
        let fails = seen && [false, true].iter().any(|writes| (first..=last).all(|it| failed(it, *writes)));
        let (on, was) = (fails, self.monitoring.alarms.contains(region));
        let entry = if !on && !was {
            return;
        } else if on && was {
            // Nobody may have heard of it, or have done enough.
            self.monitoring.raised_by[region]
        } else if on {
            self.monitoring.alarms.insert(region);
            let raised = ctx.note(self.why_alarmed(ctx, region), What::AlarmRaised(region));
            self.monitoring.raised_by[region] = Some(raised);
            Some(raised)
        } else {
            self.monitoring.alarms.remove(region);
            Some(ctx.note(self.monitoring.raised_by[region], What::AlarmEnded(region)))
        };
        debug_assert!(on == self.monitoring.alarms.contains(region), "an alarm is on while a region fails");
        ctx.because(entry);
        let draws = ctx.chance(Purpose::Counts, region.0.into(), last.into(), 1);
        let from = Site::Region(self.monitoring.region);
        self.network.send(ctx, draws, from, Site::Desk, Cargo::Paged(region, on));
    }

    /// Those who run the system are told of an alarm, or that it is over.
    pub(super) fn on_paged(&self, ctx: &mut Context<'_>, region: RegionId, on: bool) {
        debug_assert!(region.index() < ctx.plan.regions(), "it is one of the regions");
        ctx.tell(Occurrence::Paged { region, on });
    }
}
