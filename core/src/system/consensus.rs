//! One register for each key, kept by several regions: CASPaxos (D. Rystsov, "CASPaxos: Replicated State Machines without logs",
//! 2018), which is single-decree Paxos whose value can be changed again and again.
//!
//! Each region is an acceptor. Who wants to change or read the register makes a round with a ballot that nobody has used: it
//! asks acceptors to promise that they take nothing older, and hears what they have accepted. Of a majority's answers the one
//! with the highest ballot is what may have been chosen; the change is made on top of that, and proposed. A majority that
//! accepts it has chosen it. Two majorities have an acceptor in common, so whoever comes later hears of it: that is why no
//! chosen change is ever forgotten. A round that is refused begins again, with a higher ballot.
//!
//! With its acceptance an acceptor promises the next ballot of the same region too: who was the last to write writes again in
//! one round trip instead of two.
//!
//! Nothing here knows of time, messages or chance: `proposal.rs` and `quorum_read.rs` send what rounds say, and the tests
//! explore the same code.

use crate::kernel::id::RegionId;
use crate::kernel::region_map::RegionSet;

/// The number of a round: its turn, and the region that makes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ballot(u32);

impl Ballot {
    /// Before any round.
    pub const NONE: Self = Self(0);

    /// The first ballot of a region after this one.
    #[must_use]
    pub fn after(self, region: RegionId) -> Self {
        debug_assert!(region.0 < 8, "a region has three bits");
        Self(((self.0 >> 3) + 1) << 3 | u32::from(region.0))
    }

    /// Which turn it is, from 1.
    pub const fn turn(self) -> u32 {
        self.0 >> 3
    }
}

/// What can stand in a register.
pub trait Value: Copy {
    /// Whether it is the same.
    fn is(&self, other: &Self) -> bool;
    /// Whether it is a write, or was made on top of it.
    fn has(&self, write: &Self) -> bool;
    /// The same write on top of another value.
    #[must_use]
    fn over(self, other: &Self) -> Self;
}

/// What one region keeps of a register. It is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Acceptor<V> {
    promised: Ballot,
    accepted: Ballot,
    value: V,
    /// The highest ballot that a round of its own region has used: no two may have the same.
    used: Ballot,
}

impl<V: Value> Acceptor<V> {
    /// A register with its first value, which all regions have.
    pub const fn new(value: V) -> Self {
        Self { promised: Ballot::NONE, accepted: Ballot::NONE, value, used: Ballot::NONE }
    }

    /// The highest ballot that it has promised: it takes none below.
    pub const fn promised(&self) -> Ballot {
        self.promised
    }

    /// A ballot for a round of its own region: above all that it has promised, and above this one.
    pub fn draw(&mut self, region: RegionId, above: Ballot) -> Ballot {
        self.used = self.used.max(self.promised).max(above).after(region);
        self.used
    }

    /// Takes the ballot that a majority has promised to its own region when it accepted the last value, if that still holds here:
    /// nothing else was promised since, and no round of the region has begun.
    fn take(&mut self, region: RegionId, ready: Ballot) -> bool {
        let holds = self.promised == ready && self.used.after(region) == ready;
        if holds {
            self.used = ready;
        }
        holds
    }

    /// What it has accepted last, with the ballot.
    pub const fn shown(&self) -> (Ballot, V) {
        (self.accepted, self.value)
    }

    /// Promises to take nothing below a ballot, and says what it has accepted.
    ///
    /// # Errors
    /// The higher ballot that it has promised.
    pub fn prepare(&mut self, ballot: Ballot) -> Result<(Ballot, V), Ballot> {
        if ballot < self.promised {
            return Err(self.promised);
        }
        self.promised = ballot;
        Ok(self.shown())
    }

    /// Accepts a value, and promises the next ballot of its proposer.
    ///
    /// # Errors
    /// The higher ballot that it has promised.
    pub fn accept(&mut self, ballot: Ballot, value: V, next: Ballot) -> Result<(), Ballot> {
        debug_assert!(next >= ballot, "what is promised is not below what is accepted");
        // The same again: its answer was lost, it came twice, or another acceptor has told of it. The next ballot is promised all
        // the same, as its proposer will count on that.
        if ballot == self.accepted {
            self.promised = self.promised.max(next);
            return Ok(());
        }
        if ballot < self.promised {
            return Err(self.promised);
        }
        (self.promised, self.accepted, self.value) = (next, ballot, value);
        Ok(())
    }
}

/// What a round asks of acceptors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase<V> {
    /// To promise: the highest that those who did have accepted.
    Prepare(Option<(Ballot, V)>),
    /// To accept this.
    Accept(V),
}

/// How a round has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome<V> {
    /// The write is in the register: in this value.
    Written(V),
    /// The write is not in the register, and never will be: this was there first.
    Outrun(V),
    /// This was read.
    Read(V),
}

/// A round of a region over one register, until a majority has accepted what it proposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Round<V> {
    region: RegionId,
    ballot: Ballot,
    phase: Phase<V>,
    /// Acceptors that have done what is asked.
    done: RegionSet,
    /// Acceptors that have refused to.
    refusing: RegionSet,
    /// The write, with what it was made on top of; `None` for a round that only reads.
    write: Option<(V, V)>,
    /// The write was proposed: somebody may have accepted it.
    proposed: bool,
    /// Nobody waits for the write any more: it is not proposed again.
    given_up: bool,
    /// It was refused because of this ballot, and has to begin again.
    refused: Option<Ballot>,
}

