//! What Auto Scaling goes by, and how a fleet shrinks and grows: target tracking as AWS documents it, and how that can go
//! the wrong way (Slack, 4 January 2021).

use crate::lab::{Lab, assert_close};
use faultline::app::{App, Msg};
use faultline::kernel::id::RegionId;
use faultline::model::scenario::Scenario;
use faultline::model::unit::{Factor, Millis, Rate, Share, Span};
use faultline::model::{Clients, Decider, Depth, Metric, Population, ScaleBy};
use faultline::system::fleet::ServerState;
use faultline::system::journal::What;
use faultline::system::launch::LaunchRefusal;
use faultline::system::resized::Resized;
use faultline::system::several::Several;

const HOME: RegionId = RegionId(0);

/// Servers with eight slots of 200 ms, so many of them, and so many requests a second; booted in a minute.
fn fleet(servers: u32, rate: f64) -> Scenario {
    let mut scenario = Scenario { weight: 1, horizon_s: Span(7200.0), ..Scenario::default() };
    scenario.servers.service_ms = Millis(200.0);
    (scenario.servers.boot_min_s, scenario.servers.boot_max_s) = (Span(60.0), Span(60.0));
    scenario.servers.scale_in = true;
    scenario.servers.scale_by = ScaleBy::Cpu;
    (scenario.servers.most, scenario.servers.least) = (60, 1);
    scenario.servers.reconcile_s = Span(10.0);
    scenario.recovery.decider = Decider::Manual;
    (scenario.regions[0].servers, scenario.regions[0].quota) = (servers, 60);
    scenario.clients = Clients {
        populations: vec![Population {
            city: "New York".into(),
            requests_per_s: Rate(rate),
            read_share: Share(1.0),
            timeout_s: None,
        }],
        ..Clients::default()
    };
    scenario
}

fn alive(lab: &Lab) -> usize {
    lab.run.world().system.fleets.alive(HOME)
}

/// Every other number of servers that was wanted at home, with the second.
fn resized(lab: &Lab) -> Vec<(f64, Resized)> {
    let all = lab.record.journal.iter().filter_map(|entry| {
        let What::Resized(resized) = entry.what else { return None };
        (resized.region == HOME).then_some((entry.at.secs(), resized))
    });
    all.collect()
}

/// The least, the most and the last number of servers at home from now to a second.
fn sizes(lab: &mut Lab, from_s: u32, to_s: u32) -> (usize, usize, usize) {
    let (mut least, mut most) = (usize::MAX, 0);
    for second in from_s..=to_s {
        lab.run_to(f64::from(second));
        (least, most) = (least.min(alive(lab)), most.max(alive(lab)));
    }
    (least, most, alive(lab))
}

/// Slack, 4 January 2021, in small: twelve servers, a quota of twenty, and a network inside the region that is bad. Of the calls
/// of every server two thirds go to another zone.
fn slack(scale_by: &str, faults: &str) -> Scenario {
    let text = format!(
        r#"{{ "name": "scale-the-wrong-way", "horizon_s": 7200,
        "regions": [ {{ "code": "us-east-1", "servers": 12, "quota": 20 }}, {{ "code": "us-west-2", "servers": 4 }} ],
        "database": {{ "engine": "dynamodb-global" }},
        "servers": {{ "most": 60, "scale_by": "{scale_by}", "cpu_target": 0.35, "requests_target": 75, "scale_in": true,
            "scale_in_after_s": 60, "least": 4 }},
        "recovery": {{ "decider": "manual" }},
        "faults": {faults} }}"#
    );
    Scenario::read(&text).expect("a scenario")
}

const WAYS: [&str; 3] = ["a:us-east-1b", "a:us-east-1c", "b:us-east-1c"];
const LOSSY: &str = r#"{ "loss": 0.4 }"#;
const SLOW: &str = r#"{ "slow_factor": 400 }"#;

/// The way of a fleet: the least within two minutes after the fault, and the most and the last after that.
fn told(scenario: &Scenario, fault: &str, ways: &[&str], seed: u64) -> (Lab, usize, usize, usize) {
    let mut lab = Lab::new(scenario, seed);
    let (least, most, _) = sizes(&mut lab, 1, 600);
    assert_eq!((least, most), (12, 12), "seed {seed}: nothing changes on a calm day");
    for way in ways {
        lab.order(&format!("{fault}=us-east-1{way}"));
    }
    // A minute below, and two looks.
    let (shrunk, ..) = sizes(&mut lab, 601, 600 + 60 + 60);
    let (_, most, last) = sizes(&mut lab, 721, 1800);
    (lab, shrunk, most, last)
}

