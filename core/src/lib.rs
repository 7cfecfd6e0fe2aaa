//! Faultline's core: a deterministic discrete-event simulation of a multi-region system. No page, no DOM, no clock,
//! no entropy.
//!
//! Modules are declared in dependency order: each uses only the ones above it (a test enforces this).
//! Where to start: [`model`] says what a run starts from, [`system`] is what runs, [`run`] puts it together.
pub use faultline_model::{catalog, kernel, model};

pub mod system;
pub mod operations;
pub mod observer;
pub mod run;
