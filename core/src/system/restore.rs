//! Restores: ruined data that has not been replaced, the points that can be restored, and the calls that do it.

use crate::kernel::clock::SimTime;
use crate::kernel::id::RegionId;
use crate::model::engine::Restored;
use crate::model::fault::Fault;
use crate::model::inside::Inside;
use crate::model::obstacle::Obstacle;
use crate::model::plan::{Plan, Site};
use crate::system::context::Context;
use crate::system::database::{Database, Role};
use crate::system::journal::What;
use crate::system::occurrence::Occurrence;
use crate::system::ownership::Claim;
use crate::system::restore_point::RestorePoint;
use crate::system::stream::first_streams;
use crate::system::{ActiveFault, System};

/// Ruined data.
impl System {
    /// The earliest fault whose ruined data has not been replaced. Clearing the fault, such as taking back a bad release,
    /// does not bring the data back.
    pub fn first_ruin(&self) -> Option<ActiveFault> {
        self.ruins.iter().find(|ruin| self.is_ruined(ruin.fault)).copied()
    }

    /// Forgets faults whose ruined data has been replaced.
    pub fn forget_ruins(&mut self) {
        if !self.ruins.is_empty() {
            let ruins = std::mem::take(&mut self.ruins);
            self.ruins = ruins.into_iter().filter(|ruin| self.is_ruined(ruin.fault)).collect();
        }
    }
}

/// Backups as they can be used.
impl System {
    /// The newest point that can be restored in a region up to the ordered moment (in microseconds since the start), or if
    /// none is ordered, from before data was ruined.
    pub fn best_point(&self, region: RegionId, wanted_us: Option<i64>, now: SimTime) -> Option<RestorePoint> {
        let ruined_us = self.first_ruin().map(|ruin| ruin.since.micros() as i64 - 1);
        let limit_us = wanted_us.or(ruined_us).unwrap_or(now.micros() as i64);
        let point = self.backups.newest(region, limit_us, &self.dark);
        debug_assert!(point.is_none_or(|point| point.shows_us <= limit_us), "no point is newer than wanted");
        point
    }

    /// The region in which data that is ruined in another is restored: that one, or if it may not hold everything, which a
    /// restore brings, the first that takes writes and may.
    pub fn restores_in(&self, plan: &Plan, region: RegionId) -> RegionId {
        let fits = |db: &&Database| db.writable() && plan.placement.may_hold_all(db.region);
        let other = self.databases.iter().find(fits).filter(|_| !plan.placement.may_hold_all(region));
        other.map_or(region, |db| db.region)
    }

    /// The database of a region is taken out of service to be made anew: nobody writes to it.
    pub fn close_for_restore(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        for partition in 0..self.ownership.partitions() {
            let Claim { owner, open, .. } = self.ownership.newest(partition);
            if open && (ctx.plan.writes_everywhere() || owner == region) {
                self.change_owner(ctx, Site::Desk, partition, (owner, false));
            }
        }
        // Where there is no database nothing is taken out of service.
        let role = &mut self.databases[region.index()].role;
        if *role != Role::Absent {
            *role = Role::Rebuilding;
        }
    }

    /// A restore in place is given up: the database that stood there takes the writes that were stopped for it, wherever
    /// nothing else has been put in its place meanwhile.
    pub fn reopen_after_restore(
        &mut self,
        ctx: &mut Context<'_>,
        region: RegionId,
        free: impl Fn(usize) -> bool,
    ) {
        let every = ctx.plan.writes_everywhere();
        let partitions = 0..self.ownership.partitions();
        let owns = partitions.clone().any(|partition| self.ownership.newest(partition).owner == region);
        let filled = self.transfer_to(region).is_some();
        if self.databases[region.index()].role != Role::Rebuilding || filled || !(every || owns) {
            return;
        }
        self.databases[region.index()].role = Role::Primary;
        ctx.note(self.control.entry, What::OldCopyKept(region));
        ctx.tell(Occurrence::OldCopyKept(region));
        for partition in partitions.filter(|partition| free(*partition)) {
            let Claim { owner, open, .. } = self.ownership.newest(partition);
            if !open && (every || owner == region) {
                self.reopen(ctx, partition);
            }
        }
    }

    /// How a database made from a backup comes into service: as its engine does, or whole if the snapshot was prepared for that.
    fn restored(&self, plan: &Plan, point: RestorePoint, now: SimTime) -> Restored {
        let snapshot = self.backups.shelf.iter().find(|snapshot| snapshot.id == point.snapshot);
        let prepared = snapshot.is_some_and(|it| it.is_prepared(plan, point.copied, now));
        if plan.scenario.backup.fast_restore && prepared && !point.brought {
            return Restored::Whole;
        }
        plan.scenario.database.engine.rules().restored
    }

