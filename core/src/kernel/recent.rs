//! What is remembered of the last few keys that somebody touched: a ring that forgets the oldest.

/// Keys that are remembered.
pub const REMEMBERED: usize = 8;

/// The last few keys, each at a place of its own.
#[derive(Clone, Copy, Debug)]
pub struct Ring {
    keys: [u16; REMEMBERED],
    next: u8,
}

impl Default for Ring {
    fn default() -> Self {
        Self { keys: [u16::MAX; REMEMBERED], next: 0 }
    }
}

impl Ring {
    /// The place of a key; `None` if it is not remembered.
    #[inline]
    pub fn place(&self, key: u16) -> Option<usize> {
        self.keys.iter().position(|known| *known == key)
    }

    /// Gives a key the place of the oldest.
    pub fn take_place(&mut self, key: u16) -> usize {
        let oldest = usize::from(self.next);
        debug_assert!(self.place(key).is_none(), "a key has one place");
        self.next = ((oldest + 1) % REMEMBERED) as u8;
        self.keys[oldest] = key;
        oldest
    }
}

/// A value for each of the last few keys.
#[derive(Clone, Copy, Debug, Default)]
pub struct Recent<T> {
    ring: Ring,
    values: [T; REMEMBERED],
}

impl<T: Copy + Default> Recent<T> {
    /// The value of a key; the default if it is not remembered.
    pub fn get(&self, key: u16) -> T {
        self.ring.place(key).map_or_else(T::default, |place| self.values[place])
    }

    /// The value of a key, to be changed. A key that is not remembered takes the place of the oldest.
    pub fn entry(&mut self, key: u16) -> &mut T {
        let known = self.ring.place(key).unwrap_or_else(|| {
            let place = self.ring.take_place(key);
            self.values[place] = T::default();
            place
        });
        &mut self.values[known]
    }
}
