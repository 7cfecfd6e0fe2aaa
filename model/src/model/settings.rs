//! The settings of a scenario, by part.

pub mod backup;
pub mod business;
pub mod check;
pub mod clients;
pub mod controller;
pub mod database;
pub mod dns;
pub mod faults;
pub mod network;
pub mod operations;
pub mod placement;
pub mod recovery;
pub mod region;
pub mod rollout;
pub mod runbook;
pub mod servers;
pub mod write_queue;
