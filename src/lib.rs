//! Faultline without a browser: the core, and on top of it the run with its past, the page's logic, and what it draws.
//!
//! Modules are declared in dependency order: each uses only the ones above it (a test enforces this). The core is a
//! package of its own for one reason: the browser's build wants it fast and everything else small.
pub use faultline_core::{catalog, kernel, model, observer, operations, run, system};

pub mod history;
pub mod app;
pub mod scene;
