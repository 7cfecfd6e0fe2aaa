//! On-call: from a verdict or an alarm to the declaration of the disaster, and which runbook is started for what.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId};
use crate::model::command::Command;
use crate::model::plan::Plan;
use crate::model::runbook::{Action, Given, Mode, When};
use crate::model::runbooks::{Place, Runbook, Step};
use crate::model::{Answer, Decider};
use crate::operations::Operations;
use crate::operations::execution::{Execution, Progress, StepRun, Work};
use crate::system::System;
use crate::system::context::Context;
use crate::system::database::Status;
use crate::system::occurrence::{Beginning, Occurrence, RunEvent};

/// A copy that is at most so far behind can be moved to by plan.
const LEVEL: SimDuration = SimDuration::from_micros(2_000_000);

impl Operations {
    /// The health checks have found a region unhealthy: what goes there looks for another place, and if the region owns
    /// something, an execution begins.
    pub(super) fn on_verdict(&mut self, ctx: &mut Context<'_>, system: &mut System, endpoint: RegionId) {
        self.leave(ctx, system, endpoint);
        let entry = system.route53.endpoints[endpoint.index()].entry;
        debug_assert!(entry.is_some(), "a verdict that turned has a line in the journal");
        let (Some(to), Some(entry)) = (target(ctx.plan, system, endpoint), entry) else { return };
        let Some(book) = self.choose(ctx, system, &[When::Unhealthy], (endpoint, to)) else { return };
        let decider = ctx.plan.runbooks[book].decider;
        // What acts at once on a verdict does not wait for somebody whom an alarm has paged.
        let paged =
            |run: &Execution| run.from == endpoint && run.to == to && run.by_alarm && run.is_deciding();
        if decider == Decider::Automatic
            && let Some(at) = self.executions.iter().position(paged)
        {
            self.call_off(ctx, system, at);
        }
        if self.is_being_left(ctx.plan, endpoint) {
            self.hurry(ctx, system, book, (endpoint, to));
            return;
        }
        if decider == Decider::Manual {
            return;
        }
        let beginning = Beginning { command: None, from: endpoint, to, about: None, entry };
        let at = self.begin_run(ctx, system, book, beginning);
        self.escalate(ctx, system, at, false);
    }

    /// A region that a person wanted to leave by plan has failed before the work had moved: it is left without it. Whoever
    /// ordered the move need not be asked whether it is still wanted.
    fn hurry(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        book: usize,
        (from, to): (RegionId, RegionId),
    ) {
        let plan = ctx.plan;
        let planned = |run: &Execution| {
            let (graceful, leaves) =
                (run.runbook(plan).mode == Mode::Graceful, (run.from, run.to) == (from, to));
            let takes_over = run.ordered && run.work(plan) == Work::Promote;
            // A promotion that is under way needs the region no more; a switchover does.
            leaves && graceful && takes_over && !run.moved && !run.runs(plan, Action::Promote)
        };
        let Some(at) = self.executions.iter().position(planned) else { return };
        debug_assert!(self.executions[at].acts, "what was ordered has been decided");
        let entry = system.route53.endpoints[from.index()].entry.or(self.executions[at].entry);
        self.call_off(ctx, system, at);
        if let Some(entry) = entry {
            let next =
                self.begin_run(ctx, system, book, Beginning { command: None, from, to, about: None, entry });
            self.executions[next].ordered = true;
            self.declare(ctx, system, next);
        }
    }

    /// An alarm of monitoring pages somebody. It starts nothing by itself: a person looks, and decides, even if a runbook acts
    /// at once on a verdict of health checks.
    pub(super) fn on_page(&mut self, ctx: &mut Context<'_>, system: &mut System, region: RegionId) {
        let plan = ctx.plan;
        let entry = system.monitoring.raised_by(region);
        let (Some(found), Some(entry)) = (self.look(ctx, system, region), entry) else { return };
        let (from, to) = found.ends;
        let Some(book) = self.choose(ctx, system, &found.when, found.ends) else { return };
        let runbook = &plan.runbooks[book];
        let rebuilds = from != to && runbook.step_with(Action::Restore).is_some();
        // Nobody makes all anew while the region answers.
        if runbook.decider == Decider::Manual || (rebuilds && !found.certain) {
            return;
        }
        if from == to {
            // What had gone on elsewhere is of no use any more: the data there are as bad.
            while let Some(at) = self.executions.iter().position(|run| run.is_busy(plan)) {
                self.call_off(ctx, system, at);
            }
        }
        // The alarm may have gone off because of something else, and be on because of what was found.
        let entry = ctx.younger(Some(entry), found.because).unwrap_or(entry);
        let beginning = Beginning { command: None, from, to, about: found.about, entry };
        let at = self.begin_run(ctx, system, book, beginning);
        (self.executions[at].by_alarm, self.executions[at].certain) = (true, found.certain);
        self.escalate(ctx, system, at, true);
    }