#[test]
fn by_use_of_processors_the_fleet_first_shrinks_and_then_grows_into_its_quota() {
    for (fault, faults, ways, metric, seed) in [
        ("zone-link-lossy", LOSSY, &WAYS[..], "cpu-or-slots", 1),
        ("zone-link-lossy", LOSSY, &WAYS[..], "cpu-or-slots", 2),
        ("zone-link-lossy", LOSSY, &WAYS[..], "cpu-or-requests", 3),
        ("zone-link-slow", SLOW, &WAYS[..], "cpu-or-slots", 4),
        ("zone-link-slow", SLOW, &WAYS[..2], "cpu-or-slots", 5),
    ] {
        let case = format!("{fault} by {metric}, {} ways, seed {seed}", ways.len());
        let (lab, shrunk, most, last) = told(&slack(metric, faults), fault, ways, seed);
        assert!((4..=9).contains(&shrunk), "{case}: a quarter or more goes within two looks: {shrunk} of 12");
        assert_eq!(most, 20, "{case}: it grows to its quota and not beyond");
        // By requests it goes on to and fro: what is lost is asked for again, and processors have nothing to do.
        assert!(last == 20 || metric == "cpu-or-requests", "{case}: {last} in the end");
        let wants = resized(&lab);
        let (first, later): (Vec<_>, Vec<_>) = wants.iter().partition(|(at, _)| *at < 720.0);
        assert!(first.iter().all(|(_, it)| it.by == Metric::Cpu && it.to < it.from), "{case}: {first:?}");
        let grows: Vec<_> = later.iter().filter(|(_, it)| it.to > it.from).collect();
        assert!(!grows.is_empty() && grows.iter().all(|(_, it)| it.by != Metric::Cpu), "{case}: {later:?}");
        // The journal says why: one line leads to the next, and the first is the fault.
        let shrinks = lab.entries(|what| matches!(what, What::Resized(_))).next().expect("wanted");
        assert!(matches!(lab.root(shrinks).what, What::FaultInjected(_)), "{case}: {shrinks:?}");
        let out = |what: &What| matches!(what, What::ServersTakenOut(Several { region: HOME, .. }));
        let refused =
            |what: &What| matches!(what, What::LaunchRefused { region: HOME, why: LaunchRefusal::Quota, .. });
        let (out, quota) =
            (lab.when(out).expect("some go"), lab.when(refused).expect("the quota is too small"));
        assert!(out < 720.0 && quota > out, "{case}: first it shrinks: {out}, {quota}");
    }
}

#[test]
fn by_slots_it_never_shrinks_and_by_processors_alone_it_never_grows() {
    let mut scenario = slack("slots", LOSSY);
    scenario.servers.scale_in = false;
    let (lab, shrunk, most, last) = told(&scenario, "zone-link-lossy", &WAYS, 1);
    assert_eq!((shrunk, most, last, resized(&lab)), (12, 20, 20, vec![]), "as ever, and the journal too");
    let (lab, shrunk, most, last) = told(&slack("cpu", LOSSY), "zone-link-lossy", &WAYS, 1);
    assert!(shrunk <= 9 && last < 9 && most < 12, "{shrunk}, {most}, {last}: {:?}", resized(&lab));
}

