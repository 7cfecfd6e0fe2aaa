//! What a quorum's region keeps of the register of each key: an acceptor, which is durable, and what it remembers of rounds.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{RegionId, Ticket};
use crate::kernel::keyed::Keyed;
use crate::system::consensus::{Acceptor, Ballot};
use crate::system::read_lease::ReadLease;
use crate::system::version::Version;

/// The age of a round: when it began, and its region. Of two the smaller is the older.
pub type RoundAge = (SimTime, RegionId);

/// The round that goes first under a key: no younger one is promised anything for a while. To refuse a round is always safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The round.
    pub round: Ticket,
    /// Its age.
    pub age: RoundAge,
    /// Until when.
    pub until: SimTime,
}

/// Why a register promises nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has promised this higher ballot.
    Outbid(Ballot),
    /// This older round goes first.
    Later(Ticket),
}

/// How long an older round keeps younger ones away: more than a round trip between regions that are far from each other.
const LEASE: SimDuration = SimDuration::from_micros(400_000);

/// A round of a region that reads a key for several calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The round.
    pub round: Ticket,
    /// Calls that came before it began, besides the one that it is made for: what it reads answers them too.
    pub joined: Vec<Ticket>,
    /// Calls that came later: they wait for the next round.
    pub later: Vec<Ticket>,
}

/// The registers of one region.
#[derive(Clone, Debug)]
pub struct Registers {
    /// By key; none without a quorum.
    acceptors: Vec<Acceptor<Version>>,
    /// The rounds that go first, by key: they have promises and have not proposed yet.
    leases: Keyed<u16, Lease>,
    /// Rounds of this region that write and that the others have not agreed to yet, by key.
    pub tentative: Keyed<u16, Ticket>,
    /// The rounds of this region that only read, by key.
    pub reading: Keyed<u16, Reading>,
    /// The ballots that a majority has promised to this region after its last round, by key.
    pub ready: Keyed<u16, Ballot>,
    /// Whether this region, and the other that serves, may read what they have by themselves.
    pub lease: ReadLease,
}

impl Registers {
    /// All with the version that was there at the start.
    pub fn new(keys: usize, first: Version) -> Self {
        Self {
            acceptors: vec![Acceptor::new(first); keys],
            leases: Keyed::default(),
            tentative: Keyed::default(),
            reading: Keyed::default(),
            ready: Keyed::default(),
            lease: ReadLease::default(),
        }
    }

    /// The register of a key; `None` without a quorum.
    pub fn get(&self, key: u16) -> Option<&Acceptor<Version>> {
        self.acceptors.get(usize::from(key))
    }

    /// The register of a key, with a quorum.
    pub fn of(&self, key: u16) -> &Acceptor<Version> {
        &self.acceptors[usize::from(key)]
    }

    /// The same, to begin a round with.
    pub fn of_mut(&mut self, key: u16) -> &mut Acceptor<Version> {
        &mut self.acceptors[usize::from(key)]
    }

    /// The instance was replaced: what was not durable is gone.
    pub fn forget_rounds(&mut self) {
        self.leases.clear();
        self.tentative.clear();
        self.ready.clear();
    }

    /// The register of a key is asked by a round for a promise. It gives none while an older round has one and may be about to
    /// propose. So of the rounds that meet the oldest always gets through.
    ///
    /// # Errors
    /// Why not.
    pub fn prepare(
        &mut self,
        now: SimTime,
        key: u16,
        (round, age, ballot): (Ticket, RoundAge, Ballot),
    ) -> Result<(Ballot, Version), Refusal> {
        if let Some(first) = self.older(now, key, age) {
            return Err(Refusal::Later(first.round));
        }
        let shown = self.acceptors[usize::from(key)].prepare(ballot).map_err(Refusal::Outbid)?;
        self.leases.insert(key, Lease { round, age, until: now + LEASE });
        Ok(shown)
    }

    fn older(&self, now: SimTime, key: u16, age: RoundAge) -> Option<&Lease> {
        self.leases.get(key).filter(|first| first.until > now && first.age < age)
    }

    /// Another region has refused a round of this one because of an older round, which has asked last at this moment: that goes
    /// first here too, so that what this register promises to its own region does not stand in its way. It does so no longer than
    /// it asks: what two regions tell each other must not keep it alive.
    pub fn give_way(&mut self, key: u16, (round, age): (Ticket, RoundAge), (now, asked): (SimTime, SimTime)) {
        let until = asked + LEASE;
        if until > now && self.older(now, key, age).is_none() {
            self.leases.insert(key, Lease { round, age, until });
        }
    }

    /// The register of a key is asked to accept a version.
    ///
    /// # Errors
    /// The higher ballot that was promised.
    pub fn accept(
        &mut self,
        key: u16,
        (ballot, version, next): (Ballot, Version, Ballot),
    ) -> Result<(), Ballot> {
        self.acceptors[usize::from(key)].accept(ballot, version, next)?;
        self.leases.remove(key);
        Ok(())
    }
}
