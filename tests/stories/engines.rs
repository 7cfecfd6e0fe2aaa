//! Each engine within its own facts: how its copies lag, how they are promoted, and what comes back by itself.

use crate::lab::{Lab, calm, grainy, in_haste};
use faultline::kernel::id::RegionId;
use faultline::model::Engine;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::{Rate, Share, Span};
use faultline::system::database::Role;
use faultline::system::journal::What;
use serde_json::json;

/// A strategy with an engine, with hardly any traffic.
fn with(strategy: Strategy, engine: Engine) -> Scenario {
    let file =
        json!({ "strategy": strategy.slug(), "database": { "engine": engine.slug(), "size_gib": 10.0 } });
    let whole = Scenario::read(&file.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"));
    Scenario { weight: 1, clients: calm(strategy).clients, ..whole }
}

fn dark(scenario: &Scenario, seed: u64) -> Lab {
    let mut lab = Lab::new(scenario, seed);
    lab.run_to(60.0).order("region-dark=us-east-1");
    lab
}

#[test]
fn promotions_take_what_is_published() {
    for (engine, least, most) in [
        (Engine::Rds, 120.0, 900.0),
        (Engine::AuroraGlobal, 60.0, 180.0),
        (Engine::DocumentdbGlobal, 30.0, 60.0),
        (Engine::ElasticacheGlobal, 30.0, 60.0),
    ] {
        let scenario = in_haste(with(Strategy::WarmStandby, engine));
        let spans: Vec<f64> = (0..40)
            .map(|seed| {
                let mut lab = dark(&scenario, seed);
                lab.run_to(1200.0);
                lab.span("promote")
            })
            .collect();
        let (low, high) = spans.iter().fold((f64::MAX, 0.0_f64), |(l, h), span| (l.min(*span), h.max(*span)));
        assert!(least <= low && high <= most + 1.0, "{engine:?}: {low} to {high} s, not {least} to {most}");
        assert!(high - low > (most - least) / 3.0, "{engine:?}: {low} to {high} s");
    }
}

#[test]
fn a_global_database_can_be_read_while_it_is_promoted_and_a_replica_restarts() {
    let unreadable = |engine| {
        let mut lab = dark(&in_haste(with(Strategy::WarmStandby, engine)), 3);
        let mut seconds = 0;
        for second in 61..1200 {
            lab.run_to(f64::from(second));
            seconds += u32::from(!lab.run.world().system.databases[1].readable());
        }
        assert_eq!(lab.run.world().system.ownership.primary(), RegionId(1), "{engine:?}");
        seconds
    };
    assert_eq!(unreadable(Engine::AuroraGlobal), 0);
    assert!((29..=31).contains(&unreadable(Engine::Rds)));
}

#[test]
fn a_global_database_takes_its_old_primary_back_by_itself() {
    let mut lab = dark(&in_haste(with(Strategy::WarmStandby, Engine::AuroraGlobal)), 3);
    lab.run_to(900.0).order("clear region-dark=us-east-1").run_to(1500.0);
    assert!(lab.when(|what| *what == What::Rejoined(RegionId(0))).is_some());
    assert_eq!(lab.run.world().system.databases[0].role, Role::Replica);
    lab.order("fail-back").run_to(2400.0);
    let back = lab.run.report().incidents[1].clone();
    let names: Vec<&str> = back.steps().map(|step| step.name.as_str()).collect();
    assert!(!names.contains(&"rebuild") && !names.contains(&"set-aside"), "{names:?}");
    let switch = back.steps().find(|step| step.name == "switchover").expect("a switchover");
    let span = switch.end_s.expect("over") - switch.start_s;
    assert!((60.0..=62.0).contains(&span), "{span}");
    assert_eq!((lab.run.world().system.ownership.primary(), back.lost_writes), (RegionId(0), 0));
}

#[test]
fn a_promoted_replica_is_on_its_own_and_the_way_back_is_a_second_outage() {
    let mut scenario = in_haste(with(Strategy::WarmStandby, Engine::Rds));
    for population in &mut scenario.clients.populations {
        population.requests_per_s = Rate(1.0);
    }
    let mut lab = dark(&scenario, 3);
    lab.run_to(1200.0).order("clear region-dark=us-east-1").run_to(1800.0);
    assert!(lab.run.world().system.is_replaced(lab.run.plan(), RegionId(0)));
    assert_eq!(lab.when(|what| *what == What::Rejoined(RegionId(0))), None);
    lab.order("fail-back").run_to(3000.0);
    let back = lab.run.report().incidents[1].clone();
    let span = |name: &str| {
        let step = back.steps().find(|step| step.name == name).unwrap_or_else(|| panic!("no {name}"));
        (step.start_s, step.end_s.expect("over"))
    };
    let (begun, rebuilt) = span("rebuild");
    assert!((rebuilt - begun - 10.0 * 1024.0 / 300.0).abs() < 1.0, "10 GiB at 300 MiB/s");
    let (stopped, switched) = span("switchover");
    assert!((300.0..=302.0).contains(&(switched - stopped)), "writes stop for {}", switched - stopped);
    assert!(lab.failed(stopped, switched) > 100, "the second outage");
    assert_eq!(lab.run.world().system.ownership.primary(), RegionId(0));
}

#[test]
fn lag_is_what_each_engine_has() {
    for (engine, most_s) in [(Engine::AuroraGlobal, 1.0), (Engine::Rds, 1.0), (Engine::DocumentdbGlobal, 1.0)]
    {
        let mut lab = Lab::new(&with(Strategy::WarmStandby, engine), 3);
        lab.run_to(1200.0);
        let worst = lab.record.samples.iter().filter_map(|sample| sample.lag_us).max().expect("samples");
        assert!(worst as f64 / 1e6 < most_s, "{engine:?}: {worst} µs");
    }
    let mut lab = Lab::new(&with(Strategy::MultiSite, Engine::DynamodbGlobal), 3);
    lab.run_to(1200.0);
    let worst =
        lab.record.samples.iter().filter_map(|sample| sample.lag_us).max().expect("samples") as f64 / 1e6;
    assert!((0.5..2.5).contains(&worst), "half to two and a half seconds were measured: {worst}");
}

#[test]
fn tables_that_take_writes_everywhere_are_never_promoted() {
    let mut lab = dark(&with(Strategy::MultiSite, Engine::DynamodbGlobal), 3);
    lab.order("fail-over=eu-west-1").run_to(1200.0);
    assert_eq!(lab.entries(|what| matches!(what, What::Promoted { .. })).count(), 0);
    assert_eq!(lab.entries(|what| matches!(what, What::OrderRefused(..))).count(), 1);
    assert!(lab.run.world().system.databases.iter().all(|database| database.role == Role::Primary));
    assert!(lab.incident().restored_s.is_some());
}

/// How long objects took to follow, in seconds, in order of their commits.
fn delays(engine: Engine) -> Vec<f64> {
    let mut scenario = with(Strategy::MultiSite, engine);
    scenario.database.keys = 4096;
    scenario.database.skew = faultline::model::Skew::Uniform;
    for population in &mut scenario.clients.populations {
        (population.requests_per_s, population.read_share) = (Rate(0.1), Share(0.0));
    }
    let mut lab = Lab::new(&scenario, 3);
    lab.run_to(3000.0);
    let commits = lab.run.world().observer.ledger.len();
    assert!(commits > 2000, "{commits}");
    // Nobody writes any more; what was written follows.
    let mut delays = Vec::new();
    for (number, line) in lab.run.world().observer.ledger.lines(1, commits) {
        let other = &lab.run.world().system.databases[1 - line.region.index()];
        let version = other.versions[usize::from(line.key)];
        let shown = lab.run.world().observer.ledger.number(version.id);
        if shown == number {
            delays.push(version.at.since(line.at).secs());
        } else if shown < number && lab.run.now().since(line.at).secs() > 900.0 {
            delays.push(f64::INFINITY);
        }
    }
    delays
}

#[test]
fn objects_follow_one_by_one_and_most_within_a_quarter_of_an_hour() {
    let share = |delays: &[f64], limit: f64| {
        delays.iter().filter(|delay| **delay <= limit).count() as f64 / delays.len() as f64
    };
    let plain = delays(Engine::S3Replication);
    assert!(share(&plain, 60.0) < 0.7 && share(&plain, 900.0) > 0.93, "{}", share(&plain, 900.0));
    let timed = delays(Engine::S3TimeControl);
    println!("within 15 min: {:.4} and {:.4}", share(&plain, 900.0), share(&timed, 900.0));
    assert!(share(&timed, 900.0) >= 0.998, "{}", share(&timed, 900.0));
    assert!(share(&timed, 5.0) > 0.35 && share(&timed, 5.0) < 0.65, "{}", share(&timed, 5.0));
}

#[test]
fn objects_overtake_each_other_and_all_copies_agree_in_the_end() {
    let mut scenario = grainy(Strategy::MultiSite);
    scenario.database.engine = Engine::S3TimeControl;
    scenario.database.ship_interval_s = Span(0.2);
    let mut lab = Lab::new(&scenario, 3);
    lab.run_to(600.0);
    let queue: Vec<u64> = lab.run.world().system.streams[0]
        .missing()
        .map(|commit| lab.run.world().observer.ledger.number(commit.id))
        .collect();
    assert!(queue.windows(2).any(|pair| pair[0] > pair[1]), "not in the order of their commits");
    let stale = lab.run.report().consistency.stale_reads;
    assert!(stale > 0, "who reads elsewhere may read what is old");
    let agree = |lab: &Lab| {
        let world = lab.run.world();
        let missing: Vec<u16> = world
            .system
            .streams
            .iter()
            .flat_map(|stream| stream.missing())
            .map(|commit| commit.key)
            .collect();
        let versions =
            |region: usize| world.system.databases[region].versions.iter().map(|version| version.id);
        versions(0)
            .zip(versions(1))
            .enumerate()
            .all(|(key, (here, there))| here == there || missing.contains(&(key as u16)))
    };
    assert!(agree(&lab), "they differ only in what is still on its way");
}

#[test]
fn two_regions_of_three_agree_and_one_alone_does_not() {
    let mut scenario = with(Strategy::MultiSite, Engine::AuroraDsql);
    for population in &mut scenario.clients.populations {
        population.requests_per_s = Rate(1.0);
    }
    let mut lab = Lab::new(&scenario, 3);
    let commits = |lab: &Lab| {
        let ledger = &lab.run.world().observer.ledger;
        ledger.lines(1, ledger.len()).filter(|(_, line)| line.acknowledged).count()
    };
    lab.run_to(300.0).order("region-dark=us-east-1").run_to(900.0);
    let with_two = commits(&lab);
    lab.run_to(1200.0);
    assert!(commits(&lab) > with_two + 100, "Ohio and Oregon agree without Virginia: {with_two}");
    assert_eq!(lab.entries(|what| matches!(what, What::Promoted { .. })).count(), 0, "nobody is promoted");
    assert_eq!(
        (lab.incident().lost_writes, lab.incident().rpo_s),
        (0, Some(0.0)),
        "what two hold is not lost"
    );
    lab.order("region-dark=us-west-2").run_to(1260.0);
    let refused = |lab: &Lab| lab.run.report().consistency.refused_writes;
    let (alone, before) = (commits(&lab), refused(&lab));
    lab.run_to(1500.0);
    assert_eq!(commits(&lab), alone, "Ohio alone has nobody who agrees");
    let answers = u64::from(lab.served(1260.0, 1500.0));
    assert_eq!(answers, refused(&lab) - before, "a read needs the word of two as well: all it can say is no");
}
