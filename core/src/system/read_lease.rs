//! Read leases: where two regions serve beside a witness, each may read what it has by itself as long as nothing can be chosen
//! without it. That is promised by the other region that serves, which then ends no round that this one has not accepted; or, if
//! that cannot be reached, by the witness, which then votes in no round but this region's. They are the quorum leases of I. Moraru
//! and others ("Paxos Quorum Leases: Fast Reads Without Sacrificing Writes", 2014); one grantor is enough here, as a majority
//! without this region consists of the other two.
//!
//! Why that is safe: what is chosen while a promise holds, this region has accepted. So it has it, or knows that something is under
//! way and waits. Of its own write it knows that too, but not once the write's round has begun again: another round may have
//! brought it through with what this region had accepted. A promise is given only when all that was accepted without this region
//! has been accepted here too. Both count from moments of their own: who reads, from when it asked; who promises, from when it was
//! asked, which is later.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::RegionId;
use crate::kernel::keyed::Keyed;
use crate::system::consensus::Ballot;

/// What was accepted is known to be chosen within a round trip, or it is asked for after this time.
const UNKNOWN: SimDuration = SimDuration::from_micros(400_000);

/// What a region has promised to one that reads, and what was promised to this one.
#[derive(Clone, Debug, Default)]
pub struct ReadLease {
    /// The region that this one has promised something, and until when.
    pub promised: Option<(RegionId, SimTime)>,
    /// Until when this region may read by itself.
    pub held: SimTime,
    /// What a region that serves lacks of what was accepted here, by key.
    pub owed: Keyed<(RegionId, u16), Ballot>,
    /// Keys under which this region has accepted something of which it has not heard that it was chosen: since when.
    unknown: Keyed<u16, SimTime>,
}

impl ReadLease {
    /// The region that a promise to is in force.
    pub fn reader(&self, now: SimTime) -> Option<RegionId> {
        self.promised.filter(|(_, until)| *until > now).map(|(reader, _)| reader)
    }

    /// What a region lacks of what was accepted here: keys and ballots.
    pub fn owed_to(&self, region: RegionId) -> impl Iterator<Item = (u16, Ballot)> + '_ {
        let owed = self.owed.iter().filter(move |((to, _), _)| *to == region);
        owed.map(|((_, key), ballot)| (key, *ballot))
    }

    /// A region has what was accepted under a key with a ballot, or something newer.
    pub fn has(&mut self, region: RegionId, key: u16, ballot: Ballot) {
        if self.owed.get((region, key)).is_some_and(|owed| *owed <= ballot) {
            self.owed.remove((region, key));
        }
    }

    /// Something was accepted that a round of another region proposes.
    pub fn accepted(&mut self, key: u16, now: SimTime) {
        self.unknown.insert(key, now);
    }

    /// What was chosen under a key is known.
    pub fn learned(&mut self, key: u16) {
        self.unknown.remove(key);
    }

    /// Whether something was accepted under a key so lately that it will soon be known whether it was chosen.
    pub fn is_about_to_learn(&self, key: u16, now: SimTime) -> bool {
        self.unknown.get(key).is_some_and(|since| now.since(*since) < UNKNOWN)
    }
}
