//! What a recovery has to ask for may not be granted: control planes, quotas, images, templates, versions, people.

use crate::lab::{Lab, assert_close, calm, grainy, in_haste};
use faultline::kernel::id::RegionId;
use faultline::model::runbook::StepName;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::{Gib, Span};
use faultline::model::{Cutover, Decider, Skew};
use faultline::run::report::executions::StepState;
use faultline::system::journal::What;

const CLOSED: Option<&str> = Some("control-plane=eu-west-1");

fn automatic(strategy: Strategy) -> Scenario {
    let mut scenario = calm(strategy);
    scenario.recovery.decider = Decider::Automatic;
    scenario.database.size_gib = Gib(10.0);
    scenario
}

fn dark(scenario: &Scenario, seed: u64) -> Lab {
    let mut lab = Lab::new(scenario, seed);
    lab.run_to(60.0).order("region-dark=us-east-1");
    lab
}

#[test]
fn without_the_control_plane_nothing_is_made_and_with_it_everything_goes_on() {
    let wanted: [(Strategy, &[&str]); 3] = [
        (Strategy::BackupRestore, &["build-network", "fetch-backup"]),
        (Strategy::PilotLight, &["scale-out", "promote"]),
        (Strategy::WarmStandby, &["scale-out", "promote"]),
    ];
    for (strategy, steps) in wanted {
        let mut lab = dark(&automatic(strategy), 3);
        lab.order("control-plane=eu-west-1").run_to(1500.0);
        for step in steps {
            assert_eq!(lab.waits_for(step).as_deref(), CLOSED, "{strategy:?}: {step}");
        }
        assert_eq!(lab.run.world().system.ownership.primary(), RegionId(0), "{strategy:?}");
        lab.order("clear control-plane=eu-west-1").run_to(14_000.0);
        for step in steps {
            assert!(lab.step(step).end_s.is_some(), "{strategy:?}: {step}");
        }
        assert_eq!(lab.run.world().system.ownership.primary(), RegionId(1), "{strategy:?}");
        assert!(lab.incident().restored_s.is_some(), "{strategy:?}: {:?}", lab.incident());
    }
}

#[test]
fn a_slow_control_plane_launches_one_server_after_the_other() {
    for (rate, least_s, most_s) in [(1, 210.0, 360.0), (2, 120.0, 270.0)] {
        let mut scenario = automatic(Strategy::WarmStandby);
        scenario.faults.slow_launches_per_min = rate;
        (scenario.servers.boot_min_s, scenario.servers.boot_max_s) = (Span(30.0), Span(30.0));
        let mut lab = Lab::new(&scenario, 3);
        lab.run_to(60.0).order("region-dark=us-east-1").order("control-plane-slow=eu-west-1").run_to(1500.0);
        let scale = lab.step("scale-out");
        let waited = scale.waits_for.as_ref().map(|wait| wait.text.as_str());
        assert_eq!(waited, Some("throttled=eu-west-1"), "{rate} a minute");
        // Four servers are missing: three pauses, each until Auto Scaling looks again (30 s), then a boot and its checks.
        let took = scale.end_s.expect("done") - scale.start_s;
        assert!((least_s..most_s).contains(&took), "{rate} a minute: {took} s");
        let launched =
            lab.entries(|what| matches!(what, What::ServersLaunched { region: RegionId(1), count: 1 }));
        assert_eq!(launched.count(), 4, "one by one");
    }
}

#[test]
fn a_restore_in_place_needs_the_control_plane_of_its_own_region() {
    let mut scenario = in_haste(automatic(Strategy::WarmStandby));
    scenario.recovery.decider = Decider::Manual;
    let mut lab = Lab::new(&scenario, 3);
    lab.run_to(400.0).order("control-plane=us-east-1").order("restore=us-east-1@100").run_to(900.0);
    let waits = |lab: &Lab| {
        let incidents = lab.run.report().incidents;
        incidents.iter().flat_map(|incident| incident.steps()).any(|step| step.state == StepState::Waiting)
    };
    assert!(waits(&lab), "{:?}", lab.run.report().incidents);
    lab.order("clear control-plane=us-east-1").run_to(1500.0);
    assert!(!waits(&lab));
    assert!(lab.run.report().incidents.iter().any(|incident| incident.restore_point_age_s == Some(300.0)));
}

