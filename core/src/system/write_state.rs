//! What has become of an acknowledged write. No machine knows it: the observer finds it out and the journal tells it.

use crate::kernel::kinds::kinds;

kinds! {
    /// What has become of an acknowledged write: the first of these that fits.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum WriteState {
        /// It, or a sound version whose writer had seen it, is on a copy in reach that serves, or could while nothing was
        /// put in its place.
        Present = "present",
        /// It is only in a queue or a topic in reach.
        Queued = "queued",
        /// A write that had not seen it took its place.
        InCollision = "in-collision",
        /// Ownership went on without it, and a replaced primary, or the people to whom it handed its data over, has it.
        SetAside = "set-aside",
        /// A restore went back behind it, and no replaced primary has it.
        Undone = "undone",
        /// Only what nothing can read has it, and nothing was put in its place: it can come back.
        OutOfReach = "out-of-reach",
        /// No copy has it, or none that can be used.
        Lost = "lost",
    }
}

impl WriteState {
    /// Nobody can read it now, and no other write took its place.
    pub const fn is_missing(self) -> bool {
        match self {
            Self::SetAside | Self::Undone | Self::OutOfReach | Self::Lost => true,
            Self::Present | Self::Queued | Self::InCollision => false,
        }
    }
}
