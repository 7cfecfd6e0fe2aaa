//! Backups of the database: snapshots on a schedule, their copies in the recovery region, and the log between them.
//!
//! A copy that has not arrived does not exist in its region. Snapshots were made before the run began, too:
//! the schedule has a phase of its own, so that an outage at any moment finds it somewhere in its round.

use crate::kernel::chance::Purpose;
use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId};
use crate::kernel::pieces::Pieces;
use crate::model::plan::Plan;
use crate::system::context::Context;
use crate::system::database::{Database, Role};
use crate::system::image::{Image, Logged};
use crate::system::parts::Parts;
use crate::system::restore_point::RestorePoint;
pub use crate::system::snapshot::{Begun, Copying, Snapshot, Worth, spans_s};
use crate::system::timer::BackupTimer;
use std::sync::Arc;

/// The most snapshots from before the start: older ones are never the best to restore.
const MOST_BEFORE: u32 = 12;
/// Everything that is backed up.
#[derive(Clone, Debug)]
pub struct Backups {
    /// Snapshots, oldest first.
    pub shelf: Vec<Snapshot>,
    /// Up to when the log is kept: in the region itself, and in the recovery region.
    pub log_us: [Option<i64>; 2],
    /// The log of each region as it was uploaded last.
    logs: Vec<Pieces<Logged>>,
    /// The region whose log it is: it goes on only from snapshots of that region.
    pub(super) log_region: RegionId,
    /// Regions of which a full snapshot exists, so that the next holds only what has changed.
    pub(super) has_full: Vec<bool>,
    next: u16,
    /// Rounds of the schedule since the start.
    rounds: u32,
    /// The job makes nothing: for so many reasons.
    pub(super) failing: u8,
    /// What the job makes is empty: for so many reasons.
    pub(super) empty: u8,
    /// The fault that made them so last.
    pub(super) emptied_by: Option<EntryId>,
}

fn micros(seconds: f64) -> i64 {
    debug_assert!(seconds.is_finite(), "a moment is a number");
    (seconds * 1e6) as i64
}

/// What a snapshot takes in when an earlier one exists, in MiB.
pub fn incremental_mib(plan: &Plan) -> f64 {
    let (backup, database) = (&plan.scenario.backup, &plan.scenario.database);
    (backup.change_gib_per_day * backup.interval_s / 86_400.0).min(*database.size_gib) * 1024.0
}

impl Backups {
    /// The shelf at the start of a run, and the next rounds of the schedule.
    pub fn new(ctx: &mut Context<'_>) -> Self {
        let plan = ctx.plan;
        let backup = &plan.scenario.backup;
        let keeper = plan.placement.keeper(&plan.blueprint);
        let phase_s = ctx.chance(Purpose::BackupPhase, 0, 0, 0).uniform() * backup.interval_s;
        let mut backups = Self {
            shelf: Vec::new(),
            log_us: [None; 2],
            logs: vec![Pieces::default(); plan.regions()],
            log_region: keeper,
            has_full: plan.region_ids().map(|region| region == keeper).collect(),
            next: 0,
            rounds: 0,
            failing: u8::from(*backup.failed_for_s > 0.0),
            empty: u8::from(*backup.empty_for_s > 0.0),
            emptied_by: None,
        };
        if !backup.tagged {
            return backups;
        }
        let kept = (backup.retention_s / backup.interval_s) as u32;
        for round in (0..kept.min(MOST_BEFORE)).rev() {
            let wait_s = ctx.chance(Purpose::BackupWindow, 0, round.into(), 0).uniform() * backup.window_s;
            let begins_s = wait_s - phase_s - f64::from(round) * backup.interval_s;
            if begins_s > 0.0 {
                ctx.after_s(begins_s, BackupTimer::Begins);
            } else if -begins_s > *backup.failed_for_s {
                backups.made_before(ctx, begins_s);
            }
        }
        ctx.after_s(backup.interval_s - phase_s, BackupTimer::Due);
        if backup.point_in_time {
            let since_s = ctx.chance(Purpose::LogPhase, 0, 0, 0).uniform() * backup.log_interval_s;
            backups.log_us = [Some(-micros(since_s)), backup.log_copies.then(|| -micros(since_s))];
            ctx.after_s(backup.log_interval_s - since_s, BackupTimer::LogKept);
        }
        backups
    }

