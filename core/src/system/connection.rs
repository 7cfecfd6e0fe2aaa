//! A connection of a client to a region's balancer.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId, ServerId};

/// Where a network balancer has passed a connection on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Nowhere: an application balancer opens connections of its own.
    Nowhere,
    /// To this server, in the life that it had then.
    To(ServerId, u16),
    /// To a server that was found unhealthy, which is the entry: the balancer answers whatever comes by a reset.
    Reset(EntryId),
}

impl Flow {
    /// The server that it leads to, and its life then.
    pub const fn server(self) -> Option<(ServerId, u16)> {
        match self {
            Self::To(server, life) => Some((server, life)),
            Self::Nowhere | Self::Reset(_) => None,
        }
    }
}

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
    /// Where a network balancer has passed it on to.
    pub flows: Flow,
}

impl Connection {
    /// One that was never opened.
    pub const CLOSED: Self =
        Self { to: None, because: None, stays: None, closes: SimTime::ZERO, zone: 0, flows: Flow::Nowhere };

    /// It is not used any more, and its session stays with no region.
    pub fn close(&mut self) {
        (self.to, self.stays) = (None, None);
    }
}
