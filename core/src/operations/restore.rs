//! The runbooks that use backups: a database is made anew from a snapshot and the log.

use crate::kernel::id::{EntryId, RegionId};
use crate::model::Cutover;
use crate::model::fault::{Command, FaultKind};
use crate::model::runbook::{Obstacle, StepName};
use crate::operations::Operations;
use crate::operations::execution::{Course, Stage};
use crate::system::System;
use crate::system::context::Context;
use crate::system::database::Status;
use crate::system::event::OnCallTimer;
use crate::system::journal::What;
use crate::system::occurrence::Beginning;

impl Operations {
    /// A restore is ordered: to a second since the start, or to the newest good moment.
    pub(super) fn order_restore(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        region: RegionId,
        second: Option<i32>,
    ) {
        let command = Command::Restore(region, second);
        let wanted_us = second.map(|second| i64::from(second) * 1_000_000);
        let at_work = system.ownership.takes(region, system.ownership.partition_of_region(region))
            && !system.dark[region.index()];
        let deciding = self.recovery.stage == Stage::Deciding && self.recovery.course == Course::Restore;
        let free =
            matches!(self.recovery.stage, Stage::Idle | Stage::Over | Stage::Deciding) || self.recovery.tried;
        if !(at_work && free) || system.best_point(region, wanted_us, ctx.now).is_none() {
            ctx.note(None, What::OrderRefused(command));
            return;
        }
        let entry = ctx.note(None, What::Ordered(command));
        if self.recovery.tried {
            self.abandon(ctx, system);
        }
        if !deciding {
            self.end_deciding(ctx, system);
            let about = system.first_ruin().map(|ruin| ruin.entry);
            let beginning = Beginning { command: Some(command), from: region, to: region, about, entry };
            self.begin_run(ctx, system, beginning, Course::Restore);
        }
        self.recovery.wanted_us = wanted_us;
        system.follow(Some(entry));
        self.declare(ctx, system);
    }

    /// A restore in place: writes stop, and a release that ruins data is rolled back first.
    pub(super) fn begin_restore(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        debug_assert_eq!(self.recovery.from, self.recovery.to, "a restore is where the database is");
        system.close_for_restore(ctx, self.recovery.to);
        if system.faults.iter().any(|active| active.fault.kind() == FaultKind::Corruption) {
            self.begin_timed(ctx, system, StepName::Rollback, *ctx.plan.scenario.recovery.deploy_s);
        }
        self.begin_step(ctx, system, StepName::FetchBackup);
        self.watch_restore(ctx, system);
    }

    pub(super) fn on_rolled_back(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        debug_assert!(self.is_open(StepName::Rollback), "a release is taken back once");
        self.end_step(ctx, system, StepName::Rollback);
        system.end_ruinous(ctx, |fault| fault.kind() == FaultKind::Corruption);
    }

    /// A second has passed: the steps of a restore go on once there is a backup and a region to restore to.
    pub(super) fn watch_restore(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        let to = self.recovery.to;
        if self.is_open(StepName::FetchBackup) && !self.recovery.timed.contains(&StepName::FetchBackup) {
            // What was wanted may be kept no more by the time that this begins: the newest that is good has to do then.
            let best = |wanted_us| system.best_point(to, wanted_us, ctx.now);
            self.recovery.point = best(self.recovery.wanted_us).or_else(|| best(None));
            let none = self.recovery.point.is_none().then_some(Obstacle::NoBackup(to));
            let obstacle = system.closed(to).or(none);
            let archived = self.recovery.point.is_some_and(|point| point.copied);
            let (least, most) = ctx.plan.scenario.backup.storage_class.retrieval_s();
            let mut draws = self.recovery.span(ctx, StepName::FetchBackup);
            self.start_when_free(ctx, system, StepName::FetchBackup, obstacle, || {
                if archived { draws.between(least, most) } else { 0.0 }
            });
        }
        let (backup, obstacle) = (&ctx.plan.scenario.backup, system.closed(to));
        if !system.is_built(to) {
            self.block(ctx, system, StepName::Restore, Some(Obstacle::Before(StepName::BuildNetwork)));
        } else if !self.recovery.timed.contains(&StepName::Restore) {
            let mut draws = self.recovery.span(ctx, StepName::Restore);
            self.start_when_free(ctx, system, StepName::Restore, obstacle, || {
                let (least, typical) = (backup.restore_min_s, backup.restore_typical_s);
                draws.triangular(least, typical, backup.restore_max_s)
            });
        }
        let ready = self.recovery.course == Course::Rebuild
            && system.ownership.primary() == to
            && !self.is_open(StepName::ScaleOut);
        let named = self.is_open(StepName::ChangeRecord) || system.route53.pinned == Some(to);
        let by_record = ctx.plan.scenario.recovery.cutover == Cutover::RecordChange;
        if ready && system.is_built(to) && !named && by_record {
            self.begin_step(ctx, system, StepName::ChangeRecord);
        }
    }

