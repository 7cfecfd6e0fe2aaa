//! Placement of data: what laws do not let a step do, and where partitions go that a law binds.

use crate::kernel::id::RegionId;
use crate::model::obstacle::Obstacle;
use crate::model::plan::Plan;
use crate::model::runbook::Brings;
use crate::operations::Operations;
use crate::operations::execution::{Execution, Task};
use crate::operations::interpreter::Next;
use crate::system::System;
use crate::system::context::Context;

impl Operations {
    /// The law that keeps a step from bringing data to where it would.
    pub(super) fn unlawful(&self, plan: &Plan, system: &System, task: Task<'_>) -> Option<Obstacle> {
        if plan.placement.is_free() {
            return None;
        }
        let law = |law| Obstacle::Law(law, task.to);
        match task.step.action.brings() {
            Brings::Nothing => None,
            Brings::Here => plan.placement.forbids_all(task.on).map(|law| Obstacle::Law(law, task.on)),
            Brings::ToTarget => {
                let mut partitions = self.partitions(plan, system, task).into_iter();
                partitions.find_map(|partition| plan.placement.forbids(task.to, partition)).map(law)
            }
            Brings::Homes => {
                // It begins if any of them can be given a home.
                let mut homes = self.homes(plan, system, task).map(|(_, home)| home).peekable();
                let none = homes.peek()?.err();
                if homes.any(|home| home.is_ok()) { None } else { none }
            }
        }
    }

    /// The partitions of a step with the home that each gets: where work goes to; or if a law binds it, there or in the next
    /// region that takes writes and may hold it. An obstacle if there is none.
    fn homes<'a>(
        &self,
        plan: &'a Plan,
        system: &'a System,
        task: Task<'a>,
    ) -> impl Iterator<Item = (usize, Result<RegionId, Obstacle>)> + use<'a> {
        self.partitions(plan, system, task).into_iter().map(move |partition| {
            let Some(law) = plan.placement.law_of(partition) else { return (partition, Ok(task.to)) };
            let open =
                |region: &RegionId| *region != task.from && system.databases[region.index()].writable();
            let mut others = std::iter::once(task.to).chain(plan.region_ids()).filter(open);
            let home = others.clone().find(|region| plan.placement.may_hold(*region, partition));
            // Of several laws that one is told that stands in the way.
            let against = others.find_map(|region| plan.placement.forbids(region, partition));
            (partition, home.ok_or(Obstacle::NoLawfulHome(against.unwrap_or(law))))
        })
    }

    /// The time of a rehoming is over: partitions get their new homes. Those that no region may take wait for one.
    pub(super) fn finish_rehoming(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        task: Task<'_>,
    ) -> Next {
        debug_assert_ne!(task.from, task.to, "a home moves to another region");
        let plan = ctx.plan;
        if let Some(obstacle) = self.unlawful(plan, system, task) {
            return Next::Again(obstacle);
        }
        // Whoever has waited long has given the lease back.
        let waited = self.executions[task.at].steps[task.index].blocked.is_some();
        if let Some(obstacle) = waited.then(|| self.no_lease(plan, system, task)).flatten() {
            return Next::Again(obstacle);
        }
        let mut remains = None;
        for (partition, home) in self.homes(plan, system, task).collect::<Vec<_>>() {
            match home {
                Ok(home) => {
                    debug_assert!(
                        plan.placement.may_hold(home, partition),
                        "a home is where the law lets it be"
                    );
                    system.give_home(ctx, partition, home);
                    self.executions[task.at].moved = true;
                }
                Err(obstacle) => remains = remains.or(Some(obstacle)),
            }
        }
        remains.map_or(Next::Done, Next::Again)
    }

    /// Whoever waits until a law is satisfied has nothing to do any more once the region that was left is well again.
    pub(super) fn call_off_needless(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        let plan = ctx.plan;
        let waits = |run: &Execution| {
            let by_law = |obstacle: Option<Obstacle>| obstacle.is_some_and(|it| it.law().is_some());
            run.steps(plan)
                .any(|(_, it)| it.progress.is_open() && it.blocked.is_some() && by_law(it.obstacle))
        };
        let needless = |system: &System, run: &Execution| {
            run.acts && !run.ordered && run.from != run.to && waits(run) && system.is_whole(run.from)
        };
        while let Some(at) = self.executions.iter().position(|run| needless(system, run)) {
            self.call_off(ctx, system, at);
        }
    }
}
