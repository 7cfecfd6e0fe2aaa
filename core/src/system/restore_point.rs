//! What a restore brings back: a moment, and what it is made of.

/// A moment that a database can be restored to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RestorePoint {
    /// The moment, in microseconds since the start; negative before it.
    pub shows_us: i64,
    /// The snapshot that it begins with.
    pub snapshot: u16,
    /// The log is read on from there.
    pub by_log: bool,
    /// It is the copy: it may have to be taken out of an archive.
    pub copied: bool,
    /// It has to be copied back first to the region that it was taken in.
    pub brought: bool,
}
