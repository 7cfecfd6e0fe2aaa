//! The runbook of a failover: detect, decide, fence, promote or restore in parallel with scale-out, move the clients,
//! validate. What a strategy lacks is made first (`building`), what no copy has comes from a backup (`restoring`).

use crate::kernel::id::{EntryId, RegionId};
use crate::model::fault::Command;
use crate::model::runbook::StepName;
use crate::model::{Cutover, Decider};
use crate::observer::incident::Step;
use crate::operations::execution::{Course, Stage};
use crate::run::world::World;
use crate::system::context::Context;
use crate::system::database::Role;
use crate::system::journal::What;
use crate::system::stream::Commit;

/// Lost writes that get an entry each; of more there is one entry with their number.
const NAMED_LOSSES: usize = 40;
/// Lost writes that are listed: a keyframe should not carry the hundred thousand of a restored backup.
const MOST_LISTED: usize = 512;

impl World {
    /// The health checks have found the region unhealthy that everything depends on.
    pub(super) fn on_verdict(&mut self, ctx: &mut Context<'_>, endpoint: RegionId) {
        let Some(incident) = self.incident_of(endpoint) else { return };
        let every = ctx.plan.writes_everywhere();
        if every {
            self.count_unseen(ctx, endpoint);
        }
        let settings = &ctx.plan.scenario.recovery;
        let is_home = |partition| {
            self.home(partition) == Some(endpoint) || self.newest_home(ctx.plan, partition) == endpoint
        };
        let rehomes = ctx.plan.has_homes() && settings.rehome && (0..ctx.plan.regions()).any(is_home);
        let wanted = if every {
            // The name servers send its clients to the others, which take their writes; only homes have to move.
            self.new_home(ctx, endpoint).filter(|_| rehomes).map(|to| (to, Course::Rehome))
        } else if endpoint == self.system.acting {
            self.recovery_region(ctx, endpoint).map(|to| (to, self.course_to(to)))
        } else {
            None
        };
        let free = self.operations.recovery.stage == Stage::Idle && settings.decider != Decider::Manual;
        let entry = self.system.route53.endpoints[endpoint.index()].entry;
        match wanted.filter(|_| free) {
            Some((to, course)) => self.begin_detected(ctx, incident, (endpoint, to), course, entry),
            None if every => self.note_detect_step(ctx, incident),
            None => {}
        }
    }

    /// The runbook begins with what the checks or an alarm have found.
    pub(super) fn begin_detected(
        &mut self,
        ctx: &mut Context<'_>,
        incident: usize,
        (from, to): (RegionId, RegionId),
        course: Course,
        entry: Option<EntryId>,
    ) {
        self.begin_run(ctx, incident, from, to, course);
        self.operations.recovery.entry = entry;
        self.note_detect_step(ctx, incident);
        self.escalate(ctx);
    }

    /// From the fault until now it took to notice.
    fn note_detect_step(&mut self, ctx: &Context<'_>, incident: usize) {
        let start = self.observer.incidents[incident].at;
        self.observer.incidents[incident].steps.push(Step::over(StepName::Detect, start, ctx.now));
    }

    /// Whoever decides hears of it.
    pub(super) fn escalate(&mut self, ctx: &mut Context<'_>) {
        match ctx.plan.scenario.recovery.decider {
            Decider::Automatic => self.declare(ctx),
            Decider::Person => self.begin_timed(ctx, StepName::Page, ctx.plan.scenario.recovery.page_s),
            Decider::Learner => self.begin_step(ctx, StepName::Decide),
            Decider::Manual => {}
        }
    }

    /// A copy that follows takes over; where none does, everything is made from a backup.
    pub(super) fn course_to(&self, to: RegionId) -> Course {
        if self.system.databases[to.index()].role == Role::Replica {
            Course::Promote
        } else {
            Course::Rebuild
        }
    }

