//! Sentences about health checks: what checkers, Route 53 and balancers have come to think.

use super::Words;
use crate::kernel::id::{RegionId, ServerId};

impl Words<'_> {
    pub(super) fn answer_changed(self, from: RegionId, to: RegionId) -> String {
        let (from, to) = (self.plan.region_code(from), self.plan.region_code(to));
        format!("Route 53 now answers {to} in place of {from}.")
    }

    pub(super) fn checker_turned(self, endpoint: RegionId, checker: u8, healthy: bool) -> String {
        let (vote, checks) = if healthy { ("healthy", "passed") } else { ("unhealthy", "failed") };
        format!(
            "Checker {} of {} voted {vote} after {} {checks} checks.",
            u32::from(checker) + 1,
            self.plan.region_code(endpoint),
            self.plan.scenario.dns.failure_threshold,
        )
    }

    pub(super) fn endpoint_turned(self, endpoint: RegionId, healthy: bool, votes: u8) -> String {
        let dns = &self.plan.scenario.dns;
        format!(
            "Route 53 counts {} as {}: {votes} of {} checkers say healthy, and more than {} % are needed.",
            self.plan.region_code(endpoint),
            if healthy { "healthy again" } else { "unhealthy" },
            dns.checkers,
            (dns.healthy_share * 100.0).round() as u32,
        )
    }

    pub(super) fn target_turned(self, server: ServerId, region: RegionId, healthy: bool) -> String {
        let did = if healthy { "began to use" } else { "stopped using" };
        format!("The load balancer of {} {did} server {}.", self.plan.region_code(region), server.0 + 1)
    }
}
