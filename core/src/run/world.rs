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

use crate::kernel::arena::Arena;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, RegionId};
use crate::kernel::rng::{Purpose, Stream};
use crate::model::fault::{Command, Fault};
use crate::model::plan::Plan;
use crate::observer::incident::Incident;
use crate::observer::ledger::Ledger;
use crate::observer::metrics::Metrics;
use crate::observer::register::Told;
use crate::operations::execution::Recovery;
use crate::system::backups::Backups;
use crate::system::clients::Clients;
use crate::system::context::Context;
use crate::system::database::{Database, Role};
use crate::system::event::Event;
use crate::system::fleet::Fleets;
use crate::system::journal::What;
use crate::system::network::Network;
use crate::system::quorum::{Proposal, Waiting};
use crate::system::route53::Route53;
use crate::system::sessions::Sessions;
use crate::system::stream::Replication;
use colliding::Collisions;
use serving::{Deadline, Job};
use std::collections::VecDeque;

/// A fault in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActiveFault {
    /// What.
    pub fault: Fault,
    /// Since when.
    pub since: SimTime,
    /// Its entry in the journal.
    pub entry: EntryId,
}

/// Everything that there is.
#[derive(Clone, Debug)]
pub struct World {
    /// The wires and what is on them.
    pub network: Network,
    /// The people.
    pub clients: Clients,
    /// Route 53.
    pub route53: Route53,
    /// The servers.
    pub fleets: Fleets,
    /// One database per region.
    pub databases: Vec<Database>,
    /// The streams between copies: one to the replica where one follows, one for each direction where all take writes.
    pub streams: Vec<Replication>,
    /// Backups of the database.
    pub backups: Backups,
    /// Every commit since the start.
    pub ledger: Ledger,
    /// Network and balancer are there, by region.
    pub built: Vec<bool>,
    /// The runbook.
    pub recovery: Recovery,
    /// What has happened so far, fault by fault.
    pub incidents: Vec<Incident>,
    /// Faults in force, oldest first.
    pub faults: Vec<ActiveFault>,
    /// What is counted.
    pub metrics: Metrics,
    /// The region whose database is the primary of all.
    pub acting: RegionId,
    /// Which region the servers of each region take for the home of each partition; `None`: its writes are refused.
    pub homes: Vec<Vec<Option<RegionId>>>,
    /// The newest home of each partition that has been given another, whoever has heard of it.
    newest_homes: Vec<Option<RegionId>>,
    /// Writes that collided.
    pub collisions: Collisions,
    /// Writes on which the regions have not agreed yet.
    pub proposals: Arena<Proposal>,
    /// Reads that wait for one of them.
    waiting: Vec<Waiting>,
    /// Which region the servers of each region take for the primary's; `None`: writes are refused.
    pub writers: Vec<Option<RegionId>>,
    /// Regions that are dark.
    pub dark: Vec<bool>,
    /// Zones without power: `[region][zone]`.
    pub zones_dark: Vec<Vec<bool>>,
    /// Zones that are grey: `[region][zone]`.
    pub zones_grey: Vec<Vec<bool>>,
    /// What sessions remember.
    pub sessions: Sessions,
    /// What clients have been told of each key.
    told: Told,
    /// The newest commit of each key of which a client has been told.
    pub newest: Vec<u64>,
    jobs: Arena<Job>,
    /// When clients stop waiting, in order: everybody waits equally long, so that new ones go to the end.
    deadlines: VecDeque<Deadline>,
    commands: Vec<Command>,
    was_behind: bool,
    worst_lag: SimDuration,
    spread: Stream,
}

impl World {
    /// The world at the start of a run.
    pub fn new(ctx: &mut Context<'_>, script: &[(SimTime, Command)]) -> Self {
        let plan = ctx.plan;
        ctx.at(SimTime::ZERO, Event::Begin);
        let keys = plan.scenario.database.keys;
        let (follows, every) = (plan.scenario.strategy.follows(), plan.writes_everywhere());
        let database = |region: RegionId| {
            let role = match region.0 {
                0 => Role::Primary,
                _ if every => Role::Primary,
                1 if follows => Role::Replica,
                _ => Role::Absent,
            };
            Database::new(plan, region, role)
        };
        let writer = |region: RegionId| Some(if every { region } else { RegionId(0) });
        let zones = || plan.region_ids().map(|region| vec![false; plan.zones(region) as usize]);
        let mut world = Self {
            network: Network::new(plan),
            clients: Clients::new(ctx),
            route53: Route53::new(ctx),
            fleets: Fleets::new(ctx),
            databases: plan.region_ids().map(database).collect(),
            streams: Self::first_streams(plan),
            backups: Backups::new(ctx),
            ledger: Ledger::default(),
            built: plan.region_ids().map(|region| region == RegionId(0) || follows).collect(),
            recovery: Recovery::new(plan),
            incidents: Vec::new(),
            faults: Vec::new(),
            metrics: Metrics::new(plan.populations()),
            acting: RegionId(0),
            writers: plan.region_ids().map(writer).collect(),
            homes: vec![Self::first_homes(plan); plan.regions()],
            newest_homes: vec![None; plan.regions()],
            collisions: Collisions::default(),
            proposals: Arena::default(),
            waiting: Vec::new(),
            dark: vec![false; plan.regions()],
            zones_dark: zones().collect(),
            zones_grey: zones().collect(),
            sessions: Sessions::new(plan.populations(), plan.scenario.clients.connections as usize),
            told: Told::new(keys as usize),
            newest: vec![0; keys as usize],
            jobs: Arena::default(),
            deadlines: VecDeque::new(),
            commands: Vec::new(),
            was_behind: false,
            worst_lag: SimDuration::ZERO,
            spread: Stream::new(plan.seed, Purpose::Spread, 0),
        };
        world.clients.settle(plan, |population| world.route53.resolve(plan, &plan.home_cities, population));
        for (at, command) in script {
            world.schedule(ctx, *at, *command);
        }
        ctx.after_s(1.0, Event::Second);
        let phase = world.recovery.random.uniform();
        ctx.after_s(phase * plan.scenario.database.ship_interval_s, Event::Ship);
        world
    }

