//! What each action of a runbook does: whether it is needed, what it needs, how it starts, and how it ends.

use crate::kernel::chance::{Draws, Purpose};
use crate::model::engine::Restored;
use crate::model::obstacle::Obstacle;
use crate::model::runbook::{Action, Need, Otherwise};
use crate::model::runbooks::word_number;
use crate::model::{Cutover, Decider, RoutingPolicy};
use crate::operations::Operations;
use crate::operations::execution::Task;
use crate::operations::interpreter::Next;
use crate::system::System;
use crate::system::backups::spans_s;
use crate::system::context::Context;
use crate::system::control_call::Asks;
use crate::system::database::Role;
use crate::system::route53::Route53;

impl Operations {
    /// Whether there is anything to be done in a step.
    pub(super) fn is_needed(&self, ctx: &Context<'_>, system: &System, task: Task<'_>) -> bool {
        let (recovery, on) = (&ctx.plan.scenario.recovery, task.on);
        match task.step.action {
            Action::BuildNetwork => !system.is_built(on),
            Action::CopyImage => !system.fleets.regions[on.index()].image,
            Action::RebuildStandbys => system.unfilled(system.ownership.primary()).next().is_some(),
            Action::Rejoin => !ctx.plan.rules.one_way && !ctx.plan.writes_everywhere(),
            Action::ShiftTraffic => task.step.by != Cutover::HealthCheck,
            Action::Pin => {
                let by_check = recovery.cutover == Cutover::HealthCheck;
                recovery.pin && by_check && ctx.plan.scenario.dns.policy == RoutingPolicy::Failover
            }
            Action::Deploy => system.needs_deployment(on),
            Action::Release | Action::Bake | Action::RollBack => {
                self.is_release_wanted(ctx.plan, system, task)
            }
            Action::SetAside | Action::RebuildCopy => {
                system.databases[on.index()].role != Role::Replica || system.transfer_to(on).is_some()
            }
            Action::HandOver => ctx.plan.has_homes(),
            Action::LoadBlocks => system.databases[on.index()].loading.is_some(),
            Action::Page
            | Action::Triage
            | Action::Decide
            | Action::Fence
            | Action::StopWrites
            | Action::AddCapacity
            | Action::Promote
            | Action::ReturnTraffic
            | Action::Try
            | Action::Validate
            | Action::FetchBackup
            | Action::Restore
            | Action::CatchUp
            | Action::SwitchOver
            | Action::TakeDown
            | Action::Rehome => true,
        }
    }

    /// The first need of a step that is not met.
    pub(super) fn unmet(&self, ctx: &Context<'_>, system: &System, task: Task<'_>) -> Option<Obstacle> {
        let run = &self.executions[task.at];
        let needs = task.step.needs.iter();
        needs.copied().find_map(|need| {
            let on = task.on;
            match need {
                Need::Reachable => system.dark[on.index()].then_some(Obstacle::RegionDark(on)),
                // Whether it answers is known only to those who call it.
                Need::ControlPlane => None,
                Need::DnsControlPlane => {
                    (!system.dns_control_plane_up(ctx.plan, ctx.now)).then_some(Obstacle::DnsControlPlane)
                }
                Need::Copy if run.behind => (!system.answers(on)).then_some(Obstacle::NoReplica(on)),
                Need::Copy => system.promotion_obstacle(on),
                Need::Level => {
                    let behind = system.stream_to(on).is_none_or(|stream| stream.behind() > 0);
                    (behind && !run.behind).then_some(Obstacle::Behind(on))
                }
                Need::Backup => {
                    let best = |wanted_us| system.best_point(on, wanted_us, ctx.now);
                    best(run.wanted_us).or_else(|| best(None)).is_none().then_some(Obstacle::NoBackup(on))
                }
                Need::Templates => {
                    (!ctx.plan.scenario.regions[on.index()].templates).then_some(Obstacle::NoTemplates(on))
                }
                // What waits for servers has asked for them: the groups launch as soon as they may.
                Need::Image | Need::Quota | Need::Capacity if task.step.otherwise == Otherwise::Wait => None,
                Need::Image | Need::Quota | Need::Capacity => {
                    let obstacle = system.capacity_obstacle(on, usize::from(task.step.servers));
                    let wanted = if matches!(obstacle, Some(Obstacle::NoImage(_))) {
                        Need::Image
                    } else if matches!(obstacle, Some(Obstacle::Quota(_))) {
                        Need::Quota
                    } else {
                        Need::Capacity
                    };
                    obstacle.filter(|_| need == wanted)
                }
            }
        })
    }

