//! The figures of a run as plain data, ready to be printed or written as JSON.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::model::plan::Plan;
use crate::model::runbook::Obstacle;
use crate::observer::incident::{Incident, Step};
use crate::observer::metrics::{Histogram, Tally};
use crate::run::cost::{Cost, outage_usd};
use crate::run::loss::{IncidentLoss, RunLoss};
use crate::run::simulation::Simulation;
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the engine: the same version, scenario, seed and commands give the same digest.
pub const ENGINE: &str = concat!("faultline ", env!("CARGO_PKG_VERSION"));

/// Everything that is measured in a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
    /// How many real requests each counted request stands for.
    pub weight: u32,
    /// Everybody's requests.
    pub requests: Requests,
    /// Requests by city.
    pub by_client: BTreeMap<String, Requests>,
    /// Every incident, in order.
    pub incidents: Vec<IncidentReport>,
    /// What has become of acknowledged writes.
    pub loss: RunLoss,
    /// What readers saw.
    pub consistency: Consistency,
    /// What the system costs, and what its outages have cost.
    pub cost: Cost,
}

/// Counts of requests.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Requests {
    /// Begun.
    pub sent: u64,
    /// Answered.
    pub served: u64,
    /// Given up.
    pub failed: u64,
    /// Share of what was decided that was answered, 0 to 1; null if nothing was decided.
    pub availability: Option<f64>,
    /// Half were answered within this time, in milliseconds.
    pub p50_ms: Option<f64>,
    /// 99 % were answered within this time, in milliseconds.
    pub p99_ms: Option<f64>,
}

/// What readers saw, and what became of writes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Consistency {
    /// Reads whose answer contradicts what clients were told before: no order of all reads and writes of the key, each at
    /// a moment between its begin and its end, explains it.
    pub stale_reads: u64,
    /// Reads in which a session did not find what it had written itself, because the copy had not seen it.
    pub read_your_writes_violations: u64,
    /// Reads in which a session found something older than it had read before.
    pub monotonic_violations: u64,
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

/// The figures of one incident; null if something has not happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IncidentReport {
    /// The kind of fault, or of order: "region-dark".
    pub fault: String,
    /// What it is aimed at: "us-east-1"; empty if there is no target.
    pub target: String,
    /// When, in seconds since the start.
    pub at_s: f64,
    /// When the system noticed.
    pub detected_s: Option<f64>,
    /// When the disaster was declared.
    pub decided_s: Option<f64>,
    /// The first moment from which everybody was served for a minute on end.
    pub restored_s: Option<f64>,
    /// From the fault to that moment.
    pub rto_s: Option<f64>,
    /// From the oldest acknowledgement that is missing to the newest, or to the begin of the incident if that came later, as
    /// the books stand now; at least 1 ms, or 0 if nothing is missing. Null if nothing is left of anything.
    pub rpo_s: Option<f64>,
    /// The same at the end of its outages; null until then.
    pub rpo_at_recovery_s: Option<f64>,
    /// What became of the writes that are missing because of it.
    pub loss: IncidentLoss,
    /// Acknowledged writes that are missing because of it: lost, out of reach, set aside or undone.
    pub lost_writes: u32,
    /// Seconds in which nobody was served, until it was found to be restored; one in which half were counts a half.
    pub unserved_s: f64,
    /// What that and the lost writes cost, in US dollars.
    pub outage_usd: f64,
    /// The recovery strategy.
    pub strategy: &'static str,
    /// Age, at the fault, of the moment that a backup restored; null if none was used.
    pub restore_point_age_s: Option<f64>,
    /// Steps that had to wait for something that they needed.
    pub blocked_steps: Vec<BlockedStep>,
    /// What was done.
    pub steps: Vec<StepReport>,
}

/// A step that had to wait.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BlockedStep {
    /// The step: "scale-out".
    pub step: String,
    /// What it waited for: "control-plane=eu-west-1".
    pub blocked_by: String,
    /// It waits still.
    pub waits: bool,
}

/// A span of the recovery.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepReport {
    /// What was done: "promote".
    pub name: String,
    /// When it began, in seconds since the start.
    pub start_s: f64,
    /// When it ended; null while it is under way.
    pub end_s: Option<f64>,
    /// What it had to wait for, if it had to.
    pub blocked_by: Option<String>,
}

