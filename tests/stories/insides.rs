//! What a database can be inside its region: a cluster with two standbys, an instance without any, a volume whose writer has no
//! reader. The ranges are those of the services' documentation.

use crate::lab::{Lab, assert_close};
use faultline::catalog::database as facts;
use faultline::kernel::id::{RegionId, ZoneId};
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::{Engine, Inside, Order};
use faultline::run::cost::CostItem;
use faultline::system::database::Status;
use faultline::system::journal::What;
use faultline::system::refusal::Refusal;
use serde_json::{Value, json};

const SEEDS: std::ops::Range<u64> = 0..20;
const HOME: RegionId = RegionId(0);

/// A system of which nobody moves the work elsewhere, so that only its own region can mend it.
fn on(engine: Engine, inside: &str) -> Value {
    let (strategy, servers) = if engine == Engine::SelfManaged {
        ("multi-site", 3)
    } else if inside == "cluster" {
        ("backup-restore", 0)
    } else {
        ("warm-standby", 1)
    };
    json!({
        "name": "insides", "title": "One region on its own", "strategy": strategy, "weight": 1, "horizon_s": 7200,
        "regions": [{ "code": "us-east-1", "servers": 3 }, { "code": "us-east-2", "servers": servers }],
        "database": { "engine": engine.slug(), "inside": inside, "keys": 99, "skew": "uniform" },
        "backup": { "copies": false },
        "recovery": { "decider": "manual" },
        "clients": { "populations": [{ "city": "Washington", "requests_per_s": 3, "read_share": 0.5 }] }
    })
}

