//! On-call: from a verdict or an alarm to the declaration of the disaster.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId};
use crate::model::fault::Command;
use crate::model::runbook::StepName;
use crate::model::{Answer, Decider};
use crate::operations::Operations;
use crate::operations::execution::{Course, Stage};
use crate::system::System;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::occurrence::{Beginning, Occurrence, RunEvent};

impl Operations {
    /// The health checks have found a region unhealthy. If it is the primary's, or the home of a partition, a run begins.
    pub(super) fn on_verdict(&mut self, ctx: &mut Context<'_>, system: &mut System, endpoint: RegionId) {
        self.leave_restore(ctx, system, endpoint);
        self.leave_validation(ctx, system, endpoint);
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
        let free =
            matches!(self.recovery.stage, Stage::Idle | Stage::Over) && settings.decider != Decider::Manual;
        let entry = system.route53.endpoints[endpoint.index()].entry;
        debug_assert!(entry.is_some(), "a verdict that turned has a line in the journal");
        if let (Some((to, course)), Some(entry)) = (wanted.filter(|_| free), entry) {
            let beginning = Beginning { command: None, from: endpoint, to, about: None, entry };
            self.begin_run(ctx, system, beginning, course);
            // Its checkers began to fail so long ago.
            let dns = &ctx.plan.scenario.dns;
            let noticed_s = dns.interval_s * f64::from(dns.failure_threshold);
            self.recovery.alive_at = ctx.now.before(SimDuration::from_secs(noticed_s));
            self.escalate(ctx, system, false);
        }
    }

    /// A restore in place in a region that cannot be reached is called off: the work has to go elsewhere.
    fn leave_restore(&mut self, ctx: &mut Context<'_>, system: &System, region: RegionId) {
        let recovery = &self.recovery;
        let acts = matches!(recovery.stage, Stage::Deciding | Stage::FailingOver) && !recovery.restored;
        if recovery.course != Course::Restore || recovery.to != region || !acts {
            return;
        }
        self.abandon(ctx, system);
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

    /// The person who was paged decides now, or answers the open question.
    pub(super) fn order_decision(&mut self, ctx: &mut Context<'_>, system: &mut System, answer: Answer) {
        let command = Command::Decide(answer);
        let asked = self.recovery.asks;
        let fits = match answer {
            Answer::Yes => self.recovery.stage == Stage::Deciding,
            Answer::Promote | Answer::Wait => asked.is_some(),
        };
        if !fits {
            ctx.note(None, What::OrderRefused(command));
            return;
        }
        // What leaves a failback is a trigger of its own: what follows has nothing to do with going back.
        let leaves = answer == Answer::Promote && self.recovery.stage == Stage::FailingBack;
        let cause = system.control.entry.filter(|_| !leaves);
        let entry = ctx.note(cause, What::Ordered(command));
        system.follow(Some(entry));
        match (answer, asked) {
            (Answer::Promote, Some(to)) => self.promote_behind(ctx, system, command, to, entry),
            (Answer::Wait, _) => {
                self.recovery.asks = None;
                self.recovery.waits = true;
            }
            (Answer::Yes, _) | (Answer::Promote, None) => self.declare(ctx, system),
        }
    }

    /// A recovery whose work has moved to a region that cannot be reached any more leaves the rest undone.
    fn leave_validation(&mut self, ctx: &mut Context<'_>, system: &System, region: RegionId) {
        let recovery = &self.recovery;
        let moved = system.ownership.primary() == region && !recovery.promoting;
        if recovery.stage == Stage::FailingOver && recovery.to == region && recovery.from != region && moved {
            self.abandon(ctx, system);
        }
    }

    /// A person is asked, once, whether a copy that is behind is promoted.
    pub(super) fn ask(&mut self, ctx: &mut Context<'_>, system: &System, copy: RegionId) {
        if self.recovery.asks.is_none() && !self.recovery.waits && !self.recovery.behind {
            self.recovery.asks = Some(copy);
            let shows_s = system.databases[copy.index()].shows().secs() as u32;
            debug_assert!(f64::from(shows_s) <= ctx.now.secs(), "a copy shows nothing that is to come");
            ctx.note(system.control.entry, What::Asked { region: copy, shows_s });
        }
    }

    /// A person has decided to promote a copy that is behind. A failback that waited for the other region is left.
    fn promote_behind(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        command: Command,
        to: RegionId,
        entry: EntryId,
    ) {
        if self.recovery.stage == Stage::FailingBack {
            let from = self.recovery.from;
            debug_assert_eq!(self.recovery.to, to, "the copy that was asked about is the one at hand");
            self.abandon(ctx, system);
            let beginning = Beginning { command: Some(command), from, to, about: None, entry };
            self.begin_run(ctx, system, beginning, Course::Promote);
            self.recovery.behind = true;
            self.declare(ctx, system);
        } else {
            (self.recovery.asks, self.recovery.behind) = (None, true);
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
