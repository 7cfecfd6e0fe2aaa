//! The addresses of a region's balancer, one in each zone: which of them lead somewhere, which its name gives out, and which
//! zones get requests.

use super::System;
use crate::kernel::chance::{Draws, Purpose};
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, RegionId, ServerId, Ticket, ZoneId};
use crate::model::BalancerKind;
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::model::plan::Plan;
use crate::system::call::{Attempt, Hop};
use crate::system::connection::Flow;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::shift::{Practice, ShiftedBy, Zones};

/// The balancer's addresses in a region; by default all lead somewhere and are given out.
#[derive(Clone, Debug, Default)]
pub struct Entrance {
    /// Zones whose address leads nowhere.
    pub dead: Zones,
    /// Zones whose address the balancer's name does not give out.
    pub unlisted: Zones,
    /// A zonal shift that is in force.
    pub shift: Option<Shift>,
    /// How far the week's practice run is.
    pub practice: Practice,
    /// Since when the name says of each zone's address what is not so any more.
    wrong: [Option<SimTime>; 6],
}

/// Traffic is kept from a zone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// The zone.
    pub zone: u8,
    /// Until when, if nobody ends it before.
    pub until: SimTime,
    /// The entry of its order, or of its beginning.
    pub entry: EntryId,
    /// What it is for.
    pub by: ShiftedBy,
    /// Since when the zone has been well, as far as AWS knows.
    pub well: Option<SimTime>,
}

impl Entrance {
    /// The zone that traffic is kept from.
    pub fn shifted(&self) -> Zones {
        self.shift.map_or(0, |shift| 1 << shift.zone)
    }
}

/// Every zone of a region.
fn all(plan: &Plan, region: RegionId) -> Zones {
    ((1_u16 << plan.zones(region)) - 1) as Zones
}

/// One of these zones, or of all that there are if none is left.
fn one_of(plan: &Plan, region: RegionId, zones: Zones, mut draws: Draws) -> u8 {
    let all = all(plan, region);
    let zones = if zones & all == 0 { all } else { zones & all };
    let nth = draws.below(zones.count_ones()) as usize;
    debug_assert!(zones.count_ones() > 0, "a region has a zone");
    (0..8).filter(|zone| zones >> zone & 1 == 1).nth(nth).unwrap_or(0)
}

impl System {
    /// What the name of a region's balancer gives out now: every zone, but for those that are known to be dead or are shifted
    /// away from. If none is left, all.
    pub(super) fn listed(&self, plan: &Plan, region: RegionId) -> Zones {
        let all = all(plan, region);
        let entrance = &self.entrances[region.index()];
        let left = all & !(entrance.unlisted | entrance.shifted());
        if left == 0 { all } else { left }
    }

    /// The zone whose address an attempt connects to, of those that its resolver was told.
    pub(super) fn entered_by(&self, ctx: &Context<'_>, attempt: &Attempt, region: RegionId) -> u8 {
        let told = self.clients.told(attempt.request, region);
        one_of(ctx.plan, region, told, attempt.draws(ctx, Hop::Entrance))
    }

    /// Every connection that is open at the start goes through some zone.
    pub(super) fn enter_before_the_start(&mut self, plan: &Plan) {
        for (index, population) in self.clients.populations.iter_mut().enumerate() {
            for (place, connection) in population.connections.iter_mut().enumerate() {
                let Some(region) = connection.to else { continue };
                let draws = plan.chance.of(Purpose::Entrance, index as u64, place as u64, 0);
                connection.zone = one_of(plan, region, all(plan, region), draws);
            }
        }
    }

    /// Why nothing comes through the address of a zone, if nothing does.
    pub(super) fn why_no_entrance(&self, region: RegionId, zone: u8) -> Option<EntryId> {
        if self.entrances[region.index()].dead >> zone & 1 == 0 {
            return None;
        }
        let zone = Target::Zone(ZoneId { region, index: zone });
        let kinds = [FaultKind::BalancerAddress, FaultKind::ZonePower];
        kinds.into_iter().map(|kind| self.entry_of(kind, zone)).max().flatten()
    }

    /// Why nothing comes through the open connection of a request, if its address leads nowhere any more.
    #[inline]
    pub(super) fn entered_through_nothing(&self, region: RegionId, request: Ticket) -> Option<EntryId> {
        if self.entrances[region.index()].dead == 0 {
            return None;
        }
        let connection = self.clients.connection_of(request)?;
        self.why_no_entrance(region, connection.zone)
    }

    /// The zone whose address a checker connects to: it asks for the name each time.
    pub(super) fn checked_through(&self, ctx: &Context<'_>, region: RegionId, draws: Draws) -> u8 {
        one_of(ctx.plan, region, self.listed(ctx.plan, region), draws)
    }

