//! Runbooks as data: a learner's own beside the built-in ones, several executions at once, leases, calling off, and the ways
//! in which clients are moved.

use crate::lab::{Lab, coarse};
use crate::laws;
use faultline::kernel::id::RegionId;
use faultline::model::scenario::{Scenario, Strategy, WritePattern};
use faultline::model::unit::Span;
use faultline::model::{Cutover, Decider, Engine, Region, RoutingPolicy};
use faultline::run::report::executions::{ExecutionReport, ExecutionState, StepState};
use faultline::system::journal::What;
use faultline::system::refusal::Refusal;
use serde_json::{Value, json};

const FIRST: RegionId = RegionId(0);
const SECOND: RegionId = RegionId(1);

/// A system with runbooks of its own.
pub(crate) fn with_runbooks(scenario: &Scenario, runbooks: Value) -> Scenario {
    let mut file = serde_json::to_value(scenario).expect("plain data");
    file["runbooks"] = runbooks;
    Scenario::read(&file.to_string()).expect("a good file")
}

/// Every execution so far, in the order of beginning.
pub(crate) fn executions(lab: &Lab) -> Vec<ExecutionReport> {
    let mut all: Vec<_> = lab.run.report().incidents.into_iter().flat_map(|it| it.executions).collect();
    all.sort_by_key(|execution| execution.id);
    all
}

fn primary(lab: &Lab) -> RegionId {
    lab.run.world().system.ownership.primary()
}

pub(crate) fn refused(lab: &Lab) -> Option<Refusal> {
    let last = lab.record.journal.last().map(|entry| entry.what);
    if let Some(What::OrderRefused(_, why)) = last { Some(why) } else { None }
}

fn share_failed(lab: &Lab, from_s: f64, to_s: f64) -> f64 {
    let (failed, served) = (lab.failed(from_s, to_s), lab.served(from_s, to_s));
    f64::from(failed) / f64::from(failed + served).max(1.0)
}

/// Several sites that take writes, in heavy requests.
fn sites(pattern: WritePattern) -> Scenario {
    let mut scenario = coarse();
    scenario.strategy = Strategy::MultiSite;
    scenario.database.engine = Engine::DynamodbGlobal;
    scenario.database.inside = Engine::DynamodbGlobal.forms()[0].inside;
    scenario.write_pattern = pattern;
    scenario.dns.policy = RoutingPolicy::Latency;
    scenario.regions = vec![Region::named("us-east-1", 8), Region::named("eu-west-1", 8)];
    scenario.recovery.servers = 12;
    scenario
}

#[test]
fn whoever_promotes_at_once_has_two_primaries_and_what_the_old_one_takes_is_set_aside() {
    let at_once = json!([{ "name": "fail-over", "starts": { "when": "unhealthy", "given": "copy" }, "steps": [
        { "name": "promote", "action": "promote", "needs": ["copy"], "no_return": true },
        { "name": "fence", "action": "fence", "on": "owner", "after": ["promote"] }
    ] }]);
    for seed in [3, 5] {
        let set_aside = |scenario: &Scenario| {
            let mut lab = Lab::new(scenario, seed);
            // The link keeps the news of the promotion from the old primary; whoever is sent there goes on writing.
            lab.run_to(300.0).order("link-cut=us-east-1:eu-west-1").run_to(310.0);
            lab.order("fail-over=eu-west-1").run_to(2400.0);
            assert_eq!((primary(&lab), laws::unlisted(&lab.run)), (SECOND, vec![]), "seed {seed}");
            lab.run.report().loss.counts.set_aside
        };
        let (fenced, at_once) = (set_aside(&coarse()), set_aside(&with_runbooks(&coarse(), at_once.clone())));
        assert!(at_once > fenced + 100, "seed {seed}: {fenced} if fenced first, {at_once} at once");
    }
}

