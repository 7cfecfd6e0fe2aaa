//! Incidents: the times, steps and figures that are measured for each fault, for each order that begins an execution, and
//! for each outage to which neither led.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, RegionId};
use crate::model::command::Command;
use crate::model::fault::Fault;
use crate::model::obstacle::Obstacle;
use crate::model::runbook::StepName;
use crate::observer::elsewhere::Elsewhere;
use crate::system::occurrence::Mark;

/// What opened an incident.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trigger {
    /// A fault, or an order that begins an execution.
    Command(Command),
    /// An outage to which nothing that has happened led.
    Outage,
}

/// A span of the recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The run of a runbook that it belongs to; `None` for what machines and clients do by themselves.
    pub run: Option<u32>,
    /// What was done.
    pub name: StepName,
    /// Its place in the runbook; of what belongs to no run, 0.
    pub index: u8,
    /// When it began.
    pub start: SimTime,
    /// When it ended; `None` while it is under way.
    pub end: Option<SimTime>,
    /// What it had to wait for, the last time that it had to.
    pub obstacle: Option<Obstacle>,
    /// It is waiting for that just now.
    pub blocked: bool,
    /// Whom it did not reach.
    pub except: Option<Elsewhere>,
    /// What became of it, if it is not simply done.
    pub fate: Fate,
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is under way, or was done.
    Normal,
    /// It was left undone when its run was called off.
    Left,
    /// What it needs was not there, and the runbook went on without it.
    Skipped,
    /// It could not be done.
    Failed,
}

impl Step {
    /// A step that begins now.
    pub const fn begun(name: StepName, start: SimTime) -> Self {
        Self {
            run: None,
            name,
            index: 0,
            start,
            end: None,
            obstacle: None,
            blocked: false,
            except: None,
            fate: Fate::Normal,
        }
    }

    /// A step that is over already.
    pub const fn over(name: StepName, start: SimTime, end: SimTime) -> Self {
        Self { end: Some(end), ..Self::begun(name, start) }
    }
}

/// A fault, an order or an outage without either, with what followed.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// What opened it.
    pub trigger: Trigger,
    /// Its entry in the journal; of an outage the first city's.
    pub entry: EntryId,
    /// When it began.
    pub at: SimTime,
    /// The incident after which the work goes back, if this is a failback; an index.
    pub after: Option<usize>,
    /// When the fault was cleared.
    pub cleared: Option<SimTime>,
    /// When checks or an alarm noticed it.
    pub detected: Option<SimTime>,
    /// When the disaster was declared.
    pub decided: Option<SimTime>,
    /// Its fault is in force, one of its outages lasts, or one of its executions runs or waits.
    pub open: bool,
    /// When its last outage ended that counts for the RTO, or it was closed without having had one. `None` while it hurts
    /// or may.
    pub restored: Option<SimTime>,
    /// From the start of its first outage to the end of the last that began before its fault was cleared and before a
    /// failback began. Zero if it has had none, `None` while one lasts.
    pub rto: Option<SimDuration>,
    /// The same for each population; zero if it was not hurt, `None` while it is out.
    pub rto_by_client: Vec<Option<SimDuration>>,
    /// Later outages, added up: the way back may hurt too.
    pub returning: SimDuration,
    /// From the trigger to its first outage; `None` if it has had none.
    pub hurt_after: Option<SimDuration>,
    /// Outages in which something failed because of it, indices.
    pub outages: Vec<usize>,
    /// Requests that failed because of it.
    pub failed: u32,
    /// Of these, the requests of users whose session was gone: each is a session that was lost.
    pub sessions_lost: u32,
    /// Age, at the fault, of the newest point up to which every acknowledged write survives.
    pub rpo: Option<SimDuration>,
    /// Acknowledged writes that did not survive.
    pub lost_writes: u32,
    /// Seconds in which nobody was served because of it; one in which half were counts a half.
    pub unserved_s: f64,
    /// The moment that the database was restored to, in microseconds since the start; `None` if no backup was used.
    pub restored_to_us: Option<i64>,
    /// What was done, in the order of beginning.
    pub steps: Vec<Step>,
}

impl Incident {
    /// It has just begun, in a system with so many populations.
    pub fn new(trigger: Trigger, entry: EntryId, at: SimTime, populations: usize) -> Self {
        Self {
            trigger,
            entry,
            at,
            after: None,
            cleared: None,
            detected: None,
            decided: None,
            open: true,
            restored: None,
            rto: Some(SimDuration::ZERO),
            rto_by_client: vec![Some(SimDuration::ZERO); populations],
            returning: SimDuration::ZERO,
            hurt_after: None,
            outages: Vec::new(),
            failed: 0,
            sessions_lost: 0,
            rpo: None,
            lost_writes: 0,
            unserved_s: 0.0,
            restored_to_us: None,
            steps: Vec::new(),
        }
    }

    /// What opened it, if a person or the script did.
    pub const fn command(&self) -> Option<Command> {
        match self.trigger {
            Trigger::Command(command) => Some(command),
            Trigger::Outage => None,
        }
    }

    /// It has hurt somebody and does not any more, or is closed.
    pub const fn is_over(&self) -> bool {
        self.restored.is_some()
    }

    /// The open step of a run.
    pub(super) fn step_of(&mut self, run: u32, mark: Mark) -> Option<&mut Step> {
        let own = |step: &&mut Step| step.run == Some(run) && step.index == mark.index && step.end.is_none();
        let step = self.steps.iter_mut().rev().find(own);
        debug_assert!(step.is_some(), "what something is told of was begun");
        step
    }

    /// Ends the step of this name that is under way. False if none is.
    pub fn end_step(&mut self, name: StepName, now: SimTime) -> bool {
        let Some(step) = self.open_step(name) else { return false };
        debug_assert!(step.start <= now, "a step ends after it began");
        step.end = Some(now);
        step.blocked = false;
        true
    }

    /// The fault that began it; `None` if an order did, or nothing.
    pub const fn fault(&self) -> Option<Fault> {
        match self.trigger {
            Trigger::Command(Command::Inject(fault)) => Some(fault),
            Trigger::Command(
                Command::Clear(_)
                | Command::FailOver(_)
                | Command::FailBack
                | Command::Evacuate(_)
                | Command::CallOff
                | Command::RoutingControl(..)
                | Command::RollBack(_)
                | Command::Decide(_)
                | Command::Restore(..)
                | Command::RaiseQuota(_)
                | Command::Redrive(_)
                | Command::NewInstance(_)
                | Command::Snapshot(_)
                | Command::BatchReplicate(_)
                | Command::Reboot(_)
                | Command::ChangeInstances(_)
                | Command::ZonalShift(_)
                | Command::EndZonalShift(_)
                | Command::RestartClients
                | Command::RestartCity(_)
                | Command::PracticeRun(_)
                | Command::MoveHome(..)
                | Command::Travel(..)
                | Command::Write(..)
                | Command::Deploy(_)
                | Command::Run(..),
            )
            | Trigger::Outage => None,
        }
    }

    /// It is in this region.
    pub fn is_in(&self, region: RegionId) -> bool {
        if let Some(Command::Reboot(place) | Command::ChangeInstances(place)) = self.command() {
            return place == region;
        }
        self.fault().and_then(Fault::region) == Some(region)
    }

    /// The step of this name that is under way.
    pub fn open_step(&mut self, name: StepName) -> Option<&mut Step> {
        self.steps.iter_mut().rev().find(|step| step.name == name && step.end.is_none())
    }
}
