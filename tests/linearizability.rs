//! An independent judge: stateright's tester of linearizability reads what clients were told, key by key. It shares
//! nothing with the labels that the simulation gives by itself.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};

use faultline::kernel::clock::SimTime;
use faultline::model::scenario::Scenario;
use faultline::model::unit::{Rate, Share, Span};
use faultline::model::{Engine, ScriptLine, Skew, builtin};
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;
use faultline::system::history::{Operation, Operations, Outcome};
use stateright::semantics::register::{Register, RegisterOp, RegisterRet};
use stateright::semantics::{ConsistencyTester, LinearizabilityTester};

/// Under each key about a hundred operations, of which few overlap: the tester tries every order of those that do.
fn small(name: &str, keys: u32, requests_per_s: f64) -> Scenario {
    let mut scenario = Scenario { weight: 1, horizon_s: Span(120.0), ..builtin(name).expect(name) };
    scenario.database.keys = keys;
    scenario.database.skew = Skew::Uniform;
    let people = scenario.clients.populations.len() as f64;
    for population in &mut scenario.clients.populations {
        population.requests_per_s = Rate(requests_per_s / people);
        population.read_share = Share(0.7);
    }
    scenario
}

fn run(scenario: &Scenario, seed: u64) -> (Simulation, Operations) {
    let mut run = Simulation::new(scenario, seed);
    let mut record = Record { operations: Some(Operations::default()), ..Record::default() };
    assert!(run.run_until(SimTime::from_secs(scenario.horizon_s), u64::MAX, &mut record));
    (run, record.operations.expect("it was asked for"))
}

/// The operations of one key, as far as they can matter: reads that failed say nothing, and a write of which nobody
/// knows whether it was done, and that nobody has read, may as well not have been.
fn of_key(operations: &Operations, key: u16) -> Vec<Operation> {
    let here = || operations.list.iter().filter(|operation| operation.key == key);
    let done = |operation: &&Operation| operation.outcome == Outcome::Done;
    let read: BTreeSet<_> = here().filter(done).filter(|o| !o.writes).filter_map(|o| o.value).collect();
    let matters = |operation: &&Operation| match operation.outcome {
        Outcome::Done => true,
        Outcome::Failed => false,
        Outcome::Open | Outcome::Unknown => operation.value.is_some_and(|write| read.contains(&write)),
    };
    here().filter(matters).copied().collect()
}

/// Whether one register could have told the clients what they were told.
fn linearizable(operations: &[Operation]) -> bool {
    let mut events: Vec<(SimTime, bool, usize)> = Vec::new();
    for (index, operation) in operations.iter().enumerate() {
        events.push((operation.invoked, false, index));
        if operation.outcome == Outcome::Done {
            events.push((operation.ended, true, index));
        }
    }
    // At the same instant what begins comes first: then the two may be in either order.
    events.sort_unstable();
    let mut tester = LinearizabilityTester::new(Register(None));
    let (mut lanes, mut busy) = (vec![0; operations.len()], BTreeSet::new());
    for (_, ends, index) in events {
        let operation = &operations[index];
        if ends {
            let told =
                if operation.writes { RegisterRet::WriteOk } else { RegisterRet::ReadOk(operation.value) };
            tester.on_return(lanes[index], told).expect("a lane does one thing after the other");
            busy.remove(&lanes[index]);
            continue;
        }
        // As few lanes as can be; what never ends has one of its own, and is tried last.
        let ended = operation.outcome == Outcome::Done;
        let from = if ended { 0 } else { 1000 };
        let lane = (from..).find(|lane| !busy.contains(lane)).expect("a lane");
        busy.insert(lane);
        lanes[index] = lane;
        let asked = if operation.writes { RegisterOp::Write(operation.value) } else { RegisterOp::Read };
        tester.on_invoke(lane, asked).expect("a lane does one thing after the other");
    }
    tester.is_consistent()
}

/// Keys whose history no single register explains.
fn torn(operations: &Operations) -> BTreeSet<u16> {
    let keys: BTreeSet<u16> = operations.list.iter().map(|operation| operation.key).collect();
    keys.into_iter().filter(|key| !linearizable(&of_key(operations, *key))).collect()
}

fn counts(operations: &Operations) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for operation in &operations.list {
        let name = match operation.outcome {
            Outcome::Open => "open",
            Outcome::Done => "done",
            Outcome::Failed => "failed",
            Outcome::Unknown => "unknown",
        };
        *counts.entry(name).or_default() += 1;
    }
    counts
}

