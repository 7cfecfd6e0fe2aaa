//! Sessions of users that are kept at servers: they are gone with the server or with the region, and each costs a request.

use crate::lab::{Lab, assert_close, coarse};
use crate::laws;
use faultline::kernel::id::RegionId;
use faultline::model::scenario::{Scenario, Strategy, WritePattern};
use faultline::model::unit::Span;
use faultline::model::{Engine, Handover, Region, RoutingPolicy, SessionStore};
use faultline::run::report::IncidentReport;
use faultline::system::login::Login;

const FIRST: RegionId = RegionId(0);
const SECOND: RegionId = RegionId(1);
/// Users of each city, in simulated ones.
const USERS: u32 = 48;
/// Nobody leaves by themselves while a story lasts.
const WEEK_S: f64 = 604_800.0;

/// Users stay, and their sessions are kept at servers.
fn local(mut scenario: Scenario) -> Scenario {
    scenario.servers.sessions = SessionStore::Local;
    scenario.servers.session_s = Span(WEEK_S);
    scenario.clients.connections = USERS;
    scenario
}

/// The same users, whose sessions every server knows.
fn shared(scenario: Scenario) -> Scenario {
    let mut scenario = local(scenario);
    scenario.servers.sessions = SessionStore::Shared;
    scenario
}

/// A standby that is as large as the primary.
fn standby() -> Scenario {
    let mut scenario = coarse();
    scenario.regions = vec![Region::named("us-east-1", 8), Region::named("eu-west-1", 8)];
    scenario.recovery.servers = 8;
    scenario
}

/// Two sites, of which each can do all the work.
fn sites() -> Scenario {
    let mut scenario = coarse();
    scenario.strategy = Strategy::MultiSite;
    scenario.database.engine = Engine::DynamodbGlobal;
    scenario.write_pattern = WritePattern::WriteLocal;
    scenario.dns.policy = RoutingPolicy::Latency;
    scenario.regions = vec![Region::named("us-east-1", 12), Region::named("eu-west-1", 12)];
    scenario.recovery.servers = 12;
    scenario.recovery.handover = Handover::Live;
    scenario
}

/// The sessions that are kept somewhere now, of users who stay until a second: those that stay at least so long, and all.
fn kept(lab: &Lab, until_s: f64, at: impl Fn(&Login) -> bool) -> (u64, u64) {
    let logins = || lab.run.world().system.clients.logins.sessions().filter(&at);
    (logins().filter(|login| login.until.secs() > until_s).count() as u64, logins().count() as u64)
}

/// Sessions that were lost so far, in simulated ones.
fn lost(lab: &Lab) -> u64 {
    lab.run.report().requests.sessions_lost / lab.run.plan().step()
}

fn the_incident(lab: &Lab) -> IncidentReport {
    let report = lab.run.report();
    assert_eq!(report.incidents.len(), 1, "{:?}", report.incidents);
    report.incidents[0].clone()
}

#[test]
fn every_session_of_a_region_that_goes_dark_is_lost_once() {
    for seed in [3, 5] {
        let mut lab = Lab::new(&local(standby()), seed);
        lab.run_to(300.0);
        let (least, all) = kept(&lab, 3600.0, |login| login.region == FIRST);
        assert_eq!(all, 12 * u64::from(USERS), "seed {seed}: everybody is in the first region");
        assert_eq!(lost(&lab), 0, "seed {seed}");
        lab.order("region-dark=us-east-1").run_to(3600.0);
        assert!((least..=all).contains(&lost(&lab)), "seed {seed}: {} of {least} to {all}", lost(&lab));
        let incident = the_incident(&lab);
        assert_eq!(incident.sessions_lost, lab.run.report().requests.sessions_lost, "seed {seed}");
        for (city, it) in lab.run.report().by_client {
            let lost = it.failed_by["logged_out"] / lab.run.plan().step();
            assert_eq!(it.requests.sessions_lost, it.failed_by["logged_out"]);
            assert!((u64::from(USERS) - 2..=u64::from(USERS)).contains(&lost), "seed {seed}, {city}: {lost}");
        }
        // The work is back with the servers of the standby, where everybody is known now.
        assert_eq!(kept(&lab, 0.0, |login| login.region == SECOND).1, all, "seed {seed}");
        assert_eq!(laws::unlisted(&lab.run), []);
        let mut known = Lab::new(&shared(standby()), seed);
        known.run_to(300.0).order("region-dark=us-east-1").run_to(3600.0);
        assert_eq!(lost(&known), 0, "seed {seed}: the store is in every region");
    }
}

#[test]
fn who_comes_home_when_the_region_is_back_is_logged_out_again() {
    for seed in [3, 5] {
        let mut scenario = local(sites());
        // Otherwise the first server that passes its checks takes the users of those that still have to.
        (scenario.balancer.interval_s, scenario.balancer.healthy_threshold) = (Span(1.0), 1);
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(300.0);
        let (least, all) = kept(&lab, 3600.0, |login| login.region == FIRST);
        assert!(all > 100, "seed {seed}: {all}");
        lab.order("region-dark=us-east-1").run_to(1800.0);
        let there = lost(&lab);
        assert!((least..=all).contains(&there), "seed {seed}: {there} of {least} to {all}");
        lab.order("clear region-dark=us-east-1").run_to(3600.0);
        let back = lost(&lab) - there;
        assert!((least..=all).contains(&back), "seed {seed}: {back} of {least} to {all}");
        assert_eq!(the_incident(&lab).sessions_lost, lab.run.report().requests.sessions_lost, "seed {seed}");
    }
}

