//! Executions: runbooks that are being run. Several may be under way at once; each knows its regions, how far its steps are,
//! and why it waits.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId, ReleaseId};
use crate::model::obstacle::Obstacle;
use crate::model::plan::Plan;
use crate::model::runbook::{Action, StepName};
use crate::model::runbooks::{Runbook, Step};
use crate::operations::calls::Calls;
use crate::system::occurrence::{Beginning, Mark};
use crate::system::restore_point::RestorePoint;

/// How far a step has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The steps before it are not over.
    Before,
    /// What it needs is not there.
    Waiting,
    /// It is under way.
    Running,
    /// It has ended.
    Done,
    /// It was not needed, or the runbook goes on without it.
    Skipped,
}

impl Progress {
    /// It is under way, or waits.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Running)
    }

    /// The steps after it may begin.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Skipped)
    }
}

/// A step of an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepRun {
    /// How far it has come.
    pub progress: Progress,
    /// When it began.
    pub since: SimTime,
    /// What it had to wait for, the last time that it had to.
    pub obstacle: Option<Obstacle>,
    /// Since when it waits for that; `None` if it does not just now.
    pub blocked: Option<SimTime>,
    /// When its time is over; `None` if it ends by a condition, or its time has not begun.
    pub ends: Option<SimTime>,
    /// Its calls to control planes.
    pub calls: Calls,
}

impl StepRun {
    const BEFORE: Self = Self {
        progress: Progress::Before,
        since: SimTime::ZERO,
        obstacle: None,
        blocked: None,
        ends: None,
        calls: Calls::NONE,
    };
}

/// A runbook that is being run.
#[derive(Clone, Debug)]
pub struct Execution {
    /// Its number; later ones have higher ones.
    pub number: u32,
    /// The runbook: its place among those of the plan.
    pub book: usize,
    /// How many executions of the runbook came before it, for chance.
    pub nth: u32,
    /// The region that work leaves.
    pub from: RegionId,
    /// The region that work goes to.
    pub to: RegionId,
    /// The one partition whose home moves; `None`: all that the region has.
    pub partition: Option<usize>,
    /// Its steps, in the order of the runbook.
    pub steps: Vec<StepRun>,
    /// The journal's entry that its next step follows from.
    pub entry: Option<EntryId>,
    /// An order began it: a person has decided already.
    pub ordered: bool,
    /// An alarm began it, and no verdict of health checks.
    pub by_alarm: bool,
    /// It is plain what is broken, so that nobody has to weigh how many requests fail.
    pub certain: bool,
    /// It has been decided that it acts.
    pub acts: bool,
    /// The last moment at which the region that work leaves is known to have taken writes.
    pub alive_at: SimTime,
    /// When the fence was issued.
    pub fenced_at: SimTime,
    /// A copy that is behind may be promoted: a person has decided so.
    pub behind: bool,
    /// The open question: whether the copy in this region, which is behind, is promoted.
    pub asks: Option<RegionId>,
    /// The question was answered with no.
    pub waits: bool,
    /// The backup that is being used.
    pub point: Option<RestorePoint>,
    /// The moment that someone wants restored, in microseconds since the start.
    pub wanted_us: Option<i64>,
    /// It has changed who takes the writes.
    pub moved: bool,
    /// The release that it brings out, or takes back.
    pub release: Option<ReleaseId>,
}

/// What an execution is for, as its runbook's actions tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// The copy in another region takes over.
    Promote,
    /// Everything is made anew in another region.
    Rebuild,
    /// A database is restored where it is.
    Restore,
    /// Partitions get another home.
    Homes,
    /// The work goes back to where it was.
    Return,
    /// Only clients are moved, or something is mended.
    Other,
}

/// A step of an execution that is under way, with what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Task<'p> {
    /// The execution: its place among those under way.
    pub at: usize,
    /// The step: its place in the runbook.
    pub index: usize,
    /// The step in the runbook.
    pub step: &'p Step,
    /// The region that work leaves.
    pub from: RegionId,
    /// The region that work goes to.
    pub to: RegionId,
    /// The region in which it is done.
    pub on: RegionId,
}

