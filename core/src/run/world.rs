//! Everything that there is in a run, and the one match that routes events to it.
//!
//! Each part knows only itself; what goes on between parts is in the files of this folder, by theme.

pub mod agreeing;
pub mod building;
pub mod checking;
pub mod colliding;
pub mod committing;
pub mod corrupting;
pub mod counting;
pub mod failing;
pub mod homing;
pub mod keeping;
pub mod promoting;
pub mod recovering;
pub mod restoring;
pub mod returning;
pub mod routing;
pub mod serving;
pub mod storing;
pub mod telling;

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId};
use crate::model::fault::{Command, Fault};
use crate::model::plan::Plan;
use crate::observer::Observer;
use crate::operations::Operations;
use crate::system::context::Context;
use crate::system::database::Database;
use crate::system::event::Event;
use crate::system::journal::What;
use crate::system::stream::Replication;
use crate::system::{ActiveFault, System};

/// Everything that there is.
#[derive(Clone, Debug)]
pub struct World {
    /// The machines.
    pub system: System,
    /// Monitoring, people and runbooks.
    pub operations: Operations,
    /// The books.
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
        let phase = world.operations.recovery.random.uniform();
        ctx.after_s(phase * plan.scenario.database.ship_interval_s, Event::Ship);
        world
    }

    /// The stream to the copy that follows, or the first of several.
    pub fn stream(&self) -> Option<&Replication> {
        self.system.streams.first()
    }

    /// Gives a command its time.
    pub fn schedule(&mut self, ctx: &mut Context<'_>, at: SimTime, command: Command) {
        self.commands.push(command);
        ctx.at(at, Event::Command(self.commands.len() as u32 - 1));
    }

    /// Something happens: the one place that knows every kind.
    pub fn handle(&mut self, ctx: &mut Context<'_>, event: Event) {
        match event {
            Event::Begin => drop(ctx.note(None, What::Started)),
            Event::Command(index) => self.obey(ctx, self.commands[index as usize]),
            Event::Second => self.on_second(ctx),
            Event::Arrive(population) => self.on_arrival(ctx, population),
            Event::Attempt(request) => self.attempt(ctx, request),
            Event::Deadline => self.on_deadline(ctx),
            Event::Depart(job) => self.depart(ctx, job),
            Event::Land(flight) => self.land(ctx, flight),
            Event::Worked(job) => self.on_worked(ctx, job),
            Event::Stored(job) => self.on_stored(ctx, job),
            Event::StoreTimedOut(job) => self.on_store_timed_out(ctx, job),
            Event::TargetCheck(server, life) => self.on_target_check(ctx, server, life),
            Event::Booted(server, life) => self.system.fleets.booted(ctx, server, life),
            Event::Reconcile(region) => {
                ctx.after_s(ctx.plan.scenario.servers.reconcile_s, Event::Reconcile(region));
                self.reconcile(ctx, region);
            }
            Event::Probe(endpoint, checker) => self.probe(ctx, endpoint, checker),
            Event::ProbeTimedOut(endpoint, checker, serial) => {
                let cause = self.cause_in(endpoint);
                self.judged(ctx, endpoint, |route53, ctx| {
                    route53.probe_timed_out(ctx, endpoint, checker, serial, cause);
                });
            }
            Event::Spread(endpoint, healthy) => self.on_verdict_spread(ctx, endpoint, healthy),
            Event::Ship => self.on_ship(ctx),
            Event::DatabaseReady(region, life) => self.on_database_ready(ctx, region, life),
            Event::BackupDue => self.system.backups.due(ctx),
            Event::BackupBegins => self.on_backup_begins(ctx),
            Event::SnapshotDone(snapshot) => self.on_snapshot_done(ctx, snapshot),
            Event::CopyDone(snapshot) => self.on_copy_done(ctx, snapshot),
            Event::LogKept => self.on_log_kept(ctx),
            Event::PromotionRestart(turn) => self.on_promotion_restart(turn),
            Event::HomesKnown(region, partition, home) => self.on_homes_known(region, partition, home),
            Event::StepDone(step, turn) => self.on_step_done(ctx, step, turn),
        }
        self.report_occurrences(ctx);
    }

    /// The observer and operations hear what has happened. What operations do at once may tell more, which is heard too.
    pub(super) fn report_occurrences(&mut self, ctx: &mut Context<'_>) {
        let mut next = 0;
        while let Some(occurrence) = ctx.occurrences.get(next).copied() {
            self.observer.hear(ctx, &self.system, &occurrence);
            self.operations.hear(ctx, &mut self.system, &occurrence);
            next += 1;
        }
        ctx.occurrences.clear();
    }

    /// The entry of the newest fault in a region that is in force.
    pub(super) fn cause_in(&self, region: RegionId) -> Option<EntryId> {
        self.system
            .faults
            .iter()
            .rev()
            .find(|active| active.fault.region() == Some(region))
            .map(|active| active.entry)
    }

    /// The entry of the newest fault in force anywhere.
    pub(super) fn any_cause(&self) -> Option<EntryId> {
        self.system.faults.last().map(|active| active.entry)
    }

    /// Records of Route 53 can be changed: the control plane's region is there, or it has moved away from there.
    pub fn dns_control_plane_up(&self, plan: &Plan, now: SimTime) -> bool {
        let moves_s = plan.scenario.dns.control_plane_moves_s;
        let closes = |active: &ActiveFault| match active.fault {
            Fault::DnsControlPlane => true,
            Fault::RegionDark(region) => {
                let moved = moves_s.is_some_and(|moves_s| now.since(active.since).secs() >= moves_s);
                Some(region) == plan.dns_home && !moved
            }
            Fault::ZonePower(_)
            | Fault::LinkCut(..)
            | Fault::LinkCutOneWay(..)
            | Fault::LinkSlow(..)
            | Fault::LinkLossy(..)
            | Fault::PrimaryDatabase(_)
            | Fault::ZoneGrey(_)
            | Fault::Capacity(_)
            | Fault::LoadSurge
            | Fault::BadDeploy(_)
            | Fault::ControlPlane(_)
            | Fault::Corruption(_)
            | Fault::MassDelete(_)
            | Fault::Ransomware(_)
            | Fault::BackupCopy
            | Fault::FenceFails => false,
        };
        !self.system.faults.iter().any(closes)
    }

    /// Things can be made and changed in a region.
    pub fn control_plane_up(&self, region: RegionId) -> bool {
        !self.system.dark[region.index()] && !self.is_in_force(Fault::ControlPlane(region))
    }

    /// Network and balancer of a region are there and work.
    pub fn is_built(&self, region: RegionId) -> bool {
        self.system.built[region.index()]
    }

    /// Requests begun and neither answered nor given up.
    pub fn in_flight(&self) -> usize {
        self.system.clients.requests.len()
    }
}
