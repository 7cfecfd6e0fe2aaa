//! The record, its policy and its health checks.

use super::{Finder, known_cities, known_regions};
use crate::catalog;
use crate::catalog::dns::{CHECK_INTERVAL, CHECK_INTERVAL_FAST};
use crate::model::RoutingPolicy;
use crate::model::problem::{field, item};
use crate::model::scenario::Scenario;

/// Why a scenario's name servers may not answer by anything but failover; `None` if they may, or do not.
pub fn why_no_policy(scenario: &Scenario) -> Option<&'static str> {
    let chooses = scenario.dns.policy != RoutingPolicy::Failover;
    (chooses && !scenario.strategy.rules().follows)
        .then_some("with backup-restore nothing serves in the second region")
}

impl Finder<'_> {
    pub(super) fn dns(&mut self) {
        let dns = &self.scenario.dns;
        if catalog::region(&dns.control_plane_region).is_none() {
            self.say("dns.control_plane_region", &[], dns.control_plane_region.as_str(), known_regions());
        }
        let interval_s = *dns.interval_s;
        if ![CHECK_INTERVAL, CHECK_INTERVAL_FAST].iter().any(|known| known.value == interval_s) {
            self.say("dns.interval_s", &[], interval_s, "10 or 30, as Route 53 has it");
        }
        self.policy();
    }

    fn policy(&mut self) {
        match &self.scenario.dns.policy {
            RoutingPolicy::Failover | RoutingPolicy::Latency => {}
            RoutingPolicy::Weighted(weights) => {
                let place = "dns.policy.weighted";
                let count = self.scenario.regions.len();
                if weights.len() != count {
                    let allowed = format!("one weight for each of the {count} regions");
                    self.say(place, &["regions"], weights.clone(), allowed);
                }
                for (index, weight) in weights.iter().enumerate().filter(|(_, weight)| weight.fract() != 0.0)
                {
                    self.say(&item(place, index), &[place], *weight, "a whole number from 0 to 255");
                }
            }
            RoutingPolicy::LatencyFailover(targets) => {
                for (region, other) in targets {
                    let place = field("dns.policy.latency-failover", region);
                    let known = |code: &str| self.scenario.regions.iter().any(|known| known.code == code);
                    if !known(region) || !known(other) || region == other {
                        let allowed = format!(
                            "as the field's name a region, and as its value another: {}",
                            self.scenario.own_regions()
                        );
                        self.say(&place, &["regions"], other.as_str(), allowed);
                    }
                }
            }
            RoutingPolicy::Geolocation(targets) => {
                for (city, region) in targets {
                    let place = field("dns.policy.geolocation", city);
                    if catalog::city(city).is_none() {
                        self.say(
                            &place,
                            &[],
                            region.as_str(),
                            format!("as the field's name, {}", known_cities(city)),
                        );
                    }
                    if !self.scenario.regions.iter().any(|known| known.code == *region) {
                        let allowed = self.scenario.own_regions();
                        self.say(&place, &["regions"], region.as_str(), allowed);
                    }
                }
            }
        }
    }
}
