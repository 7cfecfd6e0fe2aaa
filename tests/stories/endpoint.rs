//! The endpoint of one region's database is gone, and everything else there is well: us-east-1 in October 2025. Source: the
//! summary that AWS published of that day (aws.amazon.com/message/101925).

use crate::lab::Lab;
use faultline::kernel::id::{PopulationId, RegionId};
use faultline::model::scenario::Scenario;
use faultline::system::history::{Operation, Outcome};
use faultline::system::journal::What;

/// 23:48 to 02:40.
const LASTED_S: f64 = 172.0 * 60.0;
const FROM_S: f64 = 600.0;
const HERE: RegionId = RegionId(0);

const TABLE: &str = r#"{ "name": "endpoint-gone", "title": "The table's endpoint in Virginia does not resolve",
    "strategy": "multi-site", "write_pattern": "write-local", "weight": 2, "grain": 4, "horizon_s": 18000,
    "regions": [{ "code": "us-east-1", "servers": 8 }, { "code": "us-west-2", "servers": 8 }],
    "database": { "engine": "dynamodb-global" } }"#;

fn table() -> Scenario {
    Scenario::read(TABLE).expect("a scenario")
}

/// A run with its history in which the endpoint is gone for so long.
fn without_endpoint(scenario: &Scenario, seed: u64, lasted_s: f64) -> Lab {
    let over_s = FROM_S + lasted_s;
    let orders = [(FROM_S, "database-endpoint=us-east-1"), (over_s, "clear database-endpoint=us-east-1")];
    Lab::with_history(scenario, seed, &orders, over_s + 900.0)
}

fn operations(lab: &Lab) -> &[Operation] {
    &lab.record.operations.as_ref().expect("it was asked for").list
}

