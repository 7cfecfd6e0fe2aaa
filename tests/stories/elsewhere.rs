//! The figures of consistency in other places, at other rates and after other spans than in the cases that they were first found in:
//! two systems for each kind, each compared with a formula or with what anybody can count from a history.

use crate::collisions::script;
use crate::conditions::ends;
use crate::histories::counted;
use crate::lab::{Lab, assert_close};
use crate::quorum::{keeps_its_promise, longest_unanswered_s, run_of, told_after_s};
use crate::replicas::{at_once, compare, reads_after_writes, run, shipped};
use faultline::kernel::id::{PopulationId, RegionId};
use faultline::model::scenario::Scenario;
use faultline::model::unit::{Millis, Rate, Share, Span};
use faultline::model::{Engine, Rule, ScriptLine, Session, Skew};
use faultline::observer::ledger::Fate;
use faultline::system::history::{Operation, Outcome};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn read(file: &Value) -> Scenario {
    Scenario::read(&file.to_string()).unwrap_or_else(|problems| panic!("{file}: {problems:?}"))
}

/// Two regions, of which the first takes the writes of a city beside the second; the other is so many seconds behind.
struct Editors {
    regions: [&'static str; 2],
    city: &'static str,
    engine: &'static str,
    behind_s: f64,
    requests_per_s: f64,
    read_share: f64,
    keys: u32,
    sessions: u32,
}

const EDITORS: [Editors; 2] = [
    Editors {
        regions: ["ap-northeast-1", "ap-southeast-2"],
        city: "Sydney",
        engine: "aurora-global",
        behind_s: 4.0,
        requests_per_s: 30.0,
        read_share: 0.8,
        keys: 60,
        sessions: 5,
    },
    Editors {
        regions: ["eu-central-1", "sa-east-1"],
        city: "São Paulo",
        engine: "documentdb-global",
        behind_s: 25.0,
        requests_per_s: 12.0,
        read_share: 0.95,
        keys: 24,
        sessions: 2,
    },
];

impl Editors {
    fn system(&self, session: Session) -> Scenario {
        read(&json!({
            "name": "editors", "title": "Editors far from the writer", "strategy": "multi-site", "write_pattern": "write-global",
            "weight": 1, "horizon_s": 3600, "dns": { "policy": "latency" },
            "regions": self.regions.map(|code| json!({ "code": code, "servers": 3 })),
            "clients": { "connections": self.sessions, "session": session.slug(), "populations": [
                { "city": self.city, "requests_per_s": self.requests_per_s, "read_share": self.read_share }] },
            "database": { "engine": self.engine, "delay_s": self.behind_s, "ship_interval_s": 0.01, "keys": self.keys,
                "skew": "uniform" }
        }))
    }

