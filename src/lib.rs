//! Faultline's core: a deterministic discrete-event simulation of a multi-region system.
//!
//! Modules are declared in dependency order: each uses only the ones above it (a test enforces this).
pub mod time;
pub mod catalog;
pub mod app;
pub mod scene;
