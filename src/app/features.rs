//! What else a design can have one of, beside what it is built from: how names are answered, a failover controller, the balancer,
//! how clients try again, what Auto Scaling goes by. A row for each.

use std::collections::BTreeMap;

use crate::model::read::{NoController, why_no_controller, why_no_policy};
use crate::model::rollout;
use crate::model::scenario::Scenario;
use crate::model::unit::Share;
use crate::model::{BalancerKind, CrossZone, RoutingKind, RoutingPolicy, ScaleBy};

/// One of several.
pub struct Feature {
    /// A stable name, also in addresses: "policy-latency".
    pub slug: &'static str,
    /// On its button.
    pub label: &'static str,
    /// What it means, in a sentence.
    pub hint: &'static str,
    /// Whether a scenario has it.
    is_in: fn(&Scenario) -> bool,
    /// Gives it to a scenario.
    give: fn(&mut Scenario),
}

/// Features of which a design has one.
pub struct Features {
    /// What they are about.
    pub title: &'static str,
    /// Each, in the order of a page.
    pub rows: &'static [Feature],
    /// Why a scenario that has one of them makes no sense, if one may not.
    why: Option<fn(&Scenario) -> Option<String>>,
}

impl Features {
    /// Which row a scenario has.
    pub fn chosen(&self, scenario: &Scenario) -> usize {
        self.rows.iter().position(|row| (row.is_in)(scenario)).unwrap_or(0)
    }
}

