//! The part of a run that never changes: the scenario with everything looked up. Shared by all clones of a run.

use crate::catalog;
use crate::kernel::chance::Chance;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{LawId, PopulationId, RegionId, ReleaseId, ZoneId};
use crate::kernel::sorted::in_order;
use crate::model::blueprint::Blueprint;
use crate::model::engine::{QuorumReads, Rules};
use crate::model::placement::Placement;
use crate::model::runbook::OrderedBy;
use crate::model::runbooks::Runbook;
use crate::model::scenario::{Scenario, WritePattern};
use crate::model::{BalancerKind, CrossZone, Depth, QueueKind, Rule, Skew, version_number};

/// The Regions from which Route 53's checkers look, two from each. Source: Amazon Route 53 Developer Guide,
/// "health checker Regions"; the number sixteen is in the catalog.
pub const CHECKER_REGIONS: [&str; 8] = [
    "us-east-1",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "sa-east-1",
];

/// A place that messages leave from and go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// The city of a population.
    City(PopulationId),
    /// A region.
    Region(RegionId),
    /// One of the places of the health checkers.
    Checker(u8),
    /// Those who run the system, with what they automate: outside of all regions, in the city of the first population.
    Desk,
}

/// The scenario with everything looked up.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The scenario itself.
    pub scenario: Scenario,
    /// Which parts stand in which region at the start.
    pub blueprint: Blueprint,
    /// Which regions may hold which partitions.
    pub placement: Placement,
    /// How many real requests one simulated request stands for, grain included.
    pub weight: u32,
    /// Mean time that a server works on a simulated request, in milliseconds, grain included.
    pub service_ms: f64,
    /// How the engine's copies replicate, fail over and return.
    pub rules: Rules,
    /// The seed of the run.
    pub seed: u64,
    /// Draws by that seed.
    pub chance: Chance,
    /// Round trips in milliseconds: `[city of the catalog][region]`.
    pub city_round_trip_ms: Vec<Vec<f64>>,
    /// The city of each population at the start: an index into the catalog.
    pub home_cities: Vec<u8>,
    /// The region nearest to each population at the start: the home of its users, if users have one.
    pub home_regions: Vec<RegionId>,
    /// Round trips in milliseconds: `[region][region]`, zero to itself.
    pub region_round_trip_ms: Vec<Vec<f64>>,
    /// Slots of one server, in simulated requests.
    pub slots: u16,
    /// Places in the queue of one server, in simulated requests.
    pub queue_places: usize,
    /// The round trip between zones of a region.
    pub zone_round_trip: SimDuration,
    /// The work of a database on a read.
    pub read: SimDuration,
    /// How long clients wait for an attempt: each span once.
    pub patience: Vec<SimDuration>,
    /// What a request keeps its slot for beside the work: the way to the server, and in a coarser grain what the ways and the
    /// database of all the others take that it stands for.
    pub around: SimDuration,
    /// How much longer than in a grain of 1 a server takes for a full queue and a request behind it: clients wait that much
    /// longer for a server that has their request. Zero in a grain of 1.
    pub stretch: SimDuration,
    /// Which of these spans the clients of each population wait.
    pub waits: Vec<u8>,
    queues: bool,
    topics: bool,
    /// Round trips in milliseconds: `[checker place][region]`.
    pub checker_round_trip_ms: Vec<Vec<f64>>,
    /// Cumulative popularity of the keys, ending in 1.
    pub key_popularity: Vec<f64>,
    /// Its runbooks: of several that could start, the first that fits does.
    pub runbooks: Vec<Runbook>,
    /// The region of the DNS control plane, if it is one of the scenario's.
    pub dns_home: Option<RegionId>,
}

impl Plan {
    /// How many real requests one simulated request stands for.
    pub fn step(&self) -> u64 {
        u64::from(self.weight)
    }

    /// Whether a queue stands in front of the database's writes.
    pub fn has_queues(&self) -> bool {
        self.queues
    }

    /// Whether a topic feeds queues in two regions.
    pub fn has_topics(&self) -> bool {
        self.topics
    }

