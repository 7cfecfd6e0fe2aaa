//! What each strategy does, and does not do, when the first region goes dark.

use crate::lab::{Lab, grainy};
use faultline::kernel::id::RegionId;
use faultline::model::Decider;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::Millis;
use faultline::system::journal::What;

/// Cities nearest to Ireland.
const NEAR_IRELAND: [&str; 4] = ["London", "Frankfurt", "Lagos", "Johannesburg"];

fn dark(scenario: &Scenario, seed: u64) -> Lab {
    let mut lab = Lab::new(scenario, seed);
    lab.run_to(300.0).order("region-dark=us-east-1");
    lab
}

#[test]
fn a_pilot_light_serves_nobody_before_its_servers_are_up() {
    let mut scenario = grainy(Strategy::PilotLight);
    scenario.recovery.decider = Decider::Automatic;
    let mut lab = dark(&scenario, 2);
    lab.run_to(900.0);
    let booted = lab
        .when(|what| matches!(what, What::ServerBooted { region: RegionId(1), .. }))
        .expect("servers are launched");
    let moved = lab.when(|what| *what == What::AnswerChanged { from: RegionId(0), to: RegionId(1) });
    assert!(moved.expect("then clients are sent there") > booted, "Route 53 finds it healthy only then");
    assert_eq!(lab.served(320.0, booted), 0, "nobody is served until then");
    lab.run_to(3600.0);
    let incident = lab.incident();
    assert!(incident.rpo_s.expect("promoted") < 5.0, "the data was there: {incident:?}");
    assert!(incident.rto_s.expect("restored") > booted - 300.0);
    assert_eq!(lab.failed(3500.0, 3600.0), 0);
    let names: Vec<&str> = incident.steps().map(|step| step.name.as_str()).collect();
    assert!(!names.contains(&"build-network"), "network and balancer are there: {names:?}");
}

#[test]
fn a_warm_standby_answers_at_once_and_is_crowded() {
    let mut lab = dark(&grainy(Strategy::WarmStandby), 2);
    lab.run_to(460.0);
    let moved = lab.when(|what| *what == What::AnswerChanged { from: RegionId(0), to: RegionId(1) });
    let moved = moved.expect("clients are sent there");
    let booted = lab.when(|what| matches!(what, What::ServerBooted { region: RegionId(1), .. }));
    assert!(booted.is_none_or(|booted| moved < booted), "before anything was launched");
    assert!(lab.served(moved, 460.0) > 100, "and served there: {}", lab.served(moved, 460.0));
    assert!(lab.failed(moved, 460.0) > 100, "not all of them: {}", lab.failed(moved, 460.0));
    let overloaded = lab.when(|what| *what == What::Overloaded(RegionId(1)));
    assert!(overloaded.is_some(), "two servers get the load of six");
}

#[test]
fn backup_and_restore_makes_everything_and_a_new_record_leads_there() {
    let mut scenario = grainy(Strategy::BackupRestore);
    scenario.recovery.decider = Decider::Automatic;
    let mut lab = dark(&scenario, 2);
    lab.run_to(6.0 * 3600.0);
    let incident = lab.incident();
    let names: Vec<&str> = incident.steps().map(|step| step.name.as_str()).collect();
    for name in ["build-network", "fetch-backup", "restore", "scale-out", "load-blocks", "change-record"] {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }
    let (built, scaled) = (lab.step("build-network"), lab.step("scale-out"));
    assert!(built.end_s.expect("built") <= scaled.start_s, "servers need a network");
    assert!(lab.step("restore").start_s < scaled.end_s.expect("scaled"), "data and servers at the same time");
    assert!(lab.step("change-record").start_s >= lab.step("restore").end_s.expect("restored"));
    assert_eq!(lab.incident().waited_for("change-record"), Some("dns-control-plane"));
    assert!(incident.rto_s.expect("restored") > 3600.0, "the control plane of DNS took an hour to move");
    assert!(incident.rpo_s.expect("restored") > 900.0, "as old as the copy");
    assert!(incident.lost_writes > 1000, "{}", incident.lost_writes);
    lab.order("clear region-dark=us-east-1").run_to(7.0 * 3600.0).order("fail-back").run_to(9.0 * 3600.0);
    let world = lab.run.world();
    assert_eq!((world.system.ownership.primary(), world.system.route53.answer), (RegionId(0), RegionId(0)));
    assert_eq!(world.system.fleets.alive(RegionId(1)), 0, "what was made is taken down again");
    assert_eq!(lab.failed(9.0 * 3600.0 - 600.0, 9.0 * 3600.0), 0);
}

