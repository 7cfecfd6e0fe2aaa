//! Clients that a recovery has not reached: those who are still sent to the region that it leaves. Only the observer knows
//! them one by one.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{PopulationId, RegionId};
use crate::model::plan::Plan;
use crate::system::System;
use crate::system::clients::Clients;

/// From this share on, 0 to 1, they are an exception that is named.
const NAMED: f64 = 0.01;

/// Clients who are still sent to a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The region.
    pub region: RegionId,
    /// Their share of all requests, in percent, rounded up.
    pub percent: u8,
    /// Their populations, a bit for each.
    pub people: u64,
}

impl Elsewhere {
    /// Whoever is still sent to a region, if that is more than one in a hundred.
    pub fn find(plan: &Plan, system: &System, region: RegionId, now: SimTime) -> Option<Self> {
        let (mut all, mut there, mut people) = (0.0, 0.0, 0);
        for (index, population) in plan.scenario.clients.populations.iter().enumerate() {
            let rate = *population.requests_per_s;
            let share = sent_to(&system.clients, PopulationId(index as u8), region, now);
            debug_assert!((0.0..=1.0).contains(&share), "a share of a population");
            all += rate;
            there += rate * share;
            people |= u64::from(share > 0.0) << index;
        }
        let share = if all > 0.0 { there / all } else { 0.0 };
        (share > NAMED).then_some(Self { region, percent: libm::ceil(share * 100.0) as u8, people })
    }

    /// Their cities, in the order of the scenario.
    pub fn cities(self, plan: &Plan) -> impl Iterator<Item = &str> {
        (0..plan.populations())
            .filter(move |index| self.people >> index & 1 == 1)
            .map(|index| plan.city(PopulationId(index as u8)))
    }

    /// "with exceptions: 12 % of clients still go to us-east-1 (New York, London)".
    pub fn words(self, plan: &Plan) -> String {
        let cities: Vec<&str> = self.cities(plan).collect();
        let (percent, code) = (self.percent, plan.region_code(self.region));
        format!("with exceptions: {percent} % of clients still go to {code} ({})", cities.join(", "))
    }
}

/// The share of a population's connections that lead to a region, or would be opened to it now.
fn sent_to(clients: &Clients, population: PopulationId, region: RegionId, now: SimTime) -> f64 {
    let people = &clients.populations[population.index()];
    let resolver = |index: usize| &people.resolvers[index % people.resolvers.len()];
    let kept = |index: usize| people.caches.kept(index, now).map(|kept| kept.to);
    let leads = |(index, to): (usize, Option<RegionId>)| {
        to.or_else(|| kept(index)).or_else(|| resolver(index).cached(now)) == Some(region)
    };
    let there =
        people.connections.iter().map(|it| it.to.or(it.stays)).enumerate().filter(|it| leads(*it)).count();
    debug_assert!(there <= people.connections.len(), "each connection once");
    there as f64 / people.connections.len().max(1) as f64
}
