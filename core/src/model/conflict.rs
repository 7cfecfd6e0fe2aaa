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
    }
}

/// How many regions a quorum has: two of them agree, and the third is the one that remains. The protocol is made for three.
pub const QUORUM_REGIONS: usize = 3;
