//! Whose data goes on: which copies belong to the ownership of now, which were replaced, and what each change of ownership
//! left behind. Machines do not know this; the observer hears of each change and keeps it.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId};
use crate::kernel::region_map::{RegionMap, RegionSet};
use crate::system::database::{Database, Role};
use crate::system::version::Seen;
use std::sync::Arc;

/// A change of ownership: a promotion, a restore, or a home that moved.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The journal's line about it.
    pub entry: Option<EntryId>,
    /// What a restore left behind; `None` for a promotion.
    pub restored: Option<Arc<Undone>>,
}

/// What a restore went back behind.
#[derive(Clone, Debug, PartialEq)]
pub struct Undone {
    /// What had been committed by then, by key.
    pub made: Vec<Seen>,
    /// What of that the restored copy has, by key.
    pub kept: Vec<Seen>,
    /// The moment that it shows, in microseconds since the start; negative before it.
    pub shows_us: i64,
}

/// Commits of a region that its copy lacks since it was replaced by another, though later commits of the region have higher
/// counts: from the first (left out) to the second (left in), by key.
#[derive(Debug, PartialEq)]
struct Hole {
    region: RegionId,
    spans: Vec<(u32, u32)>,
}

/// Which copies belong to which ownership.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    changes: Vec<Change>,
    /// The ownership that each region's copy belongs to: how many changes it has gone through.
    branch: RegionMap<u16>,
    /// The ownership of now.
    current: u16,
    /// Since when.
    since: SimTime,
    /// The change that replaced a primary whose copy is still there: an index.
    replaced: RegionMap<Option<usize>>,
    /// The change that replaced each primary whose data were handed over, in that order.
    handed_over: Vec<Option<usize>>,
    /// Copies that are being filled from another.
    filling: RegionSet,
    holes: Vec<Arc<Hole>>,
    /// The moment before the start up to which each region's copy has everything, in microseconds: 0, or less after a restore.
    from_us: RegionMap<i64>,
    /// The log of backups as it was uploaded last, in its own region and in the other: what it has of each key.
    logged: [Option<(u16, Arc<Vec<Seen>>)>; 2],
    /// The entries of the moves of homes, by partition.
    moved: RegionMap<Option<EntryId>>,
}

impl Lineage {
    /// Ownership has never changed, and each copy is what it was at the start.
    pub fn is_first(&self) -> bool {
        self.changes.is_empty() && self.moved.values().all(Option::is_none)
    }

    /// A change, by its index.
    pub fn change(&self, index: usize) -> Option<&Change> {
        self.changes.get(index)
    }

    /// How many changes there have been.
    pub fn changes(&self) -> usize {
        self.changes.len()
    }

    /// A region's copy belongs to the ownership of now.
    pub fn is_current(&self, region: RegionId) -> bool {
        self.branch[region] == self.current
    }

    /// A backup of this moment (in microseconds since the start) is one of the data of now. Nothing was put in the place of
    /// what it shows.
    pub fn covers(&self, shows_us: i64) -> bool {
        self.current == 0 || shows_us >= self.since.micros() as i64
    }

    /// The change that replaced a region's primary, if its copy is still what it was then.
    pub fn replaced_by(&self, region: RegionId) -> Option<usize> {
        self.replaced[region]
    }

    /// The change that replaced the primary whose data were handed over, the first of them 0.
    pub fn handed_over_by(&self, place: usize) -> Option<usize> {
        self.handed_over.get(place).copied().flatten()
    }

    /// The copy is whole.
    pub(super) fn filled(&mut self, region: RegionId) {
        self.filling.remove(region);
    }

    /// The copy is being filled from another: it is none yet.
    pub fn is_filled(&self, database: &Database) -> bool {
        database.role == Role::Rebuilding && self.filling.contains(database.region)
    }

    /// The moment before the start up to which a region's copy has everything, in microseconds; 0 if it has all of it.
    pub fn from_us(&self, region: RegionId) -> i64 {
        self.from_us[region]
    }

    /// What the log of backups has, as it was uploaded last: in its own region, or in the other.
    pub fn logged(&self, copied: bool) -> Option<&[Seen]> {
        let (branch, seen) = self.logged[usize::from(copied)].as_ref()?;
        (*branch == self.current).then_some(seen.as_slice())
    }

    /// The entry of the newest move of a partition's home.
    pub fn moved_by(&self, partition: usize) -> Option<EntryId> {
        self.moved.iter().find(|(region, _)| region.index() == partition).and_then(|(_, entry)| *entry)
    }

    /// Whether a copy whose vector says that it has seen a region's commits of a key up to one count has one of them.
    pub fn has(&self, key: u16, region: RegionId, seen: u32, count: u32) -> bool {
        let misses = |hole: &Arc<Hole>| {
            let (from, to) = hole.spans[usize::from(key)];
            hole.region == region && from < count && count <= to && to < seen
        };
        count <= seen && !self.holes.iter().any(misses)
    }

