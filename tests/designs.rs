//! Leaving a run for another and going back to it, and comparing designs under one storm.
#![cfg(not(target_arch = "wasm32"))]

use faultline::app::lanes::{Addition, BUILT_IN, built_in, moment};
use faultline::app::{App, Msg};
use faultline::kernel::clock::SimTime;
use faultline::model::command::Command;
use faultline::model::scenario::{Scenario, Strategy, WritePattern};
use faultline::model::{Engine, STORMS};
use faultline::scene::panels::Tone;
use faultline::scene::panels::lanes::{LOST, Lanes};

fn app(query: &str) -> App {
    App::new(&format!("#/?{query}"), None)
}

/// What makes a run the one that it is, at the moment shown.
type Run = (String, Vec<(SimTime, Command)>, SimTime, Vec<(String, f64)>, Option<usize>);

fn run(app: &App) -> Run {
    let history = app.history();
    let digest = history.shown().report().digest;
    (digest, history.commands().to_vec(), history.now(), app.tuned().to_vec(), app.chosen_incident())
}

fn settle(app: &mut App) {
    for _ in 0..10_000 {
        if !app.seeking() {
            return;
        }
        app.frame(16.7);
    }
    panic!("it never arrives");
}

fn done(app: &mut App, msg: Msg) {
    app.update(msg);
    settle(app);
}

/// A run in which much was done: a break, a tuned number, a chosen incident, a look back.
fn worked() -> App {
    let mut app = app("at=120&paused=1&slowmo=0");
    done(&mut app, Msg::Ordered("region-dark=us-east-1".into()));
    done(&mut app, Msg::Jumped(300.0));
    done(&mut app, Msg::Ordered("clear region-dark=us-east-1".into()));
    done(&mut app, Msg::Tuned(vec![("dns.ttl_s".into(), 20.0)]));
    done(&mut app, Msg::Scrubbed(305.5));
    done(&mut app, Msg::SelectIncident(Some(0)));
    app
}

fn back(app: &App) -> String {
    app.panels().transport.back.expect("a way back")
}

#[test]
fn nothing_was_left_at_first_and_going_back_does_nothing() {
    let mut app = app("at=60&paused=1");
    let before = app.panels();
    assert_eq!(before.transport.back, None);
    app.update(Msg::Back);
    assert!(app.panels() == before, "nothing has changed");
}

#[test]
fn every_way_of_leaving_a_run_keeps_it_one_step_back() {
    let ways = [
        Msg::Restarted,
        Msg::Reseeded(77),
        Msg::StrategyChosen(Strategy::PilotLight),
        Msg::EngineChosen(Engine::Rds),
        Msg::NamedChosen(2),
        Msg::FeatureChosen(2, 1),
    ];
    let worked = worked();
    let (here, panels) = (run(&worked), worked.panels());
    for way in ways {
        let mut app = worked.clone();
        done(&mut app, way.clone());
        assert_ne!(run(&app).0, here.0, "{way:?} begins another run");
        assert_eq!(app.panels().notice, None, "{way:?}");
        assert!(back(&app).starts_with("Back to Warm standby, changed,"), "{}", back(&app));
        assert!(back(&app).ends_with("at 0:05:05"), "{}", back(&app));
        done(&mut app, Msg::Back);
        assert_eq!(run(&app), here, "{way:?}");
        let again = app.panels();
        assert_eq!(
            (again.headline, again.bill.outage),
            (panels.headline.clone(), panels.bill.outage.clone()),
            "{way:?}"
        );
        assert_eq!((again.title, again.tuned), (panels.title.clone(), panels.tuned.clone()), "{way:?}");
    }
}

#[test]
fn going_back_twice_changes_nothing() {
    let mut app = worked();
    let first = run(&app);
    done(&mut app, Msg::StrategyChosen(Strategy::MultiSite));
    done(&mut app, Msg::Ordered("region-dark=eu-west-1".into()));
    done(&mut app, Msg::Jumped(40.0));
    app.update(Msg::PlayToggled);
    let second = run(&app);
    for (run_there, name) in [
        (&first, "Multi-site at "),
        (&second, "Warm standby, changed, at 0:05:05"),
        (&first, "Multi-site at "),
    ] {
        done(&mut app, Msg::Back);
        assert_eq!(run(&app), *run_there);
        assert!(!app.playback().playing(), "the moment that was shown stays");
        assert!(back(&app).contains(name), "{}", back(&app));
    }
}

