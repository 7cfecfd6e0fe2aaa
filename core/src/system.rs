//! Machines: clients, name servers, balancers, servers, databases, the wires between them.
//!
//! A machine knows what a message or a timer has brought, and nothing else. It changes itself, sends messages, asks for
//! timers, writes into the journal, and says what has happened (an [`occurrence`]). What goes on between machines are
//! methods of [`System`] in files by theme: `request` follows a request on its way, `replication` a commit.

pub mod version;
pub mod write_state;
pub mod launch;
pub mod refusal;
pub mod weight;
pub mod several;
pub mod shift;
pub mod resized;
pub mod journal;
pub mod entry;
pub mod history;
pub mod timer;
pub mod event;
pub mod restore_point;
pub mod failure;
pub mod control_call;
pub mod occurrence;
pub mod triggers;
pub mod context;
pub mod image;
pub mod ownership;
pub mod distance;
pub mod consensus;
pub mod controller_word;
pub mod cargo;
pub mod zone_links;
pub mod network;
pub mod route53;
pub mod records;
pub mod call;
pub mod surge;
pub mod resolver;
pub mod connection;
pub mod login;
pub mod client_cache;
pub mod retry_budget;
pub mod breaker;
pub mod clients;
pub mod connections;
pub mod retry;
pub mod extra;
pub mod session;
pub mod old_answers;
pub mod causes;
pub mod overload;
pub mod server;
pub mod scaling;
pub mod answered;
pub mod deployed;
pub mod fleet;
pub mod launcher;
pub mod read_lease;
pub mod registers;
pub mod quorum;
pub mod gathering;
pub mod letter;
pub mod volume;
pub mod capacity;
pub mod recent;
pub mod copies;
pub mod leaders;
pub mod role;
pub mod standbys;
pub mod database;
pub mod contents;
pub mod address;
pub mod instance;
pub mod parts;
pub mod snapshot;
pub mod backups;
pub mod window;
pub mod stream;
pub mod meters;
pub mod delivery;
pub mod request;
pub mod sticky;
pub mod resets;
pub mod looks;
pub mod entrance;
pub mod zonal_shift;
pub mod balancer;
pub mod health_check;
pub mod claims;
pub mod readers;
pub mod zone_ways;
pub mod item_cache;
pub mod route;
pub mod canary;
pub mod monitoring;
pub mod position;
pub mod storage;
pub mod election;
pub mod work_queue;
pub mod tokens;
pub mod commit;
pub mod transfer;
pub mod left_behind;
pub mod controller;
pub mod topic;
pub mod queue_service;
pub mod consumers;
pub mod semi_sync;
pub mod replication;
pub mod acceptors;
pub mod proposal;
pub mod quorum_read;
pub mod lease_read;
pub mod replicas;
pub mod deletion;
pub mod forwarding;
pub mod ruin;
pub mod power;
pub mod inside;
pub mod maintenance;
pub mod faults;
pub mod reasons;
pub mod release;
pub mod burden;
pub mod vault;
pub mod control_plane;
pub mod scaler;
pub mod provision;
pub mod restore;
pub mod old_objects;

use backups::Backups;
use call::Call;
use canary::Canary;
use clients::Clients;
use context::Context;
use control_plane::Control;
use controller::Controller;
use database::{Database, Role};
use entrance::Entrance;
use fleet::Fleets;
use gathering::Gathering;
use image::Image;
use letter::Letter;
use meters::Meters;
use monitoring::Monitoring;
use network::Network;
use ownership::Ownership;
use quorum::{Inquiry, Proposal};
use replication::Applying;
use request::Deadline;
use route53::Route53;
use semi_sync::SemiSync;
use stream::Replication;
use tokens::Tokens;
use topic::{Delivery, Topic};
use transfer::Transfers;
use work_queue::{Held, WorkQueue};

use crate::kernel::arena::Arena;
use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId};
use crate::kernel::pieces::Pieces;
use crate::kernel::region_map::RegionMap;
use crate::model::aim::Target;
use crate::model::blueprint::RegionRole;
use crate::model::fault::{Fault, FaultKind};
use crate::model::plan::Plan;
use std::collections::VecDeque;
use std::sync::Arc;

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

