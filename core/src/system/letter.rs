//! What copies of a key say to each other about one read or one write, if several have to answer.

use crate::kernel::id::Ticket;
use crate::system::call::Attempt;
use crate::system::version::{Found, Version};

/// What a letter says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Says {
    /// Take this version in, and say so.
    Keep(Version),
    /// It is there, or something whose writer had seen it.
    Kept,
    /// Say what you show.
    Look,
    /// This is shown, and this was found there.
    Shows(Version, Found),
    /// You showed something older than this.
    Repair(Version),
}

/// A letter from one copy to another. It is kept aside until its message has landed, so that every message is small.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Letter {
    /// Where the answers are gathered.
    pub gathering: Ticket,
    /// What it is about.
    pub attempt: Attempt,
    /// What it says.
    pub says: Says,
}
