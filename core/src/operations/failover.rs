//! The runbook of a failover: fence, then promote or restore, with scale-out in parallel; move the clients; validate. What
//! the recovery region lacks is built first, and if no copy follows the data come from a backup.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId};
use crate::model::fault::Command;
use crate::model::runbook::{Obstacle, StepName};
use crate::model::{Cutover, Decider, RoutingPolicy};
use crate::operations::Operations;
use crate::operations::execution::{Course, Stage};
use crate::operations::on_call::course_to;
use crate::system::System;
use crate::system::context::Context;
use crate::system::event::OnCallTimer;
use crate::system::journal::What;
use crate::system::occurrence::{Beginning, Occurrence, RunEvent};

/// A region that answers has heard of a fence within a second.
const FENCE_HEARD_S: f64 = 1.0;
/// For so many seconds on end the canary has to get through.
const PASSES_S: usize = 60;
/// At least this share of those who came has to be served in that time: the objective.
const PASSES_SHARE: f64 = 0.99;

impl Operations {
    /// A failover is ordered: it acts at once, even if somebody else is meant to decide.
    pub(super) fn order_fail_over(&mut self, ctx: &mut Context<'_>, system: &mut System, to: RegionId) {
        let command = Command::FailOver(to);
        let course = course_to(system, to);
        let follow = ctx.plan.blueprint.copies_follow();
        let possible = to != system.ownership.primary() && (course == Course::Promote || !follow);
        let free =
            matches!(self.recovery.stage, Stage::Idle | Stage::Deciding | Stage::Over) || self.recovery.tried;
        if !possible || !free {
            ctx.note(None, What::OrderRefused(command));
            return;
        }
        let entry = ctx.note(None, What::Ordered(command));
        if self.recovery.tried {
            self.abandon(ctx, system);
        }
        // A decision about something else that is under way, such as a restore, is overruled.
        if self.recovery.stage != Stage::Deciding || self.recovery.course != course || self.recovery.to != to
        {
            self.end_deciding(ctx, system);
            let beginning = Beginning {
                command: Some(command),
                from: system.ownership.primary(),
                to,
                about: None,
                entry,
            };
            self.begin_run(ctx, system, beginning, course);
        }
        system.follow(Some(entry));
        self.declare(ctx, system);
    }

    /// The disaster is declared: fence the old primary, and scale out at the same time.
    pub(super) fn declare(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        self.end_deciding(ctx, system);
        self.begin_to_act(ctx, Stage::FailingOver);
        let (to, settings) = (self.recovery.to, &ctx.plan.scenario.recovery);
        match self.recovery.course {
            Course::Restore => {
                self.begin_restore(ctx, system);
                return;
            }
            Course::Rehome => {
                self.begin_timed(ctx, system, StepName::Rehome, *settings.rehome_s);
                return;
            }
            Course::Promote | Course::Rebuild | Course::MoveHome(_) => {}
        }
        let span =
            self.recovery.span(ctx, StepName::Fence).between(settings.fence_min_s, settings.fence_max_s);
        self.begin_timed(ctx, system, StepName::Fence, span);
        if system.is_built(to) {
            self.begin_scale_out(ctx, system, to);
        } else {
            self.begin_step(ctx, system, StepName::BuildNetwork);
        }
        if self.recovery.course == Course::Rebuild {
            self.begin_step(ctx, system, StepName::FetchBackup);
        }
    }

    /// The time of the fence is over: the order to stop writing leaves, and each region obeys when it has heard it.
    pub(super) fn on_fence_time(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        debug_assert!(self.is_open(StepName::Fence), "a fence ends that had begun");
        system.fence(ctx, self.recovery.from);
        self.recovery.fenced_at = ctx.now;
        self.end_step(ctx, system, StepName::Fence);
        if self.recovery.course == Course::Promote {
            self.begin_step(ctx, system, StepName::Promote);
            self.try_promotion(ctx, system);
        }
    }

