//! First in, first out, with its old part shared between clones: a clone copies the newest piece and a list of pieces, however
//! long the line is.

use std::collections::VecDeque;
use std::sync::Arc;

/// Values in one piece.
const PIECE: usize = 256;

/// Values in the order in which they came.
#[derive(Clone, Debug)]
pub struct Fifo<T> {
    whole: VecDeque<Arc<Vec<T>>>,
    last: Vec<T>,
    /// How many at the front are gone.
    gone: usize,
}

impl<T> Default for Fifo<T> {
    fn default() -> Self {
        Self { whole: VecDeque::new(), last: Vec::new(), gone: 0 }
    }
}

impl<T: Copy> Fifo<T> {
    /// How many values wait.
    pub fn len(&self) -> usize {
        self.whole.len() * PIECE + self.last.len() - self.gone
    }

    /// Whether none does.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a value at the end.
    pub fn push(&mut self, value: T) {
        if self.last.len() == PIECE {
            let full = std::mem::replace(&mut self.last, Vec::with_capacity(PIECE));
            self.whole.push_back(Arc::new(full));
        }
        self.last.push(value);
    }

    /// The first value.
    pub fn first(&self) -> Option<&T> {
        self.whole.front().map_or_else(|| self.last.get(self.gone), |piece| piece.get(self.gone))
    }

    /// Takes the first value.
    pub fn pop(&mut self) -> Option<T> {
        let first = self.first().copied()?;
        self.gone += 1;
        if self.gone == PIECE && self.whole.pop_front().is_some() {
            self.gone = 0;
        } else if self.whole.is_empty() && self.gone == self.last.len() {
            self.last.clear();
            self.gone = 0;
        }
        debug_assert!(self.gone <= PIECE, "no more are gone than were there");
        Some(first)
    }

    /// The values, in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.whole.iter().flat_map(|piece| piece.iter()).chain(&self.last).skip(self.gone)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fifo, PIECE};

    #[test]
    fn what_comes_first_goes_first_and_a_clone_stays_as_it_was() {
        let mut line = Fifo::default();
        let count = 3 * PIECE + 7;
        (0..count).for_each(|value| line.push(value));
        for value in 0..PIECE + 3 {
            assert_eq!(line.pop(), Some(value));
        }
        let kept = line.clone();
        line.push(count);
        let all: Vec<usize> = line.iter().copied().collect();
        assert_eq!(all, (PIECE + 3..=count).collect::<Vec<_>>());
        while let Some(value) = line.pop() {
            assert!(value <= count);
        }
        assert_eq!((line.len(), line.first(), kept.len()), (0, None, 2 * PIECE + 4));
        line.push(5);
        assert_eq!((line.pop(), line.pop(), line.is_empty()), (Some(5), None, true));
    }
}