    /// Counts at which what a copy has of a region's commits of a key may begin or end, besides what it has seen last.
    pub fn edges(&self, key: u16, region: RegionId, edges: &mut Vec<u32>) {
        for hole in self.holes.iter().filter(|hole| hole.region == region) {
            let (from, to) = hole.spans[usize::from(key)];
            edges.extend([from, to]);
        }
        for undone in self.changes.iter().filter_map(|change| change.restored.as_ref()) {
            let count = |seen: &Seen| seen.newest_of(region).count;
            edges.extend([count(&undone.made[usize::from(key)]), count(&undone.kept[usize::from(key)])]);
        }
    }

    /// Whether the counts of a region's commits have gaps, or a restore has gone back behind some.
    pub fn has_edges(&self) -> bool {
        !self.holes.is_empty() || self.changes.iter().any(|change| change.restored.is_some())
    }

    /// The restore that went back behind a commit: its index.
    pub fn undone_by(&self, key: u16, region: RegionId, count: u32) -> Option<usize> {
        let went_back = |change: &Change| {
            change.restored.as_ref().is_some_and(|undone| {
                let at = |seen: &[Seen]| seen[usize::from(key)].newest_of(region).count;
                count <= at(&undone.made) && !self.has(key, region, at(&undone.kept), count)
            })
        };
        self.changes.iter().position(went_back)
    }

    /// A copy takes over from a primary. Returns the change.
    pub(super) fn promote(&mut self, now: SimTime, from: RegionId, to: RegionId) -> usize {
        debug_assert_ne!(from, to, "a promotion goes to another region than it leaves");
        self.replaced[from] = Some(self.changes.len());
        self.go_on(now, to, None)
    }

    /// A database was restored in a region, and what was there before is gone. Another region's primary that it replaces
    /// keeps what it has. Returns the change.
    pub(super) fn restore(
        &mut self,
        now: SimTime,
        (replaced, region): (Option<RegionId>, RegionId),
        undone: Undone,
        from_us: i64,
    ) -> usize {
        debug_assert!(from_us <= 0, "everything from before the start is from before it");
        if let Some(old) = replaced.filter(|old| *old != region) {
            self.replaced[old] = Some(self.changes.len());
        }
        self.from_us[region] = from_us;
        self.dig(region, &undone.kept, &undone.made);
        self.go_on(now, region, Some(Arc::new(undone)))
    }

    fn go_on(&mut self, now: SimTime, region: RegionId, restored: Option<Arc<Undone>>) -> usize {
        self.changes.push(Change { entry: None, restored });
        self.current = self.changes.len() as u16;
        self.since = now;
        self.branch[region] = self.current;
        self.replaced[region] = None;
        self.filling.remove(region);
        self.changes.len() - 1
    }

    /// The journal has a line about a change.
    pub(super) fn told(&mut self, change: usize, entry: EntryId) {
        debug_assert!(change < self.changes.len(), "a change that has happened");
        self.changes[change].entry = Some(entry);
    }

    /// A region's copy was replaced by that of another and is being filled; `handed_over`: how often a copy's data have been
    /// handed over by now.
    pub(super) fn fill(
        &mut self,
        (region, source): (RegionId, RegionId),
        (has, made): (&[Seen], &[Seen]),
        handed_over: usize,
    ) {
        debug_assert_ne!(region, source, "a copy follows another region");
        if self.handed_over.len() < handed_over {
            self.handed_over.push(self.replaced[region]);
        }
        self.dig(region, has, made);
        self.branch[region] = self.branch[source];
        self.from_us[region] = self.from_us[source];
        self.replaced[region] = None;
        self.filling.insert(region);
    }

    /// A region has what stood there before it was filled: `has`, by key. Of its own commits that are back none is missing.
    pub(super) fn go_back(&mut self, region: RegionId, has: &[Seen]) {
        self.filling.remove(region);
        let is_filled = |hole: &Arc<Hole>| {
            let mut spans = hole.spans.iter().zip(has);
            spans.any(|((from, to), has)| from < to && has.newest_of(region).count == *to)
        };
        self.holes.retain(|hole| hole.region != region || !is_filled(hole));
    }

    /// A region goes on from a copy that lacks some of its own commits: later ones will have higher counts.
    fn dig(&mut self, region: RegionId, has: &[Seen], made: &[Seen]) {
        debug_assert_eq!(has.len(), made.len(), "each key");
        let count = |seen: &Seen| seen.newest_of(region).count;
        let spans: Vec<(u32, u32)> =
            has.iter().zip(made).map(|(has, made)| (count(has), count(made))).collect();
        if spans.iter().any(|(from, to)| from < to) {
            self.holes.push(Arc::new(Hole { region, spans }));
        }
    }

    /// The log of a region's backups was uploaded: to its own region, and to the other if `copied`.
    pub(super) fn upload(&mut self, region: RegionId, seen: &[Seen], copied: bool) {
        debug_assert!(!seen.is_empty(), "a database has keys");
        let logged = Some((self.branch[region], Arc::new(seen.to_vec())));
        if copied {
            self.logged[1].clone_from(&logged);
        }
        self.logged[0] = logged;
    }

    /// A partition has another home.
    pub(super) fn move_home(&mut self, partition: RegionId, entry: EntryId) {
        debug_assert!(self.moved[partition].is_none_or(|before| before < entry), "moves come in order");
        self.moved[partition] = Some(entry);
    }
}
