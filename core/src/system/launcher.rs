//! Launching servers: what Auto Scaling may have, and where it puts it.

use super::fleet::Fleets;
use super::launch::LaunchRefusal;
use super::server::{Server, ServerState};
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId, ServerId};
use crate::system::context::Context;
use crate::system::journal::What;

impl Fleets {
    /// Auto Scaling: launches what is missing and allowed, in the lit zones with the fewest servers. `closed`: why nothing
    /// can be launched there at all.
    pub fn reconcile(
        &mut self,
        ctx: &mut Context<'_>,
        region: RegionId,
        dark: &[bool],
        closed: Option<LaunchRefusal>,
        cause: Option<EntryId>,
    ) {
        debug_assert_eq!(dark.len(), ctx.plan.zones(region) as usize, "a zone is lit or dark");
        let missing = i32::from(self.regions[region.index()].desired) - self.alive(region) as i32;
        if missing <= 0 || dark.iter().all(|dark| *dark) {
            return;
        }
        let allowed = self.quota_left(region);
        let fleet = &mut self.regions[region.index()];
        let count = missing as u16;
        let missing = missing.min(allowed);
        // A slow control plane launches one after the other.
        let late = fleet.throttled && ctx.now < fleet.next_launch;
        let missing = if fleet.throttled { missing.min(1) } else { missing };
        let refusal = closed
            .or((!fleet.image).then_some(LaunchRefusal::NoImage))
            .or(fleet.no_capacity.then_some(LaunchRefusal::Capacity))
            .or((missing <= 0).then_some(LaunchRefusal::Quota))
            .or(late.then_some(LaunchRefusal::Throttled));
        let told = std::mem::replace(&mut fleet.told_refusal, refusal);
        if let Some(why) = refusal {
            if told != refusal {
                ctx.note(cause, What::LaunchRefused { region, count, why });
            }
            return;
        }
        let pause = 60.0 / f64::from(ctx.plan.scenario.faults.slow_launches_per_min);
        fleet.next_launch = ctx.now + SimDuration::from_secs(pause);
        let launched = ctx.note(cause, What::ServersLaunched { region, count: missing as u16 });
        self.regions[region.index()].launched_by = Some(launched);
        for _ in 0..missing {
            let id = self.place(region, dark);
            self.boot(ctx, id);
        }
        debug_assert!(self.quota_left(region) >= 0, "no more run than are allowed");
    }

    /// How many more servers the account may run in a region.
    pub fn quota_left(&self, region: RegionId) -> i32 {
        let there = self.servers.iter().filter(|server| server.region == region && server.is_there());
        self.regions[region.index()].quota as i32 - there.count() as i32
    }

    fn place(&mut self, region: RegionId, dark: &[bool]) -> ServerId {
        debug_assert!(dark.iter().any(|dark| !dark), "a server needs a zone with power");
        let load = |zone: usize| {
            let here = |s: &&Server| s.region == region && s.zone as usize == zone && s.is_alive();
            self.servers.iter().filter(here).count()
        };
        let lit = (0..dark.len()).filter(|zone| !dark[*zone]);
        let zone = lit.min_by_key(|zone| load(*zone)).unwrap_or(0) as u8;
        let free = self.servers.iter().position(|s| s.region == region && s.state == ServerState::Off);
        let index = free.unwrap_or_else(|| {
            self.servers.push(Server::at(region, zone));
            self.servers.len() - 1
        });
        self.servers[index].zone = zone;
        debug_assert!(index <= usize::from(u16::MAX), "a server's number has 16 bits");
        ServerId(index as u16)
    }
}
