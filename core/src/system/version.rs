//! Versions of a key: who wrote, when by which clock, and what the writer had seen. Whether two writes are concurrent is
//! decided by that alone, and never by clocks.

use crate::kernel::chance::Purpose;
use crate::kernel::clock::SimTime;
use crate::kernel::id::{RegionId, VersionId, WriteId};
use crate::kernel::region_map::RegionMap;
use crate::model::Rule;
use crate::model::plan::Plan;
use serde::Serialize;

/// What stands under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// What somebody meant to write.
    Good,
    /// Something that cannot be read: written by a bad release, or encrypted.
    Rubbish,
    /// Nothing any more.
    Deleted,
    /// Nothing here: an object older than the rule by which it would have been copied.
    NotCopied,
}

impl Content {
    /// Whether something has destroyed what stood there.
    pub const fn is_ruined(self) -> bool {
        matches!(self, Self::Rubbish | Self::Deleted)
    }
}

/// What has been seen of a key, or of all keys: from each region its newest commit, 0 for none (a version vector, after Parker and others,
/// "Detection of Mutual Inconsistency in Distributed Systems", 1983).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen(RegionMap<u32>);

impl Seen {
    /// What has been seen of the first regions, as plain numbers; of others nothing has.
    pub fn from_counts(counts: &[u32]) -> Self {
        Self(RegionMap::from_fn(|region| counts.get(region.index()).copied().unwrap_or(0)))
    }

    /// Of each region this newest commit, 0 for none.
    pub fn from_fn(count: impl FnMut(RegionId) -> u32) -> Self {
        Self(RegionMap::from_fn(count))
    }

    /// Writes the numbers of as many regions as there is room for.
    pub fn write_counts(self, counts: &mut [u32]) {
        for (count, seen) in counts.iter_mut().zip(self.0.values()) {
            *count = *seen;
        }
    }

    /// Whether all that these numbers of the first regions name has been seen.
    pub fn includes_counts(self, counts: &[u32]) -> bool {
        self.0.values().zip(counts).all(|(mine, count)| mine >= count)
    }

    /// Whether these numbers of the first regions name all that has been seen here, and more.
    pub fn is_before(self, counts: &[u32]) -> bool {
        let pairs = || self.0.values().zip(counts);
        debug_assert!(
            self.0.values().skip(counts.len()).all(|count| *count == 0),
            "other regions made nothing"
        );
        pairs().any(|(mine, count)| mine != count) && pairs().all(|(mine, count)| mine <= count)
    }

    /// Nothing.
    pub const NOTHING: Self = Self(RegionMap::all(0));

    /// Whether a version, or a later one of the same region, has been seen.
    pub fn covers(self, version: VersionId) -> bool {
        self.0[version.region] >= version.count
    }

    /// Takes in one version.
    pub fn add(&mut self, version: VersionId) {
        let newest = &mut self.0[version.region];
        *newest = (*newest).max(version.count);
    }

    /// Of one region this is the newest that has been seen, whatever was before.
    pub fn set(&mut self, version: VersionId) {
        self.0[version.region] = version.count;
    }

    /// The newest version of one region that has been seen.
    pub fn newest_of(self, region: RegionId) -> VersionId {
        VersionId { region, count: self.0[region] }
    }

    /// Whether all that another has seen has been seen here too.
    pub fn includes(self, other: Self) -> bool {
        // Without a way out in the middle: six at once is faster than up to six one by one.
        self.0.values().zip(other.0.values()).fold(true, |all, (mine, theirs)| all & (mine >= theirs))
    }

    /// What has been seen of one region.
    pub fn only(self, region: RegionId) -> Self {
        let mut only = Self::default();
        only.0[region] = self.0[region];
        only
    }

    /// Takes in all that another has seen.
    pub fn join(&mut self, other: Self) {
        for (mine, theirs) in self.0.values_mut().zip(other.0.values()) {
            *mine = (*mine).max(*theirs);
        }
    }
}

/// A version of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its identity.
    pub id: VersionId,
    /// When it came into this copy.
    pub at: SimTime,
    /// The write.
    pub write: WriteId,
    /// What stands there.
    pub content: Content,
    /// The version of the application that wrote it.
    pub format: u32,
    /// The time on the clock of the region that committed it, in microseconds; always later than that of what it replaced
    /// there (a hybrid logical clock, after Kulkarni and others, 2014).
    pub stamp: i64,
    /// What the writer had seen of the key, this write included.
    pub seen: Seen,
}

/// What a read has found under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The write that is shown.
    pub write: WriteId,
    /// What its writer had seen; if several versions stand side by side, the union of theirs.
    pub seen: Seen,
    /// What the copy that answered had seen.
    pub copy: Seen,
}

impl Found {
    /// Nothing.
    pub const NOTHING: Self = Self { write: WriteId(0), seen: Seen::NOTHING, copy: Seen::NOTHING };
}

impl Version {
    /// Whether its writer had seen the other version, or it is the other.
    pub fn has_seen(&self, other: &Self) -> bool {
        debug_assert!(self.seen.covers(self.id), "a writer has seen its own write");
        self.seen.covers(other.id)
    }

    /// Whether this one is shown rather than another that is concurrent with it; `first` is the region that wins if the
    /// rule says so.
    pub fn wins_over(&self, other: &Self, rule: Rule, first: RegionId) -> bool {
        debug_assert_ne!(self.id, other.id, "no version stands beside itself");
        // A version ranks by the newest write of the first region that its writer had seen: so writes of that region win over
        // what is concurrent with them, and three regions agree in whatever order versions arrive.
        let rank = |version: &Self| match rule {
            Rule::FirstRegionWins => version.seen.newest_of(first).count,
            Rule::LastWriterWins
            | Rule::Conditional
            | Rule::Siblings
            | Rule::Merge
            | Rule::Quorum
            | Rule::ConditionalLocal => 0,
        };
        // Equal times are settled by region, so that every copy settles them alike.
        (rank(self), self.stamp, other.id.region) > (rank(other), other.stamp, self.id.region)
    }
}

/// What stands under a key before anyone has written in this run.
pub fn first_version(plan: &Plan) -> Version {
    Version {
        id: VersionId::NONE,
        at: SimTime::ZERO,
        write: WriteId(0),
        content: Content::Good,
        format: plan.version(plan.blueprint.primary()),
        stamp: 0,
        seen: Seen::default(),
    }
}

/// What stands in a region's copy before anything is written: objects that are older than the rule of replication only in the
/// first region. Keys are drawn one by one.
pub fn first_versions(plan: &Plan, region: RegionId) -> Vec<Version> {
    let (keys, old) = (plan.scenario.database.keys, *plan.scenario.database.old_objects);
    let lacks = old > 0.0 && region != plan.blueprint.primary();
    let first = |key: u32| {
        let left_out = lacks && plan.chance.of(Purpose::OldObject, key.into(), 0, 0).chance(old);
        let content = if left_out { Content::NotCopied } else { Content::Good };
        Version { content, ..first_version(plan) }
    };
    (0..keys).map(first).collect()
}

/// The wall clock of a region at an instant, in microseconds: true time, what it was ahead at the start, and its drift.
pub fn wall_clock_us(plan: &Plan, region: RegionId, now: SimTime) -> i64 {
    let settings = &plan.scenario.regions[region.index()];
    let drift_ppb = (settings.clock_drift_ppm * 1000.0) as i64;
    let now_us = now.micros() as i64;
    now_us + (settings.clock_skew_ms * 1000.0) as i64 + (now_us / 1000) * drift_ppb / 1_000_000
}