    /// A region's database is replaced by what a backup has, and takes the writes. False if the
    /// backup has gone meanwhile.
    pub fn restore(&mut self, ctx: &mut Context<'_>, region: RegionId, point: RestorePoint) -> bool {
        debug_assert!(!self.dark[region.index()], "nothing is made in a dark region");
        let Some(image) = self.backups.data_of(ctx.plan, point) else { return false };
        debug_assert_eq!(image.versions.len(), self.databases[region.index()].versions.len(), "every key");
        let restored = self.restored(ctx.plan, point, ctx.now);
        let database = &mut self.databases[region.index()];
        database.restore(&image, point.shows_us, restored);
        if matches!(database.inside, Inside::Cluster | Inside::Single | Inside::Alone) {
            database.place(&self.zones_dark[region.index()]);
        }
        for key in 0..ctx.plan.scenario.database.keys as u16 {
            self.overwrite(ctx.plan, region, key);
        }
        let from = self.ownership.primary();
        self.streams.clear();
        for partition in 0..self.ownership.partitions() {
            let owner = self.ownership.newest(partition).owner;
            if owner != region && ctx.plan.writes_everywhere() {
                self.lent[partition].get_or_insert(owner);
            }
            self.change_owner(ctx, Site::Region(region), partition, (region, true));
        }
        ctx.tell(Occurrence::Restored { from, region, point });
        true
    }

    /// Faults of some kinds are over, whatever they are aimed at: the bad release was taken back, the data replaced.
    pub fn end_ruinous(&mut self, ctx: &mut Context<'_>, over: fn(Fault) -> bool) {
        let faults: Vec<Fault> = self.faults.iter().map(|active| active.fault).filter(|f| over(*f)).collect();
        for fault in faults {
            debug_assert!(fault.kind().corrupts(), "only what ruins data ends with a restore");
            self.clear(ctx, fault);
        }
    }

    /// The copies that have to be filled anew from a new primary, or from a restored database: those that it does not ship to.
    pub fn unfilled(&self, source: RegionId) -> impl Iterator<Item = RegionId> {
        let filled = move |region: RegionId| {
            self.streams.iter().any(|stream| (stream.from, stream.to) == (source, region))
        };
        let copies = self.databases.iter().filter(move |db| {
            db.region != source && matches!(db.role, Role::Replica | Role::Rebuilding) && !filled(db.region)
        });
        copies.map(|db| db.region)
    }

    /// The copies on their way from a region, as from and to.
    pub fn transfers_from(&self, source: RegionId) -> impl Iterator<Item = (RegionId, RegionId)> {
        let own = self.transfers.under_way.iter().filter(move |transfer| transfer.from == source);
        own.map(|transfer| (transfer.from, transfer.to))
    }

    /// What keeps data from going from one region's database to another's: one does not answer, or the link is cut.
    pub fn no_way_between(&self, from: RegionId, to: RegionId) -> Option<Obstacle> {
        debug_assert_ne!(from, to, "data goes to another region");
        let silent = Some(from).filter(|from| !self.answers(*from));
        let silent = silent.or(Some(to).filter(|to| !self.can_be_filled(*to)));
        let cut = self.network.direction(from, to).cuts > 0 || self.network.direction(to, from).cuts > 0;
        silent.map(Obstacle::RegionDark).or(cut.then_some(Obstacle::LinkCut(from, to)))
    }

    /// A region's copy is to be filled from another: what stands there may have been undone.
    pub fn is_made_anew(&self, region: RegionId) -> bool {
        self.databases[region.index()].role == Role::Rebuilding
    }

    /// All copies of a restored database that takes every region's writes are to be replaced: nobody writes to them.
    pub fn close_others(&mut self, source: RegionId) {
        for database in self.databases.iter_mut().filter(|db| db.region != source && db.is_primary()) {
            database.role = Role::Rebuilding;
        }
    }

    /// A copy is whole: it follows, or takes writes again if all regions do.
    pub fn end_filling(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let database = &mut self.databases[region.index()];
        debug_assert_eq!(database.role, Role::Rebuilding, "what is whole was being filled");
        database.before = None;
        if !ctx.plan.writes_everywhere() {
            database.role = Role::Replica;
            return;
        }
        database.role = Role::Primary;
        for partition in 0..self.ownership.partitions() {
            if self.lent[partition] == Some(region) {
                self.lent[partition] = None;
                self.change_owner(ctx, Site::Region(region), partition, (region, true));
            }
        }
        let all = first_streams(ctx.plan, ctx.now);
        for stream in all.into_iter().filter(|stream| stream.from == region) {
            self.begin_stream(ctx, stream);
        }
    }

    /// A second's blocks of restored volumes are loaded. The last block of a volume is an occurrence.
    pub fn load_blocks(&mut self, ctx: &mut Context<'_>) {
        for database in &mut self.databases {
            if database.load_on(ctx.plan) {
                debug_assert!(database.loading.is_none(), "what is whole loads nothing");
                ctx.tell(Occurrence::Loaded { region: database.region });
            }
        }
    }
}
