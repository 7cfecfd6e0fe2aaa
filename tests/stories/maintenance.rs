//! What people do to instances that are well, and the name of an endpoint whose instance has changed its place.

use crate::lab::{Lab, assert_close};
use faultline::catalog::database as facts;
use faultline::kernel::id::{RegionId, ZoneId};
use faultline::model::command::Command;
use faultline::model::scenario::Scenario;
use faultline::model::{Engine, Order};
use faultline::system::database::Status;
use faultline::system::journal::What;
use faultline::system::refusal::Refusal;
use serde_json::{Value, json};

const HOME: RegionId = RegionId(0);
const SEEDS: std::ops::Range<u64> = 0..8;

fn on(engine: Engine, inside: &str) -> Value {
    json!({
        "name": "maintenance", "title": "One region on its own", "weight": 1, "horizon_s": 7200,
        "strategy": if inside == "cluster" { "backup-restore" } else { "warm-standby" },
        "regions": [{ "code": "us-east-1", "servers": 6 }, { "code": "us-east-2", "servers": i32::from(inside != "cluster") }],
        "database": { "engine": engine.slug(), "inside": inside, "keys": 99, "skew": "uniform" },
        "backup": { "copies": false },
        "recovery": { "decider": "manual" },
        "clients": { "populations": [{ "city": "Washington", "requests_per_s": 12, "read_share": 0.5 }] }
    })
}

