//! How an order starts a runbook: which one, what gives way to it, and what keeps it from being started.

use crate::kernel::id::{LawId, RegionId};
use crate::model::command::Command;
use crate::model::plan::Plan;
use crate::model::runbook::{Action, Brings, Given, OrderedBy};
use crate::operations::Operations;
use crate::operations::execution::Execution;
use crate::operations::on_call::{owns, target};
use crate::system::System;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::occurrence::Beginning;
use crate::system::refusal::Refusal;

impl Operations {
    /// An execution begins by order, and acts at once.
    pub(super) fn begin_by_order(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        book: usize,
        (command, from, to): (Command, RegionId, RegionId),
        prepare: impl FnOnce(&mut Execution),
    ) {
        let entry = ctx.note(None, What::Ordered(command));
        let about = (from == to).then(|| system.first_ruin().map(|ruin| ruin.entry)).flatten();
        let beginning = Beginning { command: Some(command), from, to, about, entry };
        let at = self.begin_run(ctx, system, book, beginning);
        prepare(&mut self.executions[at]);
        self.declare(ctx, system, at);
    }

    /// Somebody is still to decide about an execution between the same regions that fits: the order decides it, and whoever
    /// was paged need not think about it any more. False if there is none.
    pub(super) fn adopt(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        (command, from, to): (Command, RegionId, RegionId),
        fits: impl Fn(&Execution) -> bool,
        prepare: impl FnOnce(&mut Execution),
    ) -> bool {
        let same = |run: &Execution| (run.from, run.to) == (from, to) && run.is_deciding() && fits(run);
        let Some(at) = self.executions.iter().position(same) else { return false };
        let entry = ctx.note(None, What::Ordered(command));
        let run = &mut self.executions[at];
        (run.entry, run.ordered) = (Some(entry), true);
        prepare(run);
        system.follow(Some(entry));
        self.declare(ctx, system, at);
        true
    }

    /// The runbook that an order starts: the first of its own for which all is given.
    pub(super) fn book_for(
        ctx: &Context<'_>,
        system: &System,
        order: OrderedBy,
        ends: (RegionId, RegionId),
    ) -> Option<usize> {
        let fits = |book: &usize| Self::is_given(ctx, system, ctx.plan.runbooks[*book].given, ends);
        ctx.plan.ordered_by(order).find(fits)
    }

    /// What was begun for the same and is not past the point of no return gives way to an order.
    pub(super) fn clear_the_way(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        from: RegionId,
    ) -> Result<(), Refusal> {
        let plan = ctx.plan;
        let in_the_way = |run: &Execution| run.from == from && !run.moved && run.is_busy(plan);
        while let Some(at) = self.executions.iter().position(in_the_way) {
            if let Some(step) = self.executions[at].past_return(plan) {
                return Err(Refusal::PastReturn(step.bar()));
            }
            self.call_off(ctx, system, at);
        }
        Ok(())
    }

    /// A runbook is started by its name: between two regions or in one, or where it makes sense now.
    pub(super) fn order_run(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        command: Command,
        (book, ends): (usize, Option<(RegionId, RegionId)>),
    ) -> Result<(), Refusal> {
        let (from, to) = match ends {
            Some(ends) => ends,
            None => usual_ends(ctx.plan, system, book).ok_or(Refusal::NoTarget)?,
        };
        self.may_run(ctx, system, book, (from, to))?;
        let what = (command, from, to);
        if !self.adopt(ctx, system, what, |run| run.book == book, |_| {}) {
            // What nobody has decided yet gives way; what acts already is called off by another order, if at all.
            let waits = |run: &Execution| run.is_deciding() && run.from == from;
            while let Some(at) = self.executions.iter().position(waits) {
                self.call_off(ctx, system, at);
            }
            self.begin_by_order(ctx, system, book, what, |_| {});
        }
        Ok(())
    }

    /// Whether a runbook can be started between two regions: the reason if it cannot.
    fn may_run(
        &self,
        ctx: &Context<'_>,
        system: &System,
        book: usize,
        (from, to): (RegionId, RegionId),
    ) -> Result<(), Refusal> {
        let (plan, runbook) = (ctx.plan, &ctx.plan.runbooks[book]);
        if from == to && runbook.leaves().is_some() {
            return Err(Refusal::There(to));
        }
        if from == to && system.dark[from.index()] {
            return Err(Refusal::Dark(from));
        }
        let has = |wants: fn(Action) -> bool| runbook.steps.iter().any(|step| wants(step.action));
        if plan.writes_everywhere() && has(Action::wants_one_writer) {
            return Err(Refusal::NothingToMove);
        }
        let changes = has(Action::owns);
        if changes && !owns(system, from) {
            return Err(Refusal::NotThere(from));
        }
        if let Some((law, region)) = forbidden(plan, system, book, (from, to)) {
            return Err(Refusal::Law(law, region));
        }
        if !Self::is_given(ctx, system, runbook.given, (from, to)) {
            return Err(Refusal::NotGiven(runbook.given));
        }
        let acts = |run: &&Execution| run.acts && !run.moved && run.is_busy(plan) && !run.is_tried(plan);
        let same = |run: &&Execution| run.from == from;
        let all = from == to;
        let wanted = (0..system.ownership.partitions())
            .filter(|it| changes && (all || owned(plan, system, from).any(|owned| owned == *it)));
        let held: Vec<u32> = wanted.filter_map(|it| self.leases[it]).map(|lease| lease.0).collect();
        let holds = |run: &&Execution| held.contains(&run.number);
        let busy = self.executions.iter().find(|run| (acts(run) && same(run)) || holds(run));
        busy.map_or(Ok(()), |run| Err(Refusal::Busy(run.open_bar(plan))))
    }
}

/// Between which regions a runbook is run if none is named: from the region that it starts at, or that has the work, to where
/// that would go; or only there.
fn usual_ends(plan: &Plan, system: &System, book: usize) -> Option<(RegionId, RegionId)> {
    let runbook = &plan.runbooks[book];
    let from = runbook.starts_at().unwrap_or(system.ownership.primary());
    if !runbook.stays() {
        return target(plan, system, from).map(|to| (from, to));
    }
    let region = if runbook.given == Given::Ruin { system.restores_in(plan, from) } else { from };
    debug_assert!(region.index() < plan.regions(), "it is one of the regions");
    Some((region, region))
}

/// The law that one of a runbook's steps would break, and where.
fn forbidden(
    plan: &Plan,
    system: &System,
    book: usize,
    (from, to): (RegionId, RegionId),
) -> Option<(LawId, RegionId)> {
    plan.runbooks[book].steps.iter().find_map(|step| match step.action.brings() {
        Brings::Nothing | Brings::Homes => None,
        Brings::ToTarget => {
            let law = owned(plan, system, from).find_map(|partition| plan.placement.forbids(to, partition));
            law.map(|law| (law, to))
        }
        Brings::Here => {
            let on = step.on.region(from, to);
            plan.placement.forbids_all(on).map(|law| (law, on))
        }
    })
}

/// The partitions whose writes a region takes, by the newest claims; with a single writer the only one.
fn owned(plan: &Plan, system: &System, from: RegionId) -> impl Iterator<Item = usize> {
    let single = !plan.writes_everywhere();
    let owns = move |partition: &usize| single || system.ownership.newest(*partition).owner == from;
    (0..system.ownership.partitions()).filter(owns)
}