#[test]
fn the_wanted_number_is_in_proportion_to_the_metric() {
    // 96 requests a second of 200 ms are 19.2 busy slots: 2.4 servers of eight at full use, 4.8 at a half.
    for (servers, by, target) in [
        (12, ScaleBy::Cpu, 0.5),
        (3, ScaleBy::Cpu, 0.5),
        (12, ScaleBy::Requests, 20.0),
        (3, ScaleBy::Requests, 20.0),
    ] {
        let mut scenario = fleet(servers, 96.0);
        scenario.servers.scale_by = by;
        (scenario.servers.cpu_target, scenario.servers.requests_target) = (Share(0.5), Rate(target));
        scenario.servers.scale_in_after_s = Span(120.0);
        let mut lab = Lab::new(&scenario, 4);
        lab.run_to(1800.0);
        let wants = resized(&lab);
        let after_s = if servers > 5 { 120.0 } else { *scenario.servers.scale_out_after_s };
        let first = wants.first().expect("another number");
        assert!(first.0 >= after_s && first.0 < after_s + 60.0, "{by:?} from {servers}: {first:?}");
        // 4.8 are rounded up, and the metric of some seconds is never quite even.
        assert!((5..=6).contains(&alive(&lab)), "{by:?} from {servers}: {} servers, {wants:?}", alive(&lab));
        let shows = if by == ScaleBy::Cpu { 240.0 / f64::from(servers) } else { 96.0 / f64::from(servers) };
        assert_close(&format!("{by:?} from {servers}"), f64::from(first.1.shows), shows, 0.15);
        assert_eq!(lab.failed(0.0, 1800.0), 0, "nobody notices");
    }
}

#[test]
fn waiting_raises_the_use_of_slots_and_not_that_of_processors() {
    for read_ms in [1.0, 200.0] {
        let mut scenario = fleet(12, 96.0);
        (scenario.servers.scale_in, scenario.servers.scale_by) = (false, ScaleBy::Slots);
        scenario.database.read_ms = Millis(read_ms);
        let mut lab = Lab::new(&scenario, 4);
        let (mut used, mut cpu) = (0.0, 0.0);
        for second in 61..=660 {
            lab.run_to(f64::from(second));
            let scaling = &lab.run.world().system.fleets.regions[0].scaling;
            (used, cpu) = (used + scaling.used / 600.0, cpu + scaling.cpu / 600.0);
        }
        assert_close(&format!("CPU, {read_ms} ms"), cpu, 96.0 * 0.2 / 96.0, 0.02);
        // To the server and to the database are two round trips between zones.
        let held_s = 0.2 + read_ms / 1000.0 + 0.002;
        assert_close(&format!("slots, {read_ms} ms"), used, 96.0 * held_s / 96.0, 0.02);
    }
}

#[test]
fn no_server_goes_soon_after_another_change_or_while_nothing_is_known() {
    // A surge adds servers; when it is over they go, but not before the cooldown is over.
    for (cooldown_s, waits) in [(0.0, false), (600.0, true)] {
        let mut scenario = fleet(5, 96.0);
        scenario.servers.cooldown_s = Span(cooldown_s);
        (scenario.servers.scale_out_after_s, scenario.servers.scale_in_after_s) = (Span(30.0), Span(60.0));
        scenario.faults.surge_factor = Factor(2.5);
        let mut lab = Lab::new(&scenario, 6);
        lab.run_to(120.0).order("load-surge").run_to(400.0);
        let grown = *resized(&lab).last().expect("it grew");
        assert!(grown.1.to > 5, "{grown:?}");
        lab.order("clear load-surge").run_to(1800.0);
        let shrinks = resized(&lab).into_iter().find(|(_, it)| it.to < it.from).expect("it shrinks again");
        let span_s = shrinks.0 - grown.0;
        assert_eq!(span_s >= 600.0, waits, "{cooldown_s}: {span_s}");
        assert!(shrinks.0 >= 460.0 && (!waits || span_s < 660.0), "{cooldown_s}: {shrinks:?}");
    }
    // A region that is dark shows nothing, and wants what it wanted.
    let mut scenario = fleet(12, 240.0);
    scenario.servers.scale_in_after_s = Span(60.0);
    let mut lab = Lab::new(&scenario, 6);
    lab.run_to(60.0).order("region-dark=us-east-1").run_to(900.0);
    assert_eq!(resized(&lab), []);
    assert_eq!(lab.run.world().system.fleets.regions[0].desired, 12);
}

#[test]
fn the_floor_holds() {
    for (least, wanted) in [(8, 8), (0, 12)] {
        let mut scenario = fleet(12, 24.0);
        (scenario.servers.least, scenario.servers.scale_in_after_s) = (least, Span(60.0));
        let mut lab = Lab::new(&scenario, 1);
        lab.run_to(1200.0);
        assert_eq!(alive(&lab), wanted, "the fewest are {least}");
    }
    // Never is the last server taken out, and every zone keeps about as many as the others.
    let mut scenario = fleet(12, 96.0);
    scenario.servers.scale_in_after_s = Span(60.0);
    let mut lab = Lab::new(&scenario, 1);
    lab.run_to(1200.0);
    let servers = &lab.run.world().system.fleets.servers;
    let in_zone =
        |zone| servers.iter().filter(|it| it.region == HOME && it.is_alive() && it.zone == zone).count();
    let counts = [0, 1, 2].map(in_zone);
    assert!(counts.iter().max() <= counts.iter().min().map(|least| least + 1).as_ref(), "{counts:?}");
}

