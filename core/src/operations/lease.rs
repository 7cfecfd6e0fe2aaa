//! Leases: the step that changes who takes the writes of a partition holds the partition meanwhile, so that two executions
//! that want the same go one after the other.

use crate::kernel::clock::SimDuration;
use crate::model::obstacle::Obstacle;
use crate::model::plan::Plan;
use crate::operations::Operations;
use crate::operations::execution::Task;
use crate::system::System;
use crate::system::context::Context;

/// A step that has waited so long gives its lease back.
const PATIENCE: SimDuration = SimDuration::from_micros(60_000_000);

/// The number of an execution and the place of its step.
pub type Lease = (u32, u8);

impl Operations {
    /// Takes the lease on what a step changes the ownership of. The obstacle if another step has it.
    pub(super) fn no_lease(&mut self, plan: &Plan, system: &System, task: Task<'_>) -> Option<Obstacle> {
        if !task.step.action.owns() {
            return None;
        }
        let own: Lease = (self.executions[task.at].number, task.index as u8);
        let partitions = self.partitions(plan, system, task);
        let taken = |partition: &usize| self.leases[*partition].is_some_and(|lease| lease != own);
        if let Some(partition) = partitions.iter().find(|partition| taken(partition)) {
            return Some(Obstacle::Lease(system.ownership.newest(*partition).owner));
        }
        debug_assert!(partitions.len() <= system.ownership.partitions(), "no more than there are");
        for partition in partitions {
            self.leases[partition] = Some(own);
        }
        None
    }

    /// The partitions whose ownership a step changes.
    pub(super) fn partitions(&self, plan: &Plan, system: &System, task: Task<'_>) -> Vec<usize> {
        if let Some(partition) = self.executions[task.at].partition {
            return vec![partition];
        }
        // A restore takes all of them for as long as it lasts.
        let all = task.from == task.to || !plan.writes_everywhere();
        let owned = |partition: &usize| all || system.ownership.newest(*partition).owner == task.from;
        (0..system.ownership.partitions()).filter(owned).collect()
    }

    /// A step gives back what it holds.
    pub(super) fn release(&mut self, task: Task<'_>) {
        let own: Lease = (self.executions[task.at].number, task.index as u8);
        for lease in self.leases.values_mut().filter(|lease| **lease == Some(own)) {
            *lease = None;
        }
    }

    /// Steps that have waited for a minute give their leases back; they take them again before they end.
    pub(super) fn give_back_leases(&mut self, ctx: &Context<'_>, at: usize) {
        for index in 0..self.executions[at].steps.len() {
            let blocked = self.executions[at].steps[index].blocked;
            if blocked.is_some_and(|since| ctx.now.since(since) >= PATIENCE) {
                self.release(self.task(ctx.plan, at, index));
            }
        }
    }
}
