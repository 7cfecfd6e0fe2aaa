//! What sessions may expect of what they read, who keeps it, and what that costs.

use faultline::model::scenario::Scenario;
use faultline::model::unit::{Factor, Rate, Share, Span};
use faultline::model::{Rule, Session};
use faultline::run::report::Consistency;
use faultline::system::history::{Operations, Outcome};

use super::collisions::lab_of;
use super::lab::{Lab, assert_close, mean};

/// When the people of New York leave for London, in seconds.
const LEAVE_S: f64 = 60.0;
/// How long what is written in one region takes to leave for the other, in seconds.
const BEHIND_S: f64 = 4.0;

/// Few sessions that come back to a few keys again and again, in two regions of which each is behind the other.
fn travellers(session: Session) -> Scenario {
    let mut scenario = lab_of(2, Rule::LastWriterWins);
    scenario.clients.session = session;
    scenario.database.delay_s = Span(BEHIND_S);
    scenario.database.keys = 6;
    scenario.network.jitter = Factor(0.0);
    let population = &mut scenario.clients.populations[0];
    (population.requests_per_s, population.read_share) = (Rate(60.0), Share(0.7));
    scenario
}

/// What reads took that were begun within so many seconds after the last journey.
struct Reads {
    mean_ms: f64,
    p99_ms: f64,
}

/// A run in which New York travels, and what reads took while the region where it arrived was behind.
fn journeys(scenario: &Scenario, orders: &[(f64, &str)]) -> (Consistency, Reads, Lab) {
    let mut lab = Lab::new(scenario, 9);
    lab.record.operations = Some(Operations::default());
    let mut arrived = 0.0;
    for (after_s, order) in orders {
        arrived = LEAVE_S + after_s;
        lab.run_to(arrived).order(order);
    }
    lab.run_to(LEAVE_S + 60.0);
    let operations = lab.record.operations.as_ref().expect("it was asked for");
    let after = |at: f64| (arrived..arrived + BEHIND_S).contains(&at);
    let reads = operations.list.iter().filter(|o| !o.writes && o.outcome == Outcome::Done);
    let reads = reads.filter(|o| after(o.invoked.secs()));
    let mut took: Vec<f64> = reads.map(|o| o.ended.since(o.invoked).secs() * 1000.0).collect();
    took.sort_by(f64::total_cmp);
    assert!(took.len() > 100, "{} reads", took.len());
    let (mean_ms, p99_ms) = (mean(&took), took[took.len() * 99 / 100]);
    (lab.run.report().consistency, Reads { mean_ms, p99_ms }, lab)
}

/// New York leaves for London, or stays.
fn journey(scenario: &Scenario, order: &str) -> (Consistency, Reads, Lab) {
    journeys(scenario, &[(0.0, order)])
}

const GO: &str = "travel=New York>London";
const STAY: &str = "travel=New York>New York";

#[test]
fn who_stays_finds_what_it_wrote_and_a_traveller_without_a_promise_does_not() {
    let (stayed, _, _) = journey(&travellers(Session::None), STAY);
    assert_eq!((stayed.read_your_writes_violations, stayed.monotonic_violations), (0, 0));
    let (went, _, lab) = journey(&travellers(Session::None), GO);
    assert!(went.read_your_writes_violations > 0, "{went:?}");
    let tallies = &lab.run.world().observer.metrics.tallies;
    assert_eq!(tallies[1].misses_own, 0, "London has written nothing");
    assert_eq!(went.token_forwards, 0);
}

#[test]
fn a_traveller_misses_what_it_wrote_until_somebody_writes_over_it() {
    let mut scenario = travellers(Session::None);
    scenario.clients.connections = 6;
    scenario.clients.populations[0].read_share = Share(0.9);
    let runs = 32;
    let missed = |seed: u64| {
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(LEAVE_S).order(GO).run_to(LEAVE_S + 60.0);
        lab.run.report().consistency.read_your_writes_violations as f64
    };
    let missed = (1..=runs).map(missed).sum::<f64>() / runs as f64;
    // A read under a key misses a write of its session that has not come to London yet, if nobody has written to the key there.
    let (reads_per_s, own_per_s, all_per_s) = (54.0, 1.0 / 6.0, 1.0);
    let shares = (0..4000).map(|ms| f64::from(ms) / 1000.0).map(|after_s| {
        let own = 1.0 - (-own_per_s * (BEHIND_S - after_s)).exp();
        own * (-all_per_s * after_s).exp()
    });
    assert_close(
        "reads that miss an own write",
        missed,
        reads_per_s * mean(&shares.collect::<Vec<_>>()) * BEHIND_S,
        0.1,
    );
}

