//! Commands: each goes to the machines, or to the people who run them.

use crate::kernel::id::{EntryId, PopulationId, ZoneId};
use crate::model::command::Command;
use crate::run::world::World;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::refusal::Refusal;
use crate::system::shift::ShiftedBy;

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
            Command::Travel(population, city) => self.travel(ctx, (population, city)),
            Command::Write(population, key) => {
                ctx.note(None, What::Ordered(command));
                self.system.stage_write(ctx, population, key);
            }
            Command::Redrive(region) => {
                let why = self.system.why_no_redrive(region);
                if let Some(entry) = accepted(ctx, command, why) {
                    self.system.redrive(ctx, region, entry);
                }
            }
            Command::NewInstance(region) => {
                let why = self.system.why_no_instance(ctx.plan, region);
                if let Some(entry) = accepted(ctx, command, why) {
                    self.system.order_instance(ctx, region, entry);
                }
            }
            Command::Snapshot(region) => {
                if accepted(ctx, command, self.system.why_no_snapshot(region)).is_some() {
                    self.system.take_snapshot(ctx, region);
                }
            }
            Command::BatchReplicate(region) => {
                if accepted(ctx, command, self.system.why_no_batch(region)).is_some() {
                    self.system.start_batch(region);
                }
            }
            Command::Reboot(region) => {
                if let Some(entry) = accepted(ctx, command, self.system.why_no_maintenance(region)) {
                    self.system.reboot(ctx, region, entry);
                }
            }
            Command::ChangeInstances(region) => {
                if let Some(entry) = accepted(ctx, command, self.system.why_no_maintenance(region)) {
                    self.system.change_instances(ctx, region, entry);
                }
            }
            Command::ZonalShift(zone) => self.shift(ctx, command, (zone, ShiftedBy::Order)),
            Command::PracticeRun(zone) => self.shift(ctx, command, (zone, ShiftedBy::Practice)),
            Command::EndZonalShift(region) => {
                if let Some(entry) = accepted(ctx, command, self.system.why_no_shift_back(region)) {
                    self.system.shift_back(ctx, region, Some(entry), true);
                }
            }
            Command::RestartClients => self.restart_clients(ctx, command, None),
            Command::RestartCity(people) => self.restart_clients(ctx, command, Some(people)),
            Command::RaiseQuota(region) => {
                ctx.note(None, What::Ordered(command));
                self.system.fleets.regions[region.index()].quota = u32::MAX >> 1;
            }
        }
    }

    /// The people of a population are in another city.
    fn travel(&mut self, ctx: &mut Context<'_>, (population, city): (PopulationId, u8)) {
        ctx.note(None, What::Ordered(Command::Travel(population, city)));
        self.system.network.places[population.index()] = city;
        self.system.clients.travel(population);
    }

    /// The processes of a population's clients, or of all, begin again.
    fn restart_clients(&mut self, ctx: &mut Context<'_>, command: Command, people: Option<PopulationId>) {
        ctx.note(None, What::Ordered(command));
        self.system.clients.restart(people);
    }

    /// Traffic is kept from a zone, if it can be.
    fn shift(&mut self, ctx: &mut Context<'_>, command: Command, (zone, by): (ZoneId, ShiftedBy)) {
        if let Some(entry) = accepted(ctx, command, self.system.why_no_shift(ctx.plan, zone, by)) {
            self.system.order_shift(ctx, zone, entry, by);
        }
    }
}

/// The line of an order that machines can refuse; `None` if they do, which has a line of its own.
fn accepted(ctx: &mut Context<'_>, command: Command, why_not: Option<Refusal>) -> Option<EntryId> {
    match why_not {
        Some(why) => {
            ctx.note(None, What::OrderRefused(command, why));
            None
        }
        None => Some(ctx.note(None, What::Ordered(command))),
    }
}
