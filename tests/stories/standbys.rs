//! More than one standby: each follows the primary over its own link, one takes over, and the others are filled from it.

use crate::lab::{Lab, coarse, in_haste};
use crate::laws;
use faultline::kernel::id::RegionId;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::{Gib, Rate, Span};
use faultline::model::{Decider, Engine, Region, RoutingPolicy};
use faultline::system::database::Role;
use faultline::system::journal::What;

const CODES: [&str; 6] =
    ["us-east-1", "eu-west-1", "us-west-2", "ap-northeast-1", "sa-east-1", "ap-southeast-2"];
const HOME: RegionId = RegionId(0);
const SECOND: RegionId = RegionId(1);
const THIRD: RegionId = RegionId(2);

/// A strategy on an engine with one writer, in so many regions, under some load and with little data. As the reader takes it.
fn many(strategy: Strategy, engine: Engine, count: usize) -> Scenario {
    let mut scenario = in_haste(Scenario { weight: 40, grain: 1, ..Scenario::design(strategy, engine) });
    scenario.servers.concurrency = 80;
    scenario.servers.queue = 320;
    scenario.servers.service_ms = coarse().servers.service_ms;
    let servers = scenario.regions[1].servers;
    scenario.regions = CODES[..count].iter().map(|code| Region::named(code, servers)).collect();
    scenario.regions[0].servers = 6;
    scenario.database.size_gib = Gib(1.0);
    // Without this a record cannot be changed for an hour while us-east-1 is dark.
    scenario.dns.control_plane_moves_s = Some(Span(120.0));
    Scenario::read(&serde_json::to_string(&scenario).expect("plain data")).expect("a good scenario")
}

fn roles(lab: &Lab) -> Vec<Role> {
    lab.run.world().system.databases.iter().map(|database| database.role).collect()
}

/// Every stream, from and to.
fn streams(lab: &Lab) -> Vec<(u8, u8)> {
    let streams = lab.run.world().system.streams.iter();
    let mut ends: Vec<(u8, u8)> = streams.map(|stream| (stream.from.0, stream.to.0)).collect();
    ends.sort_unstable();
    ends
}

/// The regions whose replica was left without a source, in order.
fn left(lab: &Lab) -> Vec<RegionId> {
    let told = |region: &RegionId| lab.when(|what| *what == What::SourceLost(*region)).is_some();
    let twice = lab.entries(|what| matches!(what, What::SourceLost(_))).count();
    let regions: Vec<RegionId> = lab.run.plan().region_ids().filter(told).collect();
    assert_eq!(regions.len(), twice, "each is told of once");
    regions
}

#[test]
fn every_strategy_runs_in_three_and_in_six_regions_and_survives_its_first() {
    for strategy in Strategy::ALL {
        for engine in [Engine::Rds, Engine::AuroraGlobal, Engine::DocumentdbGlobal] {
            for count in [3, 6] {
                let told = format!("{strategy:?}, {engine:?}, {count} regions");
                let follow = strategy != Strategy::BackupRestore;
                let mut lab = Lab::new(&many(strategy, engine, count), 3);
                lab.run_to(120.0);
                let standbys = if follow { count as u8 - 1 } else { 0 };
                let star: Vec<(u8, u8)> = (1..=standbys).map(|to| (0, to)).collect();
                assert_eq!(streams(&lab), star, "{told}");
                let followed = |region: &RegionId| {
                    let versions = &lab.run.world().system.databases[region.index()].versions;
                    versions.iter().any(|version| version.id.is_written())
                };
                let ids: Vec<RegionId> = (1..count as u8).map(RegionId).collect();
                assert!(ids.iter().all(|region| followed(region) == follow), "{told}");
                lab.order("region-dark=us-east-1").run_to(3600.0);
                let world = lab.run.world();
                assert_eq!(world.system.ownership.primary(), SECOND, "{told}");
                assert_eq!(world.system.databases[1].role, Role::Primary, "{told}");
                let others: Vec<RegionId> = ids[1..].iter().copied().filter(|_| follow).collect();
                assert_eq!(left(&lab), others, "{told}");
                assert!(others.iter().all(|region| roles(&lab)[region.index()] == Role::Replica), "{told}");
                let refilled: Vec<(u8, u8)> = others.iter().map(|region| (1, region.0)).collect();
                assert_eq!((streams(&lab), laws::unlisted(&lab.run)), (refilled, vec![]), "{told}");
                let (failed, served) = (lab.failed(3000.0, 3600.0), lab.served(3000.0, 3600.0));
                assert!(failed * 50 < served, "{told}: {failed} failed of {served}");
            }
        }
    }
}

#[test]
fn each_standby_follows_over_its_own_link() {
    let mut lab = Lab::new(&many(Strategy::WarmStandby, Engine::AuroraGlobal, 3), 5);
    lab.run_to(60.0).order("link-cut=us-east-1:us-west-2").run_to(180.0);
    let behind = |lab: &Lab, to| lab.run.world().system.stream_to(to).expect("a stream").behind();
    assert!(behind(&lab, SECOND) < 20 && behind(&lab, THIRD) > 100, "{}", behind(&lab, THIRD));
    lab.order("clear link-cut=us-east-1:us-west-2").run_to(240.0);
    assert!(behind(&lab, THIRD) < 20, "it has caught up");
    assert_eq!(laws::unlisted(&lab.run), []);
}

