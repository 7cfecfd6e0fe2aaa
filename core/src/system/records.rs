//! Which region a record answers with: its routing policy, among what its health checks leave.

use crate::kernel::chance::Draws;
use crate::kernel::id::{EntryId, PopulationId, RegionId};
use crate::model::RoutingPolicy;
use crate::model::plan::Plan;
use crate::system::context::Context;
use crate::system::route53::Route53;

impl Route53 {
    /// Why a population is given this answer, if it is not that of a calm day, or is that only because nothing is healthy:
    /// of the changes that keep other answers from being given, the one with the youngest trigger.
    pub fn because(
        &self,
        ctx: &Context<'_>,
        places: &[u8],
        (population, draws): (PopulationId, &Draws),
        answer: RegionId,
    ) -> Option<EntryId> {
        let plan = ctx.plan;
        let calm = self.calm_answer(plan, places, population, draws.clone());
        let last_resort = self.endpoints.iter().all(|endpoint| !endpoint.is_on());
        if answer == calm && !last_resort {
            return None;
        }
        debug_assert!(answer.index() < self.endpoints.len(), "an answer is one of the regions");
        let distance = &plan.city_round_trip_ms[usize::from(places[population.index()])];
        let (changed, verdict) =
            (self.changed_by, |region: RegionId| self.endpoints[region.index()].because());
        let ill = |region: &RegionId| !self.endpoints[region.index()].is_on();
        match &plan.scenario.dns.policy {
            RoutingPolicy::Failover => changed,
            RoutingPolicy::Latency => {
                let nearer = |region: &RegionId| distance[region.index()] < distance[answer.index()];
                let kept = plan.region_ids().filter(|it| ill(it) && (last_resort || nearer(it)));
                ctx.youngest(kept.map(verdict))
            }
            RoutingPolicy::Weighted(_) | RoutingPolicy::LatencyFailover(_) => {
                ctx.youngest(plan.region_ids().filter(ill).map(verdict))
            }
            RoutingPolicy::Geolocation(_) if last_resort => ctx.youngest(plan.region_ids().map(verdict)),
            RoutingPolicy::Geolocation(_) => {
                let changed = changed.filter(|_| answer != plan.blueprint.primary());
                ctx.younger(verdict(calm), changed)
            }
        }
    }

    /// The primary, or the region that is pinned, while it is healthy; else the first of the others that is; the former if
    /// none is.
    pub(super) fn failover_answer(&self, plan: &Plan) -> RegionId {
        let first = self.pinned.unwrap_or(plan.blueprint.primary());
        let healthy =
            |region: RegionId| self.endpoints.get(region.index()).is_some_and(|e| e.is_on() && e.record);
        if healthy(first) {
            return first;
        }
        plan.blueprint.order().find(|region| healthy(*region)).unwrap_or(first)
    }

    /// What the name servers answer a resolver of this population now; a weighted record draws.
    pub fn resolve(&self, plan: &Plan, places: &[u8], population: PopulationId, draws: Draws) -> RegionId {
        match &plan.scenario.dns.policy {
            RoutingPolicy::Failover => self.failover_answer(plan),
            RoutingPolicy::Latency
            | RoutingPolicy::Weighted(_)
            | RoutingPolicy::Geolocation(_)
            | RoutingPolicy::LatencyFailover(_) => {
                let usable = |region: RegionId| self.is_usable(region);
                among(plan, places, (population, draws), usable, self.answer)
            }
        }
    }

    /// What they would answer if all that had servers at the start were healthy, and no record had been changed.
    fn calm_answer(&self, plan: &Plan, places: &[u8], population: PopulationId, draws: Draws) -> RegionId {
        let primary = plan.blueprint.primary();
        debug_assert!(primary.index() < self.endpoints.len(), "the primary has an endpoint");
        match &plan.scenario.dns.policy {
            RoutingPolicy::Failover => primary,
            RoutingPolicy::Latency
            | RoutingPolicy::Weighted(_)
            | RoutingPolicy::Geolocation(_)
            | RoutingPolicy::LatencyFailover(_) => {
                let served = |region: RegionId| plan.scenario.regions[region.index()].servers > 0;
                among(plan, places, (population, draws), served, primary)
            }
        }
    }

