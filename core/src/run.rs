//! A run: the rooms together, with clock and queue, and what is read from it.

pub mod world;
pub mod laws;
pub mod simulation;
pub mod cost;
pub mod loss;
pub mod report;
pub mod compare;
pub mod conflict;
pub mod how_often;

pub use report::Report;
pub use simulation::Simulation;