#[test]
fn a_quorum_is_one_register_for_each_key_whatever_the_seed() {
    for seed in 1..=6 {
        let (run, operations) = run(&small("write-local-quorum", 40, 30.0), seed);
        assert!(counts(&operations)["done"] > 3000, "{:?}", counts(&operations));
        assert_eq!(torn(&operations), BTreeSet::new(), "seed {seed}");
        assert_eq!(run.report().consistency.stale_reads, 0, "seed {seed}");
    }
}

#[test]
fn a_quorum_stays_one_register_while_a_region_is_dark_and_clients_try_again() {
    for seed in 1..=6 {
        let mut scenario = small("write-local-quorum", 40, 30.0);
        for (at_s, order) in [(30.0, "region-dark=us-east-1"), (70.0, "clear region-dark=us-east-1")] {
            scenario.script.push(ScriptLine { at_s, order: order.into() });
        }
        scenario.clients.retries = 3;
        let (_, operations) = run(&scenario, seed);
        let counts = counts(&operations);
        println!("{counts:?}");
        assert!(counts["unknown"] > 10 && counts["done"] > 2000, "{counts:?}");
        assert_eq!(torn(&operations), BTreeSet::new(), "seed {seed}");
    }
}

#[test]
fn the_consistent_reads_of_a_table_are_one_register_beside_those_that_may_be_behind() {
    let mut scenario = small("write-local-quorum", 40, 30.0);
    scenario.database.engine = Engine::DynamodbStrong;
    scenario.database.strongly_consistent_reads = Share(0.5);
    for (region, code) in scenario.regions.iter_mut().zip(["us-east-1", "us-east-2", "us-west-2"]) {
        region.code = code.into();
    }
    // In a calm system a copy has a write before anybody who was told of it can ask there. One that is cut off has not.
    for (at_s, word) in [(40.0, ""), (45.0, "clear ")] {
        for other in ["us-east-1", "us-east-2"] {
            let order = format!("{word}link-cut={other}:us-west-2");
            scenario.script.push(ScriptLine { at_s, order });
        }
    }
    for seed in 1..=4 {
        let (run, mut operations) = run(&scenario, seed);
        let reads = operations.list.iter().filter(|it| !it.writes).count();
        operations.list.retain(|it| !it.may_be_behind);
        let consistent = operations.list.iter().filter(|it| !it.writes).count();
        let share = consistent as f64 / reads as f64;
        assert!((share - 0.5).abs() < 0.03, "seed {seed}: {consistent} of {reads}");
        assert_eq!(torn(&operations), BTreeSet::new(), "seed {seed}");
        assert!(run.report().consistency.stale_reads > 0, "seed {seed}: the others see what one copy has");
    }
}

#[test]
fn a_single_writer_that_is_also_read_is_one_register_for_each_key() {
    for seed in 1..=4 {
        let mut scenario = small("write-global", 40, 30.0);
        let near = |city: &str| matches!(city, "New York" | "Los Angeles");
        scenario.clients.populations.retain(|population| near(&population.city));
        for population in &mut scenario.clients.populations {
            population.requests_per_s = Rate(15.0);
        }
        let (run, operations) = run(&scenario, seed);
        assert!(operations.list.iter().all(|operation| operation.region.is_none_or(|region| region.0 == 0)));
        assert_eq!(torn(&operations), BTreeSet::new(), "seed {seed}");
        assert_eq!(run.report().consistency.stale_reads, 0, "seed {seed}");
    }
}

#[test]
fn last_writer_wins_tears_keys_and_a_register_has_no_stale_reads() {
    let (mut all, mut some) = (0, 0);
    for seed in 1..=8 {
        let (run, operations) = run(&small("write-local", 60, 15.0), seed);
        let torn = torn(&operations).len();
        // Each stale read contradicts what somebody was told; a key may be torn without one.
        let stale = run.report().consistency.stale_reads;
        assert!(
            stale == 0 || torn > 0,
            "seed {seed}: {stale} stale reads of keys that are one register each"
        );
        all += 60;
        some += torn;
    }
    println!("{some} keys of {all} are torn");
    assert!(some > all / 10 && some < all * 9 / 10, "{some} of {all}: too many of one kind to tell anything");
}
