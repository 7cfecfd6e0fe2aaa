//! Faultline's core: a deterministic discrete-event simulation of a multi-region system. No page, no DOM, no clock,
//! no entropy.
//!
//! Modules are declared in dependency order: each uses only the ones above it (a test enforces this).
//! Where to start: [`scenario`] says what a run starts from, [`sim`] is the world that runs.
pub mod time;
pub mod catalog;
pub mod scenario;
pub mod sim;
pub mod compare;
pub mod duel;
