//! Restores in the books: what a backup shows, what it did not have, and what is there again because of it.

use super::Observer;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, RegionId, VersionId};
use crate::model::plan::Plan;
use crate::observer::ledger::{Line, STANDS};
use crate::system::System;
use crate::system::backups::Backups;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::restore_point::RestorePoint;
use crate::system::stream::Commit;
use crate::system::version::{Seen, Version, first_version};

/// The moment that a restored database shows; the start if it is earlier.
fn shown(point: RestorePoint) -> SimTime {
    SimTime::from_micros(u64::try_from(point.shows_us).unwrap_or_default())
}

impl Observer {
    /// What a backup shows, by key. Backups hold no data of their own yet: the ledger has every commit.
    pub fn backed_up_versions(&self, plan: &Plan, system: &System, point: RestorePoint) -> Vec<Version> {
        let mut versions = vec![first_version(plan); plan.scenario.database.keys as usize];
        let mut left = versions.len();
        for (_, line) in self.ledger.backed_up(self.newest_in(point), shown(point)).rev() {
            let version = &mut versions[line.key as usize];
            if version.id.is_written() {
                continue;
            }
            debug_assert!(line.at <= shown(point) || !point.by_log, "a backup shows nothing later");
            let mut seen = Seen::default();
            let id = VersionId { region: line.region, count: line.count };
            seen.add(id);
            *version = Version {
                id,
                at: line.at,
                write: line.write,
                content: line.content,
                format: system.fleets.regions[line.region.index()].version,
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

    /// The newest commit that a restore to this point has.
    fn newest_in(&self, point: RestorePoint) -> u64 {
        if point.by_log {
            u64::try_from(point.shows_us).map_or(0, |at| self.ledger.until(SimTime::from_micros(at)))
        } else {
            point.commit
        }
    }

    /// A database was made from a backup: names and counts the acknowledged writes that the backup did not have.
    pub(super) fn on_restored(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        (from, region): (RegionId, RegionId),
        point: RestorePoint,
    ) -> Option<EntryId> {
        let newest = self.newest_in(point);
        let newer = || self.ledger.lines(newest + 1, self.ledger.len()).filter(|(_, l)| l.undone == STANDS);
        let lost: Vec<Commit> = newer().filter(|(_, line)| line.acknowledged).map(commit_of).collect();
        let undone: Vec<u64> = newer().map(|(number, _)| number).collect();
        self.find_in_backup(newest, shown(point));
        self.ledger.undo(ctx.now, undone.into_iter());
        // Nobody passes on any more what a dark region kept to itself.
        self.losses.unseen.clear();
        let before = Backups::writes_before(ctx.plan, point.shows_us);
        let total = lost.len() as u32 + before;
        let index = self.current_incident()?;
        let incident = &mut self.incidents[index];
        let age_us = (incident.at.micros() as i64 - point.shows_us).max(0);
        incident.restored_to_us = Some(point.shows_us);
        incident.lost_writes += before;
        incident.rpo = Some(SimDuration::from_micros(age_us as u64));
        self.losses.lost_writes += u64::from(before);
        if from != region {
            self.losses.more_stranded += total;
        }
        let (snapshot, age_s) = (point.snapshot, (age_us / 1_000_000) as u32);
        let what = What::DatabaseRestored { region, snapshot, age_s, lost: total };
        let entry = ctx.note(system.control.entry, what);
        self.count_lost(ctx, index, Some(entry), &lost);
        Some(entry)
    }

    /// Writes that had been lost before, or undone, are there again if the backup has them.
    fn find_in_backup(&mut self, newest: u64, shown: SimTime) {
        let again: Vec<(u64, bool)> = self
            .ledger
            .backed_up(newest, shown)
            .filter(|(_, line)| line.undone != STANDS)
            .map(|(number, line)| (number, line.acknowledged))
            .collect();
        debug_assert!(again.is_sorted(), "the ledger is in order");
        let found = again.iter().filter(|(_, acknowledged)| *acknowledged).count() as u64;
        let ledger = &self.ledger;
        let is_again = |commit: &Commit| {
            let number = ledger.number(commit.id);
            again.binary_search_by_key(&number, |(number, _)| *number).is_ok()
        };
        self.losses.lost.retain(|commit| !is_again(commit));
        self.losses.lost_writes = self.losses.lost_writes.saturating_sub(found);
        self.ledger.redo(again.iter().map(|(number, _)| *number));
    }
}

/// A line of the ledger as a commit.
fn commit_of((number, line): (u64, &Line)) -> Commit {
    debug_assert!(number > 0, "commits are counted from 1");
    Commit {
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
    }
}
