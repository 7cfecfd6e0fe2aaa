//! A surge: requests that come on top of the usual ones. They are a stream of their own, so that the usual requests are the
//! same with it and without.

use crate::kernel::id::EntryId;

/// Requests of surges are counted from here …
pub const SURGED: u32 = 1 << 30;
/// … and those that somebody orders from here, so that neither moves the others.
pub const ORDERED: u32 = 1 << 31;

/// Surges so far, and the one that lasts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Surge {
    /// How many requests come on top of a usual one; 0 while there is no surge.
    pub more: f64,
    /// How many surges have begun, so that timers of an earlier one are recognised.
    pub turn: u16,
    /// The entry of the newest.
    pub entry: Option<EntryId>,
}

impl Surge {
    /// The entry of the surge that has brought a request of this number, if one has.
    pub fn brought(&self, n: u32) -> Option<EntryId> {
        self.entry.filter(|_| (SURGED..ORDERED).contains(&n))
    }
}
