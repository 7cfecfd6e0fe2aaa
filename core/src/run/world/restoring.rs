//! The runbooks that use backups: a database is made anew from a snapshot and the log.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{RegionId, VersionId};
use crate::model::Cutover;
use crate::model::fault::{Command, Fault};
use crate::model::runbook::{Obstacle, StepName};
use crate::observer::ledger::{Line, STANDS};
use crate::operations::execution::{Course, Stage};
use crate::run::world::World;
use crate::system::backups::{Backups, RestorePoint};
use crate::system::context::Context;
use crate::system::database::{Role, Status};
use crate::system::event::Event;
use crate::system::journal::What;
use crate::system::stream::{Commit, Replication};
use crate::system::version::{Seen, Version, first_version};

/// The moment that a restored database shows; the start where it is earlier.
fn shown(point: RestorePoint) -> SimTime {
    SimTime::from_micros(u64::try_from(point.shows_us).unwrap_or_default())
}

impl World {
    /// Someone wants a region's database as it was.
    pub(super) fn order_restore(&mut self, ctx: &mut Context<'_>, region: RegionId, second: Option<i32>) {
        let command = Command::Restore(region, second);
        let wanted_us = second.map(|second| i64::from(second) * 1_000_000);
        let at_work =
            self.system.writers[region.index()] == Some(region) && !self.system.dark[region.index()];
        let deciding = self.operations.recovery.stage == Stage::Deciding
            && self.operations.recovery.course == Course::Restore;
        let free = matches!(self.operations.recovery.stage, Stage::Idle | Stage::Over | Stage::Deciding);
        if !(at_work && free) || self.best_point(region, wanted_us, ctx.now).is_none() {
            ctx.note(None, What::OrderRefused(command));
            return;
        }
        let entry = ctx.note(self.system.any_cause(), What::Ordered(command));
        if !deciding {
            self.end_deciding(ctx);
            let incident = self.open_ruin().map(|(_, incident)| incident);
            let incident = incident.unwrap_or_else(|| self.open_incident(ctx, command, entry));
            self.begin_run(ctx, incident, region, region, Course::Restore);
        }
        self.operations.recovery.wanted_us = wanted_us;
        self.operations.recovery.entry = Some(entry);
        self.declare(ctx);
    }

    /// A restore where the database is: the release that ruins is taken back, nobody writes any more.
    pub(super) fn begin_restore(&mut self, ctx: &mut Context<'_>) {
        let region = self.operations.recovery.to;
        for writer in &mut self.system.writers {
            if ctx.plan.writes_everywhere() || *writer == Some(region) {
                *writer = None;
            }
        }
        self.system.databases[region.index()].role = Role::Rebuilding;
        if self.system.faults.iter().any(|active| matches!(active.fault, Fault::Corruption(_))) {
            self.begin_timed(ctx, StepName::Rollback, ctx.plan.scenario.recovery.deploy_s);
        }
        self.begin_step(ctx, StepName::FetchBackup);
        self.watch_restore(ctx);
    }

    pub(super) fn on_rolled_back(&mut self, ctx: &mut Context<'_>) {
        self.end_step(ctx, StepName::Rollback);
        self.clear_all(ctx, |fault| matches!(fault, Fault::Corruption(_)));
    }

    /// Faults of some kinds are over, whatever they are aimed at.
    fn clear_all(&mut self, ctx: &mut Context<'_>, over: fn(Fault) -> bool) {
        let faults: Vec<Fault> =
            self.system.faults.iter().map(|active| active.fault).filter(|f| over(*f)).collect();
        for fault in faults {
            self.system.clear(ctx, fault);
        }
    }

    /// A region's copy has the same data as another's.
    pub(super) fn copy_data(&mut self, from: RegionId, to: RegionId) {
        let source = self.system.databases[from.index()].clone();
        self.system.databases[to.index()].copy_from(&source);
    }

