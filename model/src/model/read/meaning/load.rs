//! How much a run may ask of the machine that runs it.

use super::{Finder, MOST_REQUESTS_PER_S};
use crate::model::scenario::Scenario;

/// The most attempts per second at them, if every one fails: the default number of attempts at each.
const MOST_ATTEMPTS_PER_S: f64 = 60_000.0;

impl Finder<'_> {
    /// How much there is to simulate in a second: what is asked for, in a surge too, and every attempt of it.
    pub(super) fn load(&mut self) {
        let Scenario { clients, faults, weight, grain, .. } = self.scenario;
        let real: f64 = clients.populations.iter().map(|population| population.requests_per_s).sum();
        let requests = real / f64::from(*weight * *grain);
        let surge = requests * faults.surge_factor;
        let attempts = surge * f64::from(1 + clients.retries);
        if requests > MOST_REQUESTS_PER_S {
            let allowed = format!(
                "at most {MOST_REQUESTS_PER_S} simulated requests a second together (requests_per_s over weight): \
                 a weight of {} or more would do",
                (real / f64::from(*grain) / MOST_REQUESTS_PER_S).ceil()
            );
            let found = format!("{requests:.0} simulated requests a second");
            self.tell("clients.populations", &["weight", "grain"], found, allowed);
        } else if surge > MOST_REQUESTS_PER_S {
            let allowed = format!(
                "at most {:.1} with {requests:.0} simulated requests a second: {MOST_REQUESTS_PER_S} in a surge",
                (MOST_REQUESTS_PER_S / requests * 10.0).floor() / 10.0
            );
            let also = ["clients.populations", "weight", "grain"];
            self.say("faults.surge_factor", &also, faults.surge_factor, allowed);
        } else if attempts > MOST_ATTEMPTS_PER_S {
            let allowed = format!(
                "at most {} with {surge:.0} simulated requests a second in a surge: {MOST_ATTEMPTS_PER_S} attempts",
                (MOST_ATTEMPTS_PER_S / surge).floor() - 1.0
            );
            let also = ["clients.populations", "faults.surge_factor", "weight", "grain"];
            self.say("clients.retries", &also, clients.retries, allowed);
        }
    }
}
