//! Every commit of the run in order, so that a backup can be restored and what that loses can be counted.
//!
//! It only grows, and keyframes share what is old in it: a clone copies the last piece and the list of pieces.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{PopulationId, RegionId, VersionId, WriteId};
use crate::kernel::kinds::kinds;
use crate::kernel::pieces::Pieces;
use crate::kernel::region_map::RegionMap;
use crate::model::Rule;
use crate::system::version::Content;

/// A commit, as much of it as has to be known later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: SimTime,
    /// The write; number 0 if no client wrote.
    pub write: WriteId,
    /// The key.
    pub key: u16,
    /// The region that committed it.
    pub region: RegionId,
    /// Which of that region's versions it is; 0 if it made none.
    pub count: u32,
    /// Whose it is.
    pub population: PopulationId,
    /// What it put there.
    pub content: Content,
    /// A client has been told.
    pub acknowledged: bool,
    /// Which undoing took it away, counted from 1: the promotion of a copy that did not have it, or a restore of what
    /// was before it. [`STANDS`] while none has; 0 if no primary ever had it.
    pub undone: u16,
    /// The commit that stood there before and that the writer had seen; 0 for none.
    pub over: u32,
    /// What the rule for collisions has made of it so far.
    pub mark: Mark,
    /// The commit that it lost to, was merged with or was refused for.
    pub by: u32,
    /// How long after the commit it was in the copy of each region, in microseconds; [`NEVER`] while it is not.
    pub reached: RegionMap<u32>,
}

/// Has not come there.
pub const NEVER: u32 = u32::MAX;

/// What the rule for collisions has made of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    None,
    /// A concurrent write is shown instead.
    Lost,
    /// It stands beside a concurrent one and waits for somebody to merge them.
    Kept,
    /// Its content went into what stands there now.
    Merged,
    /// It was refused, and its client was told.
    Refused,
}

kinds! {
    /// What has become of a write: exactly one of these.
    pub enum Fate {
        /// It is what its key shows.
        Stands = "stands",
        /// Somebody who had seen it wrote something else.
        Overwritten = "overwritten",
        /// A write that had not seen it, or that it had not seen, is shown instead; nobody was told.
        Lost = "lost",
        /// It stands beside another until somebody merges them.
        Kept = "kept",
        /// Its content went into what stands there now.
        Merged = "merged",
        /// A promotion or a restore took it away.
        Undone = "undone",
        /// It was refused: its client knows.
        Refused = "refused",
    }
}

impl Line {
    /// Its fate; `overwritten`: a later write, whose writer had seen this one, has replaced it.
    pub fn fate(&self, overwritten: bool, rule: Rule) -> Fate {
        match self.mark {
            Mark::Refused => Fate::Refused,
            _ if self.undone != STANDS => Fate::Undone,
            Mark::Lost => Fate::Lost,
            Mark::Kept => Fate::Kept,
            Mark::Merged => Fate::Merged,
            Mark::None if overwritten && rule == Rule::Merge => Fate::Merged,
            Mark::None if overwritten => Fate::Overwritten,
            Mark::None => Fate::Stands,
        }
    }
}

/// What has not been undone.
pub const STANDS: u16 = u16::MAX;

/// Every commit of the run; the first has number 1.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    lines: Pieces<Line>,
    undoings: Vec<SimTime>,
    /// The number here of each version of each region: machines number for themselves.
    numbers: Vec<Pieces<u32>>,
    /// Acknowledged writes that lost a collision and have not been undone.
    pub lost: u64,
    /// Writes that were merged.
    pub merged: u64,
    /// Writes that were refused because of another.
    pub refused: u64,
}

impl Ledger {
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
    pub fn push_version(&mut self, version: VersionId, line: Line) -> u64 {
        let number = self.push(line);
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
                let lost = line.mark == Mark::Lost && line.acknowledged && line.undone == STANDS;
                (u64::from(lost), u64::from(line.mark == Mark::Merged), u64::from(line.mark == Mark::Refused))
            };
            let before = counts(line);
            change(line);
            let after = counts(line);
            self.lost = self.lost + after.0 - before.0;
            self.merged = self.merged + after.1 - before.1;
            self.refused = self.refused + after.2 - before.2;
        }
    }

    /// The rule for collisions says what becomes of a commit, because of another.
    pub fn mark(&mut self, number: u64, mark: Mark, by: u64) {
        debug_assert!(by <= self.len() && (by != number || by == 0), "another commit is why");
        if self.get(number).is_some_and(|line| line.mark != mark || u64::from(line.by) != by) {
            self.change(number, |line| (line.mark, line.by) = (mark, by as u32));
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
            debug_assert!(u64::from(line.over) < number, "nobody writes over what is yet to come");
            over[line.over as usize] = number;
        }
        let fate = |(number, line): (u64, &Line)| {
            let next = over[number as usize];
            let by = if line.mark == Mark::None { next } else { u64::from(line.by) };
            (line.fate(next > 0, rule), by)
        };
        self.lines(1, self.len()).map(fate).collect()
    }

    /// A client has been told of a commit.
    pub fn acknowledge(&mut self, number: u64) {
        self.change(number, |line| line.acknowledged = true);
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
