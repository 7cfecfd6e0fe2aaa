//! Faults that come and go, and what that does at once to the machines.

use super::{ActiveFault, System};
use crate::model::fault::Fault;
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
        match fault {
            Fault::RegionDark(region) => self.darken_region(ctx, region, entry),
            Fault::ZonePower(zone) => self.darken_zone(ctx, zone, entry),
            Fault::ZoneGrey(zone) => self.zones_grey[zone.region.index()][zone.index as usize] = true,
            Fault::LinkCut(a, b) => {
                self.network.cut(ctx.now, a, b);
                self.network.cut(ctx.now, b, a);
            }
            Fault::LinkCutOneWay(from, to) => self.network.cut(ctx.now, from, to),
            Fault::LinkSlow(a, b) => self.network.slow(a, b, *settings.slow_factor),
            Fault::LinkLossy(a, b) => self.network.lose(a, b, *settings.loss),
            Fault::PrimaryDatabase(region) => self.lose_instance(ctx, region, entry),
            Fault::Capacity(region) => self.fleets.regions[region.index()].no_capacity = true,
            Fault::LoadSurge => self.clients.surge = *settings.surge_factor,
            Fault::BadDeploy(region) => self.fleets.regions[region.index()].bad_deploy = true,
            Fault::Corruption(region) => self.fleets.regions[region.index()].rubbish = true,
            Fault::MassDelete(region) => self.ruin(ctx, region, Content::Deleted, entry),
            Fault::Ransomware(region) => self.ransom(ctx, region, entry),
            // Whoever needs the control plane, or the way of the copies, asks whether it is there.
            Fault::DnsControlPlane | Fault::ControlPlane(_) | Fault::BackupCopy | Fault::FenceFails => {}
        }
    }

    /// A fault is over, if it was in force.
    pub fn clear(&mut self, ctx: &mut Context<'_>, fault: Fault) {
        let Some(index) = self.faults.iter().position(|active| active.fault == fault) else { return };
        let active = self.faults.remove(index);
        let entry = ctx.note(Some(active.entry), What::FaultCleared(fault));
        ctx.because(Some(entry));
        ctx.tell(Occurrence::FaultCleared(fault, active.entry));
        match fault {
            Fault::RegionDark(region) => self.light_region(ctx, region),
            Fault::ZonePower(zone) => self.light_zone(ctx, zone),
            Fault::ZoneGrey(zone) => self.zones_grey[zone.region.index()][zone.index as usize] = false,
            Fault::LinkCut(a, b) => {
                self.network.mend(ctx.now, a, b);
                self.network.mend(ctx.now, b, a);
            }
            Fault::LinkCutOneWay(from, to) => self.network.mend(ctx.now, from, to),
            Fault::LinkSlow(a, b) => self.network.slow(a, b, 1.0),
            Fault::LinkLossy(a, b) => self.network.lose(a, b, *ctx.plan.scenario.network.loss),
            Fault::PrimaryDatabase(region) => self.repair_database(ctx, region),
            Fault::Capacity(region) => self.fleets.regions[region.index()].no_capacity = false,
            Fault::LoadSurge => self.clients.surge = 1.0,
            Fault::BadDeploy(region) => self.fleets.regions[region.index()].bad_deploy = false,
            Fault::Corruption(region) => self.fleets.regions[region.index()].rubbish = false,
            // What was done to the data stays done.
            Fault::MassDelete(_) | Fault::Ransomware(_) => {}
            Fault::DnsControlPlane | Fault::ControlPlane(_) | Fault::BackupCopy | Fault::FenceFails => {}
        }
    }
}