#[test]
fn what_the_promoted_copy_lacks_is_lost_even_if_another_copy_has_it() {
    let mut lab = Lab::new(&many(Strategy::WarmStandby, Engine::AuroraGlobal, 3), 5);
    lab.run_to(60.0).order("link-cut=us-east-1:us-west-2").run_to(120.0);
    lab.order("region-dark=us-east-1").order("fail-over=us-west-2").run_to(900.0);
    let lost = lab.run.report().consistency.lost_writes;
    assert_eq!(lab.run.world().system.ownership.primary(), THIRD);
    assert!(lost > 100, "a minute of writes is lost: {lost}");
    assert_eq!((left(&lab), laws::unlisted(&lab.run)), (vec![SECOND], vec![]));

    let mut lab = Lab::new(&many(Strategy::WarmStandby, Engine::AuroraGlobal, 3), 5);
    lab.run_to(60.0).order("link-cut=us-east-1:us-west-2").run_to(120.0);
    lab.order("region-dark=us-east-1").order("fail-over=eu-west-1").run_to(900.0);
    let few = lab.run.report().consistency.lost_writes;
    assert!(few * 10 < lost, "the copy that is level loses what was on the wire: {few}, not {lost}");
}

#[test]
fn a_copy_without_a_source_is_filled_anew_and_not_promoted_before_it_is_whole() {
    let mut lab = Lab::new(&many(Strategy::WarmStandby, Engine::AuroraGlobal, 3), 5);
    lab.run_to(60.0).order("link-cut=eu-west-1:us-west-2").order("region-dark=us-east-1");
    lab.order("fail-over=eu-west-1").run_to(600.0).order("clear region-dark=us-east-1").run_to(900.0);
    assert_eq!((lab.run.world().system.ownership.primary(), left(&lab)), (SECOND, vec![THIRD]));
    assert_eq!(roles(&lab)[2], Role::Rebuilding, "the copy does not get through");
    lab.order("fail-over=us-west-2");
    assert!(matches!(lab.record.journal.last().map(|entry| entry.what), Some(What::OrderRefused(..))));
    lab.order("clear link-cut=eu-west-1:us-west-2").run_to(1100.0);
    assert_eq!((roles(&lab)[2], streams(&lab)), (Role::Replica, vec![(1, 0), (1, 2)]));
    lab.order("fail-over=us-west-2").run_to(2000.0);
    assert_eq!(lab.run.world().system.ownership.primary(), THIRD);
    assert_eq!((streams(&lab), laws::unlisted(&lab.run)), (vec![(2, 0), (2, 1)], vec![]));
}

#[test]
fn work_goes_to_a_standby_that_answers() {
    let mut lab = Lab::new(&many(Strategy::WarmStandby, Engine::AuroraGlobal, 3), 5);
    lab.run_to(60.0).order("region-dark=eu-west-1").run_to(120.0);
    lab.order("region-dark=us-east-1").run_to(900.0);
    assert_eq!((lab.run.world().system.ownership.primary(), left(&lab)), (THIRD, vec![SECOND]));
    assert_eq!(laws::unlisted(&lab.run), []);
    let (failed, served) = (lab.failed(700.0, 900.0), lab.served(700.0, 900.0));
    assert!(failed * 50 < served, "{failed} failed of {served}");
}

#[test]
fn a_restore_fills_every_copy_and_a_switchover_keeps_those_that_are_level() {
    let mut lab = Lab::new(&many(Strategy::WarmStandby, Engine::AuroraGlobal, 3), 5);
    lab.run_to(60.0).order("region-dark=us-east-1").order("fail-over=eu-west-1").run_to(600.0);
    lab.order("clear region-dark=us-east-1").run_to(900.0);
    assert_eq!((streams(&lab), left(&lab)), (vec![(1, 0), (1, 2)], vec![THIRD]));
    lab.order("restore=eu-west-1").run_to(1800.0);
    assert_eq!(roles(&lab), [Role::Replica, Role::Primary, Role::Replica]);
    assert_eq!(streams(&lab), [(1, 0), (1, 2)]);
    lab.order("fail-back").run_to(3000.0);
    assert_eq!(roles(&lab), [Role::Primary, Role::Replica, Role::Replica]);
    assert_eq!((streams(&lab), left(&lab)), (vec![(0, 1), (0, 2)], vec![THIRD]));
    assert_eq!(laws::unlisted(&lab.run), []);
}

#[test]
fn no_copy_of_a_backup_is_where_none_was_sent() {
    let mut lab = Lab::new(&many(Strategy::BackupRestore, Engine::Rds, 3), 5);
    lab.run_to(60.0);
    let point = |region| lab.run.world().system.best_point(region, None, lab.run.now());
    assert!(point(SECOND).is_some() && point(THIRD).is_none());
    lab.order("region-dark=us-east-1").order("fail-over=us-west-2").run_to(600.0);
    assert_eq!(lab.waits_for("fetch-backup"), Some("no-backup=us-west-2".into()));
    assert_eq!(laws::unlisted(&lab.run), []);
}

#[test]
fn several_sites_with_one_writer_read_at_home_and_write_far() {
    let mut scenario = many(Strategy::MultiSite, Engine::AuroraGlobal, 6);
    scenario.dns.policy = RoutingPolicy::Latency;
    scenario.recovery.decider = Decider::Automatic;
    for population in &mut scenario.clients.populations {
        population.requests_per_s = Rate(20.0);
    }
    let mut lab = Lab::new(&scenario, 5);
    lab.run_to(300.0);
    assert_eq!(lab.failed(0.0, 300.0), 0);
    let meters = &lab.run.world().system.meters;
    assert!(meters.writes.iter().all(|(region, count)| (*count > 0) == (region == HOME)), "{meters:?}");
    assert!(meters.reads.values().filter(|count| **count > 0).count() > 2, "{meters:?}");
    assert_eq!(laws::unlisted(&lab.run), []);
}
