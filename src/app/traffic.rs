//! More traffic for measuring: the same system with as many times the requests and the servers' slots to match.

use crate::model::scenario::Scenario;

/// The first view shows this moment, in seconds: caches, connections and lag have come alive by then.
const WARM_UP_S: f64 = 45.0;
/// Flights in the air, on average, for each simulated request a second: measured in the first scenario, calm.
const FLIGHTS_PER_REQUEST: f64 = 0.15;
/// A little more than asked for, because the number wavers.
const MARGIN: f64 = 1.2;
/// Simulated requests that may be asked before the first view.
const WARM_UP_REQUESTS: f64 = 60_000.0;

/// Simulated requests a second.
fn rate(scenario: &Scenario) -> f64 {
    let real: f64 = scenario.clients.populations.iter().map(|people| people.requests_per_s).sum();
    real / f64::from(scenario.weight)
}

/// Makes so much traffic that about `flights` messages are in the air.
pub(super) fn scale(scenario: &mut Scenario, flights: u32) {
    let factor = MARGIN * f64::from(flights) / (rate(scenario) * FLIGHTS_PER_REQUEST);
    let more = |count: u32, most: u32| ((f64::from(count) * factor) as u32).clamp(1, most);
    if factor > 1.0 {
        for people in &mut scenario.clients.populations {
            people.requests_per_s *= factor;
        }
        scenario.servers.concurrency = more(scenario.servers.concurrency, 100_000);
        scenario.servers.queue = more(scenario.servers.queue, 100_000);
        scenario.clients.connections = more(scenario.clients.connections, 4096);
        scenario.database.write_bytes = ((f64::from(scenario.database.write_bytes) / factor) as u32).max(1);
    }
}

/// The moment of the first view, in seconds: when all has come alive, sooner where there is much traffic, and not
/// after the first line of the script.
pub(super) fn first_view_s(scenario: &Scenario) -> f64 {
    let alive = WARM_UP_S.min(WARM_UP_REQUESTS / rate(scenario).max(1.0));
    scenario.script.iter().map(|line| line.at_s).fold(alive, f64::min)
}
