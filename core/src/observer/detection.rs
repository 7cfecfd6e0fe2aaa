//! Detection, and steps that belong to no run: what machines and clients do by themselves.

use super::Observer;
use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId, ZoneId};
use crate::model::command::Command;
use crate::model::inside::Inside;
use crate::model::runbook::StepName;
use crate::observer::incident::{Incident, Step};
use crate::system::System;
use crate::system::context::Context;
use crate::system::journal::What;

impl Observer {
    /// The system has noticed that something is wrong in a region.
    pub(super) fn note_detection(&mut self, now: SimTime, region: RegionId) {
        for incident in &mut self.incidents {
            debug_assert!(incident.at <= now, "nothing is noticed before it happens");
            if incident.is_in(region) && incident.cleared.is_none() {
                incident.detected.get_or_insert(now);
            }
        }
    }

    /// Somebody was paged because of a region: what has hurt somebody there is noticed.
    pub(super) fn on_paged(&mut self, now: SimTime, region: RegionId, on: bool) {
        let rollout = |incident: &Incident| matches!(incident.command(), Some(Command::Deploy(_)));
        let about = |incident: &Incident| incident.is_in(region) || (incident.open && rollout(incident));
        let hurts = |incident: &&mut Incident| on && about(incident) && incident.failed > 0;
        for incident in self.incidents.iter_mut().filter(hurts) {
            debug_assert!(incident.at <= now, "nothing is noticed before it happens");
            if incident.cleared.is_none() {
                incident.detected.get_or_insert(now);
            }
        }
    }

    /// Books the time from the fault to its detection as a step, once.
    pub(super) fn note_detect_step(&mut self, now: SimTime, incident: usize) {
        let incident = &mut self.incidents[incident];
        let step = Step::over(StepName::Detect, incident.at, now);
        debug_assert!(step.start <= now, "nothing is noticed before it happens");
        if incident.steps.last() != Some(&step) {
            incident.steps.push(step);
        }
    }

    /// Health checks have found a region unhealthy. If all regions take writes that is noticed though no run begins. Their
    /// verdict makes no write go missing.
    pub(super) fn on_unhealthy(&mut self, ctx: &Context<'_>, region: RegionId) {
        self.note_detection(ctx.now, region);
        if ctx.plan.writes_everywhere()
            && let Some(incident) = self.open_incident_of(region)
        {
            self.note_detect_step(ctx.now, incident);
        }
    }

    /// A step begins that belongs to what has just happened, and to no run. Its cause is that if no other is given.
    pub(super) fn begin_own_step(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        name: StepName,
        cause: Option<EntryId>,
    ) {
        debug_assert!(!self.incidents.is_empty(), "something has happened");
        let own = cause.and_then(|cause| self.incident_of(ctx, Some(cause)));
        let index = own.or_else(|| self.incidents.len().checked_sub(1));
        if let Some(incident) = index.map(|index| &mut self.incidents[index]) {
            incident.steps.push(Step::begun(name, ctx.now));
            let cause = cause.or(system.control.entry).or(Some(incident.entry));
            ctx.note(cause, What::StepBegan(name));
        }
    }

    /// Another instance of a region's database begins to take the place of the one that is lost.
    pub(super) fn on_replacement(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        region: RegionId,
        entry: EntryId,
    ) {
        if system.databases[region.index()].inside != Inside::Alone {
            self.begin_own_step(ctx, system, StepName::ZoneFailover, Some(entry));
            return;
        }
        // Somebody may order it long after the region lost its own: other incidents may have begun meanwhile.
        if let Some(incident) = self.incidents.iter_mut().rev().find(|incident| incident.is_in(region)) {
            incident.steps.push(Step::begun(StepName::NewInstance, ctx.now));
            ctx.note(Some(entry), What::StepBegan(StepName::NewInstance));
        }
    }

