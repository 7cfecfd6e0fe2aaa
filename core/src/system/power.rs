//! Power and instances: regions, zones and database instances that fail and come back.

use super::System;
use crate::kernel::id::{EntryId, RegionId, ZoneId};
use crate::model::inside::Inside;
use crate::system::context::Context;
use crate::system::database::{Role, Status};
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
        self.recheck_copies(ctx, region);
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
        self.recheck_copies(ctx, region);
        self.repair_database(ctx, region);
        self.wake_consumers(ctx, region);
    }

    pub(super) fn darken_zone(&mut self, ctx: &mut Context<'_>, zone: ZoneId, entry: EntryId) {
        debug_assert!(!self.zones_dark[zone.region.index()][zone.index as usize], "a zone goes dark once");
        self.zones_dark[zone.region.index()][zone.index as usize] = true;
        self.stop_servers(ctx, zone.region, Some(zone.index), entry);
        self.fleets.recheck(ctx, zone.region);
        self.recheck_entrance(ctx.plan, zone.region);
        ctx.tell(Occurrence::ZoneLost(zone));
        self.recheck_copies(ctx, zone.region);
        let database = &mut self.databases[zone.region.index()];
        if database.leaders.is_some() {
            self.lose_leaders(ctx, zone, entry);
        } else if database.standbys.all().iter().any(|standby| standby.zone == zone.index) {
            let takes_over = database.standbys.first() == Some(zone.index);
            database.standbys.lose(zone.index, database.status == Status::Up);
            // In a cluster the other standby may take over instead.
            if database.status == Status::FailingOver && takes_over && !database.take_over(ctx) {
                database.go_dark(Some(entry));
            }
        } else {
            if database.zone == zone.index {
                self.lose_instance(ctx, zone.region, (entry, false));
            }
            self.lose_what_is_made(zone.region, zone.index, entry);
        }
    }

    pub(super) fn light_zone(&mut self, ctx: &mut Context<'_>, zone: ZoneId) {
        debug_assert!(
            self.zones_dark[zone.region.index()][zone.index as usize],
            "only what is dark gets light"
        );
        self.zones_dark[zone.region.index()][zone.index as usize] = false;
        self.recheck_entrance(ctx.plan, zone.region);
        if !self.dark[zone.region.index()] {
            self.fleets.restart(ctx, zone.region, Some(zone.index));
            self.recheck_copies(ctx, zone.region);
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

    /// The instance of a region's database is lost because of an entry: by itself, or with its zone.
    pub(super) fn lose_instance(
        &mut self,
        ctx: &mut Context<'_>,
        region: RegionId,
        (entry, by_itself): (EntryId, bool),
    ) {
        let database = &mut self.databases[region.index()];
        let runs = matches!(database.status, Status::Up | Status::Restarting);
        let absent = database.role == Role::Absent && database.standbys.all().is_empty();
        if runs && !absent && database.lose_instance(ctx, Some(entry), by_itself) {
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
        if self.dark[region.index()] {
            return;
        }
        if self.databases[region.index()].inside == Inside::Alone {
            self.repair_alone(ctx, region);
        } else {
            self.repair_instance(ctx, region);
        }
    }

    /// A standby has taken over, an instance was made anew, or a database has restarted.
    pub(super) fn on_database_ready(&mut self, ctx: &mut Context<'_>, region: RegionId, life: u16) {
        if self.databases[region.index()].ready(ctx, life) {
            debug_assert!(!self.dark[region.index()], "nothing answers in a dark region");
            let dark = &self.zones_dark[region.index()];
            if let Some(leaders) = &mut self.databases[region.index()].leaders {
                leaders.restart(|zone| dark.get(usize::from(zone)) == Some(&true));
            }
            self.recheck_standbys(ctx, region);
            ctx.tell(Occurrence::DatabaseReady(region));
        }
    }
}
