//! Every commit of the run in order, so that a backup can be restored and what that loses can be counted.
//!
//! It only grows, and keyframes share what is old in it: a clone copies the last piece and the list of pieces.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId, VersionId};
use crate::kernel::keyed::Keyed;
use crate::kernel::pieces::Pieces;
use crate::model::Rule;
use crate::observer::chain::{Chain, Chains, Link};
pub use crate::observer::line::{Fate, Line, Mark, NEVER, STANDS};
use crate::system::version::Content;

/// Every commit of the run; the first has number 1.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    lines: Pieces<Line>,
    undoings: Vec<SimTime>,
    /// The number here of each version of each region: machines number for themselves.
    numbers: Vec<Pieces<u32>>,
    chains: Chains,
    /// Writes that a client was told of.
    pub acknowledged: u64,
    /// Acknowledged writes that lost a collision.
    pub lost: u64,
    /// Of those, how many lost it because of a fault, by its journal entry.
    lost_by: Keyed<u32, u64>,
    /// Writes that were merged.
    pub merged: u64,
    /// Writes that were refused because of another.
    pub refused: u64,
}

impl Ledger {
    /// Nothing is committed yet, under so many keys.
    pub fn new(keys: usize) -> Self {
        Self { chains: Chains::new(keys), ..Self::default() }
    }

    /// The commits of a region under a key.
    pub fn chain(&self, key: u16, region: RegionId) -> Chain {
        self.chains.of(key, region)
    }

    /// Writes of a chain that a client was told of, up to a version of it: its count, or 0 for none.
    pub fn told_up_to(&self, region: RegionId, count: u32) -> u32 {
        self.line(VersionId { region, count }).map_or(0, |line| line.link.told)
    }

    /// How many commits of a region under a key came after a version of it: its count, or 0 for all of them.
    pub fn after(&self, key: u16, region: RegionId, count: u32) -> u32 {
        let place = self.line(VersionId { region, count }).map_or(0, |line| line.link.place);
        debug_assert!(place <= self.chain(key, region).length, "a place in this chain");
        self.chain(key, region).length - place
    }

    /// Lines of a chain from one count (left out) to another (left in), newest first, with their numbers.
    pub fn between(&self, region: RegionId, from: u32, to: u32) -> impl Iterator<Item = (u64, &Line)> {
        let mut number = self.number(VersionId { region, count: to });
        std::iter::from_fn(move || {
            let line = self.get(number).filter(|line| line.count > from)?;
            let this = (number, line);
            number = u64::from(line.link.before);
            Some(this)
        })
    }

    /// How many acknowledged writes lost a collision because of a fault, by its journal entry.
    pub fn lost_by(&self, entry: EntryId) -> u64 {
        self.lost_by.get(entry.0).copied().unwrap_or(0)
    }

