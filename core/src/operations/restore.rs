//! What a restore does: a backup is chosen, and a database is made anew from it.

use crate::kernel::id::{EntryId, RegionId};
use crate::model::fault::FaultKind;
use crate::model::obstacle::Obstacle;
use crate::model::runbook::Action;
use crate::operations::Operations;
use crate::operations::execution::{Execution, Progress, Task};
use crate::operations::interpreter::Next;
use crate::system::System;
use crate::system::context::Context;
use crate::system::database::Status;

impl Operations {
    /// The backup that is used. What was wanted may be kept no more by now: the newest that is good has to do then.
    pub(super) fn choose_backup(&mut self, ctx: &Context<'_>, system: &System, task: Task<'_>) {
        let run = &mut self.executions[task.at];
        let best = |wanted_us| system.best_point(task.on, wanted_us, ctx.now);
        run.point = best(run.wanted_us).or_else(|| best(None));
        debug_assert!(run.point.is_some(), "a backup was found before it is fetched");
    }

    /// The time of the restore is over: the new database gets the data of its backup.
    pub(super) fn finish_restore(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        task: Task<'_>,
    ) -> Next {
        let region = task.on;
        if let Some(obstacle) = system.closed(region) {
            // The region went dark meanwhile: begin again when it is back.
            return Next::Wait(obstacle);
        }
        let plan = ctx.plan;
        let run = &self.executions[task.at];
        let open = [Action::RollBack, Action::Fence].into_iter().find(|action| run.is_at(plan, *action));
        if let Some(action) = open {
            // If it opened now it would be ruined again, or there would be two primaries.
            return Next::Again(Obstacle::Before(action.step()));
        }
        if let Some(obstacle) = self.no_lease(plan, system, task) {
            return Next::Again(obstacle);
        }
        let point = self.executions[task.at].point;
        let full = |system: &mut System, ctx: &mut Context<'_>| {
            point.filter(|point| !system.find_empty(ctx, point.snapshot))
        };
        if full(system, ctx).is_some_and(|point| system.restore(ctx, region, point)) {
            self.executions[task.at].moved = true;
            return Next::Told;
        }
        // What had been found is empty, or somebody has deleted it: another has to be looked for.
        let fetch = self.executions[task.at].runbook(plan).step_with(Action::FetchBackup);
        self.executions[task.at].point = None;
        if let Some(fetch) = fetch {
            self.executions[task.at].steps[fetch].progress = Progress::Before;
        }
        self.end_step(ctx, system, task);
        let step = &mut self.executions[task.at].steps[task.index];
        step.progress = Progress::Before;
        Next::Hold
    }

    /// The database takes writes, and blocks begin to be loaded.
    pub(super) fn on_restored(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        region: RegionId,
        told: Option<EntryId>,
    ) {
        system.follow(told);
        let in_place = |run: &&Execution| run.from == run.to && run.to == region;
        if self.executions.iter().any(|run| in_place(&run) && run.moved) {
            system.end_ruinous(ctx, |fault| {
                matches!(
                    fault.kind(),
                    FaultKind::MassDelete | FaultKind::Ransomware | FaultKind::InstanceDeleted
                )
            });
        }
        // Wherever it was started from: what the others have and the backup has not is undone.
        if ctx.plan.writes_everywhere() {
            system.close_others(region);
        }
        self.end_told(ctx, system, Action::Restore, region, told);
    }

    /// Nothing can be made without a backup. When the first region is back its own data is, and it goes on.
    pub(super) fn call_off_hopeless(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        let plan = ctx.plan;
        let hopeless = |run: &Execution| {
            let (from, to) = (run.from, run.to);
            let old = &system.databases[from.index()];
            let fenced = system.ownership.is_told(from, 0) && !system.ownership.takes(from, 0);
            let back = !system.dark[from.index()] && fenced && old.is_primary() && old.status == Status::Up;
            let none = system.best_point(to, run.wanted_us, ctx.now).is_none();
            from != to && run.is_at(plan, Action::FetchBackup) && none && back
        };
        if let Some(at) = self.executions.iter().position(hopeless) {
            self.call_off(ctx, system, at);
        }
    }
}
