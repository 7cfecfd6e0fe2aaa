//! The page without a browser: what it shows in a calm moment, in a broken one, and afterwards.

use faultline::app::{App, Msg};
use faultline::scene::panels::Tone;
use faultline::scene::{Motion, Panels};

fn text(panels: &Panels) -> String {
    let mut lines = vec![panels.description.clone()];
    lines.extend(panels.journal.iter().map(|line| format!("{} {}", line.at_text, line.text)));
    lines.extend(panels.timeline.bars.iter().map(|bar| bar.note.clone()));
    lines.join("\n")
}

#[test]
fn print() {
    let spec = std::env::var("LINK").unwrap_or_default();
    let app = App::new(&spec, None);
    let panels = app.panels();
    println!("{}", text(&panels));
    println!("{:#?}", panels.timeline.marks);
    println!("{:?} {:?}", panels.transport, panels.headline);
    println!("{:?}", panels.timeline.ticks);
    println!("{:?} {:?}", panels.timeline.rto, panels.timeline.rpo);
    println!("{:?}", panels.objectives);
    println!("{:?}", panels.lost_writes);
    let mut motion = Motion::default();
    app.motion_into(&mut motion);
    println!(
        "flights {} streams {} events {}",
        motion.flights.len(),
        motion.streams.len(),
        app.history().shown().events()
    );
}

#[test]
fn wall() {
    let mut app = App::new("", None);
    let mut wall = 0.0;
    let mut slow = None;
    let mut pressed = false;
    let mut speed = String::new();
    while wall < 200_000.0 {
        app.frame(16.7);
        wall += 16.7;
        if !pressed && wall > 8000.0 {
            pressed = true;
            let action = app.panels().big_button.unwrap();
            app.update(action.msg);
        }
        let panels = app.panels();
        if panels.transport.slow_motion != slow || panels.transport.speed_text != speed {
            println!(
                "{:.1} s wall, {}: {:?} {} | {}",
                wall / 1000.0,
                panels.transport.now_text,
                panels.transport.slow_motion,
                panels.transport.speed_text,
                panels.headline.title
            );
            slow = panels.transport.slow_motion;
            speed = panels.transport.speed_text;
        }
        if panels.timeline.rto.is_some_and(|rto| !rto.open) {
            println!("restored {wall}");
            break;
        }
    }
}

#[test]
fn seeks() {
    let mut app = App::new("#/?fault=region-dark:us-east-1@600&paused=1&speed=3600", None);
    let t = std::time::Instant::now();
    app.update(Msg::PlayToggled);
    while app.panels().transport.now_s < 7200.0 {
        app.frame(16.7);
    }
    println!("two hours in {:?}, events {}", t.elapsed(), app.history().shown().events());
    let mut worst = std::time::Duration::ZERO;
    let mut frames = 0;
    let mut at = 17.0f64;
    for _ in 0..200 {
        at = (at * 7.31 + 1234.567) % 7200.0;
        let t = std::time::Instant::now();
        app.update(Msg::Scrubbed(at));
        let mut n = 0;
        while (app.panels().transport.now_s - at).abs() > 0.001 {
            app.frame(16.7);
            n += 1;
        }
        frames = frames.max(n);
        worst = worst.max(t.elapsed());
    }
    println!("worst seek {worst:?} extra frames {frames}");
    let t = std::time::Instant::now();
    for _ in 0..100 {
        std::hint::black_box(app.panels());
    }
    println!("panels {:?}", t.elapsed() / 100);
    let s = app.history().shown().clone();
    let t = std::time::Instant::now();
    for _ in 0..100 {
        std::hint::black_box(s.clone());
    }
    println!("clone {:?}", t.elapsed() / 100);
    let mut motion = Motion::default();
    let t = std::time::Instant::now();
    for _ in 0..100 {
        app.motion_into(&mut motion);
    }
    println!("motion {:?}", t.elapsed() / 100);
}
