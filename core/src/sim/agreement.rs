//! Strong consistency over three regions: a write is a proposal to the others, and holds as soon as one of them accepts.
//!
//! Each version of a key is settled by itself. The region that got a write keeps it to itself first (it is tentative) and
//! proposes it to the other two, with what it had seen. A region accepts a proposal at once, and for good, unless it has
//! seen something that the proposal has not, or has a tentative write of its own under that key. So no two proposals that
//! had seen the same are both accepted: their two regions of three have one in common. One acceptance settles a proposal,
//! two refusals end it, and until then nobody reads the key at the region that made it.

use super::id::{RegionId, Ticket};
use super::version::Version;
use crate::time::SimTime;

/// A write that its region has proposed and that is not settled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proposal {
    /// The key.
    pub key: u16,
    /// What would stand there.
    pub version: Version,
    /// The region that proposes.
    pub region: RegionId,
    /// The job that waits for it.
    pub job: Ticket,
    /// What each other region has said.
    pub votes: [Option<bool>; 3],
    /// When it was sent last.
    pub sent: SimTime,
}

/// A read that waits for a proposal to be settled, at the region that made it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waiting {
    /// The proposal.
    pub proposal: Ticket,
    /// The reading job.
    pub job: Ticket,
}
