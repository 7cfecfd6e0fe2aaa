//! What becomes of two writes to one key of which neither could have seen the other.

use crate::kernel::kinds::kinds;

kinds! {
    /// The rule for a collision.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Rule {
        /// The write with the later time on its region's clock stays; the other disappears without a word.
        LastWriterWins = "last-writer-wins",
        /// The write of the first region stays, whatever the clocks say, and so does one that has seen a newer write of it;
        /// between others the later one does.
        FirstRegionWins = "first-region-wins",
        /// A write goes to the home region of its key and is refused there if something was written that its client had
        /// not seen.
        Conditional = "conditional",
        /// Both stay side by side until somebody writes who has seen both: the application merges.
        Siblings = "siblings",
        /// The values merge by themselves: counters add up, sets unite (conflict-free replicated data types).
        Merge = "merge",
        /// Two regions of three have to agree before a write is acknowledged or a read answered; a write that meets another
        /// is refused.
        Quorum = "quorum",
        /// The region that gets a write checks its condition on its own copy, and refuses it if what its client was shown no
        /// longer stands there. Between the copies the later time wins, as with `last-writer-wins`.
        ConditionalLocal = "conditional-local",
    }
}

impl Rule {
    /// Whether a write names the version that its client was shown, and is refused if another stands in its place.
    pub const fn is_conditional(self) -> bool {
        match self {
            Self::Conditional | Self::ConditionalLocal => true,
            Self::LastWriterWins | Self::FirstRegionWins | Self::Siblings | Self::Merge | Self::Quorum => {
                false
            }
        }
    }

    /// Why it goes only with the pattern in which every region takes the writes of its own clients; `None` if it goes with all.
    pub const fn why_local(self) -> Option<&'static str> {
        match self {
            Self::Quorum => Some("with a quorum every region takes the writes of its own clients"),
            Self::ConditionalLocal => Some(
                "each region checks the writes of its own clients; \"conditional\" checks them where a key is at home",
            ),
            Self::LastWriterWins
            | Self::FirstRegionWins
            | Self::Conditional
            | Self::Siblings
            | Self::Merge => None,
        }
    }
}

/// How many regions a quorum has: two of them agree, and the third is the one that remains. The protocol is made for three.
pub const QUORUM_REGIONS: usize = 3;
