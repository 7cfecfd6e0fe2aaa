//! Backups that are of no use when they are needed: deleted, with the database or by an intruder; never made; or empty.

use super::System;
use crate::kernel::id::{EntryId, RegionId};
use crate::model::MadeBy;
use crate::model::fault::{Effect, Fault};
use crate::model::plan::Plan;
use crate::system::backups::{Backups, Begun, Copying, Snapshot, Worth};
use crate::system::context::Context;
use crate::system::database::Role;
use crate::system::journal::What;

impl Backups {
    /// Somebody deletes what can be deleted: everything, or what is not in another account. Returns how many snapshots went.
    pub fn wipe(&mut self, but_copies: bool) -> u16 {
        self.has_full.fill(false);
        self.log_us = [None, self.log_us[1].filter(|_| but_copies)];
        self.delete_where(|_| true, but_copies)
    }

    /// A database is deleted with the backups that go with its instance: those that its service had made, in its region.
    /// Returns how many snapshots went.
    pub fn delete_with_instance(&mut self, plan: &Plan, region: RegionId) -> u16 {
        let backup = &plan.scenario.backup;
        let own = |snapshot: &Snapshot| snapshot.region == region && !snapshot.gone;
        // Of a snapshot that is not whole the rest can be read nowhere any more.
        let torn = self.delete_where(|snapshot| own(snapshot) && !snapshot.whole, true);
        if backup.made_by != MadeBy::Service || backup.retained {
            return torn;
        }
        self.has_full[region.index()] = false;
        if self.log_region == region {
            self.log_us[0] = None;
        }
        torn + self.delete_where(|snapshot| own(snapshot) && snapshot.begun == Begun::ByPlan, true)
    }

    /// Snapshots are deleted where they were taken; their copies too, or not. Returns how many.
    fn delete_where(&mut self, which: impl Fn(&Snapshot) -> bool, but_copies: bool) -> u16 {
        let mut count = 0;
        self.shelf.retain_mut(|snapshot| {
            if !which(snapshot) {
                return true;
            }
            count += u16::from(!(but_copies && snapshot.gone));
            snapshot.gone = true;
            but_copies && matches!(snapshot.copy, Copying::Done(_))
        });
        debug_assert!(
            self.shelf.iter().all(|it| !it.gone || matches!(it.copy, Copying::Done(_))),
            "something is left"
        );
        count
    }

    /// The job that makes snapshots begins to fail, or does so no more.
    pub fn fail(&mut self, on: bool) {
        self.failing = if on { self.failing + 1 } else { self.failing.saturating_sub(1) };
    }

    /// What the job makes begins to be empty, because of a fault, or is so no more.
    pub fn empty(&mut self, because: Option<EntryId>) {
        self.empty = if because.is_some() { self.empty + 1 } else { self.empty.saturating_sub(1) };
        self.emptied_by = because.or(self.emptied_by);
    }

    /// The job that makes snapshots does not make any.
    pub fn is_failing(&self) -> bool {
        self.failing > 0
    }

    /// Somebody restores from a snapshot. If it is empty that is known from now on, and true is returned.
    pub fn find_empty(&mut self, id: u16) -> bool {
        let known = self.shelf.iter_mut().find(|snapshot| snapshot.id == id);
        let Some(snapshot) = known.filter(|it| it.worth != Worth::Good) else { return false };
        snapshot.worth = Worth::FoundEmpty;
        true
    }
}

impl System {
    /// A region's database is deleted, with what goes with its instance. Where there is none yet, or another is being made,
    /// nothing is.
    pub(super) fn delete_database(&mut self, ctx: &mut Context<'_>, region: RegionId, entry: EntryId) {
        let database = &mut self.databases[region.index()];
        let there = matches!(database.role, Role::Primary | Role::Replica | Role::Promoting);
        if !there || database.deleted.is_some() {
            return;
        }
        let snapshots = self.backups.delete_with_instance(ctx.plan, region);
        let told = ctx.note(Some(entry), What::DatabaseDeleted(region, snapshots));
        database.go_dark(Some(told));
        (database.deleted, database.loading, database.cache) = (Some(told), None, None);
        self.ruined_by = Some(told);
        // Nothing comes to it any more; what it had sent is still on its way.
        self.streams.retain(|stream| stream.to != region);
    }

    /// Whether a region's database was deleted, and none has been made there since.
    pub fn is_deleted(&self, region: RegionId) -> bool {
        self.databases[region.index()].deleted.is_some()
    }

    /// Whether the work goes to another region because of a fault that ruins data: the database was deleted, and there is a copy
    /// of it elsewhere, or no backup where it was.
    pub fn goes_on_elsewhere(&self, ctx: &Context<'_>, fault: Fault) -> bool {
        let primary = self.ownership.primary();
        let copied =
            || self.recovery_region(ctx.plan, primary).is_some_and(|region| self.can_be_promoted(region));
        let nothing = || self.best_point(primary, None, ctx.now).is_none();
        let deleted = matches!(fault.effect(), Effect::Gone(_)) && self.is_deleted(primary);
        deleted && (copied() || nothing())
    }

    /// Whether a copy of another region's database can be put into a region: the database there answers, or was deleted and
    /// can be made.
    pub fn can_be_filled(&self, region: RegionId) -> bool {
        self.answers(region) || (self.is_deleted(region) && self.closed(region).is_none())
    }

    /// Somebody who restores from a snapshot, for a test or because it is needed, finds it empty, if it is.
    pub fn find_empty(&mut self, ctx: &mut Context<'_>, id: u16) -> bool {
        let shelf = &self.backups.shelf;
        let known = shelf.iter().any(|it: &Snapshot| it.id == id && it.worth == Worth::FoundEmpty);
        let found = self.backups.find_empty(id);
        if found && !known {
            // Whoever has mended the job since has not mended what it made before.
            let cause = self.backups.emptied_by.or(self.control.entry).or(ctx.cause());
            ctx.note(cause, What::BackupFoundEmpty(id));
        }
        found
    }
}
