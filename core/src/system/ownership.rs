//! Ownership: which region takes the writes of which partition, as the application of each region knows it.
//!
//! With a single writer there is one partition; with homes there is one for each home; if every region takes the writes of
//! its own clients, each region's clients are a partition. A change of ownership is a claim with a higher epoch. It counts
//! in a region from when its message arrives there (`claims.rs`), so two regions may believe different things for a while.

use crate::kernel::id::{EntryId, RegionId};
use crate::kernel::region_map::{RegionMap, RegionSet};
use crate::model::plan::{Plan, Site};
use crate::model::scenario::WritePattern;

/// Who takes the writes of a partition, as of one change of its ownership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The number of the change, from 0: the higher overrules.
    pub epoch: u32,
    /// The region that takes the writes, or took them last.
    pub owner: RegionId,
    /// Whether it takes them: not under a fence, nor while the partition is handed over.
    pub open: bool,
}

/// What the application of a region knows of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The claim that arrived last, of those that were newer than what was known.
    pub claim: Claim,
    /// The journal entry that led to it.
    pub because: Option<EntryId>,
}

/// A claim that not every region has acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct News {
    /// The partition.
    pub partition: usize,
    /// The claim.
    pub claim: Claim,
    /// Who tells it.
    pub from: Site,
    /// The regions that have not acknowledged it.
    pub unaware: RegionSet,
    /// The journal entry that led to it.
    pub(super) because: Option<EntryId>,
    /// How often it has been told.
    pub(super) times: u32,
}

/// Who owns what, as each region knows it, and the claims that are still on their way.
#[derive(Clone, Debug)]
pub struct Ownership {
    partitions: usize,
    regions: usize,
    /// The partition of the primary's own clients.
    main: usize,
    /// By region, then by partition.
    known: RegionMap<RegionMap<Known>>,
    /// The newest claim of each partition, as those know who run the system: they issue all of them.
    newest: RegionMap<Claim>,
    /// Claims that not every region has acknowledged, oldest first.
    pub news: Vec<News>,
}

impl Ownership {
    /// Everybody knows the owners of a calm system.
    pub fn new(plan: &Plan) -> Self {
        let every = plan.writes_everywhere();
        let partitions = if every { plan.regions() } else { 1 };
        let one = !every || plan.scenario.write_pattern == WritePattern::WriteGlobal;
        let owner = |partition: RegionId| if one { plan.blueprint.primary() } else { partition };
        let newest = RegionMap::from_fn(|partition| Claim { epoch: 0, owner: owner(partition), open: true });
        let known = RegionMap::all(newest.map(|claim| Known { claim, because: None }));
        let main = if every { plan.blueprint.primary().index() } else { 0 };
        debug_assert!(main < partitions, "the primary's clients are in a partition");
        Self { partitions, regions: plan.regions(), main, known, newest, news: Vec::new() }
    }

    /// The partition that a write belongs to, by the region that its client was sent to and its key.
    pub fn partition(&self, plan: &Plan, asked: RegionId, key: u16) -> usize {
        if self.partitions == 1 {
            0
        } else if plan.has_homes() {
            plan.partition(key)
        } else {
            asked.index()
        }
    }

    /// The partition of a region's own clients, or the only one.
    pub const fn partition_of_region(&self, region: RegionId) -> usize {
        if self.partitions == 1 { 0 } else { region.index() }
    }

    /// How many partitions there are.
    pub const fn partitions(&self) -> usize {
        self.partitions
    }

    /// What a region's application knows of a partition.
    #[inline]
    pub fn known(&self, region: RegionId, partition: usize) -> Known {
        debug_assert!(partition < self.partitions && region.index() < self.regions, "they are there");
        self.known[region][partition]
    }

    /// The region that, as far as a region's application knows, takes the writes of a partition; `None` while nobody may.
    pub fn writer(&self, region: RegionId, partition: usize) -> Option<RegionId> {
        let Claim { owner, open, .. } = self.known(region, partition).claim;
        open.then_some(owner)
    }

    /// Whether a region believes that it takes the writes of a partition.
    pub fn takes(&self, region: RegionId, partition: usize) -> bool {
        self.writer(region, partition) == Some(region)
    }

    /// The newest claim to a partition, whether or not any region has heard of it.
    pub fn newest(&self, partition: usize) -> Claim {
        debug_assert!(partition < self.partitions, "it is there");
        self.newest[partition]
    }

    /// The region that owns the primary's partition by its newest claim: with a single writer, the primary.
    pub fn primary(&self) -> RegionId {
        self.newest(self.main).owner
    }

    /// Whether a region has heard of the newest claim to a partition.
    pub fn is_told(&self, region: RegionId, partition: usize) -> bool {
        self.known(region, partition).claim.epoch == self.newest(partition).epoch
    }

    /// Whether those who run the system still wait for a region to acknowledge a claim.
    pub fn awaits(&self, region: RegionId) -> bool {
        debug_assert!(region.index() < self.regions, "one of the regions");
        self.news.iter().any(|news| news.from == Site::Desk && news.unaware.contains(region))
    }

    /// A change of ownership: a claim with the next epoch.
    pub(super) fn claim(&mut self, partition: usize, owner: RegionId, open: bool) -> Claim {
        debug_assert!(owner.index() < self.regions, "an owner is one of the regions");
        let claim = Claim { epoch: self.newest(partition).epoch + 1, owner, open };
        self.newest[partition] = claim;
        claim
    }

    /// A claim arrives in a region. False if that knows it already, or a newer one.
    pub(super) fn learn(
        &mut self,
        region: RegionId,
        partition: usize,
        claim: Claim,
        because: Option<EntryId>,
    ) -> bool {
        let known = self.known(region, partition);
        debug_assert!(claim.epoch <= self.newest(partition).epoch, "nobody hears what was not claimed");
        let newer = claim.epoch > known.claim.epoch;
        if newer {
            self.known[region][partition] = Known { claim, because };
        }
        newer
    }
}
