//! The runbook as data: where it stands, and between which regions. What it does is in `world::recovering`.

use super::id::{EntryId, RegionId};
use super::plan::Plan;
use super::replication::Commit;
use super::rng::{Purpose, Stream};

/// Where the runbook stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nothing to recover from.
    Idle,
    /// Someone was paged and has not decided yet.
    Deciding,
    /// The disaster is declared; fencing, promoting, scaling.
    FailingOver,
    /// The recovery region serves.
    Over,
    /// The work is going back to the first region.
    FailingBack,
}

/// The runbook, and what it has to remember.
#[derive(Clone, Debug)]
pub struct Recovery {
    /// Where it stands.
    pub stage: Stage,
    /// The region that work leaves.
    pub from: RegionId,
    /// The region that work goes to.
    pub to: RegionId,
    /// The incident that its steps belong to, an index.
    pub incident: usize,
    /// Counts runs, so that timers of an earlier one are recognised.
    pub turn: u32,
    /// The entry that started it.
    pub entry: Option<EntryId>,
    /// A promotion is under way (its preconditions were met).
    pub promoting: bool,
    /// The change of the record has been accepted and is on its way.
    pub changing_record: bool,
    /// An old primary that does not know yet that it was replaced.
    pub to_be_fenced: Option<RegionId>,
    /// Commits that only the old primary has.
    pub stranded: Vec<Commit>,
    /// Acknowledged writes that did not survive.
    pub lost: Vec<Commit>,
    /// The incident whose clients are moving, and the region that they leave.
    pub moving: Option<(usize, RegionId)>,
    /// Chance of durations.
    pub random: Stream,
}

impl Recovery {
    /// Nothing to recover from.
    pub fn new(plan: &Plan) -> Self {
        Self {
            stage: Stage::Idle,
            from: RegionId(0),
            to: RegionId(plan.regions().min(2) as u8 - 1),
            incident: 0,
            turn: 0,
            entry: None,
            promoting: false,
            changing_record: false,
            to_be_fenced: None,
            stranded: Vec::new(),
            lost: Vec::new(),
            moving: None,
            random: Stream::new(plan.seed, Purpose::Recovery, 0),
        }
    }
}
