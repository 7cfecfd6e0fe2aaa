//! Backups while the machines run: which database is backed up, and whether copies can go on.

use super::System;
use crate::kernel::chance::Purpose;
use crate::kernel::id::RegionId;
use crate::kernel::pieces::Pieces;
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::model::plan::{Plan, Site};
use crate::system::backups::Begun;
use crate::system::context::Context;
use crate::system::database::Database;
use crate::system::journal::What;
use crate::system::network::{Cargo, Flight};
use crate::system::occurrence::Occurrence;
use crate::system::refusal::Refusal;
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
            BackupTimer::PartLeaves(snapshot, turn) => self.on_part_leaves(ctx, (snapshot, turn)),
            BackupTimer::LogKept => self.on_log_kept(ctx),
            BackupTimer::Tested(snapshot) => {
                self.find_empty(ctx, snapshot);
            }
        }
    }

    /// A snapshot begins. From then on the log of that database is kept, if it is to be restored to any moment.
    fn on_backup_begins(&mut self, ctx: &mut Context<'_>) {
        if self.backups.is_failing() {
            return;
        }
        let Some(region) = self.backed_up(ctx.plan) else { return };
        let database = &mut self.databases[region.index()];
        if ctx.plan.scenario.backup.point_in_time {
            database.log.get_or_insert_with(Pieces::default);
        }
        let image = database.image();
        self.backups.begin(ctx, region, image, Begun::ByPlan);
    }

    /// Why nobody can take a snapshot of a region's database now; `None` if somebody can. Of a copy that follows none is taken: it
    /// would be of an older moment than it says.
    pub fn why_no_snapshot(&self, region: RegionId) -> Option<Refusal> {
        let database = &self.databases[region.index()];
        if self.dark[region.index()] {
            Some(Refusal::Dark(region))
        } else if !self.control_plane_up(region) {
            Some(Refusal::NoControlPlane(region))
        } else if !database.can_ship() {
            Some(Refusal::NotThere(region))
        } else {
            None
        }
    }

    /// Somebody takes a snapshot of a region's database.
    pub fn take_snapshot(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let image = self.databases[region.index()].image();
        self.backups.begin(ctx, region, image, Begun::ByHand);
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

    /// Whether a copy from one region to another may go on, as far as those who make it know.
    fn copies_go_on(&self, from: RegionId, to: RegionId) -> bool {
        let planes = self.control_plane_up(from) && self.control_plane_up(to);
        planes && !self.has_fault(FaultKind::BackupCopy, Target::Nothing)
    }

    /// The region that a region's backups are copied to; the region itself if there is no other that may hold them.
    pub fn vault_of(plan: &Plan, region: RegionId) -> RegionId {
        plan.vault_of(region).unwrap_or(region)
    }

    /// The next part of a snapshot's copy leaves, unless the copy stands still.
    fn on_part_leaves(&mut self, ctx: &mut Context<'_>, (id, turn): (u16, u16)) {
        let Some(region) = self.snapshot_region(id) else { return };
        let to = Self::vault_of(ctx.plan, region);
        let open = self.copies_go_on(region, to);
        let Some((part, stands)) = self.backups.next_part(ctx, (id, turn), open) else { return };
        debug_assert_ne!(region, to, "a copy goes to another region");
        if let Some(part) = part {
            let draws = ctx.chance(Purpose::BackupCopy, id.into(), turn.into(), u64::from(part) * 2);
            let cargo = Cargo::SnapshotPart((id, turn), part);
            self.network.send(ctx, draws, Site::Region(region), Site::Region(to), cargo);
        }
        if stands {
            let cause = self.why_copies_stand(ctx, region, to);
            ctx.note(cause, What::BackupCopyDelayed { region, snapshot: id });
        }
    }

    /// A part of a snapshot's copy has arrived in the vault.
    pub(super) fn on_snapshot_part(
        &mut self,
        ctx: &mut Context<'_>,
        flight: &Flight,
        (id, turn): (u16, u16),
        part: u32,
    ) {
        let Some(region) = self.snapshot_region(id) else { return };
        debug_assert_eq!(flight.from, Site::Region(region), "a snapshot is copied from where it is");
        let draws = ctx.chance(Purpose::BackupCopy, id.into(), turn.into(), u64::from(part) * 2 + 1);
        let cargo = Cargo::SnapshotPartArrived((id, turn), part);
        self.network.send(ctx, draws, flight.to, flight.from, cargo);
        match self.backups.part_arrived(ctx, (id, turn), part) {
            Some(true) => {
                ctx.note(None, What::BackupCopied { region, snapshot: id });
            }
            Some(false) => {
                let cause = self.why_copies_stand(ctx, region, Self::vault_of(ctx.plan, region));
                ctx.note(cause, What::BackupCopyDelayed { region, snapshot: id });
            }
            None => {}
        }
    }

    /// The log is uploaded.
    fn on_log_kept(&mut self, ctx: &mut Context<'_>) {
        let region = self.backed_up(ctx.plan);
        let source = region.map(|region| &self.databases[region.index()]);
        self.backups.keep_log(ctx, source);
        if let Some(region) = region {
            self.send_log(ctx, region);
            debug_assert_eq!(self.backups.log_region(), region, "the log of what is backed up is kept");
            ctx.tell(Occurrence::LogKept { region });
        }
    }

    /// The log that was just uploaded leaves for the vault in the other region.
    fn send_log(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let to = Self::vault_of(ctx.plan, region);
        if to == region || !ctx.plan.scenario.backup.log_copies || !self.copies_go_on(region, to) {
            return;
        }
        let draws = ctx.chance(Purpose::LogCopy, region.0.into(), ctx.now.micros(), 0);
        debug_assert!(!self.dark[region.index()], "nothing leaves a dark region");
        let cargo = Cargo::LogPart(ctx.now.micros() as i64);
        self.network.send(ctx, draws, Site::Region(region), Site::Region(to), cargo);
    }
}
