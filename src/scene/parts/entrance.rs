//! The entrance of a region: its balancer, the balancer's addresses, zonal shifts.

use crate::kernel::id::{RegionId, ZoneId};
use crate::model::BalancerKind;
use crate::scene::view::View;
use crate::scene::words::{Words, number, refusal};
use crate::system::fleet::ServerState;
use crate::system::refusal::Refusal;
use crate::system::shift::ShiftedBy;

impl View<'_> {
    /// What the balancer has behind it, in a line.
    pub(in crate::scene) fn balancer(&self, region: RegionId) -> String {
        let servers =
            || self.world.system.fleets.servers.iter().filter(move |server| server.region == region);
        let known = servers().filter(|s| matches!(s.state, ServerState::Running | ServerState::Dead));
        let (known, healthy) = known.fold((0, 0), |(all, good), s| (all + 1, good + u32::from(s.healthy)));
        if !self.world.system.is_built(region) {
            let witness = self.plan.blueprint.is_witness(region);
            return if witness {
                "no servers, no load balancer"
            } else {
                "network and load balancer: only a template"
            }
            .into();
        }
        let kind = match self.plan.scenario.balancer.kind {
            BalancerKind::Application => "load balancer",
            BalancerKind::Network => "network balancer",
        };
        if self.is_dark(region) {
            return format!("{kind} · dark · {known} targets out of reach");
        }
        if known == 0 {
            return format!("{kind} · no servers behind it");
        }
        let rate: f32 =
            self.world.observer.metrics.tallies.iter().map(|tally| tally.rate_to[region.index()]).sum();
        let real = (rate * self.plan.step() as f32).round() as u64;
        // What changes comes first: the end is cut off on a narrow card.
        format!("{healthy} of {known} healthy · {}/s · {kind}", number::count(real))
    }
}

impl Words<'_> {
    pub(in crate::scene) fn targets_evaluated(self, region: RegionId, healthy: bool) -> String {
        let region = self.plan.region_code(region);
        if healthy {
            format!("The balancer of {region} has a target again that passes its checks: so has its record.")
        } else {
            format!(
                "No target of the balancer in {region} passes its checks: its record counts as unhealthy."
            )
        }
    }

    pub(in crate::scene) fn address_listed(self, zone: ZoneId, listed: bool) -> String {
        let (region, zone) = (self.plan.region_code(zone.region), self.plan.zone_code(zone));
        if listed {
            format!("The name of the balancer in {region} gives out its address in {zone} again.")
        } else {
            format!("The name of the balancer in {region} gives out its address in {zone} no more.")
        }
    }

    pub(in crate::scene) fn zone_shifted(self, zone: ZoneId, by: ShiftedBy) -> String {
        let (region, zone) = (self.plan.region_code(zone.region), self.plan.zone_code(zone));
        match by {
            ShiftedBy::Order => format!("Traffic is kept from {zone}: other zones of {region} carry it."),
            ShiftedBy::Aws => format!("AWS found {zone} impaired and keeps traffic from it (autoshift)."),
            ShiftedBy::Practice => format!("A practice run began: {region} works without {zone}."),
        }
    }

    pub(in crate::scene) fn practice_put_off(self, zone: ZoneId, why: Refusal) -> String {
        let (zone, because) = (self.plan.zone_code(zone), refusal::because(self.plan, why));
        format!("The practice run without {zone} is put off: {because}.")
    }

    pub(in crate::scene) fn zone_shifted_back(self, zone: ZoneId, by: ShiftedBy, failed: bool) -> String {
        let zone = self.plan.zone_code(zone);
        match (by, failed) {
            (ShiftedBy::Order, _) => format!("The zonal shift is over: traffic goes to {zone} again."),
            (ShiftedBy::Aws, _) => format!("The autoshift is over: traffic goes to {zone} again."),
            (ShiftedBy::Practice, false) => {
                format!("The practice run is over: the other zones carried everything without {zone}.")
            }
            (ShiftedBy::Practice, true) => {
                format!("The practice run was broken off: without {zone} the other zones are full.")
            }
        }
    }
}