    /// Finding a backup, and making a database from it, as soon as there is one and somewhere to put it.
    pub(super) fn watch_restore(&mut self, ctx: &mut Context<'_>) {
        let to = self.operations.recovery.to;
        if self.is_open(StepName::FetchBackup)
            && !self.operations.recovery.timed.contains(&StepName::FetchBackup)
        {
            // What was wanted may be kept no more by the time that this begins: the newest that is good has to do then.
            let best = |wanted_us| self.best_point(to, wanted_us, ctx.now);
            self.operations.recovery.point = best(self.operations.recovery.wanted_us).or_else(|| best(None));
            let obstacle = self.closed(to).or(self
                .operations
                .recovery
                .point
                .is_none()
                .then_some(Obstacle::NoBackup(to)));
            let archived = self.operations.recovery.point.is_some_and(|point| point.copied);
            let (least, most) = ctx.plan.scenario.backup.storage_class.retrieval_s();
            let mut draws = self.operations.recovery.span(ctx, StepName::FetchBackup);
            self.start_when_free(ctx, StepName::FetchBackup, obstacle, |_| {
                if archived { draws.between(least, most) } else { 0.0 }
            });
        }
        let backup = &ctx.plan.scenario.backup;
        let obstacle = self.closed(to);
        if self.system.is_built(to) {
            let mut draws = self.operations.recovery.span(ctx, StepName::Restore);
            self.start_when_free(ctx, StepName::Restore, obstacle, |_| {
                let (least, typical) = (backup.restore_min_s, backup.restore_typical_s);
                draws.triangular(least, typical, backup.restore_max_s)
            });
        }
        let ready = self.operations.recovery.course == Course::Rebuild
            && self.system.acting == to
            && !self.is_open(StepName::ScaleOut);
        let named = self.is_open(StepName::ChangeRecord) || self.system.route53.pinned == Some(to);
        if ready
            && self.system.is_built(to)
            && !named
            && ctx.plan.scenario.recovery.cutover == Cutover::RecordChange
        {
            self.begin_step(ctx, StepName::ChangeRecord);
        }
    }

    /// Nothing can be made where there is no backup. When the first region is back its own data is, and it goes on.
    pub(super) fn call_off_if_back(&mut self, ctx: &mut Context<'_>) {
        let (from, to) = (self.operations.recovery.from, self.operations.recovery.to);
        let hopeless = self.operations.recovery.course == Course::Rebuild
            && self.is_open(StepName::FetchBackup)
            && self.best_point(to, self.operations.recovery.wanted_us, ctx.now).is_none();
        let old = &self.system.databases[from.index()];
        let back = !self.system.dark[from.index()] && old.role == Role::Fenced && old.status == Status::Up;
        if !(hopeless && back) {
            return;
        }
        for index in 0..self.observer.incidents[self.operations.recovery.incident].steps.len() {
            let step = self.observer.incidents[self.operations.recovery.incident].steps[index];
            if step.end.is_none() && step.name != StepName::Cutover {
                self.end_step(ctx, step.name);
            }
        }
        self.system.databases[from.index()].role = Role::Primary;
        for (region, writer) in self.system.writers.iter_mut().enumerate() {
            *writer = if self.system.dark[region] { *writer } else { Some(from) };
        }
        self.system.fleets.regions[to.index()].desired = ctx.plan.scenario.regions[to.index()].servers as u16;
        self.operations.recovery.turn += 1;
        self.operations.recovery.stage = Stage::Idle;
    }

    pub(super) fn on_backup_fetched(&mut self, ctx: &mut Context<'_>) {
        self.end_step(ctx, StepName::FetchBackup);
        self.begin_step(ctx, StepName::Restore);
        self.watch_restore(ctx);
    }

    /// The new database is there: what the backup did not have is lost, and blocks begin to be loaded.
    pub(super) fn on_restored(&mut self, ctx: &mut Context<'_>) {
        let to = self.operations.recovery.to;
        let (Some(point), None) = (self.operations.recovery.point, self.closed(to)) else {
            // The region went away meanwhile: begin again when it is there.
            self.operations.recovery.timed.retain(|step| *step != StepName::Restore);
            return;
        };
        if self.is_open(StepName::Rollback) || self.is_open(StepName::Fence) {
            // Opened now it would be ruined again, or there would be two primaries.
            ctx.after_s(1.0, Event::StepDone(StepName::Restore, self.operations.recovery.turn));
            return;
        }
        let versions = self.versions_of(ctx, point);
        self.system.databases[to.index()].restore(versions);
        let from = self.system.acting;
        self.system.acting = if ctx.plan.writes_everywhere() { self.system.acting } else { to };
        self.system.streams.clear();
        self.count_missing(ctx, point, from);
        let fenced = self.system.to_be_fenced;
        for (region, writer) in self.system.writers.iter_mut().enumerate() {
            if !self.system.dark[region] && fenced != Some(RegionId(region as u8)) {
                *writer = Some(to);
            }
        }
        self.end_step(ctx, StepName::Restore);
        self.end_loading(ctx);
        self.begin_step(ctx, StepName::LoadBlocks);
        if self.operations.recovery.course == Course::Restore {
            self.clear_all(ctx, |fault| matches!(fault, Fault::MassDelete(_) | Fault::Ransomware(_)));
            self.begin_refill(ctx);
        }
    }