    /// Where the work of a region can go: to the region whose copy follows, or where everything can be made.
    pub(super) fn recovery_region(&self, ctx: &Context<'_>, from: RegionId) -> Option<RegionId> {
        if !ctx.plan.scenario.strategy.follows() {
            return ctx.plan.region_ids().find(|region| *region != from);
        }
        let follows = |db: &&crate::system::database::Database| db.region != from && db.role == Role::Replica;
        self.system.databases.iter().find(follows).map(|database| database.region)
    }

    /// The incident that an unhealthy region belongs to: its own, else the newest that is not over.
    pub(super) fn incident_of(&self, region: RegionId) -> Option<usize> {
        let open = |index: &usize| self.observer.incidents[*index].restored.is_none();
        let all = || (0..self.observer.incidents.len()).rev();
        all()
            .filter(open)
            .find(|index| self.observer.incidents[*index].is_in(region))
            .or_else(|| all().find(open))
    }

    pub(super) fn begin_run(
        &mut self,
        ctx: &Context<'_>,
        incident: usize,
        from: RegionId,
        to: RegionId,
        course: Course,
    ) {
        let recovery = &mut self.operations.recovery;
        recovery.turn += 1;
        recovery.stage = Stage::Deciding;
        recovery.incident = incident;
        recovery.from = from;
        recovery.to = to;
        recovery.promoting = false;
        recovery.changing_record = false;
        recovery.course = course;
        recovery.point = None;
        recovery.wanted_us = None;
        recovery.timed.clear();
        debug_assert!(
            from != to || course == Course::Restore,
            "{:?}: work does not move to where it is",
            ctx.now
        );
    }

    /// Someone orders a failover, whoever is meant to decide.
    pub(super) fn order_fail_over(&mut self, ctx: &mut Context<'_>, to: RegionId) {
        let command = Command::FailOver(to);
        let course = self.course_to(to);
        let follows = ctx.plan.scenario.strategy.follows();
        let possible = to != self.system.acting && (course == Course::Promote || !follows);
        if !possible || !matches!(self.operations.recovery.stage, Stage::Idle | Stage::Deciding) {
            ctx.note(None, What::OrderRefused(command));
            return;
        }
        let entry = ctx.note(self.system.cause_in(self.system.acting), What::Ordered(command));
        // Whoever was deciding about something else, a restore, is overruled.
        if self.operations.recovery.stage == Stage::Idle
            || self.operations.recovery.course != course
            || self.operations.recovery.to != to
        {
            self.end_deciding(ctx);
            let incident = self.incident_of(self.system.acting);
            let incident = incident.unwrap_or_else(|| self.open_incident(ctx, command, entry));
            self.begin_run(ctx, incident, self.system.acting, to, course);
        }
        self.operations.recovery.entry = Some(entry);
        self.declare(ctx);
    }

    /// The person who was paged decides now.
    pub(super) fn order_decision(&mut self, ctx: &mut Context<'_>) {
        if self.operations.recovery.stage == Stage::Deciding {
            self.operations.recovery.entry =
                Some(ctx.note(self.operations.recovery.entry, What::Ordered(Command::Decide)));
            self.declare(ctx);
        } else {
            ctx.note(None, What::OrderRefused(Command::Decide));
        }
    }

    /// Nobody has to decide any more.
    pub(super) fn end_deciding(&mut self, ctx: &mut Context<'_>) {
        for waiting in [StepName::Page, StepName::Triage, StepName::Decide] {
            self.end_step(ctx, waiting);
        }
    }

