//! Placement: which regions may hold which partitions, as the laws of the scenario say, looked up.
//!
//! A region that may not hold a partition has nothing of it: no commit of its keys is sent there, and its servers ask the
//! partition's home. With one partition, or where clients and not keys have homes, a law binds all data.

use crate::catalog;
use crate::kernel::id::{LawId, RegionId};
use crate::kernel::region_map::{RegionMap, RegionSet};
use crate::model::Rule;
use crate::model::blueprint::Blueprint;
use crate::model::scenario::{Scenario, WritePattern};
use crate::model::settings::placement::PlacementRule;

/// A law, looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Law {
    /// The partition that it binds; `None`: all.
    partition: Option<usize>,
    /// The regions of the scenario that may hold it.
    lets: RegionSet,
}

/// Which regions may hold what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    laws: Vec<Law>,
    /// The regions that may hold each partition.
    lets: RegionMap<RegionSet>,
    /// The regions that may hold all of them.
    whole: RegionSet,
    partitions: usize,
}

impl PlacementRule {
    /// Whether a region, by its code, may hold what the rule binds.
    pub(crate) fn lets(&self, code: &str) -> bool {
        let there = catalog::region(code).is_some_and(|region| region.continent.slug() == self.continent);
        there || self.regions.iter().any(|known| known == code)
    }
}

impl Placement {
    /// The laws of a scenario.
    pub fn of(scenario: &Scenario, blueprint: &Blueprint) -> Self {
        let regions = || (0..scenario.regions.len() as u8).map(RegionId);
        let code = |region: RegionId| scenario.regions[region.index()].code.as_str();
        let laws = scenario.placement.iter().map(|rule| Law {
            partition: regions().find(|region| code(*region) == rule.partition).map(RegionId::index),
            lets: regions().filter(|region| rule.lets(code(*region))).collect(),
        });
        let laws: Vec<Law> = laws.collect();
        let allows = |law: &Law, region: RegionId, partition: usize| {
            law.lets.contains(region) || law.partition.is_some_and(|bound| bound != partition)
        };
        let may_hold = |region: RegionId, partition| laws.iter().all(|law| allows(law, region, partition));
        let lets = RegionMap::from_fn(|partition| {
            regions().filter(|region| may_hold(*region, partition.index())).collect::<RegionSet>()
        });
        let partitions = if blueprint.writes_everywhere() { scenario.regions.len() } else { 1 };
        let whole =
            regions().filter(|region| lets.values().take(partitions).all(|lets| lets.contains(*region)));
        Self { whole: whole.collect(), laws, lets, partitions }
    }

    /// Whether there is no law.
    pub const fn is_free(&self) -> bool {
        self.laws.is_empty()
    }

    /// Whether a region may hold a partition.
    #[inline]
    pub fn may_hold(&self, region: RegionId, partition: usize) -> bool {
        debug_assert!(partition < self.partitions, "it is there");
        self.lets[partition].contains(region)
    }

    /// Whether a region may hold every partition.
    pub const fn may_hold_all(&self, region: RegionId) -> bool {
        self.whole.contains(region)
    }

    /// The first law that does not let a region hold a partition.
    pub fn forbids(&self, region: RegionId, partition: usize) -> Option<LawId> {
        let against = |law: &Law| !law.lets.contains(region) && Self::binds(law, partition);
        self.laws.iter().position(against).map(|law| LawId(law as u8))
    }

    /// The first law that does not let a region hold everything.
    pub fn forbids_all(&self, region: RegionId) -> Option<LawId> {
        self.laws.iter().position(|law| !law.lets.contains(region)).map(|law| LawId(law as u8))
    }

    /// The first law that binds a partition.
    pub fn law_of(&self, partition: usize) -> Option<LawId> {
        debug_assert!(partition < self.partitions, "it is there");
        self.laws.iter().position(|law| Self::binds(law, partition)).map(|law| LawId(law as u8))
    }

    fn binds(law: &Law, partition: usize) -> bool {
        law.partition.is_none_or(|bound| bound == partition)
    }

    /// The regions of the scenario that a law lets hold what it binds.
    pub fn lets(&self, law: LawId) -> RegionSet {
        self.laws[law.index()].lets
    }

    /// The partition that a law binds; `None`: all data.
    pub fn bound_by(&self, law: LawId) -> Option<usize> {
        self.laws[law.index()].partition
    }

    /// Which share of the data a region may hold, from 0 to 1: all partitions are of one size.
    pub fn share(&self, region: RegionId) -> f64 {
        let held = (0..self.partitions).filter(|partition| self.may_hold(region, *partition)).count();
        held as f64 / self.partitions as f64
    }

    /// The region whose database is backed up at the start: of those that may hold everything the first to work. If a law
    /// lets none, which a file that is backed up does not have, the primary.
    pub fn keeper(&self, blueprint: &Blueprint) -> RegionId {
        let fits = |region: &RegionId| blueprint.is_built(*region) && self.may_hold_all(*region);
        blueprint.order().find(fits).unwrap_or(blueprint.primary())
    }

    /// The region that copies of a region's backups go to: the next that may hold everything; `None` if there is no other.
    pub fn vault_of(&self, blueprint: &Blueprint, region: RegionId) -> Option<RegionId> {
        blueprint.order().find(|other| *other != region && self.may_hold_all(*other))
    }
}

impl Scenario {
    /// Whether keys have homes in different regions, so that a law may bind those of one home.
    pub(crate) fn has_partitions(&self) -> bool {
        let by_key = match self.write_pattern {
            WritePattern::WriteGlobal => false,
            WritePattern::WritePartitioned => true,
            WritePattern::WriteLocal => self.database.conflict == Rule::Conditional,
        };
        by_key && Blueprint::of(self).writes_everywhere()
    }
}
