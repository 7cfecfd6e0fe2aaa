//! Commands: faults come and go, and what that does at once to what is there.

use crate::kernel::id::{EntryId, RegionId, ZoneId};
use crate::model::fault::{Command, Fault};
use crate::model::runbook::StepName;
use crate::observer::incident::{Incident, Step};
use crate::observer::metrics::{SERVED_SHARE, WINDOW_S};
use crate::run::world::World;
use crate::system::ActiveFault;
use crate::system::context::Context;
use crate::system::database::Status;
use crate::system::journal::What;
use crate::system::occurrence::Occurrence;
use crate::system::version::Content;

impl World {
    /// Does what a person or the script wants.
    pub fn obey(&mut self, ctx: &mut Context<'_>, command: Command) {
        match command {
            Command::Inject(fault) => self.inject(ctx, fault),
            Command::Clear(fault) => self.clear(ctx, fault),
            Command::FailOver(to) => self.order_fail_over(ctx, to),
            Command::FailBack => self.order_fail_back(ctx),
            Command::Decide => self.order_decision(ctx),
            Command::Restore(region, second) => self.order_restore(ctx, region, second),
            Command::MoveHome(partition, to) => self.order_move_home(ctx, partition, to),
            Command::Travel(population, city) => {
                ctx.note(None, What::Ordered(command));
                self.system.network.places[population.index()] = city;
                self.system.clients.travel(population);
            }
            Command::Write(population, key) => {
                ctx.note(None, What::Ordered(command));
                let request = self.system.clients.stage_write(ctx, population, key);
                self.begun(ctx, request);
                ctx.tell(Occurrence::Sent(population));
                self.attempt(ctx, request);
            }
            Command::RaiseQuota(region) => {
                ctx.note(None, What::Ordered(command));
                self.system.fleets.regions[region.index()].quota = u32::MAX >> 1;
            }
        }
    }

    /// Whether a fault is in force.
    pub fn is_in_force(&self, fault: Fault) -> bool {
        self.system.faults.iter().any(|active| active.fault == fault)
    }

    fn inject(&mut self, ctx: &mut Context<'_>, fault: Fault) {
        if self.is_in_force(fault) {
            return;
        }
        let entry = ctx.note(None, What::FaultInjected(fault));
        self.system.faults.push(ActiveFault { fault, since: ctx.now, entry });
        self.open_incident(ctx, Command::Inject(fault), entry);
        let settings = &ctx.plan.scenario.faults;
        match fault {
            Fault::RegionDark(region) => self.darken_region(ctx, region, entry),
            Fault::ZonePower(zone) => self.darken_zone(ctx, zone, entry),
            Fault::ZoneGrey(zone) => self.system.zones_grey[zone.region.index()][zone.index as usize] = true,
            Fault::LinkCut(a, b) => {
                self.system.network.cut(ctx.now, a, b);
                self.system.network.cut(ctx.now, b, a);
            }
            Fault::LinkCutOneWay(from, to) => self.system.network.cut(ctx.now, from, to),
            Fault::LinkSlow(a, b) => self.system.network.slow(a, b, *settings.slow_factor),
            Fault::LinkLossy(a, b) => self.system.network.lose(a, b, *settings.loss),
            Fault::PrimaryDatabase(region) => self.lose_instance(ctx, region, entry),
            Fault::Capacity(region) => self.system.fleets.regions[region.index()].no_capacity = true,
            Fault::LoadSurge => self.system.clients.surge = *settings.surge_factor,
            Fault::BadDeploy(region) => self.system.fleets.regions[region.index()].bad_deploy = true,
            Fault::Corruption(region) => self.system.fleets.regions[region.index()].rubbish = true,
            Fault::MassDelete(region) => self.ruin(ctx, region, Content::Deleted, entry),
            Fault::Ransomware(region) => self.ransom(ctx, region, entry),
            // Whoever needs the control plane, or the way of the copies, asks whether it is there.
            Fault::DnsControlPlane | Fault::ControlPlane(_) | Fault::BackupCopy | Fault::FenceFails => {}
        }
    }