impl Simulation {
    /// The figures so far.
    pub fn report(&self) -> Report {
        let (plan, world) = (self.plan(), self.world());
        let tallies = &world.observer.metrics.tallies;
        let names = plan.scenario.clients.populations.iter().map(|population| population.city.clone());
        Report {
            scenario: plan.scenario.name.clone(),
            engine: ENGINE,
            seed: plan.seed,
            digest: format!("{:016x}", self.recorded().digest),
            simulated_s: self.now().secs(),
            events: self.events(),
            weight: plan.weight,
            requests: requests(tallies),
            by_client: names.zip(tallies.iter().map(|tally| requests(std::slice::from_ref(tally)))).collect(),
            incidents: world
                .observer
                .incidents
                .iter()
                .map(|incident| self.incident_report(incident))
                .collect(),
            loss: self.run_loss(),
            consistency: Consistency {
                stale_reads: tallies.iter().map(|tally| tally.stale_reads).sum(),
                read_your_writes_violations: tallies.iter().map(|tally| tally.misses_own).sum(),
                monotonic_violations: tallies.iter().map(|tally| tally.goes_back).sum(),
                collisions: world.observer.collisions.count,
                collision_pairs: world.observer.collisions.pairs,
                lost_updates: world.observer.ledger.lost,
                token_forwards: world.system.meters.token_forwards,
                duplicates: world.observer.metrics.duplicates,
                refused_writes: world.observer.ledger.refused,
                merged: world.observer.ledger.merged,
                diverged_keys_at_end: world.observer.diverged_keys(&world.system) as u64,
                max_divergence_s: world.observer.longest_divergence_s(self.now()),
                lost_writes: world.observer.losses.total().missing(),
                stranded_writes: world.observer.losses.stranded_writes(),
                corrupt_keys: world.system.databases[world.system.acting.index()].corrupt_keys() as u64,
            },
            cost: self.cost(),
        }
    }
}

/// The counts of some populations together.
pub fn requests(tallies: &[Tally]) -> Requests {
    let sum = |pick: fn(&Tally) -> u64| tallies.iter().map(pick).sum::<u64>();
    let (served, failed) = (sum(|tally| tally.served), sum(|tally| tally.failed));
    let mut latency = Histogram::default();
    for tally in tallies {
        latency.merge(&tally.latency);
    }
    Requests {
        sent: sum(|tally| tally.sent),
        served,
        failed,
        availability: (served + failed > 0).then(|| served as f64 / (served + failed) as f64),
        p50_ms: latency.quantile_ms(0.5),
        p99_ms: latency.quantile_ms(0.99),
    }
}

impl Simulation {
    fn incident_report(&self, incident: &Incident) -> IncidentReport {
        let (plan, losses) = (self.plan(), &self.world().observer.losses);
        let (fault, target) = plan.command_words(incident.trigger);
        IncidentReport {
            fault: fault.into(),
            target,
            at_s: incident.at.secs(),
            detected_s: incident.detected.map(SimTime::secs),
            decided_s: incident.decided.map(SimTime::secs),
            restored_s: incident.restored.map(SimTime::secs),
            rto_s: incident.rto.map(SimDuration::secs),
            rpo_s: incident.rpo.map(SimDuration::secs),
            rpo_at_recovery_s: losses.rpo_at_recovery(incident.entry).map(SimDuration::secs),
            loss: self.incident_loss(incident.entry),
            lost_writes: incident.lost_writes,
            unserved_s: incident.unserved_s,
            outage_usd: outage_usd(plan, incident, &losses.of(incident.entry)),
            strategy: plan.scenario.strategy.slug(),
            restore_point_age_s: incident.restored_to_us.map(|to_us| incident.at.secs() - to_us as f64 / 1e6),
            blocked_steps: incident.steps.iter().filter_map(|step| blocked_step(plan, step)).collect(),
            steps: incident.steps.iter().map(|step| step_report(plan, step)).collect(),
        }
    }
}

fn blocked_step(plan: &Plan, step: &Step) -> Option<BlockedStep> {
    let blocked_by = step.obstacle.map(|obstacle| obstacle_word(plan, obstacle))?;
    Some(BlockedStep { step: step.name.slug().into(), blocked_by, waits: step.blocked })
}

fn step_report(plan: &Plan, step: &Step) -> StepReport {
    StepReport {
        name: step.name.slug().into(),
        start_s: step.start.secs(),
        end_s: step.end.map(SimTime::secs),
        blocked_by: step.obstacle.map(|obstacle| obstacle_word(plan, obstacle)),
    }
}

fn obstacle_word(plan: &Plan, obstacle: Obstacle) -> String {
    match obstacle.parts() {
        (word, None) => word.into(),
        (word, Some(region)) => format!("{word}={}", plan.region_code(region)),
    }
}
