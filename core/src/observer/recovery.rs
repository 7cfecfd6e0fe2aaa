//! Recoveries as the observer books them: the incident that a run belongs to, when it was decided, and its steps.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId};
use crate::model::command::Command;
use crate::model::obstacle::Obstacle;
use crate::model::runbook::StepName;
use crate::observer::Observer;
use crate::observer::elsewhere::Elsewhere;
use crate::observer::incident::{Fate, Incident, Step, Trigger};
use crate::system::System;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::occurrence::{Beginning, RunEvent};

/// A run of a runbook, as the observer knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its number; later ones have higher ones.
    pub number: u32,
    /// The incident that it belongs to, an index.
    pub incident: usize,
    /// The runbook that it follows: its place in the plan.
    pub runbook: usize,
    /// The region that work leaves.
    pub from: RegionId,
    /// The region that work goes to.
    pub to: RegionId,
    /// When it began.
    pub start: SimTime,
    /// It has been decided that it acts, and it has not ended.
    pub acts: bool,
    /// When it ended, or was called off.
    pub end: Option<SimTime>,
    /// How it ended.
    pub ending: Ending,
}

/// How an execution ended, once it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All of its steps are done or were skipped.
    Done,
    /// It was called off.
    CalledOff,
    /// One of its steps could not be done.
    Failed,
}

/// A step ends.
fn end(step: Option<&mut Step>, now: SimTime, fate: Fate, why: Option<Obstacle>) {
    if let Some(step) = step {
        debug_assert!(step.start <= now, "a step ends after it began");
        (step.end, step.fate, step.blocked) = (Some(now), fate, false);
        step.obstacle = why.or(step.obstacle);
    }
}

/// Which incidents runs belong to.
impl Observer {
    /// Books what has happened in a run.
    pub(super) fn on_run_event(&mut self, ctx: &mut Context<'_>, system: &System, run: u32, event: RunEvent) {
        let now = ctx.now;
        if let RunEvent::Began(runbook, beginning) = event {
            self.on_run_began(ctx, system, (run, usize::from(runbook)), &beginning);
            return;
        }
        let Some(index) = self.incident_of_run(run) else { return };
        let incident = &mut self.incidents[index];
        match event {
            RunEvent::Began(..) => {}
            RunEvent::Noticed(by_alarm) => {
                if by_alarm {
                    incident.detected.get_or_insert(now);
                }
                self.note_detect_step(now, index);
            }
            RunEvent::Decided => {
                incident.decided.get_or_insert(now);
                self.set_acting(run, true);
            }
            RunEvent::Validated => self.note_exceptions(ctx, system, run, index),
            RunEvent::Ended | RunEvent::CalledOff | RunEvent::Failed => {
                let ending = if event == RunEvent::CalledOff {
                    Ending::CalledOff
                } else if event == RunEvent::Failed {
                    Ending::Failed
                } else {
                    Ending::Done
                };
                let known = self.runs.iter_mut().rev().find(|known| known.number == run);
                // What has failed may still be told to be over.
                if let Some(run) = known.filter(|known| known.end.is_none()) {
                    (run.acts, run.end, run.ending) = (false, Some(now), ending);
                }
            }
            RunEvent::StepBegan(mark) => {
                let step = Step { run: Some(run), index: mark.index, ..Step::begun(mark.bar, now) };
                incident.steps.push(step);
            }
            RunEvent::StepEnded(mark) => end(incident.step_of(run, mark), now, Fate::Normal, None),
            RunEvent::StepLeft(mark) => end(incident.step_of(run, mark), now, Fate::Left, None),
            RunEvent::StepSkipped(mark, why) => {
                end(incident.step_of(run, mark), now, Fate::Skipped, Some(why));
            }
            RunEvent::StepFailed(mark, why) => end(incident.step_of(run, mark), now, Fate::Failed, Some(why)),
            RunEvent::StepBlocked(mark, obstacle) => {
                if let Some(step) = incident.step_of(run, mark) {
                    step.blocked = obstacle.is_some();
                    step.obstacle = obstacle.or(step.obstacle);
                }
            }
        }
    }

    /// A run has passed its validation: whoever it has not reached is named.
    fn note_exceptions(&mut self, ctx: &mut Context<'_>, system: &System, run: u32, incident: usize) {
        let known = self.runs.iter().rev().find(|known| known.number == run);
        let left = known.filter(|known| known.from != known.to).map(|known| known.from);
        let found = left.and_then(|left| Elsewhere::find(ctx.plan, system, left, ctx.now));
        let Some(elsewhere) = found else { return };
        debug_assert!(elsewhere.percent > 0, "an exception is somebody");
        let Elsewhere { region: left, percent, people } = elsewhere;
        ctx.note(system.control.entry, What::ValidatedBut { left, percent, people });
        let steps = self.incidents[incident].steps.iter_mut().rev();
        let mut own = steps.filter(|step| step.run == Some(run) && step.name == StepName::Validate);
        if let Some(step) = own.next() {
            step.except = Some(elsewhere);
        }
    }

