//! A failover controller of one's own database: it promotes when a majority of its nodes sees nothing of the primary, whatever
//! clients see. The first story is GitHub's of October 2018: 43 seconds without a link between two coasts.

use crate::lab::{Lab, assert_close};
use crate::{draw, laws};
use faultline::kernel::chance::{Chance, Purpose};
use faultline::kernel::id::RegionId;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::{Decider, Engine, Inside};
use faultline::run::report::Report;
use faultline::system::journal::What;
use serde_json::{Value, json};

const EAST: RegionId = RegionId(0);
const WEST: RegionId = RegionId(1);
const THIRD: RegionId = RegionId(2);
const CUT: &str = "link-cut=us-east-1:us-west-2";
const CUT_THIRD: &str = "link-cut=us-east-1:us-east-2";
/// Writes a second: all clients come to the first region.
const WRITES: f64 = 12.0;

/// Both coasts serve, the data are on both, and the nodes stand in these regions.
fn file(nodes: &[&str]) -> Value {
    json!({
        "name": "coasts", "title": "Two coasts and a failover controller", "strategy": "warm-standby", "weight": 1,
        "horizon_s": 10_800,
        "regions": [{ "code": "us-east-1", "servers": 3 }, { "code": "us-west-2", "servers": 3 }],
        "recovery": { "decider": "manual", "servers": 3 },
        "database": { "engine": "self-managed", "size_gib": 1, "keys": 400, "skew": "uniform" },
        "controller": { "nodes": nodes },
        "clients": { "populations": [
            { "city": "New York", "requests_per_s": 18, "read_share": 0.6 },
            { "city": "Los Angeles", "requests_per_s": 12, "read_share": 0.6 }
        ] }
    })
}

/// The same with a third region, in which the data are too and nobody is served.
fn three(nodes: &[&str]) -> Value {
    let mut file = file(nodes);
    file["regions"].as_array_mut().expect("a list").push(json!({ "code": "us-east-2", "servers": 0 }));
    file
}

const TWO_IN_THE_WEST: [&str; 3] = ["us-east-1", "us-west-2", "us-west-2"];
const ONE_IN_EACH: [&str; 3] = ["us-east-1", "us-west-2", "us-east-2"];

