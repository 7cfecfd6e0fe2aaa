//! The figures of a run as plain data, ready to be printed or written as JSON.

pub mod requests;
pub mod clients;
pub mod executions;
pub mod incidents;
#[cfg(feature = "schema")]
pub mod schema;

use crate::kernel::clock::SimDuration;
use crate::kernel::id::{PopulationId, RegionId};
use crate::observer::metrics::Tally;
use crate::run::cost::Cost;
use crate::run::loss::RunLoss;
use crate::run::simulation::Simulation;
use crate::system::backups::{Backups, Snapshot, Worth, incremental_mib, spans_s};
use crate::system::database::Database;
use crate::system::topic::Topic;
use crate::system::work_queue::WorkQueue;
pub use clients::{OldAnswersReport, Retries};
pub use executions::StepReport;
pub use incidents::{IncidentReport, NoIncident, OutageReport};
pub use requests::{CityRequests, Requests};
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the engine: the same version, scenario, seed and commands give the same digest.
pub const ENGINE: &str = concat!("faultline ", env!("CARGO_PKG_VERSION"));

/// Everything that is measured in a run. Counts are of real requests and writes, multiples of `step`; a name that ends in
/// `_s` is in seconds: instants since the start, or spans.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// The scenario's name.
    pub scenario: String,
    /// The engine's version.
    pub engine: &'static str,
    /// The seed.
    pub seed: u64,
    /// Hash of the journal and the samples, in hexadecimal.
    pub digest: String,
    /// Simulated seconds.
    pub simulated_s: f64,
    /// Events handled.
    pub events: u64,
    /// How long the machine took, in milliseconds; null if nobody has looked at a clock. The simulation has none.
    pub wall_ms: Option<f64>,
    /// How many real requests one simulated request stands for. All counts are real ones, so they are multiples of it.
    pub step: u64,
    /// Everybody's requests.
    pub requests: Requests,
    /// How often clients asked for the same.
    pub retries: Retries,
    /// Who holds an answer at the end that the name servers would not give then.
    pub old_answers: OldAnswersReport,
    /// Requests by city.
    pub by_client: BTreeMap<String, CityRequests>,
    /// Times in which too few were served, in order.
    pub outages: Vec<OutageReport>,
    /// Times in which fewer were served than on a good day, in order.
    pub degradations: Vec<OutageReport>,
    /// Faults, orders that began something, and outages to which neither led, in order.
    pub incidents: Vec<IncidentReport>,
    /// What has become of acknowledged writes.
    pub loss: RunLoss,
    /// What belongs to no incident.
    pub no_incident: NoIncident,
    /// Seconds in which nobody was served; one in which half were counts a half. Incidents and `no_incident` add up to it.
    pub unserved_s: f64,
    /// What outages and missing writes have cost, in US dollars. Incidents and `no_incident` add up to it.
    pub cost_usd: f64,
    /// What queues in front of the database's writes have; empty without any.
    pub queues: Vec<QueueReport>,
    /// What topics have in front of the queues of two regions; empty without any.
    pub topics: Vec<TopicReport>,
    /// The backups in each region that has any.
    pub backups: Vec<BackupReport>,
    /// Keys whose objects a region lacks and will not get by the rule of replication, by region: older than it, failed for good, or
    /// written against its direction; empty if there are none.
    pub not_copied: BTreeMap<String, u64>,
    /// What readers saw.
    pub consistency: Consistency,
    /// What the system costs, and what its outages have cost.
    pub cost: Cost,
}

/// A queue of one region, in real messages.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QueueReport {
    /// Where it stands: "us-east-1".
    pub region: String,
    /// Messages that were put into it.
    pub sent: u64,
    /// Messages that were worked off.
    pub consumed: u64,
    /// Messages that wait.
    pub backlog: u64,
    /// The age of the oldest that waits, in seconds; null if none does.
    pub oldest_s: Option<f64>,
    /// Messages that are being worked on.
    pub in_flight: u64,
    /// Messages that were given up after too many attempts.
    pub dead: u64,
    /// Messages that were committed more than once, each time.
    pub duplicates: u64,
    /// Messages that were kept for too long, and are lost.
    pub expired: u64,
}