    /// Looks everything up. Names that the catalog does not have (a checked scenario has none) count as 100 ms away.
    pub fn new(scenario: &Scenario, seed: u64) -> Self {
        let regions: Vec<Option<usize>> =
            scenario.regions.iter().map(|region| catalog::region_index(&region.code)).collect();
        let between = |a: Option<usize>, b: Option<usize>| match (a, b) {
            (Some(a), Some(b)) => catalog::round_trip_ms(a, b),
            _ => 100.0,
        };
        let city_round_trip_ms = catalog::CITIES.iter().map(|city| {
            let trip = |region: &Option<usize>| {
                let wire =
                    region.map_or(100.0, |region| catalog::city_wire_ms(city, &catalog::REGIONS[region]));
                wire + scenario.network.access_ms
            };
            regions.iter().map(trip).collect()
        });
        let home = |population: &crate::model::Population| {
            catalog::CITIES.iter().position(|city| city.name == population.city).unwrap_or(0) as u8
        };
        let city_round_trip_ms: Vec<Vec<f64>> = city_round_trip_ms.collect();
        let nearest = |population: &crate::model::Population| {
            let trips = &city_round_trip_ms[usize::from(home(population))];
            let least = (0..trips.len()).min_by(|a, b| trips[*a].total_cmp(&trips[*b]));
            RegionId(least.unwrap_or(0) as u8)
        };
        let home_regions = scenario.clients.populations.iter().map(nearest).collect();
        let blueprint = Blueprint::of(scenario);
        let (patience, waits) = patience(scenario);
        let checkers = CHECKER_REGIONS.iter().map(|code| catalog::region_index(code));
        Self {
            home_regions,
            city_round_trip_ms,
            home_cities: scenario.clients.populations.iter().map(home).collect(),
            region_round_trip_ms: regions
                .iter()
                .enumerate()
                .map(|(i, a)| {
                    let to = |(j, b): (usize, &Option<usize>)| if i == j { 0.0 } else { between(*a, *b) };
                    regions.iter().enumerate().map(to).collect()
                })
                .collect(),
            checker_round_trip_ms: checkers
                .map(|checker| regions.iter().map(|region| between(checker, *region)).collect())
                .collect(),
            runbooks: Runbook::all(scenario),
            key_popularity: popularity(scenario.database.keys, scenario.database.skew),
            dns_home: scenario
                .regions
                .iter()
                .position(|region| region.code == scenario.dns.control_plane_region)
                .map(|index| RegionId(index as u8)),
            placement: Placement::of(scenario, &blueprint),
            blueprint,
            weight: scenario.weight * scenario.grain,
            service_ms: scenario.servers.service_ms * f64::from(scenario.grain),
            slots: (scenario.servers.concurrency / scenario.weight).clamp(1, u32::from(u16::MAX)) as u16,
            queue_places: (scenario.servers.queue / scenario.weight) as usize,
            zone_round_trip: SimDuration::from_millis(scenario.network.zone_round_trip_ms),
            read: SimDuration::from_millis(scenario.database.read_ms),
            patience,
            around: SimDuration::from_millis(scenario.network.zone_round_trip_ms) + others(scenario),
            stretch: stretch(scenario),
            waits,
            queues: scenario.write_queue.kind != QueueKind::None,
            topics: scenario.write_queue.kind == QueueKind::Topic,
            rules: scenario.database.engine.rules(),
            scenario: scenario.clone(),
            seed,
            chance: Chance::new(seed),
        }
    }

    /// How many regions there are.
    pub fn regions(&self) -> usize {
        self.scenario.regions.len()
    }

    /// All regions.
    pub fn region_ids(&self) -> impl Iterator<Item = RegionId> + Clone + use<> {
        (0..self.regions() as u8).map(RegionId)
    }

    /// How many populations there are.
    pub fn populations(&self) -> usize {
        self.scenario.clients.populations.len()
    }

    /// Availability zones of a region.
    pub fn zones(&self, region: RegionId) -> u8 {
        self.scenario.regions[region.index()].zones as u8
    }

    /// Whether it is the balancer itself that accepts the connection of a checker, whatever is behind it.
    pub fn opens_by_itself(&self, depth: Depth) -> bool {
        self.scenario.balancer.kind == BalancerKind::Application && depth == Depth::Tcp
    }

    /// Checkers of a region's endpoint: those of each child check, one child after the other, if the check is calculated.
    pub fn checkers(&self) -> usize {
        self.scenario.dns.checkers as usize * self.scenario.dns.children.len().max(1)
    }

    /// How deep a checker looks.
    pub fn depth_of(&self, checker: u8) -> Depth {
        let dns = &self.scenario.dns;
        debug_assert!(usize::from(checker) < self.checkers(), "a checker of the endpoint");
        dns.children.get(usize::from(checker) / dns.checkers as usize).copied().unwrap_or(dns.check)
    }

    /// Whether a checker asks for the page that may fail by itself: of child checks, the first that asks for a page does.
    pub fn asks_own_page(&self, checker: u8) -> bool {
        let dns = &self.scenario.dns;
        let first = dns.children.iter().position(|depth| *depth != Depth::Tcp);
        let child = usize::from(checker) / dns.checkers as usize;
        self.depth_of(checker) != Depth::Tcp && (dns.children.is_empty() || first == Some(child))
    }

    /// Whether balancers pass requests on to servers of every zone.
    pub fn crosses_zones(&self) -> bool {
        let balancer = &self.scenario.balancer;
        match balancer.cross_zone {
            CrossZone::On => true,
            CrossZone::Off => false,
            CrossZone::ByKind => balancer.kind == BalancerKind::Application,
        }
    }

    /// How many places checkers look from.
    pub fn checker_places(&self) -> usize {
        CHECKER_REGIONS.len()
    }

    /// "us-east-1".
    pub fn region_code(&self, region: RegionId) -> &str {
        &self.scenario.regions[region.index()].code
    }

    /// "v43".
    pub fn release_name(&self, release: ReleaseId) -> &str {
        &self.scenario.rollout.releases[release.index()].name
    }

