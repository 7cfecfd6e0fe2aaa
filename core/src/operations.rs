//! Monitoring, people and runbooks.

pub mod execution;
