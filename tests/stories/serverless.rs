//! A database whose capacity follows what is asked of it, within a range and with a time to double.

use crate::lab::{Lab, assert_close};
use faultline::catalog::database as facts;
use faultline::kernel::id::RegionId;
use faultline::model::scenario::Scenario;
use faultline::system::journal::What;
use serde_json::{Value, json};

const HOME: RegionId = RegionId(0);
const ASKED: f64 = 100.0;
const PER_UNIT: f64 = 10.0;

fn on(least: f64, most: f64) -> Value {
    json!({
        "name": "serverless", "title": "A capacity range", "strategy": "warm-standby", "weight": 1, "horizon_s": 7200,
        "regions": [{ "code": "us-east-1", "servers": 40 }, { "code": "us-east-2", "servers": 40 }],
        "servers": { "most": 60, "concurrency": 64 },
        "database": { "engine": "aurora-global", "acu_min": least, "acu_max": most, "calls_per_acu": PER_UNIT },
        "faults": { "surge_factor": 4 },
        "clients": { "populations": [{ "city": "Washington", "requests_per_s": ASKED, "read_share": 0.5 }] }
    })
}

fn read(file: &Value) -> Scenario {
    Scenario::read(&file.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn units(lab: &Lab, region: RegionId) -> f64 {
    lab.run.world().system.databases[region.index()].capacity.as_ref().expect("it is serverless").acus
}

#[test]
fn capacity_settles_where_its_use_is_what_it_aims_at() {
    let mut lab = Lab::new(&read(&on(0.5, 128.0)), 1);
    let mut sum = 0.0;
    for second in 300..600 {
        lab.run_to(f64::from(second));
        sum += units(&lab, HOME);
    }
    assert_close("capacity units", sum / 300.0, ASKED / PER_UNIT / facts::ACU_USE.value, 0.03);
    assert_eq!(units(&lab, RegionId(1)), 0.5, "nobody asks the copy");
    assert_eq!(lab.failed(0.0, 590.0), 0);
}

#[test]
fn under_a_surge_it_doubles_in_its_time_and_turns_away_what_it_cannot_do_yet() {
    for seed in 0..4 {
        let mut lab = Lab::new(&read(&on(0.5, 128.0)), seed);
        lab.run_to(300.0);
        let before = units(&lab, HOME);
        lab.order("load-surge").run_to(300.0 + facts::ACU_DOUBLES.value);
        assert_close("after the time to double", units(&lab, HOME), 2.0 * before, 0.06);
        let short_s = lab.when(|what| *what == What::DatabaseShort(HOME)).expect("it is short");
        assert!((300.0..310.0).contains(&short_s), "seed {seed}: {short_s}");
        // As much as is asked, with every try again, is there after a few times more.
        lab.run_to(900.0);
        let enough_s = lab.when(|what| *what == What::DatabaseSuffices(HOME)).expect("it suffices");
        let least_s = facts::ACU_DOUBLES.value * (4.0 * ASKED / PER_UNIT / before).log2();
        assert!(enough_s - 30.0 > 300.0 + least_s - 5.0, "seed {seed}: {enough_s}, {least_s}");
        assert!(lab.failed(300.0, 330.0) > 0 && lab.failed(700.0, 890.0) == 0, "seed {seed}");
        let incident = lab.incident();
        assert_eq!(incident.failed, lab.run.report().requests.failed, "seed {seed}: the surge has it all");
    }
}

#[test]
fn what_the_range_does_not_allow_is_not_done() {
    let mut file = on(0.5, 20.0);
    // Without tries again, so that what is asked is known.
    file["clients"]["retries"] = json!(0);
    let mut lab = Lab::new(&read(&file), 3);
    lab.run_to(300.0).order("load-surge").run_to(900.0);
    assert_close("at its most", units(&lab, HOME), 20.0, 1e-9);
    let (failed, served) = (lab.failed(600.0, 890.0), lab.served(600.0, 890.0));
    assert_close("done in a second", f64::from(served) / 290.0, 20.0 * PER_UNIT, 0.03);
    assert_close("asked", f64::from(served + failed) / 290.0, 4.0 * ASKED, 0.03);
}

#[test]
fn a_copy_at_its_least_is_short_after_a_failover() {
    for seed in 0..4 {
        let broken = |least: f64| {
            let mut lab = Lab::new(&read(&on(least, 128.0)), seed);
            lab.run_to(300.0).order("region-dark=us-east-1").run_to(3600.0);
            let short = lab.when(|what| *what == What::DatabaseShort(RegionId(1))).is_some();
            let incident = lab.incident();
            (short, incident.failed, incident.rto_s.expect("restored"))
        };
        let ((short, more, cold_s), (ready, fewer, warm_s)) = (broken(0.5), broken(16.0));
        println!(
            "figure: seed {seed}: {more} fail from half a unit ({cold_s:.0} s), {fewer} from 16 ({warm_s:.0} s)"
        );
        // Reads come to the copy long before it is promoted: by then it has grown with them, and writes find it ready.
        assert!(short && !ready && more > fewer + 100 && cold_s >= warm_s, "seed {seed}");
    }
}

#[test]
fn capacity_is_paid_by_the_unit_and_hour() {
    let mut lab = Lab::new(&read(&on(0.5, 128.0)), 1);
    lab.run_to(1200.0);
    let items = lab.run.cost().items;
    let line = |region: &str| {
        let own =
            |line: &&faultline::run::cost::CostItem| line.item == "capacity units" && line.region == region;
        items.iter().find(own).expect("a line")
    };
    // A writer and a reader, which keeps up with it.
    let here = line("us-east-1");
    assert_close("here", here.quantity, 2.0 * ASKED / PER_UNIT / facts::ACU_USE.value * 730.0, 0.03);
    assert_close("price", here.monthly_usd, here.quantity * 0.12, 1e-9);
    assert_close("there", line("us-east-2").quantity, 2.0 * 0.5 * 730.0, 0.01);
    assert!(items.iter().all(|line| line.item != "database"), "no instance is paid beside it");
}

#[test]
fn only_aurora_has_a_range_and_its_least_is_not_more_than_its_most() {
    let said = |file: &Value| {
        let problems = Scenario::read(&file.to_string()).expect_err("it makes no sense");
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let mut other = on(0.5, 16.0);
    other["database"]["engine"] = json!("documentdb-global");
    assert!(said(&other).contains("database.acu_max: 16.0 is not allowed; allowed: 0: Amazon DocumentDB"));
    assert!(said(&on(32.0, 16.0)).contains("database.acu_min: 32.0 is not allowed; allowed: at most"));
}
