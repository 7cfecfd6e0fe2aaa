//! Plain C exports of the core, for measuring it as wasm: the host measures the time around each call.
#![expect(unsafe_code, reason = "exports without a binding generator need an unsafe attribute")]

#[expect(dead_code, reason = "only the native example prints the workload's means")]
#[path = "../../workload/rr4.rs"]
mod rr4;

use faultline::kernel::clock::SimTime;
use faultline::model::scenario::Scenario;
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;
use std::cell::RefCell;

thread_local! {
    static RR4: RefCell<Option<rr4::Rr4>> = const { RefCell::new(None) };
    static WORLD: RefCell<Option<(Simulation, Record)>> = const { RefCell::new(None) };
}

/// Begins RR-4.
#[unsafe(no_mangle)]
pub extern "C" fn rr4_new(seed: u32, scale: f64) {
    RR4.set(Some(rr4::Rr4::new(seed, scale)));
}

/// Goes on until this many requests are complete; the events handled so far.
#[unsafe(no_mangle)]
pub extern "C" fn rr4_advance(count: f64) -> f64 {
    RR4.with_borrow_mut(|run| {
        run.as_mut().map_or(0.0, |run| {
            run.run_until_completed(count as u64);
            run.events as f64
        })
    })
}

/// Begins the built-in world.
#[unsafe(no_mangle)]
pub extern "C" fn world_new(seed: u32) {
    WORLD.set(Some((Simulation::new(&Scenario::default(), seed.into()), Record::default())));
}

/// Goes on until this simulated second; the events handled so far.
#[unsafe(no_mangle)]
pub extern "C" fn world_advance(until_s: f64) -> f64 {
    WORLD.with_borrow_mut(|world| {
        world.as_mut().map_or(0.0, |(simulation, record)| {
            simulation.run_until(SimTime::from_secs(until_s), u64::MAX, record);
            simulation.events() as f64
        })
    })
}
