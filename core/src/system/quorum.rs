//! Strong consistency over several regions, of which a majority has to agree: what goes between them. Why that is safe is said in
//! `system::consensus`.

use crate::kernel::chance::{Draws, Purpose};
use crate::kernel::clock::SimTime;
use crate::kernel::id::{RegionId, Ticket};
use crate::system::call::{Attempt, request_thing};
use crate::system::consensus::{Ballot, Round, Value};
use crate::system::context::Context;
use crate::system::registers::RoundAge;
use crate::system::version::Version;

impl Value for Version {
    fn is(&self, other: &Self) -> bool {
        self.id == other.id
    }

    fn has(&self, write: &Self) -> bool {
        // A region has one write under way under a key: none of its later ones is there before its end is known.
        self.seen.covers(write.id)
    }

    fn over(self, other: &Self) -> Self {
        let mut seen = other.seen;
        seen.add(self.id);
        Self { seen, stamp: self.stamp.max(other.stamp + 1), ..self }
    }
}

/// A round that a region makes for a call, until a majority has accepted what it proposes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proposal {
    /// The key.
    pub key: u16,
    /// The region that makes the round.
    pub region: RegionId,
    /// The call that waits for it.
    pub call: Ticket,
    /// The attempt of the request that it is made for.
    pub attempt: Attempt,
    /// The version that it writes; `None` if it reads.
    pub version: Option<Version>,
    /// How far it is.
    pub round: Round<Version>,
    /// When it began, or took its place again behind the others.
    pub began: SimTime,
    /// When it was sent last.
    pub sent: SimTime,
    /// How often it has been sent.
    pub tries: u32,
    /// How often it was refused.
    pub outbid: u32,
    /// If it was refused: when it begins again.
    pub due: SimTime,
    /// It began again after it had proposed its write: another round may have brought that through with what this region accepted.
    pub renewed: bool,
}

/// A read that compares what regions have accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inquiry {
    /// The call that reads.
    pub call: Ticket,
    /// Answers so far that did not agree.
    pub answers: u8,
    /// The region that answered last, and the ballot with which it has accepted what it has.
    pub last: Option<(RegionId, Ballot)>,
}

/// A message of a round, to or from a region that does not make it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Talk {
    /// What the round asks.
    Ask(RegionId),
    /// The answer.
    Answer(RegionId),
    /// What was chosen.
    Learn(RegionId),
    /// How long the round waits before it begins again.
    Pause,
}

impl Proposal {
    /// How old it is.
    pub const fn age(&self) -> RoundAge {
        (self.began, self.region)
    }

    /// Draws for a message of this round.
    pub fn draws(&self, ctx: &Context<'_>, talk: Talk) -> Draws {
        debug_assert!(self.tries > 0, "nobody talks about what was not sent");
        let (kind, region) = match talk {
            Talk::Ask(region) => (0, region),
            Talk::Answer(region) => (1, region),
            Talk::Learn(region) => (2, region),
            Talk::Pause => (3, self.region),
        };
        let Attempt { population, n, number, .. } = self.attempt;
        let sending = u64::from(number) << 32 | u64::from(self.tries);
        let place = kind << 16 | u64::from(self.region.0) << 8 | u64::from(region.0);
        ctx.chance(Purpose::Proposal, request_thing(population, n), sending, place)
    }
}
