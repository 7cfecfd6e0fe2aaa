//! Validation tries what clients meet, and says whom a recovery has not reached.

use crate::lab::Lab;
use faultline::model::scenario::Scenario;
use faultline::run::report::StepReport;
use faultline::run::report::executions::StepState;

/// A region that fails most of what it gets while Route 53 takes no changes, as on 7 December 2021.
/// Source: https://aws.amazon.com/message/12721
fn december(grey_failures: f64, extra: &str) -> Scenario {
    let text = format!(
        r#"{{ "name": "december", "horizon_s": 9000, "grain": 12,
          "regions": [ {{ "code": "us-east-1", "servers": 6 }}, {{ "code": "ap-southeast-2", "servers": 6 }} ],
          "database": {{ "engine": "aurora-global" }},
          "recovery": {{ "decider": "manual", "cutover": "record-change" }},
          "faults": {{ "grey_factor": 4, "grey_failures": {grey_failures} }}{extra} }}"#
    );
    Scenario::read(&text).expect("a scenario")
}

fn validate(lab: &Lab) -> Option<StepReport> {
    let report = lab.run.report();
    let mut steps: Vec<StepReport> = report.incidents.iter().flat_map(|it| it.steps().cloned()).collect();
    steps.retain(|step| step.name == "validate");
    steps.pop()
}

#[test]
fn nothing_is_valid_while_clients_are_still_sent_to_a_region_that_fails() {
    for (seed, failures, frozen_s) in [(11, 0.6, 3000.0), (3, 0.3, 2400.0), (5, 0.9, 3600.0)] {
        let mut lab = Lab::new(&december(failures, ""), seed);
        lab.run_to(600.0).order("dns-control-plane");
        for zone in ["zone-grey=us-east-1a", "zone-grey=us-east-1b", "zone-grey=us-east-1c"] {
            lab.order(zone);
        }
        lab.run_to(900.0).order("fail-over=ap-southeast-2").run_to(frozen_s);
        let step = validate(&lab);
        let passed = step.is_some_and(|step| step.state == StepState::Done);
        assert!(!passed, "seed {seed}: the canary goes to the grey region, as everybody does");
        lab.order("clear dns-control-plane").run_to(frozen_s + 1500.0);
        let step = validate(&lab).expect("it was tried");
        assert_eq!(step.state, StepState::Done, "seed {seed}: clients have moved: {step:?}");
        assert!(step.end_s.expect("done") > frozen_s + 60.0, "seed {seed}: a minute on end: {step:?}");
    }
}

#[test]
fn clients_whose_resolvers_keep_the_old_answer_are_an_exception_and_are_named() {
    // Half of the resolvers keep an answer for 60 s × 30.
    let stubborn = r#", "clients": { "extending_share": 0.5, "extension_factor": 30 }"#;
    let heedful = r#", "clients": { "extending_share": 0 }"#;
    for (seed, extra, excepted) in [(11, stubborn, true), (3, stubborn, true), (5, heedful, false)] {
        let mut lab = Lab::new(&december(0.0, extra), seed);
        lab.run_to(600.0).order("fail-over=ap-southeast-2").run_to(2000.0);
        let step = validate(&lab).expect("it was tried");
        assert_eq!(step.state, StepState::Done, "seed {seed}: {step:?}");
        // All was well before it began: that minute does not count.
        let span = step.end_s.expect("done") - step.start_s;
        assert!(span >= 60.0, "seed {seed}: a minute of its own, not {span} s");
        let why = step.why.unwrap_or_default();
        assert_eq!(
            why.contains("with exceptions") && why.contains("us-east-1"),
            excepted,
            "seed {seed}: {why}"
        );
        let cities = &lab.run.plan().scenario.clients.populations;
        let named = cities.iter().filter(|it| why.contains(&it.city)).count();
        assert_eq!(named > 0, excepted, "seed {seed}: {why}");
    }
}

#[test]
fn a_region_that_refuses_what_comes_is_not_valid_until_it_has_room() {
    for (seed, servers) in [(11, 2), (3, 1)] {
        let text = format!(
            r#"{{ "name": "small", "horizon_s": 7200, "grain": 12,
              "regions": [ {{ "code": "us-east-1", "servers": 6 }}, {{ "code": "eu-west-1", "servers": {servers}, "quota": {servers} }} ],
              "database": {{ "engine": "aurora-global" }} }}"#
        );
        let mut lab = Lab::new(&Scenario::read(&text).expect("a scenario"), seed);
        lab.run_to(600.0).order("region-dark=us-east-1").run_to(3000.0);
        let step = validate(&lab);
        assert!(step.is_none_or(|step| step.state != StepState::Done), "seed {seed}: most are refused");
        lab.order("raise-quota=eu-west-1").run_to(4800.0);
        let step = validate(&lab).expect("it was tried");
        assert_eq!(step.state, StepState::Done, "seed {seed}: there is room: {step:?}");
    }
}
