//! What a database showed until a moment ago: readers of it are that far behind.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::system::version::{Seen, Version};
use std::collections::VecDeque;

/// What was replaced in the last moments, oldest first.
#[derive(Clone, Debug)]
pub struct Recent {
    /// How long readers may be behind.
    span: SimDuration,
    /// When it was replaced, under which key, what stood there, and what had been seen of the key.
    list: VecDeque<(SimTime, u16, Version, Seen)>,
}

impl Recent {
    /// Nothing yet, for readers that are behind by this at most.
    pub const fn new(span: SimDuration) -> Self {
        Self { span, list: VecDeque::new() }
    }

    /// Something is replaced now.
    pub fn push(&mut self, now: SimTime, key: u16, version: Version, seen: Seen) {
        while self.list.front().is_some_and(|(at, ..)| now.since(*at) > self.span) {
            self.list.pop_front();
        }
        self.list.push_back((now, key, version, seen));
    }

    /// Everything is replaced by other data: readers show that too.
    pub fn clear(&mut self) {
        self.list.clear();
    }

    /// What stood under a key at a moment, and what had been seen of it; `None` if it stands there still.
    pub fn at(&self, key: u16, moment: SimTime) -> Option<(Version, Seen)> {
        let later = |entry: &&(SimTime, u16, Version, Seen)| entry.0 > moment && entry.1 == key;
        self.list.iter().find(later).map(|(_, _, version, seen)| (*version, *seen))
    }
}
