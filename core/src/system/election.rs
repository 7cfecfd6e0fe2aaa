//! Elections: if a zone is lost, what it led is answered again as soon as the other two have elected another leader; with two
//! zones lost nothing is.

use super::System;
use crate::kernel::chance::Purpose;
use crate::kernel::id::{EntryId, RegionId, ZoneId};
use crate::model::Rule;
use crate::model::engine::QuorumReads;
use crate::model::plan::Plan;
use crate::system::call::Call;
use crate::system::context::Context;
use crate::system::database::Status;
use crate::system::journal::What;
use crate::system::leaders::{MAJORITY, ZONES};
use crate::system::storage::reads_own_copy;
use crate::system::timer::DatabaseTimer;

/// Whether a call needs the leader of its partition: a write, or a read that must find the newest.
fn needs_leader(plan: &Plan, call: &Call) -> bool {
    let compares = plan.rule() == Rule::Quorum
        && plan.scenario.database.engine.rules().reads == QuorumReads::Compared
        && !reads_own_copy(plan, call.attempt.population, call.attempt.n);
    call.attempt.writes() || compares
}

impl System {
    /// Whether the region that is called has what the call needs: a leader of its partition, if there are any.
    #[inline]
    pub(super) fn is_led(&self, plan: &Plan, call: &Call) -> bool {
        let leaders = self.databases[call.to.index()].leaders.as_ref();
        leaders.is_none_or(|leaders| leaders.leads(call.attempt.key) || !needs_leader(plan, call))
    }

    /// Whether enough zones of a region are left for what is spread over three.
    pub(super) fn has_majority(&self, region: RegionId) -> bool {
        let dark = self.zones_dark[region.index()].iter().filter(|dark| **dark).count();
        dark + MAJORITY <= ZONES
    }

    /// A zone of a service without instances is lost: what it led waits for another leader. If too few zones are left, nothing
    /// is answered any more.
    pub(super) fn lose_leaders(&mut self, ctx: &mut Context<'_>, zone: ZoneId, entry: EntryId) {
        let region = zone.region;
        let majority = self.has_majority(region);
        let dark = &self.zones_dark[region.index()];
        let database = &mut self.databases[region.index()];
        if !majority {
            if database.status == Status::Up {
                database.go_dark(Some(ctx.note(Some(entry), What::DatabaseLost(region))));
            }
            return;
        }
        let settings = &ctx.plan.scenario.database;
        let (least, most) = (*settings.zone_failover_min_s, *settings.zone_failover_max_s);
        let Some(leaders) = database.leaders.as_mut().filter(|_| most > 0.0) else { return };
        let Some(election) = leaders.begin(|zone| dark.get(usize::from(zone)) == Some(&true)) else { return };
        let lost = ctx.note(Some(entry), What::LeadersLost(zone));
        database.lost_by = Some(lost);
        ctx.because(Some(lost));
        let mut draws = ctx.chance(Purpose::ZoneFailover, region.0.into(), election.into(), 0);
        ctx.after_s(draws.between(least, most), DatabaseTimer::Elected(region, election));
    }

    /// The partitions that had no leader have one again.
    pub(super) fn on_elected(&mut self, ctx: &mut Context<'_>, region: RegionId, election: u16) {
        if !self.has_majority(region) {
            // Nobody can be elected. Once a second zone is back the service starts again.
            return;
        }
        let dark = &self.zones_dark[region.index()];
        let Some(leaders) = &mut self.databases[region.index()].leaders else { return };
        if leaders.end(election, |zone| dark.get(usize::from(zone)) == Some(&true)) {
            ctx.note(ctx.cause(), What::LeadersElected(region));
        }
    }
}
