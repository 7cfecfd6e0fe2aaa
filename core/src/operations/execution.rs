//! The runbook as data: where it stands, and between which regions. What it does is in `world::recovering`.

use crate::kernel::chance::{Draws, Purpose};
use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId};
use crate::model::plan::Plan;
use crate::model::runbook::StepName;
use crate::system::backups::RestorePoint;
use crate::system::context::Context;
use crate::system::stream::Commit;

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

/// What the runbook does once the disaster is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// The copy that follows takes over.
    Promote,
    /// Everything is made anew in the other region, the database from a backup.
    Rebuild,
    /// The database of a region is replaced by one from a backup, where it is.
    Restore,
    /// The partitions of a region get their home in another.
    Rehome,
    /// Somebody moves the home of one partition.
    MoveHome(RegionId),
}

/// The runbook, and what it has to remember.
#[derive(Clone, Debug)]
pub struct Recovery {
    /// Where it stands.
    pub stage: Stage,
    /// What it does.
    pub course: Course,
    /// The backup that is being used.
    pub point: Option<RestorePoint>,
    /// The moment that someone wants restored, in microseconds since the start.
    pub wanted_us: Option<i64>,
    /// Since when requests have been failing, for the alarm.
    pub failing_since: Option<SimTime>,
    /// Steps whose time runs already, of those that first wait for something.
    pub timed: Vec<StepName>,
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
    /// Commits that only the old primary has.
    pub stranded: Vec<Commit>,
    /// Acknowledged writes that did not survive: the first of them.
    pub lost: Vec<Commit>,
    /// How many they are in all.
    pub lost_writes: u64,
    /// Commits that only an old primary has and that are not listed in `stranded`: those that no backup had.
    pub more_stranded: u32,
    /// Acknowledged writes that a dark region has not passed on and will when it returns, with their incident.
    pub unseen: Vec<(usize, Commit)>,
    /// The incident whose clients are moving, and the region that they leave.
    pub moving: Option<(usize, RegionId)>,
    /// Executions of each course so far, by its number, and the turn that was counted last.
    executions: [u32; 5],
    counted: u32,
}

impl Course {
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
            failing_since: None,
            timed: Vec::new(),
            from: RegionId(0),
            to: RegionId(plan.regions().min(2) as u8 - 1),
            incident: 0,
            turn: 0,
            entry: None,
            promoting: false,
            changing_record: false,
            stranded: Vec::new(),
            lost: Vec::new(),
            lost_writes: 0,
            more_stranded: 0,
            unseen: Vec::new(),
            moving: None,
            executions: [0; 5],
            counted: 0,
        }
    }

    /// What chance has for the span of a step: named by the course, how often it has been run, the step and the region
    /// that work goes to.
    pub fn span(&mut self, ctx: &Context<'_>, step: StepName) -> Draws {
        let course = self.course.number();
        let executions = &mut self.executions[usize::from(course)];
        if self.counted != self.turn {
            self.counted = self.turn;
            *executions += 1;
        }
        let step = (step as u64) << 8 | u64::from(self.to.0);
        ctx.chance(Purpose::Step, course.into(), (*executions).into(), step)
    }
}
