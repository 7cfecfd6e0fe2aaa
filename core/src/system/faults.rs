//! Faults that come and go, and what that does at once to the machines.

use super::{ActiveFault, System};
use crate::kernel::id::{EntryId, RegionId, ZoneId};
use crate::model::aim::Target;
use crate::model::fault::{Effect, Fault, FaultKind};
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::occurrence::Occurrence;
use crate::system::version::Content;

impl System {
    /// A fault comes into force, unless it is in force already.
    pub fn inject(&mut self, ctx: &mut Context<'_>, fault: Fault) {
        if self.is_in_force(fault) {
            return;
        }
        let entry = ctx.note(None, What::FaultInjected(fault));
        ctx.because(Some(entry));
        let active = ActiveFault { fault, since: ctx.now, entry };
        self.faults.push(active);
        if fault.kind().corrupts() {
            self.ruins.push(active);
        }
        ctx.tell(Occurrence::FaultInjected(fault, entry));
        let settings = &ctx.plan.scenario.faults;
        match fault.effect() {
            Effect::Asked => {}
            Effect::Surge => self.clients.begin_surge(ctx, *settings.surge_factor, entry),
            Effect::Dark(region) => self.darken_region(ctx, region, entry),
            Effect::NoPower(zone) => self.darken_zone(ctx, zone, entry),
            Effect::Grey(zone) => self.note_grey(zone.region),
            Effect::GreyRegion(region) => self.note_grey(region),
            Effect::Copy(zone) => self.recheck_copies(ctx, zone.region),
            Effect::Entrance(zone) => self.recheck_entrance(ctx.plan, zone.region),
            Effect::Unreachable(region) => {
                self.databases[region.index()].unreachable = self.why_unreachable(region);
            }
            Effect::Instance(region) => self.lose_instance(ctx, region, (entry, true)),
            Effect::Cut(from, to) => self.network.cut(ctx.now, from, to),
            Effect::CutBothWays(a, b) => {
                self.network.cut(ctx.now, a, b);
                self.network.cut(ctx.now, b, a);
            }
            Effect::Slow(a, b) => self.network.slow(a, b, *settings.slow_factor),
            Effect::Lossy(a, b) => self.network.lose(a, b, *settings.loss),
            Effect::NoCapacity(region) => self.fleets.regions[region.index()].no_capacity = true,
            Effect::Throttled(region) => self.fleets.regions[region.index()].throttled = true,
            Effect::Refusing(region) => self.fleets.regions[region.index()].bad_deploy = true,
            Effect::Rubbish(region) => self.fleets.regions[region.index()].rubbish = true,
            Effect::Stopped(region) => self.stop_consumers(ctx, region, entry),
            Effect::Poisoned(region) => self.poison_next(region),
            Effect::Deleted(region) => self.ruin(ctx, region, Content::Deleted, entry),
            Effect::Encrypted(region) => self.ransom(ctx, region, entry),
            Effect::Gone(region) => self.delete_database(ctx, region, entry),
            Effect::SlowZones(a, b) => self.network.zones.slow((a, b), *settings.slow_factor),
            Effect::LossyZones(a, b) => self.network.zones.lose((a, b), *settings.loss),
            Effect::NoBackups => self.backups.fail(true),
            Effect::EmptyBackups => self.backups.empty(Some(entry)),
        }
    }

    /// A fault is over, if it was in force.
    pub fn clear(&mut self, ctx: &mut Context<'_>, fault: Fault) {
        let Some(index) = self.faults.iter().position(|active| active.fault == fault) else { return };
        let active = self.faults.remove(index);
        debug_assert!(!self.is_in_force(fault), "a fault is in force once");
        let entry = ctx.note(Some(active.entry), What::FaultCleared(fault));
        ctx.because(Some(entry));
        ctx.tell(Occurrence::FaultCleared(fault, active.entry));
        match fault.effect() {
            // What was done to the data stays done.
            Effect::Asked | Effect::Deleted(_) | Effect::Encrypted(_) | Effect::Gone(_) => {}
            Effect::NoBackups => self.backups.fail(false),
            Effect::EmptyBackups => self.backups.empty(None),
            Effect::Surge => self.clients.end_surge(),
            Effect::Dark(region) => self.light_region(ctx, region),
            Effect::NoPower(zone) => self.light_zone(ctx, zone),
            Effect::Grey(zone) => self.note_grey(zone.region),
            Effect::GreyRegion(region) => self.note_grey(region),
            Effect::Copy(zone) => self.recheck_copies(ctx, zone.region),
            Effect::Entrance(zone) => self.recheck_entrance(ctx.plan, zone.region),
            Effect::Unreachable(region) => {
                self.databases[region.index()].unreachable = self.why_unreachable(region);
            }
            Effect::Instance(region) => self.mend_instance(ctx, region),
            Effect::Cut(from, to) => self.network.mend(ctx.now, from, to),
            Effect::CutBothWays(a, b) => {
                self.network.mend(ctx.now, a, b);
                self.network.mend(ctx.now, b, a);
            }
            Effect::Slow(a, b) => self.network.slow(a, b, 1.0),
            Effect::Lossy(a, b) => self.network.lose(a, b, *ctx.plan.scenario.network.loss),
            Effect::SlowZones(a, b) => self.network.zones.slow((a, b), 1.0),
            Effect::LossyZones(a, b) => self.network.zones.lose((a, b), 0.0),
            Effect::NoCapacity(region) => self.fleets.regions[region.index()].no_capacity = false,
            Effect::Throttled(region) => self.fleets.regions[region.index()].throttled = false,
            Effect::Refusing(region) => self.fleets.regions[region.index()].bad_deploy = false,
            Effect::Rubbish(region) => self.fleets.regions[region.index()].rubbish = false,
            Effect::Stopped(region) => self.wake_consumers(ctx, region),
            Effect::Poisoned(region) => self.cure(region),
        }
    }

    /// Which zones of a region are grey: each by itself, or all with the region.
    fn note_grey(&mut self, region: RegionId) {
        for index in 0..self.zones_grey[region.index()].len() {
            let zone = ZoneId { region, index: index as u8 };
            self.zones_grey[region.index()][index] = self.grey_by(zone).is_some();
        }
    }

    /// The entry of the fault because of which nobody can reach a region's database, which may be well: the youngest.
    fn why_unreachable(&self, region: RegionId) -> Option<EntryId> {
        let kinds = [FaultKind::DatabaseEndpoint, FaultKind::SecurityGroupDatabase];
        kinds.into_iter().map(|kind| self.entry_of(kind, Target::Region(region))).max().flatten()
    }

    /// The entry of the fault because of which a zone is grey: its own, or that of its region.
    pub(super) fn grey_by(&self, zone: ZoneId) -> Option<EntryId> {
        let own = self.entry_of(FaultKind::ZoneGrey, Target::Zone(zone));
        own.or(self.entry_of(FaultKind::RegionGrey, Target::Region(zone.region)))
    }
}
