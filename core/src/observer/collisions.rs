//! Collisions: concurrent writes to one key, and the keys over which regions differ because of one.

use super::Observer;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, RegionId, VersionId, WriteId};
use crate::kernel::keyed::Keyed;
use crate::model::Rule;
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::model::plan::Plan;
use crate::observer::ledger::Mark;
use crate::system::System;
use crate::system::context::Context;
use crate::system::database::{Database, Role};
use crate::system::journal::What;
use crate::system::occurrence::{Committed, Placed};
use crate::system::version::Seen;
use std::sync::Arc;

/// Two writes to one key, of which neither could have seen the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collision {
    /// The key.
    pub key: u16,
    /// The commit that was made first, by its number in the ledger.
    pub first: u64,
    /// The one that was made without having seen it.
    pub second: u64,
    /// When the second was made.
    pub at: SimTime,
}

/// Collisions so far, and the keys under which regions show different things because of one.
#[derive(Clone, Debug, Default)]
pub struct Collisions {
    /// Writes that had not seen an earlier one from another region, which had not seen them either; each once.
    pub count: u64,
    /// All such pairs.
    pub pairs: u64,
    /// By key, what a restore has gone back behind or a refill has replaced: no copy that anybody writes to has it.
    pub gone: Arc<[Seen]>,
    /// The newest of them.
    pub listed: Vec<Collision>,
    /// Writes of which the journal has said that they lost to another.
    named: u64,
    /// The newest writes that a person ordered to see what becomes of them, the newest first: the journal names these always.
    pub staged: Vec<WriteId>,
    /// Keys over which regions differ since a collision.
    pub open: Keyed<u16, SimTime>,
    /// The longest that regions differed over a key, of those over which they agree again.
    pub longest: SimDuration,
}

/// Collisions that get an entry each in the journal.
const NAMED: u64 = 20;
/// Ordered writes that are remembered.
const STAGED: usize = 8;
/// How many of the newest collisions are kept for the page.
const LISTED: usize = 64;

impl Collisions {
    /// Whether one of two writes was ordered.
    fn is_staged(&self, one: WriteId, other: WriteId) -> bool {
        self.staged.contains(&one) || self.staged.contains(&other)
    }
}

impl Observer {
    /// How many commits of other regions under a key a writer has not seen, wherever they have come and whatever they lost
    /// to there, and the newest of them.
    fn unseen(&self, plan: &Plan, version: VersionId, key: u16, mut seen: Seen) -> (u64, Option<u64>) {
        debug_assert!(seen.covers(version), "a writer has seen its own write");
        if let Some(gone) = self.collisions.gone.get(usize::from(key)) {
            seen.join(*gone);
        }
        let (mut unseen, mut newest) = (0, None);
        for other in plan.region_ids().filter(|other| *other != version.region) {
            let after = self.ledger.after(key, other, seen.newest_of(other).count);
            if after > 0 {
                unseen += u64::from(after);
                newest = newest.max(Some(u64::from(self.ledger.chain(key, other).newest)));
            }
        }
        (unseen, newest)
    }

    /// What regions have made so far is in no copy any more, unless it comes with the one that takes the place of theirs:
    /// nobody can be said not to have seen it.
    pub(super) fn give_up(&mut self, made: &[Seen], of: Option<RegionId>) {
        let mut gone = self.collisions.gone.to_vec();
        gone.resize(made.len().max(gone.len()), Seen::NOTHING);
        for (gone, made) in gone.iter_mut().zip(made) {
            gone.join(of.map_or(*made, |region| made.only(region)));
        }
        debug_assert!(gone.len() >= made.len(), "every key");
        self.collisions.gone = gone.into();
    }

