//! Another number of servers that Auto Scaling wants, and by what it goes: what a line of the journal says.

use crate::kernel::id::RegionId;
use crate::model::Metric;
use serde::Serialize;

/// How many servers are wanted, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Hash)]
pub struct Resized {
    /// The region.
    pub region: RegionId,
    /// Servers that were wanted until now.
    pub from: u16,
    /// Servers that are wanted now.
    pub to: u16,
    /// The metric that decided.
    pub by: Metric,
    /// What it showed: percent of slots or processors, or requests a second for each server.
    pub shows: u32,
}