    /// Draws for the span of a step: named by the runbook, how often it has been run, the step and the region that work
    /// goes to.
    pub(super) fn draws(&self, ctx: &Context<'_>, task: Task<'_>) -> Draws {
        let run = &self.executions[task.at];
        debug_assert!(run.nth > 0, "an execution was counted");
        let step = word_number(&task.step.name).wrapping_shl(8) ^ u64::from(task.to.0);
        ctx.chance(Purpose::Step, run.runbook(ctx.plan).number(), run.nth.into(), step)
    }

    /// How long a step takes: as its runbook says, else as the settings do, in seconds.
    fn span(&self, ctx: &Context<'_>, task: Task<'_>) -> f64 {
        let mut draws = self.draws(ctx, task);
        match task.step.takes_s.as_slice() {
            [] => {}
            [only] => return **only,
            [least, most] => return draws.between(**least, **most),
            [least, typical, most, ..] => return draws.triangular(**least, **typical, **most),
        }
        let (recovery, backup) = (&ctx.plan.scenario.recovery, &ctx.plan.scenario.backup);
        match task.step.action {
            Action::Page => *recovery.page_s,
            Action::Triage => *recovery.triage_s,
            Action::Decide => recovery.decide_s + recovery.hesitation_s,
            Action::Fence => draws.between(recovery.fence_min_s, recovery.fence_max_s),
            Action::BuildNetwork => draws.between(recovery.network_min_s, recovery.network_max_s),
            Action::CopyImage => *backup.copy_min_s,
            Action::Promote => {
                draws.triangular(recovery.promote_min_s, recovery.promote_typical_s, recovery.promote_max_s)
            }
            Action::ShiftTraffic if task.step.by == Cutover::RoutingControl => *recovery.routing_control_s,
            Action::ShiftTraffic | Action::Pin | Action::ReturnTraffic => {
                Route53::change_span(ctx.plan).secs()
            }
            Action::Try => draws.between(recovery.validate_min_s, recovery.validate_max_s),
            Action::Deploy | Action::RollBack | Action::Release => *recovery.deploy_s,
            Action::Bake => *ctx.plan.scenario.rollout.bake_s,
            Action::FetchBackup => {
                let point = self.executions[task.at].point;
                let (least, most) = backup.storage_class.retrieval_s();
                let archived =
                    if point.is_some_and(|point| point.copied) { draws.between(least, most) } else { 0.0 };
                let whole_mib = *ctx.plan.scenario.database.size_gib * 1024.0;
                let brought = point.is_some_and(|point| point.brought);
                archived + if brought { spans_s(ctx.plan, whole_mib).1 } else { 0.0 }
            }
            Action::Restore => {
                let restored = ctx.plan.scenario.database.engine.rules().restored;
                // Servers hear of another table's name as they get a version: all of them anew.
                let told_s = if restored == Restored::NewTable { *recovery.deploy_s } else { 0.0 };
                told_s
                    + draws.triangular(backup.restore_min_s, backup.restore_typical_s, backup.restore_max_s)
            }
            Action::SwitchOver => *recovery.switchover_s,
            Action::Rehome => *recovery.rehome_s,
            Action::StopWrites
            | Action::AddCapacity
            | Action::RebuildStandbys
            | Action::Rejoin
            | Action::Validate
            | Action::LoadBlocks
            | Action::SetAside
            | Action::RebuildCopy
            | Action::CatchUp
            | Action::TakeDown
            | Action::HandOver => 0.0,
        }
    }