    /// A run began: it belongs to one of the incidents, or opens its own.
    fn on_run_began(
        &mut self,
        ctx: &Context<'_>,
        system: &System,
        (number, runbook): (u32, usize),
        beginning: &Beginning,
    ) {
        debug_assert!(self.runs.last().is_none_or(|last| last.number < number), "run numbers only grow");
        let command = beginning.command.unwrap_or(Command::FailOver(beginning.to));
        let after = self.moved_by().filter(|_| command == Command::FailBack);
        let known = self.attribute(ctx, beginning);
        let incident = known
            .unwrap_or_else(|| self.open_incident(ctx, system, Trigger::Command(command), beginning.entry));
        self.blame.add(beginning.entry, incident);
        self.incidents[incident].after = self.incidents[incident].after.or(after);
        let Beginning { from, to, .. } = *beginning;
        self.runs.push(Run {
            number,
            incident,
            runbook,
            from,
            to,
            start: ctx.now,
            acts: false,
            end: None,
            ending: Ending::Done,
        });
    }

    /// A run acts from now on, or does not any more.
    fn set_acting(&mut self, number: u32, acts: bool) {
        let Some(run) = self.runs.iter_mut().rev().find(|run| run.number == number) else { return };
        debug_assert!(!(run.acts && acts), "what acts is not decided again");
        run.acts = acts;
    }

    /// The incident that a run belongs to; `None` if it opens its own. Failback and the move of a home always do. What
    /// checks or an alarm began belongs to what these have found; an order to the open incident with an outage that lasts
    /// or with a fault in the region that work leaves, and of several to the one because of which most has failed.
    fn attribute(&mut self, ctx: &Context<'_>, reason: &Beginning) -> Option<usize> {
        let about = reason.about.and_then(|entry| self.incident_of(ctx, Some(entry)));
        debug_assert!(reason.about.is_none() || about.is_some(), "what is ruined has an incident");
        match reason.command {
            None => about
                .or_else(|| self.incident_of(ctx, Some(reason.entry)))
                .or_else(|| self.hurting_incident(reason.from)),
            Some(
                Command::FailOver(_)
                | Command::Decide(_)
                | Command::Restore(..)
                | Command::RollBack(_)
                | Command::RoutingControl(..)
                | Command::Run(..),
            ) => about.or_else(|| self.hurting_incident(reason.from)),
            Some(
                Command::FailBack
                | Command::Evacuate(_)
                | Command::CallOff
                | Command::MoveHome(..)
                | Command::Inject(_)
                | Command::Clear(_)
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
                | Command::Travel(..)
                | Command::Write(..),
            ) => about,
            // Whatever else is wrong, nobody asked for it because of that.
            Some(Command::Deploy(_)) => None,
        }
    }

    /// The open incident with an outage that lasts, or with a fault in a region; of several the one because of which most
    /// has failed.
    fn hurting_incident(&self, region: RegionId) -> Option<usize> {
        let outages = &self.service.outages.list;
        let lasts = |incident: &Incident| incident.outages.iter().any(|it| outages[*it].end.is_none());
        let wrong = |incident: &Incident| incident.is_in(region) && incident.cleared.is_none();
        let hurts =
            |(_, incident): &(usize, &Incident)| incident.open && (lasts(incident) || wrong(incident));
        let most = self.incidents.iter().enumerate().filter(hurts).max_by_key(|(_, it)| it.failed);
        most.map(|(index, _)| index)
    }

    /// The incident that an unhealthy region belongs to: its own, else the newest that is not over.
    pub(super) fn open_incident_of(&self, region: RegionId) -> Option<usize> {
        let open = |incident: &Incident| incident.restored.is_none();
        let own = self.incidents.iter().rposition(|incident| open(incident) && incident.is_in(region));
        own.or_else(|| self.incidents.iter().rposition(open))
    }

    /// The incident of the newest run.
    pub fn current_incident(&self) -> Option<usize> {
        self.runs.last().map(|run| run.incident)
    }

    pub(super) fn incident_of_run(&self, number: u32) -> Option<usize> {
        let run = self.runs.iter().rev().find(|run| run.number == number);
        debug_assert!(run.is_some(), "a run is heard of when it begins");
        run.map(|run| run.incident)
    }

    /// Begins to measure what a fault, an order or an outage does. Returns its index.
    pub(super) fn open_incident(
        &mut self,
        ctx: &Context<'_>,
        system: &System,
        trigger: Trigger,
        entry: EntryId,
    ) -> usize {
        if self.incidents.is_empty() {
            self.metrics.usage.meters = system.meters;
        }
        self.incidents.push(Incident::new(trigger, entry, ctx.now, self.metrics.tallies.len()));
        self.blame.add(entry, self.incidents.len() - 1);
        debug_assert!(self.incidents.iter().any(|incident| incident.open), "a new incident is open");
        self.incidents.len() - 1
    }

    /// A fault was cleared.
    pub(super) fn on_cleared(&mut self, now: SimTime, entry: EntryId) {
        if let Some(incident) = self.incidents.iter_mut().find(|incident| incident.entry == entry) {
            debug_assert!(incident.cleared.is_none(), "a fault is cleared once");
            incident.cleared = Some(now);
        }
        self.losses.look_again();
    }
}
