//! How often clients ask for the same, what that does to a service, and what holds it back.

use crate::lab::{Lab, assert_close};
use faultline::app::{App, Msg};
use faultline::model::scenario::Scenario;
use faultline::model::unit::{Millis, Rate, Share, Span};
use faultline::model::{Decider, ScriptLine};
use faultline::system::journal::What;

/// Real requests a second that the first region can serve: six servers of 80 slots, half a second each.
const CAPACITY: f64 = 6.0 * 80.0 / 0.5;

/// The default system with so many requests a second in steps of 8, which nobody moves and nothing grows.
fn service(requests_per_s: f64) -> Scenario {
    let mut scenario = Scenario { weight: 8, ..Scenario::default() };
    let cities = scenario.clients.populations.len() as f64;
    for population in &mut scenario.clients.populations {
        population.requests_per_s = Rate(requests_per_s / cities);
    }
    scenario.recovery.decider = Decider::Manual;
    (scenario.servers.concurrency, scenario.servers.service_ms, scenario.servers.queue) =
        (80, Millis(500.0), 1600);
    (scenario.servers.most, scenario.recovery.servers) = (6, 6);
    scenario
}

/// The same while every client keeps the address of a region that goes dark after two minutes.
fn in_the_dark(requests_per_s: f64, change: impl Fn(&mut Scenario), until_s: f64) -> Lab {
    let mut scenario = service(requests_per_s);
    scenario.clients.caching_share = Share(1.0);
    change(&mut scenario);
    let mut lab = Lab::new(&scenario, 5);
    lab.run_to(120.0).order("region-dark=us-east-1").run_to(until_s);
    lab
}

/// Attempts over requests between two seconds.
fn each(lab: &Lab, from_s: f64, to_s: f64) -> f64 {
    let inside = lab.record.samples.iter().filter(|it| from_s < it.at.secs() && it.at.secs() <= to_s);
    let (attempts, sent) = inside
        .fold((0, 0), |sum, sample| (sum.0 + u64::from(sample.attempts), sum.1 + u64::from(sample.sent)));
    attempts as f64 / sent as f64
}

#[test]
fn if_every_attempt_fails_a_request_is_asked_for_as_often_as_clients_try() {
    for retries in [0, 1, 2, 4] {
        let lab = in_the_dark(600.0, |scenario| scenario.clients.retries = retries, 600.0);
        let wanted = f64::from(1 + retries);
        assert_close(&format!("{retries} retries"), each(&lab, 240.0, 600.0), wanted, 0.02);
        let told = lab.run.report().retries;
        assert_close("the worst minute", told.worst_minute.expect("a minute"), wanted, 0.05);
        let end_s = told.worst_minute_end_s.expect("a minute");
        assert!(retries == 0 || end_s > 120.0, "{told:?}");
        let requests = lab.run.report().requests;
        let mean = requests.attempts as f64 / requests.sent as f64;
        assert_eq!((told.attempts_per_request, told.held_by_budget), (Some(mean), 0));
    }
}

#[test]
fn if_a_share_fails_the_load_is_a_geometric_sum() {
    // (1 - p^(r + 1)) / (1 - p) attempts for each request.
    for (failing, retries) in [(0.5, 2), (0.2, 2), (0.5, 5)] {
        let mut scenario = service(300.0);
        (scenario.faults.grey_failures, scenario.clients.retries) = (Share(failing), retries);
        scenario.faults.grey_factor = faultline::model::unit::Factor(1.0);
        scenario.balancer.unhealthy_threshold = 10;
        let mut lab = Lab::new(&scenario, 5);
        lab.run_to(60.0).order("region-grey=us-east-1").run_to(600.0);
        let power = (0..=retries).fold(1.0, |power, _| power * failing);
        assert_close(&format!("{failing}"), each(&lab, 90.0, 600.0), (1.0 - power) / (1.0 - failing), 0.03);
    }
}

#[test]
fn a_calm_service_is_asked_once_for_each_request() {
    // A server that takes half a second takes longer than clients wait in one case of four hundred.
    let scenario = Scenario { servers: Scenario::default().servers, ..service(300.0) };
    let mut lab = Lab::new(&scenario, 5);
    lab.run_to(600.0);
    let told = lab.run.report().retries;
    assert!(told.worst_minute.is_some_and(|worst| worst < 1.001), "{told:?}");
    assert_eq!((told.held_by_budget, told.held_by_breaker), (0, 0));
}

