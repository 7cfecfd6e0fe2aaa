//! Orders of people: each begins an execution, answers a question, or is refused with a reason.

use crate::kernel::id::RegionId;
use crate::model::Answer;
use crate::model::command::Command;
use crate::model::runbook::{Mode, OrderedBy};
use crate::operations::Operations;
use crate::operations::execution::Execution;
use crate::operations::on_call::{owns, target};
use crate::system::System;
use crate::system::context::Context;
use crate::system::database::Role;
use crate::system::journal::What;
use crate::system::refusal::Refusal;

impl Operations {
    /// Follows an order that is meant for people. False if the command is not one of those.
    pub fn obey(&mut self, ctx: &mut Context<'_>, system: &mut System, command: Command) -> bool {
        let followed = match command {
            Command::FailOver(to) => self.order_fail_over(ctx, system, command, to),
            Command::FailBack => self.order_fail_back(ctx, system, command),
            Command::Evacuate(from) => self.order_evacuation(ctx, system, command, from),
            Command::Decide(answer) => self.order_decision(ctx, system, command, answer),
            Command::CallOff => self.order_call_off(ctx, system, command),
            Command::Restore(region, second) => self.order_restore(ctx, system, command, (region, second)),
            Command::MoveHome(partition, to) => self.order_move_home(ctx, system, command, (partition, to)),
            Command::RollBack(region) => self.order_roll_back(ctx, system, command, region),
            Command::Deploy(release) => self.order_deploy(ctx, system, command, release),
            Command::RoutingControl(from, to) => self.order_routing_control(ctx, system, command, (from, to)),
            Command::Run(book, ends) => self.order_run(ctx, system, command, (book.index(), ends)),
            Command::Inject(_)
            | Command::Clear(_)
            | Command::RaiseQuota(_)
            | Command::Redrive(_)
            | Command::NewInstance(_)
            | Command::Snapshot(_)
            | Command::BatchReplicate(_)
            | Command::Reboot(_)
            | Command::ChangeInstances(_)
            | Command::ZonalShift(_)
            | Command::EndZonalShift(_)
            | Command::RestartClients
            | Command::RestartCity(_)
            | Command::PracticeRun(_)
            | Command::Travel(..)
            | Command::Write(..) => return false,
        };
        if let Err(why) = followed {
            ctx.note(None, What::OrderRefused(command, why));
        }
        self.retire(ctx);
        true
    }

    /// A failover is ordered: it acts at once, even if somebody else is meant to decide.
    fn order_fail_over(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        command: Command,
        to: RegionId,
    ) -> Result<(), Refusal> {
        let from = system.ownership.primary();
        if ctx.plan.writes_everywhere() {
            return Err(Refusal::NothingToMove);
        }
        if to == from {
            return Err(Refusal::There(to));
        }
        if let Some(law) = ctx.plan.placement.forbids_all(to) {
            return Err(Refusal::Law(law, to));
        }
        // A copy that follows nobody is gone on from only if the region that has the work fails.
        let needed = system.is_left_behind(to) && !system.route53.endpoints[from.index()].healthy;
        if ctx.plan.blueprint.copies_follow() && !system.can_be_promoted(to) && !needed {
            return Err(Refusal::NoCopy(to));
        }
        let what = (command, from, to);
        if !self.adopt(ctx, system, what, |_| true, |_| {}) {
            self.clear_the_way(ctx, system, from)?;
            let book = Self::book_for(ctx, system, OrderedBy::FailOver, (from, to));
            self.begin_by_order(ctx, system, book.ok_or(Refusal::NoCopy(to))?, what, |_| {});
        }
        Ok(())
    }

    /// A failback is ordered: the work goes to where it was at the start.
    fn order_fail_back(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        command: Command,
    ) -> Result<(), Refusal> {
        let (home, from) = (ctx.plan.blueprint.primary(), system.ownership.primary());
        if ctx.plan.writes_everywhere() {
            return Err(Refusal::NothingToMove);
        }
        if from == home {
            return Err(Refusal::There(home));
        }
        if system.dark[home.index()] {
            return Err(Refusal::Dark(home));
        }
        if system.databases[home.index()].role != Role::Replica
            && system.transfer_to(home).is_none()
            && !system.is_replaced(ctx.plan, home)
        {
            return Err(Refusal::NoCopy(home));
        }
        let plan = ctx.plan;
        if let Some(run) = self.executions.iter().find(|run| run.is_busy(plan) && !run.is_tried(plan)) {
            return Err(Refusal::Busy(run.open_bar(plan)));
        }
        while let Some(at) = self.executions.iter().position(|run| run.is_busy(plan)) {
            self.call_off(ctx, system, at);
        }
        let book =
            Self::book_for(ctx, system, OrderedBy::FailBack, (from, home)).ok_or(Refusal::NoRunbook)?;
        self.begin_by_order(ctx, system, book, (command, from, home), |_| {});
        Ok(())
    }

    /// All work and all clients are to leave a region that is well.
    fn order_evacuation(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        command: Command,
        from: RegionId,
    ) -> Result<(), Refusal> {
        let plan = ctx.plan;
        if system.dark[from.index()] {
            return Err(Refusal::Dark(from));
        }
        let to = target(plan, system, from).ok_or(Refusal::NoTarget)?;
        let has_work = plan.writes_everywhere() || owns(system, from);
        if !has_work || plan.blueprint.is_witness(from) {
            return Err(Refusal::NotThere(from));
        }
        let owned = |partition: &usize| system.ownership.newest(*partition).owner == from;
        let mut held = (0..system.ownership.partitions()).filter(owned);
        if let Some(law) = held.find_map(|partition| plan.placement.forbids(to, partition)) {
            return Err(Refusal::Law(law, to));
        }
        let book = Self::book_for(ctx, system, OrderedBy::Evacuate, (from, to)).ok_or(Refusal::NoCopy(to))?;
        if plan.runbooks[book].mode != Mode::Graceful {
            return Err(Refusal::NotLevel(to));
        }
        self.clear_the_way(ctx, system, from)?;
        self.begin_by_order(ctx, system, book, (command, from, to), |_| {});
        Ok(())
    }