    /// What a restored copy shows.
    fn versions_of(&self, ctx: &Context<'_>, point: RestorePoint) -> Vec<Version> {
        let mut versions = vec![first_version(ctx.plan); ctx.plan.scenario.database.keys as usize];
        let mut left = versions.len();
        for (_, line) in self.observer.ledger.backed_up(point.commit, shown(point)).rev() {
            let version = &mut versions[line.key as usize];
            if version.id.is_written() {
                continue;
            }
            let mut seen = Seen::default();
            let id = VersionId { region: line.region, count: line.count };
            seen.add(id);
            *version = Version {
                id,
                at: line.at,
                write: line.write,
                content: line.content,
                format: self.system.fleets.regions[line.region.index()].version,
                stamp: line.at.micros() as i64,
                seen,
            };
            left -= 1;
            if left == 0 {
                break;
            }
        }
        versions
    }

    /// Names and counts the acknowledged writes that a backup did not have.
    fn count_missing(&mut self, ctx: &mut Context<'_>, point: RestorePoint, from: RegionId) {
        let commit = |(_, line): (u64, &Line)| Commit {
            id: VersionId { region: line.region, count: line.count },
            write: line.write,
            population: line.population,
            connection: 0,
            key: line.key,
            at: line.at,
            leaves: line.at,
            content: line.content,
            format: 0,
            stamp: line.at.micros() as i64,
            seen: Seen::default(),
            acknowledged: true,
        };
        let newer = || {
            let all = self.observer.ledger.lines(point.commit + 1, self.observer.ledger.len());
            all.filter(|(_, line)| line.undone == STANDS)
        };
        let lost: Vec<Commit> = newer().filter(|(_, line)| line.acknowledged).map(commit).collect();
        let undone: Vec<u64> = newer().map(|(number, _)| number).collect();
        self.find_in_backup(point);
        self.observer.ledger.undo(ctx.now, undone.into_iter());
        // Nobody passes on any more what a dark region kept to itself.
        self.operations.recovery.unseen.clear();
        let before = Backups::writes_before(ctx.plan, point.shows_us);
        let total = lost.len() as u32 + before;
        let incident = &mut self.observer.incidents[self.operations.recovery.incident];
        let at_us = incident.at.micros() as i64;
        let age_us = (at_us - point.shows_us).max(0);
        incident.restored_to_us = Some(point.shows_us);
        incident.lost_writes += before;
        incident.rpo = Some(SimDuration::from_micros(age_us as u64));
        self.operations.recovery.lost_writes += u64::from(before);
        if from != self.operations.recovery.to {
            self.operations.recovery.more_stranded += total;
        }
        let (region, snapshot) = (self.operations.recovery.to, point.snapshot);
        let what =
            What::DatabaseRestored { region, snapshot, age_s: (age_us / 1_000_000) as u32, lost: total };
        self.operations.recovery.entry = Some(ctx.note(self.operations.recovery.entry, what));
        self.count_lost(ctx, &lost);
    }

    /// Writes that had been lost before, or undone, are there again where the backup has them.
    fn find_in_backup(&mut self, point: RestorePoint) {
        let again = |(_, line): &(u64, &Line)| line.undone != STANDS;
        let again: Vec<(u64, bool)> = self
            .observer
            .ledger
            .backed_up(point.commit, shown(point))
            .filter(again)
            .map(|(number, line)| (number, line.acknowledged))
            .collect();
        let found = again.iter().filter(|(_, acknowledged)| *acknowledged).count() as u64;
        let is_again = |commit: &Commit| {
            let number = self.observer.ledger.number(commit.id);
            again.binary_search_by_key(&number, |(number, _)| *number).is_ok()
        };
        self.operations.recovery.lost.retain(|commit| !is_again(commit));
        self.operations.recovery.lost_writes = self.operations.recovery.lost_writes.saturating_sub(found);
        self.observer.ledger.redo(again.iter().map(|(number, _)| *number));
    }

    /// The copies in other regions still have what was ruined: they are filled anew from the restored database.
    fn begin_refill(&mut self, ctx: &mut Context<'_>) {
        let source = self.operations.recovery.to;
        let follows = |role: Role| matches!(role, Role::Replica | Role::Primary | Role::Rebuilding);
        let others: Vec<RegionId> = ctx.plan.region_ids().filter(|region| *region != source).collect();
        let mut any = false;
        for region in others {
            if !follows(self.system.databases[region.index()].role) {
                continue;
            }
            any = true;
            self.copy_data(source, region);
            self.system.databases[region.index()].role = Role::Rebuilding;
            self.system.streams.push(Replication::new(ctx.plan, source, region));
        }
        if any {
            let database = &ctx.plan.scenario.database;
            self.begin_timed(ctx, StepName::Refill, database.size_gib * 1024.0 / database.copy_mib_per_s);
        }
    }