    /// Promotion begins if there is a copy to be promoted; else it waits.
    fn try_promotion(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        let to = self.recovery.to;
        if self.recovery.promoting {
            if !system.dark[to.index()] {
                self.block(ctx, system, StepName::Promote, None);
            }
            return;
        }
        // What the old primary takes until it has heard of the fence would be lost, if it is there to hear of it.
        let (from, since) = (self.recovery.from, self.recovery.fenced_at);
        let hears = system.route53.endpoints[from.index()].healthy;
        if hears && system.ownership.awaits(from) && ctx.now.since(since).secs() < FENCE_HEARD_S {
            return;
        }
        let obstacle = if self.recovery.behind {
            system.closed(to).or((!system.answers(to)).then_some(Obstacle::NoReplica(to)))
        } else {
            system.promotion_obstacle(to).or_else(|| self.too_far_behind(ctx, system, to))
        };
        if matches!(obstacle, Some(Obstacle::Decision(_))) {
            self.ask(ctx, system, to);
        }
        let drains = || system.is_draining(to).then_some(Obstacle::Behind(to));
        if self.block(ctx, system, StepName::Promote, obstacle.or_else(drains)) {
            return;
        }
        system.begin_promotion(to);
        self.recovery.promoting = true;
        let settings = &ctx.plan.scenario.recovery;
        let (least, typical, most) =
            (settings.promote_min_s, settings.promote_typical_s, settings.promote_max_s);
        let span = self.recovery.span(ctx, StepName::Promote).triangular(least, typical, most);
        debug_assert!((least..=most).contains(&span), "a promotion takes between least and most");
        let run = self.recovery.run;
        ctx.after_s(span - settings.promote_restart_s.min(span), OnCallTimer::PromotionRestart(run));
        ctx.after_s(span, OnCallTimer::StepDone(StepName::Promote, run));
    }

    /// The promotion reaches its restart: the copy cannot be read any more.
    pub(super) fn on_promotion_restart(&mut self, system: &mut System, run: u32) {
        debug_assert!(run <= self.recovery.run, "no timer comes from a later run");
        if run == self.recovery.run && self.recovery.promoting {
            system.restart_for_promotion(self.recovery.to);
        }
    }

    /// No runbook promotes a copy by itself that lacks more than a little: a person is asked.
    fn too_far_behind(&self, ctx: &Context<'_>, system: &System, to: RegionId) -> Option<Obstacle> {
        let settings = &ctx.plan.scenario.recovery;
        let unasked = self.recovery.ordered || settings.decider != Decider::Automatic;
        let level = system.stream_to(to).map_or(SimTime::ZERO, |stream| stream.level);
        let behind_s = self.recovery.alive_at.since(level.min(self.recovery.alive_at)).secs();
        debug_assert!(behind_s >= 0.0, "a copy is not ahead");
        (!unasked && behind_s > *settings.promote_lag_s).then_some(Obstacle::Decision(to))
    }

    /// The time of the promotion is over. If the copy failed meanwhile, the promotion begins again when it is back.
    pub(super) fn on_promotion_time(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        debug_assert!(self.recovery.promoting, "a promotion ends that had begun");
        self.recovery.promoting = false;
        if !system.promote(ctx, self.recovery.from, self.recovery.to) {
            self.try_promotion(ctx, system);
        }
    }

    /// There is a new primary: the old streams are of no use any more, and clients can come.
    pub(super) fn on_promoted(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        (from, to): (RegionId, RegionId),
        told: Option<EntryId>,
    ) {
        debug_assert_ne!(from, to, "a promotion goes to another region than it leaves");
        system.follow(told);
        system.disconnect(ctx);
        self.end_step(ctx, system, StepName::Promote);
        self.begin_filling(ctx, system, to);
        let settings = &ctx.plan.scenario.recovery;
        if settings.cutover == Cutover::RecordChange {
            self.begin_step(ctx, system, StepName::ChangeRecord);
        } else if settings.pin && ctx.plan.scenario.dns.policy == RoutingPolicy::Failover {
            self.begin_step(ctx, system, StepName::Pin);
        }
    }