fn read(file: &Value) -> Scenario {
    Scenario::read(&file.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn stands(lab: &Lab) -> (u8, Status) {
    let database = &lab.run.world().system.databases[HOME.index()];
    (database.zone, database.status)
}

fn takeovers(lab: &Lab) -> Vec<f64> {
    let all = lab.record.journal.iter();
    all.filter(|it| matches!(it.what, What::StandbyTookOver { .. })).map(|it| it.at.secs()).collect()
}

#[test]
fn a_reboot_with_failover_takes_as_long_as_a_failover_and_has_an_incident_of_its_own() {
    for (engine, inside, least, most) in [
        (Engine::Rds, "standby", 60.0, 120.0),
        (Engine::Rds, "cluster", 10.0, 35.0),
        (Engine::AuroraGlobal, "volume", 10.0, 30.0),
    ] {
        for seed in SEEDS {
            let told = format!("{}, {inside}, seed {seed}", engine.slug());
            let mut lab = Lab::new(&read(&on(engine, inside)), seed);
            lab.run_to(100.0).order("reboot=us-east-1").run_to(300.0);
            let [at_s] = takeovers(&lab)[..] else { panic!("{told}: {:?}", takeovers(&lab)) };
            assert!((least..=most).contains(&(at_s - 100.0)), "{told}: {at_s}");
            let report = lab.run.report();
            let [incident] = &report.incidents[..] else { panic!("{told}: {:?}", report.incidents) };
            assert_eq!(
                lab.run.world().observer.incidents[0].command(),
                Some(Command::Reboot(HOME)),
                "{told}"
            );
            assert!(incident.failed > 0 && !incident.open, "{told}: it hurt, and is over");
            assert_eq!(incident.failed, report.requests.failed, "{told}: all that failed is its own");
            let rto_s = incident.rto_s.expect("it is over");
            let kept_s = facts::ENDPOINT_TTL.value;
            assert!((least - 5.0..=most + kept_s + 5.0).contains(&rto_s), "{told}: {rto_s}");
            assert_eq!((incident.rpo_s, report.loss.counts.missing()), (Some(0.0), 0), "{told}");
            assert!(
                lab.when(|what| *what == What::EventPublished(HOME)).is_some(),
                "{told}: people were told"
            );
        }
    }
}

#[test]
fn a_reboot_without_a_standby_in_step_is_a_restart() {
    let mut lab = Lab::new(&read(&on(Engine::Rds, "standby")), 1);
    lab.run_to(100.0).order("reboot=us-east-1").run_to(300.0).order("reboot=us-east-1").run_to(301.0);
    assert_eq!(stands(&lab), (1, Status::Restarting), "the old instance is not level yet");
    lab.run_to(300.0 + facts::RESTART.value + 1.0);
    assert_eq!((stands(&lab), takeovers(&lab).len()), ((1, Status::Up), 1));
    let mut single = Lab::new(&read(&on(Engine::Rds, "single")), 1);
    single.run_to(100.0).order("reboot=us-east-1").run_to(159.0);
    assert_eq!(stands(&single), (0, Status::Restarting));
    single.run_to(161.0);
    assert_eq!((stands(&single), takeovers(&single)), ((0, Status::Up), vec![]));
}

#[test]
fn instances_are_changed_one_after_the_other() {
    let each_s = facts::INSTANCE_CHANGE.value;
    for seed in SEEDS {
        for (inside, standbys, least, most) in [("standby", 1, 60.0, 120.0), ("cluster", 2, 10.0, 35.0)] {
            let told = format!("{inside}, seed {seed}");
            let mut lab = Lab::new(&read(&on(Engine::Rds, inside)), seed);
            lab.run_to(100.0).order("change-instances=us-east-1").run_to(101.0);
            assert_eq!(lab.run.world().system.databases[0].standbys.ready().count(), standbys - 1, "{told}");
            let begins_s = 100.0 + each_s * standbys as f64;
            lab.run_to(begins_s - 0.001);
            assert_eq!((stands(&lab), lab.failed(0.0, begins_s - 2.0)), ((0, Status::Up), 0), "{told}");
            lab.run_to(begins_s + 200.0);
            let [at_s] = takeovers(&lab)[..] else { panic!("{told}: {:?}", takeovers(&lab)) };
            assert!((least..=most).contains(&(at_s - begins_s)), "{told}: {at_s}");
            assert_eq!(lab.run.world().observer.incidents.len(), 1, "{told}");
            // Each standby was changed once, and the old instance last.
            lab.run_to(at_s + facts::STANDBY_REBUILD.value + 1.0);
            let mut zones: Vec<u8> = lab
                .record
                .journal
                .iter()
                .filter_map(|it| {
                    if let What::StandbyLevel(ZoneId { index, .. }) = it.what { Some(index) } else { None }
                })
                .collect();
            assert_eq!(zones.pop(), Some(0), "{told}");
            zones.sort_unstable();
            assert_eq!(zones, (1..=standbys as u8).collect::<Vec<_>>(), "{told}");
        }
        let mut single = Lab::new(&read(&on(Engine::Rds, "single")), seed);
        single.run_to(100.0).order("change-instances=us-east-1").run_to(99.0 + each_s);
        assert_eq!(stands(&single), (0, Status::Restarting), "nobody stands in");
        single.run_to(101.0 + each_s);
        assert_eq!(stands(&single), (0, Status::Up));
    }
}

#[test]
fn a_failure_while_a_standby_is_changed_finds_nobody() {
    let mut lab = Lab::new(&read(&on(Engine::Rds, "standby")), 4);
    lab.run_to(100.0).order("change-instances=us-east-1").run_to(200.0);
    lab.order("primary-database=us-east-1").run_to(1000.0);
    assert_eq!((stands(&lab), takeovers(&lab)), ((0, Status::Down), vec![]));
    lab.order("clear primary-database=us-east-1").run_to(3000.0);
    assert_eq!(
        (stands(&lab), takeovers(&lab)),
        ((0, Status::Up), vec![]),
        "the change is not taken up again"
    );
}

#[test]
fn a_change_waits_for_the_standby_that_is_changed_and_for_no_other() {
    let mut lab = Lab::new(&read(&on(Engine::Rds, "cluster")), 6);
    lab.run_to(100.0).order("zone-power=us-east-1c").run_to(200.0).order("clear zone-power=us-east-1c");
    let level_s = 200.0 + facts::STANDBY_REBUILD.value;
    lab.run_to(level_s - 100.0).order("change-instances=us-east-1");
    let changed_s = level_s - 100.0 + facts::INSTANCE_CHANGE.value;
    lab.run_to(changed_s + 60.0);
    let level = |index| lab.when(|what| *what == What::StandbyLevel(ZoneId { region: HOME, index }));
    assert_eq!((level(2), level(1)), (Some(level_s), Some(changed_s)));
    let [at_s] = takeovers(&lab)[..] else { panic!("{:?}", takeovers(&lab)) };
    assert!((10.0..=35.0).contains(&(at_s - changed_s)), "{at_s}");
}

#[test]
fn nobody_reboots_what_has_no_instance_or_does_not_answer() {
    for word in ["reboot=us-east-1", "change-instances=us-east-1"] {
        let order = Order::parse(word).expect("an order");
        let table = read(&json!({ "name": "table", "title": "A table", "strategy": "multi-site",
            "database": { "engine": "dynamodb-global" } }));
        let refused = order.fits(&table).expect_err("a table has no instance");
        assert!(refused.contains("with a database that has instances"), "{refused}");
        let mut lab = Lab::new(&read(&on(Engine::Rds, "standby")), 2);
        lab.run_to(100.0).order("primary-database=us-east-1").run_to(105.0).order(word).run_to(106.0);
        let refused = |what: &What| matches!(what, What::OrderRefused(_, Refusal::NotAnswering(HOME)));
        assert_eq!(lab.when(refused), Some(105.0), "{word}");
    }
}

/// Servers of the first region that have the old address of its database.
fn astray(lab: &Lab) -> usize {
    let world = lab.run.world();
    world.system.servers_astray(lab.run.plan(), lab.run.now(), HOME)
}

#[test]
fn servers_hear_of_the_new_address_within_the_time_for_which_they_keep_one() {
    for kept_s in [5.0, 60.0, 600.0] {
        let mut file = on(Engine::Rds, "standby");
        file["servers"] = json!({ "endpoint_cache_s": kept_s });
        file["regions"][0]["servers"] = json!(12);
        let (mut halfway, mut all) = (0, 0);
        for seed in 0..20 {
            let mut lab = Lab::new(&read(&file), seed);
            lab.run_to(100.0).order("reboot=us-east-1").run_to(230.0);
            let at_s = takeovers(&lab)[0];
            let mut again = Lab::new(&read(&file), seed);
            again.run_to(100.0).order("reboot=us-east-1").run_to(at_s + kept_s / 2.0);
            (halfway, all) = (halfway + astray(&again), all + 12);
            again.run_to(at_s + kept_s + 0.001);
            assert_eq!(astray(&again), 0, "seed {seed}");
            again.run_to(at_s + kept_s + 200.0);
            assert_eq!(again.failed(at_s + kept_s + 1.0, at_s + kept_s + 200.0), 0, "seed {seed}");
        }
        // Their turns are spread evenly.
        assert_close("half of the time on", halfway as f64 / f64::from(all), 0.5, 0.2);
    }
}

#[test]
fn who_keeps_an_address_for_ever_fails_for_ever_and_is_right_again_once_it_is_true_again() {
    let mut file = on(Engine::AuroraGlobal, "volume");
    file["servers"] = json!({ "endpoint_cache_s": 172_800 });
    let mut lab = Lab::new(&read(&file), 3);
    lab.run_to(100.0).order("reboot=us-east-1").run_to(600.0);
    assert_eq!((stands(&lab), astray(&lab)), ((1, Status::Up), 6));
    // The old writer is a reader by then: reads at the old address are answered, and writes are refused.
    assert!(lab.failed(300.0, 590.0) > 1000, "writes fail: {}", lab.failed(300.0, 590.0));
    lab.order("reboot=us-east-1").run_to(700.0);
    assert_eq!((stands(&lab), astray(&lab)), ((0, Status::Up), 0));
    lab.run_to(900.0);
    assert_eq!(lab.failed(700.0, 890.0), 0, "what they have kept is right again");
}