#[test]
fn a_standby_that_is_as_large_as_the_primary_needs_nothing_launched() {
    let mut scenario = automatic(Strategy::WarmStandby);
    scenario.regions[1].servers = scenario.recovery.servers;
    let mut lab = dark(&scenario, 3);
    lab.order("control-plane=eu-west-1").order("capacity=eu-west-1").run_to(300.0);
    assert_eq!(lab.step("scale-out").waits_for, None, "static stability");
    assert!(lab.span("scale-out") <= 1.0);
    assert!(lab.served(200.0, 300.0) > 20, "reads are answered");
}

#[test]
fn a_quota_stops_the_scale_out_until_it_is_raised() {
    let mut scenario = automatic(Strategy::WarmStandby);
    scenario.regions[1].quota = 4;
    let mut lab = dark(&scenario, 3);
    lab.run_to(1200.0);
    assert_eq!(lab.waits_for("scale-out").as_deref(), Some("quota=eu-west-1"));
    assert_eq!(lab.run.world().system.fleets.alive(RegionId(1)), 4, "as many as are allowed");
    lab.order("raise-quota=eu-west-1").run_to(1800.0);
    assert!(lab.step("scale-out").end_s.is_some());
    assert_eq!(lab.run.world().system.fleets.serving(RegionId(1)), 6);
}

#[test]
fn an_image_that_was_never_copied_is_copied_when_its_region_is_back() {
    let mut scenario = automatic(Strategy::PilotLight);
    scenario.regions[1].image = false;
    let mut lab = dark(&scenario, 3);
    lab.run_to(2400.0);
    assert_eq!(lab.waits_for("scale-out").as_deref(), Some("no-image=eu-west-1"));
    assert_eq!(lab.waits_for("copy-image").as_deref(), Some("region-dark=us-east-1"));
    assert_eq!(lab.run.world().system.fleets.alive(RegionId(1)), 0);
    lab.order("clear region-dark=us-east-1").run_to(4800.0);
    let copied = lab.step("copy-image").end_s.expect("copied");
    // A quarter of an hour, from the first call after it is back: the longest pause between two is 20 s.
    assert!((2400.0 + 900.0..2400.0 + 926.0).contains(&copied), "{copied}");
    assert_eq!(lab.run.world().system.fleets.serving(RegionId(1)), 6);
}

#[test]
fn without_templates_there_is_no_network() {
    let mut scenario = automatic(Strategy::BackupRestore);
    scenario.regions[1].templates = false;
    let mut lab = dark(&scenario, 3);
    lab.run_to(6.0 * 3600.0);
    assert_eq!(lab.waits_for("build-network").as_deref(), Some("no-templates=eu-west-1"));
    assert_eq!(lab.incident().restored_s, None);
    assert_eq!(lab.run.world().system.fleets.alive(RegionId(1)), 0);
}

#[test]
fn an_older_version_cannot_read_what_is_there_until_it_is_replaced() {
    for strategy in [Strategy::PilotLight, Strategy::WarmStandby] {
        let mut scenario = grainy(strategy);
        scenario.recovery.decider = Decider::Automatic;
        scenario.regions[1].version = "v41".into();
        (scenario.database.keys, scenario.database.skew) = (4096, Skew::Uniform);
        let mut lab = dark(&scenario, 3);
        lab.run_to(3600.0);
        let (validated, deployed) = (lab.step("validate"), lab.step("deploy"));
        let brought =
            lab.when(|what| matches!(what, What::VersionDeployed { region: RegionId(1), version: 42 }));
        let brought = brought.expect("another version is brought out");
        assert_eq!(deployed.end_s, Some(brought));
        assert_close("a deployment", brought - deployed.start_s, *scenario.recovery.deploy_s, 0.01);
        assert!(validated.start_s >= brought, "{strategy:?}: and then it is validated again");
        // What the old version writes itself it can read; of 4096 keys it comes to a few.
        let promoted = lab.step("promote").end_s.expect("promoted");
        let (failed, served) = (lab.failed(promoted, brought), lab.served(promoted, brought));
        assert!(failed > 2 * served, "{strategy:?}: {failed} fail, {served} do not");
        // A request counts when it was sent: one that waits and is tried again may have been sent some seconds before.
        assert!(lab.incident().restored_s.expect("restored") >= brought - 5.0, "{strategy:?}");
        assert_eq!(lab.failed(3500.0, 3600.0), 0);
    }
}

