//! Incidents: the times, steps and figures that are measured for each fault, and for each order that interrupts service.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, RegionId};
use crate::model::fault::{Command, Fault};
use crate::model::runbook::{Obstacle, StepName};

/// A span of the recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What was done.
    pub name: StepName,
    /// When it began.
    pub start: SimTime,
    /// When it ended; `None` while it is under way.
    pub end: Option<SimTime>,
    /// What it had to wait for, the last time that it had to.
    pub obstacle: Option<Obstacle>,
    /// It is waiting for that just now.
    pub blocked: bool,
}

impl Step {
    /// A step that begins now.
    pub const fn begun(name: StepName, start: SimTime) -> Self {
        Self { name, start, end: None, obstacle: None, blocked: false }
    }

    /// A step that is over already.
    pub const fn over(name: StepName, start: SimTime, end: SimTime) -> Self {
        Self { name, start, end: Some(end), obstacle: None, blocked: false }
    }
}

/// A fault, or an order that interrupts service as a fault would, with what followed.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// What began it: a fault, or an order to fail over or back.
    pub trigger: Command,
    /// Its entry in the journal.
    pub entry: EntryId,
    /// When it began.
    pub at: SimTime,
    /// When the fault was cleared.
    pub cleared: Option<SimTime>,
    /// When checks or an alarm noticed it.
    pub detected: Option<SimTime>,
    /// When the disaster was declared.
    pub decided: Option<SimTime>,
    /// The first moment from which every population was served for a minute on end.
    pub restored: Option<SimTime>,
    /// From the fault to that moment.
    pub rto: Option<SimDuration>,
    /// Age, at the fault, of the newest point up to which every acknowledged write survives.
    pub rpo: Option<SimDuration>,
    /// Acknowledged writes that did not survive.
    pub lost_writes: u32,
    /// Seconds in which nobody was served, until it was found to be restored; one in which half were counts a half. If
    /// several incidents are open it is the oldest's.
    pub unserved_s: f64,
    /// The moment that the database was restored to, in microseconds since the start; `None` if no backup was used.
    pub restored_to_us: Option<i64>,
    /// What was done, in the order of beginning.
    pub steps: Vec<Step>,
    /// The share that has to be served for each population: 99 %, or its level before the fault.
    pub wanted: Vec<f64>,
}

impl Incident {
    /// It has just begun. `wanted`: the share that has to be served for each population, 0 to 1.
    pub fn new(trigger: Command, entry: EntryId, at: SimTime, wanted: Vec<f64>) -> Self {
        debug_assert!(wanted.iter().all(|share| (0.0..=1.0).contains(share)), "shares");
        Self {
            trigger,
            entry,
            at,
            cleared: None,
            detected: None,
            decided: None,
            restored: None,
            rto: None,
            rpo: None,
            lost_writes: 0,
            unserved_s: 0.0,
            restored_to_us: None,
            steps: Vec::new(),
            wanted,
        }
    }

    /// The step of this name that is under way waits for an obstacle, or for `None` waits no longer.
    pub fn block_step(&mut self, name: StepName, obstacle: Option<Obstacle>) {
        let step = self.open_step(name);
        debug_assert!(step.is_some(), "a step that waits was open");
        if let Some(step) = step {
            step.blocked = obstacle.is_some();
            step.obstacle = obstacle.or(step.obstacle);
        }
    }

    /// Ends the step of this name that is under way. False if none is.
    pub fn end_step(&mut self, name: StepName, now: SimTime) -> bool {
        let Some(step) = self.open_step(name) else { return false };
        debug_assert!(step.start <= now, "a step ends after it began");
        step.end = Some(now);
        step.blocked = false;
        true
    }

    /// The fault that began it; `None` if an order did.
    pub const fn fault(&self) -> Option<Fault> {
        match self.trigger {
            Command::Inject(fault) => Some(fault),
            Command::Clear(_)
            | Command::FailOver(_)
            | Command::FailBack
            | Command::Decide
            | Command::Restore(..)
            | Command::RaiseQuota(_)
            | Command::MoveHome(..)
            | Command::Travel(..)
            | Command::Write(..) => None,
        }
    }

    /// It is in this region.
    pub fn is_in(&self, region: RegionId) -> bool {
        self.fault().and_then(Fault::region) == Some(region)
    }

    /// From when on it can have hurt anyone: a fault at once, an order to fail back when writes stop.
    pub fn hurts_from(&self) -> SimTime {
        let switchover = self.steps.iter().find(|step| step.name == StepName::Switchover);
        let from = switchover.map_or(self.at, |step| step.start);
        debug_assert!(self.at <= from, "nobody is hurt before it began");
        from
    }

    /// The step of this name that is under way.
    pub fn open_step(&mut self, name: StepName) -> Option<&mut Step> {
        self.steps.iter_mut().rev().find(|step| step.name == name && step.end.is_none())
    }
}
