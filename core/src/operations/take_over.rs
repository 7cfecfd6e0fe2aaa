//! What follows when the failover controller of the database has told a copy to take over.

use crate::kernel::id::{EntryId, RegionId};
use crate::model::runbook::When;
use crate::operations::Operations;
use crate::operations::execution::Execution;
use crate::system::System;
use crate::system::context::Context;
use crate::system::occurrence::{Beginning, Occurrence, RunEvent};

impl Operations {
    /// The controller acts at once, and on what it knows. Whatever was begun for the same gives way, unless it is past the point
    /// of no return.
    pub(super) fn on_take_over(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        (from, to): (RegionId, RegionId),
        entry: EntryId,
    ) {
        let plan = ctx.plan;
        // It may be told more than once, and late.
        if system.ownership.primary() != from || !system.can_be_promoted(to) {
            return;
        }
        let Some(book) = self.choose(ctx, system, &[When::Controller], (from, to)) else { return };
        let same = |run: &Execution| run.book == book && run.from == from && !run.moved && run.is_busy(plan);
        if self.executions.iter().any(same) || self.clear_the_way(ctx, system, from).is_err() {
            return;
        }
        let beginning = Beginning { command: None, from, to, about: None, entry };
        let at = self.begin_run(ctx, system, book, beginning);
        ctx.tell(Occurrence::Run(self.executions[at].number, RunEvent::Noticed(false)));
        self.declare(ctx, system, at);
    }
}