#[test]
fn with_several_sites_those_near_the_other_are_served_throughout() {
    for seed in 0..4 {
        let mut lab = Lab::new(&grainy(Strategy::MultiSite), seed);
        lab.run_to(300.0).order("region-dark=us-east-1");
        let shares = lab.availability_to(900.0);
        for (city, share) in &shares {
            let near = NEAR_IRELAND.contains(&city.as_str());
            if near {
                assert!(*share > 0.999, "seed {seed}: {city} was served {share}");
            }
        }
        let hurt = shares.iter().filter(|(_, share)| *share < 0.95).count();
        assert!(hurt >= 4, "seed {seed}: the others first have to be sent elsewhere: {shares:?}");
        let incident = lab.incident();
        assert_eq!(incident.decided_s, None, "nobody decides anything");
        lab.run_to(1500.0);
        // One of ten thousand works for so long at this grain that its client gives up three times.
        let failed = lab.failed(1200.0, 1500.0);
        assert!(failed <= 2, "seed {seed}: {failed}");
        assert!(lab.incident().rto_s.expect("restored") <= 720.0);
    }
}

#[test]
fn writes_that_a_dark_site_kept_to_itself_come_back_with_it() {
    let mut returned = 0;
    for seed in 0..12 {
        let mut scenario = Scenario::of(Strategy::MultiSite);
        scenario.weight = 4;
        scenario.servers.service_ms = Millis(100.0);
        let mut lab = dark(&scenario, seed);
        lab.run_to(600.0);
        let incident = lab.incident();
        let rpo = incident.rpo_s.expect("counted when the verdict falls");
        assert!(rpo <= 1.5, "seed {seed}: a second to ship and the way: {rpo}");
        assert!(incident.lost_writes > 0 || rpo == 0.0, "seed {seed}: {incident:?}");
        let unseen = incident.lost_writes;
        lab.order("clear region-dark=us-east-1").run_to(900.0);
        assert_eq!(lab.incident().lost_writes, 0, "seed {seed}: they were out of reach and not lost");
        assert_eq!(lab.run.report().consistency.lost_writes, 0, "seed {seed}");
        let back: u32 = lab
            .entries(|what| matches!(what, What::WritesReturned(_)))
            .map(|entry| if let What::WritesReturned(count) = entry.what { count } else { 0 })
            .sum();
        assert_eq!(u64::from(back) * 4, unseen, "seed {seed}: four real ones each");
        returned += back;
    }
    assert!(returned > 12, "{returned} in twelve outages");
}

#[test]
fn several_sites_with_one_writer_promote_the_other() {
    let file = r#"{ "strategy": "multi-site", "grain": 12, "database": { "engine": "aurora-global" } }"#;
    let scenario = Scenario::read(file).expect("a scenario");
    let mut lab = dark(&scenario, 3);
    lab.run_to(1800.0);
    let incident = lab.incident();
    let promote = lab.span("promote");
    assert!((60.0..=181.0).contains(&promote), "{promote}");
    assert_eq!(lab.run.world().system.ownership.primary(), RegionId(1));
    assert!(incident.rpo_s.expect("promoted") < 1.0);
    assert!(incident.rto_s.expect("restored") < 900.0);
}

#[test]
fn sites_that_are_not_sized_for_the_whole_load_are_crowded_when_one_is_gone() {
    let mut scenario = grainy(Strategy::MultiSite);
    for region in &mut scenario.regions {
        region.servers = 3;
    }
    let mut lab = dark(&scenario, 3);
    lab.run_to(500.0);
    assert!(lab.when(|what| *what == What::Overloaded(RegionId(1))).is_some());
    let near =
        lab.availability_to(560.0).into_iter().filter(|(city, _)| NEAR_IRELAND.contains(&city.as_str()));
    assert!(near.into_iter().any(|(_, share)| share < 0.95), "and those who were not hurt are");
    let sized = {
        let mut lab = dark(&grainy(Strategy::MultiSite), 3);
        lab.run_to(560.0);
        lab.when(|what| *what == What::Overloaded(RegionId(1)))
    };
    assert_eq!(sized, None);
}
