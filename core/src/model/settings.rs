//! The settings of a scenario, by part.

pub mod backup;
pub mod business;
pub mod clients;
pub mod faults;
pub mod recovery;
pub mod system;
