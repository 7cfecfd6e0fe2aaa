//! What a simulated second costs, in events: no file that is allowed makes it dearer as time goes on, and none asks for more
//! than 20,000 requests in one. Figures are printed; nothing is timed.

use crate::known::{Known, exactly};
use faultline::kernel::clock::SimTime;
use faultline::model::scenario::Scenario;
use faultline::model::unit::{Factor, Rate, Share};
use faultline::model::{MOST_REQUESTS_PER_S, Order, Population, Skew, builtin};
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;

/// What grows; nothing that is looked at here does.
const KNOWN: [Known; 0] = [];

/// Events of the first so many seconds, and of as many later.
struct Cost {
    early: u64,
    late: u64,
}

/// Runs a scenario with an order at its start; `most` events are enough to know.
fn cost(
    scenario: &Scenario,
    order: Option<&str>,
    (early_s, late_s, span_s): (f64, f64, f64),
    most: u64,
) -> Cost {
    let (mut run, mut record) = (Simulation::new(scenario, 3), Record::default());
    if let Some(order) = order {
        let command = Order::parse(order).and_then(|order| run.resolve(&order)).expect("an order");
        run.apply(command, &mut record);
    }
    let mut until = |run: &mut Simulation, second: f64| {
        let left = most.saturating_sub(run.events());
        run.run_until(SimTime::from_secs(second), left, &mut record);
        run.events()
    };
    let first = until(&mut run, early_s);
    let early = until(&mut run, early_s + span_s) - first;
    let second = until(&mut run, late_s);
    let late = until(&mut run, late_s + span_s) - second;
    // Whoever ran into the limit has made the second as dear as that.
    let late = if run.events() >= most { most } else { late };
    Cost { early, late }
}

/// What is wrong: the late seconds are dearer than the early ones by more than a tenth.
fn wrong(name: &str, cost: &Cost) -> Vec<String> {
    let Cost { early, late } = cost;
    println!("{name}: {early} events early, {late} events late");
    let dearer = *late as f64 > 1.1 * *early as f64;
    if dearer { vec![format!("{early} events early, {late} events late")] } else { Vec::new() }
}

fn people(scenario: &mut Scenario, requests_per_s: f64, read_share: f64) {
    let cities = ["New York", "London", "Tokyo"];
    let population = |city: &str| Population {
        city: city.into(),
        requests_per_s: Rate(requests_per_s / 3.0),
        read_share: Share(read_share),
        timeout_s: None,
    };
    scenario.clients.populations = cities.map(population).into();
}

/// What a file may say at most: it is read as a file is.
fn allowed(scenario: Scenario) -> Scenario {
    let text = serde_json::to_string(&scenario).expect("plain data");
    Scenario::read(&text).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// 4,000 writes a second that follow one by one, which queue for minutes.
fn objects() -> Scenario {
    let mut scenario = Scenario { weight: 1, ..builtin("multi-site").expect("a built-in") };
    scenario.database.engine = faultline::model::Engine::S3Replication;
    scenario.database.window_bytes = 1_000_000_000;
    people(&mut scenario, 4000.0, 0.0);
    scenario.servers.concurrency = 100_000;
    allowed(scenario)
}

/// As many requests as a surge may bring, at servers that refuse most of them, tried again as often as may be.
fn surge() -> Scenario {
    let mut scenario = Scenario { weight: 1, ..builtin("warm-standby").expect("a built-in") };
    scenario.faults.surge_factor = Factor(100.0);
    scenario.clients.retries = 2;
    people(&mut scenario, MOST_REQUESTS_PER_S / 100.0, 0.9);
    allowed(scenario)
}

/// Every request wants the same key, on which three far regions have to agree.
fn one_key() -> Scenario {
    let mut scenario = Scenario { weight: 1, ..builtin("write-local-quorum").expect("a built-in") };
    (scenario.database.keys, scenario.database.skew) = (1, Skew::Uniform);
    people(&mut scenario, 600.0, 0.9);
    allowed(scenario)
}

#[test]
fn a_second_costs_the_same_early_and_late_but_for_what_is_known() {
    let objects = cost(&objects(), None, (5.0, 60.0, 5.0), u64::MAX);
    let surge = cost(&surge(), Some("load-surge"), (5.0, 20.0, 2.0), u64::MAX);
    let one_key = cost(&one_key(), None, (2.0, 15.0, 2.0), 2_000_000);
    let found = [
        ("a backlog of objects", wrong("a backlog of objects", &objects)),
        ("the largest surge", wrong("the largest surge", &surge)),
        ("one key under a quorum", wrong("one key under a quorum", &one_key)),
    ];
    exactly(&KNOWN, &found);
}

/// The place, the value and what is allowed, for each way to ask for too much.
#[test]
fn more_than_a_run_can_bear_is_refused_by_name() {
    let refused = |change: fn(&mut Scenario)| {
        let mut scenario = Scenario { weight: 1, ..builtin("warm-standby").expect("a built-in") };
        scenario.faults.surge_factor = Factor(1.0);
        people(&mut scenario, MOST_REQUESTS_PER_S, 0.9);
        change(&mut scenario);
        let text = serde_json::to_string(&scenario).expect("plain data");
        let problems = Scenario::read(&text).err().unwrap_or_default();
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(refused(|_| {}), "");
    let surge = refused(|scenario| scenario.faults.surge_factor = Factor(100.0));
    assert_eq!(
        surge,
        "faults.surge_factor: 100.0 is not allowed; allowed: at most 1.0 with 20000 simulated requests a second: \
         20000 in a surge"
    );
    let retries = refused(|scenario| scenario.clients.retries = 10);
    assert_eq!(
        retries,
        "clients.retries: 10 is not allowed; allowed: at most 2 with 20000 simulated requests a second in a surge: \
         60000 attempts"
    );
    let grain = refused(|scenario| (scenario.grain, scenario.faults.surge_factor) = (20, Factor(20.0)));
    assert_eq!(grain, "", "coarser requests are fewer");
}
