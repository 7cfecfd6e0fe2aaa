//! A zone or an instance is lost: what each engine does about it inside its region. The ranges are those of the services'
//! documentation, or of measurements that others have published.

use crate::lab::Lab;
use faultline::kernel::id::RegionId;
use faultline::model::scenario::Scenario;
use faultline::model::{Engine, Order, Rule};
use faultline::system::database::Status;
use faultline::system::history::{Operation, Outcome};
use faultline::system::journal::What;
use serde_json::{Value, json};

const SEEDS: std::ops::Range<u64> = 0..20;

/// A system on an engine in the regions of which the notes speak; three where three have to agree.
fn on(engine: Engine) -> Value {
    let agrees = engine.conflict_rules().contains(&Rule::Quorum);
    let regions: Vec<Value> = ["us-east-1", "us-east-2", "us-west-2"][..if agrees { 3 } else { 2 }]
        .iter()
        .enumerate()
        .map(|(place, code)| {
            let mut region = json!({ "code": code, "servers": 12 });
            if engine == Engine::AuroraDsql && place == 2 {
                region = json!({ "code": code, "servers": 0, "witness": true });
            }
            region
        })
        .collect();
    json!({
        "name": "zones", "title": "A zone of Virginia is lost", "strategy": "multi-site", "weight": 1, "horizon_s": 3600,
        "regions": regions, "database": { "engine": engine.slug(), "keys": 99, "skew": "uniform" },
        "dns": { "policy": "latency" },
        "clients": { "populations": [{ "city": "Washington", "requests_per_s": 60, "read_share": 0.5 }] }
    })
}

