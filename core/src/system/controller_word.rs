//! What the nodes of a failover controller, and the databases that they look at, say to each other.

use crate::kernel::id::RegionId;

/// What a message of a failover controller says. A node is named by its place in the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControllerWord {
    /// A node looks at the primary's database.
    Look(u8),
    /// That is there.
    Here(u8),
    /// A node asks, by the second in which it does so, who sees as little as it does of the primary in this region.
    Poll(u8, u32, RegionId),
    /// So many nodes of a region vote for that node, and how far the copy there has come in the primary's log: `None` if there is
    /// none to be promoted.
    Votes(u8, u32, u8, Option<u32>),
    /// A majority has decided that the work of the first region goes to the second.
    TakeOver(RegionId, RegionId),
}
