//! Volumes of six copies, two in each of three zones: writes need four, reads three, and a copy that is gone is built anew. As in
//! Verbitski and others (SIGMOD 2017), sections 2.1 and 2.2.

use crate::lab::{Lab, assert_close};
use crate::laws;
use faultline::catalog::database as facts;
use faultline::kernel::chance::{Chance, Purpose};
use faultline::kernel::clock::{SimDuration, SimTime};
use faultline::kernel::id::RegionId;
use faultline::model::fault::FaultKind;
use faultline::model::plan::Plan;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::{Engine, Order};
use faultline::system::copies::{COPIES, Copies, Does, Health, mend_span};
use faultline::system::history::{Operation, Outcome};
use faultline::system::journal::What;
use serde_json::{Value, json};

const HOME: RegionId = RegionId(0);
const AWAY: RegionId = RegionId(1);
const ENGINES: [Engine; 2] = [Engine::AuroraGlobal, Engine::DocumentdbGlobal];

fn on(engine: Engine) -> Value {
    json!({
        "name": "volumes", "title": "A volume", "strategy": "warm-standby", "weight": 1, "horizon_s": 7200,
        "regions": [{ "code": "us-east-1", "servers": 6 }, { "code": "us-east-2", "servers": 1 }],
        "database": { "engine": engine.slug(), "keys": 99, "skew": "uniform" },
        "backup": { "copies": false },
        "recovery": { "decider": "manual" },
        "clients": { "retries": 0, "populations": [{ "city": "Washington", "requests_per_s": 8, "read_share": 0.5 }] }
    })
}

