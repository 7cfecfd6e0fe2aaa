//! What else a design can have one of, beside what it is built from: how names are answered, a failover controller, the balancer,
//! how clients try again, what Auto Scaling goes by. A row for each.

use std::collections::BTreeMap;

use crate::model::read::{why_no_controller, why_no_policy};
use crate::model::rollout;
use crate::model::scenario::Scenario;
use crate::model::unit::Share;
use crate::model::{BalancerKind, CrossZone, RoutingPolicy, ScaleBy};

/// One of several.
pub struct Feature {
    /// A stable name, also in addresses: "policy-latency".
    pub slug: &'static str,
    /// On its button.
    pub label: &'static str,
    /// What it means, in a sentence.
    pub hint: &'static str,
}

/// Features of which a design has one.
pub struct Features {
    /// What they are about.
    pub title: &'static str,
    /// Each, in the order of a page.
    pub rows: &'static [Feature],
    /// Which row a scenario has.
    pub chosen: fn(&Scenario) -> usize,
    /// Gives a scenario the one of this row.
    set: fn(&mut Scenario, usize),
    /// Why a scenario that has one of them makes no sense, if one may not.
    why: Option<fn(&Scenario) -> Option<String>>,
}

const fn row(slug: &'static str, label: &'static str, hint: &'static str) -> Feature {
    Feature { slug, label, hint }
}

/// The share of requests that a retry budget grants.
const BUDGET: Share = Share(0.1);
/// The share of failures that opens a circuit breaker.
const BREAKER: Share = Share(0.5);

const POLICIES: Features = Features {
    title: "How a name is answered",
    rows: &[
        row("policy-failover", "Failover", "The first region for everybody, while its check passes."),
        row("policy-latency", "Latency", "For each city the region with the shortest way."),
        row("policy-weighted", "Weighted", "Each region as often as it has servers, wherever one asks."),
        row(
            "policy-geolocation",
            "Geolocation",
            "Each city has its region; if that fails it is told the first.",
        ),
        row(
            "policy-latency-failover",
            "Latency, then failover",
            "The shortest way; behind each region's name another that stands in for it.",
        ),
    ],
    chosen: |scenario| scenario.dns.policy.kind() as usize,
    set: |scenario, row| {
        scenario.dns.policy = match row {
            0 => RoutingPolicy::Failover,
            1 => RoutingPolicy::Latency,
            2 => {
                let weights = scenario.regions.iter().map(|region| region.servers.into());
                RoutingPolicy::Weighted(weights.collect())
            }
            3 => RoutingPolicy::Geolocation(by_place(scenario)),
            _ => RoutingPolicy::LatencyFailover(stand_ins(scenario)),
        };
    },
    why: Some(|scenario| {
        why_no_policy(scenario).map(Into::into).or_else(|| scenario.why_not(scenario.write_pattern))
    }),
};

const CONTROLLERS: Features = Features {
    title: "The database's failover controller",
    rows: &[
        row("controller-none", "None", "Only the runbook promotes."),
        row(
            "controller",
            "Three nodes",
            "One region takes the writes. A majority that sees nothing of it promotes a copy.",
        ),
        row(
            "controller-semi-synchronous",
            "Three, semi-synchronous",
            "And a write waits until another copy has it.",
        ),
    ],
    chosen: |scenario| {
        usize::from(scenario.has_controller()) + usize::from(scenario.controller.semi_synchronous)
    },
    set: |scenario, row| {
        // With two regions the second has the majority, or nobody could replace the first.
        let last = scenario.regions.len() - 1;
        let places = [0, 1, 2].map(|place: usize| place.min(last));
        let nodes = places.iter().filter(|_| row > 0).map(|place| scenario.regions[*place].code.clone());
        scenario.controller.nodes = nodes.collect();
        scenario.controller.semi_synchronous = row > 1;
        if row > 0 {
            scenario.let_one_write();
        }
    },
    why: Some(|scenario| why_no_controller(scenario).map(|(_, why)| why)),
};

