//! How fast the core is: RR-4 on our own queue, the built-in world, and what a page asks of it.
//!
//! `cargo bench --no-default-features`; for ratios to the baseline, natively and in Chromium, `cargo xtask bench`.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, reason = "criterion's macros make functions without documentation")]

#[path = "workload/rr4.rs"]
mod rr4;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use faultline::app::App;
use faultline::history::History;
use faultline::kernel::clock::SimTime;
use faultline::model::scenario::Scenario;
use faultline::model::{ScriptLine, builtin, builtins};
use faultline::run::simulation::Simulation;
use faultline::scene::Motion;
use faultline::system::context::Record;
use std::hint::black_box;

const REQUESTS: u64 = 100_000;
/// What RR-4 has to come to after that many requests.
const EVENTS: u64 = 430_776;

fn yardstick(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rr4");
    group.throughput(Throughput::Elements(EVENTS));
    group.bench_function("100,000 requests", |bencher| {
        bencher.iter(|| {
            let mut run = rr4::Rr4::new(1, 1.0);
            run.run_until_completed(REQUESTS);
            assert_eq!(run.events, EVENTS, "the published count");
            assert_eq!((run.replicated, run.checks), (29_993, 124), "the published counts");
            assert!((run.mean_at_server_ms() - 3.308).abs() < 0.001 && run.mean_end_to_end_ms() > 99.0);
        });
    });
    group.finish();
}

fn after(seconds: f64) -> (Simulation, Record) {
    let (mut run, mut record) = (Simulation::new(&Scenario::default(), 7), Record::default());
    run.run_until(SimTime::from_secs(seconds), u64::MAX, &mut record);
    (run, record)
}

fn world(criterion: &mut Criterion) {
    let start = after(60.0);
    let mut end = start.clone();
    end.0.run_until(SimTime::from_secs(120.0), u64::MAX, &mut end.1);
    let mut group = criterion.benchmark_group("world");
    group.throughput(Throughput::Elements(end.0.events() - start.0.events()));
    group.bench_function("a calm minute", |bencher| {
        bencher.iter_batched(
            || start.clone(),
            |(mut run, mut record)| run.run_until(SimTime::from_secs(120.0), u64::MAX, &mut record),
            BatchSize::SmallInput,
        );
    });
    group.finish();
    // At most 10 µs, early and late, and while a region is dark: a page takes a keyframe every few seconds.
    for (at_s, script) in [(60.0, &[][..]), (7200.0, &[]), (900.0, &[(600.0, "region-dark=us-east-1")])] {
        let order = |(at_s, order): &(f64, &str)| ScriptLine { at_s: *at_s, order: (*order).into() };
        let scenario = Scenario { script: script.iter().map(order).collect(), ..Scenario::default() };
        let (mut run, mut record) = (Simulation::new(&scenario, 7), Record::default());
        run.run_until(SimTime::from_secs(at_s), u64::MAX, &mut record);
        let name = format!(
            "world/keyframe clone at {at_s} s{}",
            if script.is_empty() { "" } else { ", region dark" }
        );
        criterion.bench_function(&name, |bencher| bencher.iter(|| black_box(run.clone())));
    }
    // The same of every built-in; at most 60 µs with six regions.
    for (name, _) in builtins() {
        let scenario = builtin(name).expect("its own name");
        let (mut run, mut record) = (Simulation::new(&scenario, 7), Record::default());
        run.run_until(SimTime::from_secs(300.0), u64::MAX, &mut record);
        let name = format!("world/keyframe clone of {name}");
        criterion.bench_function(&name, |bencher| bencher.iter(|| black_box(run.clone())));
    }
}

fn page(criterion: &mut Criterion) {
    let mut history = History::new(&Scenario::default(), 7);
    while !history.advance(SimTime::from_secs(7200.0), 1_000_000) {}
    // The worst places are just before a keyframe; a step that shares no factor with their spacing meets all.
    let mut target = 0.0;
    criterion.bench_function("page/seek in a two-hour run", |bencher| {
        bencher.iter(|| {
            target = (target + 2711.3) % 7200.0;
            while !history.seek(SimTime::from_secs(target), u64::MAX) {}
        });
    });
    let app = App::new("#/?at=330&fault=region-dark:us-east-1@100&paused=1", None);
    criterion.bench_function("page/panels", |bencher| bencher.iter(|| black_box(app.panels())));
    let many = App::new("#/?flights=5000&paused=1", None);
    let mut motion = Motion::default();
    criterion.bench_function("page/motion of 5,000 flights", |bencher| {
        bencher.iter(|| many.motion_into(&mut motion));
    });
}

criterion_group!(benches, yardstick, world, page);
criterion_main!(benches);