    /// The streams of a calm system: from the primary to the one that follows, or between all.
    pub(super) fn first_streams(plan: &Plan) -> Vec<Replication> {
        let stream = |(from, to)| Replication::new(plan, from, to);
        if plan.writes_everywhere() {
            let others = |a: RegionId| plan.region_ids().filter(move |b| a != *b).map(move |b| (a, b));
            return plan.region_ids().flat_map(others).map(stream).collect();
        }
        let follows = plan.scenario.strategy.follows() && plan.regions() > 1;
        follows.then(|| stream((RegionId(0), RegionId(1)))).into_iter().collect()
    }

    /// The stream to the copy that follows, or the first of several.
    pub fn stream(&self) -> Option<&Replication> {
        self.streams.first()
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
            Event::Booted(server, life) => self.fleets.booted(ctx, server, life),
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
            Event::BackupDue => self.backups.due(ctx),
            Event::BackupBegins => self.on_backup_begins(ctx),
            Event::SnapshotDone(snapshot) => self.on_snapshot_done(ctx, snapshot),
            Event::CopyDone(snapshot) => self.on_copy_done(ctx, snapshot),
            Event::LogKept => self.on_log_kept(ctx),
            Event::PromotionRestart(turn) => self.on_promotion_restart(turn),
            Event::HomesKnown(region, partition, home) => self.on_homes_known(region, partition, home),
            Event::StepDone(step, turn) => self.on_step_done(ctx, step, turn),
        }
    }

    /// The entry of the newest fault in a region that is in force.
    pub(super) fn cause_in(&self, region: RegionId) -> Option<EntryId> {
        self.faults
            .iter()
            .rev()
            .find(|active| active.fault.region() == Some(region))
            .map(|active| active.entry)
    }

    /// The entry of the newest fault in force anywhere.
    pub(super) fn any_cause(&self) -> Option<EntryId> {
        self.faults.last().map(|active| active.entry)
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
        !self.faults.iter().any(closes)
    }

    /// Things can be made and changed in a region.
    pub fn control_plane_up(&self, region: RegionId) -> bool {
        !self.dark[region.index()] && !self.is_in_force(Fault::ControlPlane(region))
    }

    /// Network and balancer of a region are there and work.
    pub fn is_built(&self, region: RegionId) -> bool {
        self.built[region.index()]
    }

    /// Requests begun and neither answered nor given up.
    pub fn in_flight(&self) -> usize {
        self.clients.requests.len()
    }

    /// What must hold at any time; the name of the first thing that does not.
    pub fn broken_invariant(&self) -> Option<&'static str> {
        let sum = |pick: fn(&crate::observer::metrics::Tally) -> u64| {
            self.metrics.tallies.iter().map(pick).sum::<u64>()
        };
        let (sent, ended) = (sum(|t| t.sent), sum(|t| t.served + t.failed));
        let serving = &self.databases[self.acting.index()];
        let kept = |commit: &crate::system::stream::Commit| {
            serving.versions[commit.key as usize].commit == commit.number
        };
        let numbers = |commits: &[crate::system::stream::Commit]| {
            commits.windows(2).all(|pair| pair[0].number < pair[1].number)
        };
        if sent != ended + self.in_flight() as u64 {
            Some("requests sent = served + failed + in flight")
        } else if self.recovery.lost.iter().any(kept) {
            Some("no write is both lost and present")
        } else if !numbers(&self.recovery.stranded) {
            Some("stranded commits are in order")
        } else if self.databases.iter().any(|db| {
            let may = self.writers[db.region.index()] == Some(db.region);
            db.role == Role::Fenced && may && db.status == crate::system::database::Status::Up
        }) {
            Some("a fenced database is nobody's primary")
        } else {
            None
        }
    }
}
