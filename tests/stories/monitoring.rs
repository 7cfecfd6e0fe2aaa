//! Monitoring is machines: it counts what balancers answer, stands in a region, and is blind with it.

use crate::lab::{Lab, coarse};
use crate::laws;
use faultline::kernel::id::RegionId;
use faultline::model::builtin::builtin;
use faultline::model::scenario::Scenario;
use faultline::model::unit::{Factor, Share, Span};
use faultline::model::{Decider, Region};
use faultline::system::journal::What;

const FIRST: RegionId = RegionId(0);

/// Somebody is on call, and needs a minute for each of the steps to a decision.
fn on_call(monitor: &str) -> Scenario {
    let mut scenario = coarse();
    scenario.regions = vec![Region::named("us-east-1", 12), Region::named("eu-west-1", 12)];
    let recovery = &mut scenario.recovery;
    (recovery.decider, recovery.servers) = (Decider::Person, 12);
    (recovery.page_s, recovery.triage_s, recovery.decide_s) = (Span(60.0), Span(60.0), Span(60.0));
    (scenario.faults.grey_factor, scenario.faults.grey_failures) = (Factor(1.0), Share(1.0));
    scenario.operations.monitor_region = monitor.into();
    scenario
}

fn grey(lab: &mut Lab) {
    for zone in ["a", "b", "c"] {
        lab.order(&format!("zone-grey=us-east-1{zone}"));
    }
}

fn alarm(lab: &Lab) -> Option<f64> {
    lab.when(|what| matches!(what, What::AlarmRaised(FIRST)))
}

