//! Rollouts: a release goes from region to region. The alarm of a region that has it ends that, and it is taken back.

use crate::kernel::id::{EntryId, RegionId, ReleaseId};
use crate::kernel::region_map::RegionSet;
use crate::model::command::Command;
use crate::model::obstacle::Obstacle;
use crate::model::plan::Plan;
use crate::model::runbook::{Action, OrderedBy};
use crate::operations::Operations;
use crate::operations::execution::{Execution, Progress, Task};
use crate::operations::interpreter::Next;
use crate::system::System;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::occurrence::{Beginning, Occurrence, RunEvent};
use crate::system::refusal::Refusal;

impl Operations {
    /// The rollout that is under way: its place among the executions.
    pub fn rollout(&self, plan: &Plan) -> Option<usize> {
        self.executions.iter().position(|run| run.rolls_out(plan))
    }

    /// A release is to be brought out.
    pub(super) fn order_deploy(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        command: Command,
        release: ReleaseId,
    ) -> Result<(), Refusal> {
        let plan = ctx.plan;
        debug_assert!(release.index() < plan.scenario.rollout.releases.len(), "a release of the scenario");
        if let Some(run) = self.executions.iter().find(|run| run.release.is_some()) {
            // It goes out, or is being taken back.
            return Err(Refusal::Busy(run.open_bar(plan)));
        }
        let mut takes = plan.region_ids().filter(|region| system.takes_releases(*region));
        if takes.all(|region| system.runs(region, release)) {
            return Err(Refusal::IsOut);
        }
        let book = plan.ordered_by(OrderedBy::Deploy).next().ok_or(Refusal::NoRunbook)?;
        let at = system.ownership.primary();
        self.begin_by_order(ctx, system, book, (command, at, at), |run| run.release = Some(release));
        Ok(())
    }

    /// A second has passed: a rollout ends if the alarm of a region goes off that has the release, or if somebody else has
    /// taken it back there.
    pub(super) fn watch_rollout(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        let Some(at) = self.rollout(ctx.plan) else { return };
        let run = &self.executions[at];
        let out = run.brought_to(ctx.plan);
        let runs = |region: RegionId| run.release.is_some_and(|release| system.runs(region, release));
        if !out.iter().all(runs) {
            system.follow(run.entry);
            self.call_off(ctx, system, at);
            return;
        }
        let alarmed = out.iter().find(|region| system.alarm_is_about_release(ctx.plan, *region, ctx.now));
        let Some(alarmed) = alarmed else { return };
        system.follow(self.executions[at].entry);
        let told = self.fail_rollout(ctx, system, at, Obstacle::Alarm(alarmed));
        let run = self.executions[at].clone();
        self.take_back(ctx, system, &run, told);
        self.retire(ctx);
    }

    /// What is under way of a rollout is given up, and the rest of it left. The journal's last line about that.
    fn fail_rollout(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        at: usize,
        why: Obstacle,
    ) -> Option<EntryId> {
        let (plan, mut told) = (ctx.plan, None);
        // An alarm may have gone off by chance: then it is the rollout that what follows is about.
        let cause = ctx.younger(system.why_blocked(why), self.executions[at].entry);
        for index in 0..self.executions[at].steps.len() {
            let open = self.executions[at].steps[index].progress.is_open();
            if open {
                let mark = self.executions[at].mark(plan, index);
                told = Some(ctx.note(cause, What::StepGivenUp(mark.bar, why)));
                ctx.tell(Occurrence::Run(self.executions[at].number, RunEvent::StepFailed(mark, why)));
                self.release(self.task(plan, at, index));
            }
            let step = &mut self.executions[at].steps[index];
            step.progress = if step.progress.is_over() { step.progress } else { Progress::Skipped };
        }
        debug_assert!(told.is_some(), "what is under way has a step that is");
        ctx.tell(Occurrence::Run(self.executions[at].number, RunEvent::Failed));
        told
    }

