//! Restores as the observer books them: writes that the backup lacks, and writes that it brings back.

use super::Observer;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId, VersionId};
use crate::observer::ledger::{Line, STANDS};
use crate::system::System;
use crate::system::backups::Backups;
use crate::system::context::Context;
use crate::system::database::Role;
use crate::system::journal::What;
use crate::system::restore_point::RestorePoint;
use crate::system::stream::Commit;
use crate::system::version::Seen;

impl Observer {
    /// A database was made from a backup: names and counts the acknowledged writes that the backup did not have.
    pub(super) fn on_restored(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        (from, region): (RegionId, RegionId),
        point: RestorePoint,
    ) -> Option<EntryId> {
        // What the restored copy has not seen of what stood until now is gone; what had gone and is there, is back.
        let copy = &system.databases[region.index()];
        debug_assert!(copy.role == Role::Primary, "what was restored takes writes");
        let has = |line: &Line| {
            let id = VersionId { region: line.region, count: line.count };
            id.is_written() && copy.seen[usize::from(line.key)].covers(id)
        };
        let all = || self.ledger.lines(1, self.ledger.len());
        let gone = || all().filter(|(_, line)| line.undone == STANDS && !has(line));
        let lost: Vec<Commit> = gone().filter(|(_, line)| line.acknowledged).map(commit_of).collect();
        let undone: Vec<u64> = gone().map(|(number, _)| number).collect();
        debug_assert!(lost.len() <= undone.len(), "what is lost is gone");
        let again = all().filter(|(_, line)| line.undone != STANDS && has(line));
        let again: Vec<(u64, bool)> = again.map(|(number, line)| (number, line.acknowledged)).collect();
        self.find_in_backup(&again);
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
    fn find_in_backup(&mut self, again: &[(u64, bool)]) {
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
