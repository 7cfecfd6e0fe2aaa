//! Histories: what a report says of readers and of collisions is what anybody can count from what clients asked and were told, in
//! every built-in system, with and without faults, whatever the rule for collisions and whatever sessions are promised.

use crate::recount::{self, Counts};
use faultline::kernel::clock::SimTime;
use faultline::kernel::id::RegionId;
use faultline::model::scenario::Scenario;
use faultline::model::{Rule, ScriptLine, Session, builtin};
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;
use faultline::system::history::{Note, Operations};

/// A run with its history, after both counts were found to be the same.
pub(crate) fn counted(scenario: &Scenario, seed: u64, until_s: f64) -> (Counts, Simulation, Operations) {
    let mut run = Simulation::new(scenario, seed);
    let mut record = Record { operations: Some(Operations::default()), ..Record::default() };
    run.run_until(SimTime::from_secs(until_s), u64::MAX, &mut record);
    let history = record.operations.expect("it was asked for");
    let reported = Counts::reported(&run.report());
    assert_eq!(reported, recount::of(run.plan(), &history), "{}, seed {seed}", scenario.name);
    (reported, run, history)
}

fn with(mut scenario: Scenario, script: &[(f64, &str)]) -> Scenario {
    scenario.script =
        script.iter().map(|(at_s, order)| ScriptLine { at_s: *at_s, order: (*order).into() }).collect();
    scenario
}

pub(crate) fn seeds() -> std::ops::Range<u64> {
    0..if std::env::var_os("FAULTLINE_NIGHT").is_some() { 20 } else { 5 }
}

const BUILT_IN: [&str; 9] = [
    "backup-restore",
    "pilot-light",
    "warm-standby",
    "multi-site",
    "write-global",
    "write-partitioned",
    "write-local",
    "write-local-quorum",
    "six-regions",
];

#[test]
fn the_built_in_systems_are_counted_right() {
    for name in BUILT_IN {
        for seed in seeds() {
            let scenario = builtin(name).expect("a built-in");
            assert_eq!(scenario.database.keys, 96, "{name}");
            counted(&scenario, seed, 300.0);
        }
    }
}

#[test]
fn the_built_in_systems_are_counted_right_with_faults() {
    for name in BUILT_IN {
        for seed in seeds() {
            let mut scenario = builtin(name).expect("a built-in");
            scenario.clients.session = Session::ALL[seed as usize % 3];
            let region = &scenario.regions[0].code;
            let (dark, light) = (format!("region-dark={region}"), format!("clear region-dark={region}"));
            // In some runs the region comes back, in others another takes over without what it had not heard of.
            let script = [(60.0, dark.as_str()), (90.0, light.as_str())];
            let lines = if seed % 2 == 0 { 2 } else { 1 };
            counted(&with(scenario, &script[..lines]), seed, 300.0);
        }
    }
}

/// Two regions some seconds apart, a few sessions in two cities, one of which travels.
fn lab(session: Session, text: &str) -> Scenario {
    let text = format!(
        r#"{{ "name": "sessions", "title": "Two cities, a few sessions", "strategy": "multi-site", "weight": 1, "horizon_s": 3600,
        "dns": {{ "policy": "latency" }}, {text},
        "clients": {{ "connections": 4, "session": "{}", "populations": [
            {{ "city": "New York", "requests_per_s": 20, "read_share": 0.8 }},
            {{ "city": "London", "requests_per_s": 20, "read_share": 0.8 }}] }} }}"#,
        session.slug()
    );
    Scenario::read(&text).unwrap_or_else(|problems| panic!("{problems:?}"))
}

const TWO: &str =
    r#""regions": [{ "code": "us-east-1", "servers": 3 }, { "code": "eu-west-1", "servers": 3 }]"#;

#[test]
fn every_rule_for_collisions_is_counted_right() {
    let rules = [
        Rule::LastWriterWins,
        Rule::FirstRegionWins,
        Rule::Conditional,
        Rule::ConditionalLocal,
        Rule::Siblings,
        Rule::Merge,
    ];
    let script = [
        (60.0, "travel=New York>London"),
        (90.0, "travel=New York>New York"),
        (120.0, "link-cut=us-east-1:eu-west-1"),
        (150.0, "travel=London>New York"),
        (180.0, "clear link-cut=us-east-1:eu-west-1"),
    ];
    for rule in rules {
        for session in Session::ALL {
            // The first region's clock is wrong by more than its copies are behind.
            let text = format!(
                r#""write_pattern": "write-local",
                "regions": [{{ "code": "us-east-1", "servers": 3, "clock_skew_ms": -4000 }}, {{ "code": "eu-west-1", "servers": 3 }}],
                "database": {{ "engine": "self-managed", "conflict": "{}", "delay_s": 3, "keys": 12, "skew": "uniform" }}"#,
                rule.slug()
            );
            let (counts, ..) = counted(&with(lab(session, &text), &script), 7, 300.0);
            // A key that is at home in one region collides with nothing.
            let collide = rule == Rule::Conditional || counts.collisions > 50;
            assert!(counts.stale > 100 && collide, "{}: {counts:?}", rule.slug());
            match session {
                Session::None => assert!(counts.own > 0 && counts.back > 0, "{}: {counts:?}", rule.slug()),
                Session::Token => assert_eq!((counts.own, counts.back), (0, 0), "{}", rule.slug()),
                Session::Sticky => {}
            }
        }
    }
}

