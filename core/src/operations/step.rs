//! Runs and their steps: how each begins, waits and ends, and what is told of it.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::RegionId;
use crate::model::runbook::{Obstacle, StepName};
use crate::operations::Operations;
use crate::operations::execution::{Course, OpenStep, Stage};
use crate::system::System;
use crate::system::context::Context;
use crate::system::event::OnCallTimer;
use crate::system::journal::What;
use crate::system::occurrence::{Beginning, Occurrence, RunEvent};

impl Operations {
    /// A run begins: what the one before had open is not its business.
    pub(super) fn begin_run(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        beginning: Beginning,
        course: Course,
    ) {
        let Beginning { from, to, .. } = beginning;
        debug_assert!(from != to || course == Course::Restore, "work does not move to where it is");
        debug_assert!(
            !matches!(self.recovery.stage, Stage::FailingOver | Stage::FailingBack),
            "one run at a time acts"
        );
        let recovery = &mut self.recovery;
        recovery.run += 1;
        recovery.stage = Stage::Deciding;
        recovery.from = from;
        recovery.to = to;
        recovery.promoting = false;
        recovery.changing_record = false;
        recovery.course = course;
        recovery.point = None;
        recovery.wanted_us = None;
        recovery.restored = false;
        recovery.ordered = beginning.command.is_some();
        recovery.alive_at = ctx.now;
        (recovery.behind, recovery.asks, recovery.waits, recovery.tried) = (false, None, false, false);
        recovery.timed.clear();
        recovery.open.retain(|step| step.name == StepName::LoadBlocks);
        system.follow(Some(beginning.entry));
        ctx.tell(Occurrence::Run(recovery.run, RunEvent::Began(course.runbook(&beginning), beginning)));
    }

    /// A run is complete.
    pub(super) fn end_run(&mut self, ctx: &mut Context<'_>, stage: Stage) {
        debug_assert!(matches!(stage, Stage::Idle | Stage::Over), "a run ends in a stage without one");
        self.recovery.stage = stage;
        ctx.tell(Occurrence::Run(self.recovery.run, RunEvent::Ended));
    }

    /// A run is called off before it acted.
    pub(super) fn call_off(&mut self, ctx: &mut Context<'_>) {
        debug_assert_eq!(self.recovery.stage, Stage::Deciding, "what acts is not called off");
        self.recovery.stage = Stage::Idle;
        ctx.tell(Occurrence::Run(self.recovery.run, RunEvent::CalledOff));
    }

    /// The run is left, whatever it has begun: another takes its place.
    pub(super) fn abandon(&mut self, ctx: &mut Context<'_>, system: &System) {
        let run = self.recovery.run;
        debug_assert!(!self.recovery.promoting, "a promotion under way is past the point of no return");
        while let Some(index) = self.recovery.open.iter().position(|step| step.run == run) {
            let name = self.recovery.open.remove(index).name;
            ctx.note(system.control.entry, What::StepLeft(name));
            ctx.tell(Occurrence::Run(run, RunEvent::StepLeft(name)));
        }
        self.recovery.stage = Stage::Idle;
        self.recovery.tried = false;
        ctx.tell(Occurrence::Run(run, RunEvent::CalledOff));
        // Timers of what was begun are not for the next.
        self.recovery.run += 1;
    }

    /// The disaster is declared: the run acts from now on.
    pub(super) fn begin_to_act(&mut self, ctx: &mut Context<'_>, stage: Stage) {
        debug_assert!(matches!(stage, Stage::FailingOver | Stage::FailingBack), "a stage that acts");
        self.recovery.stage = stage;
        ctx.tell(Occurrence::Run(self.recovery.run, RunEvent::Decided));
    }

    /// A step of the current run begins.
    pub(super) fn begin_step(&mut self, ctx: &mut Context<'_>, system: &System, name: StepName) {
        debug_assert!(self.recovery.run > 0, "a step belongs to a run");
        let run = self.recovery.run;
        self.recovery.open.push(OpenStep {
            run,
            name,
            since: ctx.now,
            obstacle: None,
            blocked: false,
            ends: None,
        });
        ctx.note(system.control.entry, What::StepBegan(name));
        ctx.tell(Occurrence::Run(run, RunEvent::StepBegan(name)));
    }

    /// A step begins that takes a known time, in seconds.
    pub(super) fn begin_timed(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        name: StepName,
        seconds: f64,
    ) {
        debug_assert!(seconds >= 0.0, "time goes on");
        self.begin_step(ctx, system, name);
        self.time_step(ctx, name, seconds);
    }

