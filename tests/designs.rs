//! Leaving a run for another and going back to it, and comparing designs under one storm.
#![cfg(not(target_arch = "wasm32"))]

use faultline::app::{App, Msg};
use faultline::kernel::clock::SimTime;
use faultline::model::command::Command;
use faultline::model::scenario::Strategy;
use faultline::model::{Engine, WritePattern};

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
    assert_eq!(app.panels(), before);
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
