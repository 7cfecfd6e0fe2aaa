//! The steady state allocates nothing for an event, and a keyframe's clone costs the same early and late: measured by an
//! allocator that counts.
#![cfg(not(target_arch = "wasm32"))]
#![expect(unsafe_code, reason = "a counting allocator has to implement an unsafe trait")]

use faultline::kernel::clock::SimTime;
use faultline::model::scenario::Scenario;
use faultline::model::{Engine, SessionStore, builtin};
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);
/// One test counts at a time.
static TURN: Mutex<()> = Mutex::new(());

// Only counts; everything else is the system's.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(layout.size() as u64, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn a_calm_minute_allocates_next_to_nothing() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut run = Simulation::new(&Scenario::default(), 3);
    let mut record = Record::default();
    record.samples.reserve(4096);
    run.run_until(SimTime::from_secs(600.0), u64::MAX, &mut record);
    let commits = |run: &Simulation| run.world().observer.ledger.len();
    let (before, samples) = (commits(&run), record.samples.len());
    let (allocations, events) = (ALLOCATIONS.load(Ordering::Relaxed), run.events());
    run.run_until(SimTime::from_secs(660.0), u64::MAX, &mut record);
    let allocations = ALLOCATIONS.load(Ordering::Relaxed) - allocations;
    let events = run.events() - events;
    println!("{allocations} allocations for {events} events");
    assert!(events > 40_000, "the minute was busy: {events}");
    // A queue that has never been as long before may still grow. The three lists that keep every commit (the ledger, its index,
    // a log) take a piece for 512 of them, and so does the list of what each session is told, which has at most a line for each
    // answer; a piece is two allocations. An event as such allocates nothing.
    let answers: u64 = record.samples[samples..].iter().map(|sample| u64::from(sample.served)).sum();
    let pieces = 3 * ((commits(&run) - before) / 512 + 1) + answers / 512 + 1;
    println!("{answers} answers, {pieces} pieces");
    assert!(allocations <= 10 + 2 * pieces, "{allocations} allocations for {events} events");
}

#[test]
fn asking_several_copies_allocates_nothing_and_keyframes_stay_small() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut scenario = builtin("write-local").expect("a built-in");
    scenario.database.engine = Engine::SelfManaged;
    let bytes = |scenario: &Scenario| {
        let (mut run, mut record) = (Simulation::new(scenario, 3), Record::default());
        record.samples.reserve(4096);
        run.run_until(SimTime::from_secs(300.0), u64::MAX, &mut record);
        let (before, events) = (ALLOCATIONS.load(Ordering::Relaxed), run.events());
        run.run_until(SimTime::from_secs(330.0), u64::MAX, &mut record);
        let (allocations, events) = (ALLOCATIONS.load(Ordering::Relaxed) - before, run.events() - events);
        (allocations, events, clone_costs(&mut run, &mut record, 700.0).1)
    };
    let (few, events, alone) = bytes(&scenario);
    let database = &mut scenario.database;
    (database.replicas_read, database.replicas_written, database.read_repair) = (2, 2, true);
    let (many, more_events, asking) = bytes(&scenario);
    println!(
        "{few} allocations for {events} events and {alone} bytes; {many} for {more_events} and {asking}"
    );
    assert!(more_events > events + events / 4, "other copies are asked");
    assert!(many <= few + 40, "{few} allocations, then {many}");
    // What is under way, the letters about it and a timer for each: some seconds of it and no more.
    assert!(asking < alone + alone / 2, "{alone} bytes of a keyframe, then {asking}");
}

/// What a clone of a keyframe costs: allocations and bytes, the most of 32 moments in five minutes up to this one.
fn clone_costs(run: &mut Simulation, record: &mut Record, until_s: f64) -> (u64, u64) {
    let (mut most, mut at_s) = ((0, 0), until_s - 300.0);
    while at_s < until_s {
        run.run_until(SimTime::from_secs(at_s), u64::MAX, record);
        let before = (ALLOCATIONS.load(Ordering::Relaxed), BYTES.load(Ordering::Relaxed));
        let clone = run.clone();
        let cost = (ALLOCATIONS.load(Ordering::Relaxed) - before.0, BYTES.load(Ordering::Relaxed) - before.1);
        drop(clone);
        most = (most.0.max(cost.0), most.1.max(cost.1));
        at_s += 9.4;
    }
    most
}

#[test]
fn a_keyframe_is_cloned_at_the_same_cost_early_and_late() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    use SessionStore::{Local, Shared};
    for (name, sessions) in [("warm-standby", Shared), ("multi-site", Shared), ("warm-standby", Local)] {
        let mut scenario = builtin(name).expect("a built-in");
        scenario.servers.sessions = sessions;
        let (mut run, mut record) = (Simulation::new(&scenario, 3), Record::default());
        // By ten minutes every list has been as long as it gets in a calm run.
        let early = clone_costs(&mut run, &mut record, 900.0);
        let late = clone_costs(&mut run, &mut record, 7200.0);
        println!("{name}: at most {early:?} allocations and bytes at 15 minutes, {late:?} at 2 hours");
        assert!(late.0 <= early.0 + early.0 / 20, "{name}: allocations {early:?}, then {late:?}");
        // What only grows is shared; a clone copies a list that has a word for each 512 commits of it.
        let commits = run.world().observer.ledger.len();
        let words = 4 * 8 * (commits / 512 + 1);
        assert!(
            late.1 <= early.1 + early.1 / 20 + words,
            "{name}: bytes {early:?}, then {late:?}; {commits} commits"
        );
    }
}
