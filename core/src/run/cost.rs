//! Money: what the deployment costs in a month at list prices, item by item, against the same system in one region, and
//! what the outages of a run have cost by the learner's own rates.
//!
//! What runs is taken from the scenario as it is at the start; what is paid by use is what was counted until the first
//! incident ([`Usage`]), scaled to a month. docs/model.md says what is left out.

mod backups;
mod batch;

use crate::catalog::{Fact, Unit, dns, prices, transfer};
use crate::kernel::id::RegionId;
use crate::kernel::region_map::RegionMap;
use crate::model::QueueKind;
use crate::model::blueprint::Blueprint;
use crate::model::placement::Placement;
use crate::model::plan::Plan;
use crate::model::price::Calls;
use crate::model::scenario::Scenario;
use crate::observer::incident::Incident;
use crate::observer::loss::Loss;
use crate::observer::metrics::Usage;
use crate::run::simulation::Simulation;
use serde::Serialize;

const HOURS: f64 = prices::MONTH.value;
const MONTH_S: f64 = HOURS * 3600.0;
const KIB_IN_GIB: f64 = 1024.0 * 1024.0;
/// Messages in a batch: as many as SQS takes.
const BATCH: f64 = 10.0;

/// One line of the bill.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CostItem {
    /// What is paid for: "servers".
    pub item: &'static str,
    /// In which region: "us-east-1"; empty for what is in none.
    pub region: String,
    /// How much of it in a month.
    pub quantity: f64,
    /// What the quantity counts: "h", "GiB", "million" or, for single things, nothing.
    pub unit: &'static str,
    /// The price of one, in US dollars.
    pub unit_usd: f64,
    /// Both multiplied.
    pub monthly_usd: f64,
    /// Where the price was read, or why it is assumed.
    pub source: &'static str,
    /// How far the price can be trusted.
    pub confidence: &'static str,
}

/// What the system costs, and what its outages have cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cost {
    /// When the prices were read.
    pub as_of: &'static str,
    /// The deployment for a month, in US dollars, and batch jobs that the run has had, once.
    pub monthly_usd: f64,
    /// The same system with all of its traffic in the first region alone, in US dollars a month.
    pub single_region_usd: f64,
    /// The first over the second.
    pub ratio_to_single_region: f64,
    /// The lines of the deployment's bill.
    pub items: Vec<CostItem>,
    /// What the incidents have cost so far, in US dollars: `business` has the rates.
    pub outage_usd: f64,
}

/// What an incident has cost so far, in US dollars: time in which clients were not served, and writes that are gone. What
/// is out of reach can come back and costs nothing yet.
pub fn outage_usd(plan: &Plan, incident: &Incident, loss: &Loss) -> f64 {
    unserved_usd(plan, incident.unserved_s) + lost_usd(plan, loss)
}

/// What seconds in which nobody was served cost, in US dollars.
pub fn unserved_usd(plan: &Plan, unserved_s: f64) -> f64 {
    debug_assert!(unserved_s >= 0.0, "time goes on");
    unserved_s / 3600.0 * plan.scenario.business.outage_usd_per_h
}

/// What writes that are gone cost, in US dollars.
pub fn lost_usd(plan: &Plan, loss: &Loss) -> f64 {
    (loss.priced() * plan.step()) as f64 * plan.scenario.business.lost_write_usd
}

/// The bill of the deployment for a month, with this use.
pub fn monthly(plan: &Plan, usage: &Usage) -> Vec<CostItem> {
    Bill::of(plan, plan.region_ids().collect(), &Traffic::of(plan, usage))
}

/// The bill of the same system in its first region alone, which gets all of the traffic.
pub fn monthly_in_one(plan: &Plan, usage: &Usage) -> Vec<CostItem> {
    let primary = plan.blueprint.primary();
    Bill::of(plan, vec![primary], &Traffic::of(plan, usage).in_one(primary))
}

/// What a bill comes to, in US dollars.
pub fn total_usd(items: &[CostItem]) -> f64 {
    items.iter().map(|item| item.monthly_usd).sum()
}

impl Simulation {
    /// What the system costs, and what its outages have cost so far.
    pub fn cost(&self) -> Cost {
        let (plan, world) = (self.plan(), self.world());
        let usage = &world.observer.metrics.usage;
        let mut items = monthly(plan, usage);
        items.extend(batch::once(plan, &world.system.meters));
        let (monthly_usd, single_region_usd) = (total_usd(&items), total_usd(&monthly_in_one(plan, usage)));
        Cost {
            as_of: prices::AS_OF,
            monthly_usd,
            single_region_usd,
            ratio_to_single_region: monthly_usd / single_region_usd,
            items,
            outage_usd: world
                .observer
                .incidents
                .iter()
                .map(|incident| outage_usd(plan, incident, &world.observer.losses.of(incident.entry)))
                .sum::<f64>()
                + self.no_incident().cost_usd,
        }
    }
}