    /// "us-east-1a".
    pub fn zone_code(&self, zone: ZoneId) -> String {
        format!("{}{}", self.region_code(zone.region), (b'a' + zone.index) as char)
    }

    /// "Mumbai".
    pub fn city(&self, population: PopulationId) -> &str {
        &self.scenario.clients.populations[population.index()].city
    }

    /// Whether every copy of the database takes writes.
    pub fn writes_everywhere(&self) -> bool {
        self.blueprint.writes_everywhere()
    }

    /// The rule for collisions.
    pub fn rule(&self) -> Rule {
        self.scenario.database.conflict
    }

    /// How many copies have to answer a write, or a read: 1 is the one that is asked.
    #[inline]
    pub fn copies_asked(&self, writes: bool) -> usize {
        let database = &self.scenario.database;
        (if writes { database.replicas_written } else { database.replicas_read }) as usize
    }

    /// The other of the two regions that serve and read by themselves, by lease; `None` for a witness, and with any other engine.
    pub fn lease_peer(&self, region: RegionId) -> Option<RegionId> {
        let leased = self.rules.reads == QuorumReads::Leased && !self.blueprint.is_witness(region);
        leased.then(|| self.blueprint.other_than(region)).flatten()
    }

    /// Whether every key has a home region that takes its writes.
    pub fn has_homes(&self) -> bool {
        let pattern = self.scenario.write_pattern;
        self.writes_everywhere() && (pattern != WritePattern::WriteLocal || self.rule() == Rule::Conditional)
    }

    /// The partition of a key: one for each region that is a home.
    pub fn partition(&self, key: u16) -> usize {
        usize::from(key) % self.regions()
    }

    /// The runbooks that an order starts, by their places, in their turn.
    pub fn ordered_by(&self, order: OrderedBy) -> impl Iterator<Item = usize> + use<> {
        let own = (0..self.runbooks.len()).filter(|book| self.runbooks[*book].orders.contains(&order));
        in_order(own, |book| [self.runbooks[*book].turn as f64, 0.0]).into_iter()
    }

    /// Whether a region's copy has a key: no law forbids it.
    #[inline]
    pub fn holds(&self, region: RegionId, key: u16) -> bool {
        // Without homes of their own all keys are bound by the same laws, and no copy is where one forbids it.
        self.placement.is_free() || !self.has_homes() || self.placement.may_hold(region, self.partition(key))
    }

    /// The region that copies of a region's backups go to; `None` if there is no other that may hold them.
    pub fn vault_of(&self, region: RegionId) -> Option<RegionId> {
        self.placement.vault_of(&self.blueprint, region)
    }

    /// The name of a law: "GDPR".
    pub fn law(&self, law: LawId) -> &str {
        &self.scenario.placement[law.index()].law
    }

    /// The number of the version that is deployed in a region at the start.
    pub fn version(&self, region: RegionId) -> u32 {
        version_number(&self.scenario.regions[region.index()].version).unwrap_or(0)
    }
}

/// What the ways to a server and to the database beside it, and a read there, take for those that a simulated request stands
/// for in a coarser grain, but for itself: it keeps its slot for them too.
fn others(scenario: &Scenario) -> SimDuration {
    let once_ms = 2.0 * *scenario.network.zone_round_trip_ms + *scenario.database.read_ms;
    SimDuration::from_millis(once_ms * f64::from(scenario.grain.saturating_sub(1)))
}

/// How much longer than in a grain of 1 a full queue of a server and the work on one request take.
fn stretch(scenario: &Scenario) -> SimDuration {
    let (servers, more) = (&scenario.servers, f64::from(scenario.grain.saturating_sub(1)));
    let turns = f64::from(servers.queue) / f64::from(servers.concurrency) + 1.0;
    let turn_s = *servers.service_ms * more / 1000.0 + others(scenario).secs();
    SimDuration::from_secs(turns * turn_s)
}

/// The spans that clients wait, each once, and which of them each population has.
fn patience(scenario: &Scenario) -> (Vec<SimDuration>, Vec<u8>) {
    let (clients, mut spans) = (&scenario.clients, Vec::new());
    let own = |population: &crate::model::Population| {
        let span = SimDuration::from_secs(population.timeout_s.unwrap_or(clients.timeout_s));
        let known = spans.iter().position(|known| *known == span);
        known.unwrap_or_else(|| {
            spans.push(span);
            spans.len() - 1
        }) as u8
    };
    let waits = clients.populations.iter().map(own).collect();
    (spans, waits)
}

fn popularity(keys: u32, skew: Skew) -> Vec<f64> {
    let exponent = match skew {
        Skew::Uniform => 0.0,
        Skew::Zipf(exponent) => exponent,
    };
    let weights: Vec<f64> = (1..=keys).map(|rank| libm::pow(f64::from(rank), -exponent)).collect();
    let total: f64 = weights.iter().sum();
    let mut sum = 0.0;
    let mut cumulative: Vec<f64> = weights
        .iter()
        .map(|weight| {
            sum += weight / total;
            sum
        })
        .collect();
    if let Some(last) = cumulative.last_mut() {
        *last = 1.0;
    }
    cumulative
}