    /// A step of the current run ends. False if it was not under way.
    pub(super) fn end_step(&mut self, ctx: &mut Context<'_>, system: &System, name: StepName) -> bool {
        let run = self.recovery.run;
        let mine = |step: &OpenStep| step.run == run && step.name == name;
        let Some(index) = self.recovery.open.iter().rposition(mine) else { return false };
        self.end_open_step(ctx, system, index);
        true
    }

    /// A step of any run ends: the one at this place.
    pub(super) fn end_open_step(&mut self, ctx: &mut Context<'_>, system: &System, index: usize) {
        let OpenStep { run, name, since, .. } = self.recovery.open.remove(index);
        debug_assert!(since <= ctx.now, "a step ends after it began");
        ctx.note(system.control.entry, What::StepEnded(name));
        ctx.tell(Occurrence::Run(run, RunEvent::StepEnded(name)));
    }

    /// Whether a step of the current run is under way.
    pub(super) fn is_open(&self, name: StepName) -> bool {
        self.recovery.open.iter().any(|step| step.run == self.recovery.run && step.name == name)
    }

    /// Notes the obstacle of a step, or that there is none any more. True if the step has to wait.
    pub(super) fn block(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        name: StepName,
        obstacle: Option<Obstacle>,
    ) -> bool {
        let run = self.recovery.run;
        let mine = |step: &&mut OpenStep| step.run == run && step.name == name;
        let Some(step) = self.recovery.open.iter_mut().rev().find(mine) else { return obstacle.is_some() };
        let before = (step.blocked, step.obstacle);
        step.blocked = obstacle.is_some();
        step.obstacle = obstacle.or(step.obstacle);
        debug_assert!(!step.blocked || step.obstacle.is_some(), "nothing waits without saying for what");
        if step.obstacle != before.1
            && let Some(obstacle) = obstacle
        {
            let cause = system.why_blocked(obstacle).or(system.control.entry);
            ctx.note(cause, What::StepBlocked(name, obstacle));
        }
        if (step.blocked, step.obstacle) != before {
            ctx.tell(Occurrence::Run(run, RunEvent::StepBlocked(name, obstacle)));
        }
        obstacle.is_some()
    }

    /// Starts the time of a step of the current run that has been waiting for something, once; `span_s` draws it.
    pub(super) fn start_when_free(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        name: StepName,
        obstacle: Option<Obstacle>,
        span_s: impl FnOnce() -> f64,
    ) {
        if !self.is_open(name)
            || self.recovery.timed.contains(&name)
            || self.block(ctx, system, name, obstacle)
        {
            return;
        }
        self.recovery.timed.push(name);
        let seconds = span_s();
        debug_assert!(seconds >= 0.0, "time goes on");
        self.time_step(ctx, name, seconds);
    }

    /// The time of a step of the current run begins.
    fn time_step(&mut self, ctx: &mut Context<'_>, name: StepName, seconds: f64) {
        debug_assert!(self.is_open(name), "what takes time has begun");
        let ends = ctx.now + SimDuration::from_secs(seconds);
        if let Some(step) = self.open_step(name) {
            step.ends = Some(ends);
        }
        ctx.at(ends, OnCallTimer::StepDone(name, self.recovery.run));
    }

    fn open_step(&mut self, name: StepName) -> Option<&mut OpenStep> {
        let run = self.recovery.run;
        self.recovery.open.iter_mut().rev().find(|step| step.run == run && step.name == name)
    }

    /// Whether the time of a step of the current run is over. It is not if it was interrupted since its timer was set.
    pub(super) fn is_due(&mut self, now: SimTime, name: StepName) -> bool {
        self.open_step(name).is_none_or(|step| step.ends.is_none_or(|ends| ends <= now))
    }

    /// A second has passed: what is being made in a region that goes dark has to be begun again.
    pub(super) fn interrupt(&mut self, ctx: &mut Context<'_>, system: &System, to: RegionId) {
        if !system.dark[to.index()] {
            return;
        }
        let obstacle = Some(Obstacle::RegionDark(to));
        for name in std::mem::take(&mut self.recovery.timed) {
            self.block(ctx, system, name, obstacle);
            if let Some(step) = self.open_step(name) {
                step.ends = Some(SimTime::NEVER);
            }
        }
        debug_assert!(self.recovery.timed.is_empty(), "nothing is made in the dark");
        if self.recovery.promoting {
            self.block(ctx, system, StepName::Promote, obstacle);
        }
    }
}
