//! What a failover does: promote a copy, unless that is too far behind, and see whether clients fare well afterwards.

use crate::kernel::id::{EntryId, RegionId};
use crate::model::Decider;
use crate::model::obstacle::Obstacle;
use crate::model::runbook::{Action, When};
use crate::operations::Operations;
use crate::operations::execution::Task;
use crate::operations::interpreter::Next;
use crate::system::System;
use crate::system::context::Context;
use crate::system::control_call::Asks;
use crate::system::event::OnCallTimer;
use crate::system::journal::What;
use crate::system::occurrence::{Occurrence, RunEvent};

/// A region that answers has heard of a fence within a second.
const FENCE_HEARD_S: f64 = 1.0;
/// For so many seconds on end the canary has to get through.
const PASSES_S: usize = 60;
/// At least this share of those who came has to be served in that time: the objective.
const PASSES_SHARE: f64 = 0.99;

impl Operations {
    /// Promotion begins if there is a copy to be promoted that is not too far behind.
    pub(super) fn start_promotion(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        task: Task<'_>,
    ) -> Next {
        let run = &self.executions[task.at];
        let (from, to) = (task.from, task.to);
        // What the old primary takes until it has heard of the fence would be lost, if it is there to hear of it.
        let hears = system.route53.endpoints[from.index()].healthy;
        if hears && system.ownership.awaits(from) && ctx.now.since(run.fenced_at).secs() < FENCE_HEARD_S {
            return Next::Hold;
        }
        let obstacle = if run.behind {
            let dark = system.dark[to.index()].then_some(Obstacle::RegionDark(to));
            dark.or((!system.answers(to)).then_some(Obstacle::NoReplica(to)))
        } else {
            system.promotion_obstacle(to).or_else(|| self.too_far_behind(ctx, system, task))
        };
        if matches!(obstacle, Some(Obstacle::Decision(_))) {
            self.ask(ctx, system, task);
        }
        // A copy that was fenced off from a source which still sends has not everything yet.
        let fenced = run_fences(ctx, self, task);
        let drains = || (fenced && system.is_draining(to)).then_some(Obstacle::Behind(to));
        if let Some(obstacle) = obstacle.or_else(drains) {
            return Next::Wait(obstacle);
        }
        // The controller has reached the copy itself, without any control plane of the cloud.
        let run = &self.executions[task.at];
        let reached = run.runbook(ctx.plan).when == When::Controller && !run.ordered;
        if !reached && let Some(next) = self.called(ctx, system, task, (to, Asks::Promote)) {
            return next;
        }
        system.go_back_to_old_copy(ctx, to);
        system.begin_promotion(to);
        // What the copy has received it takes in first.
        let span = self.promotion_s(ctx, task) + system.unapplied_s(ctx.plan, to);
        let restart = ctx.plan.scenario.recovery.promote_restart_s.min(span);
        ctx.after_s(span - restart, OnCallTimer::PromotionRestart(self.executions[task.at].number));
        Next::After(span)
    }

    /// The promotion reaches its restart: the copy cannot be read any more.
    pub(super) fn on_promotion_restart(&self, ctx: &Context<'_>, system: &mut System, number: u32) {
        let run = self.executions.iter().find(|run| run.number == number);
        if let Some(run) = run.filter(|run| run.runs(ctx.plan, Action::Promote)) {
            system.restart_for_promotion(run.to);
        }
    }

    /// No runbook promotes a copy by itself that lacks more than a little: a person is asked.
    fn too_far_behind(&self, ctx: &Context<'_>, system: &System, task: Task<'_>) -> Option<Obstacle> {
        let run = &self.executions[task.at];
        let book = run.runbook(ctx.plan);
        let knows = run.by_alarm || book.decider != Decider::Automatic || book.when == When::Controller;
        // Who has decided to fail over has not decided to go on from a copy that follows nobody.
        let left_behind = system.is_left_behind(task.to);
        let unasked = run.ordered || (knows && !left_behind);
        let follows = system.stream_to(task.to).filter(|_| !left_behind);
        let level = follows.map_or_else(|| system.databases[task.to.index()].shows(), |stream| stream.level);
        let behind_s = run.alive_at.since(level.min(run.alive_at)).secs();
        debug_assert!(behind_s >= 0.0, "a copy is not ahead");
        (!unasked && behind_s > *ctx.plan.scenario.recovery.promote_lag_s)
            .then_some(Obstacle::Decision(task.to))
    }

    /// The time of the promotion is over. If the copy failed meanwhile, the promotion begins again when it is back.
    pub(super) fn finish_promotion(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        task: Task<'_>,
    ) -> Next {
        if system.promote(ctx, task.from, task.to) {
            self.executions[task.at].moved = true;
            return Next::Told;
        }
        Next::Wait(system.promotion_obstacle(task.to).unwrap_or(Obstacle::NoReplica(task.to)))
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
        self.end_told(ctx, system, Action::Promote, to, told);
    }

    /// Validation passes once the canary has got through for a minute, and as many of those who came have been served.
    pub(super) fn watch_validation(&self, ctx: &mut Context<'_>, system: &System, task: Task<'_>) -> Next {
        // A minute that was good before the work came here says nothing.
        let tried = self.executions[task.at].steps[task.index].since;
        let well_since = system.canary.well_since.map(|since| since.max(tried));
        let well = well_since.is_some_and(|since| ctx.now.since(since).secs() >= PASSES_S as f64);
        let answered = &system.fleets.regions[task.on.index()].answered;
        let share = answered.served_share((ctx.now.micros() / 1_000_000) as usize, PASSES_S);
        match (share.is_none_or(|share| share >= PASSES_SHARE), well) {
            (false, _) => Next::Again(Obstacle::Unserved(task.on)),
            (true, false) => Next::Again(Obstacle::Canary),
            (true, true) => {
                ctx.tell(Occurrence::Run(self.executions[task.at].number, RunEvent::Validated));
                Next::Done
            }
        }
    }

    /// A person is asked, once, whether a copy that is behind is promoted.
    pub(super) fn ask(&mut self, ctx: &mut Context<'_>, system: &System, task: Task<'_>) {
        let run = &mut self.executions[task.at];
        if run.asks.is_none() && !run.waits && !run.behind {
            run.asks = Some(task.to);
            let shows_s = system.databases[task.to.index()].shows().secs() as u32;
            debug_assert!(f64::from(shows_s) <= ctx.now.secs(), "a copy shows nothing that is to come");
            ctx.note(system.control.entry, What::Asked { region: task.to, shows_s });
        }
    }
}

/// Whether a fence came before this step, so that nothing new is written.
fn run_fences(ctx: &Context<'_>, operations: &Operations, task: Task<'_>) -> bool {
    let steps = &operations.executions[task.at];
    steps.steps(ctx.plan).any(|(step, run)| step.action == Action::Fence && run.progress.is_over())
}
