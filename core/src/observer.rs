//! The books: what nobody inside the simulated world knows.

pub mod ledger;
pub mod register;
pub mod metrics;
pub mod incident;