#[test]
fn a_promise_is_broken_only_by_a_loss_and_that_is_counted() {
    let text = format!(
        r#"{TWO}, "write_pattern": "write-global",
        "database": {{ "engine": "aurora-global", "delay_s": 5, "keys": 96, "skew": "uniform" }}"#
    );
    let script = [(120.0, "region-dark=us-east-1"), (900.0, "clear region-dark=us-east-1")];
    for session in [Session::None, Session::Token] {
        let (counts, run, history) = counted(&with(lab(session, &text), &script), 5, 1800.0);
        let set_aside = run.report().loss.counts.set_aside;
        let noted = |note: fn(&Note) -> bool| history.notes.iter().filter(|it| note(&it.note)).count() as u64;
        let gone = noted(|note| matches!(note, Note::Gone(gone) if gone.state.is_some()));
        assert!(set_aside > 10 && gone >= set_aside, "{set_aside} of {gone}");
        assert!(counts.gap > 50 && counts.by_loss > 10, "{counts:?}");
        if session == Session::Token {
            // A read may break both promises.
            assert!(counts.own.max(counts.back) <= counts.by_loss, "{counts:?}");
            assert!(counts.by_loss <= counts.own + counts.back, "{counts:?}");
            let failed = |from: f64, to: f64| {
                let gave_up = history.list.iter().filter(|it| it.gave_up());
                gave_up.filter(|it| (from..to).contains(&it.invoked.secs())).count()
            };
            assert!(failed(120.0, 300.0) > 500, "who was told of what is in the dark waits for it");
            assert_eq!(failed(600.0, 900.0), 0, "but not for what was given up");
        } else {
            assert!(counts.own > counts.by_loss, "without a promise they are broken without a loss too");
        }
    }
}

/// One editor in London, whose region is ten seconds behind the writer.
const EDITOR: &str = r#"{ "name": "one-editor", "title": "One editor reads what was just saved", "strategy": "multi-site",
    "write_pattern": "write-global", "weight": 1, "horizon_s": 1800, "dns": { "policy": "latency" },
    "regions": [{ "code": "us-east-1", "servers": 3 }, { "code": "eu-west-1", "servers": 3 }],
    "clients": { "connections": 1, "session": "none",
        "populations": [{ "city": "London", "requests_per_s": 20, "read_share": 0.9 }] },
    "database": { "engine": "rds", "delay_s": 10, "keys": 96, "skew": "uniform" } }"#;

/// Reads that miss an own write, for each promise, and the reads.
fn missed(change: impl Fn(&mut Scenario)) -> ([u64; 3], f64) {
    let mut reads = 0;
    let missed = Session::ALL.map(|session| {
        let mut scenario = Scenario::read(EDITOR).expect("a scenario");
        scenario.clients.session = session;
        change(&mut scenario);
        let (counts, run, history) = counted(&scenario, 11, 1800.0);
        assert_eq!(run.report().requests.failed, 0, "{}", session.slug());
        reads = history.list.iter().filter(|it| !it.writes).count();
        counts.own
    });
    (missed, reads as f64)
}

/// The share of a session's reads that miss an own write if it writes so often to a key and is told after as long as the way
/// takes, before the copy has the write: that it wrote to this key, and has heard of it, within the time that the copy is behind.
fn expected(writes_per_s: f64, behind_s: f64) -> f64 {
    1.0 - (-writes_per_s * behind_s).exp()
}

#[test]
fn a_session_that_does_not_find_its_own_writes_is_counted_whatever_it_was_promised() {
    // Two writes a second. The copy has one 10 s after its commit and what the way takes; its writer hears of it about as early.
    let ([none, sticky, token], reads) = missed(|_| {});
    println!("figure: of {reads} reads miss an own write: none {none}, sticky {sticky}, token {token}");
    let share = expected(2.0 / 96.0, 10.0);
    assert!((none as f64 / reads / share - 1.0).abs() < 0.05, "{none} of {reads}, {share}");
    assert_eq!(token, 0, "a position in the log covers every key");
    // It stays with the copy, and its writes went past that.
    assert_eq!(sticky, none);
}

#[test]
fn few_keys_and_many_sessions_are_counted_as_well() {
    let ([none, _, token], reads) = missed(|scenario| scenario.database.keys = 6);
    let share = expected(2.0 / 6.0, 10.0);
    assert!((none as f64 / reads / share - 1.0).abs() < 0.05, "six keys: {none} of {reads}, {share}");
    assert_eq!(token, 0, "writes that overtake each other are covered too");
    let ([none, _, token], reads) = missed(|scenario| scenario.clients.connections = 24);
    let share = expected(2.0 / 24.0 / 96.0, 10.0);
    assert!((none as f64 / reads / share - 1.0).abs() < 0.15, "24 sessions: {none} of {reads}, {share}");
    assert_eq!(token, 0);
}

#[test]
fn a_token_is_kept_after_the_roles_have_gone_over_and_back() {
    let text = format!(
        r#"{TWO}, "write_pattern": "write-global",
        "database": {{ "engine": "aurora-global", "delay_s": 0.5, "size_gib": 10, "keys": 12, "skew": "uniform" }}"#
    );
    let script =
        [(120.0, "region-dark=us-east-1"), (900.0, "clear region-dark=us-east-1"), (1200.0, "fail-back")];
    for session in [Session::None, Session::Token] {
        let (before, ..) = counted(&with(lab(session, &text), &script), 5, 2400.0);
        let (after, run, _) = counted(&with(lab(session, &text), &script), 5, 3000.0);
        assert_eq!(run.world().system.ownership.primary(), RegionId(0), "Virginia has the writes again");
        let broken = |counts: &Counts| counts.own + counts.back;
        match session {
            Session::None => assert!(broken(&after) > broken(&before) + 50, "London is behind: {after:?}"),
            // A position in Virginia's log counts again, which had been given up while Ireland had the writes.
            Session::Sticky | Session::Token => assert_eq!(broken(&after), broken(&before), "{after:?}"),
        }
    }
}
