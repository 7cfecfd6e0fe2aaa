//! The runbook of a failback: what only the old primary has is set aside, its data is replaced, and the roles are switched
//! over when the copy has caught up. Also the old primary that an engine takes back as a follower by itself.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId};
use crate::model::fault::Command;
use crate::model::runbook::{Obstacle, StepName};
use crate::operations::Operations;
use crate::operations::execution::{Course, Stage};
use crate::system::System;
use crate::system::context::Context;
use crate::system::database::{Database, Role};
use crate::system::event::OnCallTimer;
use crate::system::journal::What;
use crate::system::occurrence::Beginning;
use crate::system::stream::Replication;

/// The lag below which writes may stop for a switchover.
const CLOSE_BEHIND: SimDuration = SimDuration::from_micros(2_000_000);

impl Operations {
    /// A failback is ordered. Refused unless the first region is up and has a copy that can follow.
    pub(super) fn order_fail_back(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        let (home, from) = (ctx.plan.blueprint.primary(), system.ownership.primary());
        let role = system.databases[home.index()].role;
        let ready = self.recovery.stage == Stage::Over
            && from != home
            && !system.dark[home.index()]
            && (role == Role::Replica || system.is_replaced(ctx.plan, home));
        if !ready {
            ctx.note(None, What::OrderRefused(Command::FailBack));
            return;
        }
        let entry = ctx.note(None, What::Ordered(Command::FailBack));
        let beginning = Beginning { command: Some(Command::FailBack), from, to: home, about: None, entry };
        self.begin_run(ctx, system, beginning, Course::Promote);
        self.begin_to_act(ctx, Stage::FailingBack);
        if role == Role::Replica {
            // The engine has taken it back already.
            self.begin_step(ctx, system, StepName::CatchUp);
        } else {
            self.begin_timed(ctx, system, StepName::SetAside, 0.0);
        }
    }

    /// What only the old primary has is set aside, as soon as both regions answer.
    pub(super) fn on_set_aside_time(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        let (source, old) = (self.recovery.from, self.recovery.to);
        let silent = [source, old].into_iter().find(|region| !system.answers(*region));
        if self.block(ctx, system, StepName::SetAside, silent.map(Obstacle::RegionDark)) {
            if silent == Some(source) && system.answers(old) {
                // Without the other region's data the old primary could go on from where it was.
                self.ask(ctx, system, old);
            }
            ctx.after_s(1.0, OnCallTimer::StepDone(StepName::SetAside, self.recovery.run));
            return;
        }
        debug_assert_eq!(self.recovery.stage, Stage::FailingBack, "only a failback sets aside as a step");
        system.set_aside(ctx, (source, old), System::copy_s(ctx.plan));
    }

    /// What only the old primary has was set aside for people. The copy is that of this moment; what is written from now on
    /// follows through the stream.
    pub(super) fn on_set_aside(&mut self, ctx: &mut Context<'_>, system: &System) {
        if self.end_step(ctx, system, StepName::SetAside) {
            debug_assert!(system.transfer_to(self.recovery.to).is_some(), "a copy is on its way");
            self.begin_step(ctx, system, StepName::Rebuild);
        }
    }

    /// A second has passed: writes stop once the copy has caught up and the first region has servers.
    pub(super) fn watch_failback(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        if !self.is_open(StepName::CatchUp) {
            return;
        }
        let home = self.recovery.to;
        let ready = system.databases[home.index()].readable() && system.fleets.serving(home) > 0;
        let close = system.stream_to(home).is_some_and(|stream| stream.lag(ctx.now) < CLOSE_BEHIND);
        let obstacle = (!ready).then_some(Obstacle::NoReplica(home));
        if !self.block(ctx, system, StepName::CatchUp, obstacle) && close {
            self.end_step(ctx, system, StepName::CatchUp);
            system.stop_writes(ctx);
            let seconds = ctx.plan.scenario.recovery.switchover_s;
            self.begin_timed(ctx, system, StepName::Switchover, *seconds);
        }
    }

    /// Writes have stopped. When the copy has everything it becomes the primary, and nothing is lost.
    pub(super) fn on_switchover_time(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        debug_assert!(self.is_open(StepName::Switchover), "a switchover ends that had begun");
        let (from, home) = (self.recovery.from, self.recovery.to);
        let behind = system.stream_to(home).map_or(0, Replication::behind);
        if behind > 0 || system.dark[home.index()] || !system.databases[home.index()].readable() {
            self.block(ctx, system, StepName::Switchover, Some(Obstacle::NoReplica(home)));
            ctx.after_s(1.0, OnCallTimer::StepDone(StepName::Switchover, self.recovery.run));
            return;
        }
        system.switch_over(ctx, from, home);
    }

    /// The first region is the primary's again: the record follows.
    pub(super) fn on_switched_over(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        told: Option<EntryId>,
    ) {
        system.follow(told);
        let ended = self.end_step(ctx, system, StepName::Switchover);
        debug_assert!(ended, "only a switchover switches over");
        self.begin_step(ctx, system, StepName::ReturnRecord);
    }

    /// Clients come back: what was added for the disaster is not wanted any more.
    pub(super) fn end_failback(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        debug_assert_eq!(system.ownership.primary(), self.recovery.to, "the work is back");
        let (from, home) = (self.recovery.from, self.recovery.to);
        system.reset_servers(ctx.plan, from);
        if !ctx.plan.blueprint.copies_follow() {
            system.take_down(from);
        }
        ctx.note(system.control.entry, What::FailedBack(home));
        self.end_run(ctx, Stage::Idle);
    }

    /// If the engine keeps its topology, the old primary follows again by itself.
    pub(super) fn rejoin_if_possible(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        let kept = !ctx.plan.rules.one_way
            && self.recovery.course == Course::Promote
            && system.answers(system.ownership.primary());
        let free = |region: RegionId| system.streams.iter().all(|it| it.from != region && it.to != region);
        let back = |db: &&Database| {
            system.is_replaced(ctx.plan, db.region) && system.answers(db.region) && free(db.region)
        };
        let old = system.databases.iter().find(back);
        if let (true, Some(region)) = (kept, old.map(|db| db.region)) {
            debug_assert_ne!(region, system.ownership.primary(), "the primary does not follow itself");
            self.begin_step(ctx, system, StepName::Rejoin);
            let seconds = *ctx.plan.scenario.database.restart_s;
            system.set_aside(ctx, (system.ownership.primary(), region), seconds);
        }
    }
}
