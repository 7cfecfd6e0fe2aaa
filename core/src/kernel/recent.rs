//! What is remembered of the last few keys that somebody touched: a ring that forgets the oldest.

/// Keys that are remembered.
const REMEMBERED: usize = 8;

/// A value for each of the last few keys.
#[derive(Clone, Copy, Debug)]
pub struct Recent<T> {
    keys: [u16; REMEMBERED],
    values: [T; REMEMBERED],
    next: u8,
}

impl<T: Copy + Default> Default for Recent<T> {
    fn default() -> Self {
        Self { keys: [u16::MAX; REMEMBERED], values: [T::default(); REMEMBERED], next: 0 }
    }
}

impl<T: Copy + Default> Recent<T> {
    /// The value of a key; the default if it is not remembered.
    pub fn get(&self, key: u16) -> T {
        let place = self.keys.iter().position(|known| *known == key);
        place.map_or_else(T::default, |place| self.values[place])
    }

    /// The value of a key, to be changed. A key that is not remembered takes the place of the oldest.
    pub fn entry(&mut self, key: u16) -> &mut T {
        let known = self.keys.iter().position(|known| *known == key).unwrap_or_else(|| {
            let oldest = usize::from(self.next);
            self.next = ((oldest + 1) % REMEMBERED) as u8;
            self.keys[oldest] = key;
            self.values[oldest] = T::default();
            oldest
        });
        &mut self.values[known]
    }
}