    pub(super) fn clear(&mut self, ctx: &mut Context<'_>, fault: Fault) {
        let Some(index) = self.system.faults.iter().position(|active| active.fault == fault) else { return };
        let active = self.system.faults.remove(index);
        ctx.note(Some(active.entry), What::FaultCleared(fault));
        let mine = |incident: &&mut Incident| incident.entry == active.entry;
        if let Some(incident) = self.observer.incidents.iter_mut().find(mine) {
            incident.cleared = Some(ctx.now);
        }
        match fault {
            Fault::RegionDark(region) => self.light_region(ctx, region),
            Fault::ZonePower(zone) => self.light_zone(ctx, zone),
            Fault::ZoneGrey(zone) => self.system.zones_grey[zone.region.index()][zone.index as usize] = false,
            Fault::LinkCut(a, b) => {
                self.system.network.mend(ctx.now, a, b);
                self.system.network.mend(ctx.now, b, a);
            }
            Fault::LinkCutOneWay(from, to) => self.system.network.mend(ctx.now, from, to),
            Fault::LinkSlow(a, b) => self.system.network.slow(a, b, 1.0),
            Fault::LinkLossy(a, b) => self.system.network.lose(a, b, *ctx.plan.scenario.network.loss),
            Fault::PrimaryDatabase(region) => self.repair_database(ctx, region),
            Fault::Capacity(region) => self.system.fleets.regions[region.index()].no_capacity = false,
            Fault::LoadSurge => self.system.clients.surge = 1.0,
            Fault::BadDeploy(region) => self.system.fleets.regions[region.index()].bad_deploy = false,
            Fault::Corruption(region) => self.system.fleets.regions[region.index()].rubbish = false,
            // What was done to the data stays done.
            Fault::MassDelete(_) | Fault::Ransomware(_) => {}
            Fault::DnsControlPlane | Fault::ControlPlane(_) | Fault::BackupCopy | Fault::FenceFails => {}
        }
    }

    /// Begins to measure what a fault, or an order, does.
    pub(super) fn open_incident(&mut self, ctx: &Context<'_>, trigger: Command, entry: EntryId) -> usize {
        let now_s = (ctx.now.micros() / 1_000_000) as usize;
        let before = |tally: &crate::observer::metrics::Tally| tally.served_share(now_s, WINDOW_S);
        let wanted =
            self.observer.metrics.tallies.iter().map(|tally| before(tally).unwrap_or(1.0).min(SERVED_SHARE));
        self.observer.incidents.push(Incident {
            trigger,
            entry,
            at: ctx.now,
            cleared: None,
            detected: None,
            decided: None,
            restored: None,
            rto: None,
            rpo: None,
            lost_writes: 0,
            unserved_s: 0.0,
            restored_to_us: None,
            steps: Vec::new(),
            wanted: wanted.collect(),
        });
        self.observer.incidents.len() - 1
    }

    fn darken_region(&mut self, ctx: &mut Context<'_>, region: RegionId, entry: EntryId) {
        self.system.dark[region.index()] = true;
        self.stop_servers(ctx, region, None, entry);
        self.system.databases[region.index()].go_dark();
        ctx.note(Some(entry), What::DatabaseLost(region));
    }

    fn light_region(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        self.system.dark[region.index()] = false;
        for zone in 0..ctx.plan.zones(region) {
            if !self.system.zones_dark[region.index()][zone as usize] {
                self.system.fleets.restart(ctx, region, Some(zone));
            }
        }
        self.repair_database(ctx, region);
        // Whoever was away when the roles changed is told now; an old primary has to be fenced first.
        let old = self.operations.recovery.to_be_fenced == Some(region);
        if !ctx.plan.writes_everywhere() && !old && region != self.system.acting {
            self.system.writers[region.index()] = self.system.writers[self.system.acting.index()];
        }
    }

