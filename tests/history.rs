//! Laws of looking back: seek in any order equals a straight run, and a fork forgets the future.
#![cfg(not(target_arch = "wasm32"))]

use faultline::history::History;
use faultline::kernel::clock::SimTime;
use faultline::model::ScriptLine;
use faultline::model::scenario::Scenario;
use faultline::model::unit::Span;
use faultline::system::context::Recorded;
use proptest::prelude::*;

const ALL: u64 = u64::MAX;

fn at(seconds: f64) -> SimTime {
    SimTime::from_secs(seconds)
}

fn disaster() -> Scenario {
    let line = ScriptLine { at_s: 40.0, order: "region-dark=us-east-1".into() };
    Scenario { script: vec![line], horizon_s: Span(400.0), ..Scenario::default() }
}

fn recorded(history: &History) -> Recorded {
    *history.shown().recorded()
}

fn straight(scenario: &Scenario, until: f64) -> Recorded {
    let mut history = History::new(scenario, 5);
    assert!(history.seek(at(until), ALL));
    recorded(&history)
}

#[test]
fn seeks_in_any_order_equal_a_straight_run() {
    let scenario = disaster();
    let mut history = History::new(&scenario, 5);
    for moment in [300.0, 10.0, 299.5, 39.999, 40.0, 0.0, 150.25, 380.0, 40.001, 379.0] {
        assert!(history.seek(at(moment), ALL));
        assert_eq!(history.now(), at(moment));
        assert_eq!(recorded(&history), straight(&scenario, moment), "{moment} s");
    }
    let mut once = History::new(&scenario, 5);
    once.seek(at(380.0), ALL);
    assert_eq!(history.record(), once.record(), "nothing is recorded twice");
}

#[test]
fn a_run_that_is_full_ends_there_and_one_that_forks_before_goes_on() {
    let mut history = History::new(&disaster(), 5).with_most_bytes(400_000);
    assert!(history.seek(at(400.0), u64::MAX), "its end is reached");
    let (full, writes) = (history.now(), history.shown().world().observer.ledger.len());
    assert!(history.is_full() && full == history.horizon() && full < at(400.0));
    assert!(writes > 50 && writes * 300 < 400_000, "{writes} writes of 300 bytes, and some requests");
    assert!(history.advance(at(400.0), u64::MAX) && history.now() == full, "nothing comes after");
    history.seek(at(20.0), u64::MAX);
    assert!(history.seek(at(400.0), 100) || history.horizon() == full, "and it is the end from anywhere");
    history.seek(at(20.0), u64::MAX);
    let command = history.resolve("link-cut=us-east-1:eu-west-1").expect("a link");
    history.fork(command);
    assert!(!history.is_full(), "what made it full is forgotten");
}

#[test]
fn a_run_in_small_slices_is_the_same_run() {
    let scenario = disaster();
    let mut history = History::new(&scenario, 5);
    while !history.advance(at(120.0), 777) {}
    assert_eq!(recorded(&history), straight(&scenario, 120.0));
    assert!(history.advance(at(1e9), ALL));
    assert_eq!(history.now(), at(400.0), "it ends at the horizon");
}

#[test]
fn a_command_forgets_the_future_and_belongs_to_the_run_from_then_on() {
    let mut history = History::new(&Scenario { horizon_s: Span(400.0), ..Scenario::default() }, 5);
    let order = |history: &mut History, text: &str| {
        let command = history.resolve(text).expect(text);
        history.fork(command);
    };
    history.seek(at(100.0), ALL);
    order(&mut history, "region-dark=us-east-1");
    history.seek(at(300.0), ALL);
    order(&mut history, "load-surge");
    history.seek(at(320.0), ALL);
    let first = recorded(&history);
    history.seek(at(50.0), ALL);
    history.seek(at(320.0), ALL);
    assert_eq!(recorded(&history), first, "commands are given again when their stretch is run again");

    history.seek(at(200.0), ALL);
    assert!(history.in_the_past());
    order(&mut history, "clear region-dark=us-east-1");
    assert!(!history.in_the_past());
    assert_eq!(history.furthest(), at(200.0));
    assert_eq!(history.commands().len(), 2, "the surge at 300 s is forgotten");
    assert!(history.record().journal.iter().all(|entry| entry.at <= at(200.0)));
    assert_eq!(history.record().journal.len(), recorded(&history).entries as usize);
    history.seek(at(320.0), ALL);
    assert_ne!(recorded(&history), first);

    let mut again = History::new(&Scenario { horizon_s: Span(400.0), ..Scenario::default() }, 5);
    again.seek(at(100.0), ALL);
    order(&mut again, "region-dark=us-east-1");
    again.seek(at(200.0), ALL);
    order(&mut again, "clear region-dark=us-east-1");
    again.seek(at(320.0), ALL);
    assert_eq!(again.record(), history.record(), "the same commands make the same run");
}

#[derive(Clone, Debug)]
enum Do {
    Seek(f64),
    Advance(f64, u64),
    Order(usize),
}

fn deeds() -> impl Strategy<Value = Vec<Do>> {
    let deed = prop_oneof![
        (0.0..90.0f64).prop_map(Do::Seek),
        (0.0..90.0f64, 1..40_000u64).prop_map(|(to, budget)| Do::Advance(to, budget)),
        (0..4usize).prop_map(Do::Order),
    ];
    proptest::collection::vec(deed, 1..14)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn whatever_one_does_the_run_is_the_one_its_commands_make(deeds in deeds()) {
        let scenario = Scenario { horizon_s: Span(100.0), ..Scenario::default() };
        let orders = ["region-dark=us-east-1", "link-cut=us-east-1:eu-west-1", "zone-power=us-east-1a", "load-surge"];
        let mut history = History::new(&scenario, 5);
        for deed in deeds {
            match deed {
                Do::Seek(to) => { history.seek(at(to), ALL); }
                Do::Advance(to, budget) => { history.advance(at(to), budget); }
                Do::Order(index) => {
                    let command = history.resolve(orders[index]).expect("a good order");
                    history.fork(command);
                }
            }
            prop_assert_eq!(history.in_the_past(), history.now() < history.furthest());
        }
        history.seek(at(100.0), ALL);
        let mut straight = History::new(&scenario, 5);
        for (when, command) in history.commands() {
            straight.seek(*when, ALL);
            straight.fork(*command);
        }
        straight.seek(at(100.0), ALL);
        prop_assert_eq!(recorded(&straight), recorded(&history));
        prop_assert_eq!(straight.record(), history.record());
    }
}