#[test]
fn a_zone_without_power_takes_the_sessions_of_its_servers() {
    for seed in [3, 5] {
        let mut lab = Lab::new(&local(standby()), seed);
        lab.run_to(300.0);
        let zone = |login: &Login| lab.run.world().system.fleets.servers[login.server.index()].zone;
        // No database stands in the third zone, and two of eight servers do.
        let (least, all) = kept(&lab, 1500.0, |login| login.region == FIRST && zone(login) == 2);
        assert_close("share of its servers", all as f64, 576.0 * 2.0 / 8.0, 0.15);
        lab.order("zone-power=us-east-1c").run_to(1500.0);
        assert!((least..=all).contains(&lost(&lab)), "seed {seed}: {} of {least} to {all}", lost(&lab));
        assert_eq!(the_incident(&lab).sessions_lost, lab.run.report().requests.sessions_lost, "seed {seed}");
        // The cookie leads to the dead server until the balancer has noticed: others would have answered the next attempt.
        let other = |lab: &Lab| {
            let all = lab.run.report().by_client.into_values();
            all.map(|it| it.requests.failed - it.requests.sessions_lost).sum::<u64>()
        };
        let mut known = Lab::new(&shared(standby()), seed);
        known.run_to(300.0).order("zone-power=us-east-1c").run_to(1500.0);
        assert!(other(&lab) > 2 * other(&known), "seed {seed}: {} and {}", other(&lab), other(&known));
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn a_planned_evacuation_loses_the_sessions_of_the_region_too() {
    for seed in [3, 5] {
        let mut lab = Lab::new(&local(sites()), seed);
        lab.run_to(300.0);
        let (least, all) = kept(&lab, 2400.0, |login| login.region == FIRST);
        lab.order("evacuate=us-east-1").run_to(2400.0);
        assert!((least..=all).contains(&lost(&lab)), "seed {seed}: {} of {least} to {all}", lost(&lab));
        let (incident, report) = (the_incident(&lab), lab.run.report());
        assert_eq!(incident.trigger.kind, "evacuate", "seed {seed}");
        assert_eq!(incident.sessions_lost, report.requests.sessions_lost, "seed {seed}");
        let more = (report.requests.failed - incident.sessions_lost) as f64 / report.requests.sent as f64;
        assert!(more < 0.001, "seed {seed}: nothing else fails: {more}");
        let mut known = Lab::new(&shared(sites()), seed);
        known.run_to(300.0).order("evacuate=us-east-1").run_to(2400.0);
        let known = known.run.report().requests;
        assert!((known.failed as f64) < 0.001 * known.sent as f64, "seed {seed}: {known:?}");
    }
}

#[test]
fn a_good_release_logs_everybody_out_once_and_raises_no_alarm() {
    let mut scenario = local(sites());
    // Each asks seldom: it takes minutes until all have come back, longer than an alarm.
    scenario.clients.connections = 128;
    let mut lab = Lab::new(&scenario, 3);
    lab.run_to(300.0);
    let (least, all) = kept(&lab, 3000.0, |_| true);
    assert_eq!(all, 12 * 128);
    lab.order("deploy=v43").run_to(3000.0);
    // The application starts anew in each region, and its memory is empty. That is an answer, and no error.
    assert!((least..=all).contains(&lost(&lab)), "{} of {least} to {all}", lost(&lab));
    let incident = the_incident(&lab);
    assert_eq!(incident.sessions_lost, lab.run.report().requests.sessions_lost);
    let running = |region| lab.run.world().system.runs(region, faultline::kernel::id::ReleaseId(0));
    assert!(running(FIRST) && running(SECOND), "no alarm went off");
    let fails = lab.failed(600.0, 660.0);
    assert!(fails > 50 && lab.failed(1400.0, 1500.0) < 5, "who has logged in again is known: {fails}");
}

#[test]
fn servers_that_are_added_get_users_only_as_others_leave() {
    // Eight servers of the standby take over, and four are added meanwhile: a third of all users is theirs in the end.
    let share = |session_s: f64| {
        let mut scenario = local(standby());
        (scenario.servers.session_s, scenario.recovery.servers) = (Span(session_s), 12);
        let mut lab = Lab::new(&scenario, 3);
        lab.run_to(300.0).order("region-dark=us-east-1").run_to(4500.0);
        let servers = lab.run.world().system.fleets.servers.len();
        assert_eq!(servers, 8 + 12, "four were added");
        let added = |login: &Login| usize::from(login.server.0) >= 16;
        let ((_, added), (_, all)) = (kept(&lab, 0.0, added), kept(&lab, 0.0, |_| true));
        added as f64 / all as f64
    };
    let (stay, turn_over) = (share(WEEK_S), share(600.0));
    assert_close("share of the added servers", turn_over, 4.0 / 12.0, 0.15);
    assert!(stay < turn_over - 0.05, "{stay} if nobody leaves, {turn_over} otherwise");
}