    /// The address of a zone may have come or gone: with its power, or by itself.
    pub(super) fn recheck_entrance(&mut self, plan: &Plan, region: RegionId) {
        let mut dead = 0;
        for zone in 0..plan.zones(region) {
            let id = ZoneId { region, index: zone };
            let by_itself = self.entry_of(FaultKind::BalancerAddress, Target::Zone(id)).is_some();
            let dark = self.zones_dark[region.index()][usize::from(zone)];
            if by_itself || (dark && plan.scenario.balancer.falls_with_zone) {
                dead |= 1 << zone;
            }
        }
        self.entrances[region.index()].dead = dead;
    }

    /// Once a second: addresses that have led nowhere for long enough are not given out any more, and those that are well again
    /// are.
    pub(crate) fn list_addresses(&mut self, ctx: &mut Context<'_>) {
        let wait = SimDuration::from_secs(ctx.plan.scenario.balancer.address_check_s);
        for region in ctx.plan.region_ids() {
            let entrance = &self.entrances[region.index()];
            if entrance.dead | entrance.unlisted == 0 && ctx.plan.crosses_zones() {
                continue;
            }
            for zone in 0..ctx.plan.zones(region) {
                let wrong = self.should_be_listed(ctx.plan, region, zone)
                    != (self.entrances[region.index()].unlisted >> zone & 1 == 0);
                let entrance = &mut self.entrances[region.index()];
                let since = &mut entrance.wrong[usize::from(zone)];
                *since = if wrong { since.or(Some(ctx.now)) } else { None };
                if since.is_some_and(|since| ctx.now.since(since) >= wait) {
                    entrance.unlisted ^= 1 << zone;
                    *since = None;
                    let listed = entrance.unlisted >> zone & 1 == 0;
                    let because = self.why_no_entrance(region, zone);
                    let zone = ZoneId { region, index: zone };
                    ctx.note(because, What::AddressListed(zone, listed));
                }
            }
        }
    }

    /// Whether the balancer takes the address of a zone for good: it leads somewhere, and if it passes requests to its own zone
    /// alone, some target there passes its checks. A zone without any target is not missed.
    fn should_be_listed(&self, plan: &Plan, region: RegionId, zone: u8) -> bool {
        if self.entrances[region.index()].dead >> zone & 1 == 1 {
            return false;
        }
        let mut here = self.fleets.servers.iter().filter(|it| it.is_known_in(region) && it.zone == zone);
        plan.crosses_zones() || here.clone().next().is_none() || here.any(|server| server.healthy)
    }

    /// The zones whose servers get what has come to a region over the connection of an attempt.
    fn routes(&self, plan: &Plan, region: RegionId, zone: u8) -> Zones {
        if plan.crosses_zones() { !self.entrances[region.index()].shifted() } else { 1 << zone }
    }

    /// The server that a request goes to which has come to a region; none if nobody is there. A network balancer has chosen when
    /// the connection was opened.
    pub(super) fn target_for(
        &mut self,
        ctx: &Context<'_>,
        region: RegionId,
        request: Ticket,
    ) -> Option<ServerId> {
        let zone = self.clients.connection_of(request).map_or(0, |connection| connection.zone);
        if ctx.plan.scenario.balancer.kind == BalancerKind::Network
            && let Some((server, life)) = self.clients.connection_of(request).and_then(|it| it.flows.server())
            && self.fleets.servers[server.index()].region == region
            && self.fleets.servers[server.index()].goes_on(life)
        {
            return Some(server);
        }
        let routes = self.routes(ctx.plan, region, zone);
        // If there is no server anywhere else, a zonal shift does not count.
        let otherwise = if ctx.plan.crosses_zones() { Zones::MAX } else { routes };
        self.fleets.choose(region, routes).or_else(|| self.fleets.choose(region, otherwise))
    }

    /// A connection is opened through a zone. A network balancer passes it on to a server, which is returned if it is dead.
    pub(super) fn open_through(
        &mut self,
        ctx: &Context<'_>,
        attempt: &Attempt,
        (region, zone): (RegionId, u8),
    ) -> Result<(), Option<EntryId>> {
        let mut flows = Flow::Nowhere;
        if ctx.plan.scenario.balancer.kind == BalancerKind::Network {
            let routes = self.routes(ctx.plan, region, zone);
            let Some(id) = self.fleets.choose(region, routes) else { return Err(self.why_no_target(region)) };
            let server = &self.fleets.servers[id.index()];
            if !server.is_alive() {
                return Err(server.stopped_by);
            }
            flows = Flow::To(id, server.life);
        }
        if let Some(connection) = self.clients.connection_of_mut(attempt.request) {
            (connection.zone, connection.flows) = (zone, flows);
        }
        Ok(())
    }
}
