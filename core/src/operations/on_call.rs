//! On-call: from a verdict or an alarm to the declaration of the disaster.

use crate::kernel::id::RegionId;
use crate::model::Decider;
use crate::model::fault::Command;
use crate::model::runbook::StepName;
use crate::operations::Operations;
use crate::operations::execution::{Course, Stage};
use crate::system::System;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::occurrence::{Beginning, Occurrence, RunEvent};

impl Operations {
    /// The health checks have found a region unhealthy. If it is the primary's, or the home of a partition, a run begins.
    pub(super) fn on_verdict(&mut self, ctx: &mut Context<'_>, system: &mut System, endpoint: RegionId) {
        let settings = &ctx.plan.scenario.recovery;
        let is_home = |partition| system.ownership.newest(partition).owner == endpoint;
        let mut partitions = 0..system.ownership.partitions();
        let rehomes = ctx.plan.has_homes() && settings.rehome && partitions.any(is_home);
        let wanted = if ctx.plan.writes_everywhere() {
            // The name servers send its clients to the others, which take their writes; only homes have to move.
            system.new_home(ctx.plan, endpoint).filter(|_| rehomes).map(|to| (to, Course::Rehome))
        } else if endpoint == system.ownership.primary() {
            system.recovery_region(ctx.plan, endpoint).map(|to| (to, course_to(system, to)))
        } else {
            None
        };
        let free = self.recovery.stage == Stage::Idle && settings.decider != Decider::Manual;
        let entry = system.route53.endpoints[endpoint.index()].entry;
        debug_assert!(entry.is_some(), "a verdict that turned has a line in the journal");
        if let (Some((to, course)), Some(entry)) = (wanted.filter(|_| free), entry) {
            let beginning = Beginning { command: None, from: endpoint, to, about: None, entry };
            self.begin_run(ctx, system, beginning, course);
            self.escalate(ctx, system, false);
        }
    }

    /// The decider hears of what checks or an alarm have found.
    pub(super) fn escalate(&mut self, ctx: &mut Context<'_>, system: &mut System, by_alarm: bool) {
        debug_assert_eq!(self.recovery.stage, Stage::Deciding, "somebody is asked before anything is done");
        ctx.tell(Occurrence::Run(self.recovery.run, RunEvent::Noticed(by_alarm)));
        match ctx.plan.scenario.recovery.decider {
            Decider::Automatic => self.declare(ctx, system),
            Decider::Person => {
                self.begin_timed(ctx, system, StepName::Page, *ctx.plan.scenario.recovery.page_s);
            }
            Decider::Learner => self.begin_step(ctx, system, StepName::Decide),
            Decider::Manual => {}
        }
    }

    /// The person who was paged decides now.
    pub(super) fn order_decision(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        if self.recovery.stage == Stage::Deciding {
            let entry = ctx.note(system.control.entry, What::Ordered(Command::Decide));
            system.follow(Some(entry));
            self.declare(ctx, system);
        } else {
            ctx.note(None, What::OrderRefused(Command::Decide));
        }
    }

    /// Ends the steps of a decision that are still open.
    pub(super) fn end_deciding(&mut self, ctx: &mut Context<'_>, system: &System) {
        for waiting in [StepName::Page, StepName::Triage, StepName::Decide] {
            self.end_step(ctx, system, waiting);
        }
    }

    /// The decision has been made: the disaster is declared, unless the region has come back meanwhile.
    pub(super) fn decide(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        debug_assert_eq!(self.recovery.stage, Stage::Deciding, "what was decided is not decided again");
        if self.recovery.course != Course::Restore && system.is_whole(self.recovery.from) {
            self.call_off(ctx);
        } else {
            self.declare(ctx, system);
        }
    }
}

/// Promote if a copy follows in the region, else rebuild from a backup.
pub(super) fn course_to(system: &System, to: RegionId) -> Course {
    if system.can_be_promoted(to) { Course::Promote } else { Course::Rebuild }
}