    /// A commit has been made; others under its key may not have been seen by its writer.
    pub(super) fn note_collision(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        committed: &Committed,
        second: u64,
    ) {
        // A single writer collides with nobody: what a replaced primary has kept to itself is set aside.
        // Those of a quorum are put in order by agreement, and what was given up for another was never a commit.
        if !ctx.plan.writes_everywhere() || ctx.plan.rule() == Rule::Quorum {
            return;
        }
        let key = committed.key;
        let Committed { version, .. } = committed;
        let (pairs, Some(first)) = self.unseen(ctx.plan, version.id, key, version.seen) else { return };
        debug_assert!(pairs > 0 && first < second, "a write collides with an earlier one");
        let from = self.ledger.get(first).map(|line| line.region);
        let own = committed.version.id.region;
        let cause = from.and_then(|from| system.why_closed(from, own));
        let dark = from.and_then(|from| system.entry_of(FaultKind::RegionDark, Target::Region(from)));
        if let Some(fault) = cause.max(dark) {
            self.ledger.keep_apart(second, fault);
        }
        let collisions = &mut self.collisions;
        collisions.count += 1;
        collisions.pairs += pairs;
        if !collisions.open.contains(key) {
            collisions.open.insert(key, ctx.now);
        }
        if collisions.listed.len() == LISTED {
            collisions.listed.remove(0);
        }
        collisions.listed.push(Collision { key, first, second, at: ctx.now });
        debug_assert!(collisions.listed.len() <= LISTED, "the list keeps its length");
        let write = |number: u64| self.ledger.get(number).map(|line| line.write);
        if let (Some(first), Some(second)) = (write(first), write(second))
            && (collisions.pairs <= NAMED || collisions.is_staged(first, second))
        {
            ctx.note(cause, What::WritesCollided { key, first, second });
        }
    }

    /// A person has ordered a write.
    pub(super) fn on_staged(&mut self, write: WriteId) {
        debug_assert!(write.0 > 0, "a client's write");
        self.collisions.staged.truncate(STAGED - 1);
        self.collisions.staged.insert(0, write);
    }

    /// A copy has taken in a version that was made elsewhere.
    pub(super) fn on_taken_in(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        placed: Placed,
        met_others: bool,
    ) {
        let Placed { key, region, version } = placed;
        let number = self.ledger.number(version);
        debug_assert!(number > 0, "what comes was committed");
        self.ledger.reach(number, region, ctx.now);
        if met_others {
            self.settle(ctx, system, region, key);
        }
        self.watch_divergence(ctx, system, key);
    }

    /// Several versions stand side by side in a copy: the rule says what becomes of each. What somebody has overwritten
    /// at home, having seen it, is not lost.
    fn settle(&mut self, ctx: &mut Context<'_>, system: &System, region: RegionId, key: u16) {
        let rule = ctx.plan.rule();
        let database = &system.databases[region.index()];
        let shown = database.versions[usize::from(key)];
        let rivals =
            || database.rivals.get(key).into_iter().flatten().map(|version| self.ledger.number(version.id));
        let other = rivals().next().unwrap_or_default();
        let open: Vec<u64> = rivals().filter(|number| self.stands(system, *number, key, None)).collect();
        let shown = self.ledger.number(shown.id);
        let stands = self.stands(system, shown, key, None);
        let (rival, own) = match rule {
            Rule::Siblings => (Mark::Kept, Mark::Kept),
            Rule::Merge => (Mark::Merged, Mark::Merged),
            Rule::LastWriterWins
            | Rule::FirstRegionWins
            | Rule::Conditional
            | Rule::Quorum
            | Rule::ConditionalLocal => (Mark::Lost, Mark::None),
        };
        for number in &open {
            if rival == Mark::Lost && self.mark_of(*number) != Some(Mark::Lost) {
                self.tell_lost(ctx, key, *number, shown);
            }
            self.ledger.mark(*number, rival, shown);
        }
        if own == Mark::None {
            self.found_again(system, region, key, shown);
        } else if stands {
            self.ledger.mark(shown, own, other);
        }
    }

    /// The journal names the first writes that lost to another.
    fn tell_lost(&mut self, ctx: &mut Context<'_>, key: u16, lost: u64, kept: u64) {
        // What ruins data is no write of a client, and says so itself.
        let write = |number: u64| self.ledger.get(number).map(|line| line.write).filter(|write| write.0 > 0);
        // The fault that kept one of them from seeing the other.
        let apart = |number: u64| self.ledger.get(number).map(|line| EntryId(line.apart));
        let cause = apart(lost).max(apart(kept)).filter(|entry| entry.0 > 0);
        if let (Some(lost), Some(kept)) = (write(lost), write(kept))
            && (self.collisions.named < NAMED || self.collisions.is_staged(lost, kept))
        {
            self.collisions.named += 1;
            ctx.note(cause, What::UpdateLost { key, lost, kept });
        }
    }

    fn mark_of(&self, number: u64) -> Option<Mark> {
        self.ledger.get(number).map(|line| line.mark)
    }

