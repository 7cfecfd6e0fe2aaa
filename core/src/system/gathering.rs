//! What the region that a client asks has gathered from the copies of a key so far.

use crate::kernel::id::{RegionId, Ticket, VersionId};
use crate::kernel::region_map::RegionSet;
use crate::model::Rule;
use crate::system::call::Attempt;
use crate::system::version::{Found, Version};

/// The copies that have answered a read, or that have a write.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gathering {
    /// The call that waits for it.
    pub call: Ticket,
    /// The attempt that it is made for.
    pub attempt: Attempt,
    /// The region that gathers: the one that is asked.
    pub region: RegionId,
    /// The version that its write has made there; `None` if it reads.
    pub made: Option<VersionId>,
    /// The regions whose copies have answered, its own among them.
    pub answered: RegionSet,
    /// Enough have, and the call has its answer.
    pub done: bool,
    /// Of what the copies show, what the rule for collisions puts first.
    pub version: Version,
    /// What a copy would find that had taken in all that they show.
    pub found: Found,
}

impl Gathering {
    /// The copy of a region shows this: of two versions the one stays that a copy would show that had taken in both. One that
    /// the writer of another had seen never comes before that, whatever the rule.
    pub fn join(
        &mut self,
        region: RegionId,
        (version, found): (&Version, &Found),
        (rule, first): (Rule, RegionId),
    ) {
        debug_assert!(self.made.is_none() && !self.answered.contains(region), "a copy answers a read once");
        self.answered.insert(region);
        let own = self.found;
        if version.id != self.version.id && version.wins_over(&self.version, rule, first) {
            (self.version, self.found) = (*version, *found);
        }
        if matches!(rule, Rule::Siblings | Rule::Merge) {
            // A reader gets all that stand side by side, or what they are merged to.
            self.found.seen = own.seen;
            self.found.seen.join(found.seen);
        }
        self.found.copy = own.copy;
        self.found.copy.join(found.copy);
    }
}
