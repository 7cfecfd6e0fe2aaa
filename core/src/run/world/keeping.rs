//! Backups while the world runs: whose are made, whether their copies can go on, and which could be restored.

use crate::kernel::clock::SimTime;
use crate::kernel::id::RegionId;
use crate::model::fault::Fault;
use crate::model::plan::Plan;
use crate::run::world::World;
use crate::system::backups::RestorePoint;
use crate::system::context::Context;
use crate::system::database::Role;
use crate::system::journal::What;

impl World {
    /// The region whose database is backed up: the primary's, or where all take writes the first that is there.
    fn backed_up(&self) -> Option<RegionId> {
        let open = |db: &&crate::system::database::Database| db.role == Role::Primary && db.can_ship();
        let acting = &self.system.databases[self.system.acting.index()];
        Some(acting).filter(open).or_else(|| self.system.databases.iter().find(open)).map(|db| db.region)
    }

    pub(super) fn on_backup_begins(&mut self, ctx: &mut Context<'_>) {
        if let Some(region) = self.backed_up() {
            self.system.backups.begin(ctx, region, self.observer.ledger.len());
        }
    }

    pub(super) fn on_snapshot_done(&mut self, ctx: &mut Context<'_>, id: u16) {
        let Some(region) = self.snapshot_region(id) else { return };
        let lost = self.system.dark[region.index()];
        self.system.backups.snapshot_done(ctx, id, lost);
        if !lost {
            ctx.note(None, What::BackupTaken { region, snapshot: id });
        }
    }

    fn snapshot_region(&self, id: u16) -> Option<RegionId> {
        self.system.backups.shelf.iter().find(|snapshot| snapshot.id == id).map(|snapshot| snapshot.region)
    }

    /// The region that a region's backups are copied to.
    pub fn vault_region(plan: &Plan, from: RegionId) -> RegionId {
        RegionId(if from.0 > 0 { 0 } else { plan.regions().min(2) as u8 - 1 })
    }

    /// Whether a copy from one region to the other can go on.
    fn copies_go_on(&self, ctx: &Context<'_>, from: RegionId) -> bool {
        let to = Self::vault_region(ctx.plan, from);
        let cut = self.system.network.direction(from, to).cuts > 0;
        !cut && self.system.control_plane_up(from)
            && self.system.control_plane_up(to)
            && !self.system.is_in_force(Fault::BackupCopy)
    }

    pub(super) fn on_copy_done(&mut self, ctx: &mut Context<'_>, id: u16) {
        let Some(region) = self.snapshot_region(id) else { return };
        let closed = !self.copies_go_on(ctx, region);
        let stalled = self
            .system
            .backups
            .shelf
            .iter()
            .any(|s| s.id == id && s.copy == crate::system::backups::Copying::Stalled);
        if self.system.backups.copy_done(ctx, id, closed) {
            ctx.note(None, What::BackupCopied { region, snapshot: id });
        } else if !stalled {
            ctx.note(self.system.any_cause(), What::BackupCopyDelayed { region, snapshot: id });
        }
    }

    pub(super) fn on_log_kept(&mut self, ctx: &mut Context<'_>) {
        let region = self.backed_up();
        let copies = region.is_some_and(|region| self.copies_go_on(ctx, region));
        self.system.backups.keep_log(ctx, region, copies);
    }

    /// The moment that would be restored in a region: the newest that is good and not after what someone wants.
    pub fn best_point(&self, region: RegionId, wanted_us: Option<i64>, now: SimTime) -> Option<RestorePoint> {
        let ruined =
            self.open_ruin().map(|(_, incident)| self.observer.incidents[incident].at.micros() as i64 - 1);
        let limit_us = wanted_us.or(ruined).unwrap_or(now.micros() as i64);
        let until = |at_us: i64| {
            u64::try_from(at_us).map_or(0, |at| self.observer.ledger.until(SimTime::from_micros(at)))
        };
        self.system.backups.newest(region, limit_us, until)
    }
}