    pub(super) fn on_refilled(&mut self, ctx: &mut Context<'_>) {
        let (source, every) = (self.operations.recovery.to, ctx.plan.writes_everywhere());
        let dark = |db: &crate::system::database::Database| {
            db.role == Role::Rebuilding && self.system.dark[db.region.index()]
        };
        if let Some(region) = self.system.databases.iter().find(|db| dark(db)).map(|db| db.region) {
            self.block(ctx, StepName::Refill, Some(Obstacle::RegionDark(region)));
            ctx.after_s(1.0, Event::StepDone(StepName::Refill, self.operations.recovery.turn));
            return;
        }
        self.end_step(ctx, StepName::Refill);
        for region in ctx.plan.region_ids().filter(|region| *region != source) {
            let database = &mut self.system.databases[region.index()];
            if database.role != Role::Rebuilding {
                continue;
            }
            database.role = if every { Role::Primary } else { Role::Replica };
            if every {
                self.system.writers[region.index()] = Some(region);
                let back = crate::system::stream::first_streams(ctx.plan)
                    .into_iter()
                    .filter(|stream| stream.from == region);
                self.system.streams.extend(back);
            }
        }
    }

    /// Blocks of restored volumes come in; when the last is there the step is over.
    pub(super) fn load_blocks(&mut self, ctx: &mut Context<'_>) {
        for index in 0..self.system.databases.len() {
            if self.system.databases[index].load_on(ctx.plan) {
                self.end_loading(ctx);
            }
        }
    }

    /// The blocks that were being loaded are there, or of no use any more.
    fn end_loading(&mut self, ctx: &mut Context<'_>) {
        for incident in 0..self.observer.incidents.len() {
            self.end_step_of(ctx, incident, StepName::LoadBlocks);
        }
    }

    /// A region where all take writes does not answer: what it has not passed on nobody else has seen.
    pub(super) fn count_unseen(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let Some(incident) = self.incident_of(region) else { return };
        let streams = self.system.streams.iter().filter(|stream| stream.from == region);
        let told = streams.flat_map(|stream| stream.missing()).filter(|commit| commit.acknowledged);
        let mut unseen: Vec<Commit> = Vec::new();
        for commit in told {
            // Each once, however many copies it was meant for, in the order of their numbers.
            if let Err(place) =
                unseen.binary_search_by_key(&(commit.at, commit.id), |known| (known.at, known.id))
            {
                unseen.insert(place, *commit);
            }
        }
        unseen
            .retain(|commit| self.operations.recovery.unseen.iter().all(|(_, known)| known.id != commit.id));
        let run = std::mem::replace(&mut self.operations.recovery.incident, incident);
        self.observer.incidents[incident].rpo.get_or_insert(SimDuration::ZERO);
        let (lost, count) = (self.operations.recovery.lost.len(), self.operations.recovery.lost_writes);
        self.count_lost(ctx, &unseen);
        // They are out of reach and not lost: they come when the region does.
        self.operations.recovery.lost.truncate(lost);
        self.operations.recovery.lost_writes = count;
        self.operations.recovery.incident = run;
        self.operations.recovery.unseen.extend(unseen.into_iter().map(|commit| (incident, commit)));
    }

    /// A copy has taken in what came: writes that were out of reach may be there again.
    pub(super) fn find_again(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        if self.operations.recovery.unseen.is_empty() {
            return;
        }
        let copy = &self.system.databases[region.index()];
        let mut found = 0;
        let incidents = &mut self.observer.incidents;
        self.operations.recovery.unseen.retain(|(incident, commit)| {
            // It has come, whatever the copy shows now: what has become of it is the ledger's business.
            let here = region != commit.id.region && copy.seen[usize::from(commit.key)].covers(commit.id);
            if here {
                found += 1;
                incidents[*incident].lost_writes = incidents[*incident].lost_writes.saturating_sub(1);
            }
            !here
        });
        if found > 0 {
            ctx.note(None, What::WritesReturned(found));
        }
    }

    /// The engine takes the old primary back as a follower: what only it had is set aside, the rest comes by stream.
    pub(super) fn begin_rejoin(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        self.begin_step(ctx, StepName::Rejoin);
        let seconds = ctx.plan.scenario.database.restart_s;
        ctx.after_s(seconds, Event::StepDone(StepName::Rejoin, self.operations.recovery.turn));
        self.copy_data(self.system.acting, region);
        self.system.databases[region.index()].role = Role::Rebuilding;
        self.system.streams = vec![Replication::new(ctx.plan, self.system.acting, region)];
        let count = std::mem::take(&mut self.operations.recovery.stranded).len() as u32;
        ctx.note(self.operations.recovery.entry, What::WritesSetAside(count));
    }

    pub(super) fn on_rejoined(&mut self, ctx: &mut Context<'_>) {
        let Some(region) = self.system.streams.first().map(|stream| stream.to) else { return };
        self.system.databases[region.index()].role = Role::Replica;
        self.end_step(ctx, StepName::Rejoin);
        ctx.note(self.operations.recovery.entry, What::Rejoined(region));
    }
}
