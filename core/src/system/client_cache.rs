//! The cache of a client process beside its resolver: an address that it keeps whatever becomes of it, as an old JVM does.

use crate::catalog::client::CACHE_FOR_EVER;
use crate::kernel::chance::Purpose;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, RegionId};
use crate::model::plan::Plan;

/// What a client has kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The region of the address.
    pub to: RegionId,
    /// The entry that led to that answer, if it is not the one of a calm day.
    pub because: Option<EntryId>,
    /// Until when it is used without asking again; never, if only a restart ends it.
    pub until: SimTime,
}

/// The caches of a population's clients, by connection; none if no client has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientCaches {
    /// A place for each client; `None` for one without a cache.
    places: Vec<Option<Option<Kept>>>,
}

/// When an address that was got now is asked for again.
fn expires(plan: &Plan, now: SimTime, share: f64) -> SimTime {
    let span_s = *plan.scenario.clients.cache_s;
    if span_s >= CACHE_FOR_EVER.value { SimTime::NEVER } else { now + SimDuration::from_secs(share * span_s) }
}

impl ClientCaches {
    /// The empty caches of a population.
    pub fn new(plan: &Plan, population: u64) -> Self {
        let clients = &plan.scenario.clients;
        if *clients.caching_share <= 0.0 {
            return Self::default();
        }
        let has = |place: u32| {
            let mut draws = plan.chance.of(Purpose::ClientCache, population, place.into(), 0);
            draws.chance(clients.caching_share).then_some(None)
        };
        Self { places: (0..clients.connections).map(has).collect() }
    }

    /// The cache of a client begins as if it had run for long: with what its resolver had, somewhere in its span.
    pub fn settle(&mut self, plan: &Plan, population: u64, place: usize, to: RegionId) {
        debug_assert!(to.index() < plan.regions(), "an answer is one of the regions");
        if let Some(Some(kept)) = self.places.get_mut(place) {
            let share = plan.chance.of(Purpose::ClientCache, population, place as u64, 1).uniform();
            *kept = Some(Kept { to, because: None, until: expires(plan, SimTime::ZERO, share) });
        }
    }

    /// The address that a client has got last, if it has a cache.
    pub fn newest(&self, place: usize) -> Option<&Kept> {
        self.places.get(place)?.as_ref()?.as_ref()
    }

    /// The address that a client uses without asking its resolver.
    pub fn kept(&self, place: usize, now: SimTime) -> Option<&Kept> {
        self.newest(place).filter(|kept| now < kept.until)
    }

    /// A client has asked its resolver, and keeps the answer if it has a cache.
    pub fn keep(
        &mut self,
        plan: &Plan,
        now: SimTime,
        place: usize,
        (to, because): (RegionId, Option<EntryId>),
    ) {
        debug_assert!(to.index() < plan.regions(), "an answer is one of the regions");
        if let Some(Some(kept)) = self.places.get_mut(place) {
            *kept = Some(Kept { to, because, until: expires(plan, now, 1.0) });
        }
    }

    /// Every client forgets what it has kept.
    pub fn forget(&mut self) {
        for cache in self.places.iter_mut().flatten() {
            *cache = None;
        }
    }

    /// What clients have kept and still use.
    pub fn all(&self, now: SimTime) -> impl Iterator<Item = &Kept> {
        self.places.iter().flatten().flatten().filter(move |kept| now < kept.until)
    }
}