/// Every machine, and what is on its way between them.
#[derive(Clone, Debug)]
pub struct System {
    /// The wires, and the messages in flight.
    pub network: Network,
    /// Clients with their resolvers and connections, and the requests under way.
    pub clients: Clients,
    /// Route 53: health checkers, verdicts, records.
    pub route53: Route53,
    /// What asks as a client would.
    pub canary: Canary,
    /// What counts of balancers tell.
    pub monitoring: Monitoring,
    /// The servers of each region, its balancer's view of them, and Auto Scaling.
    pub fleets: Fleets,
    /// One database per region.
    pub databases: Vec<Database>,
    /// Replication streams: one to each copy that follows, or one for each direction if all copies take writes.
    pub streams: Vec<Replication>,
    /// Copies of whole databases on their way to other regions.
    pub transfers: Transfers,
    /// Snapshots, their copies, and the log.
    pub backups: Backups,
    /// Whether network and balancer are there, by region.
    pub built: Vec<bool>,
    /// Faults in force, oldest first.
    pub faults: Vec<ActiveFault>,
    /// Faults whose ruined data has not been replaced yet, in force or not, oldest first.
    pub ruins: Vec<ActiveFault>,
    /// What control planes remember.
    pub control: Control,
    /// Who takes the writes of which partition.
    pub ownership: Ownership,
    /// The region that a partition goes back to as soon as its copy is whole: a restored database has it until then.
    pub lent: RegionMap<Option<RegionId>>,
    /// Writes that are proposed to a quorum and not settled.
    pub proposals: Arena<Proposal>,
    /// Reads that compare what the regions of a quorum have accepted.
    pub inquiries: Arena<Inquiry>,
    /// Reads and writes that wait for other copies to answer.
    pub gatherings: Arena<Gathering>,
    /// What copies say to each other, in messages on their way.
    pub letters: Arena<Letter>,
    /// What old primaries had when they were rebuilt, handed over to people who reconcile it.
    pub handed_over: Vec<Arc<Image>>,
    /// The journal entry of the data that was ruined last.
    pub ruined_by: Option<EntryId>,
    /// Whether each region is dark.
    pub dark: Vec<bool>,
    /// Zones without power: `[region][zone]`.
    pub zones_dark: Vec<Vec<bool>>,
    /// The addresses of each region's balancer.
    pub entrances: Vec<Entrance>,
    /// Zones that are grey: `[region][zone]`.
    pub zones_grey: Vec<Vec<bool>>,
    /// The hops of attempts of requests inside the system; some attempts have been given up by their client.
    pub calls: Arena<Call>,
    /// When clients stop waiting, a line for each span that they wait, and one for those that wait longer in a coarser grain: in
    /// it all wait equally long, and new ones go to the end.
    pub deadlines: Vec<VecDeque<Deadline>>,
    /// The batch of a stream that is being taken in; `None` between events.
    pub applying: Option<Applying>,
    /// What is paid for by use, as it is metered.
    pub meters: Meters,
    /// The queue of each region; none if writes go to the database at once.
    pub queues: Vec<WorkQueue>,
    /// The topic of each region; none if servers send writes to its queue themselves.
    pub topics: Vec<Topic>,
    /// What topics have to deliver.
    pub deliveries: Arena<Delivery>,
    /// What idempotent databases know writes by that come once more.
    pub tokens: Tokens,
    /// What consumers hold.
    pub held: Arena<Held>,
    /// What watches the primary, if anything does.
    pub controller: Controller,
    /// What each region's database knows of its copies, if writes wait for one.
    pub semi_sync: Vec<SemiSync>,
    /// How many messages queues have accepted.
    messages: u32,
}

