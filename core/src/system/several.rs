//! So many of something in a region: what several lines of the journal say.

use crate::kernel::id::RegionId;
use serde::Serialize;

/// How many, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Hash)]
pub struct Several {
    /// The region.
    pub region: RegionId,
    /// How many simulated ones.
    pub count: u32,
}