#[test]
fn choices_on_the_way_to_a_design_do_not_take_the_work_away() {
    let mut app = worked();
    let here = run(&app);
    done(&mut app, Msg::StrategyChosen(Strategy::MultiSite));
    done(&mut app, Msg::PatternChosen(WritePattern::WriteGlobal));
    done(&mut app, Msg::Restarted);
    done(&mut app, Msg::Back);
    assert_eq!(run(&app), here);
    // A run in which nothing was done is kept where there is none better.
    let mut app = self::app("at=60&paused=1");
    done(&mut app, Msg::StrategyChosen(Strategy::MultiSite));
    done(&mut app, Msg::StrategyChosen(Strategy::PilotLight));
    assert!(back(&app).starts_with("Back to Multi-site at "), "{}", back(&app));
}

#[test]
fn a_run_left_on_the_way_to_a_moment_is_got_back_there() {
    let mut app = worked();
    app.update(Msg::Scrubbed(7_000.0));
    assert!(app.seeking(), "it is far");
    app.update(Msg::Restarted);
    assert!(back(&app).ends_with("at 1:56:40"), "{}", back(&app));
    done(&mut app, Msg::Back);
    assert_eq!(app.history().now().secs(), 7_000.0);
}

/// The comparison as it is drawn. No lane is green where something is missing or waits.
fn lanes(app: &App) -> Lanes {
    let lanes = app.panels().lanes.expect("the comparison is open");
    for lane in &lanes.lanes {
        let whole = lane.lost_tone != Tone::Bad && !lane.bars.iter().any(|bar| bar.open && bar.blocked);
        assert!(lane.rto_tone != Tone::Good || whole, "{}", lane.label);
        let good = lane.lost_tone == Tone::Good;
        assert!(!good || lane.lost == "no write missing", "{}", lane.label);
    }
    lanes
}

/// Frames until this is so.
fn once(app: &mut App, so: impl Fn(&Lanes) -> bool) -> Lanes {
    for _ in 0..2_000 {
        let lanes = lanes(app);
        if so(&lanes) {
            return lanes;
        }
        (0..20).for_each(|_| _ = app.frame(10.0));
    }
    panic!("it is never so");
}

/// Frames until every lane is there.
fn filled(app: &mut App) -> Lanes {
    once(app, |lanes| lanes.progress == 100)
}

/// Removes all lanes but these of the four.
fn keep(app: &mut App, kept: &[usize]) {
    (0..4).rev().filter(|lane| !kept.contains(lane)).for_each(|lane| app.update(Msg::LaneRemoved(lane)));
}

fn dollars(text: &str) -> f64 {
    text.replace(['$', ','], "").parse().expect("a price")
}

fn slugs(lanes: &Lanes) -> Vec<&str> {
    lanes.lanes.iter().map(|lane| lane.slug.as_str()).collect()
}

const STRATEGIES: [&str; 4] = ["backup-restore", "pilot-light", "warm-standby", "multi-site"];

#[test]
fn lanes_are_added_up_to_six_and_removed_but_for_the_last() {
    let mut app = app("scenario=pilot-light&compare=1&paused=1");
    assert_eq!(slugs(&lanes(&app)), STRATEGIES);
    app.update(Msg::LaneAdded(Addition::This));
    app.update(Msg::LaneAdded(Addition::BuiltIn(8)));
    let six = lanes(&app);
    assert_eq!(slugs(&six)[4..], ["pilot-light-2", "multi-site-2"]);
    assert_eq!(
        (six.lanes[4].name.as_str(), six.lanes[5].name.as_str()),
        ("Pilot light 2", "Six regions on five continents")
    );
    assert!(six.title.contains("6 answers"), "{}", six.title);
    for choice in six.add.iter().flatten() {
        assert!(choice.refused && choice.hint.contains("six lanes"), "{}: {}", choice.label, choice.hint);
        app.update(choice.msg.clone());
        assert!(app.notice().is_some_and(|notice| notice.contains("six lanes")), "{}", choice.label);
        app.update(Msg::NoticeClosed);
    }
    assert_eq!(slugs(&lanes(&app)), slugs(&six), "a seventh is not there");
    app.update(Msg::LaneRemoved(1));
    assert_eq!(
        slugs(&lanes(&app)),
        ["backup-restore", "warm-standby", "multi-site", "pilot-light", "multi-site-2"]
    );
    assert!(lanes(&app).add.iter().flatten().all(|choice| !choice.refused));
    // Closed and opened again, and under another storm, the same is compared.
    app.update(Msg::ComparisonToggled);
    app.update(Msg::ComparisonToggled);
    app.update(Msg::StormChosen(5));
    assert_eq!(lanes(&app).lanes.len(), 5);
    for _ in 0..9 {
        app.update(Msg::LaneRemoved(0));
    }
    assert_eq!(slugs(&lanes(&app)), ["multi-site"], "the last one stays");
}