    /// A step starts: its needs are met.
    pub(super) fn start(&mut self, ctx: &mut Context<'_>, system: &mut System, task: Task<'_>) -> Next {
        match task.step.action {
            Action::ShiftTraffic | Action::Pin if !system.is_built(task.to) => {
                Next::Wait(Obstacle::Before(Action::BuildNetwork.step()))
            }
            Action::TakeDown if system.ownership.primary() != task.to => {
                Next::Wait(Obstacle::Before(Action::SwitchOver.step()))
            }
            Action::Decide if self.executions[task.at].runbook(ctx.plan).decider == Decider::Learner => {
                Next::Told
            }
            Action::Page
            | Action::Triage
            | Action::Decide
            | Action::Fence
            | Action::BuildNetwork
            | Action::Try
            | Action::Deploy
            | Action::RollBack
            | Action::Release
            | Action::Bake
            | Action::Pin
            | Action::Rehome => Next::After(self.span(ctx, task)),
            Action::CopyImage => {
                let called = self.called(ctx, system, task, (task.from, Asks::Make));
                called.unwrap_or_else(|| Next::After(self.span(ctx, task)))
            }
            Action::ShiftTraffic | Action::ReturnTraffic => match self.no_way(ctx, system, task) {
                Some(obstacle) => Next::Wait(obstacle),
                None => Next::After(self.span(ctx, task)),
            },
            Action::StopWrites => {
                system.close_for_restore(ctx, task.on);
                self.watch(ctx, system, task)
            }
            Action::AddCapacity => self.start_adding(ctx, system, task),
            Action::Promote => self.start_promotion(ctx, system, task),
            Action::FetchBackup => {
                self.choose_backup(ctx, system, task);
                Next::After(self.span(ctx, task))
            }
            Action::Restore if !system.is_built(task.on) => {
                Next::Wait(Obstacle::Before(Action::BuildNetwork.step()))
            }
            Action::Restore => Next::After(self.span(ctx, task)),
            Action::SetAside => self.start_setting_aside(ctx, system, task),
            Action::SwitchOver => {
                system.stop_writes(ctx);
                Next::After(self.span(ctx, task))
            }
            Action::HandOver => self.start_handing_over(ctx, system, task),
            Action::TakeDown => {
                self.take_down(ctx, system, task);
                Next::Done
            }
            Action::RebuildStandbys
            | Action::Rejoin
            | Action::Validate
            | Action::LoadBlocks
            | Action::RebuildCopy
            | Action::CatchUp => self.watch(ctx, system, task),
        }
    }

    /// Promotion's span has to be known to the part that begins it.
    pub(super) fn promotion_s(&self, ctx: &Context<'_>, task: Task<'_>) -> f64 {
        debug_assert_eq!(task.step.action, Action::Promote, "it is a promotion");
        self.span(ctx, task)
    }

    /// A second has passed, or a step that ends by a condition starts.
    pub(super) fn watch(&mut self, ctx: &mut Context<'_>, system: &mut System, task: Task<'_>) -> Next {
        match task.step.action {
            Action::AddCapacity => Self::watch_capacity(ctx, system, task),
            Action::RebuildStandbys => self.watch_standbys(ctx, system),
            Action::Rejoin => Self::watch_rejoin(ctx, system, task),
            Action::RebuildCopy => self.watch_copy(ctx, system, task),
            Action::CatchUp => self.watch_catching_up(ctx, system, task),
            Action::HandOver => self.watch_handover(ctx, system, task),
            Action::Validate => self.watch_validation(ctx, system, task),
            Action::LoadBlocks if system.databases[task.on.index()].loading.is_some() => Next::Watch,
            Action::LoadBlocks
            | Action::StopWrites
            | Action::Page
            | Action::Triage
            | Action::Decide
            | Action::Fence
            | Action::BuildNetwork
            | Action::CopyImage
            | Action::Promote
            | Action::ShiftTraffic
            | Action::Pin
            | Action::ReturnTraffic
            | Action::Try
            | Action::Deploy
            | Action::RollBack
            | Action::Release
            | Action::Bake
            | Action::FetchBackup
            | Action::Restore
            | Action::SetAside
            | Action::SwitchOver
            | Action::TakeDown
            | Action::Rehome => Next::Done,
        }
    }

    /// The time of a step is over.
    pub(super) fn finish(&mut self, ctx: &mut Context<'_>, system: &mut System, task: Task<'_>) -> Next {
        match task.step.action {
            Action::Fence => {
                system.fence(ctx, task.on);
                self.executions[task.at].fenced_at = ctx.now;
            }
            // Another execution may have been faster.
            Action::BuildNetwork if system.is_built(task.on) => {}
            Action::BuildNetwork => system.build_network(task.on),
            Action::CopyImage => system.put_image(ctx, (task.from, task.on)),
            Action::Promote => return self.finish_promotion(ctx, system, task),
            Action::ShiftTraffic | Action::Pin => self.shift(ctx, system, task),
            Action::ReturnTraffic => self.return_traffic(ctx, system, task),
            Action::Deploy => system.deploy(ctx, task.on),
            Action::Release | Action::Bake | Action::RollBack => {
                return self.finish_release(ctx, system, task);
            }
            Action::Restore => return self.finish_restore(ctx, system, task),
            Action::SwitchOver => return self.finish_switchover(ctx, system, task),
            Action::Rehome => return self.finish_rehoming(ctx, system, task),
            Action::Page
            | Action::Triage
            | Action::Decide
            | Action::StopWrites
            | Action::AddCapacity
            | Action::RebuildStandbys
            | Action::Rejoin
            | Action::Try
            | Action::Validate
            | Action::FetchBackup
            | Action::LoadBlocks
            | Action::SetAside
            | Action::RebuildCopy
            | Action::CatchUp
            | Action::TakeDown
            | Action::HandOver => {}
        }
        Next::Done
    }
}