    /// The disaster is declared: fence the old primary, and scale out at the same time.
    pub(super) fn declare(&mut self, ctx: &mut Context<'_>) {
        self.end_deciding(ctx);
        self.operations.recovery.stage = Stage::FailingOver;
        self.observer.incidents[self.operations.recovery.incident].decided.get_or_insert(ctx.now);
        let to = self.operations.recovery.to;
        if self.operations.recovery.course == Course::Restore {
            self.begin_restore(ctx);
            return;
        }
        if self.operations.recovery.course == Course::Rehome {
            self.begin_timed(ctx, StepName::Rehome, ctx.plan.scenario.recovery.rehome_s);
            return;
        }
        let settings = &ctx.plan.scenario.recovery;
        let mut draws = self.operations.recovery.span(ctx, StepName::Fence);
        let span = draws.between(settings.fence_min_s, settings.fence_max_s);
        self.begin_timed(ctx, StepName::Fence, span);
        if self.system.is_built(to) {
            self.begin_scale_out(ctx, to);
        } else {
            self.begin_step(ctx, StepName::BuildNetwork);
        }
        if self.operations.recovery.course == Course::Rebuild {
            self.begin_step(ctx, StepName::FetchBackup);
        }
    }

    /// A timed step of the current run is over.
    pub(super) fn on_step_done(&mut self, ctx: &mut Context<'_>, step: StepName, turn: u32) {
        if turn != self.operations.recovery.turn {
            return;
        }
        let settings = &ctx.plan.scenario.recovery;
        match step {
            StepName::Page if self.end_step(ctx, step) => {
                self.begin_timed(ctx, StepName::Triage, settings.triage_s);
            }
            StepName::Triage if self.end_step(ctx, step) => {
                self.begin_timed(ctx, StepName::Decide, settings.decide_s + settings.hesitation_s);
            }
            StepName::Decide if self.end_step(ctx, step) => self.decide(ctx),
            StepName::Fence => self.on_fenced(ctx),
            StepName::Promote => self.on_promoted(ctx),
            StepName::ChangeRecord | StepName::Pin => {
                self.on_record_changed(ctx, step, Some(self.operations.recovery.to));
            }
            StepName::ReturnRecord => self.on_record_changed(ctx, step, None),
            StepName::Validate => self.on_validated(ctx),
            StepName::BuildNetwork => self.on_network_built(ctx),
            StepName::CopyImage => self.on_image_copied(ctx),
            StepName::FetchBackup => self.on_backup_fetched(ctx),
            StepName::Restore => self.on_restored(ctx),
            StepName::Refill => self.on_refilled(ctx),
            StepName::Rollback => self.on_rolled_back(ctx),
            StepName::Deploy => self.on_deployed(ctx),
            StepName::Rejoin => self.on_rejoined(ctx),
            StepName::SetAside => self.on_set_aside(ctx),
            StepName::Rebuild => self.on_rebuilt(ctx),
            StepName::Switchover => self.on_switchover(ctx),
            StepName::Rehome => self.on_rehomed(ctx),
            // Ended early by an order, or ended by a condition and not by a timer.
            StepName::Page
            | StepName::Triage
            | StepName::Decide
            | StepName::Detect
            | StepName::ScaleOut
            | StepName::Cutover
            | StepName::ZoneFailover
            | StepName::ReplaceServers
            | StepName::LoadBlocks
            | StepName::HandOver
            | StepName::CatchUp => {}
        }
    }

    /// The synthetic requests are through. What they cannot read needs another version of the application.
    fn on_validated(&mut self, ctx: &mut Context<'_>) {
        self.end_step(ctx, StepName::Validate);
        if self.needs_deployment() {
            self.begin_step(ctx, StepName::Deploy);
            return;
        }
        let home = self.operations.recovery.course == Course::Restore && self.system.acting == RegionId(0);
        self.operations.recovery.stage = if home { Stage::Idle } else { Stage::Over };
    }

    /// A region passes its health checks again and its database takes writes.
    fn has_come_back(&self, region: RegionId) -> bool {
        self.system.route53.endpoints[region.index()].healthy
            && self.system.databases[region.index()].writable()
    }