    /// The person who was paged decides now, or answers the oldest open question.
    fn order_decision(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        command: Command,
        answer: Answer,
    ) -> Result<(), Refusal> {
        let asked = match answer {
            Answer::Yes => self.executions.iter().position(Execution::is_deciding),
            Answer::Promote | Answer::Wait => self.executions.iter().position(|run| run.asks.is_some()),
        };
        let at = asked.ok_or(Refusal::NobodyAsks)?;
        // What leaves a failback has nothing to do with going back.
        let back = self.executions[at].runbook(ctx.plan).mode == Mode::Graceful && answer == Answer::Promote;
        let cause = self.executions[at].entry.filter(|_| !back);
        let entry = ctx.note(cause, What::Ordered(command));
        system.follow(Some(entry));
        if answer == Answer::Yes {
            self.executions[at].entry = Some(entry);
            self.declare(ctx, system, at);
        } else {
            self.answer(ctx, system, (answer, at), (command, entry));
        }
        Ok(())
    }

    /// The newest execution is called off, unless it has done what cannot be undone.
    fn order_call_off(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        command: Command,
    ) -> Result<(), Refusal> {
        let plan = ctx.plan;
        let busy = |run: &Execution| run.is_busy(plan) || run.rolls_out(plan);
        let at = self.executions.iter().rposition(busy).ok_or(Refusal::NothingUnderWay)?;
        if let Some(step) = self.executions[at].past_return(plan) {
            return Err(Refusal::PastReturn(step.bar()));
        }
        let entry = ctx.note(self.executions[at].entry, What::Ordered(command));
        system.follow(Some(entry));
        self.call_off(ctx, system, at);
        Ok(())
    }

    /// A restore is ordered: to a second since the start, or to the newest good moment.
    fn order_restore(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        command: Command,
        (region, second): (RegionId, Option<i32>),
    ) -> Result<(), Refusal> {
        let plan = ctx.plan;
        let wanted_us = second.map(|second| i64::from(second) * 1_000_000);
        if let Some(law) = plan.placement.forbids_all(region) {
            return Err(Refusal::Law(law, region));
        }
        if system.dark[region.index()] {
            return Err(Refusal::Dark(region));
        }
        let takes = system.ownership.takes(region, system.ownership.partition_of_region(region));
        if !takes || plan.blueprint.is_witness(region) {
            return Err(Refusal::NotThere(region));
        }
        if system.best_point(region, wanted_us, ctx.now).is_none() {
            return Err(Refusal::NoBackup(region));
        }
        // A restore is ordered whether or not anything is ruined.
        let book = plan.ordered_by(OrderedBy::Restore).next().ok_or(Refusal::NoRunbook)?;
        let (what, wants) = ((command, region, region), |run: &mut Execution| run.wanted_us = wanted_us);
        if self.adopt(ctx, system, what, |_| true, wants) {
            return Ok(());
        }
        let acts = |run: &&Execution| run.acts && run.is_busy(plan) && !run.is_tried(plan);
        if let Some(run) = self.executions.iter().find(acts) {
            return Err(Refusal::Busy(run.open_bar(plan)));
        }
        while let Some(at) = self.executions.iter().position(|run| run.is_busy(plan)) {
            self.call_off(ctx, system, at);
        }
        self.begin_by_order(ctx, system, book, what, wants);
        Ok(())
    }

    /// The move of a partition's home is ordered.
    fn order_move_home(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        command: Command,
        (partition, to): (RegionId, RegionId),
    ) -> Result<(), Refusal> {
        if !ctx.plan.has_homes() {
            return Err(Refusal::NoHomes);
        }
        let from = system.ownership.newest(partition.index()).owner;
        if from == to {
            return Err(Refusal::There(to));
        }
        if let Some(law) = ctx.plan.placement.forbids(to, partition.index()) {
            return Err(Refusal::Law(law, to));
        }
        if system.dark[to.index()] {
            return Err(Refusal::Dark(to));
        }
        if self.leases[partition.index()].is_some() {
            let plan = ctx.plan;
            let run = self.executions.iter().find(|run| run.is_busy(plan));
            return Err(run.map_or(Refusal::NoRunbook, |run| Refusal::Busy(run.open_bar(plan))));
        }
        let book = ctx.plan.ordered_by(OrderedBy::MoveHome).next().ok_or(Refusal::NoRunbook)?;
        self.begin_by_order(ctx, system, book, (command, from, to), |run| {
            run.partition = Some(partition.index());
        });
        Ok(())
    }

    /// A person turns a routing control: the clients of a region are sent to another, by the data plane alone.
    fn order_routing_control(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        command: Command,
        (from, to): (RegionId, RegionId),
    ) -> Result<(), Refusal> {
        if !system.is_built(to) || !system.route53.endpoints[to.index()].record {
            return Err(Refusal::NoRecord(to));
        }
        let entry = ctx.note(None, What::Ordered(command));
        system.follow(Some(entry));
        if let Some(left) = system.turn_control(ctx, from, to) {
            self.begin_movement(ctx, system, left);
        }
        Ok(())
    }
}
