//! The commits of a stream in the order in which they leave: those that may, by position, and those that still wait.
//!
//! Everything costs the same however long the backlog is, and keyframes share what is old in it: a clone copies lists of
//! pieces and the last piece.

use crate::kernel::clock::SimTime;
use crate::kernel::sorted::in_order;
use crate::system::stream::Commit;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Commits in one piece.
const PIECE: usize = 256;
/// What leaves within this time, in microseconds, waits together.
const TOGETHER_US: u64 = 100_000;

/// Some commits, and the earliest of their times.
#[derive(Clone, Debug)]
struct Piece {
    oldest: SimTime,
    commits: Vec<Commit>,
}

impl Piece {
    fn of(commits: Vec<Commit>) -> Self {
        debug_assert!(!commits.is_empty(), "a piece is not empty");
        let oldest = commits.iter().map(|commit| commit.at).min().unwrap_or(SimTime::NEVER);
        Self { oldest, commits }
    }
}

/// Commits in the order in which they leave; those that leave at the same time, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Backlog {
    /// Whole pieces of those that may leave.
    pieces: VecDeque<Arc<Piece>>,
    /// The newest of those that may leave.
    last: Vec<Commit>,
    /// How many at the front are gone.
    gone: usize,
    /// Those that wait, by the time at which they leave, each group in the order of coming.
    later: BTreeMap<u64, Arc<Piece>>,
    waiting: usize,
    /// Of those that waited, when each leaves whose client has not been told, by its count.
    untold: BTreeMap<u32, SimTime>,
}

impl Backlog {
    pub(super) fn len(&self) -> usize {
        self.ready() + self.waiting
    }

    /// How many may leave, as of the last [`Self::wake`].
    pub(super) fn ready(&self) -> usize {
        self.pieces.len() * PIECE + self.last.len() - self.gone
    }

    /// One of those that may leave.
    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<&Commit> {
        let place = index + self.gone;
        match self.pieces.get(place / PIECE) {
            Some(piece) => piece.commits.get(place % PIECE),
            None => self.last.get(place - self.pieces.len() * PIECE),
        }
    }

    fn get_mut(&mut self, index: usize) -> Option<&mut Commit> {
        let (place, whole) = (index + self.gone, self.pieces.len() * PIECE);
        match self.pieces.get_mut(place / PIECE) {
            Some(piece) => Arc::make_mut(piece).commits.get_mut(place % PIECE),
            None => self.last.get_mut(place - whole),
        }
    }

    /// A new commit.
    pub(super) fn push(&mut self, commit: Commit) {
        if self.waiting == 0 && commit.leaves <= commit.at {
            self.append(commit);
            return;
        }
        self.untold.insert(commit.id.count, commit.leaves);
        let group = commit.leaves.micros() / TOGETHER_US;
        let empty = || Arc::new(Piece { oldest: SimTime::NEVER, commits: Vec::new() });
        let piece = Arc::make_mut(self.later.entry(group).or_insert_with(empty));
        piece.oldest = piece.oldest.min(commit.at);
        piece.commits.push(commit);
        self.waiting += 1;
    }

    fn append(&mut self, commit: Commit) {
        debug_assert!(self.last.len() <= PIECE, "a piece is full or has room");
        if self.last.len() == PIECE {
            let full = std::mem::replace(&mut self.last, Vec::with_capacity(PIECE));
            self.pieces.push_back(Arc::new(Piece::of(full)));
        }
        self.last.push(commit);
    }

    /// Whatever leaves by now may leave.
    pub(super) fn wake(&mut self, now: SimTime) {
        let due = now.micros() / TOGETHER_US;
        while let Some(first) = self.later.first_entry().filter(|first| *first.key() <= due) {
            let group = *first.key();
            let piece = first.remove();
            // Those that leave at the same time keep their order.
            let commits = Arc::unwrap_or_clone(piece).commits;
            let mut commits = in_order(commits, |commit| [commit.leaves.micros() as f64, 0.0]);
            let count = commits.partition_point(|commit| commit.leaves <= now);
            let rest = commits.split_off(count);
            debug_assert!(commits.len() <= self.waiting, "no more leave than waited");
            self.waiting -= commits.len();
            for commit in commits {
                self.append(commit);
            }
            if !rest.is_empty() {
                self.later.insert(group, Arc::new(Piece::of(rest)));
                break;
            }
        }
        debug_assert_eq!(self.later.is_empty(), self.waiting == 0, "whoever waits is in a group");
    }

    /// The first so many are gone.
    pub(super) fn drop_first(&mut self, count: usize) {
        if !self.untold.is_empty() {
            for index in 0..count.min(self.ready()) {
                if let Some(count) = self.get(index).map(|commit| commit.id.count) {
                    self.untold.remove(&count);
                }
            }
        }
        if count > self.ready() {
            // An answer that was meant for an earlier stream: what waits is taken for known too.
            self.wake(SimTime::NEVER);
        }
        self.gone += count.min(self.ready());
        while self.gone >= PIECE && self.pieces.pop_front().is_some() {
            self.gone -= PIECE;
        }
        if self.pieces.is_empty() && self.gone * 2 >= self.last.len() {
            self.last.drain(..self.gone);
            self.gone = 0;
        }
        debug_assert!(self.gone < PIECE, "a piece that is gone is dropped");
    }

    /// All but the first so many, in the order in which they leave.
    pub(super) fn after(&self, count: usize) -> impl Iterator<Item = &Commit> {
        let ready = (count..self.ready()).filter_map(|index| self.get(index));
        let skipped = count.saturating_sub(self.ready());
        let later = self
            .later
            .values()
            .flat_map(|piece| in_order(&piece.commits, |commit| [commit.leaves.micros() as f64, 0.0]));
        ready.chain(later.skip(skipped))
    }