const BALANCERS: Features = Features {
    title: "In front of the servers",
    rows: &[
        row("balancer-application", "Application", "Passes each request on, to any zone."),
        row("balancer-zonal", "Application, zonal", "Each address passes requests on to its own zone alone."),
        row("balancer-network", "Network", "Passes connections on, each address to its own zone."),
        row("balancer-network-across", "Network, cross-zone", "Passes connections on, to any zone."),
    ],
    chosen: |scenario| {
        let balancer = &scenario.balancer;
        let network = balancer.kind == BalancerKind::Network;
        let other = if network { CrossZone::On } else { CrossZone::Off };
        2 * usize::from(network) + usize::from(balancer.cross_zone == other)
    },
    set: |scenario, row| {
        (scenario.balancer.kind, scenario.balancer.cross_zone) = match row {
            0 => (BalancerKind::Application, CrossZone::ByKind),
            1 => (BalancerKind::Application, CrossZone::Off),
            2 => (BalancerKind::Network, CrossZone::ByKind),
            _ => (BalancerKind::Network, CrossZone::On),
        };
    },
    why: None,
};

const RETRIES: Features = Features {
    title: "If an attempt fails",
    rows: &[
        row("retries", "Try again", "Everybody, with longer and longer pauses."),
        row("retries-budget", "Retry budget", "No more retries than a tenth of a city's requests."),
        row("retries-breaker", "Circuit breaker", "A region of which half fails is not asked for a while."),
        row("retries-both", "Budget and breaker", "Few retries, and none at a region that fails."),
    ],
    chosen: |scenario| {
        let clients = &scenario.clients;
        usize::from(clients.retry_budget.is_some()) + 2 * usize::from(clients.breaker_share.is_some())
    },
    set: |scenario, row| {
        scenario.clients.retry_budget = (row & 1 == 1).then_some(BUDGET);
        scenario.clients.breaker_share = (row & 2 == 2).then_some(BREAKER);
    },
    why: None,
};

const SCALING: Features = Features {
    title: "Auto Scaling goes by",
    rows: &[
        row("scale-slots", "Slots in use", "A server that waits counts as busy."),
        row("scale-cpu", "CPU", "A server that waits uses no processor."),
        row("scale-requests", "Requests", "Requests a second at each server."),
        row("scale-cpu-slots", "CPU and slots", "Full slots only add servers."),
        row("scale-cpu-requests", "CPU and requests", "Requests only add servers."),
    ],
    chosen: |scenario| scenario.servers.scale_by as usize,
    set: |scenario, row| scenario.servers.scale_by = ScaleBy::ALL[row],
    why: None,
};

/// All of them.
pub static FEATURES: [Features; 5] = [POLICIES, CONTROLLERS, BALANCERS, RETRIES, SCALING];

/// The group and the row with this name.
pub fn named(slug: &str) -> Option<(usize, usize)> {
    let mut groups = FEATURES.iter().enumerate();
    groups.find_map(|(group, it)| Some((group, it.rows.iter().position(|row| row.slug == slug)?)))
}

/// The scenario with another feature; why that makes no sense, if it does not.
///
/// # Errors
/// The reason, to follow "not possible:".
pub fn with(scenario: &Scenario, (group, row): (usize, usize)) -> Result<Scenario, String> {
    let mut scenario = scenario.clone();
    (FEATURES[group].set)(&mut scenario, row);
    match FEATURES[group].why.and_then(|why| why(&scenario)) {
        Some(why) => Err(why),
        None => Ok(scenario),
    }
}

/// Why a scenario may not have a feature; `None` if it may.
pub fn why_not(scenario: &Scenario, (group, row): (usize, usize)) -> Option<String> {
    FEATURES[group].why.and_then(|_| with(scenario, (group, row)).err())
}

/// The features of another scenario, as far as they make sense.
pub(super) fn keep(mut scenario: Scenario, before: &Scenario) -> Scenario {
    for (group, features) in FEATURES.iter().enumerate() {
        let row = (features.chosen)(before);
        if row != (features.chosen)(&scenario) {
            scenario = with(&scenario, (group, row)).unwrap_or(scenario);
        }
    }
    scenario
}

/// Each city with the region that is nearest to it, but for those near the first, which is everybody's else.
fn by_place(scenario: &Scenario) -> BTreeMap<String, String> {
    let mut homes = BTreeMap::new();
    for population in &scenario.clients.populations {
        if let Some(region @ 1..) = rollout::nearest(scenario, &population.city) {
            homes.insert(population.city.clone(), scenario.regions[region].code.clone());
        }
    }
    homes
}

/// Each region with the next, the last with the first.
fn stand_ins(scenario: &Scenario) -> BTreeMap<String, String> {
    let (mut others, regions) = (BTreeMap::new(), &scenario.regions);
    for (index, region) in regions.iter().enumerate() {
        others.insert(region.code.clone(), regions[(index + 1) % regions.len()].code.clone());
    }
    others
}
