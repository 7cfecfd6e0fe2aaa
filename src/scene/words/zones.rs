//! Words for a balancer's addresses and for zonal shifts.

use super::entry::Words;
use super::refusal;
use crate::kernel::id::{RegionId, ZoneId};
use crate::system::refusal::Refusal;
use crate::system::shift::ShiftedBy;

impl Words<'_> {
    pub(super) fn targets_evaluated(self, region: RegionId, healthy: bool) -> String {
        let region = self.plan.region_code(region);
        if healthy {
            format!("The balancer of {region} has a target again that passes its checks: so has its record.")
        } else {
            format!(
                "No target of the balancer in {region} passes its checks: its record counts as unhealthy."
            )
        }
    }

    pub(super) fn address_listed(self, zone: ZoneId, listed: bool) -> String {
        let (region, zone) = (self.plan.region_code(zone.region), self.plan.zone_code(zone));
        if listed {
            format!("The name of the balancer in {region} gives out its address in {zone} again.")
        } else {
            format!("The name of the balancer in {region} gives out its address in {zone} no more.")
        }
    }

    pub(super) fn zone_shifted(self, zone: ZoneId, by: ShiftedBy) -> String {
        let (region, zone) = (self.plan.region_code(zone.region), self.plan.zone_code(zone));
        match by {
            ShiftedBy::Order => format!("Traffic is kept from {zone}: other zones of {region} carry it."),
            ShiftedBy::Aws => format!("AWS found {zone} impaired and keeps traffic from it (autoshift)."),
            ShiftedBy::Practice => format!("A practice run began: {region} works without {zone}."),
        }
    }

    pub(super) fn practice_put_off(self, zone: ZoneId, why: Refusal) -> String {
        let (zone, because) = (self.plan.zone_code(zone), refusal::because(self.plan, why));
        format!("The practice run without {zone} is put off: {because}.")
    }

    pub(super) fn zone_shifted_back(self, zone: ZoneId, by: ShiftedBy, failed: bool) -> String {
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
