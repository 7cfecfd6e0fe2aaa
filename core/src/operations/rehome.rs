//! The runbooks that move homes: of one partition by order, or of all partitions of a dark region.

use crate::kernel::id::RegionId;
use crate::model::Handover;
use crate::model::fault::Command;
use crate::model::runbook::{Obstacle, StepName};
use crate::operations::Operations;
use crate::operations::execution::{Course, Stage};
use crate::system::System;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::occurrence::Beginning;
use crate::system::stream::Replication;

impl Operations {
    /// The move of a partition's home is ordered.
    pub(super) fn order_move_home(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        partition: RegionId,
        to: RegionId,
    ) {
        let command = Command::MoveHome(partition, to);
        let from = ctx.plan.has_homes().then(|| system.ownership.newest(partition.index()).owner);
        let from = from.filter(|from| *from != to && !system.dark[to.index()]);
        let free = matches!(self.recovery.stage, Stage::Idle | Stage::Over);
        let (Some(from), true) = (from, free) else {
            ctx.note(None, What::OrderRefused(command));
            return;
        };
        let entry = ctx.note(None, What::Ordered(command));
        let beginning = Beginning { command: Some(command), from, to, about: None, entry };
        self.begin_run(ctx, system, beginning, Course::MoveHome(partition));
        self.begin_to_act(ctx, Stage::FailingOver);
        self.begin_step(ctx, system, StepName::HandOver);
        if ctx.plan.scenario.recovery.handover == Handover::Freeze {
            // The old home refuses writes of this partition from now on.
            system.freeze_partition(ctx, partition.index());
        }
        self.watch_handover(ctx, system);
    }

    /// A frozen partition moves when the new home has all of it; a live one at once.
    pub(super) fn watch_handover(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        let Course::MoveHome(partition) = self.recovery.course else { return };
        if !self.is_open(StepName::HandOver) {
            return;
        }
        let (from, to) = (self.recovery.from, self.recovery.to);
        let frozen = ctx.plan.scenario.recovery.handover == Handover::Freeze;
        // The old home may go on with partitions of its own: only what the new home lacks of this one is waited for.
        let lacks = |stream: &Replication| {
            stream.missing().any(|commit| ctx.plan.partition(commit.key) == partition.index())
        };
        let behind = system.streams.iter().any(|s| s.from == from && s.to == to && lacks(s));
        let dark = [from, to].into_iter().find(|region| system.dark[region.index()]).filter(|_| frozen);
        let cut = system.network.direction(from, to).cuts > 0 && frozen;
        let obstacle = dark.map(Obstacle::RegionDark).or((cut && behind).then_some(Obstacle::NoReplica(to)));
        // What the old home has taken until it heard of the freeze goes along.
        let told = system.ownership.is_told(from, partition.index());
        if self.block(ctx, system, StepName::HandOver, obstacle) || (frozen && (behind || !told)) {
            return;
        }
        debug_assert!(!frozen || !behind, "a frozen partition moves whole");
        self.end_step(ctx, system, StepName::HandOver);
        system.give_home(ctx, partition.index(), to);
        self.end_run(ctx, Stage::Idle);
        self.recovery.course = Course::Promote;
    }

    /// The runbook gives the partitions of a region that is dark another home.
    pub(super) fn on_rehomed(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        self.end_step(ctx, system, StepName::Rehome);
        let (from, to) = (self.recovery.from, self.recovery.to);
        debug_assert_ne!(from, to, "a home moves to another region");
        for partition in 0..system.ownership.partitions() {
            if system.ownership.newest(partition).owner == from {
                system.give_home(ctx, partition, to);
            }
        }
        self.end_run(ctx, Stage::Idle);
        self.recovery.course = Course::Promote;
    }
}
