//! Claims on their way: a change of ownership is told to the application of each region, again once a second until that has
//! acknowledged it. What leaves from a region takes the link between regions, which can be slow, lossy or cut.

use super::System;
use crate::kernel::chance::Purpose;
use crate::kernel::id::RegionId;
use crate::kernel::region_map::RegionSet;
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::model::plan::{Plan, Site};
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::network::{Cargo, Flight};
use crate::system::occurrence::Occurrence;
use crate::system::ownership::{Claim, News};

impl System {
    /// Ownership of a partition changes, and those who tell it begin to. If that is a region, it knows at once.
    pub(super) fn change_owner(
        &mut self,
        ctx: &mut Context<'_>,
        from: Site,
        partition: usize,
        (owner, open): (RegionId, bool),
    ) {
        let claim = self.ownership.claim(partition, owner, open);
        let because = self.control.entry;
        let mut unaware: RegionSet = ctx.plan.region_ids().collect();
        // Nothing is told from a dark region: those who run the system do it then.
        let from = match from {
            Site::Region(region) if !self.dark[region.index()] => {
                self.ownership.learn(region, partition, claim, because);
                unaware.remove(region);
                from
            }
            Site::Region(_) | Site::Desk | Site::City(_) | Site::Checker(_) => Site::Desk,
        };
        let mut news = News { partition, claim, from, unaware, because, times: 0 };
        self.tell(ctx, &mut news);
        self.ownership.news.push(news);
    }

    /// A claim is told to everybody who has not acknowledged it, if those who tell it are not in the dark.
    fn tell(&mut self, ctx: &mut Context<'_>, news: &mut News) {
        debug_assert!(!news.unaware.is_empty(), "what all know is no news");
        if matches!(news.from, Site::Region(region) if self.dark[region.index()]) {
            return;
        }
        news.times += 1;
        let cause = ctx.cause();
        ctx.because(news.because);
        for region in news.unaware.iter() {
            let name = u64::from(news.claim.epoch) << 8 | news.partition as u64;
            let draws = ctx.chance(Purpose::Claim, name, region.0.into(), news.times.into());
            let cargo = Cargo::Claim(news.partition as u8, news.claim);
            self.network.send(ctx, draws, news.from, Site::Region(region), cargo);
        }
        ctx.because(cause);
    }

    /// A second has passed: what has not been acknowledged is told again.
    pub fn tell_again(&mut self, ctx: &mut Context<'_>) {
        let mut all = std::mem::take(&mut self.ownership.news);
        for news in &mut all {
            self.tell(ctx, news);
        }
        debug_assert!(self.ownership.news.is_empty(), "telling changes no ownership");
        self.ownership.news = all;
    }

    /// A claim arrives in a region. If a fence fails, an owner does not hear that it is one no more.
    pub(super) fn on_claim(&mut self, ctx: &mut Context<'_>, flight: &Flight, partition: u8, claim: Claim) {
        let Site::Region(region) = flight.to else { return };
        debug_assert!(!self.dark[region.index()], "nothing arrives in the dark");
        let place = usize::from(partition);
        let owned = self.ownership.takes(region, place);
        let fails = self.has_fault(FaultKind::FenceFails, Target::Nothing);
        if owned && fails && claim.epoch > self.ownership.known(region, place).claim.epoch {
            return;
        }
        let new = self.ownership.learn(region, place, claim, flight.cause);
        let loses = owned && !self.ownership.takes(region, place);
        if new && loses && !ctx.plan.writes_everywhere() {
            ctx.note(flight.cause, What::Fenced(region));
        }
        let name = u64::from(claim.epoch) << 8 | u64::from(partition);
        let draws = ctx.chance(Purpose::Claim, name, region.0.into(), 0);
        let heard = Cargo::Acknowledged(partition, claim.epoch);
        self.network.send(ctx, draws, flight.to, flight.from, heard);
    }

    /// A region has acknowledged a claim: it need not hear of older ones either.
    pub(super) fn on_claim_acknowledged(&mut self, flight: &Flight, partition: u8, epoch: u32) {
        let Site::Region(region) = flight.from else { return };
        debug_assert!(self.ownership.newest(partition.into()).epoch >= epoch, "what was heard was claimed");
        for news in &mut self.ownership.news {
            if news.partition == usize::from(partition) && news.claim.epoch <= epoch {
                news.unaware.remove(region);
            }
        }
        self.ownership.news.retain(|news| !news.unaware.is_empty());
    }
}

/// What others ask about ownership.
impl System {
    /// Whether a region is an old primary that has heard that it was replaced: its database is kept and serves nobody.
    #[inline]
    pub fn is_replaced(&self, plan: &Plan, region: RegionId) -> bool {
        let knows = || self.ownership.known(region, 0).claim.owner != region;
        !plan.writes_everywhere() && self.databases[region.index()].is_primary() && knows()
    }

    /// Whether a region is an old primary that has not heard that it was replaced, or is to be fenced.
    pub fn is_unaware(&self, plan: &Plan, region: RegionId) -> bool {
        let owned = || self.ownership.takes(region, 0) && !self.ownership.is_told(region, 0);
        !plan.writes_everywhere() && self.databases[region.index()].is_primary() && owned()
    }

    /// The region that partitions of a dark home can go to: the next that takes writes and may hold them. If there is none,
    /// the next that may hold them, or else the next that takes writes: whoever is sent there waits for what is missing.
    pub fn new_home(&self, plan: &Plan, from: RegionId) -> Option<RegionId> {
        let open = |region: &RegionId| *region != from && self.databases[region.index()].writable();
        let held = || (0..self.ownership.partitions()).filter(|it| self.ownership.newest(*it).owner == from);
        let lawful = |region: &RegionId| held().all(|partition| plan.placement.may_hold(*region, partition));
        let best = plan.region_ids().find(|region| open(region) && lawful(region));
        if best.is_some() || plan.placement.is_free() {
            return best;
        }
        let other = plan.region_ids().find(|region| *region != from && lawful(region));
        other.or_else(|| plan.region_ids().find(open))
    }

    /// A partition is to take no more writes, wherever that is heard.
    pub fn freeze_partition(&mut self, ctx: &mut Context<'_>, partition: usize) {
        debug_assert!(ctx.plan.has_homes(), "without homes none moves");
        let owner = self.ownership.newest(partition).owner;
        self.change_owner(ctx, Site::Desk, partition, (owner, false));
    }

    /// A partition has a new home: that region knows at once, the others when the news arrives.
    pub fn give_home(&mut self, ctx: &mut Context<'_>, partition: usize, to: RegionId) {
        debug_assert!(ctx.plan.has_homes(), "without homes none moves");
        let entry =
            ctx.note(self.control.entry, What::HomeMoved { partition: RegionId(partition as u8), to });
        ctx.tell(Occurrence::HomeMoved { partition: partition as u8, entry });
        self.change_owner(ctx, Site::Region(to), partition, (to, true));
    }
}
