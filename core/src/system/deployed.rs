//! What runs on the servers of a region: a release, and what is wrong with it.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, ReleaseId};
use crate::model::Release;

/// The release that the servers of a region run. Servers that are launched later run it too.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Deployed {
    /// Which one; `None` for the version that ran there at the start.
    pub release: Option<ReleaseId>,
    /// The journal's line about it; `None` for what ran there at the start.
    pub entry: Option<EntryId>,
    /// Since when it runs there.
    pub since: SimTime,
    /// Share of requests that the servers answer with an error, 0 to 1.
    pub fails: f64,
    /// The servers write rubbish.
    pub rubbish: bool,
}

impl Deployed {
    /// A release that is brought out, with the journal's line about that.
    pub fn new(which: ReleaseId, release: &Release, (entry, since): (EntryId, SimTime)) -> Self {
        debug_assert!((0.0..=1.0).contains(&*release.fails), "a share of requests");
        Self {
            release: Some(which),
            entry: Some(entry),
            since,
            fails: *release.fails,
            rubbish: release.rubbish,
        }
    }
}
