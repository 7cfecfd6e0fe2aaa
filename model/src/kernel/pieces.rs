//! A list that only grows, whose old part is shared between clones: a clone copies the newest piece and a list of pieces.

use std::sync::Arc;

/// Values in one piece. A whole one of the ledger's lines stays below the size from which an allocator asks the system for
/// fresh pages (128 KiB): a clone at that size took ten times as long.
const PIECE: usize = 512;

/// Values in the order in which they were added.
#[derive(Clone, Debug)]
pub struct Pieces<T> {
    whole: Vec<Arc<Vec<T>>>,
    last: Vec<T>,
}

impl<T> Default for Pieces<T> {
    fn default() -> Self {
        Self { whole: Vec::new(), last: Vec::new() }
    }
}

impl<T: Clone> Pieces<T> {
    /// How many values there are.
    pub fn len(&self) -> usize {
        self.whole.len() * PIECE + self.last.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a value.
    #[inline]
    pub fn push(&mut self, value: T) {
        if self.last.len() == PIECE {
            let full = std::mem::replace(&mut self.last, Vec::with_capacity(PIECE));
            self.whole.push(Arc::new(full));
        }
        self.last.push(value);
    }

    /// Forgets all but the first so many.
    pub fn truncate(&mut self, len: usize) {
        if let Some(rest) = len.checked_sub(self.whole.len() * PIECE) {
            self.last.truncate(rest);
            return;
        }
        let whole = len / PIECE;
        self.last = self.whole[whole][..len % PIECE].to_vec();
        self.whole.truncate(whole);
    }

    /// Forgets all, and keeps the room of the last piece.
    pub fn clear(&mut self) {
        self.whole.clear();
        self.last.clear();
    }

    /// The values, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.whole.iter().flat_map(|piece| piece.iter()).chain(&self.last)
    }

    /// The value at a place.
    #[inline]
    pub fn get(&self, index: usize) -> Option<&T> {
        match index.checked_sub(self.whole.len() * PIECE) {
            Some(place) => self.last.get(place),
            None => self.whole.get(index / PIECE)?.get(index % PIECE),
        }
    }

    /// The value at a place, to be changed. A piece that a clone shares is copied first.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let in_last = index.checked_sub(self.whole.len() * PIECE);
        match in_last {
            Some(place) => self.last.get_mut(place),
            None => Arc::make_mut(self.whole.get_mut(index / PIECE)?).get_mut(index % PIECE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{PIECE, Pieces};

    #[test]
    fn a_list_of_pieces_is_a_list() {
        let mut pieces = Pieces::default();
        let count = 3 * PIECE + 5;
        (0..count).for_each(|value| pieces.push(value));
        let shared = pieces.clone();
        *pieces.get_mut(7).expect("there") = 0;
        assert_eq!((shared.get(7), pieces.get(7), pieces.len()), (Some(&7), Some(&0), count));
        for len in [count, 3 * PIECE, 2 * PIECE + 1, PIECE, 1, 0] {
            pieces.truncate(len);
            assert_eq!((pieces.len(), pieces.iter().count(), pieces.get(len)), (len, len, None));
            pieces.push(len);
            assert_eq!(pieces.get(len), Some(&len));
        }
        pieces.clear();
        assert!(pieces.is_empty() && pieces.get(0).is_none() && shared.len() == count);
    }
}
