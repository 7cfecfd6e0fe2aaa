//! What a copy of the data holds at a moment, and what came into it, in order: snapshots and logs are made of these.

use crate::kernel::clock::SimTime;
use crate::kernel::keyed::Keyed;
use crate::system::version::{Seen, Version};

/// The data of a copy at a moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Image {
    /// What each key shows.
    pub versions: Vec<Version>,
    /// What the copy has seen of each key.
    pub seen: Vec<Seen>,
    /// How far the copy has come in each region's log.
    pub applied: Seen,
    /// Versions that stand beside the one that is shown, by key.
    pub rivals: Keyed<u16, Vec<Version>>,
}

/// A version that came into a copy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Logged {
    /// When.
    pub at: SimTime,
    /// The key.
    pub key: u16,
    /// The version.
    pub version: Version,
}
