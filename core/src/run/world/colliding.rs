//! Writes that meet: what a copy does with what comes from elsewhere, which writes collide, and what becomes of them.

use crate::kernel::clock::SimTime;
use crate::kernel::id::RegionId;
use crate::model::Rule;
use crate::observer::collisions::Collision;
use crate::observer::ledger::Mark;
use crate::run::world::World;
use crate::system::context::Context;
use crate::system::database::{Database, Role, Taken};
use crate::system::journal::What;
use crate::system::stream::Commit;

/// Collisions that get an entry each in the journal.
const NAMED: u64 = 20;
/// Collisions that are kept in mind, newest last, for whoever wants to look at one.
const LISTED: usize = 64;

impl World {
    /// A region commits: how many commits of others under that key its copy has not seen, and the newest of them.
    pub(super) fn unseen_by(&self, region: RegionId, key: u16) -> (u64, Option<u64>) {
        let index = usize::from(key);
        let mine = self.system.databases[region.index()].seen[index];
        let streams = self.system.streams.iter().filter(|stream| stream.to == region);
        let mut unseen: u64 = streams.map(|stream| stream.waiting(key)).sum();
        let mut newest = None;
        let writes = |role: Role| matches!(role, Role::Primary | Role::Fenced);
        for other in self.system.databases.iter().filter(|db| db.region != region && writes(db.role)) {
            for version in other.all_versions(key).filter(|v| !mine.covers(v.writer, v.commit)) {
                newest = newest.max(Some(version.commit));
                // Where no stream brings it, an old primary has it to itself.
                unseen = unseen.max(1);
            }
        }
        (if newest.is_some() { unseen } else { 0 }, newest)
    }

    /// A commit has been made without having seen others under its key.
    pub(super) fn note_collision(
        &mut self,
        ctx: &mut Context<'_>,
        key: u16,
        second: u64,
        unseen: (u64, Option<u64>),
    ) {
        let (pairs, Some(first)) = unseen else { return };
        let collisions = &mut self.observer.collisions;
        collisions.count += pairs;
        if !collisions.open.contains(key) {
            collisions.open.insert(key, ctx.now);
        }
        if collisions.listed.len() == LISTED {
            collisions.listed.remove(0);
        }
        collisions.listed.push(Collision { key, first, second, at: ctx.now });
        if collisions.count <= NAMED {
            let write = |number: u64| self.observer.ledger.get(number).map(|line| line.write);
            if let (Some(first), Some(second)) = (write(first), write(second)) {
                ctx.note(self.any_cause(), What::WritesCollided { key, first, second });
            }
        }
    }

    /// A copy takes in a commit that was made elsewhere.
    pub(super) fn take_in(&mut self, ctx: &mut Context<'_>, region: RegionId, commit: &Commit) {
        let rule = ctx.plan.rule();
        let key = commit.key;
        let taken = self.system.databases[region.index()].take(key, commit.version(ctx.now), rule);
        self.observer.ledger.reach(commit.number, region, ctx.now);
        if taken == Taken::Collides {
            self.settle(region, key, rule);
        }
        if rule == Rule::Quorum {
            self.close_known(ctx, region, key);
        }
        self.watch_divergence(ctx, key);
    }

    /// Several versions stand side by side in a copy: the rule says what becomes of each. What somebody has overwritten
    /// at home, having seen it, is not lost.
    fn settle(&mut self, region: RegionId, key: u16, rule: Rule) {
        let database = &self.system.databases[region.index()];
        let shown = database.versions[usize::from(key)];
        let rivals = || database.rivals.get(key).into_iter().flatten().map(|version| version.commit);
        let other = rivals().next().unwrap_or_default();
        let open: Vec<u64> = rivals().filter(|number| self.stands(*number, key)).collect();
        let stands = self.stands(shown.commit, key);
        let (rival, own) = match rule {
            Rule::Siblings => (Mark::Kept, Mark::Kept),
            Rule::Merge => (Mark::Merged, Mark::Merged),
            Rule::LastWriterWins | Rule::FirstRegionWins | Rule::Conditional | Rule::Quorum => {
                (Mark::Lost, Mark::None)
            }
        };
        for number in &open {
            self.observer.ledger.mark(*number, rival, shown.commit);
        }
        if own == Mark::None {
            self.found_again(region, key, shown.commit);
        } else if stands {
            self.observer.ledger.mark(shown.commit, own, other);
        }
    }

