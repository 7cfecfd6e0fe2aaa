//! Acknowledged writes that did not survive, that are out of reach, or that only an old primary has.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId, VersionId};
use crate::observer::Observer;
use crate::observer::ledger::{Line, STANDS};
use crate::system::System;
use crate::system::backups::{Backups, RestorePoint};
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::occurrence::Committed;
use crate::system::stream::Commit;
use crate::system::version::Seen;

/// Lost writes that get a line each in the journal; of more there is one line with their number.
const NAMED_LOSSES: usize = 40;
/// Lost writes that are listed: a keyframe should not carry the hundred thousand of a restored backup.
const MOST_LISTED: usize = 512;

/// What has become of writes that are not where they should be.
#[derive(Clone, Debug, Default)]
pub struct Losses {
    /// Commits that only the old primary has, in the order of their numbers.
    pub stranded: Vec<Commit>,
    /// Commits that only an old primary has and that are not listed in `stranded`: those that no backup had.
    pub more_stranded: u32,
    /// Acknowledged writes that did not survive: the first of them.
    pub lost: Vec<Commit>,
    /// How many they are in all.
    pub lost_writes: u64,
    /// Acknowledged writes that a dark region has not passed on and will when it returns, with their incident.
    pub unseen: Vec<(usize, Commit)>,
}

impl Losses {
    /// How many commits only an old primary has.
    pub fn stranded_writes(&self) -> u64 {
        self.stranded.len() as u64 + u64::from(self.more_stranded)
    }
}

impl Observer {
    /// Acknowledged writes did not survive: each is named, up to a number, and the recovery point moves back.
    fn count_lost(
        &mut self,
        ctx: &mut Context<'_>,
        incident: usize,
        cause: Option<EntryId>,
        lost: &[Commit],
    ) {
        debug_assert!(lost.iter().all(|commit| commit.acknowledged), "only what was acknowledged is lost");
        self.name_lost(ctx, incident, cause, lost);
        self.losses.lost_writes += lost.len() as u64;
        let room = MOST_LISTED.saturating_sub(self.losses.lost.len());
        self.losses.lost.extend(lost.iter().take(room));
    }

    fn name_lost(&mut self, ctx: &mut Context<'_>, incident: usize, cause: Option<EntryId>, lost: &[Commit]) {
        for commit in lost.iter().take(NAMED_LOSSES) {
            ctx.note(cause, What::WriteLost(commit.write));
        }
        if lost.len() > NAMED_LOSSES {
            ctx.note(cause, What::MoreWritesLost((lost.len() - NAMED_LOSSES) as u32));
        }
        let incident = &mut self.incidents[incident];
        incident.lost_writes += lost.len() as u32;
        if let Some(first) = lost.iter().map(|commit| commit.at).min() {
            let age = incident.at.since(first);
            incident.rpo = Some(incident.rpo.unwrap_or_default().max(age));
        }
    }

    /// A copy became the primary: what the old streams had not brought is undone, and lost if it was acknowledged.
    pub(super) fn on_promoted(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        to: RegionId,
    ) -> Option<EntryId> {
        let missing: Vec<Commit> =
            system.streams.iter().flat_map(|stream| stream.missing().copied()).collect();
        debug_assert!(missing.iter().all(|commit| commit.id.region != to), "a region has its own commits");
        let lost: Vec<Commit> = missing.iter().filter(|commit| commit.acknowledged).copied().collect();
        let numbers: Vec<u64> = missing.iter().map(|commit| self.ledger.number(commit.id)).collect();
        self.ledger.undo(ctx.now, numbers.into_iter());
        self.losses.stranded.extend(missing);
        let what = What::Promoted { region: to, lost: lost.len() as u32 };
        let entry = ctx.note(system.control.entry, what);
        let incident = self.current_incident()?;
        self.incidents[incident].rpo.get_or_insert(SimDuration::ZERO);
        self.count_lost(ctx, incident, Some(entry), &lost);
        Some(entry)
    }