    /// A snapshot that began before the start; what of it is still to come is asked for.
    fn made_before(&mut self, ctx: &mut Context<'_>, begins_s: f64) {
        debug_assert!(begins_s <= 0.0, "it began before the start");
        let backup = &ctx.plan.scenario.backup;
        let mib = incremental_mib(ctx.plan);
        let (snapshot_s, copy_s) = spans_s(ctx.plan, mib);
        let (whole_s, copied_s) = (begins_s + snapshot_s, begins_s + snapshot_s + copy_s);
        let id = self.next;
        self.next += 1;
        let region = ctx.plan.placement.keeper(&ctx.plan.blueprint);
        let vault = ctx.plan.vault_of(region).filter(|_| backup.copies);
        let copy = if vault.is_none() {
            Copying::Never
        } else if copied_s <= 0.0 {
            Copying::Done(SimTime::ZERO)
        } else if whole_s <= 0.0 {
            let parts = Parts::of(copied_s, SimTime::ZERO);
            ctx.after_s(copied_s / f64::from(parts.all), BackupTimer::PartLeaves(id, 1));
            Copying::UnderWay(parts)
        } else {
            Copying::Waits
        };
        if whole_s > 0.0 {
            ctx.after_s(whole_s, BackupTimer::SnapshotDone(id));
        }
        let whole = whole_s <= 0.0;
        let shows_us = micros(begins_s);
        // Nothing has been written in this run yet.
        let image = Arc::new(Database::new(ctx.plan, region, Role::Absent).image());
        let tested_s = whole_s + *backup.restore_typical_s;
        let empty = -begins_s <= *backup.empty_for_s;
        let worth = match (empty, backup.tested && tested_s <= 0.0) {
            (false, _) => Worth::Good,
            (true, false) => Worth::Empty,
            (true, true) => Worth::FoundEmpty,
        };
        if backup.tested && whole_s <= 0.0 && tested_s > 0.0 {
            ctx.after_s(tested_s, BackupTimer::Tested(id));
        }
        self.shelf.push(Snapshot {
            id,
            region,
            shows_us,
            image,
            mib,
            whole,
            vault,
            copy,
            tries: 1,
            begun: Begun::ByPlan,
            worth,
            gone: false,
        });
    }

    /// A round of the schedule: the snapshot begins somewhere in its window.
    pub fn due(&mut self, ctx: &mut Context<'_>) {
        let backup = &ctx.plan.scenario.backup;
        let share = ctx.chance(Purpose::BackupWindow, 1, self.rounds.into(), 0).uniform();
        self.rounds += 1;
        ctx.after_s(share * backup.window_s, BackupTimer::Begins);
        ctx.after_s(backup.interval_s, BackupTimer::Due);
    }

    /// A snapshot of a region's database begins: it shows what stands there at this moment.
    pub fn begin(&mut self, ctx: &mut Context<'_>, region: RegionId, image: Image, begun: Begun) {
        let first = !std::mem::replace(&mut self.has_full[region.index()], true);
        let full = ctx.plan.scenario.database.size_gib * 1024.0;
        let mib = if first { full } else { incremental_mib(ctx.plan) };
        let id = self.next;
        self.next += 1;
        ctx.after_s(spans_s(ctx.plan, mib).0, BackupTimer::SnapshotDone(id));
        let shows_us = ctx.now.micros() as i64;
        debug_assert!(
            self.shelf.last().is_none_or(|last| last.id < id),
            "later snapshots have higher numbers"
        );
        debug_assert!(self.shelf.iter().all(|it| it.shows_us <= shows_us), "no snapshot is of the future");
        let planned = begun == Begun::ByPlan;
        let copied = planned && ctx.plan.scenario.backup.copies;
        let vault = ctx.plan.vault_of(region).filter(|_| copied);
        let copy = if vault.is_some() { Copying::Waits } else { Copying::Never };
        self.shelf.push(Snapshot {
            id,
            region,
            shows_us,
            image: Arc::new(image),
            mib,
            whole: false,
            vault,
            copy,
            tries: 0,
            begun,
            worth: if planned && self.empty > 0 { Worth::Empty } else { Worth::Good },
            gone: false,
        });
        let oldest_us = shows_us - micros(*ctx.plan.scenario.backup.retention_s);
        let kept = |snapshot: &Snapshot| snapshot.begun == Begun::ByHand || snapshot.shows_us >= oldest_us;
        self.shelf.retain(kept);
    }