/// A month of traffic by region, in real requests. Nothing if nothing has been counted yet.
struct Traffic {
    answers: RegionMap<f64>,
    reads: RegionMap<f64>,
    writes: RegionMap<f64>,
    forwards: RegionMap<f64>,
    replicated: RegionMap<f64>,
    queue_calls: RegionMap<f64>,
    publishes: RegionMap<f64>,
    fanned_out: RegionMap<f64>,
    /// Capacity units that a serverless database had, on average.
    acus: RegionMap<f64>,
}

impl Traffic {
    fn of(plan: &Plan, usage: &Usage) -> Self {
        let scale = if usage.seconds > 0.0 { f64::from(plan.weight) * MONTH_S / usage.seconds } else { 0.0 };
        let month = |counts: RegionMap<u64>| counts.map(|count| count as f64 * scale);
        Self {
            answers: month(usage.meters.answers),
            reads: month(usage.meters.reads),
            writes: month(usage.meters.writes),
            forwards: month(usage.meters.forwards),
            replicated: month(usage.meters.replicated),
            queue_calls: month(usage.meters.queue_calls),
            publishes: month(usage.meters.publishes),
            fanned_out: month(usage.meters.fanned_out),
            acus: usage.meters.acu_ms.map(|acu_ms| acu_ms as f64 / 1000.0 / usage.seconds.max(1.0)),
        }
    }

    /// All of it in one region, so that nothing has to go anywhere else.
    fn in_one(&self, region: RegionId) -> Self {
        let sum = |counts: RegionMap<f64>| {
            let mut one = RegionMap::default();
            one[region] = counts.values().sum();
            one
        };
        Self {
            answers: sum(self.answers),
            reads: sum(self.reads),
            writes: sum(self.writes),
            forwards: RegionMap::default(),
            replicated: RegionMap::default(),
            queue_calls: sum(self.queue_calls),
            publishes: sum(self.publishes),
            fanned_out: RegionMap::default(),
            acus: sum(self.acus),
        }
    }
}

/// A bill that is being written.
struct Bill<'a> {
    scenario: &'a Scenario,
    blueprint: &'a Blueprint,
    placement: &'a Placement,
    /// The regions that are used.
    regions: Vec<RegionId>,
    traffic: &'a Traffic,
    items: Vec<CostItem>,
}

impl<'a> Bill<'a> {
    fn of(plan: &'a Plan, regions: Vec<RegionId>, traffic: &'a Traffic) -> Vec<CostItem> {
        let (scenario, blueprint, placement) = (&plan.scenario, &plan.blueprint, &plan.placement);
        let mut bill =
            Self { scenario, blueprint, placement, regions: regions.clone(), traffic, items: Vec::new() };
        for region in regions.iter().filter(|region| !blueprint.is_witness(**region)) {
            bill.fleet(*region);
        }
        for region in regions.iter().filter(|region| blueprint.is_built(**region)) {
            bill.queue(*region);
            bill.database(*region);
            bill.replication(*region);
        }
        bill.backups();
        for region in &regions {
            bill.traffic(*region);
        }
        bill.dns();
        bill.items
    }

    /// Adds a line, unless there is nothing of it.
    fn add(&mut self, item: &'static str, region: Option<RegionId>, quantity: f64, price: Fact) {
        if quantity > 0.0 {
            self.items.push(CostItem {
                item,
                region: region.map_or("", |region| self.code(region)).into(),
                quantity,
                unit: counted(price.unit),
                unit_usd: price.value,
                monthly_usd: quantity * price.value,
                source: price.source,
                confidence: price.confidence.words(),
            });
        }
    }