    /// Whether the name servers may answer a resolver of this population with a region now.
    pub fn may_answer(
        &self,
        plan: &Plan,
        places: &[u8],
        population: PopulationId,
        region: RegionId,
        draws: Draws,
    ) -> bool {
        match &plan.scenario.dns.policy {
            RoutingPolicy::Weighted(weights) => {
                let weight = |region: &RegionId| weights.get(region.index()).copied().unwrap_or(0.0);
                let total: f64 = self.usable().map(|region| weight(&region)).sum();
                self.is_usable(region) && (weight(&region) > 0.0 || total <= 0.0)
            }
            RoutingPolicy::Failover
            | RoutingPolicy::Latency
            | RoutingPolicy::Geolocation(_)
            | RoutingPolicy::LatencyFailover(_) => self.resolve(plan, places, population, draws) == region,
        }
    }

    /// Whether a region is healthy; if none is, all of them are taken for it ("mode of last resort").
    fn is_usable(&self, region: RegionId) -> bool {
        self.endpoints[region.index()].is_on() || self.endpoints.iter().all(|it| !it.is_on())
    }

    fn usable(&self) -> impl Iterator<Item = RegionId> + '_ {
        (0..self.endpoints.len() as u8).map(RegionId).filter(|region| self.is_usable(*region))
    }
}

/// The answer of a record that chooses among the usable regions; the last argument if it finds none.
fn among(
    plan: &Plan,
    places: &[u8],
    (population, mut draws): (PopulationId, Draws),
    is_usable: impl Fn(RegionId) -> bool,
    otherwise: RegionId,
) -> RegionId {
    let usable = || plan.region_ids().filter(|region| is_usable(*region));
    match &plan.scenario.dns.policy {
        RoutingPolicy::Failover => otherwise,
        RoutingPolicy::Latency => {
            let distance = &plan.city_round_trip_ms[usize::from(places[population.index()])];
            let nearest = usable().min_by(|a, b| distance[a.index()].total_cmp(&distance[b.index()]));
            nearest.unwrap_or(otherwise)
        }
        RoutingPolicy::LatencyFailover(map) => {
            let distance = &plan.city_round_trip_ms[usize::from(places[population.index()])];
            // A name of a region answers while it or who stands in for it is usable.
            let answer = |region: RegionId| {
                let second = map.get(plan.region_code(region));
                let second =
                    second.and_then(|code| plan.region_ids().find(|id| plan.region_code(*id) == *code));
                std::iter::once(region).chain(second).find(|region| is_usable(*region))
            };
            let named = plan.region_ids().filter(|region| answer(*region).is_some());
            let nearest = named.min_by(|a, b| distance[a.index()].total_cmp(&distance[b.index()]));
            nearest.and_then(answer).unwrap_or(otherwise)
        }
        RoutingPolicy::Weighted(weights) => {
            let weight = |region: &RegionId| weights.get(region.index()).copied().unwrap_or(0.0);
            let total: f64 = usable().map(|region| weight(&region)).sum();
            debug_assert!(total >= 0.0, "no weight is negative");
            let equal = total <= 0.0;
            let mut left = draws.uniform() * if equal { usable().count() as f64 } else { total };
            let falls = |region: &RegionId| {
                left -= if equal { 1.0 } else { weight(region) };
                left < 0.0
            };
            usable().find(falls).unwrap_or(otherwise)
        }
        RoutingPolicy::Geolocation(map) => {
            let named = map.get(plan.city(population));
            let home =
                plan.region_ids().find(|region| Some(plan.region_code(*region)) == named.map(String::as_str));
            let home = home.unwrap_or(plan.blueprint.primary());
            if usable().any(|region| region == home) { home } else { otherwise }
        }
    }
}