fn run(file: &Value, seed: u64, orders: &[(f64, &str)], until_s: f64) -> Lab {
    let scenario = Scenario::read(&file.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut lab = Lab::new(&scenario, seed);
    for (at_s, order) in orders {
        lab.run_to(*at_s).order(order);
    }
    lab.run_to(until_s);
    assert_eq!(laws::unlisted(&lab.run), [], "seed {seed}: {orders:?}");
    lab
}

/// When the controller has decided, and for which copy.
fn decisions(lab: &Lab) -> Vec<(f64, RegionId)> {
    let all = lab.record.journal.iter().filter_map(|entry| {
        let What::TakeOverDecided(_, to) = entry.what else { return None };
        Some((entry.at.secs(), to))
    });
    all.collect()
}

fn primary(lab: &Lab) -> RegionId {
    lab.run.world().system.ownership.primary()
}

fn missing(report: &Report) -> u64 {
    report.loss.counts.missing()
}

#[test]
fn forty_three_seconds_without_a_link_move_the_primary_and_strand_what_the_east_wrote() {
    let (mut stranded, seeds) = (0, 5);
    for seed in 0..seeds {
        let mend = format!("clear {CUT}");
        let lab = run(&file(&TWO_IN_THE_WEST), seed, &[(100.0, CUT), (143.0, &mend)], 300.0);
        // A node has looked at most 5 s before the cut and waits for 12 s; both in the west have to, then one of them asks when
        // its turn comes, and counts a second later.
        let [(decided_s, WEST)] = decisions(&lab)[..] else { panic!("{:?}", decisions(&lab)) };
        assert!((108.0..118.0).contains(&decided_s), "seed {seed}: decided at {decided_s}");
        let promoted = lab.when(|what| matches!(what, What::Promoted { region: WEST, .. }));
        let took = promoted.expect("it is promoted") - decided_s;
        assert!((1.0..5.1).contains(&took) && primary(&lab) == WEST, "seed {seed}: {took}");
        // The east hears of it within about a second of the end of the cut, and writes until then.
        let fenced = lab.when(|what| *what == What::Fenced(EAST)).expect("it hears of it");
        assert!((143.0..144.5).contains(&fenced), "seed {seed}: heard at {fenced}");
        let report = lab.run.report();
        let incident = &report.incidents[0];
        assert_eq!(
            (incident.trigger.kind.as_str(), incident.executions[0].runbook.as_str()),
            ("link-cut", "take-over"),
            "seed {seed}"
        );
        assert_eq!(missing(&report), report.loss.counts.set_aside, "seed {seed}: nothing is lost for good");
        assert_eq!(
            incident.lost_writes, report.loss.counts.set_aside,
            "seed {seed}: and all of it is booked here"
        );
        // Back from the fault to what had not been shipped, and on to the last write that the east has acknowledged.
        let rpo_s = incident.rpo_s.expect("known");
        assert!((42.5..46.0).contains(&rpo_s), "seed {seed}: {rpo_s}");
        assert_eq!(report.outages.len(), 0, "seed {seed}: clients saw nothing of it: {:?}", report.outages);
        stranded += report.loss.counts.set_aside;
    }
    // From the last shipment, half a second before the cut, until the east has heard, half a second after its end.
    assert_close("stranded", stranded as f64, WRITES * 44.0 * seeds as f64, 0.06);
}

#[test]
fn a_cut_that_is_shorter_than_the_detection_does_nothing() {
    for seed in 0..5 {
        let mend = format!("clear {CUT}");
        // Two looks in a row have to be missed, which are 5 s apart.
        let lab = run(&file(&TWO_IN_THE_WEST), seed, &[(100.0, CUT), (104.9, &mend)], 200.0);
        assert_eq!((decisions(&lab), primary(&lab)), (vec![], EAST), "seed {seed}");
        assert_eq!(missing(&lab.run.report()), 0, "seed {seed}");
        let mut patient = file(&TWO_IN_THE_WEST);
        patient["controller"]["detection_s"] = json!(60);
        let lab = run(&patient, seed, &[(100.0, CUT), (143.0, &mend)], 300.0);
        assert_eq!((decisions(&lab), missing(&lab.run.report())), (vec![], 0), "seed {seed}");
    }
}

#[test]
fn no_minority_promotes_anything() {
    for seed in 0..3 {
        // The west has one of three nodes.
        let east = ["us-east-1", "us-east-1", "us-west-2"];
        let lab = run(&file(&east), seed, &[(100.0, CUT)], 400.0);
        assert_eq!(decisions(&lab), [], "seed {seed}: cut");
        let lab = run(&file(&east), seed, &[(100.0, "region-dark=us-east-1")], 400.0);
        assert_eq!(decisions(&lab), [], "seed {seed}: dark");
        // One in each of three regions, of which two are dark: the third cannot know that.
        let dark = [(100.0, "region-dark=us-east-1"), (100.0, "region-dark=us-east-2")];
        let lab = run(&three(&ONE_IN_EACH), seed, &dark, 400.0);
        assert_eq!((decisions(&lab), primary(&lab)), (vec![], EAST), "seed {seed}: two dark");
        // One that sees nothing, while two see the primary.
        let lab = run(&three(&ONE_IN_EACH), seed, &[(100.0, CUT)], 400.0);
        assert_eq!((decisions(&lab), primary(&lab)), (vec![], EAST), "seed {seed}: one link");
    }
}

#[test]
fn a_majority_promotes_the_copy_that_has_come_furthest_without_any_control_plane() {
    for seed in 0..3 {
        let both = [(100.0, CUT), (100.0, CUT_THIRD)];
        let lab = run(&three(&ONE_IN_EACH), seed, &both, 200.0);
        assert!(matches!(decisions(&lab)[..], [(_, WEST)]), "seed {seed}: of equals the first");
        // For a minute nothing has come to the west.
        let dark = [(40.0, CUT), (90.0, "control-plane=us-east-2"), (100.0, "region-dark=us-east-1")];
        let lab = run(&three(&ONE_IN_EACH), seed, &dark, 200.0);
        assert!(matches!(decisions(&lab)[..], [(_, THIRD)]), "seed {seed}: {:?}", decisions(&lab));
        assert_eq!(primary(&lab), THIRD, "seed {seed}");
        let lost = missing(&lab.run.report()) as f64;
        assert!(lost < WRITES * 3.0, "seed {seed}: what the wire had, and not a minute of writes: {lost}");
    }
}

#[test]
fn nothing_is_promoted_so_soon_after_another_promotion() {
    for (cooldown_s, second) in [(3600.0, None), (60.0, Some(THIRD))] {
        let mut file = three(&["us-east-1", "us-west-2", "us-east-2"]);
        file["controller"]["cooldown_s"] = json!(cooldown_s);
        let orders = [
            (100.0, "region-dark=us-east-1"),
            (300.0, "clear region-dark=us-east-1"),
            (500.0, "region-dark=us-west-2"),
        ];
        let lab = run(&file, 3, &orders, 900.0);
        let to: Vec<RegionId> = decisions(&lab).iter().map(|(_, to)| *to).collect();
        let expected: Vec<RegionId> = std::iter::once(WEST).chain(second).collect();
        assert_eq!((to, primary(&lab)), (expected, second.unwrap_or(WEST)), "{cooldown_s} s");
    }
}

#[test]
fn a_semi_synchronous_primary_loses_nothing_and_pays_a_round_trip_for_each_write() {
    let (mut lost, mut p50) = ([0; 2], [0.0; 2]);
    let mut trip_ms = 0.0;
    for (place, semi_synchronous) in [false, true].into_iter().enumerate() {
        let mut file = file(&TWO_IN_THE_WEST);
        file["controller"]["semi_synchronous"] = json!(semi_synchronous);
        for seed in 0..5 {
            let mut lab = run(&file, seed, &[], 100.3);
            let report = lab.run.report();
            p50[place] += report.requests.write.p50_ms.expect("writes") / 5.0;
            trip_ms = lab.run.plan().region_round_trip_ms[0][1];
            lab.order("region-dark=us-east-1").run_to(300.0);
            assert_eq!((primary(&lab), laws::unlisted(&lab.run)), (WEST, vec![]), "seed {seed}");
            lost[place] += missing(&lab.run.report());
        }
    }
    assert!(lost[0] > 5 && lost[1] == 0, "lost without and with it: {lost:?}");
    assert_close("a write takes longer by", p50[1] - p50[0], trip_ms, 0.1);
}

#[test]
fn without_a_copy_writes_wait_ten_seconds_and_go_on_alone() {
    let mut file = file(&TWO_IN_THE_WEST);
    file["controller"]["semi_synchronous"] = json!(true);
    file["controller"]["detection_s"] = json!(600);
    let mend = format!("clear {CUT}");
    let lab = run(&file, 3, &[(100.0, CUT), (200.0, &mend)], 300.0);
    let turns =
        |on: bool| lab.when(|what| matches!(what, What::SemiSynchronous { waits, .. } if *waits == on));
    let (alone, again) = (turns(false).expect("alone"), turns(true).expect("again"));
    assert!((110.0..112.5).contains(&alone), "after 10 s: {alone}");
    assert!((200.0..220.0).contains(&again), "as soon as the copy has everything: {again}");
    let report = lab.run.report();
    assert!(lab.failed(100.0, 116.0) > 20, "servers have not waited so long");
    assert_eq!(lab.failed(120.0, 300.0), 0, "then nobody waits");
    assert_eq!((report.no_incident.failed, missing(&report)), (0, 0), "the cut is to blame");
}

#[test]
fn no_script_breaks_a_law_over_systems_with_a_controller() {
    let (mut found, mut decided) = (Vec::new(), 0);
    for seed in 0..60 {
        let mut random = Chance::new(seed).of(Purpose::Script, 95, 0, 0);
        let strategies = [Strategy::PilotLight, Strategy::WarmStandby, Strategy::MultiSite];
        let mut scenario = draw::stormy(strategies[random.below(3) as usize]);
        scenario.regions.push(faultline::model::Region::named("us-west-2", 0));
        scenario.regions[2].version = scenario.regions[1].version.clone();
        scenario.database.engine = Engine::SelfManaged;
        scenario.database.take_form(Inside::Standby);
        scenario.database.keys = 64;
        scenario.recovery.decider =
            [Decider::Automatic, Decider::Person, Decider::Manual][random.below(3) as usize];
        let mut file = serde_json::to_value(&scenario).expect("plain data");
        let codes = ["us-east-1", "eu-west-1", "us-west-2"];
        let count = [3, 5][random.below(2) as usize];
        let nodes: Vec<&str> = (0..count).map(|_| codes[random.below(3) as usize]).collect();
        let cooldown_s = [30.0, 3600.0][random.below(2) as usize];
        file["controller"] = json!({ "nodes": nodes, "cooldown_s": cooldown_s,
            "semi_synchronous": random.chance(0.5), "semi_synchronous_timeout_s": 5 });
        file["write_pattern"] = json!("write-global");
        for (field, seconds) in [("promote_min_s", 2), ("promote_typical_s", 5), ("promote_max_s", 20)] {
            file["recovery"][field] = json!(seconds);
        }
        file["recovery"]["promote_restart_s"] = json!(0);
        let scenario = Scenario::read(&file.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"));
        let script = draw::script(&scenario, seed);
        let (run, record) = draw::run(&scenario, seed, &script, draw::SCRIPT_S);
        let decides = |what: &What| matches!(what, What::TakeOverDecided(..));
        decided += record.journal.iter().filter(|entry| decides(&entry.what)).count();
        for broken in laws::unlisted(&run) {
            found.push(format!("seed {seed}: {broken}\n  {}", draw::in_words(&script)));
        }
    }
    assert!(found.is_empty(), "{} laws are broken:\n{}", found.len(), found[..found.len().min(3)].join("\n"));
    assert!(decided > 20, "the controller has decided {decided} times");
}