    /// What a person finds who looks why a region fails; `None` if somebody is at it already, or nothing could be done.
    fn look(&self, ctx: &Context<'_>, system: &System, region: RegionId) -> Option<Finding> {
        let plan = ctx.plan;
        // What is being recovered already is not begun again, unless the work has moved and cannot be used there.
        let busy = self.executions.iter().any(|run| run.is_busy(plan) && !run.is_tried(plan));
        let primary = system.ownership.primary();
        if let Some(ruin) = system.first_ruin().filter(|ruin| !system.goes_on_elsewhere(ctx, ruin.fault)) {
            // Where the writes go that the fault has ruined: by the newest claim, as a region in the dark has not heard it.
            let partition = ruin.fault.region().map(|region| system.ownership.partition_of_region(region));
            let owner = partition.map_or(primary, |it| system.ownership.newest(it).owner);
            let owner = system.restores_in(plan, owner);
            let about = Some(ruin.entry);
            let (when, ends) = (vec![When::Alarm], (owner, owner));
            let found = Finding { when, ends, about, because: about, certain: true };
            return (!busy).then_some(found);
        }
        let single = !plan.writes_everywhere() && !system.dark[primary.index()];
        let gone = single && system.databases[primary.index()].status == Status::Down;
        let from = if gone { primary } else { region };
        let to = target(plan, system, from)?;
        let found = Finding {
            when: vec![When::Alarm, When::Unhealthy],
            ends: (from, to),
            about: None,
            because: system.databases[from.index()].lost_by.filter(|_| gone),
            certain: gone,
        };
        if gone {
            return (!busy).then_some(found);
        }
        let known = self.executions.iter().any(|run| run.is_busy(plan) && run.from == region);
        let record = &system.route53.endpoints[to.index()];
        // Nobody moves the work to where nothing is well.
        let ill = (!record.healthy && record.record) || system.monitoring.alarms.contains(to);
        (!known && !ill && !self.left_alone.contains(region)).then_some(found)
    }

    /// An alarm is over: whoever still looks at it need not decide any more.
    pub(super) fn on_page_over(&mut self, ctx: &mut Context<'_>, system: &mut System, region: RegionId) {
        self.left_alone.remove(region);
        let looks = |run: &Execution| run.by_alarm && run.is_deciding() && run.from == region;
        while let Some(at) = self.executions.iter().position(looks) {
            debug_assert!(!self.executions[at].acts, "nothing has been done yet");
            self.call_off(ctx, system, at);
        }
    }

    /// The health checks have found a region healthy again.
    pub(super) fn on_healthy_again(&mut self, ctx: &mut Context<'_>, system: &mut System, to: RegionId) {
        // Whoever waits for the region, or for an answer whether to go on without it, need not.
        let waits = |run: &Execution| {
            let forced = run.runbook(ctx.plan).mode == Mode::Ungraceful;
            forced && run.from == to && !run.moved && (run.waits || run.asks.is_some())
        };
        while let Some(at) = self.executions.iter().position(waits) {
            self.call_off(ctx, system, at);
        }
        let from = system.ownership.primary();
        let entry = system.route53.endpoints[to.index()].entry;
        let (Some(entry), true) = (entry, from != to) else { return };
        let Some(book) = self.choose(ctx, system, &[When::HealthyAgain], (from, to)) else { return };
        if ctx.plan.runbooks[book].decider == Decider::Manual || self.is_being_left(ctx.plan, from) {
            return;
        }
        let beginning = Beginning { command: None, from, to, about: None, entry };
        let at = self.begin_run(ctx, system, book, beginning);
        self.escalate(ctx, system, at, false);
    }

