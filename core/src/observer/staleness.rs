//! Which reads are stale: before they began some client had been told, by writing or by reading, of a version that supersedes the
//! one that they return. Which of two versions supersedes the other is what the rule for collisions says.

use crate::kernel::id::{RegionId, VersionId};
use crate::kernel::keyed::Keyed;
use crate::kernel::pieces::Pieces;
use crate::model::Rule;
use crate::model::plan::Plan;
use crate::observer::ledger::Ledger;
use crate::system::version::{Seen, Version};
use std::cmp::Reverse;
use std::sync::Arc;

/// What versions are compared by, if one of two supersedes the other: those with more of the first region's writes behind them if
/// the rule says so, then the later stamp, then the region that is named first. Who has seen a version has a later stamp.
type Rank = (u32, i64, Reverse<u8>);

/// What clients were told of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// The version that supersedes all others of which they were.
    Newest(VersionId),
    /// All, if no rule puts one above another: siblings, and what merges.
    All(Seen),
}

/// How a read compares with what others had been told before it began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// It is stale.
    pub stale: bool,
    /// It is not, but would be if a version were not missing, and nobody has written since that is known.
    pub gap: bool,
}

/// What clients have been told of, key by key.
#[derive(Clone, Debug)]
pub struct Staleness {
    rule: Rule,
    first: RegionId,
    /// How many writes of the first region each version has behind it, by region and by count less one, if that is the rule.
    firsts: Vec<Pieces<u32>>,
    /// By key.
    told: Vec<Told>,
    /// By key: what was told of and is missing, until the next write.
    gaps: Keyed<u16, Told>,
    /// What is booked as missing, by its numbers in the ledger in order.
    missing: Arc<[u32]>,
    /// By key: what was told of, missing or not. As long as nothing was ever missing this is empty: it would be the same as `told`.
    ever: Vec<Told>,
    /// By the slot of a read: what was told, and what was missing, when it began.
    begun: Vec<(Told, Option<Told>)>,
}

impl Staleness {
    /// Nobody has been told anything.
    pub fn new(plan: &Plan) -> Self {
        let rule = plan.rule();
        let keys = plan.scenario.database.keys as usize;
        Self {
            rule,
            first: plan.blueprint.primary(),
            firsts: vec![Pieces::default(); if rule == Rule::FirstRegionWins { plan.regions() } else { 0 }],
            told: vec![Self::nothing(rule); keys],
            gaps: Keyed::default(),
            missing: Arc::default(),
            ever: Vec::new(),
            begun: Vec::new(),
        }
    }

    const fn nothing(rule: Rule) -> Told {
        match rule {
            Rule::Siblings | Rule::Merge => Told::All(Seen::NOTHING),
            Rule::LastWriterWins
            | Rule::FirstRegionWins
            | Rule::Conditional
            | Rule::Quorum
            | Rule::ConditionalLocal => Told::Newest(VersionId::NONE),
        }
    }

    #[inline]
    fn rank(&self, ledger: &Ledger, version: VersionId) -> Rank {
        let Some(line) = ledger.line(version) else { return (0, i64::MIN, Reverse(u8::MAX)) };
        let firsts = self.firsts.get(version.region.index());
        let firsts = firsts.and_then(|firsts| firsts.get(version.count as usize - 1)).copied();
        (firsts.unwrap_or(0), line.stamp, Reverse(version.region.0))
    }

    /// Whether a version is not the newest that was told of, or does not contain all.
    #[inline]
    fn misses(&self, ledger: &Ledger, told: Told, (version, seen): (VersionId, Seen)) -> bool {
        match told {
            Told::Newest(newest) => self.supersedes(ledger, newest, version),
            Told::All(all) => !seen.includes(all),
        }
    }

    /// Whether a version supersedes another, in the order of the rule.
    #[inline]
    pub fn supersedes(&self, ledger: &Ledger, version: VersionId, other: VersionId) -> bool {
        version != other && self.rank(ledger, version) > self.rank(ledger, other)
    }

    /// All of a key that anybody was told of, what is missing included.
    #[inline]
    fn ever(&self, key: u16) -> Told {
        let key = usize::from(key);
        self.ever.get(key).copied().unwrap_or(self.told[key])
    }

    /// Whether a version supersedes all others of its key that anybody was told of, those that are missing too. With siblings no
    /// version does.
    #[inline]
    pub fn is_newest(&self, key: u16, version: VersionId) -> bool {
        self.ever(key) == Told::Newest(version)
    }

    /// Whether who has a version, or several that have seen all this, lacks nothing of a key that anybody was told of.
    #[inline]
    pub fn has_all(&self, key: u16, (version, seen): (VersionId, Seen)) -> bool {
        match self.ever(key) {
            Told::Newest(newest) => newest == version,
            Told::All(all) => seen.includes(all),
        }
    }

