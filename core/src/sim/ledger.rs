//! Every commit of the run in order, so that a backup can be restored and what that loses can be counted.
//!
//! It only grows, and keyframes share what is old in it: a clone copies the last piece and the list of pieces.

use super::id::{PopulationId, RegionId, WriteId};
use crate::time::SimTime;
use serde::Serialize;
use std::sync::Arc;

/// Commits in one piece.
const PIECE: usize = 1024;

/// What stands under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// What somebody meant to write.
    Good,
    /// Something that cannot be read: written by a bad release, or encrypted.
    Rubbish,
    /// Nothing any more.
    Deleted,
}

/// A commit, as much of it as has to be known later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: SimTime,
    /// The write; number 0 where no client wrote.
    pub write: WriteId,
    /// The key.
    pub key: u16,
    /// The region that committed it.
    pub region: RegionId,
    /// Whose it is.
    pub population: PopulationId,
    /// What it put there.
    pub content: Content,
    /// A client has been told.
    pub acknowledged: bool,
    /// Which undoing took it away, counted from 1: the promotion of a copy that did not have it, or a restore of what
    /// was before it. [`STANDS`] while none has; 0 where it never was part of what all rely on.
    pub undone: u16,
}

/// What has not been undone.
pub const STANDS: u16 = u16::MAX;

/// Every commit of the run; the first has number 1.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pieces: Vec<Arc<Vec<Line>>>,
    last: Vec<Line>,
    undoings: Vec<SimTime>,
}

impl Ledger {
    /// Adds a commit. Returns its number.
    pub fn push(&mut self, line: Line) -> u64 {
        if self.last.len() == PIECE {
            let full = std::mem::replace(&mut self.last, Vec::with_capacity(PIECE));
            self.pieces.push(Arc::new(full));
        }
        self.last.push(line);
        self.len()
    }

    /// How many commits there have been: the number of the newest.
    pub fn len(&self) -> u64 {
        (self.pieces.len() * PIECE + self.last.len()) as u64
    }

    /// Whether nothing has been committed since the start.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The commit with a number.
    pub fn get(&self, number: u64) -> Option<&Line> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        match self.pieces.get(index / PIECE) {
            Some(piece) => piece.get(index % PIECE),
            None => self.last.get(index - self.pieces.len() * PIECE),
        }
    }

    fn change(&mut self, number: u64, change: impl FnOnce(&mut Line)) {
        let Some(index) = (number as usize).checked_sub(1) else { return };
        let line = match self.pieces.get_mut(index / PIECE) {
            Some(piece) => Arc::make_mut(piece).get_mut(index % PIECE),
            None => self.last.get_mut(index - self.pieces.len() * PIECE),
        };
        if let Some(line) = line {
            change(line);
        }
    }

    /// A client has been told of a commit.
    pub fn acknowledge(&mut self, number: u64) {
        self.change(number, |line| line.acknowledged = true);
    }

    /// What all rely on does not have these commits any more.
    pub fn undo(&mut self, now: SimTime, numbers: impl Iterator<Item = u64>) {
        self.undoings.push(now);
        let turn = (self.undoings.len() as u16).min(STANDS - 1);
        for number in numbers {
            self.change(number, |line| line.undone = line.undone.min(turn));
        }
    }

    /// These commits are part again of what all rely on.
    pub fn redo(&mut self, numbers: impl Iterator<Item = u64>) {
        for number in numbers {
            self.change(number, |line| line.undone = STANDS);
        }
    }

    /// What a backup of a moment has that goes up to a commit, with numbers: what was undone before is not in it, what
    /// was undone later is.
    pub fn backed_up(&self, commit: u64, moment: SimTime) -> impl DoubleEndedIterator<Item = (u64, &Line)> {
        let undoings = self.undoings.partition_point(|at| *at <= moment) as u16;
        self.lines(1, commit).filter(move |(_, line)| line.undone > undoings)
    }

    /// The newest commit that is not later than a moment; 0 where there is none.
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
        (first..=last).filter_map(|number| Some((number, self.get(number)?)))
    }
}