#[test]
fn a_record_that_cannot_be_changed_leaves_the_clients_in_the_dark() {
    let mut scenario = automatic(Strategy::WarmStandby);
    scenario.recovery.cutover = Cutover::RecordChange;
    let changed = |scenario: &Scenario| {
        let mut lab = dark(scenario, 3);
        lab.run_to(6000.0);
        (
            lab.waits_for("change-record"),
            lab.incident().steps().any(|step| {
                step.name == "change-record" && step.end_s.is_some_and(|end| end < 3600.0 + 60.0 + 120.0)
            }),
        )
    };
    assert_eq!(changed(&scenario), (Some("dns-control-plane".into()), false));
    scenario.dns.control_plane_moves_s = Some(Span(3600.0));
    assert_eq!(changed(&scenario), (None, true), "it moves within the hour");
    scenario.dns.control_plane_moves_s = None;
    scenario.dns.control_plane_region = "us-west-2".into();
    assert_eq!(changed(&scenario), (None, true), "or lives elsewhere anyway");
    let mut frozen = dark(&scenario, 3);
    frozen.order("dns-control-plane").run_to(3000.0);
    assert_eq!(frozen.waits_for("change-record").as_deref(), Some("dns-control-plane"));
    frozen.order("clear dns-control-plane").run_to(3100.0);
    assert_eq!(frozen.waits_for("change-record"), None);
}

#[test]
fn two_zones_at_once_leave_the_third_to_carry_on() {
    let mut lab = Lab::new(&grainy(Strategy::WarmStandby), 3);
    lab.run_to(120.0).order("zone-power=us-east-1b").order("zone-power=us-east-1c").run_to(1200.0);
    assert_eq!(lab.run.world().system.ownership.primary(), RegionId(0), "the region lives");
    assert_eq!(lab.run.report().consistency.lost_writes, 0);
    let serving = lab.run.world().system.fleets.serving(RegionId(0));
    assert!(serving >= 6, "Auto Scaling puts them all in the third zone: {serving}");
    assert_eq!(lab.failed(1100.0, 1200.0), 0);
    let mut both = Lab::new(&calm(Strategy::WarmStandby), 3);
    both.run_to(120.0).order("zone-power=us-east-1a").order("zone-power=us-east-1b").run_to(250.0);
    let database = &both.run.world().system.databases[0];
    assert!(!database.writable(), "primary and standby are in those two: {database:?}");
    both.order("clear zone-power=us-east-1b").run_to(900.0);
    assert!(both.run.world().system.databases[0].writable(), "either of the two is enough");
    assert_eq!(both.run.report().consistency.lost_writes, 0);
}

#[test]
fn a_database_that_is_gone_pages_by_its_failing_requests_though_health_checks_pass() {
    let mut lab = Lab::new(&grainy(Strategy::WarmStandby), 3);
    lab.run_to(120.0).order("zone-power=us-east-1a").order("zone-power=us-east-1b").run_to(290.0);
    assert!(lab.run.world().system.route53.endpoints[0].healthy, "the third zone answers shallow checks");
    assert_eq!(lab.run.world().system.ownership.primary(), RegionId(0), "the alarm waits for three minutes");
    lab.run_to(3000.0);
    assert_eq!(
        lab.run.world().system.ownership.primary(),
        RegionId(1),
        "then the copy in the other region takes over"
    );
    assert_eq!(lab.failed(2700.0, 3000.0), 0);
    let several = |fallback: bool| {
        let mut scenario = grainy(Strategy::MultiSite);
        scenario.database.fallback = fallback;
        let mut lab = Lab::new(&scenario, 3);
        lab.run_to(120.0).order("zone-power=us-east-1a").order("zone-power=us-east-1b").run_to(1200.0);
        lab.failed(900.0, 1200.0)
    };
    let failed = several(true);
    assert!(failed <= 2, "if every copy takes writes, servers can be made to turn to the other: {failed}");
    let failed = several(false);
    assert!(failed > 100, "else whoever is sent there fails: shallow checks pass: {failed}");
}

#[test]
fn a_surge_during_the_recovery_makes_it_longer_and_it_ends() {
    let restored = |surge: bool| {
        let mut lab = dark(&grainy(Strategy::WarmStandby), 3);
        if surge {
            lab.run_to(200.0).order("load-surge").run_to(2400.0).order("clear load-surge");
        }
        lab.run_to(4000.0);
        lab.incident().rto_s.expect("restored")
    };
    let (calm, surge) = (restored(false), restored(true));
    assert!(surge > calm, "{surge} against {calm}");
}

#[test]
fn people_take_exactly_what_they_take() {
    let mut scenario = automatic(Strategy::WarmStandby);
    scenario.recovery.decider = Decider::Person;
    scenario.recovery.hesitation_s = Span(77.0);
    let mut lab = dark(&scenario, 3);
    lab.run_to(3600.0);
    let recovery = &scenario.recovery;
    let incident = lab.incident();
    let detected = lab.step("detect").end_s.expect("noticed");
    let sum = recovery.page_s + recovery.triage_s + recovery.decide_s + recovery.hesitation_s;
    let took = incident.decided_s.expect("decided") - detected;
    assert!((took - sum).abs() < 1e-3, "{took} against {sum}");
    for (name, span) in
        [("page", recovery.page_s), ("triage", recovery.triage_s), ("decide", Span(recovery.decide_s + 77.0))]
    {
        assert!((lab.span(name) - span).abs() < 1e-3, "{name}");
    }
}