/// The share of requests that is served from five to ten minutes after a surge of two minutes.
fn after_a_surge(load: f64, change: impl Fn(&mut Scenario)) -> f64 {
    let mut scenario = service(load * CAPACITY);
    change(&mut scenario);
    let mut lab = Lab::new(&scenario, 5);
    lab.run_to(60.0).order("load-surge").run_to(180.0).order("clear load-surge").run_to(780.0);
    let (served, failed) = (f64::from(lab.served(480.0, 780.0)), f64::from(lab.failed(480.0, 780.0)));
    served / (served + failed)
}

#[test]
fn beyond_capacity_over_attempts_a_service_does_not_come_back() {
    // A queue is longer than clients wait: what is served was given up. It drains if the load with retries is under the capacity.
    for retries in [1, 2] {
        let threshold = 1.0 / f64::from(1 + retries);
        let with = |scenario: &mut Scenario| {
            scenario.clients.retries = retries;
            // Half of the capacity must be overrun too.
            scenario.faults.surge_factor = faultline::model::unit::Factor(5.0);
        };
        let (below, above) = (after_a_surge(0.88 * threshold, with), after_a_surge(1.25 * threshold, with));
        assert!(below > 0.99, "{retries} retries, under the threshold: {below}");
        assert!(above < 0.2, "{retries} retries, above the threshold: {above}");
    }
}

#[test]
fn a_budget_or_a_breaker_brings_it_back_at_loads_up_to_the_capacity() {
    let stuck = after_a_surge(0.75, |_| ());
    assert!(stuck < 0.2, "{stuck}");
    // 0.75 x 1.1 is under the capacity.
    let budget = after_a_surge(0.75, |scenario| scenario.clients.retry_budget = Some(Share(0.1)));
    assert!(budget > 0.99, "with a budget: {budget}");
    let breaker = after_a_surge(0.75, |scenario| scenario.clients.breaker_share = Some(Share(0.5)));
    assert!(breaker > 0.99, "with a breaker: {breaker}");
}

#[test]
fn a_budget_of_a_tenth_keeps_the_load_below_one_and_a_tenth() {
    for budget in [0.1, 0.02] {
        let change = |scenario: &mut Scenario| scenario.clients.retry_budget = Some(Share(budget));
        let lab = in_the_dark(600.0, change, 1320.0);
        assert_close("in a long outage", each(&lab, 240.0, 1320.0), 1.0 + budget, 0.005);
        let told = lab.run.report().retries;
        assert!(told.attempts_per_request.is_some_and(|each| each < 1.0 + budget), "{told:?}");
        // What was saved in ten seconds comes on top in the first minute.
        let worst = told.worst_minute.expect("a minute");
        assert!(worst <= 1.0 + budget * 70.0 / 60.0 * 1.05, "{worst}");
        assert!(told.held_by_budget > 500_000, "{told:?}");
    }
    let none = in_the_dark(600.0, |scenario| scenario.clients.retry_budget = Some(Share(0.0)), 300.0);
    assert_eq!(none.run.report().requests.attempts, none.run.report().requests.sent);
    // A few that fail by chance are tried again as without a budget.
    let mut scenario = service(300.0);
    (scenario.faults.grey_failures, scenario.clients.retry_budget) = (Share(0.02), Some(Share(0.1)));
    scenario.faults.grey_factor = faultline::model::unit::Factor(1.0);
    let mut lab = Lab::new(&scenario, 5);
    lab.run_to(60.0).order("region-grey=us-east-1").run_to(900.0);
    let failed = f64::from(lab.failed(60.0, 900.0)) / f64::from(lab.served(60.0, 900.0));
    assert!(failed < 0.0005, "{failed}");
}

