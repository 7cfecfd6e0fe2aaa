//! The part of a run that never changes: the scenario with everything looked up. Shared by all clones of a run.

use crate::catalog;
use crate::kernel::chance::Chance;
use crate::kernel::id::{PopulationId, RegionId, ZoneId};
use crate::model::blueprint::Blueprint;
use crate::model::engine::Rules;
use crate::model::fault::{Command, Fault};
use crate::model::scenario::{Scenario, WritePattern};
use crate::model::{FaultKind, Order, Rule, Skew, TargetKind, version_number};

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
}

/// The scenario with everything looked up.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The scenario itself.
    pub scenario: Scenario,
    /// Which parts stand where at the start, and who calls whom.
    pub blueprint: Blueprint,
    /// How many real requests one simulated request stands for, grain included.
    pub weight: u32,
    /// Mean time that a server works on a simulated request, in milliseconds, grain included.
    pub service_ms: f64,
    /// What the engine's copies do.
    pub rules: Rules,
    /// The seed of the run.
    pub seed: u64,
    /// What that seed has for each thing.
    pub chance: Chance,
    /// Round trips in milliseconds: `[city of the catalog][region]`.
    pub city_round_trip_ms: Vec<Vec<f64>>,
    /// The city of each population at the start: an index into the catalog.
    pub home_cities: Vec<u8>,
    /// The region nearest to each population at the start: the home of its users where users have one.
    pub home_regions: Vec<RegionId>,
    /// Round trips in milliseconds: `[region][region]`, zero to itself.
    pub region_round_trip_ms: Vec<Vec<f64>>,
    /// Round trips in milliseconds: `[checker place][region]`.
    pub checker_round_trip_ms: Vec<Vec<f64>>,
    /// Cumulative popularity of the keys, ending in 1.
    pub key_popularity: Vec<f64>,
    /// The region of the DNS control plane, where it is one of the scenario's.
    pub dns_home: Option<RegionId>,
}

