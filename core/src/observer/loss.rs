//! Acknowledged writes that did not survive, that are out of reach, or that only an old primary has.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId, VersionId};
use crate::observer::Observer;
use crate::system::System;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::occurrence::Committed;
use crate::system::stream::Commit;

/// Lost writes that get a line each in the journal; of more there is one line with their number.
const NAMED_LOSSES: usize = 40;
/// Lost writes that are listed: a keyframe should not carry the hundred thousand of a restored backup.
const MOST_LISTED: usize = 512;

/// Writes that are lost, out of reach, or only in an old primary.
#[derive(Clone, Debug, Default)]
pub struct Losses {
    /// Commits that only the old primary has, in the order of their numbers.
    pub stranded: Vec<Commit>,
    /// Commits that only an old primary has and that are not listed in `stranded`: those that no backup had.
    pub more_stranded: u32,
    /// Acknowledged writes that did not survive: the first of them.
    pub lost: Vec<Commit>,
    /// How many acknowledged writes did not survive, in all.
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
    pub(super) fn count_lost(
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
        debug_assert!(self.losses.lost.len() <= MOST_LISTED, "the list keeps its length");
    }

    /// Lost or unreachable writes are named, and booked on an incident.
    pub(super) fn name_lost(
        &mut self,
        ctx: &mut Context<'_>,
        incident: usize,
        cause: Option<EntryId>,
        lost: &[Commit],
    ) {
        let cause = cause.or(ctx.cause());
        for commit in lost.iter().take(NAMED_LOSSES) {
            ctx.note(cause, What::WriteLost(commit.write));
        }
        if lost.len() > NAMED_LOSSES {
            ctx.note(cause, What::MoreWritesLost((lost.len() - NAMED_LOSSES) as u32));
        }
        let incident = &mut self.incidents[incident];
        debug_assert!(lost.iter().all(|commit| commit.at <= ctx.now), "what is lost was committed");
        incident.lost_writes += lost.len() as u32;
        if let Some(first) = lost.iter().map(|commit| commit.at).min() {
            let age = incident.at.since(first);
            incident.rpo = Some(incident.rpo.unwrap_or_default().max(age));
        }
    }

    /// A copy became the primary: what its stream had not brought is undone, and lost if it was acknowledged, even if a copy
    /// elsewhere has it.
    pub(super) fn on_promoted(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        to: RegionId,
    ) -> Option<EntryId> {
        let stream = system.stream_to(to);
        debug_assert!(stream.is_some(), "what is promoted has followed");
        let missing: Vec<Commit> = stream.into_iter().flat_map(|stream| stream.missing().copied()).collect();
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
}
