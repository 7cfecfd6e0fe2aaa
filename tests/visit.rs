//! The first visit without a browser: what it says, and whether time runs as fast as it says.
#![cfg(not(target_arch = "wasm32"))]

use faultline::app::{App, Msg};

/// Simulated seconds that each real second really adds, at the end of twelve of them in frames of this length.
fn really(app: &mut App, frame_ms: f64) -> f64 {
    let mut run = |seconds: f64| {
        for _ in 0..(seconds * 1000.0 / frame_ms) as usize {
            app.frame(frame_ms);
        }
        app.history().now().secs()
    };
    let before = run(10.0);
    (run(2.0) - before) / 2.0
}

#[test]
fn the_speed_that_is_said_is_the_speed_that_is_run() {
    for (query, frame_ms, begins) in [
        // A machine that paints five times a second, and one on which a frame has room for few events.
        ("speed=10", 200.0, "10× wanted, "),
        ("speed=3600&scenario=six-regions", 40.0, "3600× wanted, "),
        // Slow by itself.
        ("", 16.0, "10×, slowed to "),
        ("", 200.0, "10×, slowed to "),
    ] {
        let mut app = App::new(&format!("#/?seed=1&at=45&{query}"), None);
        let real = really(&mut app, frame_ms);
        let text = app.panels().transport.speed_text;
        let number = text.strip_prefix(begins).and_then(|rest| rest.split('×').next()?.parse::<f64>().ok());
        let close = number.is_some_and(|number| (number - real).abs() < 0.1 * real);
        assert!(close, "{query} in {frame_ms} ms: \"{text}\", and ran at {real}");
    }
    let mut app = App::new("#/?seed=1&at=45&speed=10", None);
    let real = really(&mut app, 16.0);
    let text = app.panels().transport.speed_text;
    assert!((real - 10.0).abs() < 0.1 && text == "10 seconds a second", "\"{text}\", and ran at {real}");
}

#[test]
fn the_first_visit_says_where_to_start_until_something_is_broken() {
    let mut app = App::new("", None);
    assert!(app.panels().welcome);
    app.update(Msg::Ordered("region-dark=us-east-1".into()));
    assert!(!app.panels().welcome);
    app.update(Msg::Restarted);
    assert!(!app.panels().welcome, "who has begun knows where to start");
    let stored = app.settings().expect("that is remembered");
    assert!(!App::new("", Some(&stored)).panels().welcome);
    assert!(
        !App::new("#/?at=100&fault=region-dark:us-east-1@60", None).panels().welcome,
        "nor where an address breaks something"
    );
}
