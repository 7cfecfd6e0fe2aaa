//! Writes that collided, and the keys over which regions differ because of one.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::keyed::Keyed;

/// Two writes to one key, of which neither could have seen the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collision {
    /// The key.
    pub key: u16,
    /// The commit that was made first, by its number in the ledger.
    pub first: u64,
    /// The one that was made without having seen it.
    pub second: u64,
    /// When the second was made.
    pub at: SimTime,
}

/// Collisions so far, and the keys under which regions show different things because of one.
#[derive(Clone, Debug, Default)]
pub struct Collisions {
    /// Pairs of writes that collided.
    pub count: u64,
    /// The newest of them.
    pub listed: Vec<Collision>,
    /// Keys over which regions differ since a collision.
    pub open: Keyed<u16, SimTime>,
    /// The longest that regions differed over a key, of those over which they agree again.
    pub longest: SimDuration,
}