    /// Executions that go to a region which cannot be reached give way, if ownership has moved there already or another
    /// region can take the work; a restore in place there is of no use either.
    fn leave(&mut self, ctx: &mut Context<'_>, system: &mut System, endpoint: RegionId) {
        let plan = ctx.plan;
        let gives_way = |system: &System, run: &Execution| {
            if run.to != endpoint || !run.is_busy(plan) {
                return false;
            }
            let elsewhere = target(plan, system, run.from).is_some_and(|to| to != endpoint);
            if run.from == run.to {
                // What is being mended there goes on; a database is not made anew where nobody can be served.
                return !run.moved && run.work(plan) == Work::Restore;
            }
            run.moved || elsewhere
        };
        while let Some(at) = self.executions.iter().position(|run| gives_way(system, run)) {
            let Execution { from, to, moved, .. } = self.executions[at];
            let entry = system.route53.endpoints[from.index()].entry;
            self.call_off(ctx, system, at);
            // What it was for is still to be done.
            let ill = from != to && !moved && !system.route53.endpoints[from.index()].healthy;
            if let (true, Some(to), Some(entry)) = (ill, target(plan, system, from), entry)
                && let Some(book) = self.choose(ctx, system, &[When::Unhealthy], (from, to))
                && plan.runbooks[book].decider != Decider::Manual
            {
                let beginning = Beginning { command: None, from, to, about: None, entry };
                let next = self.begin_run(ctx, system, book, beginning);
                self.escalate(ctx, system, next, false);
            }
        }
    }

    /// Whether an execution is under way that leaves a region and has not done so yet.
    pub(super) fn is_being_left(&self, plan: &Plan, region: RegionId) -> bool {
        self.executions
            .iter()
            .any(|run| run.from == region && run.to != region && !run.moved && run.is_busy(plan))
    }

    /// The runbook that fits: the first that starts by one of these, and for which all is given.
    pub(super) fn choose(
        &self,
        ctx: &Context<'_>,
        system: &System,
        when: &[When],
        (from, to): (RegionId, RegionId),
    ) -> Option<usize> {
        let plan = ctx.plan;
        plan.runbooks.iter().position(|book| {
            let at = match book.region {
                Place::Region(region) => region == from,
                Place::Owner | Place::Target | Place::AllOthers => owns(system, from),
            };
            at && when.contains(&book.when) && Self::is_given(ctx, system, book.given, (from, to))
        })
    }

    /// Whether what a runbook takes for given is so.
    pub(super) fn is_given(
        ctx: &Context<'_>,
        system: &System,
        given: Given,
        (from, to): (RegionId, RegionId),
    ) -> bool {
        let plan = ctx.plan;
        let single = !plan.writes_everywhere();
        let level = || {
            let stream = system.stream_to(to).filter(|stream| stream.from == from);
            let near = stream.is_some_and(|stream| stream.lag(ctx.now) <= LEVEL);
            near && system.no_way_between(from, to).is_none()
        };
        debug_assert!(from.index() < plan.regions() && to.index() < plan.regions(), "they are there");
        match given {
            Given::Anything => true,
            Given::Copy => single && (system.can_be_promoted(to) || system.is_left_behind(to)),
            Given::NoCopy => single && !system.can_be_promoted(to) && !system.is_left_behind(to),
            Given::LevelCopy => single && system.can_be_promoted(to) && level(),
            Given::Switchover => single && !plan.rules.one_way && system.can_be_promoted(to) && level(),
            Given::Homes => plan.has_homes() && plan.scenario.recovery.rehome,
            Given::Sites => plan.writes_everywhere(),
            Given::Ruin => system.first_ruin().is_some(),
        }
    }

    /// The decider hears of what checks or an alarm have found.
    pub(super) fn escalate(&mut self, ctx: &mut Context<'_>, system: &mut System, at: usize, by_alarm: bool) {
        debug_assert!(self.executions[at].is_deciding(), "somebody is asked before anything is done");
        let number = self.executions[at].number;
        ctx.tell(Occurrence::Run(number, RunEvent::Noticed(by_alarm)));
        let decider = self.executions[at].runbook(ctx.plan).decider;
        if decider == Decider::Automatic && !by_alarm {
            self.declare(ctx, system, at);
        } else {
            self.advance(ctx, system, at);
        }
    }

