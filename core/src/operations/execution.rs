//! The state of the runbook: its stage, its course, the regions, and the steps under way.

use crate::kernel::chance::{Draws, Purpose};
use crate::kernel::clock::SimTime;
use crate::kernel::id::RegionId;
use crate::kernel::region_map::RegionSet;
use crate::model::fault::Command;
use crate::model::plan::Plan;
use crate::model::runbook::{Obstacle, Runbook, StepName};
use crate::system::context::Context;
use crate::system::occurrence::Beginning;
use crate::system::restore_point::RestorePoint;

/// The stage of the runbook.
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

/// What the runbook does once the disaster is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// The copy that follows takes over.
    Promote,
    /// Everything is rebuilt in the other region, the database from a backup.
    Rebuild,
    /// The database of a region is restored from a backup in place.
    Restore,
    /// The partitions of a dark region get another home.
    Rehome,
    /// The home of one partition is moved by order.
    MoveHome(RegionId),
}

/// A step that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenStep {
    /// The run that it belongs to.
    pub run: u32,
    /// What is done.
    pub name: StepName,
    /// When it began.
    pub since: SimTime,
    /// What it had to wait for, the last time that it had to.
    pub obstacle: Option<Obstacle>,
    /// It is waiting for that just now.
    pub blocked: bool,
    /// When its time is over; `None` if it ends by a condition, or its time has not begun.
    pub ends: Option<SimTime>,
}

/// The runbook, and what it has to remember.
#[derive(Clone, Debug)]
pub struct Recovery {
    /// Its stage.
    pub stage: Stage,
    /// What it does.
    pub course: Course,
    /// The backup that is being used.
    pub point: Option<RestorePoint>,
    /// The moment that someone wants restored, in microseconds since the start.
    pub wanted_us: Option<i64>,
    /// The database has been made from that backup.
    pub restored: bool,
    /// Steps under way, in the order of beginning; of earlier runs only what ends by itself.
    pub open: Vec<OpenStep>,
    /// Steps whose time runs already, of those that first wait for something.
    pub timed: Vec<StepName>,
    /// The region that work leaves.
    pub from: RegionId,
    /// The region that work goes to.
    pub to: RegionId,
    /// The number of the current run, so that timers of an earlier one are recognised.
    pub run: u32,
    /// A promotion is under way (its preconditions were met).
    pub promoting: bool,
    /// The change of the record has been accepted and is on its way.
    pub changing_record: bool,
    /// An order began it: a person has decided already.
    pub ordered: bool,
    /// The last moment at which the region that work leaves is known to have taken writes.
    pub alive_at: SimTime,
    /// When the fence was issued.
    pub fenced_at: SimTime,
    /// A copy that is behind may be promoted: a person has decided so.
    pub behind: bool,
    /// The open question: whether the copy in this region, which is behind, is promoted.
    pub asks: Option<RegionId>,
    /// People have tried what there is to try; validation passes as soon as clients fare well.
    pub tried: bool,
    /// The question was answered with no.
    pub waits: bool,
    /// The region that clients are leaving.
    pub moving: Option<RegionId>,
    /// The regions that were answers and may still be cached, since all had the right answer last.
    pub left: RegionSet,
    /// Executions of each course so far, by its number, and the run that was counted last.
    executions: [u32; 5],
    counted: u32,
}

impl Course {
    /// The runbook that is followed so, for this reason.
    pub fn runbook(self, reason: &Beginning) -> Runbook {
        match self {
            Self::Promote if reason.command == Some(Command::FailBack) => Runbook::FailBack,
            Self::Promote => Runbook::FailOver,
            Self::Rebuild => Runbook::Rebuild,
            Self::Restore => Runbook::Restore,
            Self::Rehome => Runbook::Rehome,
            Self::MoveHome(_) => Runbook::MoveHome,
        }
    }

    fn number(self) -> u8 {
        match self {
            Self::Promote => 0,
            Self::Rebuild => 1,
            Self::Restore => 2,
            Self::Rehome => 3,
            Self::MoveHome(_) => 4,
        }
    }
}

impl Recovery {
    /// Nothing to recover from.
    pub fn new(plan: &Plan) -> Self {
        Self {
            stage: Stage::Idle,
            course: Course::Promote,
            point: None,
            wanted_us: None,
            restored: false,
            open: Vec::new(),
            timed: Vec::new(),
            from: plan.blueprint.primary(),
            to: plan.blueprint.recovery().unwrap_or(plan.blueprint.primary()),
            run: 0,
            promoting: false,
            changing_record: false,
            ordered: false,
            alive_at: SimTime::ZERO,
            fenced_at: SimTime::ZERO,
            behind: false,
            asks: None,
            tried: false,
            waits: false,
            moving: None,
            left: RegionSet::EMPTY,
            executions: [0; 5],
            counted: 0,
        }
    }

    /// Draws for the span of a step: named by the course, how often it has been run, the step and the region
    /// that work goes to.
    pub fn span(&mut self, ctx: &Context<'_>, step: StepName) -> Draws {
        debug_assert!(self.counted <= self.run, "run numbers only grow");
        let course = self.course.number();
        let executions = &mut self.executions[usize::from(course)];
        if self.counted != self.run {
            self.counted = self.run;
            *executions += 1;
        }
        // Named by its word and not by its place in the table, so that a new row changes no draw.
        let word = step.slug().bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(257) + u64::from(byte));
        let step = word.wrapping_shl(8) ^ u64::from(self.to.0);
        ctx.chance(Purpose::Step, course.into(), (*executions).into(), step)
    }
}
