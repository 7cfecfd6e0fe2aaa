//! Commands: faults come and go, and what that does at once to what is there.

use crate::kernel::id::{EntryId, RegionId};
use crate::model::fault::{Command, Fault};
use crate::model::runbook::StepName;
use crate::observer::incident::Incident;
use crate::observer::metrics::{SERVED_SHARE, WINDOW_S};
use crate::run::world::World;
use crate::system::context::Context;
use crate::system::journal::What;

impl World {
    /// Does what a person or the script wants.
    pub fn obey(&mut self, ctx: &mut Context<'_>, command: Command) {
        match command {
            Command::Inject(fault) => self.system.inject(ctx, fault),
            Command::Clear(fault) => self.system.clear(ctx, fault),
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
                self.system.stage_write(ctx, population, key);
            }
            Command::RaiseQuota(region) => {
                ctx.note(None, What::Ordered(command));
                self.system.fleets.regions[region.index()].quota = u32::MAX >> 1;
            }
        }
    }

    /// Begins to measure what a fault, or an order, does.
    pub(super) fn open_incident(&mut self, ctx: &Context<'_>, trigger: Command, entry: EntryId) -> usize {
        let now_s = (ctx.now.micros() / 1_000_000) as usize;
        let before = |tally: &crate::observer::metrics::Tally| tally.served_share(now_s, WINDOW_S);
        let wanted =
            self.observer.metrics.tallies.iter().map(|tally| before(tally).unwrap_or(1.0).min(SERVED_SHARE));
        if self.observer.incidents.is_empty() {
            self.observer.metrics.usage.meters = self.system.meters;
        }
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
}
