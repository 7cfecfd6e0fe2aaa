//! Power and instances: regions, zones and database instances that fail and come back.

use super::System;
use crate::kernel::id::{EntryId, RegionId, ZoneId};
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::system::context::Context;
use crate::system::database::Status;
use crate::system::journal::What;
use crate::system::occurrence::Occurrence;

impl System {
    pub(super) fn darken_region(&mut self, ctx: &mut Context<'_>, region: RegionId, entry: EntryId) {
        debug_assert!(!self.dark[region.index()], "a region goes dark once");
        self.dark[region.index()] = true;
        self.stop_servers(ctx, region, None, entry);
        debug_assert_eq!(self.fleets.alive(region), 0, "nothing runs in a dark region");
        let lost = ctx.note(Some(entry), What::DatabaseLost(region));
        self.databases[region.index()].go_dark(Some(lost));
        self.stop_consumers(ctx, region, entry);
    }

    pub(super) fn light_region(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        debug_assert!(self.dark[region.index()], "only what is dark gets light");
        self.dark[region.index()] = false;
        for zone in 0..ctx.plan.zones(region) {
            if !self.zones_dark[region.index()][zone as usize] {
                self.fleets.restart(ctx, region, Some(zone));
            }
        }
        self.repair_database(ctx, region);
        self.wake_consumers(ctx, region);
    }

    pub(super) fn darken_zone(&mut self, ctx: &mut Context<'_>, zone: ZoneId, entry: EntryId) {
        debug_assert!(!self.zones_dark[zone.region.index()][zone.index as usize], "a zone goes dark once");
        self.zones_dark[zone.region.index()][zone.index as usize] = true;
        self.stop_servers(ctx, zone.region, Some(zone.index), entry);
        self.fleets.recheck(ctx, zone.region);
        ctx.tell(Occurrence::ZoneLost(zone));
        let database = &mut self.databases[zone.region.index()];
        if database.leaders.is_some() {
            self.lose_leaders(ctx, zone, entry);
        } else if database.standby_zone == zone.index {
            database.standby_ready = false;
            if database.status == Status::FailingOver {
                database.go_dark(Some(entry));
            }
        } else if database.zone == zone.index {
            self.lose_instance(ctx, zone.region, entry);
        }
    }

    pub(super) fn light_zone(&mut self, ctx: &mut Context<'_>, zone: ZoneId) {
        debug_assert!(
            self.zones_dark[zone.region.index()][zone.index as usize],
            "only what is dark gets light"
        );
        self.zones_dark[zone.region.index()][zone.index as usize] = false;
        if !self.dark[zone.region.index()] {
            self.fleets.restart(ctx, zone.region, Some(zone.index));
            self.repair_database(ctx, zone.region);
        }
    }

    fn stop_servers(&mut self, ctx: &mut Context<'_>, region: RegionId, zone: Option<u8>, entry: EntryId) {
        let (count, calls) = self.fleets.stop(region, zone);
        for call in calls {
            self.blame(call, Some(entry));
            self.calls.remove(call);
        }
        if count > 0 {
            let lost = ctx.note(Some(entry), What::ServersLost { region, count });
            self.fleets.stopped_by(region, lost);
        }
    }

    pub(super) fn lose_instance(&mut self, ctx: &mut Context<'_>, region: RegionId, entry: EntryId) {
        let database = &mut self.databases[region.index()];
        if database.status != Status::Up && database.status != Status::Restarting {
            return;
        }
        if database.lose_instance(ctx, Some(entry)) {
            ctx.tell(Occurrence::Detected(region));
            ctx.tell(Occurrence::StandbyBegins(region, entry));
        }
    }

    /// What was broken in a region's database may be whole again: it restarts, and the standby is in step again.
    pub(super) fn repair_database(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        if self.databases[region.index()].leaders.is_some() {
            if self.has_majority(region) && !self.dark[region.index()] {
                self.databases[region.index()].come_back(ctx);
            }
            return;
        }
        let zones = &self.zones_dark[region.index()];
        let instance_broken = self.has_fault(FaultKind::PrimaryDatabase, Target::Region(region));
        let database = &mut self.databases[region.index()];
        let lit = |zone: u8| !zones[zone as usize];
        if self.dark[region.index()] {
            return;
        }
        if database.status == Status::Down {
            // Whichever of the two instances has power again serves.
            if !lit(database.zone) && lit(database.standby_zone) {
                std::mem::swap(&mut database.zone, &mut database.standby_zone);
            }
            if lit(database.zone) && !instance_broken {
                database.come_back(ctx);
            }
        }
        database.standby_ready = !instance_broken
            && database.zone != database.standby_zone
            && lit(database.zone)
            && lit(database.standby_zone);
    }

    /// A standby has taken over or a database has restarted.
    pub(super) fn on_database_ready(&mut self, ctx: &mut Context<'_>, region: RegionId, life: u16) {
        if self.databases[region.index()].ready(ctx, life) {
            debug_assert!(!self.dark[region.index()], "nothing answers in a dark region");
            let dark = &self.zones_dark[region.index()];
            if let Some(leaders) = &mut self.databases[region.index()].leaders {
                leaders.restart(|zone| dark.get(usize::from(zone)) == Some(&true));
            }
            ctx.tell(Occurrence::DatabaseReady(region));
        }
    }
}