    /// A snapshot is complete, unless its region has gone dark meanwhile: then it never will be.
    pub fn snapshot_done(&mut self, ctx: &mut Context<'_>, id: u16, lost: bool) {
        if lost {
            self.shelf.retain(|snapshot| snapshot.id != id);
            return;
        }
        let Some(snapshot) = self.shelf.iter_mut().find(|snapshot| snapshot.id == id) else { return };
        debug_assert!(!snapshot.whole, "a snapshot becomes whole once");
        snapshot.whole = true;
        if snapshot.copy == Copying::Waits {
            Self::start_copy(ctx, snapshot);
        }
        if ctx.plan.scenario.backup.tested {
            ctx.after_s(*ctx.plan.scenario.backup.restore_typical_s, BackupTimer::Tested(id));
        }
    }

    fn start_copy(ctx: &mut Context<'_>, snapshot: &mut Snapshot) {
        debug_assert!(snapshot.whole, "only what is whole is copied");
        let copy_s = spans_s(ctx.plan, snapshot.mib).1;
        snapshot.tries += 1;
        let parts = Parts::of(copy_s, ctx.now);
        snapshot.copy = Copying::UnderWay(parts);
        ctx.after_s(
            copy_s / f64::from(parts.all),
            BackupTimer::PartLeaves(snapshot.id, snapshot.tries as u16),
        );
    }

    /// A snapshot whose copy is on its way, at this try; `None` if it has gone, or is tried anew.
    fn on_its_way(&mut self, id: u16, turn: u16) -> Option<(&mut Snapshot, Parts)> {
        let known = |snapshot: &&mut Snapshot| snapshot.id == id && snapshot.tries == u32::from(turn);
        let snapshot = self.shelf.iter_mut().find(known)?;
        debug_assert!(snapshot.vault.is_some(), "what is copied goes somewhere");
        match snapshot.copy {
            Copying::UnderWay(parts) | Copying::Stalled(parts) => Some((snapshot, parts)),
            Copying::Never | Copying::Waits | Copying::Done(_) => None,
        }
    }

    /// It is time for the next part of a copy. Returns which one leaves, and whether the copy stands still from now on;
    /// `None` if there is no such copy any more.
    pub fn next_part(
        &mut self,
        ctx: &mut Context<'_>,
        (id, turn): (u16, u16),
        open: bool,
    ) -> Option<(Option<u32>, bool)> {
        let (snapshot, mut parts) = self.on_its_way(id, turn)?;
        let copy_s = spans_s(ctx.plan, snapshot.mib).1;
        ctx.after_s(copy_s.max(1.0) / copy_s.max(1.0).ceil(), BackupTimer::PartLeaves(id, turn));
        let stood = matches!(snapshot.copy, Copying::Stalled(_));
        let stands = !open || parts.is_late(ctx.now);
        let part = if open { parts.next(ctx.now) } else { None };
        debug_assert!(open || part.is_none(), "nothing leaves if the way is closed");
        snapshot.copy = if stands || (stood && part.is_none()) {
            Copying::Stalled(parts)
        } else {
            Copying::UnderWay(parts)
        };
        Some((part, stands && !stood))
    }

    /// A part of a copy has arrived in the vault. If it was the last the copy is there; or it has failed, and is made again:
    /// then false is returned.
    pub fn part_arrived(&mut self, ctx: &mut Context<'_>, (id, turn): (u16, u16), part: u32) -> Option<bool> {
        let (snapshot, mut parts) = self.on_its_way(id, turn)?;
        let whole = parts.arrive(part);
        snapshot.copy = Copying::UnderWay(parts);
        if !whole {
            return None;
        }
        let mut draws = ctx.chance(Purpose::BackupCopy, id.into(), turn.into(), 0);
        let failed = draws.chance(ctx.plan.scenario.backup.copy_failures);
        if failed {
            Self::start_copy(ctx, snapshot);
        } else {
            snapshot.copy = Copying::Done(ctx.now);
        }
        debug_assert!(parts.arrived == parts.all, "all of it is there");
        Some(!failed)
    }

    /// The source of a copy hears that a part has arrived.
    pub fn part_acknowledged(&mut self, (id, turn): (u16, u16), part: u32) {
        let Some((snapshot, mut parts)) = self.on_its_way(id, turn) else { return };
        parts.acknowledge(part);
        debug_assert!(part > 0, "parts are counted from 1");
        snapshot.copy = match snapshot.copy {
            Copying::Stalled(_) => Copying::Stalled(parts),
            Copying::Never | Copying::Waits | Copying::UnderWay(_) | Copying::Done(_) => {
                Copying::UnderWay(parts)
            }
        };
    }