    /// The share of reads of a key that was written within the time that the copy is behind, if somebody writes so often in all.
    fn share(&self, writes_per_s: f64) -> f64 {
        1.0 - (-writes_per_s / f64::from(self.keys) * self.behind_s).exp()
    }
}

#[test]
fn reads_behind_the_writer_are_stale_and_miss_own_writes_as_often_as_the_formula_says() {
    for editors in EDITORS {
        let writes_per_s = editors.requests_per_s * (1.0 - editors.read_share);
        for session in Session::ALL {
            let (counts, _, history) = counted(&editors.system(session), 3, 3600.0);
            let reads = history.list.iter().filter(|it| !it.writes).count() as f64;
            let what = format!("{}, {}", editors.city, session.slug());
            if session == Session::Token {
                assert_eq!((counts.own, counts.back), (0, 0), "{what}: a promise is kept");
                continue;
            }
            // Anybody's write makes a read stale, and only one's own is missed.
            let own = writes_per_s / f64::from(editors.sessions);
            assert_close(
                &format!("{what}: stale"),
                counts.stale as f64 / reads,
                editors.share(writes_per_s),
                0.06,
            );
            assert_close(&format!("{what}: own"), counts.own as f64 / reads, editors.share(own), 0.08);
        }
    }
}

/// Two regions that both take writes, so many seconds behind each other, with a city beside each that asks nothing by itself.
fn both_write(regions: [&str; 2], cities: [&str; 2], engine: &str, behind_s: f64) -> Scenario {
    read(&json!({
        "name": "both", "title": "Both take writes", "strategy": "multi-site", "write_pattern": "write-local", "weight": 1,
        "horizon_s": 300, "dns": { "policy": "latency" },
        "regions": regions.map(|code| json!({ "code": code, "servers": 3 })), "network": { "jitter": 0 },
        "servers": { "service_ms": 1 },
        "clients": { "populations": cities.map(|city| json!({ "city": city, "requests_per_s": 0 })) },
        "database": { "engine": engine, "delay_s": behind_s, "ship_interval_s": 0.01, "keys": 64, "skew": "uniform" }
    }))
}

#[test]
fn of_two_writes_one_is_lost_if_they_are_less_apart_than_the_copies_whatever_each_region_checks() {
    let systems = [
        (["ap-southeast-2", "sa-east-1"], ["Sydney", "São Paulo"], "self-managed", 1.5),
        (["eu-central-1", "ap-south-1"], ["Frankfurt", "Mumbai"], "dynamodb-global", 6.0),
    ];
    for (regions, cities, engine, behind_s) in systems {
        for rule in [Rule::LastWriterWins, Rule::ConditionalLocal, Rule::Conditional] {
            let mut scenario = both_write(regions, cities, engine, behind_s);
            if !scenario.database.engine.conflict_rules().contains(&rule) {
                continue;
            }
            scenario.database.conflict = rule;
            let way_s = Lab::new(&scenario, 2).run.plan().region_round_trip_ms[0][1] / 2000.0;
            // Half of the pairs are less apart than a write needs to the other copy, each under a key of its own.
            let apart = |pair: u32| (f64::from(pair) + 0.5) / 10.0 * (behind_s + way_s);
            let pairs = (0..20).map(|pair| (20.0 + 10.0 * f64::from(pair), apart(pair), pair));
            let lines: Vec<(f64, String)> = pairs
                .flat_map(|(at_s, apart_s, key)| {
                    let [first, second] = cities.map(|city| format!("write={city}:{key}"));
                    [(at_s, first), (at_s + apart_s, second)]
                })
                .collect();
            let lines: Vec<(f64, &str)> = lines.iter().map(|(at_s, order)| (*at_s, order.as_str())).collect();
            scenario.script = script(&lines);
            let (counts, run, _) = counted(&scenario, 2, 260.0);
            let report = run.report();
            let (found, what) = (&report.consistency, format!("{engine}, {}", rule.slug()));
            // A home refuses what had not seen what stands there; the regions by themselves say yes to all.
            let homes = rule == Rule::Conditional;
            let lost = if homes { 0 } else { 10 };
            assert_eq!(
                (counts.collisions, counts.pairs, found.lost_updates),
                (lost, lost, lost),
                "{what}: {found:?}"
            );
            assert_eq!(report.loss.acknowledged, 40 - found.refused_writes, "{what}");
            assert!(homes || found.refused_writes == 0, "{what}: {found:?}");
        }
    }
}

/// Three regions of a set that agree, a city beside each, and what stands in which.
struct Set {
    engine: Engine,
    regions: [&'static str; 3],
    cities: &'static [&'static str],
    /// The last region is a witness.
    witness: bool,
    keys: u32,
    skew: Skew,
    requests_per_s: f64,
    read_share: f64,
}

const SETS: [Set; 2] = [
    Set {
        engine: Engine::DynamodbStrong,
        regions: ["eu-west-1", "eu-west-3", "eu-central-1"],
        cities: &["Dublin", "Paris", "Frankfurt"],
        witness: false,
        keys: 2048,
        skew: Skew::Uniform,
        requests_per_s: 20.0,
        read_share: 0.8,
    },
    Set {
        engine: Engine::DynamodbStrong,
        regions: ["ap-northeast-1", "ap-northeast-2", "ap-northeast-3"],
        cities: &["Tokyo", "Seoul", "Osaka"],
        witness: false,
        keys: 12,
        skew: Skew::Zipf(0.99),
        requests_per_s: 12.0,
        read_share: 0.5,
    },
];

/// The same sets, in which two regions serve and the third is a witness.
const WITNESSED: [Set; 2] = [
    Set {
        regions: ["eu-west-2", "eu-central-1", "eu-west-1"],
        cities: &["London", "Frankfurt"],
        witness: true,
        ..SETS[0]
    },
    Set {
        regions: ["ap-northeast-3", "ap-northeast-1", "ap-northeast-2"],
        cities: &["Osaka", "Tokyo"],
        witness: true,
        ..SETS[1]
    },
];

impl Set {
    fn on(&self, engine: Engine) -> Scenario {
        let last = self.regions.len() - 1;
        let region = |(index, code): (usize, &&str)| {
            let witness = self.witness && index == last;
            json!({ "code": code, "witness": witness, "servers": if witness { 0 } else { 8 } })
        };
        let people = |city: &&str| json!({ "city": city, "requests_per_s": self.requests_per_s, "read_share": self.read_share });
        let mut scenario = read(&json!({
            "name": "set", "strategy": "multi-site", "weight": 1, "horizon_s": 900,
            "regions": self.regions.iter().enumerate().map(region).collect::<Vec<Value>>(),
            "clients": { "populations": self.cities.iter().map(people).collect::<Vec<Value>>() },
            "database": { "engine": engine.slug(), "keys": self.keys }
        }));
        scenario.database.skew = self.skew;
        scenario
    }
}

/// Sets of three that serve, and those with a witness on each engine that may have one.
fn sets() -> impl Iterator<Item = (&'static Set, Engine)> {
    let witnessed = [Engine::DynamodbStrong, Engine::AuroraDsql];
    let with = WITNESSED.iter().flat_map(move |set| witnessed.map(|engine| (set, engine)));
    SETS.iter().map(|set| (set, set.engine)).chain(with)
}

#[test]
fn a_set_elsewhere_loses_nothing_while_a_region_is_dark_and_when_it_is_back() {
    for ((set, engine), seed) in sets().zip(1..) {
        for (place, code) in set.regions.iter().enumerate() {
            let scenario = set.on(engine);
            let (least_s, _) = told_after_s(&scenario);
            let script =
                [(60.0, format!("region-dark={code}")), (450.0, format!("clear region-dark={code}"))];
            let (report, operations) = run_of(scenario, seed, 700.0, &script);
            let what = format!("{engine:?}, {code} dark and back, seed {seed}");
            keeps_its_promise(&what, &report, &operations);
            let rto_s = report.incidents[0].rto_s.unwrap_or(f64::INFINITY);
            println!("figure: {what}: RTO {rto_s:.0} s");
            if set.witness && place == 2 {
                assert_eq!(report.requests.failed, 0, "{what}: a witness is missed by nobody");
            } else {
                assert!((least_s..=360.0).contains(&rto_s), "{what}: {rto_s} s");
            }
            let late = operations.iter().filter(|it| it.gave_up() && it.invoked.secs() > 640.0).count();
            assert_eq!(late, 0, "{what}");
        }
    }
}

#[test]
fn a_region_elsewhere_that_is_cut_off_fails_its_own_clients_and_nobody_else() {
    for ((set, engine), seed) in sets().zip(5..) {
        let serving = set.regions.len() - usize::from(set.witness);
        let place = seed as usize % serving;
        let cut = set.regions[place];
        let others = set.regions.iter().filter(|other| **other != cut);
        let script: Vec<(f64, String)> = others
            .flat_map(|other| {
                let link = format!("link-cut={cut}:{other}");
                [(40.0, link.clone()), (130.0, format!("clear {link}"))]
            })
            .collect();
        let (report, operations) = run_of(set.on(engine), seed, 200.0, &script);
        let what = format!("{engine:?}, {cut} cut off, seed {seed}");
        keeps_its_promise(&what, &report, &operations);
        let theirs: BTreeSet<PopulationId> = operations
            .iter()
            .filter(|it| it.region == Some(RegionId(place as u8)) && it.ended.secs() < 40.0)
            .map(|it| it.population)
            .collect();
        assert_eq!(theirs.len(), 1, "{what}: its own city asks there");
        let during = |it: &&Operation| (50.0..120.0).contains(&it.invoked.secs());
        let (mine, all): (Vec<&Operation>, Vec<&Operation>) =
            operations.iter().filter(during).partition(|it| theirs.contains(&it.population));
        assert!(
            mine.iter().all(|it| it.outcome != Outcome::Done),
            "{what}: it cannot know what the others did"
        );
        // Under a hot key a write may be refused as another's was first, and tried in vain: that is an answer.
        let failed = all.iter().filter(|it| it.gave_up()).count();
        assert!(failed * 1000 <= all.len(), "{what}: {failed} of {} others fail", all.len());
        let longest = longest_unanswered_s(&operations, &theirs);
        assert!(longest < 60.0, "{what}: a key was not answered for {longest} s");
    }
}

#[test]
fn of_two_transactions_at_once_the_first_to_commit_wins_and_later_ones_build_on_it() {
    for set in &WITNESSED {
        let mut scenario = set.on(Engine::AuroraDsql);
        for population in &mut scenario.clients.populations {
            population.requests_per_s = Rate(0.0);
        }
        (scenario.database.keys, scenario.network.jitter.0) = (64, 0.0);
        scenario.servers.service_ms = Millis(0.01);
        // Nobody has to ask a resolver or to open a connection first.
        scenario.clients.connection_lifetime_s = Span(86_400.0);
        let trip_s = Lab::new(&scenario, 2).run.plan().region_round_trip_ms[0][1] / 1000.0;
        let [first, second] = set.cities else { panic!("two serve") };
        // A transaction reads when its request has come, and commits after a round trip or two to the other region.
        for (apart_s, told, expected) in [
            (0.2 * trip_s, "at once", [Fate::Stands, Fate::Refused]),
            (6.0 * trip_s, "one after the other", [Fate::Overwritten, Fate::Stands]),
        ] {
            for key in [0, 14, 63] {
                let pair = [first, second].map(|city| format!("write={city}:{key}"));
                scenario.script = script(&[(20.0, &pair[0]), (20.0 + apart_s, &pair[1])]);
                let (lab, fates) = ends(&scenario);
                let report = lab.run.report();
                let what = format!("{first} and {second} {told}, key {key}");
                assert_eq!(fates, expected, "{what}");
                let refused = u64::from(expected[1] == Fate::Refused);
                assert_eq!(
                    (report.consistency.refused_writes, report.consistency.lost_updates),
                    (refused, 0),
                    "{what}"
                );
            }
        }
    }
}

const COPIES: [[(&str, &str); 3]; 2] = [
    [("sa-east-1", "São Paulo"), ("us-west-2", "Seattle"), ("eu-west-3", "Paris")],
    [("ap-northeast-1", "Tokyo"), ("ap-southeast-2", "Sydney"), ("ap-south-1", "Mumbai")],
];

#[test]
fn one_copy_of_three_elsewhere_is_as_fresh_as_the_distance_lets_it_be() {
    for places in COPIES {
        let lab = run(&at_once(places, 8, 0.99), 5, 300.0);
        let way = |a: RegionId, b: RegionId| lab.run.plan().region_round_trip_ms[a.index()][b.index()] / 2.0;
        compare(&format!("R=W=1, {}", places[0].1), &reads_after_writes(&lab), |it| {
            if it.reader == it.writer { 1.0 } else { shipped(it.age - way(it.writer, it.reader)) }
        });
    }
}

#[test]
fn copies_elsewhere_are_counted_right_with_and_without_repair() {
    for places in COPIES {
        for (read, written) in [(1, 1), (2, 2)] {
            let stale = [false, true].map(|repairs| {
                let mut scenario = at_once(places, 24, 0.9);
                let database = &mut scenario.database;
                (database.replicas_read, database.replicas_written) = (read, written);
                (database.read_repair, database.ship_interval_s) = (repairs, Span(0.5));
                for population in &mut scenario.clients.populations {
                    (population.requests_per_s, population.read_share) = (Rate(40.0), Share(0.9));
                }
                let [a, b] = [places[0].0, places[1].0];
                let cut = [(20.0, format!("link-cut={a}:{b}")), (50.0, format!("clear link-cut={a}:{b}"))];
                scenario.script = cut.map(|(at_s, order)| ScriptLine { at_s, order }).into();
                counted(&scenario, 5, 70.0).0.stale
            });
            let what = format!("R={read}, W={written}, {}", places[0].1);
            println!("figure: {what}: {} stale reads, {} with repair", stale[0], stale[1]);
            if read + written > 3 {
                assert_eq!(stale, [0, 0], "{what}: the sets meet");
            } else {
                assert!(stale[0] > 100 && stale[1] < stale[0], "{what}: {stale:?}");
            }
        }
    }
}
