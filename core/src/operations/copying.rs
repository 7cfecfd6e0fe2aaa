//! Copies that are filled anew: those of other regions after a promotion or a restore, and an old primary's.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId};
use crate::model::obstacle::Obstacle;
use crate::model::runbook::Action;
use crate::operations::Operations;
use crate::operations::execution::Task;
use crate::operations::interpreter::Next;
use crate::system::System;
use crate::system::context::Context;
use crate::system::database::Role;
use crate::system::journal::What;
use crate::system::stream::Replication;

/// The lag below which writes may stop for a switchover.
const CLOSE_BEHIND: SimDuration = SimDuration::from_micros(2_000_000);

impl Operations {
    /// Copies begin where both ends answer, and what keeps them waiting is said.
    pub(super) fn watch_standbys(&self, ctx: &mut Context<'_>, system: &mut System) -> Next {
        let source = system.ownership.primary();
        if system.is_made_anew(source) {
            let dark = system.dark[source.index()].then_some(Obstacle::RegionDark(source));
            return Next::Again(dark.unwrap_or(Obstacle::Before(Action::Restore.step())));
        }
        // An engine that keeps its topology brings what differs, and not everything.
        let whole = ctx.plan.rules.one_way || ctx.plan.writes_everywhere();
        let seconds = if whole { System::copy_s(ctx.plan) } else { *ctx.plan.scenario.database.restart_s };
        let ready = |region: &RegionId| system.answers(source) && system.can_be_filled(*region);
        let now: Vec<RegionId> = system.unfilled(source).filter(ready).collect();
        for region in now {
            system.follow_anew(ctx, (source, region), seconds);
        }
        let waits = system.unfilled(source).find_map(|region| system.no_way_between(source, region));
        let ends: Vec<(RegionId, RegionId)> = system.transfers_from(source).collect();
        let stands = ends.iter().find_map(|(from, to)| system.no_way_between(*from, *to));
        match waits.or(stands) {
            Some(obstacle) => Next::Again(obstacle),
            None if ends.is_empty() && system.unfilled(source).next().is_none() => Next::Done,
            None => Next::Watch,
        }
    }

    /// If the engine keeps its topology, the old primary follows again as soon as both are back.
    pub(super) fn watch_rejoin(ctx: &mut Context<'_>, system: &mut System, task: Task<'_>) -> Next {
        let (old, source) = (task.on, system.ownership.primary());
        if system.transfer_to(old).is_some() {
            return system
                .transfer_to(old)
                .and_then(|it| system.no_way_between(it.from, old))
                .map_or(Next::Watch, Next::Again);
        }
        if system.databases[old.index()].role == Role::Replica {
            ctx.note(system.control.entry, What::Rejoined(old));
            return Next::Done;
        }
        if source == old {
            // The work has come back: there is nothing to follow.
            return Next::Done;
        }
        if let Some(obstacle) = system.no_way_between(source, old) {
            return Next::Again(obstacle);
        }
        let free = system.streams.iter().all(|it| it.from != old && it.to != old);
        if system.is_replaced(ctx.plan, old) && free {
            system.set_aside(ctx, (source, old), *ctx.plan.scenario.database.restart_s);
        }
        Next::Watch
    }

    /// What only the old primary has is set aside, as soon as both regions answer.
    pub(super) fn start_setting_aside(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        task: Task<'_>,
    ) -> Next {
        let (source, old) = (task.from, task.to);
        if let Some(obstacle) = system.no_way_between(source, old) {
            if !system.answers(source) && system.answers(old) {
                // Without the other region's data the old primary could go on from where it was.
                self.ask(ctx, system, task);
            }
            return Next::Wait(obstacle);
        }
        if system.transfer_to(old).is_some() || !system.databases[old.index()].is_primary() {
            // Somebody has begun to bring it back already; or it is no old primary, and has nothing of its own.
            return Next::Done;
        }
        system.set_aside(ctx, (source, old), System::copy_s(ctx.plan));
        Next::Done
    }

    /// The copy is on its way; if its source was lost it begins again.
    pub(super) fn watch_copy(&mut self, ctx: &mut Context<'_>, system: &mut System, task: Task<'_>) -> Next {
        let (source, copy) = (task.from, task.to);
        if system.databases[copy.index()].role == Role::Replica && system.transfer_to(copy).is_none() {
            return Next::Done;
        }
        if let Some(obstacle) = system.no_way_between(source, copy) {
            return Next::Again(obstacle);
        }
        if system.transfer_to(copy).is_none() {
            system.follow_anew(ctx, (source, copy), System::copy_s(ctx.plan));
        }
        Next::Watch
    }

    /// Writes may stop once the copy has caught up and its region has servers.
    pub(super) fn watch_catching_up(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        task: Task<'_>,
    ) -> Next {
        let (source, copy) = (task.from, task.to);
        if let Some(obstacle) = system.no_way_between(source, copy) {
            if !system.answers(source) && system.can_be_promoted(copy) {
                self.ask(ctx, system, task);
            }
            return Next::Again(obstacle);
        }
        if !system.databases[copy.index()].readable() || system.fleets.serving(copy) == 0 {
            return Next::Again(Obstacle::NoReplica(copy));
        }
        let Some(stream) = system.stream_to(copy) else { return Next::Again(Obstacle::NoReplica(copy)) };
        if stream.lag(ctx.now) < CLOSE_BEHIND { Next::Done } else { Next::Again(Obstacle::Behind(copy)) }
    }

    /// Writes have stopped. When the copy has everything it becomes the primary, and nothing is lost.
    pub(super) fn finish_switchover(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        task: Task<'_>,
    ) -> Next {
        let (from, to) = (task.from, task.to);
        if let Some(obstacle) = system.no_way_between(from, to) {
            if !system.answers(from) && system.can_be_promoted(to) {
                self.ask(ctx, system, task);
            }
            return Next::Again(obstacle);
        }
        let behind = system.stream_to(to).map_or(0, Replication::behind) > 0;
        // What the primary takes until it has heard goes along.
        let heard = system.ownership.is_told(from, 0);
        if behind || !heard {
            return Next::Again(Obstacle::Behind(to));
        }
        if !system.databases[to.index()].readable() {
            return Next::Again(Obstacle::NoReplica(to));
        }
        // Whoever has waited long has given the lease back.
        if let Some(obstacle) = self.no_lease(ctx.plan, system, task) {
            return Next::Again(obstacle);
        }
        self.executions[task.at].moved = true;
        system.switch_over(ctx, from, to);
        Next::Told
    }

    /// Roles are switched over: clients can follow.
    pub(super) fn on_switched_over(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        to: RegionId,
        told: Option<EntryId>,
    ) {
        system.follow(told);
        self.end_told(ctx, system, Action::SwitchOver, to, told);
    }

    /// A copy is whole: it follows.
    pub(super) fn on_copied(&mut self, ctx: &mut Context<'_>, system: &mut System, to: RegionId) {
        system.end_filling(ctx, to);
        for at in 0..self.executions.len() {
            self.advance(ctx, system, at);
        }
        debug_assert!(system.transfer_to(to).is_none(), "what is whole is not on its way");
        self.retire(ctx);
    }
}
