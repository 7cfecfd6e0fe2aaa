//! A walk over every copy of the data: which acknowledged writes each has, and what follows for each write.
//!
//! A copy says with one version vector for each key what it has. So the walk costs as much as there are keys, regions and
//! copies, however many writes there were.

use super::Observer;
use crate::kernel::id::{EntryId, RegionId};
use crate::model::Rule;
use crate::model::plan::Plan;
use crate::observer::copies::{Data, Holder, Standing};
use crate::observer::states::States;
use crate::system::System;
use crate::system::backups::{Backups, Snapshot, Worth};
use crate::system::database::{Database, Role, Status};
use crate::system::version::Seen;
use crate::system::write_state::WriteState;
use std::cell::OnceCell;

/// A stretch of a region's commits under a key that share what became of them: from a count (left out) to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The key.
    pub key: u16,
    /// The region that committed them.
    pub region: RegionId,
    /// The count before the first.
    pub from: u32,
    /// The count of the last.
    pub to: u32,
    /// What became of those that were acknowledged and lost no collision.
    pub state: WriteState,
    /// The entry that is why, if they are missing.
    pub because: Option<EntryId>,
}

/// Writes from before the start that are missing, because the newest copy that can be read is older than that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// How many, drawn.
    pub count: u32,
    /// The moment up to which nothing is missing, in microseconds since the start: negative.
    pub since_us: i64,
    /// What became of them.
    pub state: WriteState,
    /// Why.
    pub because: Option<EntryId>,
}

/// Every copy at one moment.
pub struct Walk<'a> {
    pub(super) observer: &'a Observer,
    pub(super) plan: &'a Plan,
    pub(super) system: &'a System,
    pub(super) near: Vec<Holder<'a>>,
    /// Backups are looked for only if databases do not have everything.
    far: OnceCell<Vec<Holder<'a>>>,
}

