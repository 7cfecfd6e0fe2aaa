//! What every room stands on: time, identifiers, chance, the queue of events, and collections. Nothing here knows what is
//! simulated.

pub mod kinds;
pub mod clock;
pub mod id;
pub mod region_map;
pub mod arena;
pub mod keyed;
pub mod window;
pub mod pieces;
pub mod sorted;
pub mod fifo;
pub mod chance;
pub mod changes;
pub mod queue;
