//! What is known of some keys and not of most: a sorted list.
//!
//! Why not `BTreeMap`: these change with events and are copied with every keyframe. A list keeps its capacity, so an event
//! allocates nothing, and its copy is one allocation; a tree allocates for its nodes at both.

/// Values by key, in the order of the keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Keyed<K, T> {
    entries: Vec<(K, T)>,
}

impl<K, T> Default for Keyed<K, T> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<K: Copy + Ord, T> Keyed<K, T> {
    #[inline]
    fn place(&self, key: K) -> Result<usize, usize> {
        self.entries.binary_search_by(|(known, _)| known.cmp(&key))
    }

    /// The value of a key.
    #[inline]
    pub fn get(&self, key: K) -> Option<&T> {
        self.place(key).ok().map(|index| &self.entries[index].1)
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: K) -> Option<&mut T> {
        self.place(key).ok().map(|index| &mut self.entries[index].1)
    }

    /// Whether the key has a value.
    pub fn contains(&self, key: K) -> bool {
        self.place(key).is_ok()
    }

    /// Gives a key a value, in place of the one that it had.
    pub fn insert(&mut self, key: K, value: T) {
        match self.place(key) {
            Ok(index) => self.entries[index].1 = value,
            Err(index) => self.entries.insert(index, (key, value)),
        }
    }

    /// Takes the value of a key away.
    #[inline]
    pub fn remove(&mut self, key: K) -> Option<T> {
        self.place(key).ok().map(|index| self.entries.remove(index).1)
    }

    /// Takes away those with the least keys, until no more than so many are left.
    pub fn keep_last(&mut self, most: usize) {
        let more = self.entries.len().saturating_sub(most);
        self.entries.drain(..more);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// Whether no key has a value.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Keys and values.
    pub fn iter(&self) -> impl Iterator<Item = (K, &T)> {
        self.entries.iter().map(|(key, value)| (*key, value))
    }

    /// Values.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().map(|(_, value)| value)
    }

    /// Values, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.entries.iter_mut().map(|(_, value)| value)
    }
}