    /// The faults because of which acknowledged writes lost a collision.
    pub fn faults_of_lost(&self) -> impl Iterator<Item = EntryId> + '_ {
        self.lost_by.iter().filter(|(_, lost)| **lost > 0).map(|(entry, _)| EntryId(entry))
    }

    /// The number here of a version; 0 if it is none of this run's.
    pub fn number(&self, version: VersionId) -> u64 {
        let index = (version.count as usize).checked_sub(1);
        let numbers = self.numbers.get(version.region.index());
        index.and_then(|index| numbers?.get(index)).map_or(0, |number| u64::from(*number))
    }

    /// The line of a version.
    pub fn line(&self, version: VersionId) -> Option<&Line> {
        self.get(self.number(version))
    }

    /// Adds the commit of a version. Returns its number.
    pub fn push_version(&mut self, version: VersionId, mut line: Line) -> u64 {
        let chain = self.chains.of(line.key, version.region);
        let before = self.get(chain.newest.into()).map_or(0, |before| before.link.sound);
        let sound = if line.content == Content::Good { version.count } else { before };
        let place = chain.length + 1;
        line.link = Link { before: chain.newest, place, told: chain.told, sound };
        let number = self.push(line);
        let chain = self.chains.of_mut(line.key, version.region);
        (chain.newest, chain.count, chain.length) = (number as u32, version.count, place);
        let region = version.region.index();
        if self.numbers.len() <= region {
            self.numbers.resize_with(region + 1, Pieces::default);
        }
        debug_assert!(
            self.numbers[region].len() + 1 == version.count as usize,
            "versions are heard of in order"
        );
        self.numbers[region].push(number as u32);
        number
    }

    /// Adds a commit. Returns its number.
    pub fn push(&mut self, line: Line) -> u64 {
        debug_assert!(self.get(self.len()).is_none_or(|last| last.at <= line.at), "the ledger is in order");
        self.lines.push(line);
        self.len()
    }

    /// How many commits there have been: the number of the newest.
    pub fn len(&self) -> u64 {
        self.lines.len() as u64
    }

    /// Whether nothing has been committed since the start.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The commit with a number.
    pub fn get(&self, number: u64) -> Option<&Line> {
        self.lines.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    fn change(&mut self, number: u64, change: impl FnOnce(&mut Line)) {
        debug_assert!(number <= self.len(), "the number is known");
        let Some(index) = (number as usize).checked_sub(1) else { return };
        let line = self.lines.get_mut(index);
        if let Some(line) = line {
            let counts = |line: &Line| {
                let lost = u64::from(line.is_collided());
                (lost, u64::from(line.mark == Mark::Merged), u64::from(line.mark == Mark::Refused))
            };
            let (before, was_apart) = (counts(line), line.apart);
            change(line);
            let after = counts(line);
            let (key, region, apart) = (line.key, line.region, line.apart);
            if (before.0, was_apart) != (after.0, apart) {
                self.recount((key, region), (was_apart, before.0), (apart, after.0));
            }
            self.lost = self.lost + after.0 - before.0;
            self.merged = self.merged + after.1 - before.1;
            self.refused = self.refused + after.2 - before.2;
        }
    }

    /// A line counts as lost in a collision, or does not any more: 0 or 1 before and after, and because of which fault.
    fn recount(&mut self, (key, region): (u16, RegionId), before: (u32, u64), after: (u32, u64)) {
        debug_assert!(before.1 <= 1 && after.1 <= 1, "a line counts once");
        let chain = self.chains.of_mut(key, region);
        chain.collided = chain.collided + after.1 as u32 - before.1 as u32;
        for ((fault, lost), added) in [(before, false), (after, true)] {
            if fault > 0 && lost > 0 {
                let of_fault = self.lost_by.get(fault).copied().unwrap_or(0);
                self.lost_by.insert(fault, if added { of_fault + lost } else { of_fault - lost });
            }
        }
    }

    /// A fault kept the writer of a commit from seeing a concurrent one.
    pub fn keep_apart(&mut self, number: u64, fault: EntryId) {
        debug_assert!(fault.0 > 0, "the run begins before any fault");
        self.change(number, |line| line.apart = fault.0);
    }

    /// The rule for collisions says what becomes of a commit, because of another.
    pub fn mark(&mut self, number: u64, mark: Mark, by: u64) {
        debug_assert!(by <= self.len() && (by != number || by == 0), "another commit is why");
        if self.get(number).is_some_and(|line| line.mark != mark || u64::from(line.by) != by) {
            let apart = self.get(by).map_or(0, |by| by.apart);
            self.change(number, |line| {
                (line.mark, line.by) = (mark, by as u32);
                line.apart = if line.apart == 0 { apart } else { line.apart };
            });
        }
    }

    /// A commit stands over another than its writer had seen when it was proposed.
    pub fn put_over(&mut self, number: u64, over: u64) {
        debug_assert!(over != number, "nothing stands over itself");
        if self.get(number).is_some_and(|line| u64::from(line.over) != over) {
            self.change(number, |line| line.over = over as u32);
        }
    }

    /// A commit has come into the copy of a region.
    pub fn reach(&mut self, number: u64, region: RegionId, now: SimTime) {
        self.change(number, |line| {
            debug_assert!(line.at <= now, "reached after it was committed");
            let after = now.since(line.at).micros().min(u64::from(NEVER - 1)) as u32;
            let reached = &mut line.reached[region];
            *reached = (*reached).min(after);
        });
    }

    /// The fate of every commit, in order, with the number of the commit that took its place; 0 if none did.
    pub fn fates(&self, rule: Rule) -> Vec<(Fate, u64)> {
        let mut over = vec![0; self.len() as usize + 1];
        for (number, line) in self.lines(1, self.len()).filter(|(_, line)| line.undone == STANDS) {
            debug_assert!(u64::from(line.over) != number, "nobody writes over itself");
            over[line.over as usize] = number;
        }
        let fate = |(number, line): (u64, &Line)| {
            let next = over[number as usize];
            let by = if line.mark == Mark::None { next } else { u64::from(line.by) };
            (line.fate(next > 0, rule), by)
        };
        self.lines(1, self.len()).map(fate).collect()
    }

    /// A client has been told of a commit, at this moment: before it, if it was told that a queue has the write.
    pub fn acknowledge(&mut self, number: u64, told_at: SimTime) {
        let Some(line) = self.get(number).filter(|line| !line.acknowledged) else { return };
        let (key, region, count) = (line.key, line.region, line.count);
        let after = told_at.micros() as i64 - line.at.micros() as i64;
        self.change(number, |line| (line.acknowledged, line.told_after) = (true, after));
        self.acknowledged += 1;
        if count == 0 {
            return;
        }
        self.chains.of_mut(key, region).told += 1;
        self.change_told(number, key, region, |told| *told += 1);
    }

    /// A client has read it, or was told that it is there.
    pub fn show(&mut self, number: u64) {
        if self.get(number).is_some_and(|line| !line.is_known()) {
            self.change(number, |line| line.read = true);
        }
    }

    /// Another line stands for a write that went through a queue: when its client was told, if it was.
    pub fn take_back(&mut self, number: u64) -> Option<SimTime> {
        let line = self.get(number).filter(|line| line.acknowledged)?;
        let (key, region, count, told_at) = (line.key, line.region, line.count, line.told_at());
        self.change(number, |line| line.acknowledged = false);
        self.acknowledged -= 1;
        if count > 0 {
            self.chains.of_mut(key, region).told -= 1;
            self.change_told(number, key, region, |told| *told -= 1);
        }
        told_at
    }

    /// How many of a chain were told of changes in every line from one on; there are few, as clients are told soon.
    fn change_told(&mut self, number: u64, key: u16, region: RegionId, change: fn(&mut u32)) {
        let mut later = u64::from(self.chains.of(key, region).newest);
        while later >= number {
            let Some(line) = self.lines.get_mut(later as usize - 1) else { break };
            change(&mut line.link.told);
            later = u64::from(line.link.before);
        }
    }

    /// The primary does not have these commits any more.
    pub fn undo(&mut self, now: SimTime, numbers: impl Iterator<Item = u64>) {
        debug_assert!(self.undoings.last().is_none_or(|last| *last <= now), "undoings are in order");
        self.undoings.push(now);
        let turn = (self.undoings.len() as u16).min(STANDS - 1);
        for number in numbers {
            self.change(number, |line| line.undone = line.undone.min(turn));
        }
    }

    /// The primary has these commits again.
    pub fn redo(&mut self, numbers: impl Iterator<Item = u64>) {
        for number in numbers {
            self.change(number, |line| line.undone = STANDS);
        }
    }

    /// The newest commit that is not later than a moment; 0 if there is none.
    pub fn until(&self, moment: SimTime) -> u64 {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = (low + high).div_ceil(2);
            if self.get(middle).is_some_and(|line| line.at <= moment) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        low
    }

    /// Commits from one number to another, both included, with their numbers.
    pub fn lines(&self, first: u64, last: u64) -> impl DoubleEndedIterator<Item = (u64, &Line)> {
        debug_assert!(first > 0, "commits are counted from 1");
        (first..=last).filter_map(|number| Some((number, self.get(number)?)))
    }
}