    fn code(&self, region: RegionId) -> &'a str {
        &self.scenario.regions[region.index()].code
    }

    /// What leaves a region for another, at the price of the way to where its work would go.
    fn between(&self, from: RegionId) -> Fact {
        let to = self.blueprint.other_than(from).unwrap_or(from);
        transfer::between_regions(self.code(from), self.code(to))
    }

    /// Size of a real write, in KiB.
    fn write_kib(&self) -> f64 {
        f64::from(self.scenario.database.write_bytes) / 1024.0
    }

    fn fleet(&mut self, id: RegionId) {
        let region = &self.scenario.regions[id.index()];
        let at = Some(id);
        self.add("servers", at, f64::from(region.servers) * HOURS, prices::SERVER);
        if self.blueprint.is_built(id) {
            self.add("balancer", at, HOURS, prices::BALANCER);
            let gib = self.traffic.answers[id] * self.scenario.business.answer_kib / KIB_IN_GIB;
            self.add(
                "balancer capacity",
                at,
                gib / prices::BALANCER_UNIT_CARRIES.value,
                prices::BALANCER_UNIT,
            );
        }
        if region.servers > 0 {
            self.add("NAT gateways", at, prices::NAT_GATEWAYS.value * HOURS, prices::NAT_GATEWAY);
        }
        if region.image {
            self.add("machine image", at, prices::IMAGE_SIZE.value, prices::IMAGE);
        }
    }

    /// Calls to the queue in front of the writes: each message is sent, received and deleted, alone or ten to a call.
    fn queue(&mut self, region: RegionId) {
        let queue = &self.scenario.write_queue;
        let price =
            if queue.kind == QueueKind::Fifo { prices::QUEUE_CALLS_FIFO } else { prices::QUEUE_CALLS };
        let together = if queue.batches { BATCH } else { 1.0 };
        let (at, traffic) = (Some(region), self.traffic);
        self.add("queue calls", at, traffic.queue_calls[region] / together / 1e6, price);
        self.add("topic publishes", at, traffic.publishes[region] / 1e6, prices::PUBLISHES);
        let gib = traffic.fanned_out[region] * self.write_kib() / KIB_IN_GIB;
        self.add("topic transfer", at, gib, self.between(region));
    }

    /// The copy of a region, of what it may hold, priced as it is simulated: with the standbys that it has in other zones.
    fn database(&mut self, region: RegionId) {
        // In one region alone there is everything.
        let share = if self.regions.len() > 1 { self.placement.share(region) } else { 1.0 };
        let (at, gib) = (Some(region), *self.scenario.database.size_gib * share);
        let [reads, writes] = [self.traffic.reads[region], self.traffic.writes[region]].map(|n| n / 1e6);
        let prices = self.scenario.database.prices();
        if let Some(instances) = &prices.instances {
            let acus = self.traffic.acus[region];
            if *self.scenario.database.acu_max > 0.0 {
                self.add("capacity units", at, acus * instances.of_each * HOURS, prices::CAPACITY_UNIT);
            }
            let nodes = instances.holds.map_or(1.0, |holds| (gib / holds.value).ceil().max(1.0));
            let provisioned = if *self.scenario.database.acu_max > 0.0 { 0.0 } else { nodes };
            let hours = provisioned * instances.of_each * HOURS;
            self.add("database", at, hours, (instances.hour)(self.code(region)));
        }
        if *self.scenario.database.item_cache_s > 0.0 {
            self.add("item cache", at, prices::ITEM_CACHE_NODES.value * HOURS, prices::ITEM_CACHE);
        }
        if let Calls::Each { reads: read, writes: write, .. } = prices.calls {
            let [read_units, write_units] = prices.calls.units(self.write_kib());
            // One that is content with the region's own copy takes less than one that asks for the newest.
            let strong = *self.scenario.database.strongly_consistent_reads;
            let reads = reads * (strong + (1.0 - strong) * prices::TABLE_READ_EVENTUAL.value);
            self.add("reads", at, reads * read_units, read);
            self.add("writes", at, writes * write_units, write);
        }
        if let Some(storage) = prices.storage {
            self.add("storage", at, gib, storage);
        }
        if let Calls::Storage(requests) = prices.calls {
            self.add("storage requests", at, reads * prices::STORAGE_READS.value + writes, requests);
        }
    }

    /// What is paid for writes that a region sends to the others, the transfer apart.
    fn replication(&mut self, region: RegionId) {
        let (at, writes) = (Some(region), self.traffic.replicated[region]);
        let prices = self.scenario.database.prices();
        if let Some(price) = prices.replicated {
            let units = prices.calls.units(self.write_kib())[1];
            self.add("replicated writes", at, writes / 1e6 * units, price);
        }
        if let Some(timed) = prices.timed {
            self.add("replication time control", at, writes * self.write_kib() / KIB_IN_GIB, timed);
        }
    }

    fn traffic(&mut self, region: RegionId) {
        let (at, traffic, write_kib) = (Some(region), self.traffic, self.write_kib());
        let answered = traffic.answers[region] * self.scenario.business.answer_kib / KIB_IN_GIB;
        self.add("transfer to clients", at, answered, transfer::to_internet(self.code(region)));
        let replicated = traffic.replicated[region] * write_kib / KIB_IN_GIB;
        self.add("transfer of replicated writes", at, replicated, self.between(region));
        let forwarded = traffic.forwards[region] * write_kib / KIB_IN_GIB;
        self.add("transfer of forwarded requests", at, forwarded, self.between(region));
    }

    /// The zone, its queries, and a health check for each region that is built.
    fn dns(&mut self) {
        let dns = &self.scenario.dns;
        self.add("hosted zone", None, 1.0, prices::ZONE);
        let resolvers =
            self.scenario.clients.populations.len() as f64 * f64::from(self.scenario.clients.resolvers);
        let price = if self.regions.len() > 1 { dns.policy.kind().query_price() } else { prices::QUERIES };
        self.add("queries", None, resolvers * MONTH_S / dns.ttl_s.max(1.0) / 1e6, price);
        let endpoints = self.regions.iter().filter(|region| self.blueprint.is_built(**region)).count() as f64;
        // A calculated check is one more than its children.
        let children = dns.children.len() as f64;
        let (checks, looks) = if dns.children.is_empty() { (1.0, 1.0) } else { (children + 1.0, children) };
        self.add("health checks", None, endpoints * checks, prices::CHECK);
        if dns.interval_s < dns::CHECK_INTERVAL.value {
            self.add("fast health checks", None, endpoints * looks, prices::CHECK_OPTION);
        }
    }
}

/// What a price is multiplied by; empty for what is no price.
fn counted(unit: Unit) -> &'static str {
    match unit.symbol().strip_prefix("USD/") {
        Some("GiB" | "GiB-month") => "GiB",
        Some("month") | None => "",
        Some(other) => other,
    }
}
