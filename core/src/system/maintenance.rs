//! What somebody does to the instances of a region's database that are well: a reboot with failover, and a change of one after the
//! other, as patches and another instance class need it.

use super::System;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId};
use crate::model::command::Command;
use crate::model::inside::Inside;
use crate::system::context::Context;
use crate::system::database::{Role, Status};
use crate::system::occurrence::Occurrence;
use crate::system::refusal::Refusal;
use crate::system::standbys::Change;
use crate::system::timer::DatabaseTimer;

impl System {
    /// Why nobody can reboot or change the instance of a region's database; `None` if somebody can.
    pub fn why_no_maintenance(&self, region: RegionId) -> Option<Refusal> {
        let database = &self.databases[region.index()];
        if self.dark[region.index()] {
            Some(Refusal::Dark(region))
        } else if matches!(database.role, Role::Absent | Role::Witness) || database.deleted.is_some() {
            Some(Refusal::NoDatabase(region))
        } else if database.status != Status::Up || database.changing.is_some() {
            Some(Refusal::NotAnswering(region))
        } else if !self.control_plane_up(region) {
            Some(Refusal::NoControlPlane(region))
        } else {
            None
        }
    }

    /// Somebody reboots the instance: a standby that is in step takes over; without one it starts again.
    pub fn reboot(&mut self, ctx: &mut Context<'_>, region: RegionId, entry: EntryId) {
        debug_assert!(self.why_no_maintenance(region).is_none(), "what is refused is not done");
        ctx.because(Some(entry));
        ctx.tell(Occurrence::Maintained(Command::Reboot(region), entry));
        self.hand_over(ctx, region, (entry, *ctx.plan.scenario.database.restart_s));
    }

    /// Somebody has every instance changed: the standbys first, then one of them takes over, and the old one is changed last. Without a
    /// standby the database is away for as long as that takes.
    pub fn change_instances(&mut self, ctx: &mut Context<'_>, region: RegionId, entry: EntryId) {
        debug_assert!(self.why_no_maintenance(region).is_none(), "what is refused is not done");
        ctx.because(Some(entry));
        ctx.tell(Occurrence::Maintained(Command::ChangeInstances(region), entry));
        let database = &mut self.databases[region.index()];
        let left = database.standbys.ready().count() as u8;
        database.changing = (left > 0).then_some(Change { entry, left });
        if left == 0 {
            self.hand_over(ctx, region, (entry, *ctx.plan.scenario.database.change_s));
        } else {
            self.change_standby(ctx, region);
        }
    }

    fn change_standby(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let ends = ctx.now + SimDuration::from_secs(*ctx.plan.scenario.database.change_s);
        if self.databases[region.index()].standbys.change(ends) {
            ctx.at(ends, DatabaseTimer::Rebuilt(region));
        }
    }

    /// The standby in a zone is level again. If it is the one that is being changed, which is the first, the next is, or one takes over.
    pub(super) fn go_on_changing(&mut self, ctx: &mut Context<'_>, region: RegionId, zone: u8) {
        let database = &mut self.databases[region.index()];
        let Some(Change { entry, left }) = database.changing else { return };
        if database.standbys.first() != Some(zone) {
            return;
        }
        ctx.because(Some(entry));
        if left > 1 {
            database.changing = Some(Change { entry, left: left - 1 });
            self.change_standby(ctx, region);
        } else {
            database.changing = None;
            self.hand_over(ctx, region, (entry, *ctx.plan.scenario.database.change_s));
        }
    }

    /// The instance stops on purpose. A standby that is in step takes over; without one the instance answers again after a while.
    fn hand_over(&mut self, ctx: &mut Context<'_>, region: RegionId, (entry, away_s): (EntryId, f64)) {
        self.lose_instance(ctx, region, (entry, false));
        let database = &mut self.databases[region.index()];
        if database.status == Status::Down {
            debug_assert!(database.inside != Inside::Partitions, "partitions have no instance");
            database.restart(ctx, away_s);
        }
    }
}
