//! What the copy in a region is for, and whether it answers.

/// What the copy in a region is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It takes writes.
    Primary,
    /// It follows the primary and can be read.
    Replica,
    /// It is being made the primary.
    Promoting,
    /// It is being filled anew.
    Rebuilding,
    /// There is none.
    Absent,
    /// A quorum's witness: it votes, and keeps what it voted for, but cannot be read or written.
    Witness,
}

/// Whether the instance answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It does.
    Up,
    /// The standby in the other zone is taking over.
    FailingOver,
    /// It starts again.
    Restarting,
    /// It does not, and nothing takes over.
    Down,
    /// It is being made anew: the writer of a volume that has no reader.
    Anew,
}
