//! Snapshots of a database, and how far their copies in the recovery region are.

use crate::catalog::backup;
use crate::kernel::clock::SimTime;
use crate::kernel::id::RegionId;
use crate::model::plan::Plan;
use crate::model::scenario::Scenario;
use crate::system::image::Image;
use crate::system::parts::Parts;
use std::sync::Arc;

/// How long a snapshot of this size takes, and then its copy, in seconds.
pub fn spans_s(plan: &Plan, mib: f64) -> (f64, f64) {
    let backup = &plan.scenario.backup;
    let copied = if backup.other_key { *plan.scenario.database.size_gib * 1024.0 } else { mib };
    let spans = (mib / backup.snapshot_mib_per_s, (copied / backup.copy_mib_per_s).max(*backup.copy_min_s));
    debug_assert!(spans.0 >= 0.0 && spans.1 >= 0.0, "a snapshot takes time");
    spans
}

/// The state of a snapshot's copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copying {
    /// None is made.
    Never,
    /// The snapshot has to be whole first.
    Waits,
    /// It is on its way, and has come so far.
    UnderWay(Parts),
    /// It stands still, and has come so far.
    Stalled(Parts),
    /// It is there since.
    Done(SimTime),
}

/// Who has begun a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// The backup plan: it is copied, and kept for as long as the plan says.
    ByPlan,
    /// A person: it stays where it is, and is kept until the end.
    ByHand,
}

/// Whether anything can be restored from a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// All that it should hold is in it.
    Good,
    /// It is empty, and nobody knows.
    Empty,
    /// It is empty, which a restore has shown.
    FoundEmpty,
}

/// A snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Its number; later ones have higher ones.
    pub id: u16,
    /// The region whose database it shows, and in whose vault it is.
    pub region: RegionId,
    /// The moment that it shows, in microseconds since the start; negative before it.
    pub shows_us: i64,
    /// The data in it.
    pub image: Arc<Image>,
    /// What it had to take in, in MiB: everything the first time, then what has changed.
    pub mib: f64,
    /// It is whole.
    pub whole: bool,
    /// The region that it is copied to; `None` if there is no other.
    pub vault: Option<RegionId>,
    /// Its copy there.
    pub copy: Copying,
    /// How often that copy has been begun.
    pub tries: u32,
    /// Who has begun it.
    pub begun: Begun,
    /// What it is good for.
    pub worth: Worth,
    /// It was deleted where it was taken; its copy is still there.
    pub gone: bool,
}

/// How long a snapshot is prepared for fast restores from when it is whole, in seconds: that goes by the size of the data.
pub fn prepare_s(scenario: &Scenario) -> f64 {
    backup::PREPARE.value * *scenario.database.size_gib / 1024.0
}

impl Snapshot {
    /// Whether it, or its copy, has been prepared for fast restores by now.
    pub fn is_prepared(&self, plan: &Plan, copied: bool, now: SimTime) -> bool {
        let (snapshot_s, copy_s) = spans_s(plan, self.mib);
        let whole_s = self.shows_us as f64 / 1e6 + snapshot_s;
        let since_s = match self.copy {
            // Before the start nothing had kept a copy waiting.
            Copying::Done(at) if copied && at == SimTime::ZERO => whole_s + copy_s,
            Copying::Done(at) if copied => at.secs(),
            Copying::Done(_)
            | Copying::Never
            | Copying::Waits
            | Copying::UnderWay(_)
            | Copying::Stalled(_) => whole_s,
        };
        since_s + prepare_s(&plan.scenario) <= now.secs()
    }
}
