//! Copies that are filled anew: those of other regions after a promotion or a restore, and an old primary's.

use crate::kernel::id::RegionId;
use crate::model::runbook::{Obstacle, StepName};
use crate::operations::Operations;
use crate::system::System;
use crate::system::context::Context;
use crate::system::journal::What;

impl Operations {
    /// The copies in other regions are to be filled from a new primary or a restored database, if there are any.
    pub(super) fn begin_filling(&mut self, ctx: &mut Context<'_>, system: &mut System, source: RegionId) {
        debug_assert!(system.databases[source.index()].is_primary(), "a primary is what is copied");
        if system.unfilled(source).next().is_some() && !self.is_open(StepName::Refill) {
            self.begin_step(ctx, system, StepName::Refill);
        }
        self.watch_copies(ctx, system);
    }

    /// A second has passed: copies begin where both ends answer, and what keeps them waiting is said.
    pub(super) fn watch_copies(&mut self, ctx: &mut Context<'_>, system: &mut System) {
        if self.is_open(StepName::Refill) {
            let source = system.ownership.primary();
            // An engine that keeps its topology brings what differs, and not everything.
            let one_way = ctx.plan.rules.one_way || ctx.plan.writes_everywhere();
            let seconds =
                if one_way { System::copy_s(ctx.plan) } else { *ctx.plan.scenario.database.restart_s };
            let ready = |region: &RegionId| system.answers(source) && system.answers(*region);
            let now: Vec<RegionId> = system.unfilled(source).filter(ready).collect();
            for region in now {
                system.follow_anew(ctx, (source, region), seconds);
            }
            let waits = system.unfilled(source).find(|region| !system.answers(*region));
            let silent =
                (!system.answers(source)).then_some(source).or(waits).or_else(|| system.silent_end());
            self.block(ctx, system, StepName::Refill, silent.map(Obstacle::RegionDark));
            self.end_filling(ctx, system);
        }
        for step in [StepName::Rebuild, StepName::Rejoin] {
            if self.is_open(step) {
                self.block(ctx, system, step, system.silent_end().map(Obstacle::RegionDark));
            }
        }
    }

    fn end_filling(&mut self, ctx: &mut Context<'_>, system: &System) {
        let source = system.ownership.primary();
        let under_way = system.transfers.under_way.iter().any(|transfer| transfer.from == source);
        if !under_way && system.unfilled(source).next().is_none() {
            debug_assert!(
                system.answers(source) || self.is_open(StepName::Refill),
                "somebody has filled them"
            );
            self.end_step(ctx, system, StepName::Refill);
        }
    }

    /// A copy is whole: it follows, and if it was an old primary's, that is told.
    pub(super) fn on_copied(
        &mut self,
        ctx: &mut Context<'_>,
        system: &mut System,
        from: RegionId,
        to: RegionId,
    ) {
        debug_assert_ne!(from, to, "a copy goes to another region");
        system.end_filling(ctx, to);
        if self.is_open(StepName::Rebuild) && self.recovery.to == to {
            self.end_step(ctx, system, StepName::Rebuild);
            self.begin_step(ctx, system, StepName::CatchUp);
        } else if self.end_step(ctx, system, StepName::Rejoin) {
            ctx.note(system.control.entry, What::Rejoined(to));
        } else if self.is_open(StepName::Refill) {
            self.end_filling(ctx, system);
        }
    }
}
