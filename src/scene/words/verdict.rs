//! Sentences about health checks: what checkers, Route 53, balancers and circuit breakers have come to think.

use super::Words;
use crate::kernel::id::{PopulationId, RegionId, ServerId};

impl Words<'_> {
    pub(super) fn answer_changed(self, from: RegionId, to: RegionId) -> String {
        let (from, to) = (self.plan.region_code(from), self.plan.region_code(to));
        format!("Route 53 now answers {to} in place of {from}.")
    }

    pub(super) fn checker_turned(self, endpoint: RegionId, checker: u8, healthy: bool) -> String {
        let (vote, checks) = if healthy { ("healthy", "passed") } else { ("unhealthy", "failed") };
        let dns = &self.plan.scenario.dns;
        let which = if dns.children.is_empty() {
            String::new()
        } else {
            format!("'s {} check", self.plan.depth_of(checker).slug())
        };
        format!(
            "Checker {} of {}{which} voted {vote} after {} {checks} checks.",
            u32::from(checker) % dns.checkers + 1,
            self.plan.region_code(endpoint),
            dns.failure_threshold,
        )
    }

    pub(super) fn endpoint_turned(self, endpoint: RegionId, healthy: bool, votes: u8) -> String {
        let dns = &self.plan.scenario.dns;
        let inverted = self.plan.scenario.regions[endpoint.index()].inverted_check;
        let (code, verdict) =
            (self.plan.region_code(endpoint), if healthy { "healthy again" } else { "unhealthy" });
        let found = if dns.children.is_empty() {
            let share = (dns.healthy_share * 100.0).round() as u32;
            format!("{votes} of {} checkers say healthy, and more than {share} % are needed", dns.checkers)
        } else {
            let (all, needed) = (dns.children.len(), dns.healthy_children);
            format!("{votes} of {all} child checks are healthy, and {needed} must be")
        };
        let turned = if inverted { "; its check is inverted" } else { "" };
        format!("Route 53 counts {code} as {verdict}: {found}{turned}.")
    }

    pub(super) fn breaker_turned(self, city: PopulationId, region: RegionId, open: bool) -> String {
        let (city, code) = (self.plan.city(city), self.plan.region_code(region));
        if open {
            format!(
                "The circuit breaker of {city} opened: too much failed in {code}, which is not asked now."
            )
        } else {
            format!("The circuit breaker of {city} closed: {code} answers, and is asked again.")
        }
    }

    pub(super) fn target_turned(self, server: ServerId, region: RegionId, healthy: bool) -> String {
        let did = if healthy { "began to use" } else { "stopped using" };
        format!("The load balancer of {} {did} server {}.", self.plan.region_code(region), server.0 + 1)
    }
}
