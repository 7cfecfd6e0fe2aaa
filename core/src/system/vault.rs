//! Backups while the machines run: which database is backed up, and whether copies can go on.

use super::System;
use crate::kernel::id::RegionId;
use crate::kernel::pieces::Pieces;
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::model::plan::Plan;
use crate::system::backups::Copying;
use crate::system::context::Context;
use crate::system::database::Database;
use crate::system::journal::What;
use crate::system::occurrence::Occurrence;
use crate::system::timer::BackupTimer;

impl System {
    /// The region whose database is backed up: the primary's, or if all take writes the first that is there and may hold
    /// everything.
    fn backed_up(&self, plan: &Plan) -> Option<RegionId> {
        // An old primary is kept for people, and not backed up.
        let owns = |db: &Database| self.ownership.partitions() > 1 || db.region == self.ownership.primary();
        let open = |db: &&Database| db.can_ship() && owns(db) && plan.placement.may_hold_all(db.region);
        let primary = &self.databases[self.ownership.primary().index()];
        Some(primary).filter(open).or_else(|| self.databases.iter().find(open)).map(|db| db.region)
    }

    /// A timer of the backup plan.
    pub(super) fn on_backup_timer(&mut self, ctx: &mut Context<'_>, timer: BackupTimer) {
        match timer {
            BackupTimer::Due => self.backups.due(ctx),
            BackupTimer::Begins => self.on_backup_begins(ctx),
            BackupTimer::SnapshotDone(snapshot) => self.on_snapshot_done(ctx, snapshot),
            BackupTimer::CopyDone(snapshot) => self.on_copy_done(ctx, snapshot),
            BackupTimer::LogKept => self.on_log_kept(ctx),
        }
    }

    /// A snapshot begins. From then on the log of that database is kept, if it is to be restored to any moment.
    fn on_backup_begins(&mut self, ctx: &mut Context<'_>) {
        let Some(region) = self.backed_up(ctx.plan) else { return };
        let database = &mut self.databases[region.index()];
        if ctx.plan.scenario.backup.point_in_time {
            database.log.get_or_insert_with(Pieces::default);
        }
        let image = database.image();
        self.backups.begin(ctx, region, image);
    }

    /// A snapshot has taken in what it needs, or its region has gone dark meanwhile.
    fn on_snapshot_done(&mut self, ctx: &mut Context<'_>, id: u16) {
        let Some(region) = self.snapshot_region(id) else { return };
        let lost = self.dark[region.index()];
        self.backups.snapshot_done(ctx, id, lost);
        if !lost {
            ctx.note(None, What::BackupTaken { region, snapshot: id });
        }
    }

    fn snapshot_region(&self, id: u16) -> Option<RegionId> {
        self.backups.shelf.iter().find(|snapshot| snapshot.id == id).map(|snapshot| snapshot.region)
    }

    /// Whether a copy from one region to another can go on.
    fn copies_go_on(&self, from: RegionId, to: RegionId) -> bool {
        let cut = self.network.direction(from, to).cuts > 0;
        let planes = self.control_plane_up(from) && self.control_plane_up(to);
        !cut && planes && !self.has_fault(FaultKind::BackupCopy, Target::Nothing)
    }

    /// The region that a region's backups are copied to; the region itself if there is no other that may hold them.
    pub fn vault_of(plan: &Plan, region: RegionId) -> RegionId {
        plan.vault_of(region).unwrap_or(region)
    }

    /// The copy of a snapshot should have arrived.
    fn on_copy_done(&mut self, ctx: &mut Context<'_>, id: u16) {
        let Some(region) = self.snapshot_region(id) else { return };
        let to = Self::vault_of(ctx.plan, region);
        let closed = !self.copies_go_on(region, to);
        let mut shelf = self.backups.shelf.iter();
        let stalled = shelf.any(|snapshot| snapshot.id == id && snapshot.copy == Copying::Stalled);
        if self.backups.copy_done(ctx, id, closed) {
            ctx.note(None, What::BackupCopied { region, snapshot: id });
        } else if !stalled {
            let cause = self.why_copies_stand(ctx, region, to);
            ctx.note(cause, What::BackupCopyDelayed { region, snapshot: id });
        }
    }

    /// The log is uploaded.
    fn on_log_kept(&mut self, ctx: &mut Context<'_>) {
        let region = self.backed_up(ctx.plan);
        let copies = region.is_some_and(|from| self.copies_go_on(from, Self::vault_of(ctx.plan, from)));
        let source = region.map(|region| &self.databases[region.index()]);
        self.backups.keep_log(ctx, source, copies);
        if let Some(region) = region {
            debug_assert_eq!(self.backups.log_region(), region, "the log of what is backed up is kept");
            ctx.tell(Occurrence::LogKept { region });
        }
    }
}