    /// Wherever a rollout has brought its release, an execution begins that takes it back. It follows from this line.
    pub(super) fn take_back(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        rollout: &Execution,
        told: Option<EntryId>,
    ) {
        let plan = ctx.plan;
        let book = plan.ordered_by(OrderedBy::RollBack).next();
        let Some((book, entry)) = book.zip(told.or(rollout.entry)) else { return };
        for region in rollout.brought_to(plan).iter() {
            debug_assert!(rollout.release.is_some(), "it has brought something there");
            let beginning =
                Beginning { command: None, from: region, to: region, about: rollout.entry, entry };
            let at = self.begin_run(ctx, system, book, beginning);
            self.executions[at].release = rollout.release;
            self.declare(ctx, system, at);
        }
    }

    /// A release that ruins data, that fails, or that was deployed last is to be taken back.
    pub(super) fn order_roll_back(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        command: Command,
        region: RegionId,
    ) -> Result<(), Refusal> {
        let plan = ctx.plan;
        let release = system.newest_release(region);
        if release.is_none() && !system.has_bad_release(region) {
            return Err(Refusal::NoRelease);
        }
        if system.dark[region.index()] {
            return Err(Refusal::Dark(region));
        }
        let rollout = self.rollout(plan).filter(|at| self.executions[*at].brought_to(plan).contains(region));
        if let Some(at) = rollout {
            // Nobody brings to the next region what is taken back in this one.
            let entry = ctx.note(self.executions[at].entry, What::Ordered(command));
            system.follow(Some(entry));
            self.call_off(ctx, system, at);
            return Ok(());
        }
        let book = plan.ordered_by(OrderedBy::RollBack).next().ok_or(Refusal::NoRunbook)?;
        self.begin_by_order(ctx, system, book, (command, region, region), |run| run.release = release);
        Ok(())
    }
}

/// What the steps do.
impl Operations {
    /// Whether there is something to be done in a step about a release.
    pub(super) fn is_release_wanted(&self, plan: &Plan, system: &System, task: Task<'_>) -> bool {
        let (run, on) = (&self.executions[task.at], task.on);
        let runs = run.release.is_some_and(|release| system.runs(on, release));
        debug_assert!(!runs || system.takes_releases(on), "what runs there has an image there");
        if task.step.action == Action::RollBack {
            return runs || system.has_bad_release(on);
        }
        if task.step.action == Action::Bake {
            return run.brought_to(plan).contains(on);
        }
        run.release.is_some() && system.takes_releases(on) && !runs
    }

    /// The time of a step about a release is over. Nobody passes what nobody could watch: while monitoring is blind it bakes on.
    pub(super) fn finish_release(&self, ctx: &mut Context<'_>, system: &mut System, task: Task<'_>) -> Next {
        let release = self.executions[task.at].release;
        if task.step.action == Action::RollBack {
            system.roll_back(ctx, task.on, release);
            return Next::Done;
        }
        debug_assert!(release.is_some(), "a release was ordered");
        let Some(release) = release else { return Next::Done };
        if task.step.action == Action::Bake {
            let monitor = system.monitoring.region;
            if system.dark[monitor.index()] {
                return Next::Again(Obstacle::Blind(monitor));
            }
            // Somebody may have taken it back in this very second.
            if system.runs(task.on, release) {
                system.pass(ctx, task.on, release);
            }
        } else {
            system.bring_out(ctx, task.on, release);
        }
        Next::Done
    }
}

impl Execution {
    /// It brings a release out, and is not over.
    pub fn rolls_out(&self, plan: &Plan) -> bool {
        let over = self.steps.iter().all(|step| step.progress.is_over());
        self.release.is_some() && self.runbook(plan).step_with(Action::Release).is_some() && !over
    }

    /// The regions that it has brought its release to.
    pub fn brought_to(&self, plan: &Plan) -> RegionSet {
        let mut regions = RegionSet::EMPTY;
        for (index, step) in self.runbook(plan).steps.iter().enumerate() {
            if step.action == Action::Release && self.steps[index].progress == Progress::Done {
                regions.insert(self.place_of(step));
            }
        }
        regions
    }
}