    /// A zone lost its power: its servers are replaced until as many serve as were wanted before.
    pub(super) fn on_zone_lost(&mut self, ctx: &mut Context<'_>, system: &System, zone: ZoneId) {
        self.begin_own_step(ctx, system, StepName::ReplaceServers, None);
        let wanted = usize::from(system.fleets.regions[zone.region.index()].desired);
        debug_assert!(!self.incidents.is_empty(), "a zone is lost by a fault");
        self.replacing.push((self.incidents.len().saturating_sub(1), zone.region, wanted));
    }

    /// A database answers again: a failover to its standby is over. An old primary may not know yet that it was replaced.
    pub(super) fn on_database_ready(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        region: RegionId,
    ) -> Option<EntryId> {
        let now = ctx.now;
        for incident in &mut self.incidents {
            // What was ordered is over, unless standbys are still being changed before one takes over.
            let waits = system.databases[region.index()].is_being_changed();
            if incident.is_in(region) && incident.fault().is_none() && !waits {
                incident.cleared.get_or_insert(now);
            }
        }
        let mut own = self.incidents.iter_mut().filter(|incident| incident.is_in(region));
        if own.any(|incident| incident.end_step(StepName::ZoneFailover, now)) {
            ctx.note(None, What::StepEnded(StepName::ZoneFailover));
        }
        let mut made = false;
        for incident in self.incidents.iter_mut().filter(|incident| incident.is_in(region)) {
            while incident.end_step(StepName::NewInstance, now) {
                made = true;
            }
        }
        if made {
            ctx.note(None, What::StepEnded(StepName::NewInstance));
        }
        let replaced = system.ownership.primary() != region && system.databases[region.index()].is_primary();
        if !(replaced || system.is_unaware(ctx.plan, region)) || ctx.plan.writes_everywhere() {
            return None;
        }
        let stranded = self.losses.stranded_writes() as u32;
        Some(ctx.note(ctx.cause(), What::OldPrimaryReturned { region, stranded }))
    }

    /// Clients begin to leave a region. Returns the journal's line; none if nothing has ever happened that could be why.
    pub(super) fn on_movement(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        from: RegionId,
        run: Option<u32>,
    ) -> Option<EntryId> {
        debug_assert!(self.moving.is_none(), "one movement at a time");
        let own = self.incidents.iter().rposition(|incident| incident.is_in(from));
        let incident = run.map_or(own, |run| self.incident_of_run(run));
        let index = incident.or_else(|| self.incidents.len().checked_sub(1))?;
        let incident = &mut self.incidents[index];
        incident.steps.push(Step::begun(StepName::Cutover, ctx.now));
        self.moving = Some(index);
        let cause = system.control.entry.or(Some(incident.entry));
        Some(ctx.note(cause, What::StepBegan(StepName::Cutover)))
    }

    /// The clients have moved. If the answer has changed again before that, the journal does not say that they have.
    pub(super) fn on_movement_ended(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        whole: bool,
    ) -> Option<EntryId> {
        let incident = self.moving.take()?;
        let ended = self.incidents[incident].end_step(StepName::Cutover, ctx.now);
        debug_assert!(ended, "a movement that ends was open");
        whole.then(|| ctx.note(system.control.entry, What::StepEnded(StepName::Cutover)))
    }

    /// A second has passed: servers have been replaced if as many get requests again as were wanted when they died.
    pub fn watch_replacements(&mut self, ctx: &mut Context<'_>, system: &System) {
        let mut replacing = std::mem::take(&mut self.replacing);
        replacing.retain(|(incident, region, wanted)| {
            let desired = usize::from(system.fleets.regions[region.index()].desired);
            let waits = system.fleets.serving(*region) < desired.min(*wanted);
            if !waits && self.incidents[*incident].end_step(StepName::ReplaceServers, ctx.now) {
                ctx.note(system.control.entry, What::StepEnded(StepName::ReplaceServers));
            }
            waits
        });
        debug_assert!(replacing.iter().all(|(_, _, wanted)| *wanted > 0), "somebody was there before");
        self.replacing = replacing;
    }
}