    /// The person has made up their mind: to declare, unless the region has come back meanwhile.
    fn decide(&mut self, ctx: &mut Context<'_>) {
        if self.operations.recovery.course == Course::Restore {
            self.declare(ctx);
        } else if self.has_come_back(self.operations.recovery.from) {
            self.operations.recovery.stage = Stage::Idle;
        } else {
            self.declare(ctx);
        }
    }

    /// Acknowledged writes did not survive: each is named, up to a number, and the recovery point moves back.
    pub(super) fn count_lost(&mut self, ctx: &mut Context<'_>, lost: &[Commit]) {
        let cause = self.operations.recovery.entry;
        for commit in lost.iter().take(NAMED_LOSSES) {
            ctx.note(cause, What::WriteLost(commit.write));
        }
        if lost.len() > NAMED_LOSSES {
            ctx.note(cause, What::MoreWritesLost((lost.len() - NAMED_LOSSES) as u32));
        }
        let incident = &mut self.observer.incidents[self.operations.recovery.incident];
        incident.lost_writes += lost.len() as u32;
        if let Some(first) = lost.iter().map(|commit| commit.at).min() {
            let age = incident.at.since(first);
            incident.rpo = Some(incident.rpo.unwrap_or_default().max(age));
        }
        self.operations.recovery.lost_writes += lost.len() as u64;
        let room = MOST_LISTED.saturating_sub(self.operations.recovery.lost.len());
        self.operations.recovery.lost.extend(lost.iter().take(room));
    }

    /// What has no timer: conditions that steps wait for.
    pub(super) fn watch_recovery(&mut self, ctx: &mut Context<'_>) {
        self.fence_if_reachable(ctx);
        self.watch_movement(ctx);
        let to = self.operations.recovery.to;
        match self.operations.recovery.stage {
            Stage::FailingOver
                if matches!(self.operations.recovery.course, Course::MoveHome(_) | Course::Rehome) =>
            {
                self.watch_handover(ctx);
            }
            Stage::FailingOver => {
                if self.is_open(StepName::Promote) {
                    self.try_promotion(ctx);
                }
                self.watch_network(ctx, to);
                self.watch_scale_out(ctx, to);
                self.watch_restore(ctx);
                self.call_off_if_back(ctx);
                self.try_record_change(ctx);
                let closed = self.closed(to);
                let deploy_s = ctx.plan.scenario.recovery.deploy_s;
                self.start_when_free(ctx, StepName::Deploy, closed, |_| *deploy_s);
                if self.is_done(ctx, to)
                    && !self.is_open(StepName::Validate)
                    && !self.is_open(StepName::Deploy)
                {
                    let settings = &ctx.plan.scenario.recovery;
                    let span = self
                        .operations
                        .recovery
                        .span(ctx, StepName::Validate)
                        .between(settings.validate_min_s, settings.validate_max_s);
                    self.begin_timed(ctx, StepName::Validate, span);
                }
            }
            Stage::Over | Stage::FailingBack => {
                self.try_record_change(ctx);
                self.rejoin_if_possible(ctx);
                if self.operations.recovery.stage == Stage::FailingBack {
                    self.watch_failback(ctx);
                }
            }
            Stage::Idle | Stage::Deciding => {}
        }
    }

    /// Everything is there that synthetic requests can be tried against.
    fn is_done(&self, ctx: &Context<'_>, to: RegionId) -> bool {
        let named = self.operations.recovery.course != Course::Rebuild
            || ctx.plan.scenario.recovery.cutover == Cutover::HealthCheck
            || self.system.route53.pinned == Some(to);
        let restored = self.operations.recovery.course == Course::Promote
            || self.observer.incidents[self.operations.recovery.incident].restored_to_us.is_some();
        let steps = [StepName::ScaleOut, StepName::BuildNetwork, StepName::Restore, StepName::FetchBackup];
        let waits = steps.into_iter().any(|step| self.is_open(step));
        (self.system.acting == to || self.operations.recovery.course == Course::Restore)
            && restored
            && named
            && !waits
    }
}
