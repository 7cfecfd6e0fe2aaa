//! Faults that come and go, and what that does at once to the machines.

use super::{ActiveFault, System};
use crate::model::aim::Target;
use crate::model::fault::{Fault, FaultKind};
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
        match (fault.kind(), fault.target()) {
            (FaultKind::RegionDark, Target::Region(region)) => self.darken_region(ctx, region, entry),
            (FaultKind::ZonePower, Target::Zone(zone)) => self.darken_zone(ctx, zone, entry),
            (FaultKind::ZoneGrey, Target::Zone(zone)) => {
                self.zones_grey[zone.region.index()][zone.index as usize] = true;
            }
            (FaultKind::LinkCut, Target::Link(a, b)) => {
                self.network.cut(ctx.now, a, b);
                self.network.cut(ctx.now, b, a);
            }
            (FaultKind::LinkCutOneWay, Target::Direction(from, to)) => self.network.cut(ctx.now, from, to),
            (FaultKind::LinkSlow, Target::Link(a, b)) => self.network.slow(a, b, *settings.slow_factor),
            (FaultKind::LinkLossy, Target::Link(a, b)) => self.network.lose(a, b, *settings.loss),
            (FaultKind::PrimaryDatabase, Target::Region(region)) => {
                self.lose_instance(ctx, region, entry);
            }
            (FaultKind::Capacity, Target::Region(region)) => {
                self.fleets.regions[region.index()].no_capacity = true;
            }
            (FaultKind::LoadSurge, Target::Nothing) => self.clients.surge = *settings.surge_factor,
            (FaultKind::BadDeploy, Target::Region(region)) => {
                self.fleets.regions[region.index()].bad_deploy = true;
            }
            (FaultKind::Corruption, Target::Region(region)) => {
                self.fleets.regions[region.index()].rubbish = true;
            }
            (FaultKind::MassDelete, Target::Region(region)) => {
                self.ruin(ctx, region, Content::Deleted, entry);
            }
            (FaultKind::Ransomware, Target::Region(region)) => self.ransom(ctx, region, entry),
            // What needs the control plane, or the way of the copies, asks whether the fault is in force.
            (
                FaultKind::DnsControlPlane
                | FaultKind::ControlPlane
                | FaultKind::BackupCopy
                | FaultKind::FenceFails,
                _,
            ) => {}
            // A fault is made with the target of its kind alone.
            (
                FaultKind::RegionDark
                | FaultKind::ZonePower
                | FaultKind::ZoneGrey
                | FaultKind::PrimaryDatabase
                | FaultKind::LinkCut
                | FaultKind::LinkCutOneWay
                | FaultKind::LinkSlow
                | FaultKind::LinkLossy
                | FaultKind::Capacity
                | FaultKind::LoadSurge
                | FaultKind::BadDeploy
                | FaultKind::Corruption
                | FaultKind::MassDelete
                | FaultKind::Ransomware,
                _,
            ) => {}
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
        match (fault.kind(), fault.target()) {
            (FaultKind::RegionDark, Target::Region(region)) => self.light_region(ctx, region),
            (FaultKind::ZonePower, Target::Zone(zone)) => self.light_zone(ctx, zone),
            (FaultKind::ZoneGrey, Target::Zone(zone)) => {
                self.zones_grey[zone.region.index()][zone.index as usize] = false;
            }
            (FaultKind::LinkCut, Target::Link(a, b)) => {
                self.network.mend(ctx.now, a, b);
                self.network.mend(ctx.now, b, a);
            }
            (FaultKind::LinkCutOneWay, Target::Direction(from, to)) => self.network.mend(ctx.now, from, to),
            (FaultKind::LinkSlow, Target::Link(a, b)) => self.network.slow(a, b, 1.0),
            (FaultKind::LinkLossy, Target::Link(a, b)) => {
                self.network.lose(a, b, *ctx.plan.scenario.network.loss);
            }
            (FaultKind::PrimaryDatabase, Target::Region(region)) => self.repair_database(ctx, region),
            (FaultKind::Capacity, Target::Region(region)) => {
                self.fleets.regions[region.index()].no_capacity = false;
            }
            (FaultKind::LoadSurge, Target::Nothing) => self.clients.surge = 1.0,
            (FaultKind::BadDeploy, Target::Region(region)) => {
                self.fleets.regions[region.index()].bad_deploy = false;
            }
            (FaultKind::Corruption, Target::Region(region)) => {
                self.fleets.regions[region.index()].rubbish = false;
            }
            // What was done to the data stays done.
            (FaultKind::MassDelete | FaultKind::Ransomware, _) => {}
            (
                FaultKind::DnsControlPlane
                | FaultKind::ControlPlane
                | FaultKind::BackupCopy
                | FaultKind::FenceFails,
                _,
            ) => {}
            // A fault is made with the target of its kind alone.
            (
                FaultKind::RegionDark
                | FaultKind::ZonePower
                | FaultKind::ZoneGrey
                | FaultKind::PrimaryDatabase
                | FaultKind::LinkCut
                | FaultKind::LinkCutOneWay
                | FaultKind::LinkSlow
                | FaultKind::LinkLossy
                | FaultKind::Capacity
                | FaultKind::LoadSurge
                | FaultKind::BadDeploy
                | FaultKind::Corruption,
                _,
            ) => {}
        }
    }
}
