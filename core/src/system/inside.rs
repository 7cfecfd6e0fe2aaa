//! Databases that are something else inside their region than an instance with a standby: a cluster with two standbys, an
//! instance alone, a volume whose writer has no reader. What is lost, what is mended, and what somebody can order.

use super::System;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId, ZoneId};
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::model::plan::Plan;
use crate::system::context::Context;
use crate::system::database::{Role, Status};
use crate::system::journal::What;
use crate::system::occurrence::Occurrence;
use crate::system::refusal::Refusal;
use crate::system::timer::DatabaseTimer;

impl System {
    /// The instance that failed in a region is mended.
    pub(super) fn mend_instance(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        self.databases[region.index()].broken = None;
        self.repair_database(ctx, region);
    }

    /// Something in a region with power may be whole again: the instance that answers, or its standbys.
    pub(super) fn repair_instance(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let dark = &self.zones_dark[region.index()];
        let database = &mut self.databases[region.index()];
        let broken = database.broken;
        if database.deleted.is_some() {
            return;
        }
        let is_well = |zone: u8| !dark[usize::from(zone)] && broken != Some(zone);
        // Who had every commit when everything stopped, or reads the volume that has them, may take its place; nobody else.
        let shared = database.inside.has_volume();
        if database.status == Status::Down
            && !is_well(database.zone)
            && database.standbys.choose_stopped(shared, is_well)
        {
            let zone = database.standbys.swap(database.zone);
            database.answer_from(ctx, zone);
        }
        if is_well(database.zone) {
            database.come_back(ctx);
        }
        self.recheck_standbys(ctx, region);
    }

    /// The standbys of a database that answers, or is about to, get in step again where they can.
    pub(super) fn recheck_standbys(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let dark = &self.zones_dark[region.index()];
        let database = &mut self.databases[region.index()];
        let broken = database.broken;
        let is_well = |zone: u8| !dark[usize::from(zone)] && broken != Some(zone);
        let goes_on = match (database.role, database.status) {
            // What is made there one day is made with its standbys.
            (Role::Absent | Role::Witness, _) => return database.standbys.make(is_well),
            (_, Status::Up) => true,
            (_, Status::Restarting) => false,
            (_, Status::Down | Status::FailingOver | Status::Anew) => return,
        };
        let settings = &ctx.plan.scenario.database;
        // A reader has only to start: the volume is level without it.
        let span = if database.inside.has_volume() { settings.restart_s } else { settings.standby_rebuild_s };
        let ends = ctx.now + SimDuration::from_secs(*span);
        if database.standbys.look(goes_on, ends, is_well) {
            ctx.at(ends, DatabaseTimer::Rebuilt(region));
        }
    }

    /// A standby that was behind may be level.
    pub(super) fn on_rebuilt(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        while let Some(index) = self.databases[region.index()].standbys.finish(ctx.now) {
            ctx.note(ctx.cause(), What::StandbyLevel(ZoneId { region, index }));
            self.go_on_changing(ctx, region, index);
        }
    }

    /// A zone with the writer of a volume, or in which that is being made anew, may have power again.
    pub(super) fn repair_alone(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let dark = &self.zones_dark[region.index()];
        let database = &mut self.databases[region.index()];
        let zone = database.zone;
        if dark[usize::from(zone)] || database.deleted.is_some() {
            return;
        }
        match (database.status, database.broken) {
            // The instance had failed before its zone did.
            (Status::Down, Some(_)) => database.make_anew(ctx, zone),
            (Status::Down, None) => database.come_back(ctx),
            // Somebody has ordered another in another zone; this one is sooner there.
            (Status::Anew, None) if database.anew_zone != zone => {
                database.restart(ctx, *ctx.plan.scenario.database.restart_s);
            }
            (Status::Anew | Status::Up | Status::Restarting | Status::FailingOver, _) => {}
        }
    }

    /// The zone in which the writer of a volume is being made anew has lost its power.
    pub(super) fn lose_what_is_made(&mut self, region: RegionId, zone: u8, entry: EntryId) {
        let database = &mut self.databases[region.index()];
        if database.status == Status::Anew && database.anew_zone == zone {
            database.go_dark(Some(entry));
        }
    }

    /// A copy of a region's volume may be gone, or mended, or begin to be. If that changes what the volume can do, it is told.
    pub(super) fn recheck_copies(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let (dark, zones) = (self.dark[region.index()], &self.zones_dark[region.index()]);
        let is_lit = |zone: u8| !dark && zones.get(usize::from(zone)) != Some(&true);
        let broken = |index: u8| {
            let zone = Target::Zone(ZoneId { region, index });
            self.faults.iter().any(|it| it.fault.kind() == FaultKind::VolumeCopy && it.fault.target() == zone)
        };
        let database = &mut self.databases[region.index()];
        let Some(copies) = &mut database.copies else { return };
        if let Some(ends) = copies.look(ctx.plan, ctx.now, is_lit, broken) {
            ctx.at(ends, DatabaseTimer::Mended(region));
        }
        // A region that is dark has other worries, and one without a database, or whose database was deleted, none.
        let there =
            !dark && database.deleted.is_none() && !matches!(database.role, Role::Absent | Role::Witness);
        if there && copies.does() != copies.told {
            copies.told = copies.does();
            let told = What::VolumeTurned(region, copies.well() as u8);
            copies.because = Some(ctx.note(ctx.cause(), told));
        }
    }

    /// Why nobody can have an instance made for a region's volume in another zone.
    pub fn why_no_instance(&self, plan: &Plan, region: RegionId) -> Option<Refusal> {
        let database = &self.databases[region.index()];
        if self.dark[region.index()] {
            return Some(Refusal::Dark(region));
        }
        if database.role == Role::Absent || database.deleted.is_some() {
            return Some(Refusal::NoDatabase(region));
        }
        match database.status {
            Status::Up | Status::Restarting | Status::FailingOver => Some(Refusal::HasInstance(region)),
            Status::Anew => Some(Refusal::InstanceComes(region)),
            Status::Down if !self.control_plane_up(region) => Some(Refusal::NoControlPlane(region)),
            Status::Down => self.other_zone(plan, region).is_none().then_some(Refusal::NoZone(region)),
        }
    }

    /// Somebody has an instance made for a region's volume, in another zone than the one that is lost.
    pub fn order_instance(&mut self, ctx: &mut Context<'_>, region: RegionId, entry: EntryId) {
        debug_assert!(self.why_no_instance(ctx.plan, region).is_none(), "what is refused is not done");
        if let Some(zone) = self.other_zone(ctx.plan, region) {
            ctx.because(Some(entry));
            self.databases[region.index()].make_anew(ctx, zone);
            ctx.tell(Occurrence::Detected(region));
            ctx.tell(Occurrence::StandbyBegins(region, entry));
        }
    }

    /// A zone with power, beside that in which the instance was.
    fn other_zone(&self, plan: &Plan, region: RegionId) -> Option<u8> {
        let dark = &self.zones_dark[region.index()];
        let own = self.databases[region.index()].zone;
        (0..plan.zones(region)).find(|zone| *zone != own && !dark[usize::from(*zone)])
    }
}