    /// A region has committed. If it is an old primary that does not know yet that it was replaced, nobody else has that.
    pub(super) fn strand(&mut self, ctx: &Context<'_>, system: &System, committed: &Committed) {
        let Committed { key, version, population, connection, .. } = *committed;
        if version.id.region == system.acting || ctx.plan.writes_everywhere() {
            return;
        }
        let last = self.losses.stranded.last();
        debug_assert!(last.is_none_or(|last| last.at <= ctx.now), "stranded commits are in order");
        self.losses.stranded.push(Commit {
            id: version.id,
            write: version.write,
            population,
            connection,
            key,
            at: ctx.now,
            leaves: ctx.now,
            content: version.content,
            format: version.format,
            stamp: version.stamp,
            seen: version.seen,
            acknowledged: false,
        });
    }

    /// A client has been told of a write. If it was committed by a primary that is primary no more it is lost from this
    /// moment.
    pub(super) fn acknowledged_late(&mut self, ctx: &mut Context<'_>, system: &System, version: VersionId) {
        if version.region == system.acting {
            return;
        }
        let mine = |commit: &&mut Commit| commit.id == version && !commit.acknowledged;
        let Some(commit) = self.losses.stranded.iter_mut().rev().find(mine) else { return };
        commit.acknowledged = true;
        let commit = *commit;
        debug_assert!(commit.at <= ctx.now, "what is told of was committed");
        if let Some(incident) = self.current_incident() {
            self.count_lost(ctx, incident, system.control.entry, &[commit]);
        }
    }

    /// What only an old primary had was set aside for people to reconcile.
    pub(super) fn on_set_aside(&mut self, ctx: &mut Context<'_>, system: &System) -> Option<EntryId> {
        let count = self.losses.stranded_writes() as u32;
        self.losses.stranded.clear();
        self.losses.more_stranded = 0;
        debug_assert_eq!(self.losses.stranded_writes(), 0, "all of it was set aside");
        Some(ctx.note(system.control.entry, What::WritesSetAside(count)))
    }

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
        let has = |line: &Line| {
            let id = VersionId { region: line.region, count: line.count };
            id.is_written() && copy.seen[usize::from(line.key)].covers(id)
        };
        let all = || self.ledger.lines(1, self.ledger.len());
        let gone = || all().filter(|(_, line)| line.undone == STANDS && !has(line));
        let lost: Vec<Commit> = gone().filter(|(_, line)| line.acknowledged).map(commit_of).collect();
        let undone: Vec<u64> = gone().map(|(number, _)| number).collect();
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

    /// A region where all take writes does not answer: what it has not passed on nobody else has seen. It is out of reach
    /// and not lost: it comes when the region does.
    pub(super) fn count_unseen(&mut self, ctx: &mut Context<'_>, system: &System, region: RegionId) {
        let Some(incident) = self.open_incident_of(region) else { return };
        let streams = system.streams.iter().filter(|stream| stream.from == region);
        let told = streams.flat_map(|stream| stream.missing()).filter(|commit| commit.acknowledged);
        let mut unseen: Vec<Commit> = Vec::new();
        for commit in told {
            // Each once, however many copies it was meant for, in the order in which they were made.
            let place = (commit.at, commit.id);
            if let Err(place) = unseen.binary_search_by_key(&place, |known| (known.at, known.id)) {
                unseen.insert(place, *commit);
            }
        }
        unseen.retain(|commit| self.losses.unseen.iter().all(|(_, known)| known.id != commit.id));
        debug_assert!(unseen.iter().all(|commit| commit.id.region == region), "what it has written itself");
        self.incidents[incident].rpo.get_or_insert(SimDuration::ZERO);
        self.name_lost(ctx, incident, system.control.entry, &unseen);
        self.losses.unseen.extend(unseen.into_iter().map(|commit| (incident, commit)));
    }

    /// A copy has taken in what came: writes that were out of reach may be there again.
    pub fn find_again(&mut self, ctx: &mut Context<'_>, system: &System, region: RegionId) {
        if self.losses.unseen.is_empty() {
            return;
        }
        let copy = &system.databases[region.index()];
        debug_assert_eq!(copy.region, region, "each region has its own copy");
        let mut found = 0;
        let incidents = &mut self.incidents;
        self.losses.unseen.retain(|(incident, commit)| {
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