fn read(file: &Value) -> Scenario {
    Scenario::read(&file.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// Seconds from the loss of an instance to the moment when another has taken its place.
fn takeover_s(engine: Engine, order: &str, seed: u64) -> f64 {
    let mut lab = Lab::new(&read(&on(engine)), seed);
    lab.run_to(300.0).order(order).run_to(500.0);
    lab.when(|what| matches!(what, What::StandbyTookOver { .. })).expect("a takeover") - 300.0
}

#[test]
fn an_instance_is_replaced_within_the_range_of_its_engine() {
    let ranges = [
        (Engine::Rds, 60.0, 120.0),
        (Engine::AuroraGlobal, 10.0, 30.0),
        (Engine::DocumentdbGlobal, 10.0, 60.0),
        (Engine::ElasticacheGlobal, 10.0, 60.0),
        (Engine::SelfManaged, 60.0, 120.0),
    ];
    for (engine, least, most) in ranges {
        for order in ["primary-database=us-east-1", "zone-power=us-east-1a"] {
            let spans: Vec<f64> = SEEDS.map(|seed| takeover_s(engine, order, seed)).collect();
            let within = spans.iter().all(|span| (least..=most).contains(span));
            assert!(within, "{}, {order}: {spans:?}, published: {least} to {most} s", engine.slug());
            let spread =
                spans.iter().fold(0.0_f64, |a, b| a.max(*b)) - spans.iter().fold(f64::MAX, |a, b| a.min(*b));
            assert!(spread > (most - least) / 2.0, "{}: the range is used: {spans:?}", engine.slug());
        }
    }
}

#[test]
fn a_pair_of_aurora_is_written_to_again_within_half_a_minute() {
    // The system of which others have measured 10 to 16 s, with an insert a second.
    let text = r#"{ "name": "aurora-pair", "title": "Aurora in two regions", "strategy": "warm-standby", "weight": 1,
        "horizon_s": 3600,
        "regions": [{ "code": "eu-west-1", "servers": 4 }, { "code": "eu-central-1", "servers": 4 }],
        "clients": { "populations": [{ "city": "Dublin", "requests_per_s": 60, "read_share": 0.5 },
            { "city": "Frankfurt", "requests_per_s": 40, "read_share": 0.5 }] },
        "dns": { "interval_s": 30 }, "database": { "engine": "aurora-global" } }"#;
    let scenario = Scenario::read(text).expect("a scenario");
    let spans: Vec<f64> = (1..=10)
        .map(|seed| {
            let mut lab = Lab::new(&scenario, seed);
            lab.run_to(300.0).order("primary-database=eu-west-1").run_to(900.0);
            let incident = lab.incident();
            assert_eq!((incident.lost_writes, incident.rpo_s), (0, Some(0.0)), "seed {seed}");
            incident.rto_s.expect("restored")
        })
        .collect();
    println!("recovery times: {spans:.1?}");
    assert!(spans.iter().all(|span| (10.0..32.0).contains(span)), "{spans:?}");
}

fn operations(lab: &Lab) -> &[Operation] {
    &lab.record.operations.as_ref().expect("it was asked for").list
}

const SPREAD: [Engine; 5] = [
    Engine::DynamodbGlobal,
    Engine::S3Replication,
    Engine::S3TimeControl,
    Engine::DynamodbStrong,
    Engine::AuroraDsql,
];

#[test]
fn what_is_spread_over_three_zones_has_no_instance_to_fail_over() {
    for engine in SPREAD {
        for seed in 0..4 {
            let lab = Lab::with_history(&read(&on(engine)), seed, &[(300.0, "zone-power=us-east-1a")], 900.0);
            let never = |what: &What| {
                matches!(
                    what,
                    What::StandbyTookOver { .. } | What::DatabaseLost(_) | What::DatabaseRestarted(_)
                )
            };
            assert_eq!(lab.when(never), None, "{}, seed {seed}", engine.slug());
            let database = &lab.run.world().system.databases[0];
            assert_eq!(database.status, Status::Up, "{}", engine.slug());
            assert_eq!(lab.run.report().loss.counts.missing(), 0, "{}", engine.slug());
            // A third of the servers is dead until the balancer has dropped them; then nothing is left of it.
            let later = lab.failed(400.0, 900.0);
            assert_eq!(later, 0, "{}, seed {seed}: {later} requests fail later", engine.slug());
            let elected = lab.when(|what| matches!(what, What::LeadersElected(RegionId(0))));
            let elects = matches!(engine, Engine::DynamodbGlobal | Engine::DynamodbStrong);
            assert_eq!(elected.is_some(), elects, "{}", engine.slug());
            if let Some(at_s) = elected {
                assert!((301.0..=305.0).contains(&at_s), "{}: {at_s}", engine.slug());
            }
        }
    }
}

#[test]
fn a_third_of_the_writes_waits_for_another_leader_and_local_reads_do_not() {
    let mut scenario = read(&on(Engine::DynamodbGlobal));
    (scenario.database.zone_failover_min_s, scenario.database.zone_failover_max_s) = (5.0.into(), 5.0.into());
    scenario.clients.retries = 0;
    let lab = Lab::with_history(&scenario, 7, &[(300.0, "zone-power=us-east-1c")], 400.0);
    let during = |it: &&Operation| (300.5..303.5).contains(&it.invoked.secs());
    let answered = |it: &&Operation| it.outcome == Outcome::Done;
    let of = |writes: bool, led: bool| {
        let asked = operations(&lab).iter().filter(during);
        let asked: Vec<&Operation> =
            asked.filter(|it| it.writes == writes && (it.key % 3 != 2) == led).collect();
        let done = asked.iter().copied().filter(|it| answered(it)).count();
        (done, asked.len())
    };
    let (waiting, writes_there) = of(true, false);
    assert!(
        writes_there > 15 && waiting == 0,
        "{waiting} of {writes_there} writes without a leader are done"
    );
    // A third of the servers stood in that zone, and the balancer asks them until it has noticed.
    let share = |(done, all): (usize, usize)| done as f64 / all as f64;
    let (led, read_there) = (share(of(true, true)), share(of(false, false)));
    assert!(
        (led - read_there).abs() < 0.2 && read_there > 0.5,
        "{led} of the others, {read_there} of the reads"
    );
}

#[test]
fn with_two_of_three_zones_lost_nothing_is_answered_until_one_is_back() {
    for engine in [Engine::DynamodbGlobal, Engine::S3Replication] {
        let orders = [
            (300.0, "zone-power=us-east-1a"),
            (303.0, "zone-power=us-east-1b"),
            (600.0, "clear zone-power=us-east-1b"),
        ];
        let lab = Lab::with_history(&read(&on(engine)), 3, &orders, 900.0);
        let by = |from: f64, to: f64| {
            let here = |it: &&Operation| it.region == Some(RegionId(0)) && it.outcome == Outcome::Done;
            operations(&lab).iter().filter(here).filter(|it| (from..to).contains(&it.invoked.secs())).count()
        };
        assert!(by(200.0, 300.0) > 1000, "{}: calm", engine.slug());
        assert_eq!(by(305.0, 600.0), 0, "{}: one copy of three is no majority", engine.slug());
        assert_eq!(lab.run.world().system.databases[0].status, Status::Up, "{}", engine.slug());
        assert_eq!(
            lab.run.report().loss.counts.missing(),
            0,
            "{}: what was committed is in it",
            engine.slug()
        );
    }
}

#[test]
fn what_has_no_instance_cannot_lose_it() {
    for engine in SPREAD {
        let mut file = on(engine);
        file["script"] = json!([{ "at_s": 60, "order": "primary-database=us-east-1" }]);
        let problems = Scenario::read(&file.to_string()).expect_err("there is no instance");
        let said = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let wanted = "primary-database with an engine that has instances";
        assert!(said.contains("script[0].order") && said.contains(wanted), "{}: {said}", engine.slug());
        let plan = Lab::new(&read(&on(engine)), 1);
        let order = Order::parse("primary-database=us-east-1").expect("an order");
        let refused = plan.run.plan().resolve(&order).expect_err("refused");
        assert!(refused.contains("has none"), "{}: {refused}", engine.slug());
    }
}