    fn mark_of(&self, number: u64) -> Option<Mark> {
        self.observer.ledger.get(number).map(|line| line.mark)
    }

    /// Whether a commit stands, shown or not, wherever it has come. Where it is gone, somebody has written over it, and what
    /// has become of it was decided there.
    fn stands(&self, number: u64, key: u16) -> bool {
        let Some(line) = self.observer.ledger.get(number) else { return false };
        let mut come =
            self.system.databases.iter().filter(|db| db.seen[usize::from(key)].covers(line.region, number));
        come.all(|db| db.all_versions(key).any(|version| version.commit == number))
    }

    /// A write that was lost is shown again where what it had lost to has been seen, and gone in its turn.
    fn found_again(&mut self, region: RegionId, key: u16, shown: u64) {
        let Some(line) = self.observer.ledger.get(shown).filter(|line| line.mark == Mark::Lost) else {
            return;
        };
        let winner = self.observer.ledger.get(u64::from(line.by)).map(|by| (by.region, u64::from(line.by)));
        let seen = self.system.databases[region.index()].seen[usize::from(key)];
        if winner.is_some_and(|(writer, by)| seen.covers(writer, by)) {
            self.observer.ledger.mark(shown, Mark::None, 0);
        }
    }

    /// A region writes over what stands there: who wrote it knows that, so none of it is lost; what waited is merged.
    pub(super) fn write_over(&mut self, region: RegionId, key: u16, number: u64, rule: Rule) {
        let database = &self.system.databases[region.index()];
        let shown = database.versions[usize::from(key)].commit;
        let rivals: Vec<u64> = database.rivals.get(key).into_iter().flatten().map(|v| v.commit).collect();
        if rule == Rule::Siblings && !rivals.is_empty() {
            for kept in rivals.into_iter().chain([shown]) {
                self.observer.ledger.mark(kept, Mark::Merged, number);
            }
            return;
        }
        if matches!(self.mark_of(shown), Some(Mark::Lost | Mark::Kept)) {
            self.observer.ledger.mark(shown, Mark::None, 0);
        }
        // Who wrote this was shown one of several: the others are gone for good.
        let gone = rivals
            .into_iter()
            .filter(|number| self.mark_of(*number) == Some(Mark::None) && self.stands(*number, key));
        for number in gone.collect::<Vec<_>>() {
            self.observer.ledger.mark(number, Mark::Lost, shown);
        }
    }

    /// Where all regions show the same again under a key over which they differed, the difference has ended.
    pub(super) fn watch_divergence(&mut self, ctx: &Context<'_>, key: u16) {
        if self.observer.collisions.open.is_empty()
            || !self.observer.collisions.open.contains(key)
            || self.differs(key)
        {
            return;
        }
        if let Some(since) = self.observer.collisions.open.remove(key) {
            self.observer.collisions.longest = self.observer.collisions.longest.max(ctx.now.since(since));
        }
    }

    /// Whether regions show different things under a key.
    pub fn differs(&self, key: u16) -> bool {
        let has_data = |role: Role| !matches!(role, Role::Absent | Role::Rebuilding);
        let mut copies = self.system.databases.iter().filter(|db| has_data(db.role));
        let Some(first) = copies.next() else { return false };
        let has = |db: &Database, commit: u64| db.all_versions(key).any(|version| version.commit == commit);
        let same = |other: &Database| {
            first.all_versions(key).all(|version| has(other, version.commit))
                && other.all_versions(key).all(|version| has(first, version.commit))
        };
        !copies.all(same)
    }

    /// Keys under which regions show different things.
    pub fn diverged_keys(&self) -> usize {
        (0..self.observer.newest.len()).filter(|key| self.differs(*key as u16)).count()
    }

    /// The longest that regions have differed over a key since a collision, in seconds.
    pub fn longest_divergence_s(&self, now: SimTime) -> f64 {
        let open = self.observer.collisions.open.values().map(|since| now.since(*since)).max();
        open.unwrap_or_default().max(self.observer.collisions.longest).secs()
    }
}
