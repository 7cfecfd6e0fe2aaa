//! The simulated world. Its modules too are declared in dependency order.

pub mod id;
pub mod rng;
pub mod queue;
pub mod fault;
pub mod journal;
pub mod plan;