#[test]
fn only_what_was_tuned_has_a_lane_before_the_changes() {
    let mut app = app("at=60&paused=1");
    let own = |app: &App| lanes(app).add[0].iter().map(|choice| choice.slug).collect::<Vec<_>>();
    app.update(Msg::ComparisonToggled);
    assert_eq!(own(&app), ["this"]);
    app.update(Msg::ComparisonToggled);
    done(&mut app, Msg::Tuned(vec![("dns.interval_s".into(), 30.0)]));
    app.update(Msg::ComparisonToggled);
    assert_eq!(own(&app), ["this", "before"]);
    app.update(Msg::LaneAdded(Addition::This));
    app.update(Msg::LaneAdded(Addition::Before));
    keep(&mut app, &[]);
    let moved =
        |lanes: &Lanes| lanes.lanes.iter().all(|lane| lane.bars.iter().any(|bar| bar.slug == "cutover"));
    let pair = once(&mut app, moved);
    let tuned: Vec<_> = pair.lanes.iter().map(|lane| lane.tuned.clone()).collect();
    assert_eq!(tuned, [vec!["time between checks: 30 s".to_string()], vec![]]);
    let took = |index: usize| {
        let bar = pair.lanes[index].bars.iter().find(|bar| bar.slug == "detect").expect("a bar");
        moment(bar.to) - moment(bar.from)
    };
    assert!(took(0) > took(1) + 20.0, "{} s with rarer checks, {} s before", took(0), took(1));
}

#[test]
fn a_lane_is_tuned_alone_and_taken_back() {
    let mut app = app("compare=1&paused=1");
    keep(&mut app, &[1, 2]);
    let before = filled(&mut app);
    let bar = before.lanes[1].bars.iter().find(|bar| bar.slug == "promote").expect("a bar");
    let knob = bar.knobs.iter().find(|knob| knob.length).expect("its length");
    let values = knob.places.iter().map(|place| (place.to_string(), 30.0)).collect();
    app.update(Msg::LaneTuned(1, values));
    let begun = lanes(&app);
    assert!(begun.progress < 100 && !begun.lanes[1].done, "it runs again");
    assert!(begun.lanes[0].done, "and it alone");
    let after = filled(&mut app);
    assert_eq!(after.lanes[1].tuned, ["promote replica takes 30 s"]);
    assert_ne!(after.lanes[1].rto, before.lanes[1].rto);
    assert!(after.lanes[0] == before.lanes[0], "the other is as it was");
    // Entered, the run has the changed numbers, and they can be taken back there.
    let mut entered = app.clone();
    done(&mut entered, Msg::LaneEntered(1, 30.0));
    assert_eq!(entered.panels().tuned, after.lanes[1].tuned);
    done(&mut entered, Msg::Untuned);
    assert!(entered.panels().tuned.is_empty() && entered.history().now().secs() == 630.0);
    app.update(Msg::LaneTuned(1, Vec::new()));
    assert!(filled(&mut app) == before, "taken back it is what it was");
    app.update(Msg::LaneTuned(1, vec![("dns.nowhere".into(), 1.0)]));
    assert!(app.notice().is_some_and(|notice| notice.contains("dns.nowhere")));
    assert!(lanes(&app) == before, "nonsense changes nothing");
}