impl Execution {
    /// It begins: none of its steps has.
    pub fn new(
        plan: &Plan,
        (number, book, nth): (u32, usize, u32),
        beginning: &Beginning,
        alive_at: SimTime,
    ) -> Self {
        let steps = vec![StepRun::BEFORE; plan.runbooks[book].steps.len()];
        debug_assert!(!steps.is_empty(), "a runbook has steps");
        Self {
            number,
            book,
            nth,
            from: beginning.from,
            to: beginning.to,
            partition: None,
            steps,
            entry: Some(beginning.entry),
            ordered: beginning.command.is_some(),
            by_alarm: false,
            certain: false,
            acts: false,
            alive_at,
            fenced_at: SimTime::ZERO,
            behind: false,
            asks: None,
            waits: false,
            point: None,
            wanted_us: None,
            moved: false,
            release: None,
        }
    }

    /// The runbook that it follows.
    pub fn runbook<'p>(&self, plan: &'p Plan) -> &'p Runbook {
        &plan.runbooks[self.book]
    }

    /// What it is for.
    pub fn work(&self, plan: &Plan) -> Work {
        let book = self.runbook(plan);
        let has = |action| book.step_with(action).is_some();
        debug_assert!(!book.steps.is_empty(), "a runbook has steps");
        match () {
            () if has(Action::Restore) && self.from == self.to => Work::Restore,
            () if has(Action::Restore) => Work::Rebuild,
            () if has(Action::ReturnTraffic) => Work::Return,
            () if has(Action::Promote) || has(Action::SwitchOver) => Work::Promote,
            () if has(Action::HandOver) || has(Action::Rehome) => Work::Homes,
            () => Work::Other,
        }
    }

    /// Steps in the runbook with how far they have come.
    pub fn steps<'p>(&self, plan: &'p Plan) -> impl Iterator<Item = (&'p Step, StepRun)> {
        self.runbook(plan).steps.iter().zip(self.steps.clone())
    }

    /// Whether a step with this action is under way or waits.
    pub fn is_at(&self, plan: &Plan, action: Action) -> bool {
        self.steps(plan).any(|(step, run)| step.action == action && run.progress.is_open())
    }

    /// Whether a step with this action runs: what it needs is there.
    pub fn runs(&self, plan: &Plan, action: Action) -> bool {
        self.steps(plan).any(|(step, run)| step.action == action && run.progress == Progress::Running)
    }

    /// Somebody is still to decide about it.
    pub const fn is_deciding(&self) -> bool {
        !self.acts
    }

    /// The service waits for it: more than what goes on behind is left to be done.
    pub fn is_busy(&self, plan: &Plan) -> bool {
        self.steps(plan).any(|(step, run)| !step.is_behind() && !run.progress.is_over())
    }

    /// People have done what they could, and watch whether clients fare well.
    pub fn is_tried(&self, plan: &Plan) -> bool {
        self.acts && self.is_at(plan, Action::Validate)
    }

    /// The step that cannot be taken back and has begun.
    pub fn past_return<'p>(&self, plan: &'p Plan) -> Option<&'p Step> {
        let begun = |run: StepRun| matches!(run.progress, Progress::Running | Progress::Done);
        self.steps(plan).find(|(step, run)| step.no_return && begun(*run)).map(|(step, _)| step)
    }

    /// The region in which a step is done.
    pub const fn place_of(&self, step: &Step) -> RegionId {
        step.on.region(self.from, self.to)
    }

    /// The step that is under way, or else the first.
    pub fn open_bar(&self, plan: &Plan) -> StepName {
        let open = self.steps(plan).find(|(_, step)| step.progress.is_open());
        open.or_else(|| self.steps(plan).next()).map_or(StepName::Decide, |(step, _)| step.bar())
    }

    /// How a step is named to others.
    pub fn mark(&self, plan: &Plan, index: usize) -> Mark {
        Mark { bar: self.runbook(plan).steps[index].bar(), index: index as u8 }
    }
}