/// Its name and label, and what it means; then whether a scenario has it, and how it gets it.
const fn row(
    words: (&'static str, &'static str, &'static str),
    is_in: fn(&Scenario) -> bool,
    give: fn(&mut Scenario),
) -> Feature {
    let (slug, label, hint) = words;
    Feature { slug, label, hint, is_in, give }
}

/// The share of requests that a retry budget grants.
const BUDGET: Share = Share(0.1);
/// The share of failures that opens a circuit breaker.
const BREAKER: Share = Share(0.5);

const POLICIES: Features = Features {
    title: "How a name is answered",
    rows: &[
        row(
            ("policy-failover", "Failover", "The first region for everybody, while its check passes."),
            |scenario| scenario.dns.policy.kind() == RoutingKind::Failover,
            |scenario| scenario.dns.policy = RoutingPolicy::Failover,
        ),
        row(
            ("policy-latency", "Latency", "For each city the region with the shortest way."),
            |scenario| scenario.dns.policy.kind() == RoutingKind::Latency,
            |scenario| scenario.dns.policy = RoutingPolicy::Latency,
        ),
        row(
            ("policy-weighted", "Weighted", "Each region as often as it has servers, wherever one asks."),
            |scenario| scenario.dns.policy.kind() == RoutingKind::Weighted,
            |scenario| {
                let weights = scenario.regions.iter().map(|region| region.servers.into());
                scenario.dns.policy = RoutingPolicy::Weighted(weights.collect());
            },
        ),
        row(
            (
                "policy-geolocation",
                "Geolocation",
                "Each city has its region; if that fails it is told the first.",
            ),
            |scenario| scenario.dns.policy.kind() == RoutingKind::Geolocation,
            |scenario| scenario.dns.policy = RoutingPolicy::Geolocation(by_place(scenario)),
        ),
        row(
            (
                "policy-latency-failover",
                "Latency, then failover",
                "The shortest way; behind each region's name another that stands in for it.",
            ),
            |scenario| scenario.dns.policy.kind() == RoutingKind::LatencyFailover,
            |scenario| scenario.dns.policy = RoutingPolicy::LatencyFailover(stand_ins(scenario)),
        ),
    ],
    why: Some(|scenario| {
        why_no_policy(scenario).map(Into::into).or_else(|| scenario.why_not(scenario.write_pattern))
    }),
};

const CONTROLLERS: Features = Features {
    title: "The database's failover controller",
    rows: &[
        row(
            ("controller-none", "None", "Only the runbook promotes."),
            |scenario| !scenario.has_controller(),
            |scenario| {
                scenario.controller.nodes.clear();
                scenario.controller.semi_synchronous = false;
            },
        ),
        row(
            (
                "controller",
                "Three nodes",
                "One region takes the writes. A majority that sees nothing of it promotes a copy.",
            ),
            |scenario| scenario.has_controller() && !scenario.controller.semi_synchronous,
            |scenario| control(scenario, false),
        ),
        row(
            (
                "controller-semi-synchronous",
                "Three, semi-synchronous",
                "And a write waits until another copy has it.",
            ),
            |scenario| scenario.has_controller() && scenario.controller.semi_synchronous,
            |scenario| control(scenario, true),
        ),
    ],
    why: Some(|scenario| why_no_controller(scenario).map(NoController::why)),
};

/// A controller of three nodes. With two regions the second has the majority, or nobody could replace the first.
fn control(scenario: &mut Scenario, semi_synchronous: bool) {
    let last = scenario.regions.len() - 1;
    let nodes = [0, 1, 2].map(|place: usize| scenario.regions[place.min(last)].code.clone());
    (scenario.controller.nodes, scenario.controller.semi_synchronous) = (nodes.into(), semi_synchronous);
    scenario.let_one_write();
}

/// Whether the balancer of a scenario is of a kind, and crosses zones.
fn balances(scenario: &Scenario, kind: BalancerKind, crosses: bool) -> bool {
    let balancer = &scenario.balancer;
    let by_kind = balancer.kind == BalancerKind::Application;
    let crossing = match balancer.cross_zone {
        CrossZone::ByKind => by_kind,
        CrossZone::On => true,
        CrossZone::Off => false,
    };
    balancer.kind == kind && crossing == crosses
}

const BALANCERS: Features = Features {
    title: "In front of the servers",
    rows: &[
        row(
            ("balancer-application", "Application", "Passes each request on, to any zone."),
            |scenario| balances(scenario, BalancerKind::Application, true),
            |it| (it.balancer.kind, it.balancer.cross_zone) = (BalancerKind::Application, CrossZone::ByKind),
        ),
        row(
            (
                "balancer-zonal",
                "Application, zonal",
                "Each address passes requests on to its own zone alone.",
            ),
            |scenario| balances(scenario, BalancerKind::Application, false),
            |it| (it.balancer.kind, it.balancer.cross_zone) = (BalancerKind::Application, CrossZone::Off),
        ),
        row(
            ("balancer-network", "Network", "Passes connections on, each address to its own zone."),
            |scenario| balances(scenario, BalancerKind::Network, false),
            |it| (it.balancer.kind, it.balancer.cross_zone) = (BalancerKind::Network, CrossZone::ByKind),
        ),
        row(
            ("balancer-network-across", "Network, cross-zone", "Passes connections on, to any zone."),
            |scenario| balances(scenario, BalancerKind::Network, true),
            |it| (it.balancer.kind, it.balancer.cross_zone) = (BalancerKind::Network, CrossZone::On),
        ),
    ],
    why: None,
};

/// Whether clients of a scenario have a retry budget, and a circuit breaker.
fn held_back(scenario: &Scenario) -> (bool, bool) {
    (scenario.clients.retry_budget.is_some(), scenario.clients.breaker_share.is_some())
}

fn hold_back(scenario: &mut Scenario, budget: bool, breaker: bool) {
    scenario.clients.retry_budget = budget.then_some(BUDGET);
    scenario.clients.breaker_share = breaker.then_some(BREAKER);
}

const RETRIES: Features = Features {
    title: "If an attempt fails",
    rows: &[
        row(
            ("retries", "Try again", "Everybody, with longer and longer pauses."),
            |scenario| held_back(scenario) == (false, false),
            |scenario| hold_back(scenario, false, false),
        ),
        row(
            ("retries-budget", "Retry budget", "No more retries than a tenth of a city's requests."),
            |scenario| held_back(scenario) == (true, false),
            |scenario| hold_back(scenario, true, false),
        ),
        row(
            ("retries-breaker", "Circuit breaker", "A region of which half fails is not asked for a while."),
            |scenario| held_back(scenario) == (false, true),
            |scenario| hold_back(scenario, false, true),
        ),
        row(
            ("retries-both", "Budget and breaker", "Few retries, and none at a region that fails."),
            |scenario| held_back(scenario) == (true, true),
            |scenario| hold_back(scenario, true, true),
        ),
    ],
    why: None,
};

/// The row of a metric: it is the value of one setting.
macro_rules! scaling {
    ($slug:literal, $label:literal, $hint:literal, $metric:ident) => {
        row(
            ($slug, $label, $hint),
            |scenario| scenario.servers.scale_by == ScaleBy::$metric,
            |scenario| scenario.servers.scale_by = ScaleBy::$metric,
        )
    };
}

const SCALING: Features = Features {
    title: "Auto Scaling goes by",
    rows: &[
        scaling!("scale-slots", "Slots in use", "A server that waits counts as busy.", Slots),
        scaling!("scale-cpu", "CPU", "A server that waits uses no processor.", Cpu),
        scaling!("scale-requests", "Requests", "Requests a second at each server.", Requests),
        scaling!("scale-cpu-slots", "CPU and slots", "Full slots only add servers.", CpuOrSlots),
        scaling!("scale-cpu-requests", "CPU and requests", "Requests only add servers.", CpuOrRequests),
    ],
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
    (FEATURES[group].rows[row].give)(&mut scenario);
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
        let row = features.chosen(before);
        if row != features.chosen(&scenario) {
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
