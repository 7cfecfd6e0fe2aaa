//! What moves homes: partitions go to another region with all of their writes, or without those that cannot be reached.

use crate::model::Handover;
use crate::model::obstacle::Obstacle;
use crate::model::runbook::Action;
use crate::operations::Operations;
use crate::operations::execution::Task;
use crate::operations::interpreter::Next;
use crate::system::System;
use crate::system::context::Context;
use crate::system::stream::Replication;

impl Operations {
    /// The old home refuses writes of the partitions from now on, unless they move live.
    pub(super) fn start_handing_over(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        task: Task<'_>,
    ) -> Next {
        if ctx.plan.scenario.recovery.handover == Handover::Freeze {
            for partition in self.partitions(ctx.plan, system, task) {
                system.freeze_partition(ctx, partition);
            }
        }
        self.watch_handover(ctx, system, task)
    }

    /// Frozen partitions move when the new home has all of them; live ones at once.
    pub(super) fn watch_handover(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        task: Task<'_>,
    ) -> Next {
        let (from, to) = (task.from, task.to);
        let partitions = self.partitions(ctx.plan, system, task);
        let frozen = ctx.plan.scenario.recovery.handover == Handover::Freeze;
        // The old home may go on with partitions of its own: only what the new home lacks of these is waited for.
        let lacks = |stream: &Replication| {
            stream.missing().any(|commit| partitions.contains(&ctx.plan.partition(commit.key)))
        };
        let behind = system.streams.iter().any(|s| s.from == from && s.to == to && lacks(s));
        let dark = [from, to].into_iter().find(|region| system.dark[region.index()]);
        let cut =
            (system.network.direction(from, to).cuts > 0 && behind).then_some(Obstacle::LinkCut(from, to));
        if let Some(obstacle) = dark.map(Obstacle::RegionDark).or(cut).filter(|_| frozen) {
            return Next::Again(obstacle);
        }
        // What the old home has taken until it heard of the freeze goes along.
        let told = partitions.iter().all(|partition| system.ownership.is_told(from, *partition));
        if frozen && (behind || !told) {
            return Next::Again(Obstacle::Behind(to));
        }
        if system.is_made_anew(to) {
            // It would answer with what was undone.
            return Next::Again(Obstacle::Before(Action::RebuildStandbys.step()));
        }
        // Whoever has waited long has given the lease back.
        if let Some(obstacle) = self.no_lease(ctx.plan, system, task) {
            return Next::Again(obstacle);
        }
        self.give_homes(ctx, system, task);
        Next::Done
    }

    /// The partitions get their home in the region that work goes to.
    fn give_homes(&mut self, ctx: &mut Context<'_>, system: &mut System, task: Task<'_>) {
        debug_assert_ne!(task.from, task.to, "a home moves to another region");
        for partition in self.partitions(ctx.plan, system, task) {
            system.give_home(ctx, partition, task.to);
        }
        self.executions[task.at].moved = true;
    }
}
