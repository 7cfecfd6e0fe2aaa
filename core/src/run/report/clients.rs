//! Clients in the report: how often they asked, and who still goes where the name servers do not point.

use crate::kernel::clock::SimTime;
use crate::observer::metrics::Tally;
use crate::run::simulation::Simulation;
use crate::system::clients::Population;
use crate::system::failure::Failure;
use serde::Serialize;

/// How often clients asked for the same. Counts are of real ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Retries {
    /// Attempts over requests since the start: 1 if nobody tries again, less if circuit breakers are open; null if nobody asked.
    pub attempts_per_request: Option<f64>,
    /// The same in the minute in which it was highest; null if no minute has passed.
    pub worst_minute: Option<f64>,
    /// When that minute ended, in seconds.
    pub worst_minute_end_s: Option<f64>,
    /// Retries that were not made because the budget of the city was spent.
    pub held_by_budget: u64,
    /// Requests that failed at once because a circuit breaker was open.
    pub held_by_breaker: u64,
}

/// Who holds an answer that the name servers would not give now. Resolvers and clients are those that are simulated: a client is
/// a process behind one of the connections of a city.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OldAnswersReport {
    /// Resolvers that have one in their cache.
    pub resolvers: u64,
    /// Clients that keep one in a cache of their own.
    pub clients: u64,
    /// Open connections of other clients that lead to what one says.
    pub connections: u64,
    /// When the last of them forgets it at the latest, in seconds; null if nobody holds one, or if only a restart ends it.
    pub until_s: Option<f64>,
    /// Only a restart of a client ends it.
    pub until_restarted: bool,
}

impl Simulation {
    /// How often clients asked for the same.
    pub fn retries(&self) -> Retries {
        let (metrics, step) = (&self.world().observer.metrics, self.plan().step());
        let requests = self.requests();
        let refused = |people: &Population| u64::from(people.budget.as_ref().map_or(0, |it| it.refused));
        let open = |tally: &Tally| tally.failures[Failure::BreakerOpen as usize];
        let worst = metrics.asking.worst;
        Retries {
            attempts_per_request: (requests.sent > 0)
                .then(|| requests.attempts as f64 / requests.sent as f64),
            worst_minute: worst.map(|(ratio, _)| ratio),
            worst_minute_end_s: worst.map(|(_, end)| end.secs()),
            held_by_budget: self.world().system.clients.populations.iter().map(refused).sum::<u64>() * step,
            held_by_breaker: metrics.tallies.iter().map(open).sum::<u64>() * step,
        }
    }

    /// Who holds an answer that the name servers would not give now.
    pub fn old_answers(&self) -> OldAnswersReport {
        let found = self.world().system.old_answers(self.plan(), self.now());
        let until_restarted = found.until == SimTime::NEVER;
        OldAnswersReport {
            resolvers: found.resolvers as u64,
            clients: found.clients as u64,
            connections: found.connections as u64,
            until_s: (found.any() && !until_restarted).then(|| found.until.secs()),
            until_restarted,
        }
    }
}