#[test]
fn a_total_grey_outage_pages_after_three_minutes_whatever_broke() {
    // Case 2: no health check looks so deep. Page at 0:13, decision at 0:16.
    for (seed, at_s) in [(3, 600.0), (5, 600.0), (3, 615.0)] {
        let mut lab = Lab::new(&on_call(""), seed);
        lab.run_to(at_s);
        grey(&mut lab);
        lab.run_to(1800.0);
        let raised = alarm(&lab).expect("somebody is paged");
        // Whole minutes are judged, and the one in which it broke counts already if more than 5 % of it failed.
        assert!((at_s + 120.0..=at_s + 185.0).contains(&raised), "seed {seed}: {raised}");
        // Three zones, three incidents: what is done belongs to one of them.
        let all = lab.run.report().incidents;
        let incident = all.iter().find(|it| !it.executions.is_empty()).expect("something is done");
        let (noticed, decided) =
            (incident.detected_s.expect("noticed"), incident.decided_s.expect("decided"));
        assert!((raised..raised + 2.0).contains(&noticed), "seed {seed}: noticed at {noticed}");
        assert!((raised + 180.0..raised + 183.0).contains(&decided), "seed {seed}: decided at {decided}");
        assert_eq!(
            lab.run.world().system.ownership.primary(),
            RegionId(1),
            "seed {seed}: the work has moved"
        );
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn an_alarm_starts_nothing_by_itself_and_is_over_when_all_is_well() {
    for seed in [3, 5] {
        let mut scenario = on_call("");
        scenario.recovery.decider = Decider::Automatic;
        scenario.recovery.triage_s = Span(600.0);
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(600.0);
        grey(&mut lab);
        lab.run_to(1260.0);
        // Whoever was paged is still looking: what acts at once on a verdict does not on an alarm.
        let run = &lab.run.world().operations.executions[0];
        assert!(run.is_deciding() && run.by_alarm, "seed {seed}: a person is asked first");
        for zone in ["a", "b", "c"] {
            lab.order(&format!("clear zone-grey=us-east-1{zone}"));
        }
        lab.run_to(2400.0);
        assert!(alarm(&lab).is_some() && lab.incident().detected_s.is_some(), "seed {seed}");
        assert!(lab.run.world().operations.executions.is_empty(), "seed {seed}: it was called off");
        assert_eq!(lab.run.world().system.ownership.primary(), FIRST, "seed {seed}: nothing was moved");
        let over = lab.when(|what| matches!(what, What::AlarmEnded(FIRST)));
        assert!(over.is_some_and(|at| at > 1260.0 && at < 1400.0), "seed {seed}: {over:?}");
    }
}

#[test]
fn a_monitor_in_the_dark_pages_nobody() {
    for seed in [3, 5] {
        // Health checks are outside of all regions; the rest goes dark with what it watches.
        let blind = |monitor: &str| {
            let mut scenario = on_call(monitor);
            scenario.dns.failure_threshold = 10;
            scenario.dns.interval_s = Span(300.0);
            let mut lab = Lab::new(&scenario, seed);
            lab.run_to(600.0).order("region-dark=us-east-1").run_to(1500.0);
            (alarm(&lab), lab.incident().executions.len())
        };
        assert_eq!(blind("us-east-1"), (None, 0), "seed {seed}: it is in the dark itself");
        let (raised, begun) = blind("eu-west-1");
        assert!(raised.is_some_and(|at| at < 860.0), "seed {seed}: counts are missing: {raised:?}");
        assert_eq!(begun, 1, "seed {seed}");
    }
}

#[test]
fn counts_that_do_not_arrive_count_as_failing_if_so_set() {
    for (missing_fails, wanted) in [(true, true), (false, false)] {
        let mut scenario = on_call("eu-west-1");
        scenario.recovery.decider = Decider::Manual;
        scenario.operations.missing_fails = missing_fails;
        let mut lab = Lab::new(&scenario, 3);
        lab.run_to(600.0).order("link-cut=us-east-1:eu-west-1").run_to(1200.0);
        assert_eq!(alarm(&lab).is_some(), wanted, "{missing_fails}");
        lab.order("clear link-cut=us-east-1:eu-west-1").run_to(1500.0);
        assert!(!lab.run.world().system.monitoring.alarms.contains(FIRST), "it is over");
    }
}

#[test]
fn an_alarm_has_a_person_decide_even_if_verdicts_are_acted_on_at_once() {
    for seed in [3, 5] {
        let mut scenario = on_call("");
        scenario.recovery.decider = Decider::Automatic;
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(600.0);
        grey(&mut lab);
        lab.run_to(1800.0);
        let raised = alarm(&lab).expect("somebody is paged");
        let all = lab.run.report().incidents;
        let decided = all.iter().find_map(|it| it.decided_s).expect("decided");
        // A minute each for the page, for triage and for the decision.
        assert!((raised + 180.0..raised + 183.0).contains(&decided), "seed {seed}: decided at {decided}");
        assert_eq!(lab.run.world().system.ownership.primary(), RegionId(1), "seed {seed}: it has moved");
    }
}

#[test]
fn writes_that_all_fail_page_though_most_requests_are_reads() {
    for (read_share, seed) in [(0.98, 3), (0.98, 5), (0.99, 3)] {
        let mut scenario = builtin("write-global").expect("a built-in");
        scenario.grain = 4;
        for people in &mut scenario.clients.populations {
            people.read_share = Share(read_share);
        }
        scenario.recovery.decider = Decider::Manual;
        scenario.operations.monitor_region = "eu-west-1".into();
        let mut lab = Lab::new(&scenario, seed);
        // Europe reads its own copy; its writes, one in fifty or fewer, go to a region that cannot be reached.
        lab.run_to(600.0).order("link-cut=us-east-1:eu-west-1").run_to(1200.0);
        let raised = lab.when(|what| matches!(what, What::AlarmRaised(RegionId(1))));
        assert!(raised.is_some_and(|at| (720.0..=790.0).contains(&at)), "seed {seed}: {raised:?}");
    }
}

#[test]
fn what_acts_at_once_on_a_verdict_does_not_wait_for_who_was_paged() {
    for seed in [3, 5] {
        let mut scenario = on_call("eu-west-1");
        scenario.recovery.decider = Decider::Automatic;
        scenario.recovery.triage_s = Span(3600.0);
        let mut lab = Lab::new(&scenario, seed);
        // Counts are missing, and somebody looks at that for an hour; then the region goes dark.
        lab.run_to(600.0).order("link-cut=us-east-1:eu-west-1").run_to(900.0);
        assert!(lab.run.world().operations.executions.iter().any(|run| run.by_alarm), "seed {seed}: paged");
        lab.order("region-dark=us-east-1").run_to(2400.0);
        let decided = lab.run.report().incidents.iter().find_map(|it| it.decided_s).expect("decided");
        assert!((910.0..960.0).contains(&decided), "seed {seed}: at the verdict, not at {decided}");
    }
}