#[test]
fn a_breaker_lets_one_attempt_through_and_closes_when_that_is_answered() {
    // One trial of each city in a pause and a timeout.
    let pause_s = 7.0;
    let change = |scenario: &mut Scenario| {
        (scenario.clients.breaker_share, scenario.clients.breaker_pause_s) =
            (Some(Share(0.5)), Span(pause_s));
    };
    let mut lab = in_the_dark(600.0, change, 300.0);
    let trials = |lab: &Lab| lab.run.report().requests.attempts / 8;
    let before = trials(&lab);
    let held = lab.run.report().retries.held_by_breaker;
    lab.run_to(1500.0);
    let cities = lab.run.plan().populations() as f64;
    assert_close("trials", (trials(&lab) - before) as f64, cities * 1200.0 / (pause_s + 3.0), 0.03);
    let more = lab.run.report().retries.held_by_breaker - held;
    assert_close("who does not ask", more as f64, 1200.0 * 600.0, 0.02);
    let by_reason: u64 = lab.run.report().by_client.values().map(|city| city.failed_by["breaker_open"]).sum();
    assert_eq!(by_reason, lab.run.report().retries.held_by_breaker);
    // Each city's has opened once, because of what has happened to the region.
    let turned = |lab: &Lab, wanted: bool| {
        let turned = lab
            .record
            .journal
            .iter()
            .filter(|it| matches!(it.what, What::BreakerTurned(.., open) if open == wanted));
        turned.count()
    };
    assert_eq!((turned(&lab, true), turned(&lab, false)), (12, 0));
    // They fail because of what has opened it.
    let booked = lab.incident().failed as f64 / lab.run.report().requests.failed as f64;
    assert!(booked > 0.999, "{booked}");
    // The region comes back. As long as too few of its servers are there breakers open and close in turn; then they stay closed.
    lab.order("clear region-dark=us-east-1").run_to(1980.0);
    let clients = &lab.run.world().system.clients;
    assert!(
        (0..12).all(|city| clients.breakers.open(faultline::kernel::id::PopulationId(city)).count() == 0)
    );
    assert_eq!(lab.failed(1860.0, 1980.0), 0);
    // Of many openings and closings the journal tells the first.
    assert_eq!(turned(&lab, true) + turned(&lab, false), 20);
}

#[test]
fn a_breaker_of_a_city_whose_requests_are_refused_opens_only_beyond_its_share() {
    for (failing, opens) in [(0.25, false), (0.65, true)] {
        let mut scenario = service(1200.0);
        (scenario.faults.grey_failures, scenario.clients.retries) = (Share(failing), 0);
        scenario.faults.grey_factor = faultline::model::unit::Factor(1.0);
        scenario.balancer.unhealthy_threshold = 10;
        (scenario.clients.breaker_share, scenario.clients.breaker_calls) = (Some(Share(0.5)), 400);
        scenario.servers.service_ms = Millis(100.0);
        let mut lab = Lab::new(&scenario, 5);
        lab.run_to(60.0).order("region-grey=us-east-1").run_to(300.0);
        let held = lab.run.report().retries.held_by_breaker;
        assert_eq!(held > 0, opens, "{failing}: {held}");
    }
}

#[test]
fn the_board_says_how_much_more_clients_ask_than_people() {
    let mut scenario = service(600.0);
    scenario.clients.caching_share = Share(1.0);
    scenario.script.push(ScriptLine { at_s: 120.0, order: "region-dark=us-east-1".into() });
    let mut app = App::new("#/?paused=1&slowmo=0", None);
    app.begin(scenario);
    let mut note = |at_s: f64| {
        app.update(Msg::Scrubbed(at_s));
        while app.seeking() {
            app.frame(16.7);
        }
        let panels = app.panels();
        let score = panels.scores.iter().find(|score| score.slug == "rate").expect("a rate");
        score.note.clone()
    };
    assert_eq!(note(119.0), "real ones, retries not counted");
    let told = note(400.0);
    let times =
        told.strip_prefix("clients ask ").and_then(|rest| rest.strip_suffix(" times as much as people do"));
    let times: f64 = times.expect("how often").parse().expect("a number");
    assert!((2.8..=3.2).contains(&times), "{told}");
}

#[test]
fn a_budget_a_breaker_and_a_timeout_change_nothing_until_an_attempt_fails() {
    let run = |change: fn(&mut Scenario)| {
        let mut scenario = Scenario::default();
        change(&mut scenario);
        let mut lab = Lab::new(&scenario, 2);
        lab.run_to(300.0);
        let calm = lab.run.recorded().digest;
        lab.order("region-dark=us-east-1").run_to(340.0);
        (calm, lab.run.recorded().digest)
    };
    let usual = run(|_| ());
    for change in [
        |it: &mut Scenario| it.clients.retry_budget = Some(Share(0.1)),
        |it: &mut Scenario| it.clients.breaker_share = Some(Share(0.5)),
        |it: &mut Scenario| it.clients.populations[0].timeout_s = Some(Span(2.0)),
    ] {
        let changed = run(change);
        assert!(changed.0 == usual.0 && changed.1 != usual.1, "{changed:?} and {usual:?}");
    }
}