#[test]
fn a_learner_is_waited_for_with_the_clock_running() {
    let mut scenario = automatic(Strategy::WarmStandby);
    scenario.recovery.decider = Decider::Learner;
    let mut lab = dark(&scenario, 6);
    lab.run_to(1800.0);
    assert_eq!((lab.incident().decided_s, lab.step("decide").end_s), (None, None));
    lab.order("decide").run_to(3600.0);
    assert_eq!(lab.incident().decided_s, Some(1800.0));
    assert_eq!(lab.run.world().system.ownership.primary(), RegionId(1));
    assert!(lab.incident().rto_s.expect("restored") > 1740.0);
}

#[test]
fn a_call_and_its_answer_take_their_way() {
    for (seed, span_s) in [(3, 60.0), (4, 20.0)] {
        let mut scenario = automatic(Strategy::WarmStandby);
        let recovery = &mut scenario.recovery;
        (recovery.promote_min_s, recovery.promote_typical_s) = (Span(span_s), Span(span_s));
        (recovery.promote_max_s, recovery.promote_restart_s) = (Span(span_s), Span(5.0));
        let mut lab = dark(&scenario, seed);
        lab.run_to(1500.0);
        // From the desk of those who run the system, which stands in the first city, to Ireland and back, and jitter.
        let plan = lab.run.plan();
        let round_trip_s = plan.city_round_trip_ms[usize::from(plan.home_cities[0])][1] / 1000.0;
        let extra_s = lab.span("promote") - span_s;
        assert!(round_trip_s > 0.05, "the ocean lies between: {round_trip_s}");
        assert!((round_trip_s..round_trip_s * 2.0).contains(&extra_s), "{extra_s} for {round_trip_s}");
    }
}

#[test]
fn what_is_not_answered_is_called_again_after_growing_pauses() {
    for (seed, open_s) in [(3, 400.0), (4, 400.0), (3, 431.0)] {
        let mut lab = dark(&automatic(Strategy::BackupRestore), seed);
        lab.order("control-plane=eu-west-1").run_to(open_s);
        assert_eq!(lab.waits_for("build-network").as_deref(), CLOSED);
        lab.order("clear control-plane=eu-west-1").run_to(open_s + 1000.0);
        let waits = lab.step("build-network").waits_for.map(|wait| wait.text);
        assert_eq!(waits.as_deref(), CLOSED, "what it had to wait for stays with it");
        let begun = lab.when(|what| matches!(what, What::StepEnded(StepName::BuildNetwork)));
        let recovery = &lab.run.plan().scenario.recovery;
        // The longest pause is 20 s, and a call that is on its way is waited for 5 s.
        let (least, most) = (open_s + *recovery.network_min_s, open_s + *recovery.network_max_s + 26.0);
        assert!(
            begun.is_some_and(|at| (least..most).contains(&at)),
            "seed {seed}: {begun:?}, {least} to {most}"
        );
    }
}

#[test]
fn a_slow_control_plane_throttles_calls() {
    for (rate, pause_s) in [(1, 60.0), (4, 15.0)] {
        let mut scenario = automatic(Strategy::BackupRestore);
        scenario.faults.slow_launches_per_min = rate;
        let span = Span(5.0);
        (scenario.recovery.network_min_s, scenario.recovery.network_max_s) = (span, span);
        let mut lab = Lab::new(&scenario, 3);
        lab.run_to(60.0).order("region-dark=us-east-1").order("control-plane-slow=eu-west-1").run_to(1500.0);
        // Both are called for at once: one is taken, the other after its pause, when it calls again.
        let ended = |name| lab.when(move |what| matches!(what, What::StepEnded(step) if *step == name));
        let built = ended(StepName::BuildNetwork).expect("the network is built");
        let waits = lab.step("fetch-backup").waits_for.map(|wait| wait.text);
        let fetched = ended(StepName::FetchBackup).expect("the backup is fetched");
        assert_eq!(waits.as_deref(), Some("throttled=eu-west-1"), "{rate} a minute");
        let late = fetched - (built - 5.0);
        assert!((pause_s..pause_s + 22.0).contains(&late), "{rate} a minute: {late} s later");
    }
}