/// The populations that a region served before.
fn of(lab: &Lab, region: RegionId) -> Vec<PopulationId> {
    let before =
        operations(lab).iter().filter(|it| it.invoked.secs() < FROM_S - 60.0 && it.region == Some(region));
    let mut all: Vec<PopulationId> = before.map(|it| it.population).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Of the operations of some people that were begun in a span, how many were done, and how many there were.
fn done(lab: &Lab, people: &[PopulationId], from_s: f64, to_s: f64) -> (usize, usize) {
    let asked = operations(lab).iter().filter(|it| people.contains(&it.population));
    let asked: Vec<&Operation> = asked.filter(|it| (from_s..to_s).contains(&it.invoked.secs())).collect();
    (asked.iter().filter(|it| it.outcome == Outcome::Done).count(), asked.len())
}

#[test]
fn for_172_minutes_nobody_near_virginia_is_served_and_nothing_is_lost() {
    let lab = without_endpoint(&table(), 1, LASTED_S);
    let (near, far) = (of(&lab, HERE), of(&lab, RegionId(1)));
    assert!(!near.is_empty() && !far.is_empty() && near.iter().all(|it| !far.contains(it)));
    let (served, asked) = done(&lab, &near, FROM_S + 1.0, FROM_S + LASTED_S - 60.0);
    assert!(asked > 10_000 && served == 0, "{served} of {asked}");
    let (served, asked) = done(&lab, &far, FROM_S, FROM_S + LASTED_S);
    assert!(asked - served <= asked / 10_000, "{served} of {asked} in the other region");
    // Servers, balancer and checks are well: nobody is sent away, and nothing takes over.
    let moves = |what: &What| {
        matches!(
            what,
            What::EndpointTurned { .. }
                | What::StandbyTookOver { .. }
                | What::Promoted { .. }
                | What::DatabaseLost(_)
        )
    };
    assert_eq!(lab.when(moves), None);
    let incident = lab.incident();
    let rto_s = incident.rto_s.expect("restored");
    println!("recovery time {:.1} min", rto_s / 60.0);
    assert!((rto_s - LASTED_S).abs() < 30.0, "{rto_s} s, the endpoint was gone for {LASTED_S} s");
    let report = lab.run.report();
    assert_eq!((report.loss.counts.missing(), incident.lost_writes), (0, 0), "all is there again");
    // What Virginia had not sent could not be read for as long; a second's worth is what a stream ships.
    let rpo_s = incident.rpo_s.expect("a recovery point");
    assert!(rpo_s < 3.0, "{rpo_s} s");
    let samples = &lab.record.samples;
    let lag_s = |at_s: f64| samples[at_s as usize].lag_us.map(|lag| lag as f64 / 1e6);
    let longest = samples.iter().filter_map(|sample| sample.lag_us).max().unwrap_or(0) as f64 / 1e6;
    assert!((longest - LASTED_S).abs() < 30.0, "it lags for as long: {longest} s");
    let after = lag_s(FROM_S + LASTED_S + 600.0).expect("it follows");
    assert!(after < 5.0, "and has caught up after minutes: {after} s");
}

/// The same in other regions and for other spans: who is near is out for as long, nobody else is, and nothing is lost.
#[test]
fn a_table_without_endpoint_is_away_for_as_long_as_that_lasts_in_any_region() {
    for (regions, seed, lasted_s) in
        [(["eu-west-1", "us-east-1"], 5, 20.0 * 60.0), (["ap-northeast-1", "eu-central-1"], 6, 65.0 * 60.0)]
    {
        let [here, there] = regions;
        let text = TABLE.replace("us-east-1", here).replace("us-west-2", there);
        let orders = ["", "clear "].map(|clear| format!("{clear}database-endpoint={here}"));
        let orders = [(FROM_S, orders[0].as_str()), (FROM_S + lasted_s, orders[1].as_str())];
        let scenario = Scenario::read(&text).expect("a scenario");
        let lab = Lab::with_history(&scenario, seed, &orders, FROM_S + lasted_s + 900.0);
        let (near, far) = (of(&lab, HERE), of(&lab, RegionId(1)));
        assert!(!near.is_empty() && !far.is_empty(), "{here}");
        let (served, asked) = done(&lab, &near, FROM_S + 1.0, FROM_S + lasted_s - 60.0);
        assert!(asked > 1000 && served == 0, "{here}: {served} of {asked}");
        let (served, asked) = done(&lab, &far, FROM_S, FROM_S + lasted_s);
        assert!(asked - served <= asked / 1000, "{here}: {served} of {asked} in {there}");
        let rto_s = lab.incident().rto_s.expect("restored");
        assert!((rto_s - lasted_s).abs() < 30.0, "{here}: {rto_s} s of {lasted_s} s");
        assert_eq!(lab.run.report().loss.counts.missing(), 0, "{here}");
    }
}

#[test]
fn an_application_that_turns_to_another_region_is_served_from_there() {
    let mut scenario = table();
    scenario.database.fallback = true;
    let lab = without_endpoint(&scenario, 2, 1200.0);
    let near = of(&lab, HERE);
    let (served, asked) = done(&lab, &near, FROM_S + 5.0, FROM_S + 1195.0);
    assert!(asked > 2000 && served as f64 > 0.999 * asked as f64, "{served} of {asked}");
    let elsewhere = operations(&lab).iter().filter(|it| near.contains(&it.population));
    let during = elsewhere.filter(|it| (FROM_S + 5.0..FROM_S + 1195.0).contains(&it.ended.secs()));
    assert!(during.filter(|it| it.outcome == Outcome::Done).all(|it| it.region == Some(RegionId(1))));
    assert_eq!(lab.run.report().loss.counts.missing(), 0);
}

#[test]
fn a_primary_without_endpoint_is_replaced_if_the_runbook_says_so_and_what_it_had_not_sent_is_set_aside() {
    let text = r#"{ "name": "single-writer", "title": "The writer's endpoint is gone", "strategy": "warm-standby",
        "weight": 1, "horizon_s": 3600,
        "regions": [{ "code": "us-east-1", "servers": 6 }, { "code": "eu-west-1", "servers": 6 }],
        "database": { "engine": "rds", "delay_s": 5 } }"#;
    let mut lab = Lab::new(&Scenario::read(text).expect("a scenario"), 4);
    lab.run_to(600.0).order("database-endpoint=us-east-1").run_to(630.0);
    // Nothing can read what had not left.
    let counts = lab.run.report().loss.counts;
    assert!(counts.out_of_reach > 50 && counts.missing() == counts.out_of_reach, "{counts:?}");
    lab.order("fail-over=eu-west-1").run_to(2400.0);
    assert_eq!(lab.run.world().system.ownership.primary(), RegionId(1));
    let incident = lab.incident();
    assert!(incident.rto_s.is_some() && incident.lost_writes > 50, "{incident:?}");
    let rpo_s = incident.rpo_s.expect("a recovery point");
    assert!((4.0..7.0).contains(&rpo_s), "five seconds had not left: {rpo_s} s");
}

#[test]
fn a_grey_region_hurts_people_and_no_check_sees_it() {
    let mut lab = Lab::new(&Scenario::default(), 3);
    lab.run_to(100.0).order("region-grey=us-east-1").run_to(160.0).order("zone-grey=us-east-1a");
    lab.run_to(220.0).order("clear region-grey=us-east-1").run_to(221.0);
    let grey = &lab.run.world().system.zones_grey[0];
    assert!(grey[0] && !grey[1], "what is grey by itself stays so: {grey:?}");
    lab.order("clear zone-grey=us-east-1a").run_to(400.0);
    assert!(!lab.run.world().system.zones_grey[0].contains(&true));
    let (in_zone, in_region) = (lab.failed(223.0, 280.0), lab.failed(100.0, 160.0));
    assert!(in_region > 100 && in_zone < in_region, "{in_region}, then {in_zone}");
    let seen = |what: &What| matches!(what, What::TargetTurned { .. } | What::EndpointTurned { .. });
    assert_eq!(lab.entries(seen).count(), 0, "they answer the checks");
}
