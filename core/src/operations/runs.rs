//! Executions begin, are called off, and end.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::RegionId;
use crate::model::runbook::Action;
use crate::operations::Operations;
use crate::operations::execution::{Execution, Progress};
use crate::system::System;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::occurrence::{Beginning, Occurrence, RunEvent};

impl Operations {
    /// An execution begins, of a runbook in this place of the plan. What acts at once is declared; else somebody decides.
    pub(super) fn begin_run(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        book: usize,
        beginning: Beginning,
    ) -> usize {
        let nth = &mut self.counts[book];
        *nth += 1;
        self.runs += 1;
        let name = (self.runs, book, *nth);
        let alive_at = last_alive(ctx, system, beginning.from);
        self.executions.push(Execution::new(ctx.plan, name, &beginning, alive_at));
        system.follow(Some(beginning.entry));
        ctx.tell(Occurrence::Run(self.runs, RunEvent::Began(book as u8, beginning)));
        debug_assert!(self.executions.iter().all(|run| run.number <= self.runs), "numbers only grow");
        self.executions.len() - 1
    }

    /// The disaster is declared: the execution acts from now on. What was to be decided is decided.
    pub(super) fn declare(&mut self, ctx: &mut Context<'_>, system: &mut System, at: usize) {
        let plan = ctx.plan;
        for index in 0..self.executions[at].runbook(plan).deciding {
            let task = self.task(plan, at, index);
            match self.executions[at].steps[index].progress {
                Progress::Before => self.executions[at].steps[index].progress = Progress::Skipped,
                Progress::Waiting | Progress::Running => self.end_step(ctx, system, task),
                Progress::Done | Progress::Skipped => {}
            }
        }
        debug_assert!(!self.executions[at].acts, "what acts is not declared again");
        self.executions[at].acts = true;
        ctx.tell(Occurrence::Run(self.executions[at].number, RunEvent::Decided));
        self.advance(ctx, system, at);
        self.retire(ctx);
    }

    /// An execution is called off: what it has begun is left, and undone as far as nothing was put in its place.
    pub(super) fn call_off(&mut self, ctx: &mut Context<'_>, system: &mut System, at: usize) {
        let plan = ctx.plan;
        let promotes = self.executions[at].runs(plan, Action::Promote);
        for index in 0..self.executions[at].steps.len() {
            let task = self.task(plan, at, index);
            if self.executions[at].steps[index].progress.is_open() {
                self.release(task);
                self.executions[at].steps[index].progress = Progress::Skipped;
                let mark = self.executions[at].mark(plan, index);
                ctx.note(system.control.entry, What::StepLeft(mark.bar));
                ctx.tell(Occurrence::Run(self.executions[at].number, RunEvent::StepLeft(mark)));
            }
        }
        let run = self.executions.remove(at);
        debug_assert!(
            self.leases.values().flatten().all(|lease| lease.0 != run.number),
            "its leases are given back"
        );
        if promotes {
            system.leave_promotion(run.to);
        }
        ctx.tell(Occurrence::Run(run.number, RunEvent::CalledOff));
        self.undo(ctx, system, &run);
    }

    /// Executions of which nothing is left to be done are over.
    pub(super) fn retire(&mut self, ctx: &mut Context<'_>) {
        self.executions.retain(|run| {
            let over = run.steps.iter().all(|step| step.progress.is_over());
            if over {
                ctx.tell(Occurrence::Run(run.number, RunEvent::Ended));
            }
            !over
        });
    }
}

/// The last moment at which a region is known to have taken writes: now, or, if the checks have found it unhealthy, when the
/// first of those that did so failed.
fn last_alive(ctx: &Context<'_>, system: &System, region: RegionId) -> SimTime {
    let (endpoint, dns) = (&system.route53.endpoints[region.index()], &ctx.plan.scenario.dns);
    let noticed_s = dns.interval_s * f64::from(dns.failure_threshold);
    debug_assert!(endpoint.turned_at <= ctx.now, "verdicts are not of tomorrow");
    if endpoint.healthy { ctx.now } else { endpoint.turned_at.before(SimDuration::from_secs(noticed_s)) }
}