    /// A second has passed: conditions that steps wait for.
    pub fn watch_recovery(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        self.watch_movement(ctx, system);
        self.interrupt(ctx, system, self.recovery.to);
        self.watch_copies(ctx, system);
        match (self.recovery.stage, self.recovery.course) {
            (Stage::FailingOver, Course::MoveHome(_) | Course::Rehome) => self.watch_handover(ctx, system),
            (Stage::FailingOver, Course::Promote | Course::Rebuild | Course::Restore) => {
                self.watch_failover(ctx, system);
            }
            (Stage::Over, _) => {
                self.try_record_change(ctx, system);
                self.rejoin_if_possible(ctx, system);
            }
            (Stage::FailingBack, _) => {
                self.try_record_change(ctx, system);
                self.rejoin_if_possible(ctx, system);
                self.watch_failback(ctx, system);
            }
            (Stage::Idle | Stage::Deciding, _) => {}
        }
    }

    fn watch_failover(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        let to = self.recovery.to;
        if self.is_open(StepName::Promote) {
            self.try_promotion(ctx, system);
        }
        self.watch_network(ctx, system, to);
        self.watch_scale_out(ctx, system, to);
        self.watch_restore(ctx, system);
        self.call_off_if_back(ctx, system);
        self.try_record_change(ctx, system);
        let closed = system.closed(to);
        let deploy_s = ctx.plan.scenario.recovery.deploy_s;
        self.start_when_free(ctx, system, StepName::Deploy, closed, || *deploy_s);
        if self.recovery.tried {
            self.pass_validation(ctx, system);
        }
        let validates = self.is_open(StepName::Validate) || self.is_open(StepName::Deploy);
        if self.is_done(ctx, system) && !validates {
            let settings = &ctx.plan.scenario.recovery;
            let mut draws = self.recovery.span(ctx, StepName::Validate);
            let span = draws.between(settings.validate_min_s, settings.validate_max_s);
            self.begin_timed(ctx, system, StepName::Validate, span);
        }
    }

    /// Whether all is there that validation needs: the primary, data, servers, and the record.
    fn is_done(&self, ctx: &Context<'_>, system: &System) -> bool {
        let (to, course) = (self.recovery.to, self.recovery.course);
        let named = course != Course::Rebuild
            || ctx.plan.scenario.recovery.cutover == Cutover::HealthCheck
            || system.route53.pinned == Some(to);
        let restored = course == Course::Promote || self.recovery.restored;
        let steps = [StepName::ScaleOut, StepName::BuildNetwork, StepName::Restore, StepName::FetchBackup];
        let waits = steps.into_iter().any(|step| self.is_open(step));
        (system.ownership.primary() == to || course == Course::Restore) && restored && named && !waits
    }

    /// Validation is over. If it found data that the servers cannot read, a newer version is deployed first.
    pub(super) fn on_validated(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        debug_assert!(self.is_open(StepName::Validate), "what is through was tried");
        if system.needs_deployment(self.recovery.to) {
            self.end_step(ctx, system, StepName::Validate);
            self.begin_step(ctx, system, StepName::Deploy);
            return;
        }
        self.recovery.tried = true;
        self.pass_validation(ctx, system);
    }

    /// Validation passes once the canary has got through for a minute, and as many of those who came have been served.
    fn pass_validation(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        debug_assert!(self.is_open(StepName::Validate), "what passes was tried");
        let well =
            system.canary.well_since.is_some_and(|since| ctx.now.since(since).secs() >= PASSES_S as f64);
        let answered = &system.fleets.regions[self.recovery.to.index()].answered;
        let share = answered.served_share((ctx.now.micros() / 1_000_000) as usize, PASSES_S);
        let served = share.is_none_or(|share| share >= PASSES_SHARE);
        let obstacle = match (served, well) {
            (false, _) => Some(Obstacle::Unserved(self.recovery.to)),
            (true, false) => Some(Obstacle::Canary),
            (true, true) => None,
        };
        if self.block(ctx, system, StepName::Validate, obstacle) {
            return;
        }
        self.recovery.tried = false;
        ctx.tell(Occurrence::Run(self.recovery.run, RunEvent::Validated));
        self.end_step(ctx, system, StepName::Validate);
        let home = self.recovery.course == Course::Restore
            && system.ownership.primary() == ctx.plan.blueprint.primary();
        self.end_run(ctx, if home { Stage::Idle } else { Stage::Over });
    }
}