fn read(file: &Value) -> Scenario {
    Scenario::read(&file.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn copies(lab: &Lab, region: RegionId) -> &Copies {
    lab.run.world().system.databases[region.index()].copies.as_ref().expect("a volume")
}

/// When the journal said of a region's volume that so many copies are left.
fn turned(lab: &Lab, region: RegionId) -> Vec<(f64, u8)> {
    let all = lab.record.journal.iter().filter_map(|entry| {
        let What::VolumeTurned(where_, copies) = entry.what else { return None };
        (where_ == region).then_some((entry.at.secs(), copies))
    });
    all.collect()
}

/// The share of reads and of writes that are done, of those that began between two seconds.
fn done(lab: &Lab, from_s: f64, to_s: f64) -> [f64; 2] {
    let all = &lab.record.operations.as_ref().expect("they are kept").list;
    [false, true].map(|writes| {
        let asked = |it: &&Operation| it.writes == writes && (from_s..to_s).contains(&it.invoked.secs());
        let (mut sent, mut answered) = (0, 0);
        for it in all.iter().filter(asked) {
            sent += 1;
            answered += i32::from(it.outcome == Outcome::Done);
        }
        assert!(sent > 20, "{sent} were sent");
        f64::from(answered) / f64::from(sent)
    })
}

#[test]
fn a_zone_lost_writes_a_zone_and_a_copy_reads_and_then_neither() {
    for (engine, seed) in ENGINES.into_iter().flat_map(|engine| [1, 2, 3].map(|seed| (engine, seed))) {
        let orders = [
            (100.0, "zone-power=us-east-1a"),
            (300.0, "volume-copy=us-east-1b"),
            (400.0, "volume-copy=us-east-1c"),
            (500.0, "clear volume-copy=us-east-1c"),
            (600.0, "clear zone-power=us-east-1a"),
            (700.0, "clear volume-copy=us-east-1b"),
        ];
        let lab = Lab::with_history(&read(&on(engine)), seed, &orders, 800.0);
        let what = format!("{}, seed {seed}", engine.slug());
        assert_eq!(laws::unlisted(&lab.run), [], "{what}");
        assert_eq!(done(&lab, 200.0, 299.0), [1.0, 1.0], "{what}: four of six");
        assert_eq!(done(&lab, 301.0, 399.0), [1.0, 0.0], "{what}: three of six");
        assert_eq!(done(&lab, 401.0, 499.0), [0.0, 0.0], "{what}: two of six");
        // From two nobody can build another: the volume waits for the zone.
        assert_eq!(done(&lab, 501.0, 598.0), [0.0, 0.0], "{what}: still two of six");
        assert_eq!(done(&lab, 601.0, 699.0), [1.0, 1.0], "{what}: the zone is back");
        assert_eq!(lab.run.report().loss.counts.missing(), 0, "{what}");
        let said: Vec<u8> = turned(&lab, HOME).iter().map(|(_, copies)| *copies).collect();
        assert_eq!(said, [4, 3, 2, 4, 6], "{what}");
        // Who asks why writes failed is told of the copy that went last, by its name.
        let report = lab.run.report();
        let by_slug = |slug: &str| {
            let mine = report.incidents.iter().filter(|it| it.trigger.kind == slug);
            mine.map(|it| it.failed).sum::<u64>()
        };
        let failed = lab.failed(300.0, 600.0);
        assert!(by_slug("volume-copy") >= u64::from(failed) * 9 / 10, "{what}: {failed} failed");
    }
}

#[test]
fn writes_come_back_with_the_copy_that_is_built_anew() {
    for engine in ENGINES {
        let orders = [
            (100.0, "volume-copy=us-east-1a"),
            (100.0, "volume-copy=us-east-1b"),
            (100.0, "volume-copy=us-east-1c"),
            (200.0, "clear volume-copy=us-east-1c"),
        ];
        let lab = Lab::with_history(&read(&on(engine)), 5, &orders, 300.0);
        assert_eq!(done(&lab, 101.0, 199.0), [1.0, 0.0], "three of six");
        assert_eq!(
            done(&lab, 201.0, 209.0 - 1.0).map(|share| share > 0.5),
            [true, false],
            "it is being built"
        );
        assert_eq!(done(&lab, 211.0, 299.0), [1.0, 1.0], "four of six");
        assert_eq!(turned(&lab, HOME), [(100.0, 5), (100.0, 3), (210.0, 4)]);
    }
}

#[test]
fn a_copy_is_mended_in_the_time_of_a_segment_at_the_rate_of_its_line() {
    assert_eq!(
        (facts::SEGMENT.value, facts::SEGMENT_REPAIR.value),
        (10.0, 1024.0),
        "10 GB in 10 s, as published"
    );
    for (size_gib, rate, wanted_s) in
        [(500.0, 1024.0, 10.0), (20_000.0, 1024.0, 10.0), (500.0, 256.0, 40.0), (4.0, 1024.0, 4.0)]
    {
        let mut file = on(Engine::AuroraGlobal);
        (file["database"]["size_gib"], file["database"]["repair_mib_per_s"]) = (json!(size_gib), json!(rate));
        let mut lab = Lab::new(&read(&file), 2);
        lab.run_to(100.0).order("volume-copy=us-east-1b").run_to(150.0);
        assert_eq!(copies(&lab, HOME).well(), 5);
        lab.order("clear volume-copy=us-east-1b").run_to(150.0 + wanted_s - 0.01);
        let coming = copies(&lab, HOME).all().filter(|health| matches!(health, Health::Comes(_))).count();
        assert_eq!((copies(&lab, HOME).well(), coming), (5, 1), "{size_gib} GiB at {rate}");
        lab.run_to(200.0);
        assert_eq!(turned(&lab, HOME), [(100.0, 5), (150.0 + wanted_s, 6)], "{size_gib} GiB at {rate}");
    }
}

#[test]
fn a_zone_that_returns_takes_in_what_it_missed_and_no_more() {
    for (bytes, away_s) in [(4_096, 600.0), (50_000_000, 300.0), (50_000_000, 900.0), (100_000_000, 2_000.0)]
    {
        let mut file = on(Engine::AuroraGlobal);
        file["database"]["write_bytes"] = json!(bytes);
        let mut lab = Lab::new(&read(&file), 4);
        lab.run_to(100.0);
        let before = copies(&lab, HOME).writes();
        lab.order("zone-power=us-east-1c").run_to(100.0 + away_s);
        let missed = copies(&lab, HOME).writes() - before;
        lab.order("clear zone-power=us-east-1c").run_to(120.0 + away_s);
        // 50 segments share what was written, and take it in side by side at 1 GiB/s.
        let each_s = f64::from(missed) * f64::from(bytes) / 50.0 / 1_073_741_824.0;
        let [(lost_s, 4), (at_s, 6)] = turned(&lab, HOME)[..] else { panic!("{:?}", turned(&lab, HOME)) };
        assert_eq!(lost_s, 100.0);
        let took_s = at_s - 100.0 - away_s;
        assert!(
            (took_s - each_s.min(10.0)).abs() < 1e-5,
            "{missed} writes of {bytes}: {took_s} s, not {each_s}"
        );
    }
}

#[test]
fn a_secondary_without_four_copies_takes_in_nothing_and_lacks_nothing_later() {
    for engine in ENGINES {
        let orders = [
            (100.0, "zone-power=us-east-2b"),
            (100.0, "volume-copy=us-east-2a"),
            (200.0, "clear volume-copy=us-east-2a"),
        ];
        let mut lab = Lab::with_history(&read(&on(engine)), 6, &orders[..2], 199.0);
        assert_eq!(done(&lab, 101.0, 197.0), [1.0, 1.0], "the primary goes on");
        let lag = |lab: &Lab| {
            lab.run.world().system.streams[0].lag(SimTime::from_secs(lab.run.now().secs())).secs()
        };
        assert!(lag(&lab) > 95.0, "the copy stands still: {}", lag(&lab));
        assert_eq!(copies(&lab, AWAY).does(), Does::Reads);
        lab.run_to(200.0).order(orders[2].1).run_to(230.0);
        assert!(lag(&lab) < 2.0 && copies(&lab, AWAY).does() == Does::Writes, "{}", lag(&lab));
        assert_eq!(lab.run.report().loss.counts.missing(), 0);
    }
}

#[test]
fn a_fault_of_a_volume_is_refused_where_there_is_none() {
    for engine in Engine::ALL {
        let mut file = on(Engine::AuroraGlobal);
        file["script"] = json!([{ "at_s": 60, "order": "volume-copy=us-east-1a" }]);
        assert!(Scenario::read(&file.to_string()).is_ok());
        file["script"][0]["order"] = json!("volume-copy=us-east-1d");
        file["regions"][0]["zones"] = json!(4);
        let said = Scenario::read(&file.to_string()).expect_err("a fourth zone has no copies");
        assert!(said[0].to_string().contains("one of the first three zones"), "{said:?}");
        if ENGINES.contains(&engine) {
            continue;
        }
        let plan = Plan::new(&Scenario::design(Strategy::WarmStandby, engine), 1);
        assert!(plan.possible(FaultKind::VolumeCopy).is_empty(), "{}", engine.slug());
        let order = Order::parse("volume-copy=us-east-1a").expect("an order");
        let said = plan.resolve(&order).expect_err("there is no volume");
        assert!(said.contains("whose data lie in a volume"), "{said}");
    }
}

/// The binomial probability that at least so many of six are down, each with this probability.
fn at_least(down: u32, q: f64) -> f64 {
    let ways = [1.0, 6.0, 15.0, 20.0, 15.0, 6.0, 1.0];
    (down..=6)
        .map(|k| ways[k as usize] * libm::pow(q, f64::from(k)) * libm::pow(1.0 - q, f64::from(6 - k)))
        .sum()
}

#[test]
fn the_quorum_is_lost_as_often_as_the_binomial_says() {
    // The system end to end: three copies, one a zone, fail by themselves. Each is gone for 10 s on average and built anew for 10 s,
    // 30 s after it was last well. All three at once, and writes are refused: q³ of the time, whatever the spread of each span.
    let (well_s, gone_s, built_s) = (30.0, 10.0, 10.0);
    let q: f64 = (gone_s + built_s) / (well_s + gone_s + built_s);
    let mut file = on(Engine::AuroraGlobal);
    file["horizon_s"] = json!(20_000);
    (file["database"]["keys"], file["database"]["ship_interval_s"]) = (json!(1), json!(300));
    file["clients"]["populations"][0]["requests_per_s"] = json!(0.02);
    let (mut refusing_s, mut all_s) = (0.0, 0.0);
    for seed in 0..3 {
        let mut random = Chance::new(seed).of(Purpose::Script, 41, 0, 0);
        let mut orders: Vec<(f64, String)> = Vec::new();
        for zone in ['a', 'b', 'c'] {
            let mut at_s = 10.0 + random.exponential(well_s);
            while at_s < 12_000.0 {
                orders.push((at_s, format!("volume-copy=us-east-1{zone}")));
                at_s += random.exponential(gone_s);
                orders.push((at_s, format!("clear volume-copy=us-east-1{zone}")));
                at_s += built_s + random.exponential(well_s);
            }
        }
        orders.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut lab = Lab::new(&read(&file), seed);
        for (at_s, order) in &orders {
            lab.run_to(*at_s).order(order);
        }
        lab.run_to(12_000.0);
        let (mut since, mut out) = (None, 0.0);
        for (at_s, copies) in turned(&lab, HOME) {
            match (Does::with(copies.into()) >= Does::Writes, since) {
                (false, None) => since = Some(at_s),
                (true, Some(begun)) => {
                    out += at_s - begun;
                    since = None;
                }
                (true, None) | (false, Some(_)) => {}
            }
        }
        refusing_s += out;
        all_s += 11_990.0;
    }
    println!("refusing {:.2} % of the time, q³ = {:.2} %", refusing_s / all_s * 100.0, q * q * q * 100.0);
    assert_close("three of three down", refusing_s / all_s, q * q * q, 0.15);
}

#[test]
fn six_copies_that_fail_by_themselves_lose_the_write_quorum_as_the_formula_says() {
    // The volume alone: every copy of it fails after 100 s on average, and a zone's loss of power of no length makes it one that has to be
    // built anew for 10 s. Failures are independent, so the share of time with three or more down is binomial with q = 10 / 110.
    let plan = Plan::new(&read(&on(Engine::AuroraGlobal)), 1);
    let mend = mend_span(&plan, None).secs();
    assert_eq!(mend, 10.0);
    let (mut down, mut all) = ([0.0; COPIES + 1], 0.0);
    let mut random = Chance::new(7).of(Purpose::Script, 42, 0, 0);
    let mut fails: [f64; COPIES] = std::array::from_fn(|_| random.exponential(100.0));
    let mut volume = Copies::WHOLE;
    let (mut now_s, mut next_mend) = (0.0, f64::INFINITY);
    let mut entries = 0;
    while all < 1_000_000.0 {
        let (place, first) =
            fails.iter().copied().enumerate().min_by(|a, b| a.1.total_cmp(&b.1)).expect("six");
        let at_s = first.min(next_mend);
        down[COPIES - volume.well()] += at_s - now_s;
        all += at_s - now_s;
        now_s = at_s;
        // A hair later, so that what is due then is not a rounding away.
        let now = SimTime::ZERO + SimDuration::from_secs(at_s + 1e-6);
        let before = volume.does();
        if first <= next_mend {
            volume.lose(place);
            fails[place] = f64::INFINITY;
        }
        let mut ends = volume.look(&plan, now, |_| true, |_| false);
        if volume.well() < 3 {
            // Nothing is left to build others from: somebody restores it.
            (volume, ends) = (Copies::WHOLE, None);
        }
        next_mend = ends.map_or(f64::INFINITY, SimTime::secs);
        for (place, health) in volume.all().enumerate() {
            if health == Health::Well && fails[place].is_infinite() {
                fails[place] = now_s + random.exponential(100.0);
            }
        }
        entries += u32::from(before >= Does::Writes && volume.does() < Does::Writes);
    }
    let q = mend / (100.0 + mend);
    let lost: f64 = down[3..].iter().sum::<f64>() / all;
    println!(
        "at least three of six down: {:.3} %, by the binomial {:.3} %",
        lost * 100.0,
        at_least(3, q) * 100.0
    );
    // A fourth failure ends the wait at once here, which takes a little of what the binomial counts.
    assert_close("three or more down", lost, at_least(3, q) - at_least(4, q), 0.08);
    // It is lost whenever, with two down, one of the other four fails.
    let two = 15.0 * q * q * libm::pow(1.0 - q, 4.0);
    assert_close("times that writes stop", f64::from(entries) / all, two * 4.0 / 100.0, 0.08);
}