    /// The decision has been made: the disaster is declared, unless the region has come back meanwhile.
    pub(super) fn decide(&mut self, ctx: &mut Context<'_>, system: &mut System, at: usize) {
        let run = &self.executions[at];
        let (from, certain) = (run.from, run.certain);
        debug_assert!(run.is_deciding(), "what was decided is not decided again");
        let well = if from == run.to {
            run.by_alarm && system.first_ruin().is_none()
        } else if run.by_alarm && !certain {
            // A person does not move everything because of a few errors.
            // Without any counts health checks are what there is to go by.
            let share = system.monitoring.failing_share(from);
            share.map_or(system.is_whole(from), |share| share <= *ctx.plan.scenario.operations.act_share)
        } else {
            system.is_whole(from)
        };
        if well {
            if self.executions[at].by_alarm {
                self.left_alone.insert(from);
            }
            self.call_off(ctx, system, at);
        } else {
            self.declare(ctx, system, at);
        }
    }

    /// What an execution that is called off has begun is undone: its region takes the writes again if nothing was put in its
    /// place, what was added elsewhere goes, and a release is taken back.
    pub(super) fn undo(&mut self, ctx: &mut Context<'_>, system: &mut System, run: &Execution) {
        if run.release.is_some() && run.runbook(ctx.plan).step_with(Action::Release).is_some() {
            self.take_back(ctx, system, run, system.control.entry);
        }
        if run.moved || !run.acts {
            return;
        }
        if run.from == run.to {
            let stopped = |(step, it): (&Step, StepRun)| {
                step.action == Action::StopWrites && it.progress == Progress::Done
            };
            if run.steps(ctx.plan).any(stopped) {
                system.reopen_after_restore(ctx, run.to, |partition| self.leases[partition].is_none());
            }
            return;
        }
        let frozen = |partition: usize| {
            let claim = system.ownership.newest(partition);
            claim.owner == run.from && !claim.open
        };
        let closed: Vec<usize> = (0..system.ownership.partitions()).filter(|it| frozen(*it)).collect();
        let free = |partition: &usize| self.leases[*partition].is_none();
        for partition in closed.into_iter().filter(free) {
            system.reopen(ctx, partition);
        }
        debug_assert!(!self.executions.iter().any(|it| it.number == run.number), "it is not under way");
        if system.ownership.primary() != run.to {
            system.reset_servers(ctx.plan, run.to);
        }
    }

    /// What follows an answer to the open question of an execution.
    pub(super) fn answer(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        (answer, at): (Answer, usize),
        (command, entry): (Command, EntryId),
    ) {
        let run = &mut self.executions[at];
        debug_assert!(run.asks.is_some() || answer == Answer::Yes, "somebody was asked");
        run.asks = None;
        run.entry = Some(entry);
        if answer == Answer::Wait {
            run.waits = true;
            return;
        }
        let (from, to) = (run.from, run.to);
        let promotes = run.runbook(ctx.plan).step_with(Action::Promote).is_some();
        if promotes {
            run.behind = true;
            self.advance(ctx, system, at);
            self.retire(ctx);
            return;
        }
        // What leaves a failback or a switchover is a trigger of its own: the copy is promoted instead.
        self.call_off(ctx, system, at);
        let decided = self.choose(ctx, system, &[When::Decision], (from, to));
        let promotes =
            |book: &Runbook| book.when == When::Unhealthy && book.step_with(Action::Promote).is_some();
        if let Some(book) = decided.or_else(|| ctx.plan.runbooks.iter().position(promotes)) {
            let beginning = Beginning { command: Some(command), from, to, about: None, entry };
            let next = self.begin_run(ctx, system, book, beginning);
            self.executions[next].behind = true;
            self.declare(ctx, system, next);
        }
    }
}

/// What somebody has found who was paged.
struct Finding {
    /// What may start the runbook that helps.
    when: Vec<When>,
    /// The region that work leaves, and that it goes to.
    ends: (RegionId, RegionId),
    /// The fault that has ruined data, by its line.
    about: Option<EntryId>,
    /// The line about what is broken, if that is plain.
    because: Option<EntryId>,
    /// It is plain what is broken: nobody has to weigh how many fail.
    certain: bool,
}

/// Where the work of a region could go.
pub(super) fn target(plan: &Plan, system: &System, from: RegionId) -> Option<RegionId> {
    if plan.writes_everywhere() { system.new_home(plan, from) } else { system.recovery_region(plan, from) }
}

/// Whether a region takes the writes of a partition, by its newest claim.
pub(super) fn owns(system: &System, region: RegionId) -> bool {
    (0..system.ownership.partitions()).any(|partition| system.ownership.newest(partition).owner == region)
}
