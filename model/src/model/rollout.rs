//! Rollouts in runbooks: a step on each region becomes one step for each of them, in the order in which they get a release.

use crate::catalog;
use crate::kernel::sorted::in_order;
use crate::model::blueprint::Blueprint;
use crate::model::scenario::Scenario;
use crate::model::settings::dns::RoutingPolicy;
use crate::model::settings::rollout::Waves;
use crate::model::settings::runbook::StepText;

/// The word of a step that is done on each region.
pub const EACH_REGION: &str = "each-region";

/// The codes of all regions, those with the fewest users at the start first; of several alike, those that the scenario
/// names last. So a bad release hurts few before it hurts many.
pub fn waves(scenario: &Scenario) -> Vec<&str> {
    let users = users(scenario);
    let order = in_order((0..scenario.regions.len()).rev(), |&index| [users[index], 0.0]);
    debug_assert_eq!(order.len(), users.len(), "every region has its turn");
    order.into_iter().map(|index| scenario.regions[index].code.as_str()).collect()
}

/// The requests per second that each region gets on a calm day, by the routing policy.
fn users(scenario: &Scenario) -> Vec<f64> {
    let primary = Blueprint::of(scenario).primary().index();
    let mut users = vec![0.0; scenario.regions.len()];
    for population in &scenario.clients.populations {
        let rate = *population.requests_per_s;
        let mut goes_to = |index: usize| users[index] += rate;
        match &scenario.dns.policy {
            RoutingPolicy::Failover => goes_to(primary),
            RoutingPolicy::Latency | RoutingPolicy::LatencyFailover(_) => {
                goes_to(nearest(scenario, &population.city).unwrap_or(primary));
            }
            RoutingPolicy::Geolocation(map) => {
                let named = map.get(&population.city);
                let home = scenario.regions.iter().position(|region| Some(&region.code) == named);
                goes_to(home.unwrap_or(primary));
            }
            RoutingPolicy::Weighted(weights) => {
                let total: f64 = weights.iter().sum();
                let equal = 1.0 / weights.len() as f64;
                for (users, weight) in users.iter_mut().zip(weights) {
                    *users += rate * if total > 0.0 { weight / total } else { equal };
                }
            }
        }
    }
    users
}

/// The region with servers that is nearest to a city, by its place in the scenario; `None` if the catalog has no such city.
pub fn nearest(scenario: &Scenario, city: &str) -> Option<usize> {
    let city = catalog::city(city)?;
    let wire = |index: usize| {
        let region = catalog::region(&scenario.regions[index].code);
        region.map_or(f64::INFINITY, |region| catalog::city_wire_ms(city, region))
    };
    let serves = (0..scenario.regions.len()).filter(|index| scenario.regions[*index].servers > 0);
    serves.min_by(|a, b| wire(*a).total_cmp(&wire(*b)))
}

/// The steps of a runbook with those on each region taken apart: a step for each, in the order of [`waves`]. Region by
/// region they come after all that is done on the region before; everywhere, they do not wait for each other. What comes
/// after such a step waits for all regions.
pub fn spread(scenario: &Scenario, steps: Vec<StepText>) -> Vec<StepText> {
    if steps.iter().all(|step| step.on != EACH_REGION) {
        return steps;
    }
    let waves = waves(scenario);
    let each: Vec<String> =
        steps.iter().filter(|step| step.on == EACH_REGION).map(|step| step.name.clone()).collect();
    let all_of = |name: &String| waves.iter().map(|code| placed(name, code)).collect::<Vec<_>>();
    let mut spread = Vec::new();
    for step in &steps {
        if step.on != EACH_REGION {
            let after = step
                .after
                .iter()
                .flat_map(|name| if each.contains(name) { all_of(name) } else { vec![name.clone()] });
            spread.push(StepText { after: after.collect(), ..step.clone() });
            continue;
        }
        for (turn, code) in waves.iter().enumerate() {
            let here = |name: &String| if each.contains(name) { placed(name, code) } else { name.clone() };
            let mut after: Vec<String> = step.after.iter().map(here).collect();
            let before = turn.checked_sub(1).filter(|_| scenario.rollout.order == Waves::RegionByRegion);
            after.extend(before.iter().flat_map(|it| each.iter().map(|name| placed(name, waves[*it]))));
            spread.push(StepText {
                name: placed(&step.name, code),
                on: (*code).into(),
                after,
                ..step.clone()
            });
        }
    }
    debug_assert!(spread.len() >= steps.len() && spread.iter().all(|step| step.on != EACH_REGION));
    spread
}

/// The name of a step on one of the regions: no file can give it to another step.
fn placed(name: &str, code: &str) -> String {
    format!("{name}@{code}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Strategy;

    #[test]
    fn whoever_has_the_fewest_users_comes_first() {
        assert_eq!(waves(&Scenario::default()), ["eu-west-1", "us-east-1"], "a standby has none");
        let mut sites = Scenario::of(Strategy::MultiSite);
        let nearest = |city: &str| super::nearest(&sites, city);
        assert_eq!((nearest("New York"), nearest("London")), (Some(0), Some(1)));
        let (ireland, virginia) = (users(&sites)[1], users(&sites)[0]);
        let first = if ireland <= virginia { "eu-west-1" } else { "us-east-1" };
        assert_eq!(waves(&sites)[0], first);
        sites.dns.policy = RoutingPolicy::Weighted(vec![1.0, 3.0]);
        assert_eq!(waves(&sites), ["us-east-1", "eu-west-1"]);
    }
}
