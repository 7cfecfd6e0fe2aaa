//! The three rooms of a run, and the one match that routes events to them.
//!
//! After each event the observer hears what has happened, and then operations do.

pub mod second;
pub mod command;

use crate::kernel::chance::Purpose;
use crate::kernel::clock::SimTime;
use crate::model::command::Command;
use crate::observer::Observer;
use crate::operations::Operations;
use crate::system::System;
use crate::system::context::Context;
use crate::system::event::Event;
use crate::system::journal::What;
use crate::system::timer::DatabaseTimer;

/// Machines, those who run them, and the observer.
#[derive(Clone, Debug)]
pub struct World {
    /// The machines.
    pub system: System,
    /// Monitoring, people and runbooks.
    pub operations: Operations,
    /// What is counted and judged from outside.
    pub observer: Observer,
    commands: Vec<Command>,
}

impl World {
    /// The world at the start of a run.
    pub fn new(ctx: &mut Context<'_>, script: &[(SimTime, Command)]) -> Self {
        let plan = ctx.plan;
        ctx.at(SimTime::ZERO, Event::Begin);
        let mut world = Self {
            system: System::new(ctx),
            operations: Operations::new(plan),
            observer: Observer::new(plan),
            commands: Vec::new(),
        };
        for (at, command) in script {
            world.schedule(ctx, *at, *command);
        }
        ctx.after_s(1.0, Event::Second);
        let phase = ctx.chance(Purpose::ShipPhase, 0, 0, 0).uniform();
        ctx.after_s(phase * plan.scenario.database.ship_interval_s, DatabaseTimer::Ship);
        world
    }

    /// Schedules a command.
    pub fn schedule(&mut self, ctx: &mut Context<'_>, at: SimTime, command: Command) {
        self.commands.push(command);
        ctx.at(at, Event::Command(self.commands.len() as u32 - 1));
    }

    /// Handles an event: the one place that knows who it is for, and the order in which rooms hear of what happened.
    // The loop over events is all that calls it: as a function of its own it would save and restore registers for each.
    #[inline(always)]
    pub fn handle(&mut self, ctx: &mut Context<'_>, event: Event) {
        match event {
            Event::Begin => drop(ctx.note(None, What::Started)),
            Event::Command(index) => self.obey(ctx, self.commands[index as usize]),
            Event::Second => self.on_second(ctx),
            Event::Deliver(flight) => self.system.land(ctx, flight),
            Event::Wake(timer) => self.system.wake(ctx, timer),
            Event::Operations(timer) => self.operations.on_timer(ctx, &mut self.system, timer),
        }
        // Most events tell nothing.
        if !ctx.occurrences.is_empty() {
            self.report_occurrences(ctx);
        }
        while self.system.applying.is_some() {
            self.system.go_on(ctx);
            self.report_occurrences(ctx);
        }
    }

    /// Lets the observer and then operations hear each occurrence. What operations do may tell more; it is heard in this
    /// pass too.
    pub(super) fn report_occurrences(&mut self, ctx: &mut Context<'_>) {
        let mut heard = 0;
        while let Some(&occurrence) = ctx.occurrences.get(heard) {
            heard += 1;
            let entry = self.observer.hear(ctx, &self.system, &occurrence);
            self.operations.hear(ctx, &mut self.system, &occurrence, entry);
        }
        // The list keeps its place, so that telling allocates nothing.
        ctx.occurrences.clear();
        self.observer.book_losses(ctx, &self.system);
    }
}
