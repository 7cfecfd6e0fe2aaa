//! Rollouts: a release goes region by region, bakes in each, and is taken back when an alarm goes off.

use crate::lab::{Lab, assert_close, coarse};
use crate::laws;
use faultline::kernel::id::{RegionId, ReleaseId};
use faultline::model::scenario::{Scenario, Strategy, WritePattern};
use faultline::model::unit::{Factor, Share, Span};
use faultline::model::{Engine, Order, Region, Release, RoutingPolicy, Waves};
use faultline::run::report::executions::{ExecutionReport, ExecutionState, StepState};
use faultline::system::journal::What;
use faultline::system::refusal::Refusal;
use serde_json::json;

const FIRST: RegionId = RegionId(0);
const SECOND: RegionId = RegionId(1);
const GOOD: ReleaseId = ReleaseId(0);
const BAD: ReleaseId = ReleaseId(1);

/// Time to bring a release out, or to take it back.
const DEPLOY_S: f64 = 300.0;
/// An alarm takes three whole minutes, and the counts of the last of them two seconds more.
const ALARM_S: f64 = 180.0 + 2.0;

/// Two sites in heavy requests, each with the clients near it.
fn sites() -> Scenario {
    let mut scenario = coarse();
    scenario.strategy = Strategy::MultiSite;
    scenario.database.engine = Engine::DynamodbGlobal;
    scenario.database.inside = Engine::DynamodbGlobal.forms()[0].inside;
    scenario.write_pattern = WritePattern::WriteLocal;
    scenario.dns.policy = RoutingPolicy::Latency;
    scenario.regions = vec![Region::named("us-east-1", 8), Region::named("eu-west-1", 8)];
    scenario
}

/// The same with other spans.
fn in_haste(deploy_s: f64, bake_s: f64) -> Scenario {
    let mut scenario = sites();
    (scenario.recovery.deploy_s, scenario.rollout.bake_s) = (Span(deploy_s), Span(bake_s));
    scenario
}

/// The region with fewer users, the other, and the share of all requests that goes to the first.
fn by_users(lab: &Lab) -> (RegionId, RegionId, f64) {
    let people = &lab.run.world().system.clients.populations;
    let to = |region: RegionId| people.iter().map(|it| f64::from(it.tried[region])).sum::<f64>();
    let (first, second) = (to(FIRST), to(SECOND));
    let all = first + second;
    if first < second { (FIRST, SECOND, first / all) } else { (SECOND, FIRST, second / all) }
}

fn executions(lab: &Lab) -> Vec<ExecutionReport> {
    lab.run.report().incidents.into_iter().flat_map(|it| it.executions).collect()
}

fn refused(lab: &Lab) -> Option<Refusal> {
    let last = lab.record.journal.last().map(|entry| entry.what);
    if let Some(What::OrderRefused(_, why)) = last { Some(why) } else { None }
}

/// Whether something took as long as its spans do, and the calls to control planes before them, a round trip each.
fn took(measured: Option<f64>, spans_s: f64) -> bool {
    measured.is_some_and(|measured| (spans_s..spans_s + 1.5).contains(&measured))
}

/// When a release came to a region.
fn out(lab: &Lab, at: RegionId) -> Option<f64> {
    lab.when(|what| matches!(what, What::ReleaseOut { region, .. } if *region == at))
}

/// When one was taken back there.
fn back(lab: &Lab, at: RegionId) -> Option<f64> {
    lab.when(|what| matches!(what, What::ReleaseBack { region, .. } if *region == at))
}

fn runs(lab: &Lab, release: ReleaseId) -> [bool; 2] {
    [FIRST, SECOND].map(|region| lab.run.world().system.runs(region, release))
}