#[test]
fn a_token_keeps_the_promise_and_its_price_is_the_way_to_who_has_it() {
    let (_, free, _) = there_and_back(Session::None);
    let (kept, paid, lab) = there_and_back(Session::Token);
    assert_eq!((kept.read_your_writes_violations, kept.monotonic_violations), (0, 0));
    assert!(kept.token_forwards > 20, "{kept:?}");
    assert_eq!(lab.run.report().requests.failed, 0, "nobody is refused for it");
    let round_trip_ms = lab.run.plan().region_round_trip_ms[0][1];
    let (more, tail) = (paid.mean_ms - free.mean_ms, paid.p99_ms - free.p99_ms);
    println!(
        "token: {more:.1} ms more in the mean, {tail:.1} ms at the 99th percentile, {round_trip_ms} ms there and back"
    );
    // A position is behind whatever the key: everybody read in London what Virginia lacks something of.
    assert!((more - round_trip_ms).abs() < 0.5, "every read goes to the other region: {more} ms more");
    assert!((tail - round_trip_ms).abs() < 0.5, "{tail} ms more");
    let (at_home, _, _) = journey(&travellers(Session::Token), STAY);
    assert_eq!(at_home.token_forwards, 0, "who stays pays nothing");
}

#[test]
fn who_has_written_in_both_regions_waits_until_a_copy_has_both() {
    let (_, free, _) = journey(&travellers(Session::None), GO);
    let (kept, paid, lab) = journey(&travellers(Session::Token), GO);
    assert_eq!((kept.read_your_writes_violations, kept.monotonic_violations), (0, 0));
    println!("token of writers: {:.1} ms more in the mean", paid.mean_ms - free.mean_ms);
    assert!(
        paid.mean_ms > free.mean_ms + lab.run.plan().region_round_trip_ms[0][1],
        "it is more than the way"
    );
    // Some wait longer than their servers do.
    let failed = lab.run.report().requests.failed;
    assert!(failed > 0 && failed * 10 < kept.token_forwards, "{failed} failed");
    let mut nearly_level = travellers(Session::Token);
    nearly_level.database.delay_s = Span(0.5);
    let mut lab = Lab::new(&nearly_level, 9);
    lab.run_to(LEAVE_S).order(GO).run_to(LEAVE_S + 60.0);
    assert_eq!(lab.run.report().requests.failed, 0, "where copies meet soon, waiting is enough");
    assert_eq!(lab.run.report().consistency.read_your_writes_violations, 0);
}

#[test]
fn a_token_waits_where_the_region_that_has_the_write_cannot_be_reached() {
    let mut scenario = travellers(Session::Token);
    scenario.clients.retries = 0;
    let mut lab = Lab::new(&scenario, 9);
    lab.run_to(LEAVE_S).order("region-dark=us-east-1").order(GO).run_to(LEAVE_S + 60.0);
    let report = lab.run.report();
    assert!(report.requests.failed > 20, "the token asks for more than can be had: {:?}", report.requests);
    assert_eq!(report.consistency.read_your_writes_violations, 0);
    assert_eq!(report.consistency.monotonic_violations, 0);
}

#[test]
fn a_session_that_sticks_to_its_region_finds_its_writes_and_reads_from_afar() {
    let (_, free, _) = journey(&travellers(Session::None), GO);
    let (kept, far, lab) = journey(&travellers(Session::Sticky), GO);
    assert_eq!((kept.read_your_writes_violations, kept.monotonic_violations), (0, 0));
    assert_eq!(kept.token_forwards, 0);
    let operations = lab.record.operations.expect("it was asked for");
    assert!(operations.list.iter().all(|o| o.region.is_none_or(|region| region.0 == 0)), "all in Virginia");
    assert!(far.mean_ms > free.mean_ms + 40.0, "{} ms and {} ms", far.mean_ms, free.mean_ms);
}

/// New York only reads, London writes; New York goes there and, while Virginia is behind, back again.
fn there_and_back(session: Session) -> (Consistency, Reads, Lab) {
    let mut scenario = travellers(session);
    scenario.clients.populations[0].read_share = Share(1.0);
    scenario.clients.populations[1].requests_per_s = Rate(5.0);
    journeys(&scenario, &[(0.0, GO), (3.0, STAY)])
}

#[test]
fn who_comes_back_to_a_region_that_is_behind_reads_backwards_unless_something_forbids_it() {
    let (back, _, lab) = there_and_back(Session::None);
    assert!(back.monotonic_violations > 20, "{back:?}");
    assert_eq!(back.read_your_writes_violations, 0, "they write nothing");
    assert_eq!(lab.run.report().requests.failed, 0);
    let (stuck, _, _) = there_and_back(Session::Sticky);
    assert_eq!((stuck.monotonic_violations, stuck.token_forwards), (0, 0), "they never left Virginia");
    let (token, _, _) = there_and_back(Session::Token);
    assert_eq!(token.monotonic_violations, 0);
}
