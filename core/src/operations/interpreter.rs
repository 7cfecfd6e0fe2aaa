//! The interpreter of runbooks: it begins steps when those before them are over, holds them while their needs are not met,
//! and tells what becomes of them. What each action does is in `acts.rs`.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, RegionId};
use crate::kernel::region_map::RegionSet;
use crate::model::obstacle::Obstacle;
use crate::model::plan::Plan;
use crate::model::runbook::{Action, Otherwise};
use crate::model::runbooks::Place;
use crate::operations::Operations;
use crate::operations::execution::{Progress, Task};
use crate::system::System;
use crate::system::context::Context;
use crate::system::event::OnCallTimer;
use crate::system::journal::What;
use crate::system::occurrence::{Occurrence, RunEvent};

/// How a step goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Next {
    /// It has ended.
    Done,
    /// It takes so many seconds from now on.
    After(f64),
    /// It runs until a condition holds, which is looked at once a second.
    Watch,
    /// It runs, and what has happened ends it.
    Told,
    /// It does not run yet, or not any more: this keeps it.
    Wait(Obstacle),
    /// It runs, and this keeps it from ending: looked at again in a second.
    Again(Obstacle),
    /// It begins in a moment, and there is nothing to say about it.
    Hold,
}

/// Steps.
impl Operations {
    /// A step of an execution under way.
    pub(super) fn task<'p>(&self, plan: &'p Plan, at: usize, index: usize) -> Task<'p> {
        let run = &self.executions[at];
        let step = &run.runbook(plan).steps[index];
        let on = step.on.region(run.from, run.to);
        Task { at, index, step, from: run.from, to: run.to, on }
    }

    /// The regions in which a step is done.
    pub(super) fn places(plan: &Plan, task: Task<'_>) -> RegionSet {
        match task.step.on {
            Place::AllOthers => {
                plan.region_ids().filter(|region| *region != task.from && *region != task.to).collect()
            }
            Place::Owner | Place::Target | Place::Region(_) => std::iter::once(task.on).collect(),
        }
    }

    /// Goes through the steps of an execution until nothing changes any more.
    pub(super) fn advance(&mut self, ctx: &mut Context<'_>, system: &mut System, at: usize) {
        let plan = ctx.plan;
        system.follow(self.executions[at].entry);
        let mut changed = true;
        while changed {
            changed = false;
            for index in 0..self.executions[at].steps.len() {
                let task = self.task(plan, at, index);
                let run = self.executions[at].steps[index];
                changed |= match run.progress {
                    Progress::Before => self.begin_if_ready(ctx, system, task),
                    Progress::Waiting => self.try_step(ctx, system, task),
                    Progress::Running if run.ends.is_none() => {
                        let next = self.watch(ctx, system, task);
                        self.go_on(ctx, system, task, next)
                    }
                    Progress::Running | Progress::Done | Progress::Skipped => false,
                };
            }
        }
    }

    /// A step begins if those before it are over. True if it did, or is not needed.
    fn begin_if_ready(&mut self, ctx: &mut Context<'_>, system: &mut System, task: Task<'_>) -> bool {
        let run = &mut self.executions[task.at];
        let decided = run.acts || task.index < run.runbook(ctx.plan).deciding;
        let ready = task.step.after.iter().all(|before| run.steps[usize::from(*before)].progress.is_over());
        if !(decided && ready) {
            return false;
        }
        if !self.is_needed(ctx, system, task) {
            self.executions[task.at].steps[task.index].progress = Progress::Skipped;
            return true;
        }
        let run = &mut self.executions[task.at];
        let step = &mut run.steps[task.index];
        (step.progress, step.since) = (Progress::Waiting, ctx.now);
        let (number, mark) = (run.number, run.mark(ctx.plan, task.index));
        ctx.note(system.control.entry, What::StepBegan(mark.bar));
        ctx.tell(Occurrence::Run(number, RunEvent::StepBegan(mark)));
        self.try_step(ctx, system, task);
        true
    }

    /// A step that waits starts if what it needs is there. True if it has ended.
    fn try_step(&mut self, ctx: &mut Context<'_>, system: &mut System, task: Task<'_>) -> bool {
        let unmet = self.unlawful(ctx.plan, system, task).or_else(|| self.unmet(ctx, system, task));
        let unmet = unmet.or_else(|| self.no_lease(ctx.plan, system, task));
        let next = match unmet {
            Some(obstacle) => Next::Wait(obstacle),
            None => self.start(ctx, system, task),
        };
        self.go_on(ctx, system, task, next)
    }

    /// What becomes of a step. True if it is over.
    fn go_on(&mut self, ctx: &mut Context<'_>, system: &mut System, task: Task<'_>, next: Next) -> bool {
        let obstacle = match next {
            Next::Wait(obstacle) | Next::Again(obstacle) => Some(obstacle),
            Next::Done | Next::After(_) | Next::Watch | Next::Told | Next::Hold => None,
        };
        if let Some(obstacle) = obstacle
            && self.gives_up(ctx, system, task, obstacle)
        {
            return true;
        }
        if next != Next::Hold {
            self.block(ctx, system, task, obstacle);
        }
        match next {
            Next::Done => {
                self.end_step(ctx, system, task);
                return true;
            }
            Next::After(seconds) => self.time_step(ctx, task, seconds),
            Next::Watch | Next::Told | Next::Wait(_) | Next::Again(_) | Next::Hold => {}
        }
        let step = &mut self.executions[task.at].steps[task.index];
        match next {
            Next::Done => {}
            Next::After(_) => step.progress = Progress::Running,
            Next::Watch => (step.progress, step.ends) = (Progress::Running, None),
            Next::Told => (step.progress, step.ends) = (Progress::Running, Some(SimTime::NEVER)),
            Next::Wait(_) => (step.progress, step.ends) = (Progress::Waiting, None),
            Next::Again(_) => step.progress = Progress::Running,
            Next::Hold => {}
        }
        if step.progress == Progress::Waiting {
            self.release(task);
        }
        false
    }

    /// A step whose needs are not met is skipped, or the execution fails with it, if the runbook says so.
    fn gives_up(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        task: Task<'_>,
        obstacle: Obstacle,
    ) -> bool {
        let (run, plan) = (&mut self.executions[task.at], ctx.plan);
        let mark = run.mark(plan, task.index);
        let event = match task.step.otherwise {
            Otherwise::Wait => return false,
            Otherwise::Ask => {
                self.ask(ctx, system, task);
                return false;
            }
            Otherwise::Skip => RunEvent::StepSkipped(mark, obstacle),
            Otherwise::Fail => RunEvent::StepFailed(mark, obstacle),
        };
        let number = run.number;
        run.steps[task.index].progress = Progress::Skipped;
        ctx.note(
            system.why_blocked(obstacle).or(system.control.entry),
            What::StepGivenUp(mark.bar, obstacle),
        );
        ctx.tell(Occurrence::Run(number, event));
        self.release(task);
        if task.step.otherwise == Otherwise::Fail {
            // Nothing after it begins; what runs already is left.
            for step in &mut self.executions[task.at].steps {
                step.progress = if step.progress.is_over() { step.progress } else { Progress::Skipped };
            }
            ctx.tell(Occurrence::Run(number, RunEvent::Failed));
        }
        true
    }

    /// A step has ended.
    pub(super) fn end_step(&mut self, ctx: &mut Context<'_>, system: &System, task: Task<'_>) {
        let run = &mut self.executions[task.at];
        let step = &mut run.steps[task.index];
        debug_assert!(step.progress.is_open() && step.since <= ctx.now, "a step ends after it began");
        (step.progress, step.blocked) = (Progress::Done, None);
        let (number, mark) = (run.number, run.mark(ctx.plan, task.index));
        self.release(task);
        ctx.note(system.control.entry, What::StepEnded(mark.bar));
        ctx.tell(Occurrence::Run(number, RunEvent::StepEnded(mark)));
    }

    /// Notes the obstacle of a step, or that there is none any more.
    fn block(&mut self, ctx: &mut Context<'_>, system: &System, task: Task<'_>, obstacle: Option<Obstacle>) {
        let run = &mut self.executions[task.at];
        let (number, mark) = (run.number, run.mark(ctx.plan, task.index));
        let step = &mut run.steps[task.index];
        let before = (step.blocked.is_some(), step.obstacle);
        step.blocked = obstacle.map(|_| step.blocked.unwrap_or(ctx.now));
        step.obstacle = obstacle.or(step.obstacle);
        let after = (step.blocked.is_some(), step.obstacle);
        debug_assert!(!after.0 || after.1.is_some(), "nothing waits without saying for what");
        if after.1 != before.1
            && let Some(obstacle) = obstacle
        {
            let cause = system.why_blocked(obstacle).or(system.control.entry);
            ctx.note(cause, What::StepBlocked(mark.bar, obstacle));
        }
        if after != before {
            ctx.tell(Occurrence::Run(number, RunEvent::StepBlocked(mark, obstacle)));
        }
    }

    /// The time of a step begins.
    fn time_step(&mut self, ctx: &mut Context<'_>, task: Task<'_>, seconds: f64) {
        debug_assert!(seconds >= 0.0, "time goes on");
        let ends = ctx.now + SimDuration::from_secs(seconds);
        let run = &mut self.executions[task.at];
        run.steps[task.index].ends = Some(ends);
        ctx.at(ends, OnCallTimer::StepDone(task.index as u8, run.number));
    }

    /// The time of a step is over; a timer of what was interrupted or called off meanwhile is ignored.
    pub(super) fn on_step_done(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        (index, number): (u8, u32),
    ) {
        let Some(at) = self.executions.iter().position(|run| run.number == number) else { return };
        let task = self.task(ctx.plan, at, usize::from(index));
        let step = self.executions[at].steps[task.index];
        if step.progress != Progress::Running || step.ends.is_none_or(|ends| ends > ctx.now) {
            return;
        }
        system.follow(self.executions[at].entry);
        if task.step.action == Action::Decide {
            self.decide(ctx, system, at);
            return;
        }
        let next = self.finish(ctx, system, task);
        if let Next::Again(_) = next {
            self.time_step(ctx, task, 1.0);
        }
        self.go_on(ctx, system, task, next);
        self.advance(ctx, system, at);
        self.retire(ctx);
    }

    /// Ends the steps with an action that run, in every execution to which they belong, and goes on from there. `told` is the
    /// journal's line about what has ended them.
    pub(super) fn end_told(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        action: Action,
        to: RegionId,
        told: Option<EntryId>,
    ) {
        let plan = ctx.plan;
        for at in 0..self.executions.len() {
            let run = &self.executions[at];
            let waits = |index: &usize| {
                let step = run.steps[*index];
                let told = step.progress == Progress::Running && step.ends == Some(SimTime::NEVER);
                told && run.runbook(plan).steps[*index].action == action && run.to == to
            };
            let Some(index) = (0..run.steps.len()).find(waits) else { continue };
            self.executions[at].entry = told.or(self.executions[at].entry);
            system.follow(self.executions[at].entry);
            let task = self.task(plan, at, index);
            self.end_step(ctx, system, task);
            self.advance(ctx, system, at);
        }
        self.retire(ctx);
    }

    /// A second has passed: what steps wait for is looked at.
    pub fn watch_executions(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        self.watch_movement(ctx, system);
        self.call_off_hopeless(ctx, system);
        self.call_off_needless(ctx, system);
        for at in 0..self.executions.len() {
            self.interrupt(ctx, system, at);
            self.give_back_leases(ctx, at);
            self.advance(ctx, system, at);
        }
        self.retire(ctx);
    }

    /// What is being made in a region that goes dark has to be begun again.
    fn interrupt(&mut self, ctx: &mut Context<'_>, system: &System, at: usize) {
        let plan = ctx.plan;
        for index in 0..self.executions[at].steps.len() {
            let task = self.task(plan, at, index);
            let step = self.executions[at].steps[index];
            let timed =
                step.progress == Progress::Running && step.ends.is_some_and(|ends| ends != SimTime::NEVER);
            let made = matches!(
                task.step.action,
                Action::BuildNetwork
                    | Action::CopyImage
                    | Action::FetchBackup
                    | Action::Restore
                    | Action::Deploy
            );
            if !(timed && system.dark[task.on.index()]) {
                continue;
            }
            let obstacle = Obstacle::RegionDark(task.on);
            if made {
                self.block(ctx, system, task, Some(obstacle));
                let step = &mut self.executions[at].steps[index];
                (step.progress, step.ends) = (Progress::Waiting, None);
                self.release(task);
            } else if task.step.action == Action::Promote {
                self.block(ctx, system, task, Some(obstacle));
            }
        }
    }
}
