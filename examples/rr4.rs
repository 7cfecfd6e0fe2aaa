//! Runs RR-4 on our own queue for so many requests and prints the events handled and the seconds it took.
//!
//! `cargo run --release --no-default-features --example rr4 -- 1000000`
#![expect(clippy::disallowed_types, reason = "a benchmark measures wall time")]

#[path = "../benches/workload/rr4.rs"]
mod rr4;

fn main() {
    let count: u64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let start = std::time::Instant::now();
    let mut run = rr4::Rr4::new(1, 1.0);
    run.run_until_completed(count);
    println!("{} {:.6}", run.events, start.elapsed().as_secs_f64());
    eprintln!(
        "{} replications, {} health checks, {:.6} ms at a server, {:.6} ms end to end",
        run.replicated,
        run.checks,
        run.mean_at_server_ms(),
        run.mean_end_to_end_ms()
    );
}
