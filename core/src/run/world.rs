//! The three rooms of a run, and the one match that routes events to them.
//!
//! After each event the observer hears what has happened, and then operations do.

pub mod second;
pub mod command;

use crate::kernel::chance::Purpose;
use crate::kernel::clock::SimTime;
use crate::model::fault::Command;
use crate::observer::Observer;
use crate::operations::Operations;
use crate::system::System;
use crate::system::context::Context;
use crate::system::event::Event;
use crate::system::journal::What;

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
        ctx.after_s(phase * plan.scenario.database.ship_interval_s, Event::Ship);
        world
    }

    /// Schedules a command.
    pub fn schedule(&mut self, ctx: &mut Context<'_>, at: SimTime, command: Command) {
        self.commands.push(command);
        ctx.at(at, Event::Command(self.commands.len() as u32 - 1));
    }

    /// Handles an event. This is the one place that knows every kind, and the order in which rooms hear of what happened.
    pub fn handle(&mut self, ctx: &mut Context<'_>, event: Event) {
        match event {
            Event::Begin => drop(ctx.note(None, What::Started)),
            Event::Command(index) => self.obey(ctx, self.commands[index as usize]),
            Event::Second => self.on_second(ctx),
            Event::Arrive(population) => self.system.on_arrival(ctx, population),
            Event::Attempt(request) => self.system.attempt(ctx, request),
            Event::Deadline => self.system.on_deadline(ctx),
            Event::Depart(job) => self.system.depart(ctx, job),
            Event::Land(flight) => self.system.land(ctx, flight),
            Event::Worked(job) => self.system.on_worked(ctx, job),
            Event::Stored(job) => self.system.on_stored(ctx, job),
            Event::StoreTimedOut(job) => self.system.on_store_timed_out(ctx, job),
            Event::TargetCheck(server, life) => self.system.on_target_check(ctx, server, life),
            Event::Booted(server, life) => self.system.fleets.booted(ctx, server, life),
            Event::Reconcile(region) => {
                ctx.after_s(ctx.plan.scenario.servers.reconcile_s, Event::Reconcile(region));
                self.system.reconcile(ctx, region);
            }
            Event::Probe(endpoint, checker) => self.system.probe(ctx, endpoint, checker),
            Event::ProbeTimedOut(endpoint, checker, serial) => {
                self.system.judged(ctx, endpoint, |route53, ctx| {
                    route53.probe_timed_out(ctx, endpoint, checker, serial);
                });
            }
            Event::Spread(endpoint, healthy) => self.system.spread_verdict(ctx, endpoint, healthy),
            Event::Ship => self.system.on_ship(ctx),
            Event::DatabaseReady(region, life) => self.system.on_database_ready(ctx, region, life),
            Event::BackupDue => self.system.backups.due(ctx),
            Event::BackupBegins => self.system.on_backup_begins(ctx),
            Event::SnapshotDone(snapshot) => self.system.on_snapshot_done(ctx, snapshot),
            Event::CopyDone(snapshot) => self.system.on_copy_done(ctx, snapshot),
            Event::LogKept => self.system.on_log_kept(ctx),
            Event::PromotionRestart(run) => self.operations.on_promotion_restart(&mut self.system, run),
            Event::HomesKnown(region, partition, home) => {
                self.system.on_homes_known(region, partition, home);
            }
            Event::StepDone(step, run) => self.operations.on_step_done(ctx, &mut self.system, step, run),
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
        while !ctx.occurrences.is_empty() {
            let mut told = std::mem::take(ctx.occurrences);
            for occurrence in &told {
                let entry = self.observer.hear(ctx, &self.system, occurrence);
                self.operations.hear(ctx, &mut self.system, occurrence, entry);
            }
            if ctx.occurrences.is_empty() {
                // The list is kept, so that telling allocates nothing.
                told.clear();
                *ctx.occurrences = told;
            }
        }
        self.observer.book_losses(ctx, &self.system);
    }
}
