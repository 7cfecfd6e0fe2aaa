//! Values by place, most of which nobody ever sets, for a keyframe that should be small: a clone has the changes and not the
//! values. Whoever goes on from a clone makes the values again, once, out of the changes.

use crate::kernel::pieces::Pieces;
use std::sync::Arc;

/// Places whose values are kept together, from the first that is set on. A value that stands alone takes a page: they are
/// small, as of thousands of sessions with thousands of keys each most values are never set.
const PAGE: usize = 64;

/// The values at a moment.
#[derive(Clone, Debug)]
struct Pages<T> {
    /// Of each page its number among those that are kept, from 1; 0 if no value in it was ever set.
    numbers: Vec<u32>,
    values: Vec<T>,
}

impl<T: Copy + Default> Pages<T> {
    const EMPTY: Self = Self { numbers: Vec::new(), values: Vec::new() };

    #[inline]
    fn get(&self, place: u32) -> T {
        let place = place as usize;
        match self.numbers.get(place / PAGE) {
            None | Some(0) => T::default(),
            Some(number) => self.values[(*number as usize - 1) * PAGE + place % PAGE],
        }
    }

    #[inline]
    fn set(&mut self, place: u32, value: T) {
        let (page, place) = (place as usize / PAGE, place as usize % PAGE);
        if self.numbers.len() <= page {
            self.numbers.resize(page + 1, 0);
        }
        if self.numbers[page] == 0 {
            self.values.resize(self.values.len() + PAGE, T::default());
            self.numbers[page] = (self.values.len() / PAGE) as u32;
        }
        self.values[(self.numbers[page] as usize - 1) * PAGE + place] = value;
    }
}

/// A value for each place; the default where none was set.
#[derive(Debug)]
pub struct Changes<T> {
    /// The values before the first change that is kept. Clones share it.
    before: Arc<Pages<T>>,
    changes: Pieces<(u32, T)>,
    /// The values now; none in a clone from which nobody has gone on.
    now: Option<Pages<T>>,
}

impl<T: Copy + Default> Default for Changes<T> {
    fn default() -> Self {
        Self { before: Arc::new(Pages::EMPTY), changes: Pieces::default(), now: None }
    }
}

impl<T: Clone> Clone for Changes<T> {
    fn clone(&self) -> Self {
        Self { before: Arc::clone(&self.before), changes: self.changes.clone(), now: None }
    }
}

impl<T: Copy + Default + PartialEq> Changes<T> {
    fn now(&mut self) -> &mut Pages<T> {
        self.now.get_or_insert_with(|| {
            let mut pages = (*self.before).clone();
            self.changes.iter().for_each(|(place, value)| pages.set(*place, *value));
            pages
        })
    }

    /// The value at a place.
    #[inline]
    pub fn get(&mut self, place: u32) -> T {
        self.now().get(place)
    }

    /// Sets the value at a place.
    #[inline]
    pub fn set(&mut self, place: u32, value: T) {
        let now = self.now();
        if now.get(place) == value {
            return;
        }
        now.set(place, value);
        self.changes.push((place, value));
        // A change takes as much room as two values: changes are summed up when they take as much as all values.
        if self.changes.len() * 2 >= self.now().values.len() {
            self.sum_up();
        }
    }

    fn sum_up(&mut self) {
        self.before = Arc::new(self.now().clone());
        self.changes.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::chance::{Chance, Purpose};

    /// What an array does that is copied whole: the same in the original and in every clone, from wherever one goes on.
    #[test]
    fn a_clone_goes_on_from_what_was_there() {
        let mut random = Chance::new(3).of(Purpose::Script, 7, 0, 0);
        let (mut values, mut plain) = (Changes::default(), vec![0; 5000]);
        let mut clones = Vec::new();
        for step in 0..20_000_u32 {
            let place = random.below(5000);
            assert_eq!(values.get(place), plain[place as usize]);
            let value = random.below(4);
            values.set(place, value);
            plain[place as usize] = value;
            if step % 1999 == 0 {
                clones.push((values.clone(), plain.clone()));
            }
        }
        assert!(
            values.changes.len() <= 5000_usize.next_multiple_of(PAGE) / 2,
            "changes are summed up: {}",
            values.changes.len()
        );
        clones.push((values, plain));
        for (mut values, plain) in clones {
            values.set(4999, 77);
            assert!((0..4999).all(|place| values.get(place) == plain[place as usize]));
            assert_eq!((values.get(4999), values.get(1_000_000)), (77, 0));
        }
    }

    /// Of a hundred thousand changes a clone copies a piece and a list of pieces.
    #[test]
    fn a_clone_shares_what_was_summed_up() {
        let mut values = Changes::default();
        (0..100_000_u32).for_each(|number| values.set(number % 9973, number));
        let clone = values.clone();
        assert!(Arc::ptr_eq(&values.before, &clone.before) && clone.now.is_none());
    }
}
