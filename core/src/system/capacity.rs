//! What a serverless database can do in a second: its capacity follows what is asked of it, within a range, and not at once. What it
//! cannot do yet waits; what would wait for longer than a server does is turned away.

use super::System;
use crate::catalog::database as facts;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, RegionId};
use crate::model::RoutingPolicy;
use crate::model::plan::Plan;
use crate::system::call::Call;
use crate::system::causes::Causes;
use crate::system::context::Context;
use crate::system::journal::What;
use std::f64::consts::LN_2;

/// After so many seconds in which nothing was turned away a database suffices again.
const QUIET_S: u32 = 30;

/// The capacity of a region's database, and what was asked of it lately.
#[derive(Clone, Debug)]
pub struct Capacity {
    /// In Aurora capacity units.
    pub acus: f64,
    /// Until when it has work.
    busy_until: SimTime,
    /// Calls that came in this second, real ones.
    came: f64,
    /// Real calls a second, smoothed over some seconds.
    asked: f64,
    /// What was turned away in this second.
    turned_away: u32,
    quiet_s: u32,
    /// What brought the work.
    causes: Causes,
    /// The line that says that it does not suffice, while it does not.
    pub short_by: Option<EntryId>,
}

impl Capacity {
    /// That of a region before the start: enough for those whose requests come there. `None` if the database is not serverless.
    pub fn at_start(plan: &Plan, region: RegionId) -> Option<Self> {
        let database = &plan.scenario.database;
        if *database.acu_max == 0.0 {
            return None;
        }
        let (first, spread) =
            (plan.blueprint.primary() == region, plan.scenario.dns.policy != RoutingPolicy::Failover);
        let populations = plan.scenario.clients.populations.iter().zip(&plan.home_regions);
        let comes = populations.filter(|(_, home)| first || (spread && **home == region));
        let asked: f64 = comes.map(|(population, _)| *population.requests_per_s).sum();
        let acus = asked / *database.calls_per_acu / facts::ACU_USE.value;
        Some(Self {
            // Not `clamp`, whose panic would bring the formatting of numbers as Rust writes them to the page.
            acus: acus.max(*database.acu_min).min(*database.acu_max),
            busy_until: SimTime::ZERO,
            came: 0.0,
            asked,
            turned_away: 0,
            quiet_s: 0,
            causes: Causes::default(),
            short_by: None,
        })
    }

    /// A call comes: how long until it is done; `None` if that is longer than anybody waits.
    fn take(&mut self, ctx: &Context<'_>, cause: Option<EntryId>) -> Option<SimDuration> {
        let database = &ctx.plan.scenario.database;
        let work_s = f64::from(ctx.plan.weight) / (self.acus * *database.calls_per_acu);
        debug_assert!(work_s > 0.0, "everything takes some time");
        self.came += f64::from(ctx.plan.weight);
        self.causes.add(cause);
        let ends = self.busy_until.max(ctx.now) + SimDuration::from_secs(work_s);
        let span = ends.since(ctx.now);
        if span > SimDuration::from_secs(database.timeout_s) {
            self.turned_away += 1;
            return None;
        }
        self.busy_until = ends;
        Some(span)
    }

    /// A second has passed: the capacity goes where it should be, as fast as it can.
    fn scale(&mut self, plan: &Plan) {
        let database = &plan.scenario.database;
        self.asked += (self.came - self.asked) / facts::ACU_LOOKS_BACK.value;
        let wanted = self.asked / *database.calls_per_acu / facts::ACU_USE.value;
        let most = self.acus * libm::exp(LN_2 / database.acu_doubles_s.max(0.1));
        let least = self.acus * libm::exp(-LN_2 / database.acu_halves_s.max(0.1));
        self.acus = wanted.max(least).min(most).max(*database.acu_min).min(*database.acu_max);
        self.came = 0.0;
        self.causes.fade();
    }

    /// Says so if it does not suffice, or does again.
    fn tell(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        self.quiet_s = if self.turned_away > 0 { 0 } else { self.quiet_s.saturating_add(1) };
        if self.turned_away > 0 && self.short_by.is_none() {
            self.short_by = Some(ctx.note(self.causes.most(), What::DatabaseShort(region)));
        } else if self.quiet_s >= QUIET_S
            && let Some(entry) = self.short_by.take()
        {
            ctx.note(Some(entry), What::DatabaseSuffices(region));
        }
        self.turned_away = 0;
    }
}

impl System {
    /// How long a call waits for the capacity of the database that it has come to; `None` if it is turned away.
    pub(super) fn wait_for_capacity(&mut self, ctx: &mut Context<'_>, call: &Call) -> Option<SimDuration> {
        let Some(capacity) = &mut self.databases[call.to.index()].capacity else {
            return Some(SimDuration::ZERO);
        };
        let span = capacity.take(ctx, call.because);
        if span.is_none() {
            capacity.tell(ctx, call.to);
        }
        span
    }

    /// Once a second serverless databases scale.
    pub fn scale_databases(&mut self, ctx: &mut Context<'_>) {
        for database in &mut self.databases {
            let (region, runs) = (database.region, database.answers());
            let Some(capacity) = database.capacity.as_mut().filter(|_| runs) else { continue };
            capacity.tell(ctx, region);
            capacity.scale(ctx.plan);
            self.meters.acu_ms[region.index()] += (capacity.acus * 1000.0) as u64;
        }
    }
}