impl<V: Value> Round<V> {
    /// A round that writes a value that was made on top of another, or reads if it is `None`. It is made for the region of the
    /// acceptor.
    ///
    /// If a majority is known to have promised a ballot to the region after it accepted what the write is made on top of, it
    /// proposes at once; else it asks for promises first.
    pub fn begin(
        region: RegionId,
        own: &mut Acceptor<V>,
        write: Option<(V, V)>,
        ready: Option<Ballot>,
    ) -> Self {
        let ready = ready.filter(|ready| write.is_some() && own.take(region, *ready));
        let (ballot, phase) = match (ready, write) {
            (Some(ready), Some((write, _))) => (ready, Phase::Accept(write)),
            _ => (own.draw(region, Ballot::NONE), Phase::Prepare(None)),
        };
        Self {
            region,
            ballot,
            phase,
            done: RegionSet::EMPTY,
            refusing: RegionSet::EMPTY,
            write,
            proposed: ready.is_some(),
            given_up: false,
            refused: None,
        }
    }

    /// Its ballot.
    pub const fn ballot(&self) -> Ballot {
        self.ballot
    }

    /// What it asks of acceptors.
    pub const fn phase(&self) -> &Phase<V> {
        &self.phase
    }

    /// The ballot that is promised to its region with what it proposes.
    pub fn next(&self) -> Ballot {
        self.ballot.after(self.region)
    }

    /// Whether an acceptor has not done yet what is asked.
    pub fn asks(&self, acceptor: RegionId) -> bool {
        !self.done.contains(acceptor)
    }

    /// Whether the write was proposed, so that somebody may have accepted it.
    pub const fn is_proposed(&self) -> bool {
        self.proposed
    }

    /// Whether it was refused, and has not begun again.
    pub const fn is_refused(&self) -> bool {
        self.refused.is_some()
    }

    /// Nobody waits for the write any more. If it was proposed it has to be found out whether it is in the register.
    pub fn give_up(&mut self) {
        self.given_up = true;
    }

    /// An acceptor has promised the ballot, and said what it has accepted. If that is a majority the round proposes something,
    /// and true is returned. What has the same write already, though made by another round, gets it no second time: `made` says
    /// so.
    pub fn on_promise(
        &mut self,
        from: RegionId,
        ballot: Ballot,
        shown: (Ballot, V),
        (majority, made): (usize, impl Fn(&V) -> bool),
    ) -> bool {
        let Phase::Prepare(best) = &mut self.phase else { return false };
        if ballot != self.ballot || self.done.contains(from) {
            return false;
        }
        let highest = best.filter(|best| best.0 >= shown.0).unwrap_or(shown);
        *best = Some(highest);
        self.done.insert(from);
        if self.done.len() < majority {
            return false;
        }
        self.phase = Phase::Accept(self.proposal(&highest.1, made));
        (self.done, self.refusing, self.refused) = (RegionSet::EMPTY, RegionSet::EMPTY, None);
        true
    }

    /// What is proposed on top of what may have been chosen: that itself, unless there is a write to be made.
    fn proposal(&mut self, best: &V, made: impl Fn(&V) -> bool) -> V {
        let Some((write, base)) = self.write else { return *best };
        let outrun = !best.is(&base);
        if best.has(&write) || outrun || self.given_up || made(best) {
            return *best;
        }
        self.proposed = true;
        self.write = Some((write, *best));
        write.over(best)
    }

    /// An acceptor has accepted what is proposed.
    pub fn on_accepted(&mut self, from: RegionId, ballot: Ballot) {
        if matches!(self.phase, Phase::Accept(_)) && ballot == self.ballot {
            self.done.insert(from);
        }
    }

    /// Whether a majority has accepted what it proposes.
    pub fn is_accepted(&self, majority: usize) -> bool {
        matches!(self.phase, Phase::Accept(_)) && self.done.len() >= majority
    }

    /// How it has ended, once a majority has accepted what it proposes, and this acceptor too if one has to: it may read what it
    /// has by itself.
    pub fn outcome(&self, majority: usize, reader: Option<RegionId>) -> Option<Outcome<V>> {
        let Phase::Accept(value) = self.phase else { return None };
        if self.done.len() < majority || reader.is_some_and(|reader| self.asks(reader)) {
            return None;
        }
        Some(match self.write {
            None => Outcome::Read(value),
            Some((write, _)) if value.has(&write) => Outcome::Written(value),
            Some(_) => Outcome::Outrun(value),
        })
    }

    /// An acceptor refuses, and says what it has promised. Whether so many of all do that no majority is left, at this for the
    /// first time.
    pub fn on_refused(&mut self, from: RegionId, ballot: Ballot, promised: Ballot, all: usize) -> bool {
        debug_assert!(promised >= ballot, "a higher ballot is why, or a lease");
        if ballot != self.ballot || self.done.contains(from) || self.refusing.contains(from) {
            return false;
        }
        self.refusing.insert(from);
        self.refused = self.refused.max(Some(promised));
        let most = all - all / 2 - 1;
        self.refusing.len() == most + 1
    }

    /// Begins again, above all that the region has heard of.
    pub fn again(&mut self, own: &mut Acceptor<V>) {
        let heard = self.refused.take().unwrap_or_default().max(self.ballot);
        (self.ballot, self.phase) = (own.draw(self.region, heard), Phase::Prepare(None));
        (self.done, self.refusing) = (RegionSet::EMPTY, RegionSet::EMPTY);
    }

    /// What the write was made on top of.
    pub fn base(&self) -> Option<V> {
        self.write.map(|(_, base)| base)
    }
}