#[test]
fn who_is_taken_out_finishes_what_it_has() {
    // Every request takes seconds: all servers are busy when some are taken out.
    let slow = |deregistration_s: f64| {
        let mut scenario = fleet(12, 6.0);
        (scenario.servers.service_ms, scenario.clients.timeout_s) = (Millis(8000.0), Span(120.0));
        (scenario.clients.retries, scenario.servers.deregistration_s) = (0, Span(deregistration_s));
        (scenario.servers.scale_in_after_s, scenario.servers.cpu_target) = (Span(60.0), Share(0.9));
        // A page that takes as long as a request would fail every check.
        scenario.balancer.check = Depth::Tcp;
        scenario
    };
    for (span_s, fails) in [(0.0, true), (300.0, false)] {
        let mut lab = Lab::new(&slow(span_s), 2);
        let draining = |lab: &Lab| {
            let servers = lab.run.world().system.fleets.servers.iter();
            servers.filter(|it| it.state == ServerState::Draining).map(|it| it.busy).collect::<Vec<_>>()
        };
        let mut before: Option<(f64, u16)> = None;
        for second in 1..=400 {
            lab.run_to(f64::from(second));
            let busy: u16 = draining(&lab).iter().sum();
            if let Some((_, last)) = before.filter(|(_, last)| *last > 0) {
                assert!(busy <= last, "nothing new comes: {busy} after {last}");
            }
            before = before.map(|(at, _)| (at, busy)).or((busy > 0).then_some((f64::from(second), busy)));
        }
        assert!(alive(&lab) < 12 && draining(&lab).is_empty(), "{span_s}: all are done by then");
        assert_eq!(lab.failed(0.0, 400.0) > 0, fails, "{span_s} s: {} failed", lab.failed(0.0, 400.0));
        assert_eq!(before.is_some(), !fails, "{span_s} s: {before:?}");
    }
    // Who has a moment only loses what it has then: as many seconds after it was taken out, and not later.
    let mut lab = Lab::new(&slow(5.0), 2);
    lab.run_to(400.0);
    let out = lab.when(|what| matches!(what, What::ServersTakenOut(_))).expect("servers go");
    assert!(lab.run.world().system.fleets.servers.iter().all(|it| it.state != ServerState::Draining));
    lab.run_to(out + 200.0);
    assert!(lab.failed(0.0, 400.0) > 0, "not everything takes less than 5 s");
}

#[test]
fn what_fails_the_checks_is_replaced_after_a_time_and_without_that_time_for_ever() {
    let bad = |replace, grace_s: f64| {
        let mut scenario = fleet(6, 96.0);
        (scenario.servers.scale_in, scenario.servers.scale_by) = (false, ScaleBy::Slots);
        (scenario.servers.replace_unhealthy, scenario.servers.grace_s) = (replace, Span(grace_s));
        let mut lab = Lab::new(&scenario, 3);
        lab.run_to(500.0).order("bad-deploy=us-east-1").run_to(2000.0);
        lab
    };
    let replaced = |lab: &Lab| -> Vec<(f64, u32)> {
        let all = lab.record.journal.iter().filter_map(|entry| {
            let What::ServersReplaced(Several { region: HOME, count }) = entry.what else { return None };
            Some((entry.at.secs(), count))
        });
        all.collect()
    };
    assert_eq!(
        replaced(&bad(false, 300.0)),
        [],
        "only who has stopped is replaced, if nobody says otherwise"
    );
    let mut lab = bad(true, 300.0);
    let all = replaced(&lab);
    // Two checks of 30 s have to fail, and Auto Scaling has to look.
    assert!(all[0].0 >= 530.0 && all[0].0 <= 600.0, "{all:?}");
    // Those that come in their place fail as well: a minute to boot and the grace later they go.
    assert!(all.iter().filter(|(at, _)| *at > 600.0).all(|(at, _)| at - all[0].0 >= 360.0), "{all:?}");
    assert!(all.iter().map(|(_, count)| count).sum::<u32>() > 6, "again and again: {all:?}");
    lab.order("clear bad-deploy=us-east-1").run_to(2700.0);
    assert_eq!(lab.run.world().system.fleets.serving(HOME), 6, "once it is mended they pass");
    // Five passed checks of 30 s are needed to be healthy: without a grace nobody lives that long.
    let mut lab = bad(true, 0.0);
    lab.order("clear bad-deploy=us-east-1").run_to(3600.0);
    assert_eq!(
        lab.run.world().system.fleets.serving(HOME),
        0,
        "known from the guide: servers are replaced for ever"
    );
}