    /// What was told of, with one more version.
    fn with(&self, ledger: &Ledger, told: Told, version: VersionId) -> Told {
        match told {
            Told::Newest(newest) if self.rank(ledger, version) > self.rank(ledger, newest) => {
                Told::Newest(version)
            }
            Told::Newest(_) => told,
            Told::All(mut all) => {
                all.add(version);
                Told::All(all)
            }
        }
    }

    /// A region has made a version.
    pub fn made(&mut self, version: &Version) {
        if let Some(firsts) = self.firsts.get_mut(version.id.region.index()) {
            debug_assert_eq!(firsts.len() + 1, version.id.count as usize, "versions are heard of in order");
            firsts.push(version.seen.newest_of(self.first).count);
        }
    }

    /// A read begins.
    #[inline]
    pub fn begin(&mut self, slot: usize, key: u16) {
        let begun = (self.told[usize::from(key)], self.gaps.get(key).copied());
        if self.begun.len() <= slot {
            self.begun.resize(slot + 1, (Self::nothing(self.rule), None));
        }
        self.begun[slot] = begun;
    }

    /// A read ends with a version, or with several that have seen all this.
    #[inline]
    pub fn judge(&self, ledger: &Ledger, slot: usize, (version, seen): (VersionId, Seen)) -> Sight {
        let Some((told, gap)) = self.begun.get(slot).copied() else { return Sight::default() };
        let stale = self.misses(ledger, told, (version, seen));
        Sight { stale, gap: !stale && gap.is_some_and(|gap| self.misses(ledger, gap, (version, seen))) }
    }

    /// A client is told of a version.
    pub fn tell(&mut self, ledger: &mut Ledger, key: u16, (version, seen): (VersionId, Seen)) {
        let told = self.told[usize::from(key)];
        if told == Told::Newest(version) || !version.is_written() {
            return;
        }
        let number = ledger.number(version);
        ledger.show(number);
        let with = |told| match self.with(ledger, told, version) {
            Told::All(mut all) => {
                // A reader is told of all that stand side by side.
                all.join(seen);
                Told::All(all)
            }
            newest @ Told::Newest(_) => newest,
        };
        let (after, ever) = (with(told), self.ever.get(usize::from(key)).copied().map(with));
        if let Some(ever) = ever {
            self.ever[usize::from(key)] = ever;
        }
        if after != told && self.missing.binary_search(&(number as u32)).is_ok() {
            let gap = self.gaps.get(key).copied().unwrap_or_else(|| Self::nothing(self.rule));
            self.gaps.insert(key, self.with(ledger, gap, version));
        } else if after != told {
            self.told[usize::from(key)] = after;
            self.gaps.remove(key);
        }
    }

    /// What is missing, by its numbers in the ledger in order, is booked: it supersedes nothing any more, until it is there again.
    pub fn settle(&mut self, plan: &Plan, ledger: &Ledger, missing: &[u32]) {
        if missing.is_empty() && self.missing.is_empty() && self.gaps.is_empty() {
            return;
        }
        if self.ever.is_empty() {
            self.ever.clone_from(&self.told);
        }
        if *self.missing != *missing {
            self.missing = missing.into();
        }
        let is_missing = |number: u64| missing.binary_search(&(number as u32)).is_ok();
        for key in 0..self.told.len() as u16 {
            let touched = match self.told[usize::from(key)] {
                Told::Newest(newest) => newest.is_written() && is_missing(ledger.number(newest)),
                Told::All(_) => true,
            };
            if !touched && !self.gaps.contains(key) {
                continue;
            }
            let (mut there, mut gone) = (Self::nothing(self.rule), Self::nothing(self.rule));
            for region in plan.region_ids() {
                // A later version of a region supersedes its earlier ones: of those that are missing the first counts, too.
                let mut newest = true;
                let lines = ledger.between(region, 0, ledger.chain(key, region).count);
                for (number, line) in lines.filter(|(_, line)| line.is_known()) {
                    let version = VersionId { region, count: line.count };
                    if !is_missing(number) {
                        there = self.with(ledger, there, version);
                        break;
                    }
                    if std::mem::take(&mut newest) {
                        gone = self.with(ledger, gone, version);
                    }
                }
            }
            let is_gap = match (there, gone) {
                (Told::Newest(there), Told::Newest(gone)) => {
                    self.rank(ledger, gone) > self.rank(ledger, there)
                }
                (Told::All(there), Told::All(gone)) => !there.includes(gone),
                (Told::Newest(_), Told::All(_)) | (Told::All(_), Told::Newest(_)) => false,
            };
            self.told[usize::from(key)] = there;
            self.gaps.remove(key);
            if is_gap {
                self.gaps.insert(key, gone);
            }
        }
    }
}