    /// The log of a database is uploaded; without a source nothing changes. If it is another region's than before, the time
    /// that it covers starts anew.
    pub fn keep_log(&mut self, ctx: &mut Context<'_>, source: Option<&Database>) {
        let backup = &ctx.plan.scenario.backup;
        ctx.round_s(*backup.log_interval_s, BackupTimer::LogKept);
        let Some(source) = source else { return };
        let now_us = ctx.now.micros() as i64;
        debug_assert!(self.log_us.iter().flatten().all(|it| *it <= now_us), "no log is of the future");
        if std::mem::replace(&mut self.log_region, source.region) != source.region {
            self.log_us = [None; 2];
        }
        self.logs[source.region.index()] = source.log.clone().unwrap_or_default();
        self.log_us[0] = Some(now_us);
    }

    /// The log of a region's database up to a moment has come to its vault elsewhere.
    pub fn log_copied(&mut self, region: RegionId, until_us: i64) {
        // Another region's log may be kept by now, or somebody has deleted it all.
        let kept = self.log_us[0].is_some_and(|kept_us| kept_us >= until_us);
        if region == self.log_region && kept {
            debug_assert!(self.log_us[1].is_none_or(|before_us| before_us <= until_us), "logs come in order");
            self.log_us[1] = Some(until_us);
        }
    }

    /// The region whose log is kept.
    pub fn log_region(&self) -> RegionId {
        self.log_region
    }

    /// The data of a moment that can be restored; `None` if its snapshot has gone meanwhile.
    pub fn data_of(&self, plan: &Plan, point: RestorePoint) -> Option<Image> {
        let base = self.shelf.iter().find(|snapshot| snapshot.id == point.snapshot)?;
        debug_assert!(base.shows_us <= point.shows_us, "a log goes on from its snapshot");
        let log = &self.logs[base.region.index()];
        Some(Database::replayed(plan, base.region, &base.image, log, (base.shows_us, point.shows_us)))
    }

    /// What exists of a snapshot in a region: the snapshot itself, or its copy (true); `None` if neither exists.
    pub fn held_in(snapshot: &Snapshot, region: RegionId) -> Option<bool> {
        if snapshot.region == region {
            return (snapshot.whole && !snapshot.gone).then_some(false);
        }
        let arrived = snapshot.vault == Some(region) && matches!(snapshot.copy, Copying::Done(_));
        arrived.then_some(true)
    }

    /// The newest moment that the database can be restored to in a region, not after a limit (in microseconds since the
    /// start), as far as anybody knows.
    ///
    /// What was taken there and deleted is brought back from a vault that can be reached.
    pub fn newest(&self, region: RegionId, limit_us: i64, dark: &[bool]) -> Option<RestorePoint> {
        let useful = self.shelf.iter().filter(|snapshot| snapshot.worth != Worth::FoundEmpty);
        let elsewhere = |snapshot: &Snapshot| {
            let reached = snapshot.vault.is_some_and(|vault| !dark[vault.index()]);
            (snapshot.region == region && snapshot.gone && reached).then_some(true)
        };
        let held = useful.filter_map(|it| Some((it, Self::held_in(it, region).or_else(|| elsewhere(it))?)));
        let (base, copied) =
            held.filter(|(snapshot, _)| snapshot.shows_us <= limit_us).max_by_key(|(s, _)| s.shows_us)?;
        let log_us = self.log_us[usize::from(copied)].filter(|_| base.region == self.log_region);
        let log_us =
            log_us.map(|until_us| until_us.min(limit_us)).filter(|until_us| *until_us > base.shows_us);
        Some(RestorePoint {
            shows_us: log_us.unwrap_or(base.shows_us),
            snapshot: base.id,
            by_log: log_us.is_some(),
            copied,
            brought: copied && base.region == region,
        })
    }

    /// How many writes were acknowledged between a moment before the start and the start: drawn from the law by which
    /// clients write, because that stretch is not simulated. In simulated writes.
    pub fn writes_before(plan: &Plan, shows_us: i64) -> u32 {
        if shows_us >= 0 {
            return 0;
        }
        let populations = plan.scenario.clients.populations.iter();
        let real: f64 = populations.map(|people| people.requests_per_s * (1.0 - people.read_share)).sum();
        let mean = real / f64::from(plan.weight) * (-shows_us as f64 / 1e6);
        debug_assert!(mean >= 0.0, "nobody takes a write back");
        // Poisson, by its normal limit: these are thousands.
        (mean + libm::sqrt(mean) * plan.chance.of(Purpose::WritesBefore, 0, 0, 0).normal()).round().max(0.0)
            as u32
    }
}
