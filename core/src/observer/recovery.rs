//! The books of recoveries: which incident a run belongs to, what was noticed and decided when, and the steps.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId};
use crate::model::fault::{Command, Fault};
use crate::model::runbook::StepName;
use crate::observer::Observer;
use crate::observer::incident::{Incident, Step};
use crate::observer::metrics::{SERVED_SHARE, Tally, WINDOW_S};
use crate::system::System;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::occurrence::{Beginning, Progress};

/// A run of a runbook, as the books know it.
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
    pub(super) fn on_progress(&mut self, now: SimTime, system: &System, run: u32, progress: Progress) {
        if let Progress::Began(beginning) = progress {
            self.on_run_began(now, system, run, &beginning);
            return;
        }
        let Some(index) = self.incident_of_run(run) else { return };
        let incident = &mut self.incidents[index];
        match progress {
            Progress::Began(_) => {}
            Progress::Noticed(by_alarm) => {
                if by_alarm {
                    incident.detected.get_or_insert(now);
                }
                self.note_detect_step(now, index);
            }
            Progress::Decided => {
                incident.decided.get_or_insert(now);
                self.set_acting(run, true);
            }
            Progress::Ended => self.set_acting(run, false),
            Progress::StepBegan(step) => incident.steps.push(Step::begun(step, now)),
            Progress::StepEnded(step) => {
                let ended = incident.end_step(step, now);
                debug_assert!(ended, "a step that ends was open");
            }
            Progress::StepBlocked(step, obstacle) => incident.block_step(step, obstacle),
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
    /// restore belongs to the ruin, a failover to an incident that is not over or whose fault is in force where it begins.
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

    fn incident_of_run(&self, number: u32) -> Option<usize> {
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

/// What is noticed, and the steps that machines take by themselves.
impl Observer {
    /// The system has noticed that something is wrong in a region.
    pub(super) fn note_detection(&mut self, now: SimTime, region: RegionId) {
        for incident in &mut self.incidents {
            debug_assert!(incident.at <= now, "nothing is noticed before it happens");
            if incident.is_in(region) && incident.cleared.is_none() {
                incident.detected.get_or_insert(now);
            }
        }
    }

    /// From the fault until now it took to notice; booked once.
    fn note_detect_step(&mut self, now: SimTime, incident: usize) {
        let incident = &mut self.incidents[incident];
        let step = Step::over(StepName::Detect, incident.at, now);
        debug_assert!(step.start <= now, "nothing is noticed before it happens");
        if incident.steps.last() != Some(&step) {
            incident.steps.push(step);
        }
    }

    /// Health checks have found a region unhealthy. If all regions take writes that is noticed though no run begins, and
    /// what the region has not passed on is out of reach.
    pub(super) fn on_unhealthy(&mut self, ctx: &mut Context<'_>, system: &System, region: RegionId) {
        self.note_detection(ctx.now, region);
        if ctx.plan.writes_everywhere() {
            self.count_unseen(ctx, system, region);
            if let Some(incident) = self.open_incident_of(region) {
                self.note_detect_step(ctx.now, incident);
            }
        }
    }

    /// A step begins that belongs to what has just happened, and to no run. Its cause is that if no other is given.
    pub(super) fn begin_own_step(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        name: StepName,
        cause: Option<EntryId>,
    ) {
        debug_assert!(!self.incidents.is_empty(), "something has happened");
        if let Some(incident) = self.incidents.last_mut() {
            incident.steps.push(Step::begun(name, ctx.now));
            let cause = cause.or(system.control.entry).or(Some(incident.entry));
            ctx.note(cause, What::StepBegan(name));
        }
    }

    /// A database answers again: a failover to its standby is over. An old primary may not know yet that it was replaced.
    pub(super) fn on_database_ready(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        region: RegionId,
    ) -> Option<EntryId> {
        let now = ctx.now;
        let mut own = self.incidents.iter_mut().filter(|incident| incident.is_in(region));
        if own.any(|incident| incident.end_step(StepName::ZoneFailover, now)) {
            ctx.note(None, What::StepEnded(StepName::ZoneFailover));
        }
        if system.to_be_fenced != Some(region) {
            return None;
        }
        let stranded = self.losses.stranded_writes() as u32;
        Some(ctx.note(ctx.cause(), What::OldPrimaryReturned { region, stranded }))
    }

    /// Clients begin to leave a region. Returns the journal's line; none if nothing has ever happened that could be why.
    pub(super) fn on_movement(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        from: RegionId,
        run: Option<u32>,
    ) -> Option<EntryId> {
        debug_assert!(self.moving.is_none(), "one movement at a time");
        let own = self.incidents.iter().rposition(|incident| incident.is_in(from));
        let incident = run.map_or(own, |run| self.incident_of_run(run));
        let index = incident.or_else(|| self.incidents.len().checked_sub(1))?;
        let incident = &mut self.incidents[index];
        incident.steps.push(Step::begun(StepName::Cutover, ctx.now));
        self.moving = Some(index);
        let cause = system.control.entry.or(Some(incident.entry));
        Some(ctx.note(cause, What::StepBegan(StepName::Cutover)))
    }

    /// The clients have moved.
    pub(super) fn on_movement_ended(&mut self, ctx: &mut Context<'_>, system: &System) -> Option<EntryId> {
        let incident = self.moving.take()?;
        let ended = self.incidents[incident].end_step(StepName::Cutover, ctx.now);
        debug_assert!(ended, "a movement that ends was open");
        Some(ctx.note(system.control.entry, What::StepEnded(StepName::Cutover)))
    }

    /// A second has passed: servers have been replaced if as many as are wanted get requests again.
    pub fn watch_replacements(&mut self, ctx: &mut Context<'_>, system: &System) {
        for incident in &mut self.incidents {
            let region = incident.fault().and_then(Fault::region);
            let (Some(region), Some(_)) = (region, incident.open_step(StepName::ReplaceServers)) else {
                continue;
            };
            // What Auto Scaling adds on top because the rest is overloaded is not a replacement.
            let own = ctx.plan.scenario.regions[region.index()].servers;
            let recovers = region == system.acting && region.0 > 0;
            let acting = if recovers { ctx.plan.scenario.recovery.servers } else { 0 };
            if system.fleets.serving(region) >= own.max(acting) as usize {
                let ended = incident.end_step(StepName::ReplaceServers, ctx.now);
                debug_assert!(ended, "what was replaced was being replaced");
                ctx.note(system.control.entry, What::StepEnded(StepName::ReplaceServers));
            }
        }
    }
}