impl Plan {
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
            key_popularity: popularity(scenario.database.keys, scenario.database.skew),
            dns_home: scenario
                .regions
                .iter()
                .position(|region| region.code == scenario.dns.control_plane_region)
                .map(|index| RegionId(index as u8)),
            blueprint: Blueprint::of(scenario),
            weight: scenario.weight * scenario.grain,
            service_ms: scenario.servers.service_ms * f64::from(scenario.grain),
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
    pub fn region_ids(&self) -> impl Iterator<Item = RegionId> + use<> {
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

    /// How many places checkers look from.
    pub fn checker_places(&self) -> usize {
        CHECKER_REGIONS.len()
    }

    /// "us-east-1".
    pub fn region_code(&self, region: RegionId) -> &str {
        &self.scenario.regions[region.index()].code
    }

    /// "us-east-1a".
    pub fn zone_code(&self, zone: ZoneId) -> String {
        format!("{}{}", self.region_code(zone.region), (b'a' + zone.index) as char)
    }

    /// "Mumbai".
    pub fn city(&self, population: PopulationId) -> &str {
        &self.scenario.clients.populations[population.index()].city
    }

    /// Every copy of the database takes writes.
    pub fn writes_everywhere(&self) -> bool {
        self.blueprint.writes_everywhere()
    }

    /// The rule for collisions.
    pub fn rule(&self) -> Rule {
        self.scenario.database.conflict
    }

    /// Every key has a home region that takes its writes.
    pub fn has_homes(&self) -> bool {
        let pattern = self.scenario.write_pattern;
        self.writes_everywhere() && (pattern != WritePattern::WriteLocal || self.rule() == Rule::Conditional)
    }

    /// The partition of a key: one for each region that is a home.
    pub fn partition(&self, key: u16) -> usize {
        usize::from(key) % self.regions()
    }

    /// The number of the version that is deployed in a region at the start.
    pub fn version(&self, region: RegionId) -> u32 {
        version_number(&self.scenario.regions[region.index()].version).unwrap_or(0)
    }

    /// Slots of one server, in simulated requests.
    pub fn slots(&self) -> u16 {
        (self.scenario.servers.concurrency / self.scenario.weight).clamp(1, u32::from(u16::MAX)) as u16
    }

    /// Places in the queue of one server, in simulated requests.
    pub fn queue_places(&self) -> usize {
        (self.scenario.servers.queue / self.scenario.weight) as usize
    }

    /// The command that an order means here.
    ///
    /// # Errors
    /// A sentence that names the word that is wrong and what is allowed.
    pub fn resolve(&self, order: &Order) -> Result<Command, String> {
        Ok(match order {
            Order::Inject(kind, target) => Command::Inject(self.fault(*kind, target)?),
            Order::Clear(kind, target) => Command::Clear(self.fault(*kind, target)?),
            Order::FailOver(region) => Command::FailOver(self.find_region(region)?),
            Order::FailBack => Command::FailBack,
            Order::Decide => Command::Decide,
            Order::Restore(region, second) => Command::Restore(self.find_region(region)?, *second),
            Order::RaiseQuota(region) => Command::RaiseQuota(self.find_region(region)?),
            Order::MoveHome(from, to) => {
                order.fits(&self.scenario)?;
                Command::MoveHome(self.find_region(from)?, self.find_region(to)?)
            }
            Order::Travel(from, to) => {
                order.fits(&self.scenario)?;
                Command::Travel(self.find_population(from)?, self.find_city(to)?)
            }
            Order::Write(city, key) => {
                order.fits(&self.scenario)?;
                Command::Write(self.find_population(city)?, *key)
            }
        })
    }

    fn find_population(&self, city: &str) -> Result<PopulationId, String> {
        let mut all = self.scenario.clients.populations.iter();
        let index = all.position(|population| population.city == city);
        index.map(|index| PopulationId(index as u8)).ok_or_else(|| format!("nobody of \"{city}\" is here"))
    }

    fn find_city(&self, name: &str) -> Result<u8, String> {
        let index = catalog::CITIES.iter().position(|city| city.name == name);
        index.map(|index| index as u8).ok_or_else(|| format!("\"{name}\" is not a city of the catalog"))
    }

    fn fault(&self, kind: FaultKind, target: &str) -> Result<Fault, String> {
        let pair = |split: char| {
            let (a, b) = target
                .split_once(split)
                .ok_or_else(|| format!("\"{target}\" is not {}", kind.target_kind().words()))?;
            let (a, b) = (self.find_region(a)?, self.find_region(b)?);
            if a == b { Err(format!("\"{target}\" names the same region twice")) } else { Ok((a, b)) }
        };
        Ok(match kind {
            FaultKind::ZonePower => Fault::ZonePower(self.find_zone(target)?),
            FaultKind::ZoneGrey => Fault::ZoneGrey(self.find_zone(target)?),
            FaultKind::RegionDark => Fault::RegionDark(self.find_region(target)?),
            FaultKind::PrimaryDatabase => Fault::PrimaryDatabase(self.find_region(target)?),
            FaultKind::Capacity => Fault::Capacity(self.find_region(target)?),
            FaultKind::BadDeploy => Fault::BadDeploy(self.find_region(target)?),
            FaultKind::ControlPlane => Fault::ControlPlane(self.find_region(target)?),
            FaultKind::Corruption => Fault::Corruption(self.find_region(target)?),
            FaultKind::MassDelete => Fault::MassDelete(self.find_region(target)?),
            FaultKind::Ransomware => Fault::Ransomware(self.find_region(target)?),
            FaultKind::BackupCopy => Fault::BackupCopy,
            FaultKind::LinkCut => pair(':').map(|(a, b)| Fault::LinkCut(a.min(b), a.max(b)))?,
            FaultKind::LinkSlow => pair(':').map(|(a, b)| Fault::LinkSlow(a.min(b), a.max(b)))?,
            FaultKind::LinkLossy => pair(':').map(|(a, b)| Fault::LinkLossy(a.min(b), a.max(b)))?,
            FaultKind::LinkCutOneWay => pair('>').map(|(a, b)| Fault::LinkCutOneWay(a, b))?,
            FaultKind::DnsControlPlane => Fault::DnsControlPlane,
            FaultKind::LoadSurge => Fault::LoadSurge,
            FaultKind::FenceFails => Fault::FenceFails,
        })
    }

    /// The target of a fault in the words of orders, or empty.
    pub fn target_text(&self, fault: Fault) -> String {
        match fault {
            Fault::ZonePower(zone) | Fault::ZoneGrey(zone) => self.zone_code(zone),
            Fault::RegionDark(region)
            | Fault::PrimaryDatabase(region)
            | Fault::Capacity(region)
            | Fault::BadDeploy(region)
            | Fault::ControlPlane(region)
            | Fault::Corruption(region)
            | Fault::MassDelete(region)
            | Fault::Ransomware(region) => self.region_code(region).into(),
            Fault::LinkCut(a, b) | Fault::LinkSlow(a, b) | Fault::LinkLossy(a, b) => {
                format!("{}:{}", self.region_code(a), self.region_code(b))
            }
            Fault::LinkCutOneWay(a, b) => format!("{}>{}", self.region_code(a), self.region_code(b)),
            Fault::DnsControlPlane | Fault::LoadSurge | Fault::BackupCopy | Fault::FenceFails => {
                String::new()
            }
        }
    }

    /// Every fault of a kind that this system can have.
    pub fn possible(&self, kind: FaultKind) -> Vec<Fault> {
        let regions = || self.region_ids();
        let pairs = move || regions().flat_map(move |a| self.region_ids().map(move |b| (a, b)));
        match kind.target_kind() {
            TargetKind::None => self.fault(kind, "").into_iter().collect(),
            TargetKind::Region | TargetKind::Zone | TargetKind::Link | TargetKind::Direction => {
                let targets: Vec<String> = match kind.target_kind() {
                    TargetKind::Zone => regions()
                        .flat_map(|region| (0..self.zones(region)).map(move |index| ZoneId { region, index }))
                        .map(|zone| self.zone_code(zone))
                        .collect(),
                    TargetKind::Region => regions().map(|region| self.region_code(region).into()).collect(),
                    TargetKind::Link => pairs()
                        .filter(|(a, b)| a < b)
                        .map(|(a, b)| format!("{}:{}", self.region_code(a), self.region_code(b)))
                        .collect(),
                    TargetKind::Direction => pairs()
                        .filter(|(a, b)| a != b)
                        .map(|(a, b)| format!("{}>{}", self.region_code(a), self.region_code(b)))
                        .collect(),
                    TargetKind::None => Vec::new(),
                };
                targets.iter().filter_map(|target| self.fault(kind, target).ok()).collect()
            }
        }
    }

    fn find_region(&self, code: &str) -> Result<RegionId, String> {
        let known = || self.scenario.regions.iter().map(|region| region.code.as_str()).collect::<Vec<_>>();
        self.region_ids().find(|id| self.region_code(*id) == code.trim()).ok_or_else(|| {
            format!("\"{code}\" is not a region of this scenario; allowed: {}", known().join(", "))
        })
    }

    fn find_zone(&self, code: &str) -> Result<ZoneId, String> {
        let zones = self
            .region_ids()
            .flat_map(|region| (0..self.zones(region)).map(move |index| ZoneId { region, index }));
        let all: Vec<_> = zones.map(|zone| (zone, self.zone_code(zone))).collect();
        all.iter().find(|(_, name)| name == code.trim()).map(|(zone, _)| *zone).ok_or_else(|| {
            let names: Vec<_> = all.iter().map(|(_, name)| name.as_str()).collect();
            format!("\"{code}\" is not a zone of this scenario; allowed: {}", names.join(", "))
        })
    }
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
