//! Homes: which region takes the writes of which keys, how a home moves, and who has heard of it.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::RegionId;
use crate::model::Handover;
use crate::model::fault::{Command, Fault};
use crate::model::plan::Plan;
use crate::model::runbook::{Obstacle, StepName};
use crate::operations::execution::{Course, Stage};
use crate::run::world::World;
use crate::system::context::Context;
use crate::system::event::Event;
use crate::system::first_homes;
use crate::system::journal::What;

impl World {
    /// Where a partition's home is, as its own region or else any that is there knows it.
    pub fn home(&self, partition: usize) -> Option<RegionId> {
        let says = |region: usize| self.system.homes[region][partition].filter(|_| !self.system.dark[region]);
        says(partition).or_else(|| (0..self.system.homes.len()).find_map(says))
    }

    /// Someone wants a partition's home elsewhere.
    pub(super) fn order_move_home(&mut self, ctx: &mut Context<'_>, partition: RegionId, to: RegionId) {
        let command = Command::MoveHome(partition, to);
        let from = self.home(partition.index());
        let free = matches!(self.operations.recovery.stage, Stage::Idle | Stage::Over);
        let (Some(from), true) = (from.filter(|from| *from != to && !self.system.dark[to.index()]), free)
        else {
            ctx.note(None, What::OrderRefused(command));
            return;
        };
        let entry = ctx.note(None, What::Ordered(command));
        let incident = self.open_incident(ctx, command, entry);
        self.observer.incidents[incident].decided = Some(ctx.now);
        self.begin_run(ctx, incident, from, to, Course::MoveHome(partition));
        self.operations.recovery.stage = Stage::FailingOver;
        self.operations.recovery.entry = Some(entry);
        self.begin_step(ctx, StepName::HandOver);
        if ctx.plan.scenario.recovery.handover == Handover::Freeze {
            // Whoever sends the old home a write of this partition from now on is refused.
            self.system.homes[from.index()][partition.index()] = None;
            for region in ctx.plan.region_ids().filter(|region| !self.system.dark[region.index()]) {
                self.system.homes[region.index()][partition.index()] = None;
            }
        }
        self.watch_handover(ctx);
    }

    /// A frozen partition moves when the new home has all of it; a live one at once.
    pub(super) fn watch_handover(&mut self, ctx: &mut Context<'_>) {
        let Course::MoveHome(partition) = self.operations.recovery.course else { return };
        if !self.is_open(StepName::HandOver) {
            return;
        }
        let (from, to) = (self.operations.recovery.from, self.operations.recovery.to);
        let frozen = ctx.plan.scenario.recovery.handover == Handover::Freeze;
        let behind = self.system.streams.iter().any(|s| s.from == from && s.to == to && s.behind() > 0);
        let dark = [from, to].into_iter().find(|region| self.system.dark[region.index()]).filter(|_| frozen);
        let cut = self.system.network.direction(from, to).cuts > 0 && frozen;
        let obstacle = dark.map(Obstacle::RegionDark).or((cut && behind).then_some(Obstacle::NoReplica(to)));
        if self.block(ctx, StepName::HandOver, obstacle) || (frozen && behind) {
            return;
        }
        self.end_step(ctx, StepName::HandOver);
        self.give_home(ctx, partition.index(), to);
        self.operations.recovery.stage = Stage::Idle;
        self.operations.recovery.course = Course::Promote;
    }

    /// The newest home of a partition, whoever has heard of it.
    pub(super) fn newest_home(&self, plan: &Plan, partition: usize) -> RegionId {
        self.system.newest_homes[partition].or(first_homes(plan)[partition]).unwrap_or(RegionId(0))
    }

    /// A partition has a new home: that region knows at once, the others when the news arrives.
    fn give_home(&mut self, ctx: &mut Context<'_>, partition: usize, to: RegionId) {
        ctx.note(
            self.operations.recovery.entry,
            What::HomeMoved { partition: RegionId(partition as u8), to },
        );
        self.system.homes[to.index()][partition] = Some(to);
        for region in ctx.plan.region_ids().filter(|region| *region != to) {
            let one_way_ms = ctx.plan.region_round_trip_ms[to.index()][region.index()] / 2.0;
            ctx.after(SimDuration::from_millis(one_way_ms), Event::HomesKnown(region, partition as u8, to));
        }
        self.system.newest_homes[partition] = Some(to);
    }

    /// The news of a home arrives, where the region is there and the way is open.
    pub(super) fn on_homes_known(&mut self, region: RegionId, partition: u8, home: RegionId) {
        let cut = self.system.network.direction(home, region).cuts > 0;
        let fails = self.system.is_in_force(Fault::FenceFails);
        if !self.system.dark[region.index()]
            && !cut
            && !fails
            && self.system.newest_homes[usize::from(partition)] == Some(home)
        {
            self.system.homes[region.index()][usize::from(partition)] = Some(home);
        }
    }

    /// The runbook gives the partitions of a region that is dark another home.
    pub(super) fn on_rehomed(&mut self, ctx: &mut Context<'_>) {
        self.end_step(ctx, StepName::Rehome);
        let (from, to) = (self.operations.recovery.from, self.operations.recovery.to);
        for partition in 0..self.system.newest_homes.len() {
            if self.newest_home(ctx.plan, partition) == from {
                self.give_home(ctx, partition, to);
            }
        }
        self.operations.recovery.stage = Stage::Idle;
        self.operations.recovery.course = Course::Promote;
    }

    /// Whoever was away when a home moved hears of it as soon as it is there again; a fence that fails keeps it from that.
    pub(super) fn tell_homes(&mut self, ctx: &mut Context<'_>) {
        if !ctx.plan.has_homes() {
            return;
        }
        for partition in 0..self.system.newest_homes.len() {
            let Some(home) = self.system.newest_homes[partition] else { continue };
            for region in ctx
                .plan
                .region_ids()
                .filter(|region| self.system.homes[region.index()][partition] != Some(home))
            {
                let one_way_ms = ctx.plan.region_round_trip_ms[home.index()][region.index()] / 2.0;
                let news = Event::HomesKnown(region, partition as u8, home);
                ctx.after(SimDuration::from_millis(one_way_ms), news);
            }
        }
    }

    /// Where partitions whose home went dark can go: to the next region that answers.
    pub(super) fn new_home(&self, ctx: &Context<'_>, from: RegionId) -> Option<RegionId> {
        let open = |region: &RegionId| *region != from && self.system.databases[region.index()].writable();
        ctx.plan.region_ids().find(open)
    }
}
