//! Data that is wrong: rubbish, deletion, ransom. Copies follow it as they follow everything; backups do not.

use crate::kernel::id::{EntryId, PopulationId, RegionId, WriteId};
use crate::model::Decider;
use crate::model::fault::Fault;
use crate::observer::incident::Incident;
use crate::operations::execution::{Course, Stage};
use crate::run::world::World;
use crate::system::context::Context;
use crate::system::database::Status;
use crate::system::database::{Database, Role};
use crate::system::journal::What;
use crate::system::version::Content;

impl World {
    /// Everything in a region's database is changed at once, where it takes writes.
    pub(super) fn ruin(&mut self, ctx: &mut Context<'_>, region: RegionId, content: Content, entry: EntryId) {
        let target = self.system.writers[region.index()].unwrap_or(region);
        if !self.system.databases[target.index()].writable() {
            return;
        }
        let keys = ctx.plan.scenario.database.keys as u16;
        let format = self.system.fleets.regions[target.index()].version;
        for key in 0..keys {
            self.put(ctx, key, target, (WriteId(0), PopulationId(0), 0), (content, format));
        }
        ctx.note(Some(entry), What::DataRuined { region: target, keys });
    }

    /// Everything is encrypted, and every backup deleted that no locked vault keeps.
    pub(super) fn ransom(&mut self, ctx: &mut Context<'_>, region: RegionId, entry: EntryId) {
        self.ruin(ctx, region, Content::Rubbish, entry);
        if !ctx.plan.scenario.backup.locked {
            let count = self.system.backups.wipe();
            ctx.note(Some(entry), What::BackupsDeleted(count));
        }
    }

    /// The first rubbish that a bad release writes is news; the rest is the same.
    pub(super) fn note_ruin(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        if self.system.databases[region.index()].corrupt_keys() == 0 {
            let cause = self.cause_in(region);
            ctx.note(cause, What::DataRuined { region, keys: 1 });
        }
    }

    /// The earliest fault whose ruin has not been undone, and its incident. That a bad release was taken back, or that
    /// whoever deleted is gone, does not bring the data back.
    pub(super) fn open_ruin(&self) -> Option<(Fault, usize)> {
        let ruined = |(index, incident): (usize, &Incident)| {
            let fault =
                incident.fault().filter(|fault| incident.restored.is_none() && self.is_ruined(*fault))?;
            Some((fault, index))
        };
        self.observer.incidents.iter().enumerate().find_map(ruined)
    }

    /// It is a fault that ruins data, and data is wrong or is still being made wrong.
    pub(super) fn is_ruined(&self, fault: Fault) -> bool {
        let serves = |role: Role| matches!(role, Role::Primary | Role::Promoting | Role::Rebuilding);
        let wrong = |db: &Database| serves(db.role) && db.corrupt_keys() > 0;
        let goes_on = matches!(fault, Fault::Corruption(_)) && self.is_in_force(fault);
        fault.kind().corrupts() && (goes_on || self.system.databases.iter().any(wrong))
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
