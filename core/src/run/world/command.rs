//! Commands: each goes to the machines, or to the people who run them.

use crate::kernel::id::EntryId;
use crate::model::command::Command;
use crate::run::world::World;
use crate::system::System;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::refusal::Refusal;

impl World {
    /// Carries out a command of a person or the script.
    pub fn obey(&mut self, ctx: &mut Context<'_>, command: Command) {
        match command {
            Command::Inject(fault) => self.system.inject(ctx, fault),
            Command::Clear(fault) => self.system.clear(ctx, fault),
            Command::FailOver(_)
            | Command::FailBack
            | Command::Evacuate(_)
            | Command::CallOff
            | Command::RoutingControl(..)
            | Command::RollBack(_)
            | Command::Deploy(_)
            | Command::Decide(_)
            | Command::Restore(..)
            | Command::MoveHome(..)
            | Command::Run(..) => {
                let obeyed = self.operations.obey(ctx, &mut self.system, command);
                debug_assert!(obeyed, "orders for people are obeyed by people");
            }
            Command::Travel(population, city) => {
                ctx.note(None, What::Ordered(command));
                self.system.network.places[population.index()] = city;
                self.system.clients.travel(population);
            }
            Command::Write(population, key) => {
                ctx.note(None, What::Ordered(command));
                self.system.stage_write(ctx, population, key);
            }
            Command::Redrive(region) => {
                let why = self.system.why_no_redrive(region);
                self.follow(ctx, command, why, |system, ctx, entry| system.redrive(ctx, region, entry));
            }
            Command::NewInstance(region) => {
                let why = self.system.why_no_instance(ctx.plan, region);
                self.follow(ctx, command, why, |system, ctx, entry| {
                    system.order_instance(ctx, region, entry);
                });
            }
            Command::Snapshot(region) => {
                let why = self.system.why_no_snapshot(region);
                self.follow(ctx, command, why, |system, ctx, _| system.take_snapshot(ctx, region));
            }
            Command::BatchReplicate(region) => {
                let why = self.system.why_no_batch(region);
                self.follow(ctx, command, why, |system, _, _| system.start_batch(region));
            }
            Command::Reboot(region) => {
                let why = self.system.why_no_maintenance(region);
                self.follow(ctx, command, why, |system, ctx, entry| system.reboot(ctx, region, entry));
            }
            Command::ChangeInstances(region) => {
                let why = self.system.why_no_maintenance(region);
                self.follow(ctx, command, why, |system, ctx, entry| {
                    system.change_instances(ctx, region, entry);
                });
            }
            Command::RaiseQuota(region) => {
                ctx.note(None, What::Ordered(command));
                self.system.fleets.regions[region.index()].quota = u32::MAX >> 1;
            }
        }
    }
    /// Follows an order that machines can refuse.
    fn follow(
        &mut self,
        ctx: &mut Context<'_>,
        command: Command,
        why_not: Option<Refusal>,
        act: impl FnOnce(&mut System, &mut Context<'_>, EntryId),
    ) {
        if let Some(why) = why_not {
            ctx.note(None, What::OrderRefused(command, why));
        } else {
            let entry = ctx.note(None, What::Ordered(command));
            act(&mut self.system, ctx, entry);
        }
    }
}
