//! Steps call control planes, and hear what those answer.

use crate::kernel::id::RegionId;
use crate::model::obstacle::Obstacle;
use crate::operations::Operations;
use crate::operations::execution::{Progress, Task};
use crate::operations::interpreter::Next;
use crate::system::System;
use crate::system::context::Context;
use crate::system::control_call::{Asks, ControlCall, Reply};

impl Operations {
    /// Has the control plane of a region accept what a step asks of it. `None`: it has. Else the step waits: for the answer, or
    /// for what keeps it from being accepted.
    pub(super) fn called(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        task: Task<'_>,
        (region, asks): (RegionId, Asks),
    ) -> Option<Next> {
        let run = &mut self.executions[task.at];
        let number = run.number;
        let calls = &mut run.steps[task.index].calls;
        if calls.accepted.contains(region) {
            return None;
        }
        if calls.open.contains(region) {
            if calls.is_answer_due(ctx.now) {
                return Some(calls.refused.map_or(Next::Hold, Next::Wait));
            }
            // Whether nobody is there or nobody answers is not known to the caller; the health checks say which.
            calls.open.remove(region);
            calls.fail(ctx.now, system.closed(region).unwrap_or(Obstacle::ControlPlane(region)));
        }
        if ctx.now >= calls.again {
            let name = ControlCall { run: number, step: task.index as u8, nth: calls.made };
            (calls.made, calls.asked) = (calls.made.saturating_add(1), ctx.now);
            calls.open.insert(region);
            system.call(ctx, region, name, asks);
        }
        debug_assert!(calls.open.contains(region) || calls.refused.is_some(), "it waits for something");
        Some(calls.refused.map_or(Next::Hold, Next::Wait))
    }

    /// A control plane has answered: the step goes on, or calls again later.
    pub(super) fn on_call_answered(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        name: ControlCall,
        (region, reply): (RegionId, Reply),
    ) {
        let Some(at) = self.executions.iter().position(|run| run.number == name.run) else { return };
        let Some(step) = self.executions[at].steps.get_mut(usize::from(name.step)) else { return };
        if step.progress != Progress::Waiting || !step.calls.open.contains(region) {
            return;
        }
        let calls = &mut step.calls;
        calls.open.remove(region);
        match reply {
            Reply::Accepted => {
                calls.accepted.insert(region);
                (calls.failed, calls.refused) = (0, None);
            }
            Reply::Refused(obstacle) => calls.fail(ctx.now, obstacle),
            Reply::Throttled => calls.fail(ctx.now, Obstacle::Throttled(region)),
        }
        debug_assert!(calls.made > 0, "what is answered was asked");
        self.advance(ctx, system, at);
        self.retire(ctx);
    }
}
