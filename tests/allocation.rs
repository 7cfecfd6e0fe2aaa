//! The steady state allocates nothing for an event: measured by an allocator that counts.
#![cfg(not(target_arch = "wasm32"))]
#![expect(unsafe_code, reason = "a counting allocator has to implement an unsafe trait")]

use faultline::kernel::clock::SimTime;
use faultline::model::scenario::Scenario;
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering};

struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// Only counts; everything else is the system's.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
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
    let mut run = Simulation::new(&Scenario::default(), 3);
    let mut record = Record::default();
    record.samples.reserve(4096);
    run.run_until(SimTime::from_secs(600.0), u64::MAX, &mut record);
    let commits = |run: &Simulation| run.world().observer.ledger.len();
    let before = commits(&run);
    let (allocations, events) = (ALLOCATIONS.load(Ordering::Relaxed), run.events());
    run.run_until(SimTime::from_secs(660.0), u64::MAX, &mut record);
    let allocations = ALLOCATIONS.load(Ordering::Relaxed) - allocations;
    let events = run.events() - events;
    println!("{allocations} allocations for {events} events");
    assert!(events > 40_000, "the minute was busy: {events}");
    // A queue that has never been as long before may still grow, and the three lists that keep every commit (the ledger, its
    // index, a log) take a piece for 1,024 of them, which is two allocations; an event as such allocates nothing.
    let pieces = 3 * ((commits(&run) - before) / 1024 + 1);
    assert!(allocations <= 10 + 2 * pieces, "{allocations} allocations for {events} events");
}