#[test]
fn a_server_that_warms_up_does_not_count() {
    // Two servers at full use want as many as two have work for; those that came a moment ago are not asked.
    let grown = |warm_up_s: f64| {
        let mut scenario = fleet(2, 52.0);
        scenario.servers.warm_up_s = Span(warm_up_s);
        scenario.servers.scale_out_after_s = Span(30.0);
        scenario.faults.surge_factor = Factor(3.0);
        let mut lab = Lab::new(&scenario, 9);
        // 52 requests of 200 ms: 65 % of two servers. Target 50 %: three. These are healthy after 60 s and five checks.
        lab.run_to(400.0);
        assert_eq!(alive(&lab), 3, "{:?}", resized(&lab));
        lab.order("load-surge").run_to(450.0);
        let wants = resized(&lab);
        wants.iter().find(|(at, _)| *at > 400.0).map(|(_, it)| (it.from, it.to))
    };
    assert_eq!(grown(0.0), Some((3, 6)), "three at full use, target a half");
    assert_eq!(grown(3000.0), Some((3, 4)), "two that count at full use");
}

#[test]
fn a_setting_of_what_is_off_changes_nothing() {
    let digest = |scenario: &Scenario| {
        let mut lab = Lab::new(scenario, 8);
        lab.run_to(100.0).order("load-surge").run_to(600.0).order("zone-power=us-east-1a").run_to(900.0);
        lab.run.recorded().digest
    };
    let scenario = Scenario { grain: 4, ..Scenario::default() };
    let mut tuned = scenario.clone();
    let servers = &mut tuned.servers;
    (servers.cpu_target, servers.requests_target, servers.least) = (Share(0.1), Rate(1.0), 1);
    (servers.scale_in_after_s, servers.scale_in_below) = (Span(1.0), Share(1.0));
    (servers.cooldown_s, servers.grace_s) = (Span(0.0), Span(0.0));
    (servers.deregistration_s, servers.service_tail) = (Span(1.0), Factor(100.0));
    assert_eq!(digest(&scenario), digest(&tuned));
}

#[test]
fn a_card_says_what_auto_scaling_goes_by_and_what_drains() {
    let facts = |servers: &str| {
        let text = format!(
            r#"{{ "name": "x", "clients": {{ "timeout_s": 120 }}, "balancer": {{ "check": "tcp" }}, "servers": {servers} }}"#
        );
        let mut app = App::new("#/?paused=1&slowmo=0", None);
        app.begin(Scenario::read(&text).expect("a scenario"));
        app.update(Msg::Jumped(300.0));
        while app.seeking() {
            app.frame(16.7);
        }
        app.panels().regions[0].notes.iter().map(|note| note.text.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(facts("{}"), "v42", "use of slots is no news");
    let cpu = facts(r#"{ "scale_by": "cpu" }"#);
    assert!(cpu.starts_with("v42 CPU ") && cpu.ends_with(" %"), "{cpu}");
    let requests = facts(r#"{ "scale_by": "requests", "requests_target": 300 }"#);
    assert!(requests.ends_with("/s each"), "{requests}");
    // Everybody is worked on for many seconds, and hardly any server is wanted.
    let drains = facts(
        r#"{ "scale_by": "cpu", "scale_in": true, "scale_in_after_s": 200, "least": 1, "cpu_target": 1,
            "service_ms": 30000, "concurrency": 20000 }"#,
    );
    assert!(drains.contains("CPU ") && drains.ends_with(" draining"), "{drains}");
}
