//! A caching resolver of the people in a city.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId};
use crate::system::shift::Zones;

/// A caching resolver.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resolver {
    /// The answer that it remembers.
    pub answer: Option<RegionId>,
    /// When it got the answer.
    pub since: SimTime,
    /// The entry that led to that answer, if it is not the one of a calm day.
    pub because: Option<EntryId>,
    /// Until when it gives the answer without asking again.
    pub expires: SimTime,
    /// It keeps answers longer than it was told to.
    pub extends: bool,
    /// The zones in which the answer has an address.
    pub zones: Zones,
}

impl Resolver {
    /// Its cached answer, unless the time to live is over.
    pub fn cached(&self, now: SimTime) -> Option<RegionId> {
        debug_assert!(self.since <= now, "an answer is not from the future");
        self.answer.filter(|_| now < self.expires)
    }
}