#[test]
fn an_execution_is_called_off_until_it_has_done_what_cannot_be_undone() {
    let mut scenario = coarse();
    scenario.recovery.decider = Decider::Manual;
    for seed in [3, 8] {
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(60.0).order("call-off");
        assert_eq!(refused(&lab), Some(Refusal::NothingUnderWay));
        lab.run_to(300.0).order("fail-over=eu-west-1");
        // Servers come first, then the fence: by then writes are refused.
        let fenced = |lab: &Lab| lab.when(|what| matches!(what, What::Fenced(FIRST)));
        while fenced(&lab).is_none() {
            let next = lab.run.now().secs() + 1.0;
            assert!(next < 1500.0, "the old primary is fenced");
            lab.run_to(next);
        }
        // A call that the control plane has not accepted yet changes nothing.
        let promoting = lab.run.world().operations.executions[0].past_return(lab.run.plan()).is_some();
        lab.order("call-off");
        if promoting {
            assert!(matches!(refused(&lab), Some(Refusal::PastReturn(_))), "seed {seed}");
            continue;
        }
        let now = lab.run.now().secs();
        assert_eq!(executions(&lab)[0].state, ExecutionState::CalledOff, "seed {seed}");
        lab.run_to(now + 300.0);
        assert_eq!((primary(&lab), laws::unlisted(&lab.run)), (FIRST, vec![]), "seed {seed}");
        assert!(share_failed(&lab, now + 60.0, now + 300.0) < 0.01, "seed {seed}: writes are taken again");
    }
}

#[test]
fn what_has_been_promoted_cannot_be_called_off() {
    for seed in [3, 8] {
        let mut lab = Lab::new(&coarse(), seed);
        lab.run_to(300.0).order("region-dark=us-east-1").run_to(300.0 + 45.0);
        lab.order("call-off");
        assert_eq!(
            executions(&lab)[0].state,
            ExecutionState::CalledOff,
            "seed {seed}: fencing can be undone"
        );
        lab.order("fail-over=eu-west-1").run_to(1800.0).order("call-off");
        assert!(matches!(refused(&lab), Some(Refusal::PastReturn(_))), "seed {seed}: {:?}", refused(&lab));
        assert_eq!(primary(&lab), SECOND, "seed {seed}");
    }
}

