//! What a step knows of its calls to control planes: one that is not answered, refused or throttled is made again, after
//! pauses that grow.

use crate::catalog::{client, recovery};
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::region_map::RegionSet;
use crate::model::obstacle::Obstacle;

/// What a step knows of its calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calls {
    /// Regions that have not answered yet.
    pub open: RegionSet,
    /// Regions that have accepted it.
    pub accepted: RegionSet,
    /// When the last call left.
    pub asked: SimTime,
    /// Calls that were of no use, one after the other.
    pub failed: u8,
    /// Calls so far, at most 255.
    pub made: u8,
    /// When the next call leaves at the earliest.
    pub again: SimTime,
    /// Why the last one was of no use.
    pub refused: Option<Obstacle>,
}

impl Calls {
    /// Nobody has been called yet.
    pub const NONE: Self = Self {
        open: RegionSet::EMPTY,
        accepted: RegionSet::EMPTY,
        asked: SimTime::ZERO,
        failed: 0,
        made: 0,
        again: SimTime::ZERO,
        refused: None,
    };

    /// What was accepted has to be asked for again: the step begins anew.
    pub const fn forget(&mut self) {
        self.accepted = RegionSet::EMPTY;
    }

    /// Whether an answer may still come.
    pub fn is_answer_due(&self, now: SimTime) -> bool {
        debug_assert!(self.asked <= now, "nobody calls later than now");
        !self.open.is_empty() && now.since(self.asked).secs() < recovery::CALL_PATIENCE.value
    }

    /// A call was of no use: the next leaves after a pause, twice as long as the last one.
    pub fn fail(&mut self, now: SimTime, why: Obstacle) {
        let pause_s = f64::from(1_u32 << u32::from(self.failed).min(10)).min(client::BACKOFF_CAP.value);
        self.failed = self.failed.saturating_add(1);
        (self.again, self.refused) = (now + SimDuration::from_secs(pause_s), Some(why));
        debug_assert!(self.again > now, "nobody calls without a pause");
    }
}