impl<'a> Walk<'a> {
    /// Looks at every database, and at what old primaries have handed over.
    pub fn new(observer: &'a Observer, plan: &'a Plan, system: &'a System) -> Self {
        let lineage = &observer.lineage;
        let up = |db: &Database| {
            !system.dark[db.region.index()] && db.status != Status::Down && db.unreachable.is_none()
        };
        let why_down = |db: &Database| db.lost_by.max(db.unreachable);
        let down = system.databases.iter().filter(|db| !up(db));
        let in_reach = system.databases.len() - down.clone().count();
        // A quorum without a majority in reach answers nobody, whatever its copies have.
        let closed = plan.rule() == Rule::Quorum && in_reach * 2 <= system.databases.len();
        let why_closed = down.filter_map(why_down).max();
        let left_behind = |region: RegionId, data: Data<'a>| Holder {
            standing: Standing::LeftBehind,
            region: Some(region),
            data,
            from_us: lineage.from_us(region),
        };
        let holder = |database: &'a Database| {
            let region = database.region;
            if database.role == Role::Absent || database.deleted.is_some() {
                return None;
            }
            if lineage.is_filled(database) {
                let before = database.before.as_ref().filter(|_| up(database));
                return before.map(|image| left_behind(region, Data::Image(image)));
            }
            let standing = match lineage.replaced_by(region) {
                Some(change) if !lineage.is_current(region) => Standing::Replaced(change),
                // It followed a primary that was replaced.
                None if !lineage.is_current(region) => {
                    return up(database).then(|| left_behind(region, Data::Database(database)));
                }
                Some(_) | None if closed => Standing::Unreadable(why_closed),
                Some(_) | None if up(database) => Standing::Serves,
                Some(_) | None => Standing::Unreadable(why_down(database)),
            };
            let from_us = lineage.from_us(region);
            Some(Holder { standing, region: Some(region), data: Data::Database(database), from_us })
        };
        let mut near: Vec<Holder<'a>> = system.databases.iter().filter_map(holder).collect();
        for (place, image) in system.handed_over.iter().enumerate() {
            if let Some(change) = lineage.handed_over_by(place) {
                let (standing, data) = (Standing::Replaced(change), Data::Image(image));
                near.push(Holder { standing, region: None, data, from_us: 0 });
            }
        }
        debug_assert!(near.len() <= system.databases.len() + system.handed_over.len(), "each copy once");
        Self { observer, plan, system, near, far: OnceCell::new() }
    }

    /// Backups of the data of now, in reach or not: snapshots, the log as it was uploaded, and what a database has logged
    /// since.
    fn far(&self) -> &[Holder<'a>] {
        self.far.get_or_init(|| {
            let (system, lineage) = (self.system, &self.observer.lineage);
            let backups = &system.backups;
            let places = |region: RegionId| [(region, false), (System::vault_of(self.plan, region), true)];
            let standing = |region: RegionId| {
                let dark = system.dark[region.index()];
                if dark {
                    Standing::Unreadable(system.databases[region.index()].lost_by)
                } else {
                    Standing::Serves
                }
            };
            let held = |snapshot: &&'a Snapshot, place: RegionId| {
                snapshot.worth == Worth::Good && Backups::held_in(snapshot, place).is_some()
            };
            let mut far = Vec::new();
            for snapshot in backups.shelf.iter().filter(|snapshot| lineage.covers(snapshot.shows_us)) {
                let from_us = snapshot.shows_us.min(lineage.from_us(snapshot.region));
                for (region, _) in places(snapshot.region) {
                    if held(&snapshot, region) {
                        let data = Data::Image(&snapshot.image);
                        far.push(Holder { standing: standing(region), region: Some(region), data, from_us });
                    }
                }
            }
            let source = backups.log_region();
            let base = |place: RegionId| {
                backups.shelf.iter().any(|snapshot| snapshot.region == source && held(&snapshot, place))
            };
            for (region, copied) in places(source) {
                let until_us =
                    backups.log_us[usize::from(copied)].filter(|until_us| lineage.covers(*until_us));
                if let (Some(until_us), true) = (until_us, base(region)) {
                    let data = Data::Log(lineage.logged(copied).unwrap_or_default());
                    let from_us = until_us.min(lineage.from_us(source));
                    far.push(Holder { standing: standing(region), region: Some(region), data, from_us });
                }
            }
            let database = &system.databases[source.index()];
            let logs = database.log.is_some() && base(source) && lineage.is_current(source);
            if logs && database.role != Role::Absent && database.deleted.is_none() {
                let (data, from_us) = (Data::Log(&database.seen), lineage.from_us(source));
                // What is not uploaded yet is with the database, which nobody may reach.
                let standing = match database.unreachable {
                    Some(entry) => Standing::Unreadable(Some(entry)),
                    None => standing(source),
                };
                far.push(Holder { standing, region: Some(source), data, from_us });
            }
            far
        })
    }

    /// Nothing that can be used is left, wherever one looks.
    pub fn everything_gone(&self) -> bool {
        !self.near.iter().chain(self.far()).any(Holder::is_sound)
    }

    /// What became of the commits of each region under each key, stretch by stretch.
    pub fn each(&self, mut visit: impl FnMut(Stretch)) {
        let mut sounds = Sounds::default();
        for key in 0..self.plan.scenario.database.keys as u16 {
            self.under(key, &mut sounds, &mut visit);
        }
    }

    /// What became of each acknowledged write, one by one: as costly as there are writes. For laws.
    pub fn each_write(&self, mut visit: impl FnMut(u64, WriteState)) {
        let (mut sounds, ledger) = (Sounds::default(), &self.observer.ledger);
        for key in 0..self.plan.scenario.database.keys as u16 {
            sounds.look(&self.near, self.observer, key);
            for region in self.plan.region_ids() {
                let newest = ledger.chain(key, region).count;
                for (number, line) in ledger.between(region, 0, newest).filter(|(_, line)| line.acknowledged)
                {
                    let state = self.judge(key, &mut sounds, region, line.count).0;
                    visit(number, if line.is_collided() { WriteState::InCollision } else { state });
                }
            }
        }
    }

    fn under(&self, key: u16, sounds: &mut Sounds, visit: &mut impl FnMut(Stretch)) {
        sounds.look(&self.near, self.observer, key);
        let lineage = &self.observer.lineage;
        let plain = !lineage.has_edges();
        let mut served = Seen::NOTHING;
        for (holder, seen) in self.near.iter().zip(&sounds.near) {
            if holder.standing == Standing::Serves {
                served.join(*seen);
            }
        }
        for region in self.plan.region_ids() {
            let newest = self.observer.ledger.chain(key, region).count;
            let stretch = |from, to, (state, because)| Stretch { key, region, from, to, state, because };
            if newest == 0 {
                continue;
            }
            if plain && served.newest_of(region).count >= newest {
                visit(stretch(0, newest, (WriteState::Present, None)));
                continue;
            }
            let mut edges = std::mem::take(&mut sounds.edges);
            edges.clear();
            edges.push(newest);
            lineage.edges(key, region, &mut edges);
            sounds.look_far(self, key);
            let far = sounds.far.as_deref().unwrap_or_default();
            edges.extend(sounds.near.iter().chain(far).map(|seen| seen.newest_of(region).count));
            edges.retain(|edge| 0 < *edge && *edge <= newest);
            edges.sort_unstable();
            edges.dedup();
            let mut from = 0;
            for to in &edges {
                visit(stretch(from, *to, self.judge(key, sounds, region, *to)));
                from = *to;
            }
            debug_assert_eq!(from, newest, "every commit is in a stretch");
            sounds.edges = edges;
        }
    }

    /// The state of a commit that was acknowledged and lost no collision: the first that fits.
    pub(super) fn judge(
        &self,
        key: u16,
        sounds: &mut Sounds,
        region: RegionId,
        count: u32,
    ) -> (WriteState, Option<EntryId>) {
        let lineage = &self.observer.lineage;
        let has = |seen: &Seen| lineage.has(key, region, seen.newest_of(region).count, count);
        let (mut unreadable, mut replaced, mut homeless) = (None, None, false);
        let mut left_behind = false;
        for (holder, _) in self.near.iter().zip(&sounds.near).filter(|(_, seen)| has(seen)) {
            match holder.standing {
                Standing::Serves => return (WriteState::Present, None),
                Standing::Unreadable(because) => {
                    unreadable = unreadable.max(Some(because));
                    homeless |= holder.region == Some(region) && self.has_moved(key, region);
                }
                Standing::LeftBehind => left_behind = true,
                Standing::Replaced(change) => replaced = replaced.max(Some(change)),
            }
        }
        // What belongs to the data of now can be had from a copy that ends later.
        if left_behind && unreadable.is_some() {
            return (WriteState::Present, None);
        }
        sounds.look_far(self, key);
        let far = || self.far().iter().zip(sounds.far.iter().flatten()).filter(|(_, seen)| has(seen));
        if far().any(|(holder, _)| holder.standing == Standing::Serves) {
            return (WriteState::Present, None);
        }
        let entry_of = |change: usize| lineage.change(change).and_then(|change| change.entry);
        if homeless {
            return (WriteState::SetAside, lineage.moved_by(self.plan.partition(key)));
        }
        if let Some(because) = unreadable {
            return (WriteState::OutOfReach, because);
        }
        if let Some(change) = replaced {
            return (WriteState::SetAside, entry_of(change));
        }
        if let Some(change) = lineage.undone_by(key, region, count) {
            return (WriteState::Undone, entry_of(change));
        }
        let because = far().filter_map(|(holder, _)| match holder.standing {
            Standing::Unreadable(because) => Some(because),
            Standing::Serves | Standing::LeftBehind | Standing::Replaced(_) => None,
        });
        match because.max() {
            Some(because) => (WriteState::OutOfReach, because),
            None => (WriteState::Lost, self.system.ruined_by),
        }
    }

    /// The partition of a key has another home than the region that committed under it.
    fn has_moved(&self, key: u16, region: RegionId) -> bool {
        let partition = self.plan.partition(key);
        let moved = || {
            let newest = self.system.ownership.newest(partition);
            newest.epoch > 0 && newest.owner != region
        };
        self.plan.has_homes() && self.observer.lineage.moved_by(partition).is_some() && moved()
    }

    /// Writes from before the start that are missing; `None` if none is, or nobody knows how many.
    pub fn before(&self) -> Option<Before> {
        let whole = |holder: &&Holder<'_>| holder.from_us >= 0 && holder.is_sound();
        let serves =
            |holder: &&Holder<'_>| matches!(holder.standing, Standing::Serves | Standing::LeftBehind);
        if self.near.iter().filter(serves).any(|holder| whole(&holder)) {
            return None;
        }
        let all = || self.near.iter().filter(|holder| holder.is_sound()).chain(self.far());
        let since_us =
            all().filter(serves).map(|holder| holder.from_us).max().filter(|since_us| *since_us < 0)?;
        let count = Backups::writes_before(self.plan, since_us);
        let (mut unreadable, mut replaced) = (None, None);
        for holder in all().filter(|holder| holder.from_us > since_us) {
            match holder.standing {
                Standing::Serves | Standing::LeftBehind => {}
                Standing::Unreadable(because) => unreadable = unreadable.max(Some(because)),
                Standing::Replaced(change) => replaced = replaced.max(Some(change)),
            }
        }
        let lineage = &self.observer.lineage;
        let entry_of = |change: usize| lineage.change(change).and_then(|change| change.entry);
        let went_back = (0..lineage.changes()).find(|change| {
            let restored = lineage.change(*change).and_then(|change| change.restored.as_ref());
            restored.is_some_and(|undone| undone.shows_us < 0)
        });
        let (state, because) = match (unreadable, replaced, went_back) {
            (Some(because), _, _) => (WriteState::OutOfReach, because),
            (None, Some(change), _) => (WriteState::SetAside, entry_of(change)),
            (None, None, Some(change)) => (WriteState::Undone, entry_of(change)),
            (None, None, None) => (WriteState::Lost, self.system.ruined_by),
        };
        Some(Before { count, since_us, state, because })
    }

    /// How many acknowledged writes are in each state.
    pub fn states(&self) -> States {
        let mut states = States::default();
        self.each(|stretch| {
            let (told, collided) = self.counts(&stretch);
            states.add(stretch.state, told - collided);
            states.add(WriteState::InCollision, collided);
        });
        self.messages(|_, state, _| states.add(state, 1));
        if states.missing() > 0 {
            self.queued_again(|_, state| states.change(state, WriteState::Queued));
        }
        if let Some(before) = self.before() {
            states.add(before.state, before.count.into());
        }
        states
    }

    /// How many commits of a stretch were acknowledged, and how many of those lost a collision.
    pub fn counts(&self, stretch: &Stretch) -> (u64, u64) {
        let Stretch { key, region, from, to, .. } = *stretch;
        let (ledger, chain) = (&self.observer.ledger, self.observer.ledger.chain(key, region));
        let told = ledger.told_up_to(region, to) - ledger.told_up_to(region, from);
        let collided = match chain.collided {
            0 => 0,
            all if from == 0 && to == chain.count => u64::from(all),
            _ => ledger.between(region, from, to).filter(|(_, line)| line.is_collided()).count() as u64,
        };
        (u64::from(told), collided)
    }
}

/// What each copy's sound versions have seen of one key.
#[derive(Default)]
pub(super) struct Sounds {
    near: Vec<Seen>,
    far: Option<Vec<Seen>>,
    edges: Vec<u32>,
}

impl Sounds {
    pub(super) fn look(&mut self, near: &[Holder<'_>], observer: &Observer, key: u16) {
        self.near.clear();
        self.near.extend(near.iter().map(|holder| holder.has(observer, key)));
        self.far = None;
    }

    fn look_far(&mut self, walk: &Walk<'_>, key: u16) {
        self.far
            .get_or_insert_with(|| walk.far().iter().map(|holder| holder.has(walk.observer, key)).collect());
    }
}
