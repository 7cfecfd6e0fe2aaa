//! Changes of ownership as the observer books them: promotions, restores, copies that are filled anew, uploads of the log.

use super::Observer;
use crate::kernel::id::{EntryId, RegionId};
use crate::observer::ledger::STANDS;
use crate::observer::lineage::Undone;
use crate::observer::walk::Walk;
use crate::system::System;
use crate::system::context::Context;
use crate::system::database::Role;
use crate::system::journal::What;
use crate::system::occurrence::Committed;
use crate::system::restore_point::RestorePoint;
use crate::system::stream::Commit;
use crate::system::version::Seen;

impl Observer {
    /// What each region has committed under each key so far.
    fn made(&self) -> Vec<Seen> {
        let made = |key: usize| Seen::from_fn(|region| self.ledger.chain(key as u16, region).count);
        (0..self.newest.len()).map(made).collect()
    }

    /// Acknowledged writes that are missing because of a change of ownership.
    fn missing_by(&mut self, ctx: &Context<'_>, system: &System, change: usize, entry: EntryId) -> u64 {
        let before = self.lineage.change(change).and_then(|change| change.entry);
        debug_assert!(before.is_none(), "a change is told of once");
        self.lineage.told(change, entry);
        let walk = Walk::new(self, ctx.plan, system);
        let mut missing = 0;
        walk.each(|stretch| {
            if stretch.state.is_missing() && stretch.because == Some(entry) {
                let (told, collided) = walk.counts(&stretch);
                missing += told - collided;
            }
        });
        let from_before = walk.before().filter(|before| before.because == Some(entry));
        missing + from_before.map_or(0, |before| before.count.into())
    }

    /// A copy became the primary: what its stream had not brought is undone, even if a copy elsewhere has it.
    pub(super) fn on_promoted(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        from: RegionId,
        to: RegionId,
    ) -> Option<EntryId> {
        let stream = system.stream_to(to).filter(|stream| stream.from == from);
        let missing: Vec<Commit> = stream.into_iter().flat_map(|stream| stream.missing().copied()).collect();
        debug_assert!(missing.iter().all(|commit| commit.id.region != to), "a region has its own commits");
        if stream.is_some() {
            let numbers: Vec<u64> = missing.iter().map(|commit| self.ledger.number(commit.id)).collect();
            self.ledger.undo(ctx.now, numbers.into_iter());
        } else {
            // It followed nobody: all that it has not heard of is gone.
            self.redo_and_undo(ctx, system, to);
        }
        self.losses.stranded.extend(missing);
        let change = self.lineage.promote(ctx.now, from, to);
        // The entry that the journal's line about it will have.
        let entry = ctx.next_entry();
        let lost = self.missing_by(ctx, system, change, entry) as u32;
        if stream.is_none() {
            self.losses.more_stranded += lost;
        }
        let told = ctx.note(system.control.entry, What::Promoted { region: to, lost });
        debug_assert_eq!(told, entry, "nothing else is told meanwhile");
        self.losses.look_again();
        Some(entry)
    }

    /// A region has committed. If it is an old primary that does not know yet that it was replaced, nobody else has that.
    pub(super) fn strand(&mut self, ctx: &Context<'_>, system: &System, committed: &Committed) {
        let Committed { key, version, population, connection, .. } = *committed;
        if version.id.region == system.ownership.primary() || ctx.plan.writes_everywhere() {
            return;
        }
        let last = self.losses.stranded.last();
        debug_assert!(last.is_none_or(|last| last.at <= ctx.now), "stranded commits are in order");
        let commit = Commit::of(key, &version, (population, connection), (ctx.now, ctx.now), None);
        self.losses.stranded.push(commit);
    }

    /// What only an old primary had was set aside for people to reconcile, if it had any of it left.
    pub(super) fn on_set_aside(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        any: bool,
    ) -> Option<EntryId> {
        let count = self.losses.stranded_writes() as u32;
        self.losses.stranded.clear();
        self.losses.more_stranded = 0;
        debug_assert_eq!(self.losses.stranded_writes(), 0, "all of it was set aside");
        any.then(|| ctx.note(system.control.entry, What::WritesSetAside(count)))
    }

