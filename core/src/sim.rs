//! The simulated world. Its modules too are declared in dependency order.

pub mod id;
pub mod keyed;
pub mod rng;
pub mod queue;
pub mod fault;
pub mod ledger;
pub mod journal;
pub mod plan;
pub mod version;
pub mod sessions;
pub mod told;
pub mod operations;
pub mod event;
pub mod context;
pub mod backups;
pub mod network;
pub mod route53;
pub mod clients;
pub mod fleet;
pub mod agreement;
pub mod database;
pub mod replication;
pub mod metrics;
pub mod incident;
pub mod recovery;
pub mod world;
pub mod simulation;
pub mod cost;
pub mod report;

pub use context::{Record, Sample};
pub use cost::{Cost, CostItem};
pub use fault::{Command, Fault};
pub use report::Report;
pub use simulation::Simulation;