fn read(file: &Value) -> Scenario {
    Scenario::read(&file.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn lab(engine: Engine, inside: &str, seed: u64) -> Lab {
    Lab::new(&read(&on(engine, inside)), seed)
}

fn problems(file: &Value) -> String {
    let found = Scenario::read(&file.to_string()).expect_err("it makes no sense");
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Where the database of the first region is, and whether it answers.
fn stands(lab: &Lab) -> (u8, Status) {
    let database = &lab.run.world().system.databases[HOME.index()];
    (database.zone, database.status)
}

fn missing(lab: &Lab) -> u64 {
    lab.run.report().loss.counts.missing()
}

/// When somebody took over, or an instance was made anew, and in which zone.
fn replaced(lab: &Lab) -> Vec<(f64, u8)> {
    let all = lab.record.journal.iter().filter_map(|entry| {
        let zone = if let What::StandbyTookOver { region: HOME, zone } = entry.what {
            zone
        } else if let What::InstanceMade(ZoneId { region: HOME, index }) = entry.what {
            index
        } else {
            return None;
        };
        Some((entry.at.secs(), zone))
    });
    all.collect()
}

#[test]
fn an_instance_is_replaced_within_the_range_of_its_form() {
    let (cluster, alone) = (Inside::Cluster.slug(), Inside::Alone.slug());
    let made = (facts::INSTANCE_MADE_MIN.value, facts::INSTANCE_MADE_MAX.value);
    let fails = (facts::CLUSTER_FAILOVER_MIN.value, facts::CLUSTER_FAILOVER.value);
    assert_eq!((fails.1, made.1), (35.0, 600.0), "as the guides say");
    for (engine, inside, order, (least, most), zone) in [
        (Engine::Rds, cluster, "primary-database=us-east-1", fails, 1),
        (Engine::Rds, cluster, "zone-power=us-east-1a", fails, 1),
        (Engine::AuroraGlobal, alone, "primary-database=us-east-1", made, 0),
        (Engine::DocumentdbGlobal, alone, "primary-database=us-east-1", made, 0),
    ] {
        let spans: Vec<f64> = SEEDS
            .map(|seed| {
                let mut lab = lab(engine, inside, seed);
                lab.run_to(100.0).order(order).run_to(110.0 + most);
                let [(at_s, there)] = replaced(&lab)[..] else { panic!("{:?}", replaced(&lab)) };
                assert_eq!((there, missing(&lab)), (zone, 0), "{inside}, seed {seed}");
                assert_eq!(stands(&lab), (zone, Status::Up));
                at_s - 100.0
            })
            .collect();
        assert!(spans.iter().all(|span| (least..=most).contains(span)), "{inside}, {order}: {spans:?}");
        let spread =
            spans.iter().fold(0.0_f64, |a, b| a.max(*b)) - spans.iter().fold(f64::MAX, |a, b| a.min(*b));
        assert!(spread > (most - least) / 2.0, "{inside}: the range is used: {spans:?}");
    }
}

#[test]
fn a_cluster_survives_two_losses_one_after_the_other() {
    for seed in SEEDS {
        for first in ["primary-database=us-east-1", "zone-power=us-east-1a"] {
            let mut lab = lab(Engine::Rds, "cluster", seed);
            lab.run_to(100.0).order(first).run_to(200.0).order("zone-power=us-east-1b").run_to(300.0);
            let zones: Vec<u8> = replaced(&lab).iter().map(|(_, zone)| *zone).collect();
            assert_eq!(zones, [1, 2], "{first}, seed {seed}");
            assert_eq!((stands(&lab), missing(&lab)), ((2, Status::Up), 0), "{first}, seed {seed}");
            // With the third it is down; who was not in step at that moment does not take its place.
            lab.order("zone-power=us-east-1c")
                .run_to(310.0)
                .order("clear zone-power=us-east-1b")
                .run_to(400.0);
            assert_eq!(stands(&lab), (2, Status::Down), "{first}, seed {seed}");
            lab.order("clear zone-power=us-east-1c").run_to(500.0);
            assert_eq!((stands(&lab), missing(&lab)), ((2, Status::Up), 0), "{first}, seed {seed}");
        }
    }
}

#[test]
fn in_a_cluster_the_other_standby_takes_over_if_the_first_is_lost_meanwhile() {
    for seed in SEEDS {
        let mut lab = lab(Engine::Rds, "cluster", seed);
        lab.run_to(100.0).order("zone-power=us-east-1a").run_to(105.0);
        lab.order("zone-power=us-east-1b").run_to(141.0);
        let [(at_s, zone)] = replaced(&lab)[..] else { panic!("seed {seed}: {:?}", replaced(&lab)) };
        assert!(zone == 2 && (115.0..=140.0).contains(&at_s), "seed {seed}: {at_s}, zone {zone}");
        assert_eq!(missing(&lab), 0, "seed {seed}");
        // What comes back is brought level, and takes over in its turn.
        lab.order("clear zone-power=us-east-1a")
            .run_to(1045.0)
            .order("primary-database=us-east-1")
            .run_to(1085.0);
        assert_eq!((stands(&lab), missing(&lab)), ((0, Status::Up), 0), "seed {seed}");
    }
}

#[test]
fn an_instance_without_standby_is_down_until_it_is_mended() {
    for (engine, order) in [
        (Engine::Rds, "primary-database=us-east-1"),
        (Engine::Rds, "zone-power=us-east-1a"),
        (Engine::SelfManaged, "primary-database=us-east-1"),
    ] {
        for seed in SEEDS {
            let mut lab = lab(engine, "single", seed);
            lab.run_to(100.0).order(order).run_to(400.0);
            assert_eq!((stands(&lab), replaced(&lab).len()), ((0, Status::Down), 0), "{order}, seed {seed}");
            lab.order(&format!("clear {order}")).run_to(600.0);
            assert_eq!((stands(&lab), missing(&lab)), ((0, Status::Up), 0), "{order}, seed {seed}");
            // 300 s until it is mended, and 60 s to start; a request may wait for its next try at either end.
            let incident = lab.incident();
            assert_eq!((incident.lost_writes, incident.rpo_s), (0, Some(0.0)), "{order}, seed {seed}");
            if engine == Engine::Rds {
                let rto = incident.rto_s.expect("restored");
                assert!((345.0..400.0).contains(&rto), "{order}, seed {seed}: {rto}");
            }
        }
    }
}

#[test]
fn the_zone_of_a_standby_is_nothing_to_who_has_none() {
    for (engine, inside) in [(Engine::Rds, "single"), (Engine::AuroraGlobal, "volume-alone")] {
        let mut lab = lab(engine, inside, 1);
        lab.run_to(100.0).order("zone-power=us-east-1b").order("zone-power=us-east-1c").run_to(200.0);
        assert_eq!(lab.when(|what| matches!(what, What::DatabaseLost(_))), None, "{inside}");
        assert_eq!(stands(&lab), (0, Status::Up), "{inside}");
    }
    // And with a single zone there is nowhere else to go, whatever the form.
    for (engine, inside) in
        [(Engine::Rds, "standby"), (Engine::Rds, "single"), (Engine::AuroraGlobal, "volume")]
    {
        let mut file = on(engine, inside);
        file["regions"][0]["zones"] = json!(1);
        let mut lab = Lab::new(&read(&file), 1);
        lab.run_to(100.0).order("zone-power=us-east-1a").run_to(400.0);
        assert_eq!(stands(&lab), (0, Status::Down), "{inside}");
        lab.order("clear zone-power=us-east-1a").run_to(500.0);
        assert_eq!((stands(&lab), missing(&lab)), ((0, Status::Up), 0), "{inside}");
    }
}

#[test]
fn a_writer_whose_zone_is_lost_is_back_with_the_zone_or_by_order() {
    for (engine, seed) in
        [Engine::AuroraGlobal, Engine::DocumentdbGlobal].into_iter().flat_map(|e| SEEDS.map(move |s| (e, s)))
    {
        let lost = || {
            let mut lab = lab(engine, "volume-alone", seed);
            lab.run_to(100.0).order("zone-power=us-east-1a").run_to(300.0);
            assert_eq!((stands(&lab), replaced(&lab).len()), ((0, Status::Down), 0), "seed {seed}");
            lab
        };
        let mut back = lost();
        back.order("clear zone-power=us-east-1a").run_to(400.0);
        assert_eq!((stands(&back), missing(&back)), ((0, Status::Up), 0), "seed {seed}");
        assert_eq!(replaced(&back), [], "the instance was there all the time");

        let mut ordered = lost();
        ordered.order("new-instance=us-east-1").run_to(910.0);
        let [(at_s, zone)] = replaced(&ordered)[..] else { panic!("seed {seed}: {:?}", replaced(&ordered)) };
        assert!(zone == 1 && (480.0..=900.0).contains(&at_s), "seed {seed}: {at_s}, zone {zone}");
        assert_eq!((stands(&ordered), missing(&ordered)), ((1, Status::Up), 0), "seed {seed}");
        assert_eq!(ordered.step("new-instance").end_s, Some(at_s), "seed {seed}: a bar of its own");

        let mut sooner = lost();
        sooner
            .order("new-instance=us-east-1")
            .run_to(310.0)
            .order("clear zone-power=us-east-1a")
            .run_to(380.0);
        assert_eq!((stands(&sooner), replaced(&sooner).len()), ((0, Status::Up), 0), "seed {seed}");
        let again = sooner.when(|what| matches!(what, What::DatabaseRestarted(HOME)));
        assert_eq!(again, Some(370.0), "seed {seed}");
    }
}

#[test]
fn an_instance_that_failed_before_its_zone_is_made_when_that_is_back() {
    for seed in SEEDS {
        let mut lab = lab(Engine::AuroraGlobal, "volume-alone", seed);
        lab.run_to(100.0).order("primary-database=us-east-1").run_to(200.0).order("zone-power=us-east-1a");
        lab.run_to(300.0);
        assert_eq!((stands(&lab), replaced(&lab).len()), ((0, Status::Down), 0), "seed {seed}");
        lab.order("clear zone-power=us-east-1a").run_to(910.0);
        let [(at_s, zone)] = replaced(&lab)[..] else { panic!("seed {seed}: {:?}", replaced(&lab)) };
        assert!(zone == 0 && (480.0..=900.0).contains(&at_s), "seed {seed}: {at_s}");
    }
}

#[test]
fn a_new_instance_is_refused_where_it_makes_no_sense() {
    let refused = |orders: &[&str]| {
        let mut lab = lab(Engine::AuroraGlobal, "volume-alone", 3);
        lab.run_to(100.0);
        for order in orders {
            lab.order(order);
        }
        lab.order("new-instance=us-east-1");
        lab.record.journal.iter().rev().find_map(|entry| {
            let What::OrderRefused(_, why) = entry.what else { return None };
            Some(why)
        })
    };
    let gone = "zone-power=us-east-1a";
    assert_eq!(refused(&[gone]), None);
    assert_eq!(refused(&[]), Some(Refusal::HasInstance(HOME)));
    assert_eq!(refused(&["primary-database=us-east-1"]), Some(Refusal::InstanceComes(HOME)));
    assert_eq!(refused(&[gone, "new-instance=us-east-1"]), Some(Refusal::InstanceComes(HOME)));
    assert_eq!(refused(&[gone, "region-dark=us-east-1"]), Some(Refusal::Dark(HOME)));
    assert_eq!(refused(&[gone, "control-plane=us-east-1"]), Some(Refusal::NoControlPlane(HOME)));
    let all = [gone, "zone-power=us-east-1b", "zone-power=us-east-1c"];
    assert_eq!(refused(&all), Some(Refusal::NoZone(HOME)));
    for (engine, inside) in
        [(Engine::Rds, "single"), (Engine::AuroraGlobal, "volume"), (Engine::Rds, "cluster")]
    {
        let order = Order::parse("new-instance=us-east-1").expect("an order");
        let why = lab(engine, inside, 3).run.resolve(&order).expect_err("nothing waits for a writer");
        assert!(why.contains("database.inside \"volume-alone\""), "{why}");
    }
}

#[test]
fn what_an_engine_does_not_offer_is_refused_at_its_place() {
    for engine in Engine::ALL {
        for inside in Inside::ALL {
            let offered = engine.forms().iter().any(|form| form.inside == inside);
            let mut file = on(engine, inside.slug());
            (file["strategy"], file["regions"][1]["servers"]) = (json!("warm-standby"), json!(4));
            let said = Scenario::read(&file.to_string()).err().into_iter().flatten();
            let said: Vec<_> = said.filter(|problem| problem.place == "database.inside").collect();
            // With a warm standby a copy follows, and a cluster cannot have that.
            let fits = offered && inside != Inside::Cluster;
            assert_eq!(said.is_empty(), fits, "{}, {}: {said:?}", engine.slug(), inside.slug());
        }
    }
    let said = problems(&on(Engine::AuroraGlobal, "single"));
    assert!(
        said.contains(
            "database.inside: \"single\" is not allowed; allowed: volume, volume-alone or volume-two-readers, as Amazon Aurora"
        ),
        "{said}"
    );
    let said = problems(&on(Engine::ElasticacheGlobal, "single"));
    assert!(said.contains("allowed: nodes, as Amazon ElastiCache Global Datastore has it"), "{said}");
}

#[test]
fn a_cluster_is_refused_where_something_of_it_would_be_elsewhere() {
    let good = on(Engine::Rds, "cluster");
    assert_eq!(read(&good).database.inside, Inside::Cluster);
    let with = |part: &str, field: &str, value: Value| {
        let mut file = good.clone();
        file[part][field] = value;
        problems(&file)
    };
    let before = "database.inside: \"cluster\" is not allowed; allowed: standby or single: ";
    let said = with("backup", "copies", json!(true));
    assert_eq!(said, format!("{before}snapshots of a cluster cannot be copied, as backup.copies says"));
    let said = with("backup", "log_copies", json!(true));
    assert_eq!(
        said,
        format!("{before}a cluster has no automated backups elsewhere, as backup.log_copies says")
    );
    for strategy in ["pilot-light", "warm-standby", "multi-site"] {
        let mut file = good.clone();
        file["strategy"] = json!(strategy);
        file["regions"][1]["servers"] = json!(if strategy == "pilot-light" { 0 } else { 4 });
        let wanted = format!("{before}with {strategy} copies follow, and a cluster has no replica elsewhere");
        assert_eq!(problems(&file), wanted);
    }
    let mut file = good.clone();
    file["regions"][0]["zones"] = json!(2);
    let wanted = "regions[0].zones: 2 is not allowed; allowed: at least 3: each instance of a cluster is in a zone of its own";
    assert_eq!(problems(&file), wanted);
}

#[test]
fn the_times_are_those_of_the_form_unless_the_file_says_otherwise() {
    for engine in Engine::ALL {
        for form in engine.forms().iter().filter(|form| form.inside.has_instance()) {
            let mut file = on(engine, form.inside.slug());
            if engine.rules().by_hand {
                file["recovery"]["decider"] = json!("person");
            }
            let read = read(&file).database;
            let times = [*read.zone_failover_min_s, *read.zone_failover_max_s];
            assert_eq!(times, form.takeover_s, "{}, {}", engine.slug(), form.inside.slug());
        }
    }
    let mut file = on(Engine::AuroraGlobal, "volume-alone");
    file["database"]["zone_failover_max_s"] = json!(240);
    assert_eq!(*read(&file).database.zone_failover_max_s, 240.0);
    assert_eq!(Scenario::design(Strategy::WarmStandby, Engine::AuroraGlobal).database.inside, Inside::Volume);
}

/// A month of a region's database and its storage.
fn bill(engine: Engine, inside: &str) -> [f64; 2] {
    let mut lab = lab(engine, inside, 11);
    let cost = lab.run_to(120.0).run.cost();
    ["database", "storage"].map(|item| {
        let here = |line: &&CostItem| line.item == item && line.region == "us-east-1";
        cost.items.iter().filter(here).map(|line| line.monthly_usd).sum()
    })
}

#[test]
fn the_bill_counts_the_instances() {
    let [pair, pair_storage] = bill(Engine::Rds, "standby");
    let [single, single_storage] = bill(Engine::Rds, "single");
    let [cluster, cluster_storage] = bill(Engine::Rds, "cluster");
    // 0.225 USD an hour, and 500 GiB at 0.115 USD.
    assert_close("single", single, 730.0 * 0.225, 1e-9);
    assert_close("half of a pair", single, pair / 2.0, 1e-9);
    assert_close("three in a cluster", cluster, 3.0 * single, 1e-9);
    assert_close("storage of one", single_storage, 500.0 * 0.115, 1e-9);
    assert_close("storage of two", pair_storage, 2.0 * single_storage, 1e-9);
    assert_close("storage of three", cluster_storage, 3.0 * single_storage, 1e-9);
    for engine in [Engine::AuroraGlobal, Engine::DocumentdbGlobal] {
        let [with, volume] = bill(engine, "volume");
        let [alone, same] = bill(engine, "volume-alone");
        assert_close("one instance less", alone, with / 2.0, 1e-9);
        assert_close("the volume is the same", same, volume, 1e-9);
    }
}