    /// A region's copy was replaced by that of another, and is being filled.
    pub(super) fn on_replaced(&mut self, system: &System, region: RegionId, source: RegionId) {
        let copy = &system.databases[region.index()];
        debug_assert_eq!(copy.role, Role::Rebuilding, "what is filled serves nobody");
        let made = self.made();
        self.give_up(&made, Some(region));
        self.lineage.fill((region, source), (&copy.seen, &made), system.handed_over.len());
        self.losses.look_again();
    }

    /// A region has what stood there before its copy was replaced.
    pub(super) fn on_old_copy_kept(&mut self, system: &System, region: RegionId) {
        let copy = &system.databases[region.index()];
        debug_assert_ne!(copy.role, Role::Rebuilding, "nothing is filled there any more");
        self.lineage.go_back(region, &copy.seen);
        self.losses.look_again();
    }

    /// The log of a region's database was uploaded.
    pub(super) fn on_log_kept(&mut self, ctx: &Context<'_>, system: &System, region: RegionId) {
        let database = &system.databases[region.index()];
        let copied = system.backups.log_us[1] == Some(ctx.now.micros() as i64);
        self.lineage.upload(region, &database.seen, copied);
        debug_assert!(system.backups.log_us[0].is_some(), "what was uploaded is there");
    }

    /// A database was made from a backup: what that did not have is undone.
    pub(super) fn on_restored(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        (from, region): (RegionId, RegionId),
        point: RestorePoint,
    ) -> Option<EntryId> {
        let copy = &system.databases[region.index()];
        debug_assert!(copy.role == Role::Primary, "what was restored takes writes");
        self.redo_and_undo(ctx, system, region);
        let base = system.backups.shelf.iter().find(|snapshot| snapshot.id == point.snapshot);
        let base_us = base.map_or(0, |snapshot| self.lineage.from_us(snapshot.region));
        let made = self.made();
        self.give_up(&made, None);
        let undone = Undone { made, kept: copy.seen.clone(), shows_us: point.shows_us };
        let replaced = Some(from).filter(|_| !ctx.plan.writes_everywhere());
        let change =
            self.lineage.restore(ctx.now, (replaced, region), undone, base_us.min(point.shows_us.min(0)));
        let entry = ctx.next_entry();
        let lost = self.missing_by(ctx, system, change, entry) as u32;
        if from != region {
            self.losses.more_stranded += lost;
        }
        let index = self.current_incident();
        let at = index.map_or(ctx.now, |index| self.incidents[index].at);
        let age_us = (at.micros() as i64 - point.shows_us).max(0);
        if let Some(index) = index {
            self.incidents[index].restored_to_us = Some(point.shows_us);
        }
        let (snapshot, age_s) = (point.snapshot, (age_us / 1_000_000) as u32);
        let what = What::DatabaseRestored { region, snapshot, age_s, lost };
        let told = ctx.note(system.control.entry, what);
        debug_assert_eq!(told, entry, "nothing else is told meanwhile");
        self.losses.look_again();
        Some(entry)
    }

    /// What the restored copy has not seen of what stood until now is gone; what had gone and is there, is back.
    fn redo_and_undo(&mut self, ctx: &Context<'_>, system: &System, region: RegionId) {
        let copy = &system.databases[region.index()];
        let mut numbers = (Vec::new(), Vec::new());
        for (number, line) in self.ledger.lines(1, self.ledger.len()) {
            let has = line.count > 0 && copy.seen[usize::from(line.key)].covers(line.id());
            match (line.undone == STANDS, has) {
                (true, false) => numbers.0.push(number),
                (false, true) => numbers.1.push(number),
                (true, true) | (false, false) => {}
            }
        }
        debug_assert!(numbers.0.len() + numbers.1.len() <= self.ledger.len() as usize, "each line once");
        self.ledger.redo(numbers.1.into_iter());
        self.ledger.undo(ctx.now, numbers.0.into_iter());
    }
}
