//! Homes: which region takes the writes of which partition, how a home moves, and which regions have heard of it.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::RegionId;
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::model::plan::Plan;
use crate::system::context::Context;
use crate::system::event::{Event, Timer};
use crate::system::journal::What;
use crate::system::occurrence::Occurrence;
use crate::system::{System, first_home};

impl System {
    /// A partition's home, as its own region knows it, or else any other region that is up.
    pub fn home(&self, partition: usize) -> Option<RegionId> {
        let says = |region: usize| self.homes[region][partition].filter(|_| !self.dark[region]);
        says(partition).or_else(|| (0..self.homes.len()).find_map(says))
    }

    /// The newest home of a partition, even if no other region has heard of it yet.
    pub fn newest_home(&self, plan: &Plan, partition: usize) -> RegionId {
        self.newest_homes[partition].unwrap_or(first_home(plan, partition))
    }

    /// The region that partitions of a dark home can go to: the next that takes writes.
    pub fn new_home(&self, plan: &Plan, from: RegionId) -> Option<RegionId> {
        let open = |region: &RegionId| *region != from && self.databases[region.index()].writable();
        plan.region_ids().find(open)
    }

    /// A partition takes no writes any more, in every region that is up.
    pub fn freeze_partition(&mut self, from: RegionId, partition: RegionId) {
        self.homes[from.index()][partition.index()] = None;
        for region in 0..self.homes.len() {
            if !self.dark[region] {
                self.homes[region][partition.index()] = None;
            }
        }
    }

    /// A partition has a new home: that region knows at once, the others when the news arrives.
    pub fn give_home(&mut self, ctx: &mut Context<'_>, partition: usize, to: RegionId) {
        debug_assert!(partition < self.newest_homes.len(), "each partition was some region's");
        debug_assert!(ctx.plan.has_homes(), "without homes none moves");
        let entry =
            ctx.note(self.control.entry, What::HomeMoved { partition: RegionId(partition as u8), to });
        ctx.tell(Occurrence::HomeMoved { partition: partition as u8, entry });
        self.homes[to.index()][partition] = Some(to);
        for region in ctx.plan.region_ids().filter(|region| *region != to) {
            send_news(ctx, region, partition, to);
        }
        self.newest_homes[partition] = Some(to);
    }

    /// The newest home of a partition that has moved, unless that home is frozen: a frozen home tells nobody of itself.
    fn home_that_tells(&self, partition: usize) -> Option<RegionId> {
        self.newest_homes[partition].filter(|home| self.homes[home.index()][partition] == Some(*home))
    }

    /// The news of a home arrives, if the region is there and the way is open.
    pub(super) fn on_homes_known(&mut self, region: RegionId, partition: u8, home: RegionId) {
        debug_assert_ne!(region, home, "a region sends itself no news");
        let cut = self.network.direction(home, region).cuts > 0;
        let fails = self.has_fault(FaultKind::FenceFails, Target::Nothing);
        let newest = self.home_that_tells(usize::from(partition)) == Some(home);
        if !self.dark[region.index()] && !cut && !fails && newest {
            self.homes[region.index()][usize::from(partition)] = Some(home);
        }
    }

    /// Regions that have not heard of a moved home are told again, once a second. A fence that fails keeps the news away.
    pub fn tell_homes(&mut self, ctx: &mut Context<'_>) {
        if !ctx.plan.has_homes() {
            return;
        }
        for partition in 0..self.newest_homes.len() {
            let Some(home) = self.home_that_tells(partition) else { continue };
            let unaware = |region: &RegionId| self.homes[region.index()][partition] != Some(home);
            for region in ctx.plan.region_ids().filter(unaware) {
                send_news(ctx, region, partition, home);
            }
        }
    }
}

/// The news of a home leaves for a region: half a round trip.
fn send_news(ctx: &mut Context<'_>, region: RegionId, partition: usize, home: RegionId) {
    let one_way_ms = ctx.plan.region_round_trip_ms[home.index()][region.index()] / 2.0;
    ctx.after(
        SimDuration::from_millis(one_way_ms),
        Event::Wake(Timer::HomesKnown(region, partition as u8, home)),
    );
}
