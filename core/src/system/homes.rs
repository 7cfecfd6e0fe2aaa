//! Homes: which region takes the writes of which keys, how a home moves, and who has heard of it.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::RegionId;
use crate::model::fault::Fault;
use crate::model::plan::Plan;
use crate::system::context::Context;
use crate::system::event::Event;
use crate::system::journal::What;
use crate::system::{System, first_homes};

impl System {
    /// Where a partition's home is, as its own region or else any that is there knows it.
    pub fn home(&self, partition: usize) -> Option<RegionId> {
        let says = |region: usize| self.homes[region][partition].filter(|_| !self.dark[region]);
        says(partition).or_else(|| (0..self.homes.len()).find_map(says))
    }

    /// The newest home of a partition, whoever has heard of it.
    pub fn newest_home(&self, plan: &Plan, partition: usize) -> RegionId {
        self.newest_homes[partition].or(first_homes(plan)[partition]).unwrap_or(RegionId(0))
    }

    /// Where partitions whose home went dark can go: to the next region that answers.
    pub fn new_home(&self, plan: &Plan, from: RegionId) -> Option<RegionId> {
        let open = |region: &RegionId| *region != from && self.databases[region.index()].writable();
        plan.region_ids().find(open)
    }

    /// A partition takes no writes, as far as regions can be told.
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
        debug_assert!(ctx.plan.has_homes(), "without homes none moves");
        ctx.note(self.control.entry, What::HomeMoved { partition: RegionId(partition as u8), to });
        self.homes[to.index()][partition] = Some(to);
        for region in ctx.plan.region_ids().filter(|region| *region != to) {
            send_news(ctx, region, partition, to);
        }
        self.newest_homes[partition] = Some(to);
    }

    /// The news of a home arrives, if the region is there and the way is open.
    pub fn on_homes_known(&mut self, region: RegionId, partition: u8, home: RegionId) {
        debug_assert_ne!(region, home, "a region sends itself no news");
        let cut = self.network.direction(home, region).cuts > 0;
        let fails = self.is_in_force(Fault::FenceFails);
        let newest = self.newest_homes[usize::from(partition)] == Some(home);
        if !self.dark[region.index()] && !cut && !fails && newest {
            self.homes[region.index()][usize::from(partition)] = Some(home);
        }
    }

    /// Whoever was away when a home moved hears of it as soon as it is there again; a fence that fails keeps it from that.
    pub fn tell_homes(&mut self, ctx: &mut Context<'_>) {
        if !ctx.plan.has_homes() {
            return;
        }
        for partition in 0..self.newest_homes.len() {
            let Some(home) = self.newest_homes[partition] else { continue };
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
    ctx.after(SimDuration::from_millis(one_way_ms), Event::HomesKnown(region, partition as u8, home));
}
