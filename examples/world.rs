//! Runs the built-in world for so many simulated seconds and prints the events handled and the seconds it took.
//!
//! `cargo run --release --no-default-features --example world -- 7200`
#![expect(clippy::disallowed_types, reason = "a benchmark measures wall time")]

use faultline::kernel::clock::SimTime;
use faultline::model::scenario::Scenario;
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;

fn main() {
    let until: f64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(7200.0);
    let mut simulation = Simulation::new(&Scenario::default(), 7);
    let mut record = Record::default();
    let start = std::time::Instant::now();
    // In slices, as a page would run it.
    while !simulation.run_until(SimTime::from_secs(until), 4096, &mut record) {}
    println!("{} {:.6}", simulation.events(), start.elapsed().as_secs_f64());
}
