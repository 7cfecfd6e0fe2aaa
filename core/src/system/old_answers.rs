//! Who still holds an answer that the name servers would not give now, and for how long.

use super::System;
use crate::kernel::chance::Purpose;
use crate::kernel::clock::SimTime;
use crate::kernel::id::{PopulationId, RegionId};
use crate::model::plan::Plan;
use crate::system::clients::Population;

/// Resolvers and clients with an old answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OldAnswers {
    /// Resolvers that have one in their cache.
    pub resolvers: usize,
    /// Clients that keep one in a cache of their own.
    pub clients: usize,
    /// Open connections of other clients that lead to what one says.
    pub connections: usize,
    /// When the last of them forgets it, or its connection is too old: zero if there are none, never if only a restart ends it.
    pub until: SimTime,
}

impl OldAnswers {
    const NONE: Self = Self { resolvers: 0, clients: 0, connections: 0, until: SimTime::ZERO };

    /// Whether anybody holds one.
    pub const fn any(&self) -> bool {
        self.resolvers + self.clients + self.connections > 0
    }

    /// Those of a population, of which `is_old` says which regions the name servers would not answer with.
    fn add(&mut self, people: &Population, now: SimTime, is_old: impl Fn(RegionId) -> bool) {
        for resolver in people.resolvers.iter().filter(|it| it.cached(now).is_some_and(&is_old)) {
            self.resolvers += 1;
            self.until = self.until.max(resolver.expires);
        }
        for (place, connection) in people.connections.iter().enumerate() {
            let kept = people.caches.kept(place, now).filter(|kept| is_old(kept.to));
            let open = Some(connection.closes).filter(|it| now < *it && connection.to.is_some_and(&is_old));
            if let Some(kept) = kept {
                self.clients += 1;
                self.until = self.until.max(kept.until);
            } else if open.is_some() {
                self.connections += 1;
            }
            self.until = self.until.max(open.unwrap_or(SimTime::ZERO));
        }
    }
}

impl System {
    /// Who holds an answer now that the name servers would not give.
    pub fn old_answers(&self, plan: &Plan, now: SimTime) -> OldAnswers {
        let mut found = OldAnswers::NONE;
        for (index, people) in self.clients.populations.iter().enumerate() {
            let id = PopulationId(index as u8);
            let given = |region| {
                let draws = plan.chance.of(Purpose::Wish, index as u64, 0, 1);
                self.route53.may_answer(plan, &self.network.places, id, region, draws)
            };
            let old: Vec<bool> = plan.region_ids().map(|region| !given(region)).collect();
            found.add(people, now, |region| old[region.index()]);
        }
        debug_assert!(found.any() == (found.until > now), "who holds one forgets it later");
        found
    }
}
