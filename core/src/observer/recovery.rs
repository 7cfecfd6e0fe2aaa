//! Recoveries as the observer books them: the incident that a run belongs to, when it was decided, and its steps.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId};
use crate::model::fault::Command;
use crate::observer::Observer;
use crate::observer::incident::{Incident, Step};
use crate::observer::metrics::{SERVED_SHARE, Tally, WINDOW_S};
use crate::system::System;
use crate::system::occurrence::{Beginning, RunEvent};

/// A run of a runbook, as the observer knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its number; later ones have higher ones.
    pub number: u32,
    /// The incident that it belongs to, an index.
    pub incident: usize,
    /// It has been decided that it acts, and it has not ended.
    pub acts: bool,
}

/// Which incidents runs belong to.
impl Observer {
    /// Books what has happened in a run.
    pub(super) fn on_run_event(&mut self, now: SimTime, system: &System, run: u32, event: RunEvent) {
        if let RunEvent::Began(beginning) = event {
            self.on_run_began(now, system, run, &beginning);
            return;
        }
        let Some(index) = self.incident_of_run(run) else { return };
        let incident = &mut self.incidents[index];
        match event {
            RunEvent::Began(_) => {}
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
            RunEvent::Ended => self.set_acting(run, false),
            RunEvent::StepBegan(step) => incident.steps.push(Step::begun(step, now)),
            RunEvent::StepEnded(step) => {
                let ended = incident.end_step(step, now);
                debug_assert!(ended, "a step that ends was open");
            }
            RunEvent::StepBlocked(step, obstacle) => incident.block_step(step, obstacle),
        }
    }

    /// A run began: it belongs to one of the incidents, or opens its own.
    fn on_run_began(&mut self, now: SimTime, system: &System, number: u32, beginning: &Beginning) {
        debug_assert!(self.runs.last().is_none_or(|last| last.number < number), "run numbers only grow");
        let trigger = beginning.command.unwrap_or(Command::FailOver(beginning.to));
        let known = self.attribute(beginning);
        let incident = known.unwrap_or_else(|| self.open_incident(now, system, trigger, beginning.entry));
        self.runs.push(Run { number, incident, acts: false });
    }

    /// A run acts from now on, or does not any more.
    fn set_acting(&mut self, number: u32, acts: bool) {
        let Some(run) = self.runs.iter_mut().rev().find(|run| run.number == number) else { return };
        debug_assert!(!(run.acts && acts), "what acts is not decided again");
        run.acts = acts;
    }

    /// The incident that a run belongs to; `None` if it opens its own. Failback and the move of a home always do; a
    /// restore belongs to the ruin, a failover to an incident that is not over, or whose fault is in force in the region
    /// that it leaves.
    fn attribute(&self, reason: &Beginning) -> Option<usize> {
        let position = |entry| self.incidents.iter().position(|incident| incident.entry == entry);
        let known = reason.about.and_then(position);
        debug_assert!(reason.about.is_none() || known.is_some(), "what is ruined has an incident");
        match reason.command {
            Some(Command::FailOver(_)) => self.open_incident_of(reason.from),
            None => known.or_else(|| self.open_incident_of(reason.from)).or_else(|| {
                let lasts = |incident: &Incident| incident.is_in(reason.from) && incident.cleared.is_none();
                self.incidents.iter().rposition(lasts)
            }),
            Some(
                Command::FailBack
                | Command::Decide
                | Command::Restore(..)
                | Command::MoveHome(..)
                | Command::Inject(_)
                | Command::Clear(_)
                | Command::RaiseQuota(_)
                | Command::Travel(..)
                | Command::Write(..),
            ) => known,
        }
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

    /// A run that acts belongs to this incident: an order is not over before what it began.
    pub fn acts_on(&self, incident: usize) -> bool {
        self.runs.last().is_some_and(|run| run.acts && run.incident == incident)
    }

    /// Begins to measure what a fault, or an order, does. Returns its index.
    pub(super) fn open_incident(
        &mut self,
        now: SimTime,
        system: &System,
        trigger: Command,
        entry: EntryId,
    ) -> usize {
        let now_s = (now.micros() / 1_000_000) as usize;
        let before = |tally: &Tally| tally.served_share(now_s, WINDOW_S).unwrap_or(1.0).min(SERVED_SHARE);
        let wanted = self.metrics.tallies.iter().map(before).collect();
        debug_assert!(self.incidents.last().is_none_or(|last| last.at <= now), "incidents are in order");
        if self.incidents.is_empty() {
            self.metrics.usage.meters = system.meters;
        }
        self.incidents.push(Incident::new(trigger, entry, now, wanted));
        self.incidents.len() - 1
    }

    /// A fault was cleared.
    pub(super) fn on_cleared(&mut self, now: SimTime, entry: EntryId) {
        if let Some(incident) = self.incidents.iter_mut().find(|incident| incident.entry == entry) {
            debug_assert!(incident.cleared.is_none(), "a fault is cleared once");
            incident.cleared = Some(now);
        }
    }
}
