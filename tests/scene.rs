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