#[test]
fn several_executions_go_on_at_once_and_what_wants_the_same_partition_is_refused() {
    for seed in [3, 5] {
        let mut lab = Lab::new(&sites(WritePattern::WritePartitioned), seed);
        lab.run_to(60.0).order("link-slow=us-east-1:eu-west-1");
        lab.order("move-home=us-east-1>eu-west-1").order("move-home=us-east-1>eu-west-1");
        assert!(matches!(refused(&lab), Some(Refusal::Busy(_))), "seed {seed}: {:?}", refused(&lab));
        lab.order("move-home=eu-west-1>us-east-1");
        assert!(refused(&lab).is_none(), "seed {seed}: another partition is free");
        let open = lab.run.world().operations.executions.len();
        assert_eq!(open, 2, "seed {seed}: both are under way");
        lab.run_to(300.0);
        let owner = |partition| lab.run.world().system.ownership.newest(partition).owner;
        assert_eq!((owner(0), owner(1)), (SECOND, FIRST), "seed {seed}: homes have changed places");
        let states: Vec<_> = executions(&lab).iter().map(|it| it.state).collect();
        assert_eq!(states, [ExecutionState::Done; 2], "seed {seed}");
        assert_eq!(lab.run.report().loss.counts.missing(), 0, "seed {seed}");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn a_healthy_region_is_evacuated_without_a_failed_request_where_all_serve() {
    for (seed, pattern) in
        [(3, WritePattern::WriteLocal), (5, WritePattern::WriteLocal), (3, WritePattern::WritePartitioned)]
    {
        let mut scenario = sites(pattern);
        // While partitions are frozen their writes wait or fail; live ones move without.
        scenario.recovery.handover = faultline::model::Handover::Live;
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(300.0).order("evacuate=us-east-1").run_to(1800.0);
        let [execution] = &executions(&lab)[..] else { panic!("one execution") };
        assert_eq!(
            (execution.runbook.as_str(), execution.state),
            ("evacuate", ExecutionState::Done),
            "seed {seed}"
        );
        let now = lab.run.now();
        let left = lab.run.world().system.clients.resolvers_pointing_to(FIRST, now);
        assert_eq!(left, 0, "seed {seed}: nobody is sent there any more");
        assert!(
            share_failed(&lab, 300.0, 1800.0) < 0.0005,
            "seed {seed}: {}",
            share_failed(&lab, 300.0, 1800.0)
        );
        let arrived = lab.run.world().system.fleets.regions[0].answered.served_share(1800, 60);
        assert_eq!(arrived, None, "seed {seed}: no request arrives in the last minute");
        assert_eq!(lab.run.report().loss.counts.missing(), 0, "seed {seed}");
    }
}

#[test]
fn an_evacuation_of_a_warm_standby_takes_as_long_as_its_servers_and_fails_no_read() {
    // Case 4: a target of half the size whose servers take 28 minutes to start, and one that is ready.
    for (servers, least_min, most_min) in [(3, 30.0, 40.0), (6, 3.0, 10.0)] {
        let mut scenario = Scenario::design(Strategy::WarmStandby, Engine::AuroraGlobal);
        scenario.weight = 20;
        scenario.servers.concurrency = 40;
        scenario.servers.queue = 160;
        scenario.servers.service_ms = faultline::model::unit::Millis(250.0);
        (scenario.servers.boot_min_s, scenario.servers.boot_max_s) = (Span(1680.0), Span(1800.0));
        scenario.regions[1].servers = servers;
        let mut lab = Lab::new(&scenario, 3);
        lab.run_to(300.0).order("evacuate=us-east-1").run_to(4500.0);
        let all = executions(&lab);
        let [execution] = &all[..] else { panic!("one execution: {all:?}") };
        assert_eq!((execution.runbook.as_str(), execution.state), ("switch-over", ExecutionState::Done));
        let took_min = (execution.end_s.expect("done") - execution.start_s) / 60.0;
        assert!((least_min..most_min).contains(&took_min), "{servers} servers: {took_min} min");
        let scale = execution.steps.iter().find(|step| step.name == "scale-out").expect("servers first");
        let before = scale.end_s.expect("done");
        assert!(
            share_failed(&lab, 300.0, before) < 0.001,
            "{servers}: nobody is hurt while servers are added"
        );
        assert_eq!((primary(&lab), lab.run.report().loss.counts.missing()), (SECOND, 0));
    }
}

/// A day on which Route 53 takes no changes for two hours, and the region that serves is grey.
fn frozen_day(cutover: Cutover, runbooks: Value) -> Lab {
    let mut scenario = coarse();
    scenario.database.engine = Engine::AuroraGlobal;
    scenario.database.inside = Engine::AuroraGlobal.forms()[0].inside;
    (scenario.recovery.promote_min_s, scenario.recovery.promote_typical_s, scenario.recovery.promote_max_s) =
        (Span(60.0), Span(60.0), Span(60.0));
    scenario.recovery.decider = Decider::Manual;
    scenario.recovery.switchover_s = Span(60.0);
    scenario.recovery.cutover = cutover;
    scenario.regions[1].servers = 6;
    (scenario.faults.grey_factor, scenario.faults.grey_failures) =
        (faultline::model::unit::Factor(4.0), faultline::model::unit::Share(0.6));
    let mut lab = Lab::new(&with_runbooks(&scenario, runbooks), 3);
    lab.run_to(600.0).order("dns-control-plane");
    for zone in ["a", "b", "c"] {
        lab.order(&format!("zone-grey=us-east-1{zone}"));
    }
    lab.run_to(1200.0).order("fail-over=eu-west-1").run_to(7200.0);
    lab
}

#[test]
fn a_frozen_record_waits_a_routing_control_does_not_and_a_failover_can_be_called_off() {
    // By a changed record: everybody is sent to the grey region until the control plane answers.
    let mut by_record = frozen_day(Cutover::RecordChange, json!([]));
    assert!(share_failed(&by_record, 2400.0, 7200.0) > 0.3, "clients are still in the grey region");
    by_record.order("call-off");
    assert!(matches!(refused(&by_record), Some(Refusal::PastReturn(_))), "the copy was promoted");
    by_record.order("clear dns-control-plane").run_to(8400.0);
    assert!(share_failed(&by_record, 7900.0, 8400.0) < 0.02, "and then they move");

    // By a routing control: seconds, and the time to live of answers.
    let by_control = frozen_day(Cutover::RoutingControl, json!([]));
    assert!(share_failed(&by_control, 1200.0 + 540.0, 7200.0) < 0.02, "served within nine minutes");
    let turned = by_control.when(|what| matches!(what, What::ControlTurned { on: SECOND, .. }));
    assert!(turned.is_some_and(|at| at < 1200.0 + 300.0), "{turned:?}");

    // Clients first: while their record waits nothing has been promoted, and all can be called off.
    let clients_first = json!([{ "name": "switch-over", "starts": { "when": "order", "given": "copy" }, "mode": "graceful",
        "steps": [
            { "name": "record", "action": "shift-traffic", "by": "record-change" },
            { "name": "fence", "action": "fence", "on": "owner", "after": ["record"] },
            { "name": "promote", "action": "promote", "after": ["fence"], "needs": ["copy"], "no_return": true }
        ] }]);
    let mut called_off = frozen_day(Cutover::RecordChange, clients_first);
    for zone in ["a", "b", "c"] {
        called_off.order(&format!("clear zone-grey=us-east-1{zone}"));
    }
    called_off.run_to(7260.0).order("call-off").order("clear dns-control-plane").run_to(8400.0);
    assert_eq!((primary(&called_off), executions(&called_off)[0].state), (FIRST, ExecutionState::CalledOff));
    assert!(share_failed(&called_off, 7300.0, 8400.0) < 0.01, "nobody was moved from a region that is well");
}

#[test]
fn a_person_turns_a_routing_control() {
    for seed in [3, 5] {
        let mut lab = Lab::new(&sites(WritePattern::WriteLocal), seed);
        lab.run_to(300.0)
            .order("dns-control-plane")
            .order("routing-control=us-east-1>eu-west-1")
            .run_to(1500.0);
        let now = lab.run.now();
        assert_eq!(lab.run.world().system.clients.resolvers_pointing_to(FIRST, now), 0, "seed {seed}");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn a_step_whose_needs_are_not_met_is_skipped_or_fails_as_the_runbook_says() {
    let runbook = |otherwise: &str| {
        json!([{ "name": "roll-back", "starts": { "when": "order" }, "steps": [
            { "name": "look", "action": "try", "needs": ["copy"], "takes_s": [5], "otherwise": otherwise },
            { "name": "back", "action": "roll-back", "on": "owner", "after": ["look"], "takes_s": [10, 20] }
        ] }])
    };
    for (otherwise, look, back) in [
        ("skip", StepState::Skipped, Some(StepState::Done)),
        ("fail", StepState::Failed, None),
        ("wait", StepState::Waiting, None),
    ] {
        let mut scenario = coarse();
        scenario.recovery.decider = Decider::Manual;
        let mut lab = Lab::new(&with_runbooks(&scenario, runbook(otherwise)), 3);
        lab.run_to(60.0).order("bad-deploy=us-east-1").run_to(70.0);
        lab.order("roll-back=us-east-1").run_to(200.0);
        let all = executions(&lab);
        let of = |name: &str| all[0].steps.iter().find(|step| step.name == name).map(|step| step.state);
        assert_eq!((of("look"), of("back")), (Some(look), back), "{otherwise}: {:?}", all[0]);
        if look != StepState::Waiting {
            let why = all[0].steps[0].why.clone();
            assert_eq!(why.as_deref(), Some("no-replica=us-east-1"), "{otherwise}");
        }
    }
}

#[test]
fn a_runbook_of_the_scenario_brings_the_work_home_by_itself() {
    let home = json!([{ "name": "go-home", "starts": { "when": "healthy-again", "given": "copy" }, "decider": "automatic",
        "mode": "graceful", "steps": [
            { "name": "catch-up", "action": "catch-up" },
            { "name": "switch", "action": "switch-over", "after": ["catch-up"], "no_return": true },
            { "name": "return", "action": "return-traffic", "after": ["switch"] },
            { "name": "take-down", "action": "take-down", "on": "owner", "after": ["return"] }
        ] }]);
    let mut scenario = coarse();
    scenario.database.engine = Engine::AuroraGlobal;
    scenario.database.inside = Engine::AuroraGlobal.forms()[0].inside;
    scenario.recovery.pin = false;
    for seed in [3, 5] {
        let mut lab = Lab::new(&with_runbooks(&scenario, home.clone()), seed);
        lab.run_to(300.0).order("region-dark=us-east-1").run_to(1800.0);
        assert_eq!(primary(&lab), SECOND, "seed {seed}");
        lab.order("clear region-dark=us-east-1").run_to(4000.0);
        // Its copy does not follow yet when the checks pass: the runbook does not fit, and nothing is forced.
        let names: Vec<String> = executions(&lab).into_iter().map(|it| it.runbook).collect();
        assert!(names.contains(&"fail-over".to_string()), "seed {seed}: {names:?}");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}
