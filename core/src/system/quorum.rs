//! Strong consistency over three regions: a write is a proposal to the others, and holds as soon as one of them accepts.
//!
//! Each version of a key is settled by itself. The region that got a write keeps it to itself first (it is tentative there)
//! and proposes it to the other two, with what it had seen. Another region accepts unless it has seen something that the
//! proposal has not, or has a proposal under that key already, its own or an accepted one that is open. So no two proposals
//! that had seen the same get through: their majorities have a region in common.
//!
//! The region that proposes decides: one acceptance settles the proposal, and it tells both. Two refusals end it, or one
//! if the third region does not answer; then it withdraws, and tells the third until that has heard. A region that accepted
//! a proposal and does not hear what became of it asks the remaining region: if that has not refused, nothing can have been
//! withdrawn, and the two hold it. If it has, they wait for the region that knows. A key is not read while a proposal is
//! open under it.

use crate::kernel::chance::{Draws, Purpose};
use crate::kernel::clock::SimTime;
use crate::kernel::id::{RegionId, Ticket};
use crate::model::conflict::QUORUM_REGIONS;
use crate::system::context::Context;
use crate::system::version::Version;

/// A write that its region has proposed and that is not settled, or withdrawn and not known everywhere to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proposal {
    /// The key.
    pub key: u16,
    /// What would stand there.
    pub version: Version,
    /// The region that proposes.
    pub region: RegionId,
    /// The call that waits for it.
    pub call: Ticket,
    /// Votes that have arrived here, by region.
    pub votes: [Option<bool>; QUORUM_REGIONS],
    /// Votes as the other regions have cast them, arrived or not.
    pub said: [Option<bool>; QUORUM_REGIONS],
    /// It has been given up.
    pub withdrawn: bool,
    /// When it was sent last.
    pub sent: SimTime,
    /// The attempt of the request that proposed it.
    pub attempt: u8,
    /// How often it has been sent.
    pub tries: u32,
}

/// A proposal of another region that a region has accepted and not heard more of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accepted {
    /// The proposal.
    pub id: Ticket,
    /// What would stand there.
    pub version: Version,
    /// When it was accepted, or asked about last.
    pub since: SimTime,
}

/// A message about a proposal to or from a region that does not make it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Talk {
    /// The proposal, or that it is withdrawn.
    Propose(RegionId),
    /// The answer.
    Vote(RegionId),
    /// That it holds.
    Settled(RegionId),
}

impl Proposal {
    /// Draws for a message about this proposal.
    pub fn draws(&self, ctx: &Context<'_>, talk: Talk) -> Draws {
        debug_assert!(self.tries > 0, "nobody talks about what was not sent");
        let (kind, region) = match talk {
            Talk::Propose(region) => (0, region),
            Talk::Vote(region) => (1, region),
            Talk::Settled(region) => (2, region),
        };
        debug_assert_ne!(region, self.region, "a proposal is talked about with others");
        let write = u64::from(self.version.write.0) << 8 | u64::from(self.region.0);
        let sending = u64::from(self.attempt) << 32 | u64::from(self.tries);
        ctx.chance(Purpose::Proposal, write, sending, kind << 8 | u64::from(region.0))
    }
}

/// A read that waits at a region until nothing is open under its key there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waiting {
    /// The region.
    pub region: RegionId,
    /// The key.
    pub key: u16,
    /// The call that reads.
    pub call: Ticket,
}