#[test]
fn a_bad_release_that_goes_region_by_region_hurts_one_region_until_it_is_taken_back() {
    for seed in [3, 5] {
        let mut lab = Lab::new(&sites(), seed);
        lab.run_to(300.0);
        let (few, many, share) = by_users(&lab);
        lab.order("deploy=v44").run_to(2400.0);
        // It is out after 300 s, on a whole minute: the alarm, then as long again to take it back.
        assert!(took(out(&lab, few), 300.0 + DEPLOY_S), "seed {seed}: those with fewer users first");
        assert_eq!((out(&lab, many), runs(&lab, BAD)), (None, [false; 2]), "seed {seed}: only those");
        let taken_back = back(&lab, few).expect("it is taken back");
        let bad_s = taken_back - 300.0 - DEPLOY_S;
        assert_close("seconds of harm", bad_s, ALARM_S + DEPLOY_S, 0.01);
        let sent = f64::from(lab.served(600.0, taken_back) + lab.failed(600.0, taken_back));
        let failed = f64::from(lab.failed(0.0, 2400.0));
        assert_close("failed requests", failed, share * sent, 0.06);
        assert_eq!(lab.failed(taken_back + 60.0, 2400.0), 0, "seed {seed}: all is well again");
        // All of it is booked on the order, which is an incident of its own.
        let report = lab.run.report();
        let [incident] = &report.incidents[..] else { panic!("one incident: {:?}", report.incidents) };
        assert_eq!(
            (incident.trigger.kind.as_str(), incident.trigger.target.as_deref()),
            ("deploy", Some("v44"))
        );
        let by_chance = report.no_incident.failed as f64 / report.requests.failed as f64;
        assert!(by_chance < 0.002, "seed {seed}: {by_chance}, whose last attempt was slow by chance");
        assert!(!incident.open && incident.detected_s.is_some_and(|at| at < taken_back - DEPLOY_S + 2.0));
        let rto = incident.rto_s.expect("it is over");
        assert_close("time to recover", rto, bad_s, 0.05);
        let states: Vec<_> = incident.executions.iter().map(|it| (it.runbook.as_str(), it.state)).collect();
        assert_eq!(
            states,
            [("deploy", ExecutionState::Failed), ("roll-back", ExecutionState::Done)],
            "seed {seed}"
        );
        let bake = incident.executions[0].steps.iter().find(|it| it.action == "bake").expect("it bakes");
        assert_eq!(bake.state, StepState::Failed, "seed {seed}");
        assert_eq!(bake.why, Some(format!("alarm={}", lab.run.plan().region_code(few))), "seed {seed}");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn everywhere_at_once_the_bad_release_is_everywhere() {
    for seed in [3, 5] {
        let mut scenario = sites();
        scenario.rollout.order = Waves::Everywhere;
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(300.0).order("deploy=v44").run_to(2400.0);
        let when = [FIRST, SECOND].map(|region| (out(&lab, region), back(&lab, region)));
        let apart = when[0].0.zip(when[1].0).map(|(one, other)| (one - other).abs());
        assert!(took(apart, 0.0), "seed {seed}: the same in all regions: {when:?}");
        let (Some(from), Some(to)) = when[0] else { panic!("seed {seed}: out, and taken back: {when:?}") };
        assert_close("seconds of harm", to - from, ALARM_S + DEPLOY_S, 0.01);
        assert_eq!(lab.served(from + 5.0, to - 25.0), 0, "seed {seed}: nobody is served");
        assert_eq!(lab.failed(to + 60.0, 2400.0), 0, "seed {seed}");
        let states: Vec<_> = executions(&lab).into_iter().map(|it| it.runbook).collect();
        assert_eq!(states, ["deploy", "roll-back", "roll-back"], "seed {seed}: each region by itself");
    }
}

#[test]
fn a_good_release_hurts_nobody() {
    for order in Waves::ALL {
        let mut scenario = sites();
        scenario.rollout.order = order;
        let mut lab = Lab::new(&scenario, 3);
        lab.run_to(300.0);
        let (few, many, _) = by_users(&lab);
        lab.order("deploy=v43").run_to(2400.0);
        let mut calm = Lab::new(&scenario, 3);
        calm.run_to(2400.0);
        assert_eq!(lab.record.samples, calm.record.samples, "{order:?}: the same to the digit");
        assert_eq!(runs(&lab, GOOD), [true; 2], "{order:?}");
        let [deploy] = &executions(&lab)[..] else { panic!("one execution") };
        assert_eq!(deploy.state, ExecutionState::Done);
        // Region by region the second one gets it after the bake time of the first.
        let apart = out(&lab, many).zip(out(&lab, few)).map(|(many, few)| many - few);
        let wanted = if order == Waves::Everywhere { 0.0 } else { *scenario.rollout.bake_s + DEPLOY_S };
        assert!(took(apart.map(f64::abs), wanted), "{order:?}: {apart:?}");
        let baked = lab.entries(|what| matches!(what, What::ReleaseBaked { .. })).count();
        assert_eq!(baked, 2, "{order:?}: in each region");
        lab.order("deploy=v43");
        assert_eq!(refused(&lab), Some(Refusal::IsOut), "{order:?}");
        let [incident] = &lab.run.report().incidents[..] else { panic!("one incident") };
        assert_eq!((incident.failed, incident.rto_s, incident.open), (0, Some(0.0), false), "{order:?}");
    }
}

#[test]
fn what_bakes_for_less_time_than_the_alarm_takes_goes_on_to_the_next_region() {
    // Out in the first region after 60 s, in the second after 150 s; the alarm needs 180 s.
    let mut lab = Lab::new(&in_haste(60.0, 30.0), 3);
    lab.run_to(300.0);
    let (few, many, _) = by_users(&lab);
    lab.order("deploy=v44").run_to(1200.0);
    assert!(took(out(&lab, few), 360.0) && took(out(&lab, many), 450.0));
    assert_eq!(runs(&lab, BAD), [true; 2], "the rollout was over before an alarm went off: it stays");
    assert!(lab.served(1100.0, 1200.0) == 0, "nobody is served");
    // People take it back by order, region by region.
    lab.order("roll-back=us-east-1").order("roll-back=eu-west-1").run_to(1500.0);
    assert_eq!((runs(&lab, BAD), lab.failed(1350.0, 1500.0)), ([false; 2], 0));
    lab.order("roll-back=us-east-1");
    assert_eq!(refused(&lab), Some(Refusal::NoRelease), "there is nothing to go back to");
    assert_eq!(laws::unlisted(&lab.run), []);
}

#[test]
fn a_release_that_fails_few_requests_goes_on_below_the_alarm() {
    // Five percent of a region's answers have to fail; a retry hides most of the rest.
    for (fails, taken_back) in [(0.02, false), (0.2, true)] {
        let mut scenario = in_haste(60.0, 300.0);
        scenario.rollout.releases[1].fails = Share(fails);
        let mut lab = Lab::new(&scenario, 3);
        lab.run_to(300.0).order("deploy=v44").run_to(1500.0);
        assert_eq!(runs(&lab, BAD), [!taken_back; 2], "{fails}");
    }
}

#[test]
fn an_alarm_that_was_on_before_speaks_against_a_release_if_it_does_not_end() {
    for mended in [true, false] {
        let mut scenario = in_haste(60.0, 300.0);
        (scenario.faults.grey_factor, scenario.faults.grey_failures) = (Factor(1.0), Share(1.0));
        let mut lab = Lab::new(&scenario, 3);
        lab.run_to(300.0);
        let few = lab.run.plan().region_code(by_users(&lab).0).to_owned();
        let zones = ["a", "b", "c"].map(|zone| format!("zone-grey={few}{zone}"));
        for grey in &zones {
            lab.order(grey);
        }
        lab.run_to(600.0).order("deploy=v43").run_to(650.0);
        assert!(lab.when(|what| matches!(what, What::AlarmRaised(_))).is_some_and(|at| at < 500.0));
        for grey in zones.iter().filter(|_| mended) {
            lab.order(&format!("clear {grey}"));
        }
        lab.run_to(1500.0);
        assert_eq!(runs(&lab, GOOD), [mended; 2]);
        let stopped = lab.when(|what| matches!(what, What::StepGivenUp(..)));
        assert_eq!(stopped.is_none(), mended);
        assert!(
            mended || took(stopped, 660.0 + 180.0),
            "out at 660, with three minutes to end it: {stopped:?}"
        );
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn what_is_off_the_road_is_refused_or_waits_and_says_for_what() {
    let mut lab = Lab::new(&in_haste(60.0, 60.0), 3);
    lab.run_to(60.0);
    let (few, many, _) = by_users(&lab);
    let order = Order::parse("deploy=v99").expect("a word");
    let said = lab.run.resolve(&order).expect_err("nobody knows it");
    assert!(said.contains("v43 or v44"), "{said}");
    let code = |lab: &Lab, region| lab.run.plan().region_code(region).to_owned();
    let (few, many) = (code(&lab, few), code(&lab, many));
    lab.order(&format!("region-dark={few}")).order("deploy=v43").run_to(300.0);
    let waits = |lab: &Lab| {
        let all = executions(lab);
        let step = all.iter().flat_map(|it| &it.steps).find(|it| it.state == StepState::Waiting);
        step.and_then(|step| step.waits_for.as_ref()).map(|wait| wait.text.clone())
    };
    assert_eq!(waits(&lab), Some(format!("region-dark={few}")));
    lab.order("deploy=v44");
    assert!(matches!(refused(&lab), Some(Refusal::Busy(_))), "one at a time: {:?}", refused(&lab));
    lab.order(&format!("clear region-dark={few}")).run_to(361.0);
    lab.order(&format!("control-plane={many}")).run_to(900.0);
    assert_eq!(waits(&lab), Some(format!("control-plane={many}")));
    lab.order(&format!("clear control-plane={many}")).run_to(1200.0);
    assert_eq!(runs(&lab, GOOD), [true; 2]);
    // What boots later runs it too.
    lab.order("region-dark=us-east-1").run_to(1300.0).order("clear region-dark=us-east-1").run_to(1800.0);
    assert_eq!(runs(&lab, GOOD), [true; 2]);
    assert_eq!(laws::unlisted(&lab.run), []);
}

#[test]
fn whoever_calls_a_rollout_off_or_takes_it_back_in_one_region_takes_it_back_in_all() {
    for order in ["call-off", "roll-back=eu-west-1"] {
        let mut scenario = in_haste(60.0, 600.0);
        scenario.rollout.order = Waves::Everywhere;
        let mut lab = Lab::new(&scenario, 3);
        lab.run_to(300.0).order("deploy=v43").run_to(400.0);
        assert_eq!(runs(&lab, GOOD), [true; 2], "{order}");
        lab.order(order).run_to(600.0);
        assert_eq!(runs(&lab, GOOD), [false; 2], "{order}");
        let states: Vec<_> = executions(&lab).into_iter().map(|it| it.state).collect();
        assert_eq!(
            states,
            [ExecutionState::CalledOff, ExecutionState::Done, ExecutionState::Done],
            "{order}"
        );
        assert_eq!(lab.run.report().incidents.len(), 1, "{order}: it belongs to the rollout");
    }
}

#[test]
fn a_release_that_writes_rubbish_is_taken_back_and_the_data_is_restored() {
    for seed in [3, 5] {
        let mut scenario = coarse();
        scenario.horizon_s = Span(14_400.0);
        scenario.rollout.releases =
            vec![Release { name: "ruinous".into(), fails: Share(0.0), rubbish: true }];
        (scenario.recovery.deploy_s, scenario.rollout.bake_s) = (Span(60.0), Span(60.0));
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(300.0).order("deploy=ruinous").run_to(900.0);
        // The standby got it first: nobody asks there, and so nothing was found out.
        assert!(took(out(&lab, SECOND), 360.0) && took(out(&lab, FIRST), 480.0), "seed {seed}");
        lab.run_to(10_800.0);
        assert_eq!(runs(&lab, GOOD), [false; 2], "seed {seed}: it is taken back");
        assert_eq!(lab.ruined(), [0; 2], "seed {seed}: the data was restored");
        let report = lab.run.report();
        assert_eq!(report.incidents.len(), 1, "seed {seed}: {:?}", report.incidents);
        let incident = &report.incidents[0];
        assert_eq!((incident.trigger.kind.as_str(), incident.open), ("deploy", false), "seed {seed}");
        let share = incident.failed as f64 / report.requests.failed as f64;
        assert!(share > 0.998, "seed {seed}: {share} of what failed; the rest was slow by chance");
        assert!(incident.executions.iter().any(|it| it.runbook == "restore-in-place"), "seed {seed}");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn what_a_restore_takes_back_goes_to_no_other_region() {
    let mut scenario = coarse();
    scenario.rollout.releases = vec![Release { name: "ruinous".into(), fails: Share(0.0), rubbish: true }];
    scenario.recovery.deploy_s = Span(60.0);
    let mut lab = Lab::new(&scenario, 3);
    lab.run_to(300.0).order("deploy=ruinous").run_to(400.0);
    assert_eq!(runs(&lab, GOOD), [false, true], "it bakes where nobody is");
    lab.order("restore=us-east-1@-600").run_to(3000.0);
    assert!(back(&lab, SECOND).is_some_and(|at| at < 500.0));
    assert_eq!((out(&lab, FIRST), runs(&lab, GOOD)), (None, [false; 2]));
    let rollout = executions(&lab).into_iter().find(|it| it.runbook == "deploy").expect("there was one");
    assert_eq!(rollout.state, ExecutionState::CalledOff);
    assert_eq!(laws::unlisted(&lab.run), []);
}

#[test]
fn a_rollout_of_ones_own_leaves_a_region_out_or_does_not_bake() {
    let mut file = serde_json::to_value(in_haste(60.0, 600.0)).expect("plain data");
    file["runbooks"] = json!([{ "name": "deploy", "starts": { "when": "order" }, "steps": [
        { "name": "look", "action": "try", "on": "each-region", "takes_s": [10] },
        { "name": "one", "action": "release", "on": "us-east-1", "after": ["look"] },
        { "name": "end", "action": "bake", "on": "us-east-1", "after": ["one"], "takes_s": [20] }
    ] }]);
    let mut lab = Lab::new(&Scenario::read(&file.to_string()).expect("a good file"), 3);
    lab.run_to(300.0).order("deploy=v43").run_to(900.0);
    assert_eq!(runs(&lab, GOOD), [true, false]);
    let [deploy] = &executions(&lab)[..] else { panic!("one execution") };
    let names: Vec<&str> = deploy.steps.iter().map(|it| it.name.as_str()).collect();
    let few = lab.run.plan().region_code(by_users(&lab).0);
    assert_eq!(names.len(), 4, "{names:?}");
    assert_eq!((names[0], names[2]), (format!("look@{few}").as_str(), "one"), "after all regions: {names:?}");
    assert!(took(deploy.end_s.map(|end| end - deploy.start_s), 10.0 + 10.0 + 60.0 + 20.0));
}

#[test]
fn nobody_passes_a_release_that_monitoring_could_not_watch() {
    for which in ["v43", "v44"] {
        let mut scenario = in_haste(60.0, 600.0);
        let mut before = Lab::new(&scenario, 3);
        before.run_to(60.0);
        let (few, many, _) = by_users(&before);
        let monitor = before.run.plan().region_code(many).to_owned();
        scenario.operations.monitor_region.clone_from(&monitor);
        let mut lab = Lab::new(&scenario, 3);
        lab.run_to(60.0).order(&format!("deploy={which}")).run_to(180.0);
        assert!(out(&lab, few).is_some(), "{which}: it bakes in the first region");
        lab.order(&format!("region-dark={monitor}")).run_to(1800.0);
        let passed = lab.entries(|what| matches!(what, What::ReleaseBaked { .. })).count();
        let all = executions(&lab);
        let waits = all.iter().flat_map(|it| &it.steps).find_map(|step| step.waits_for.as_ref());
        let text = waits.map(|wait| wait.text.clone());
        assert_eq!((passed, text), (0, Some(format!("monitoring={monitor}"))), "{which}");
        lab.order(&format!("clear region-dark={monitor}")).run_to(4800.0);
        let (good, bad) = (runs(&lab, GOOD), runs(&lab, BAD));
        if which == "v43" {
            assert_eq!(good, [true; 2], "it goes on once somebody has looked");
        } else {
            assert_eq!(bad, [false; 2], "the alarm finds what nobody had seen");
        }
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}