    /// Whether a commit stands, shown or not, wherever it has come; one region may be left out. If it is gone, somebody has
    /// written over it, and what has become of it was decided there.
    fn stands(&self, system: &System, number: u64, key: u16, but: Option<RegionId>) -> bool {
        let Some(line) = self.ledger.get(number) else { return false };
        debug_assert_eq!(line.key, key, "a commit stands under its own key");
        let id = VersionId { region: line.region, count: line.count };
        let others = system.databases.iter().filter(|db| Some(db.region) != but);
        let mut come = others.filter(|db| db.seen[usize::from(key)].covers(id));
        come.all(|db| db.all_versions(key).any(|version| version.id == id))
    }

    /// A write that was marked lost is shown again though the copy has seen the one that it had lost to: that one is gone
    /// too, and the mark is taken off.
    fn found_again(&mut self, system: &System, region: RegionId, key: u16, shown: u64) {
        let Some(line) = self.ledger.get(shown).filter(|line| line.mark == Mark::Lost) else {
            return;
        };
        let winner =
            self.ledger.get(u64::from(line.by)).map(|by| VersionId { region: by.region, count: by.count });
        let seen = system.databases[region.index()].seen[usize::from(key)];
        if winner.is_some_and(|by| seen.covers(by)) {
            self.ledger.mark(shown, Mark::None, 0);
        }
    }

    /// A region has written over a version that stood beside others, and the writer had seen them all. What waited to be merged
    /// is merged; else the one that was shown stands for all, and the others are gone for good.
    pub(super) fn on_wrote_over(&mut self, system: &System, rule: Rule, placed: Placed) {
        let Placed { key, region, version } = placed;
        let rival = self.ledger.number(version);
        debug_assert!(rival > 0, "what was written over was committed");
        if rule == Rule::Siblings {
            self.written_over.push((rival, true));
        } else if self.mark_of(rival) == Some(Mark::None) && self.stands(system, rival, key, Some(region)) {
            self.written_over.push((rival, false));
        }
    }

    /// What the version before and those beside it have become, now that this commit stands in their place.
    pub(super) fn settle_over(&mut self, rule: Rule, over: VersionId, number: u64) {
        let shown = self.ledger.number(over);
        debug_assert!(shown < number, "nobody writes over what is yet to come");
        let beside = std::mem::take(&mut self.written_over);
        if rule == Rule::Siblings && !beside.is_empty() {
            for kept in beside.iter().map(|(rival, _)| *rival).chain([shown]) {
                self.ledger.mark(kept, Mark::Merged, number);
            }
        } else {
            if matches!(self.mark_of(shown), Some(Mark::Lost | Mark::Kept)) {
                self.ledger.mark(shown, Mark::None, 0);
            }
            for (gone, _) in &beside {
                self.ledger.mark(*gone, Mark::Lost, shown);
            }
        }
        self.written_over = beside;
        self.written_over.clear();
    }

    /// A divergence ends when all regions show the same again under its key.
    fn watch_divergence(&mut self, ctx: &Context<'_>, system: &System, key: u16) {
        if self.collisions.open.is_empty()
            || !self.collisions.open.contains(key)
            || differs(ctx.plan, system, key)
        {
            return;
        }
        if let Some(since) = self.collisions.open.remove(key) {
            debug_assert!(since <= ctx.now, "a divergence ends after it began");
            self.collisions.longest = self.collisions.longest.max(ctx.now.since(since));
        }
    }

    /// Keys under which regions show different things.
    pub fn diverged_keys(&self, plan: &Plan, system: &System) -> usize {
        (0..self.newest.len()).filter(|key| differs(plan, system, *key as u16)).count()
    }

    /// The longest that regions have differed over a key since a collision, in seconds.
    pub fn longest_divergence_s(&self, now: SimTime) -> f64 {
        let open = self.collisions.open.values().map(|since| now.since(*since)).max();
        open.unwrap_or_default().max(self.collisions.longest).secs()
    }
}

/// Whether regions that may hold a key show different things under it.
pub fn differs(plan: &Plan, system: &System, key: u16) -> bool {
    let has_data = |db: &&Database| {
        let shows = !matches!(db.role, Role::Absent | Role::Rebuilding | Role::Witness);
        shows && plan.holds(db.region, key)
    };
    let mut copies = system.databases.iter().filter(has_data);
    let Some(first) = copies.next() else { return false };
    let has = |db: &Database, id: VersionId| db.all_versions(key).any(|version| version.id == id);
    let same = |other: &Database| {
        first.all_versions(key).all(|version| has(other, version.id))
            && other.all_versions(key).all(|version| has(first, version.id))
    };
    !copies.all(same)
}