    fn darken_zone(&mut self, ctx: &mut Context<'_>, zone: ZoneId, entry: EntryId) {
        self.system.zones_dark[zone.region.index()][zone.index as usize] = true;
        self.stop_servers(ctx, zone.region, Some(zone.index), entry);
        self.system.fleets.recheck(ctx, zone.region);
        self.begin_step_of(ctx, self.observer.incidents.len() - 1, StepName::ReplaceServers);
        let database = &mut self.system.databases[zone.region.index()];
        if database.standby_zone == zone.index {
            database.standby_ready = false;
            if database.status == Status::FailingOver {
                database.go_dark();
            }
        } else if database.zone == zone.index {
            self.lose_instance(ctx, zone.region, entry);
        }
    }

    fn light_zone(&mut self, ctx: &mut Context<'_>, zone: ZoneId) {
        self.system.zones_dark[zone.region.index()][zone.index as usize] = false;
        if !self.system.dark[zone.region.index()] {
            self.system.fleets.restart(ctx, zone.region, Some(zone.index));
            self.repair_database(ctx, zone.region);
        }
    }

    /// Servers have been replaced when as many as are wanted get requests again.
    pub(super) fn watch_replacements(&mut self, ctx: &mut Context<'_>) {
        for index in 0..self.observer.incidents.len() {
            let incident = &mut self.observer.incidents[index];
            let region = incident.fault().and_then(Fault::region);
            let (Some(region), Some(_)) = (region, incident.open_step(StepName::ReplaceServers)) else {
                continue;
            };
            // What Auto Scaling adds on top because the rest is overloaded is not a replacement.
            let own = ctx.plan.scenario.regions[region.index()].servers;
            let acting = if region == self.system.acting && region.0 > 0 {
                ctx.plan.scenario.recovery.servers
            } else {
                0
            };
            if self.system.fleets.serving(region) >= own.max(acting) as usize {
                self.end_step_of(ctx, index, StepName::ReplaceServers);
            }
        }
    }

    fn stop_servers(&mut self, ctx: &mut Context<'_>, region: RegionId, zone: Option<u8>, entry: EntryId) {
        let (count, jobs) = self.system.fleets.stop(region, zone);
        for job in jobs {
            self.system.jobs.remove(job);
        }
        if count > 0 {
            ctx.note(Some(entry), What::ServersLost { region, count });
        }
    }

    fn lose_instance(&mut self, ctx: &mut Context<'_>, region: RegionId, entry: EntryId) {
        let random = &mut self.operations.recovery.random;
        let database = &mut self.system.databases[region.index()];
        if database.status != Status::Up && database.status != Status::Restarting {
            return;
        }
        if database.lose_instance(ctx, random, Some(entry)) {
            self.note_detection(ctx.now, region);
            if let Some(incident) = self.observer.incidents.last_mut() {
                incident.steps.push(Step::begun(StepName::ZoneFailover, ctx.now));
            }
            ctx.note(Some(entry), What::StepBegan(StepName::ZoneFailover));
        }
    }

    pub(super) fn end_zone_failover(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let open = self
            .observer
            .incidents
            .iter_mut()
            .filter(|incident| incident.is_in(region))
            .find_map(|incident| incident.open_step(StepName::ZoneFailover));
        if let Some(step) = open {
            step.end = Some(ctx.now);
            ctx.note(None, What::StepEnded(StepName::ZoneFailover));
        }
    }

    /// What was broken in a region's database may be whole again: it restarts, and the standby is in step again.
    fn repair_database(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let zones = &self.system.zones_dark[region.index()];
        let instance_broken = self.is_in_force(Fault::PrimaryDatabase(region));
        let database = &mut self.system.databases[region.index()];
        let lit = |zone: u8| !zones[zone as usize];
        if self.system.dark[region.index()] {
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
}