/// A topic of one region, in real messages.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TopicReport {
    /// Where it stands: "us-east-1".
    pub region: String,
    /// Messages that were published to it.
    pub published: u64,
    /// Deliveries that a queue has confirmed: two for each message.
    pub delivered: u64,
    /// Deliveries that no queue has confirmed yet.
    pub undelivered: u64,
    /// Tries to deliver, the first of each included.
    pub tries: u64,
}

/// The backups in a region.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BackupReport {
    /// The region: "us-east-1".
    pub region: String,
    /// Snapshots that are whole there.
    pub snapshots: u64,
    /// Those of which nothing can be restored, because they are empty.
    pub empty: u64,
    /// How old the newest is, in seconds.
    pub newest_s: f64,
    /// How old the newest is from which something can be restored, in seconds; null if there is none.
    pub newest_good_s: Option<f64>,
    /// The next should be whole by now, or have arrived.
    pub overdue: bool,
}

/// What readers saw, and what became of writes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Consistency {
    /// Reads before whose beginning some client had been told, by writing or by reading, of a version that supersedes the one that
    /// they returned, in the order that the rule for collisions defines. A missing version supersedes nothing once it is booked.
    pub stale_reads: u64,
    /// Reads that did not return a version which is booked as missing and would supersede theirs, until the next write to its key.
    pub reads_of_a_gap: u64,
    /// Reads that did not find a write of which a client had been told, because it was still in a queue.
    pub not_yet_visible: u64,
    /// Reads in which a session found what a write of its own supersedes, of which it had been told before the read began.
    pub read_your_writes_violations: u64,
    /// Reads in which a session found what something that it had read before supersedes.
    pub monotonic_violations: u64,
    /// Reads of the last two kinds that broke nothing but for what is missing: the session was told of a write that is lost, out
    /// of reach, set aside or undone. No promise to a session can be kept there.
    pub violations_by_loss: u64,
    /// Reads that a session's token sent to another region.
    pub token_forwards: u64,
    /// Writes that had not seen an earlier write to their key from another region, which had not seen them either: each
    /// once, however many it had not seen.
    pub collisions: u64,
    /// Pairs of writes to one key, from two regions, of which neither had seen the other.
    pub collision_pairs: u64,
    /// Acknowledged writes that a collision took away without a word.
    pub lost_updates: u64,
    /// Writes that a retry committed a second time.
    pub duplicates: u64,
    /// Writes that were refused because of another.
    pub refused_writes: u64,
    /// Writes whose content went into another in a collision.
    pub merged: u64,
    /// Keys under which regions show different things at the end.
    pub diverged_keys_at_end: u64,
    /// The longest that regions differed over a key because of a collision, in seconds.
    pub max_divergence_s: f64,
    /// Acknowledged writes that are missing: lost, out of reach, set aside or undone.
    pub lost_writes: u64,
    /// Writes committed by a primary that had been replaced, acknowledged or not, that wait for people.
    pub stranded_writes: u64,
    /// Keys of the acting primary under which nothing stands that can be used.
    pub corrupt_keys: u64,
}

impl Simulation {
    /// The figures so far.
    pub fn report(&self) -> Report {
        let (plan, world) = (self.plan(), self.world());
        let tallies = &world.observer.metrics.tallies;
        let names = plan.scenario.clients.populations.iter().map(|population| population.city.clone());
        let cities = (0..tallies.len()).map(|index| self.requests_of(PopulationId(index as u8)));
        let (incidents, no_incident, loss) = (self.incidents(), self.no_incident(), self.run_loss());
        Report {
            scenario: plan.scenario.name.clone(),
            engine: ENGINE,
            seed: plan.seed,
            digest: format!("{:016x}", self.recorded().digest),
            simulated_s: self.now().secs(),
            events: self.events(),
            wall_ms: None,
            step: plan.step(),
            requests: self.requests(),
            retries: self.retries(),
            old_answers: self.old_answers(),
            by_client: names.zip(cities).collect(),
            outages: self.outages(),
            degradations: self.degradations(),
            unserved_s: incidents.iter().map(|it| it.unserved_s).sum::<f64>() + no_incident.unserved_s,
            cost_usd: incidents.iter().map(|it| it.cost_usd).sum::<f64>() + no_incident.cost_usd,
            incidents,
            no_incident,
            consistency: self.consistency(loss.counts.in_collisions),
            loss,
            queues: self.queues(),
            topics: self.topics(),
            backups: self.backups(),
            not_copied: self.not_copied(),
            cost: self.cost(),
        }
    }

