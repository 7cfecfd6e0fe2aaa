//! A line of the journal. Each names the one that caused it.

use crate::kernel::clock::SimTime;
use crate::kernel::id::EntryId;
use crate::system::journal::What;
use serde::Serialize;

/// A line of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Hash)]
pub struct Entry {
    /// When it happened, in microseconds of simulated time.
    #[serde(rename = "at_us", serialize_with = "micros")]
    pub at: SimTime,
    /// The entry that caused it; `None` for what came from outside or by chance.
    pub cause: Option<EntryId>,
    /// What happened.
    pub what: What,
}

fn micros<S: serde::Serializer>(at: &SimTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(at.micros())
}