    /// Nothing can be made without a backup. When the first region is back its own data is, and it goes on.
    pub(super) fn call_off_if_back(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        let (from, to) = (self.recovery.from, self.recovery.to);
        let hopeless = self.recovery.course == Course::Rebuild
            && self.is_open(StepName::FetchBackup)
            && system.best_point(to, self.recovery.wanted_us, ctx.now).is_none();
        let old = &system.databases[from.index()];
        let fenced = system.ownership.is_told(from, 0) && !system.ownership.takes(from, 0);
        let back = !system.dark[from.index()] && fenced && old.is_primary() && old.status == Status::Up;
        if !(hopeless && back) {
            return;
        }
        let run = self.recovery.run;
        while let Some(index) = self.recovery.open.iter().position(|step| step.run == run) {
            self.end_open_step(ctx, system, index);
        }
        debug_assert_ne!(system.ownership.primary(), to, "what serves is not called off");
        system.reinstate(ctx, from);
        system.reset_servers(ctx.plan, to);
        self.end_run(ctx, Stage::Idle);
        // Timers of what was begun are not for the next.
        self.recovery.run += 1;
    }

    pub(super) fn on_backup_fetched(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        debug_assert!(self.recovery.point.is_some(), "what was fetched had been found");
        self.end_step(ctx, system, StepName::FetchBackup);
        self.begin_step(ctx, system, StepName::Restore);
        self.watch_restore(ctx, system);
    }

    /// The time of the restore is over: the new database gets the data of its backup.
    pub(super) fn on_restore_time(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        debug_assert!(self.is_open(StepName::Restore), "a restore ends that had begun");
        let region = self.recovery.to;
        let (Some(point), None) = (self.recovery.point, system.closed(region)) else {
            // The region went dark meanwhile: begin again when it is back.
            self.recovery.timed.retain(|step| *step != StepName::Restore);
            return;
        };
        let open = [StepName::Rollback, StepName::Fence].into_iter().find(|step| self.is_open(*step));
        if self.block(ctx, system, StepName::Restore, open.map(Obstacle::Before)) {
            // If it opened now it would be ruined again, or there would be two primaries.
            ctx.after_s(1.0, OnCallTimer::StepDone(StepName::Restore, self.recovery.run));
            return;
        }
        if !system.restore(ctx, region, point) {
            // Somebody deleted what had been found: another has to be looked for.
            self.recovery.point = None;
            self.recovery.timed.retain(|step| !matches!(step, StepName::Restore | StepName::FetchBackup));
            self.end_step(ctx, system, StepName::Restore);
            self.begin_step(ctx, system, StepName::FetchBackup);
        }
    }

    /// The database takes writes, and blocks begin to be loaded.
    pub(super) fn on_restored(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        region: RegionId,
        told: Option<EntryId>,
    ) {
        debug_assert_eq!(region, self.recovery.to, "what was asked for was restored");
        self.recovery.restored = true;
        system.follow(told);
        self.end_step(ctx, system, StepName::Restore);
        self.end_loading(ctx, system);
        self.begin_step(ctx, system, StepName::LoadBlocks);
        if self.recovery.course == Course::Restore {
            system.end_ruinous(ctx, |fault| {
                matches!(fault.kind(), FaultKind::MassDelete | FaultKind::Ransomware)
            });
            if ctx.plan.writes_everywhere() {
                system.close_others(region);
            }
            self.begin_filling(ctx, system, region);
        }
    }

    /// The blocks that were being loaded are there, or of no use any more, whatever run wanted them.
    pub(super) fn end_loading(&mut self, ctx: &mut Context<'_>, system: &System) {
        let loading = |step: &crate::operations::execution::OpenStep| step.name == StepName::LoadBlocks;
        while let Some(index) = self.recovery.open.iter().position(loading) {
            self.end_open_step(ctx, system, index);
        }
    }
}