impl System {
    /// Every machine as the scenario says, healthy.
    pub fn new(ctx: &mut Context<'_>) -> Self {
        let plan = ctx.plan;
        let primary = plan.blueprint.primary();
        let database = |region: RegionId| {
            let role = match plan.blueprint.role(region) {
                RegionRole::Primary | RegionRole::Site => Role::Primary,
                RegionRole::Standby => Role::Replica,
                RegionRole::Witness => Role::Witness,
                RegionRole::Cold => Role::Absent,
            };
            Database::new(plan, region, role)
        };
        let zones = || plan.region_ids().map(|region| vec![false; plan.zones(region) as usize]);
        let waits = plan.scenario.controller.semi_synchronous;
        let mut system = Self {
            network: Network::new(plan),
            clients: Clients::new(ctx),
            route53: Route53::new(ctx),
            canary: Canary::default(),
            monitoring: Monitoring::new(plan),
            fleets: Fleets::new(ctx),
            databases: plan.region_ids().map(database).collect(),
            streams: stream::first_streams(plan, ctx.now),
            transfers: Transfers::default(),
            backups: Backups::new(ctx),
            built: plan.region_ids().map(|region| plan.blueprint.is_built(region)).collect(),
            faults: Vec::new(),
            ruins: Vec::new(),
            control: Control::default(),
            ownership: Ownership::new(plan),
            handed_over: Vec::new(),
            ruined_by: None,
            lent: RegionMap::all(None),
            proposals: Arena::default(),
            inquiries: Arena::default(),
            gatherings: Arena::default(),
            letters: Arena::default(),
            dark: vec![false; plan.regions()],
            zones_dark: zones().collect(),
            entrances: vec![Entrance::default(); plan.regions()],
            zones_grey: zones().collect(),
            calls: Arena::default(),
            deadlines: vec![VecDeque::new(); plan.patience.len() + 1],
            applying: None,
            meters: Meters::default(),
            queues: plan.region_ids().filter(|_| plan.has_queues()).map(|_| WorkQueue::new(plan)).collect(),
            topics: plan.region_ids().filter(|_| plan.has_topics()).map(|_| Topic::default()).collect(),
            deliveries: Arena::default(),
            tokens: Tokens::default(),
            held: Arena::default(),
            controller: Controller::new(ctx),
            semi_sync: plan.region_ids().filter(|_| waits).map(|_| SemiSync::default()).collect(),
            messages: 0,
        };
        let (clients, route53) = (&mut system.clients, &system.route53);
        clients.settle(plan, |population, draws| route53.resolve(plan, &plan.home_cities, population, draws));
        system.log_in_before_the_start(plan);
        system.enter_before_the_start(plan);
        debug_assert!(system.databases[primary.index()].is_primary(), "the first to act is a primary");
        let endpoints = system.route53.endpoints.len();
        debug_assert_eq!(endpoints, system.fleets.regions.len(), "each fleet has an endpoint");
        let backup = &plan.scenario.backup;
        if backup.tagged && backup.point_in_time {
            let keeper = plan.placement.keeper(&plan.blueprint);
            system.databases[keeper.index()].log = Some(Pieces::default());
        }
        system
    }

    /// Whether records of Route 53 can be changed: the control plane's region is up, or the control plane has moved away.
    pub fn dns_control_plane_up(&self, plan: &Plan, now: SimTime) -> bool {
        debug_assert!(
            self.faults.iter().all(|active| active.since <= now),
            "no fault is there before it comes"
        );
        let moves_s = plan.scenario.dns.control_plane_moves_s;
        let closes = |active: &ActiveFault| {
            let fault = active.fault;
            let moved = || moves_s.is_some_and(|moves_s| now.since(active.since).secs() >= moves_s);
            let dark = fault.kind() == FaultKind::RegionDark && fault.region() == plan.dns_home && !moved();
            dark || fault.kind() == FaultKind::DnsControlPlane
        };
        !self.faults.iter().any(closes)
    }

    /// Whether a region's control plane answers: things can be made and changed there.
    pub fn control_plane_up(&self, region: RegionId) -> bool {
        let dark = self.has_fault(FaultKind::RegionDark, Target::Region(region));
        debug_assert_eq!(self.dark[region.index()], dark, "a region is dark while its fault is in force");
        !self.dark[region.index()] && !self.has_fault(FaultKind::ControlPlane, Target::Region(region))
    }

    /// Whether a region has network and balancer.
    pub fn is_built(&self, region: RegionId) -> bool {
        self.built[region.index()]
    }

    /// How many requests are neither answered nor given up.
    pub fn in_flight(&self) -> usize {
        self.clients.requests.len()
    }

    /// The stream that the copy in a region follows; `None` if it has no source. With several writers the first of them.
    pub fn stream_to(&self, copy: RegionId) -> Option<&Replication> {
        self.streams.iter().find(|stream| stream.to == copy)
    }

    /// Whether a fault is in force.
    pub fn is_in_force(&self, fault: Fault) -> bool {
        self.faults.iter().any(|active| active.fault == fault)
    }

    /// Whether a fault of this kind is in force at this target.
    pub fn has_fault(&self, kind: FaultKind, target: Target) -> bool {
        self.faults.iter().any(|active| active.fault.kind() == kind && active.fault.target() == target)
    }
}