    fn queues(&self) -> Vec<QueueReport> {
        let (system, plan) = (&self.world().system, self.plan());
        let step = plan.step();
        let row = |(index, queue): (usize, &WorkQueue)| QueueReport {
            region: plan.region_code(RegionId(index as u8)).into(),
            sent: queue.through.sent * step,
            consumed: queue.through.consumed * step,
            backlog: queue.backlog() as u64 * step,
            oldest_s: queue.oldest(self.now()).map(SimDuration::secs),
            in_flight: queue.held.len() as u64 * step,
            dead: queue.dead.len() as u64 * step,
            duplicates: queue.through.duplicates * step,
            expired: queue.through.expired * step,
        };
        system.queues.iter().enumerate().map(row).collect()
    }

    fn not_copied(&self) -> BTreeMap<String, u64> {
        let system = &self.world().system;
        let count = |db: &Database| db.not_copied() + system.left_out(self.plan(), db.region);
        let keys = system.databases.iter().map(|db| (db.region, count(db) as u64));
        let lacking = keys.filter(|(_, keys)| *keys > 0);
        lacking.map(|(region, keys)| (self.plan().region_code(region).into(), keys)).collect()
    }

    fn backups(&self) -> Vec<BackupReport> {
        let shelf = &self.world().system.backups.shelf;
        let now_us = self.now().micros() as i64;
        let age = |snapshot: &Snapshot| (now_us - snapshot.shows_us) as f64 / 1e6;
        let backup = &self.plan().scenario.backup;
        let (made_s, copied_s) = spans_s(self.plan(), incremental_mib(self.plan()));
        let due_s = *backup.interval_s + *backup.window_s + made_s;
        let row = |region: RegionId| {
            let held = || shelf.iter().filter(|snapshot| Backups::held_in(snapshot, region).is_some());
            let good = || held().filter(|snapshot| snapshot.worth == Worth::Good);
            let newest = held().next_back()?;
            let (newest_s, own) = (age(newest), newest.region == region);
            Some(BackupReport {
                region: self.plan().region_code(region).into(),
                snapshots: held().count() as u64,
                empty: (held().count() - good().count()) as u64,
                newest_s,
                overdue: newest_s > due_s + if own { 0.0 } else { copied_s },
                newest_good_s: good().next_back().map(age),
            })
        };
        self.plan().region_ids().filter_map(row).collect()
    }

    fn topics(&self) -> Vec<TopicReport> {
        let step = self.plan().step();
        let row = |(index, topic): (usize, &Topic)| TopicReport {
            region: self.plan().region_code(RegionId(index as u8)).into(),
            published: topic.published * step,
            delivered: topic.delivered * step,
            undelivered: u64::from(topic.owed) * step,
            tries: topic.tries * step,
        };
        self.world().system.topics.iter().enumerate().map(row).collect()
    }

    /// What readers saw, in real reads and writes.
    fn consistency(&self, lost_updates: u64) -> Consistency {
        let (observer, system, step) = (&self.world().observer, &self.world().system, self.plan().step());
        let reads = |pick: fn(&Tally) -> u64| observer.metrics.tallies.iter().map(pick).sum::<u64>() * step;
        Consistency {
            stale_reads: reads(|tally| tally.stale_reads),
            reads_of_a_gap: reads(|tally| tally.reads_of_a_gap),
            not_yet_visible: reads(|tally| tally.misses_queued),
            read_your_writes_violations: reads(|tally| tally.misses_own),
            monotonic_violations: reads(|tally| tally.goes_back),
            violations_by_loss: reads(|tally| tally.by_loss),
            collisions: observer.collisions.count * step,
            collision_pairs: observer.collisions.pairs * step,
            lost_updates,
            token_forwards: system.meters.token_forwards * step,
            duplicates: observer.metrics.duplicates * step,
            refused_writes: observer.ledger.refused * step,
            merged: observer.ledger.merged * step,
            diverged_keys_at_end: observer.diverged_keys(self.plan(), system) as u64,
            max_divergence_s: observer.longest_divergence_s(self.now()),
            lost_writes: observer.losses.total().missing() * step,
            stranded_writes: observer.losses.stranded_writes() * step,
            corrupt_keys: system.databases[system.ownership.primary().index()].corrupt_keys() as u64,
        }
    }
}
