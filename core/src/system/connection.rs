//! A connection of a client to a region's balancer.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId, ServerId};

/// A connection of a population, to be used again until it is too old or something times out on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Connection {
    /// The region that it leads to; `None` while it is closed.
    pub to: Option<RegionId>,
    /// The entry that led there, if it does not lead where it would on a calm day.
    pub because: Option<EntryId>,
    /// The region that its session stays with, if sessions are sticky.
    pub stays: Option<RegionId>,
    /// When it is too old.
    pub closes: SimTime,
    /// The zone whose address it goes through.
    pub zone: u8,
    /// The server that it leads to, and its life then, if a network balancer has passed the connection on.
    pub flows: Option<(ServerId, u16)>,
}

impl Connection {
    /// One that was never opened.
    pub const CLOSED: Self =
        Self { to: None, because: None, stays: None, closes: SimTime::ZERO, zone: 0, flows: None };

    /// It is not used any more, and its session stays with no region.
    pub fn close(&mut self) {
        (self.to, self.stays) = (None, None);
    }
}