#[test]
fn a_lane_that_is_entered_is_the_run_of_the_lane_and_the_own_run_is_one_step_back() {
    let mut app = worked();
    let own = run(&app);
    app.update(Msg::ComparisonToggled);
    keep(&mut app, &[1, 2]);
    once(&mut app, |lanes| lanes.progress > 50);
    let lane = &app.lanes().expect("open").comparison.lanes[0];
    let (whole, end) = (lane.run.report().digest, lane.run.now().secs());
    let mut entered = app.clone();
    done(&mut entered, Msg::LaneEntered(0, end - 600.0));
    assert_eq!(entered.history().shown().report().digest, whole, "the same run");
    done(&mut app, Msg::LaneEntered(0, 40.0));
    assert!(app.panels().lanes.is_none() && app.panels().strategy == "Pilot light");
    assert!(back(&app).contains("Warm standby, changed, at 0:05:05"), "{}", back(&app));
    done(&mut app, Msg::Back);
    assert_eq!(run(&app), own);
    done(&mut app, Msg::Back);
    assert_eq!((app.panels().strategy.as_str(), app.history().now().secs()), ("Pilot light", 640.0));
}

#[test]
fn all_prices_are_compared_with_one_that_is_named() {
    let mut app = app("compare=1&paused=1");
    let check = |lanes: &Lanes, name: &str| {
        let said =
            lanes.note.split(". ").find(|part| part.starts_with("The base of all prices")).expect("a base");
        let words = format!("The base of all prices is {name} in one region, ");
        let base = dollars(said.strip_prefix(words.as_str()).expect(said).trim_end_matches(" a month"));
        assert!(lanes.spoken.contains(said), "{}", lanes.spoken);
        for lane in &lanes.lanes {
            let ratio: f64 =
                lane.cost_note.strip_suffix(" × the base").expect("a ratio").parse().expect("a number");
            let off = ratio - dollars(&lane.cost) / base;
            assert!(off.abs() < 0.006, "{}: {} and {}", lane.name, lane.cost, lane.cost_note);
        }
    };
    check(&once(&mut app, |lanes| lanes.progress > 5), "Backup and restore");
    app.update(Msg::LaneRemoved(0));
    check(&lanes(&app), "Pilot light");
}

#[test]
fn a_region_has_one_colour_in_all_lanes_and_it_is_named() {
    // Ohio, Virginia and Oregon agree: Virginia is the second of theirs, and the first of everybody else's.
    let mut app = app("compare=1&paused=1");
    app.update(Msg::LaneAdded(Addition::BuiltIn(7)));
    let lanes = once(&mut app, |lanes| lanes.progress > 10);
    assert_eq!(lanes.regions[..3], ["us-east-1", "eu-west-1", "us-east-2"]);
    let computed = app.lanes().expect("open");
    for (lane, run) in lanes.lanes.iter().zip(&computed.comparison.lanes) {
        let world = run.run.world();
        let database = &world.system.databases[world.system.ownership.primary().index()];
        for (cell, version) in lane.cells.iter().zip(&database.versions).filter(|(cell, _)| **cell < LOST) {
            let code = run.run.plan().region_code(version.id.region);
            assert_eq!(lanes.regions[usize::from(*cell)], code, "{}", lane.name);
        }
    }
}

#[test]
fn every_built_in_design_has_every_storm_or_says_why_not() {
    for index in 0..BUILT_IN {
        let (scenario, name) = built_in(index);
        for storm in &STORMS {
            let (whole, kept) =
                (storm.script(&Scenario::default(), 0.0).len(), storm.script(&scenario, 0.0).len());
            assert_eq!(kept < whole, storm.misfit(&scenario).is_some(), "{name} under {}", storm.slug);
        }
    }
    let mut alone = Scenario::default();
    alone.regions.truncate(1);
    let why = STORMS[4].misfit(&alone).expect("a region that is not there");
    assert!(why.len() > 10, "{why}");
}

#[test]
fn the_bill_names_the_price_that_it_is_compared_with() {
    for scenario in ["backup-restore", "multi-site"] {
        let bill = app(&format!("scenario={scenario}&at=120&paused=1")).panels().bill;
        let (ratio, base) = bill.ratio.split_once(" × the same system in one region, ").expect(&bill.ratio);
        let (ratio, base) = (ratio.parse::<f64>().expect("a ratio"), dollars(base));
        assert!((ratio - dollars(&bill.monthly) / base).abs() < 0.006, "{}, {}", bill.monthly, bill.ratio);
    }
}