    /// The earliest time of a commit among all but the first so many.
    pub(super) fn oldest(&self, count: usize) -> Option<SimTime> {
        let place = count + self.gone;
        let whole = place.div_ceil(PIECE);
        let begun = self.pieces.get(place / PIECE).filter(|_| !place.is_multiple_of(PIECE));
        let begun =
            begun.iter().flat_map(|piece| &piece.commits[place % PIECE..]).map(|commit| commit.at).min();
        let pieces = self.pieces.iter().skip(whole).map(|piece| piece.oldest).min();
        let last = place.saturating_sub(self.pieces.len() * PIECE).min(self.last.len());
        let last = self.last[last..].iter().map(|commit| commit.at).min();
        let later = self.later.values().map(|piece| piece.oldest).min();
        begun.into_iter().chain(pieces).chain(last).chain(later).min()
    }

    /// A client has been told of a commit, by its count in the region that committed it.
    pub(super) fn tell(&mut self, count: u32) {
        let place = match self.untold.remove(&count) {
            None => self.by_count(count),
            Some(leaves) => {
                if let Some(piece) = self.later.get_mut(&(leaves.micros() / TOGETHER_US)) {
                    let place = piece.commits.iter().position(|commit| commit.id.count == count);
                    if let Some(place) = place {
                        Arc::make_mut(piece).commits[place].acknowledged = true;
                        return;
                    }
                }
                let first = self.first_that(|commit| commit.leaves >= leaves);
                (first..self.ready())
                    .find(|index| self.get(*index).is_some_and(|commit| commit.id.count == count))
            }
        };
        if let Some(commit) = place.and_then(|place| self.get_mut(place)) {
            commit.acknowledged = true;
        }
    }

    /// The place of a commit among those that may leave. Nearly always they are in the order of their counts.
    fn by_count(&self, count: u32) -> Option<usize> {
        let is_it = |index: &usize| self.get(*index).is_some_and(|commit| commit.id.count == count);
        let likely = self.first_that(|commit| commit.id.count >= count);
        Some(likely).filter(is_it).or_else(|| (0..self.ready()).rev().find(is_it))
    }

    fn first_that(&self, fits: impl Fn(&Commit) -> bool) -> usize {
        let (mut low, mut high) = (0, self.ready());
        while low < high {
            let middle = low.midpoint(high);
            if self.get(middle).is_some_and(&fits) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::chance::{Chance, Purpose};
    use crate::kernel::id::{PopulationId, RegionId, VersionId, WriteId};
    use crate::system::version::{Content, Seen};

    fn commit(count: u32, at: u64, leaves: u64) -> Commit {
        Commit {
            id: VersionId { region: RegionId(0), count },
            write: WriteId(count),
            population: PopulationId(0),
            connection: 0,
            key: 0,
            at: SimTime::from_micros(at),
            leaves: SimTime::from_micros(leaves),
            content: Content::Good,
            format: 1,
            stamp: 0,
            seen: Seen::default(),
            because: None,
            acknowledged: false,
        }
    }

    /// What a queue does that is kept in order by looking at each: the same at every step, whatever is asked of it.
    #[test]
    fn it_does_what_a_queue_does_that_is_searched() {
        for seed in 0..20 {
            let mut random = Chance::new(seed).of(Purpose::Script, 7, 0, 0);
            let (mut backlog, mut plain) = (Backlog::default(), Vec::<Commit>::new());
            let (mut now, mut sent) = (0, 0);
            let in_order = seed % 2 == 0;
            for number in 1..3000_u32 {
                now += u64::from(random.below(2000));
                let wait = if in_order { 0 } else { u64::from(random.below(3_000_000)) };
                let new = commit(number, now, now + wait);
                let behind = plain[sent..].iter().rev().take_while(|other| other.leaves > new.leaves).count();
                plain.insert(plain.len() - behind, new);
                backlog.push(new);
                let told = number.saturating_sub(random.below(300));
                backlog.tell(told);
                if let Some(commit) = plain.iter_mut().find(|commit| commit.id.count == told) {
                    commit.acknowledged = true;
                }
                if random.below(40) == 0 {
                    let at = SimTime::from_micros(now);
                    backlog.wake(at);
                    sent = plain.partition_point(|commit| commit.leaves <= at);
                    assert_eq!(backlog.ready(), sent);
                    let known = random.below(sent as u32 + 1) as usize;
                    backlog.drop_first(known);
                    plain.drain(..known);
                    sent -= known;
                }
                if random.below(40) == 0 {
                    let skip = random.below(sent as u32 + 1) as usize;
                    assert_eq!(backlog.len(), plain.len());
                    assert!(backlog.after(skip).eq(plain.iter().skip(skip)), "seed {seed}, {number}");
                    let oldest = plain.iter().skip(skip).map(|commit| commit.at).min();
                    assert_eq!(backlog.oldest(skip), oldest);
                }
            }
        }
    }

    /// Of a hundred thousand that wait a clone copies no commit.
    #[test]
    fn a_clone_shares_what_waits() {
        let mut backlog = Backlog::default();
        for number in 1..100_000_u32 {
            backlog.push(commit(number, u64::from(number) * 250, u64::from(number) * 250));
        }
        let clone = backlog.clone();
        let shared = backlog.pieces.iter().zip(&clone.pieces).filter(|(a, b)| Arc::ptr_eq(a, b)).count();
        assert!(shared * PIECE > 99_000, "{shared} pieces");
        backlog.tell(5);
        assert!(backlog.get(4).is_some_and(|commit| commit.acknowledged));
        assert!(clone.get(4).is_some_and(|commit| !commit.acknowledged));
    }
}
