//! Data that is wrong: rubbish, deletion, ransom. Copies follow it as they follow everything; backups do not.

use crate::kernel::id::RegionId;
use crate::model::Decider;
use crate::model::fault::Fault;
use crate::observer::incident::Incident;
use crate::operations::execution::{Course, Stage};
use crate::run::world::World;
use crate::system::context::Context;
use crate::system::database::Status;

impl World {
    /// The earliest fault whose ruin has not been undone, and its incident. That a bad release was taken back, or that
    /// whoever deleted is gone, does not bring the data back.
    pub(super) fn open_ruin(&self) -> Option<(Fault, usize)> {
        let ruined = |(index, incident): (usize, &Incident)| {
            let fault = incident
                .fault()
                .filter(|fault| incident.restored.is_none() && self.system.is_ruined(*fault))?;
            Some((fault, index))
        };
        self.observer.incidents.iter().enumerate().find_map(ruined)
    }

    /// A database that has stopped for good, though its region still answers: who takes over, and for which incident.
    fn stopped(&self, ctx: &Context<'_>) -> Option<(RegionId, Course, usize)> {
        let region = self.system.acting;
        let stopped = !ctx.plan.writes_everywhere() && !self.system.dark[region.index()];
        if !stopped || self.system.databases[region.index()].status != Status::Down {
            return None;
        }
        let to = self.recovery_region(ctx, region)?;
        Some((to, self.course_to(to), self.incident_of(region)?))
    }

    /// No health check looks at data. What notices is the alarm on failing requests; then someone has to find out whether
    /// a failover would help: not where the copies have the same rubbish, but where the database is gone.
    pub(super) fn watch_data(&mut self, ctx: &mut Context<'_>) {
        let failing = self.observer.metrics.tallies.iter().any(|tally| tally.hurt);
        let settings = &ctx.plan.scenario.recovery;
        let ruined = self.open_ruin().map(|(fault, incident)| {
            let region = fault
                .region()
                .and_then(|region| self.system.writers[region.index()])
                .unwrap_or(self.system.acting);
            (region, Course::Restore, incident)
        });
        let wanted = match self.operations.recovery.stage {
            Stage::Idle => ruined.or_else(|| self.stopped(ctx)),
            Stage::Over => ruined,
            Stage::Deciding | Stage::FailingOver | Stage::FailingBack => None,
        };
        let Some((to, course, incident)) = wanted.filter(|_| failing) else {
            self.operations.recovery.failing_since = None;
            return;
        };
        let since = *self.operations.recovery.failing_since.get_or_insert(ctx.now);
        if ctx.now.since(since).secs() < settings.alarm_s || settings.decider == Decider::Manual {
            return;
        }
        self.operations.recovery.failing_since = None;
        self.observer.incidents[incident].detected.get_or_insert(ctx.now);
        let from = if course == Course::Restore { to } else { self.system.acting };
        let entry = Some(self.observer.incidents[incident].entry);
        self.begin_detected(ctx, incident, (from, to), course, entry);
    }
}
