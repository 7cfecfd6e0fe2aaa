//! The fence, and the copy that takes over: its promotion waits for what is still on its way, restarts, and finds out what
//! it does not have.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::RegionId;
use crate::model::fault::Fault;
use crate::model::runbook::{Obstacle, StepName};
use crate::model::{Cutover, RoutingPolicy};
use crate::operations::execution::Course;
use crate::run::world::World;
use crate::system::context::Context;
use crate::system::database::{Role, Status};
use crate::system::event::Event;
use crate::system::journal::What;
use crate::system::stream::Commit;

impl World {
    /// The fence: the old primary is told where it can be reached, and everybody else stops writing to it.
    pub(super) fn on_fenced(&mut self, ctx: &mut Context<'_>) {
        let from = self.operations.recovery.from;
        // Where the fence fails, the old primary and the servers beside it go on as before.
        let kept = self.system.is_in_force(Fault::FenceFails).then_some(from.index());
        for (region, writer) in self.system.writers.iter_mut().enumerate() {
            if !self.system.dark[region] && kept != Some(region) {
                *writer = None;
            }
        }
        self.system.to_be_fenced = Some(from);
        self.end_step(ctx, StepName::Fence);
        self.fence_if_reachable(ctx);
        if self.operations.recovery.course == Course::Promote {
            self.begin_step(ctx, StepName::Promote);
            self.try_promotion(ctx);
        }
    }

    /// The order to stop writing reaches the old primary as soon as its region answers again.
    pub(super) fn fence_if_reachable(&mut self, ctx: &mut Context<'_>) {
        let Some(region) = self.system.to_be_fenced else { return };
        let fails = self.system.is_in_force(Fault::FenceFails);
        let database = &mut self.system.databases[region.index()];
        if self.system.dark[region.index()] || database.status != Status::Up || fails {
            return;
        }
        database.role = Role::Fenced;
        self.system.to_be_fenced = None;
        self.system.writers[region.index()] = (self.system.acting != region).then_some(self.system.acting);
        ctx.note(self.operations.recovery.entry, What::Fenced(region));
    }

    /// Where the engine keeps its topology, the old primary follows again by itself.
    pub(super) fn rejoin_if_possible(&mut self, ctx: &mut Context<'_>) {
        let kept = !ctx.plan.rules.one_way
            && self.operations.recovery.course == Course::Promote
            && self.system.streams.is_empty();
        let old = self.system.databases.iter().find(|db| db.role == Role::Fenced && db.status == Status::Up);
        if let (true, Some(region)) = (kept, old.map(|db| db.region)) {
            self.begin_rejoin(ctx, region);
        }
    }

    /// Promotion begins where there is a copy to be promoted; else it waits.
    pub(super) fn try_promotion(&mut self, ctx: &mut Context<'_>) {
        let to = self.operations.recovery.to;
        let closed = self.closed(to);
        let database = &mut self.system.databases[to.index()];
        if self.operations.recovery.promoting {
            return;
        }
        let obstacle = if let Some(closed) = closed {
            Some(closed)
        } else if database.role != Role::Replica || database.status != Status::Up {
            Some(Obstacle::NoReplica(to))
        } else {
            None
        };
        if self.block(ctx, StepName::Promote, obstacle) || self.still_draining() {
            return;
        }
        self.system.databases[to.index()].role = Role::Promoting;
        self.operations.recovery.promoting = true;
        let settings = &ctx.plan.scenario.recovery;
        let (least, typical, most) =
            (settings.promote_min_s, settings.promote_typical_s, settings.promote_max_s);
        let span = self.operations.recovery.span(ctx, StepName::Promote).triangular(least, typical, most);
        let turn = self.operations.recovery.turn;
        ctx.after_s(span - settings.promote_restart_s.min(span), Event::PromotionRestart(turn));
        ctx.after_s(span, Event::StepDone(StepName::Promote, turn));
    }

    /// The old primary is fenced but there, and what it committed last is still on its way: a promotion that does not
    /// have to lose anything waits for it.
    fn still_draining(&self) -> bool {
        self.system.stream().is_some_and(|stream| {
            let connected = self.system.network.direction(stream.from, stream.to).cuts == 0;
            connected && self.system.databases[stream.from.index()].can_ship() && stream.behind() > 0
        })
    }

    /// The last part of a promotion: the database restarts and cannot be read.
    pub(super) fn on_promotion_restart(&mut self, turn: u32) {
        let database = &mut self.system.databases[self.operations.recovery.to.index()];
        if turn == self.operations.recovery.turn
            && self.operations.recovery.promoting
            && database.status == Status::Up
        {
            database.status = Status::Restarting;
        }
    }

    pub(super) fn on_promoted(&mut self, ctx: &mut Context<'_>) {
        let to = self.operations.recovery.to;
        self.operations.recovery.promoting = false;
        if self.system.dark[to.index()] || self.system.databases[to.index()].status != Status::Restarting {
            // The copy was lost on the way: begin again when it is there.
            self.system.databases[to.index()].role = Role::Replica;
            self.try_promotion(ctx);
            return;
        }
        let database = &mut self.system.databases[to.index()];
        database.role = Role::Primary;
        database.status = Status::Up;
        self.system.acting = to;
        let missing: Vec<Commit> = self
            .system
            .streams
            .drain(..)
            .flat_map(|stream| stream.missing().copied().collect::<Vec<_>>())
            .collect();
        let lost: Vec<Commit> = missing.iter().filter(|commit| commit.acknowledged).copied().collect();
        let numbers: Vec<u64> = missing.iter().map(|commit| self.observer.ledger.number(commit.id)).collect();
        self.observer.ledger.undo(ctx.now, numbers.into_iter());
        self.operations.recovery.stranded.extend(missing);
        for (region, writer) in self.system.writers.iter_mut().enumerate() {
            let knows = !self.system.dark[region] && self.system.to_be_fenced != Some(RegionId(region as u8));
            if knows {
                *writer = Some(to);
            }
        }
        let entry =
            ctx.note(self.operations.recovery.entry, What::Promoted { region: to, lost: lost.len() as u32 });
        self.operations.recovery.entry = Some(entry);
        self.end_step(ctx, StepName::Promote);
        let incident = &mut self.observer.incidents[self.operations.recovery.incident];
        incident.rpo.get_or_insert(SimDuration::ZERO);
        self.count_lost(ctx, &lost);
        let recovery = &ctx.plan.scenario.recovery;
        if recovery.cutover == Cutover::RecordChange {
            self.begin_step(ctx, StepName::ChangeRecord);
        } else if recovery.pin && ctx.plan.scenario.dns.policy == RoutingPolicy::Failover {
            self.begin_step(ctx, StepName::Pin);
        }
    }
}
