//! What a run of Faultline starts from: scenarios, the check of what people write, and facts. A package of its own, since a
//! page builds it for size: it has nothing that runs while a simulation does, but for small functions that are inlined.
//!
//! Modules are declared in dependency order: each uses only the ones above it (a test enforces this).
pub mod kernel;
pub mod catalog;
pub mod model;
