//! The map: cities, regions, and the links between regions.

use super::panels::{ClientRow, Place, Tone};
use super::view::View;
use super::words::number;
use crate::catalog;
use crate::kernel::id::{PopulationId, RegionId};
use crate::observer::metrics::Histogram;

/// Seconds over which a city's share of served requests is shown.
const LATELY_S: usize = 10;

impl View<'_> {
    /// Cities in the order of populations, then regions.
    pub(super) fn places(&self) -> Vec<Place> {
        let cities = (0..self.plan.populations()).map(|index| self.city(PopulationId(index as u8)));
        cities.chain(self.plan.region_ids().map(|region| self.region_place(region))).collect()
    }

    fn city(&self, id: PopulationId) -> Place {
        let row = self.client_row(id);
        let at = &catalog::CITIES[usize::from(self.world.system.network.places[id.index()])];
        let (x, y) = catalog::project(at.lat, at.lon);
        let name = &row.name;
        let home = catalog::city(self.plan.city(id)).filter(|home| home.name != at.name);
        Place {
            name: name.clone(),
            x,
            y,
            home: home.map(|home| catalog::project(home.lat, home.lon)),
            region: None,
            label: match self.is_fine() {
                true => format!("{name}: {} served, {}, {}", row.served, row.times(), row.answers),
                false => format!("{name}: {} served, {}", row.served, row.answers),
            },
            tone: row.tone,
        }
    }

    fn region_place(&self, region: RegionId) -> Place {
        let code = self.code(region);
        let known = catalog::region(code);
        let (x, y) = known.map_or((0.5, 0.5), |region| catalog::project(region.lat, region.lon));
        let (state, tone) = self.region_state(region);
        let label = format!("{code}, {}: {state}", known.map_or("", |region| region.place()));
        Place { name: code.into(), x, y, home: None, region: Some(region.index()), tone, label }
    }

    /// The table twin of the map.
    pub(super) fn client_rows(&self) -> Vec<ClientRow> {
        (0..self.plan.populations()).map(|index| self.client_row(PopulationId(index as u8))).collect()
    }

    fn client_row(&self, id: PopulationId) -> ClientRow {
        let tally = &self.world.observer.metrics.tallies[id.index()];
        let now_s = (self.now.micros() / 1_000_000) as usize;
        let served = tally.served_share(now_s, LATELY_S);
        let times = |latency: &Histogram| {
            let millis = |share| number::millis(latency.quantile_ms(share).filter(|_| self.is_fine()));
            format!("{} / {}", millis(0.5), millis(0.99))
        };
        let [reads, writes] = tally.latency.each_ref().map(times);
        let tone = match served {
            None => Tone::Muted,
            Some(share) if share >= 1.0 => Tone::Good,
            Some(share) if share >= 0.99 => Tone::Plain,
            Some(share) if share >= 0.9 => Tone::Warning,
            Some(_) => Tone::Bad,
        };
        let (home, at) = (self.plan.city(id), self.whereabouts(id));
        let since = match tally.lately_ms {
            _ if home == at || !self.is_fine() => String::new(),
            [reads, writes] => {
                let millis = |value: f32| number::millis(Some(value.into()));
                format!("reads {} ms, writes {} ms there; ", millis(reads), millis(writes))
            }
        };
        ClientRow {
            name: if home == at { home.into() } else { format!("{home} in {at}") },
            home: home.into(),
            served: served.map_or_else(|| "–".into(), |share| format!("{} %", number::percent(share))),
            reads,
            writes,
            answers: since + &self.answers(id) + &self.breakers(id) + &self.budget(id),
            tone,
        }
    }

    /// The city where a population is now.
    fn whereabouts(&self, id: PopulationId) -> &'static str {
        catalog::CITIES[usize::from(self.world.system.network.places[id.index()])].name
    }

    /// "5 of 8 resolvers point to eu-west-1".
    fn answers(&self, id: PopulationId) -> String {
        let resolvers = &self.world.system.clients.populations[id.index()].resolvers;
        let pointing = |region: RegionId| {
            resolvers.iter().filter(|resolver| resolver.cached(self.now) == Some(region)).count()
        };
        let most =
            self.plan.region_ids().max_by_key(|region| (pointing(*region), usize::MAX - region.index()));
        match most.map(|region| (region, pointing(region))) {
            Some((region, count)) if count > 0 => {
                format!("{count} of {} resolvers point to {}", resolvers.len(), self.code(region))
            }
            Some(_) | None => "no answer is cached".into(),
        }
    }

    /// "; circuit breaker open to us-east-1".
    fn breakers(&self, id: PopulationId) -> String {
        let open: Vec<&str> =
            self.world.system.clients.breakers.open(id).map(|region| self.code(region)).collect();
        if open.is_empty() {
            String::new()
        } else {
            format!("; circuit breaker open to {}", number::list(&open))
        }
    }

    /// "; 120 retries not made: no budget".
    fn budget(&self, id: PopulationId) -> String {
        let budget = &self.world.system.clients.populations[id.index()].budget;
        let refused = budget.as_ref().map_or(0, |budget| self.real(budget.refused.into()));
        if refused == 0 {
            return String::new();
        }
        let retries = if refused == 1 { "retry" } else { "retries" };
        format!("; {} {retries} not made: no budget", number::count(refused))
    }
}
