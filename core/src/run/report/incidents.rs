//! Outages, degradations and incidents in the report.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::model::plan::Plan;
use crate::observer::incident::Trigger;
use crate::observer::spell::Spell;
use crate::run::cost::{outage_usd, unserved_usd};
use crate::run::loss::IncidentLoss;
use crate::run::report::executions::{ExecutionReport, StepReport, execution, steps};
use crate::run::simulation::Simulation;
use serde::Serialize;
use std::collections::BTreeMap;

/// An outage or a degradation.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OutageReport {
    /// Its number, from 0; outages and degradations are numbered apart.
    pub id: usize,
    /// When it began, in seconds since the start.
    pub start_s: f64,
    /// When it ended; null while it lasts.
    pub end_s: Option<f64>,
    /// The lowest share of all requests that was served in ten seconds.
    pub worst: f64,
    /// Requests that were sent meanwhile and failed.
    pub failed: u64,
    /// The cities that were out themselves.
    pub clients: BTreeMap<String, CityOutage>,
    /// What failed, by incident. They add up to `failed`.
    pub shares: Vec<ShareReport>,
}

/// When one city was out.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CityOutage {
    /// From when on, in seconds since the start.
    pub start_s: f64,
    /// Until when; null while it is out.
    pub end_s: Option<f64>,
    /// Its requests that were sent meanwhile and failed.
    pub failed: u64,
}

/// What failed in an outage because of one incident.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShareReport {
    /// The incident's number; null for what belongs to none.
    pub incident: Option<usize>,
    /// Failed requests.
    pub failed: u64,
}

/// What opened an incident.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TriggerReport {
    /// The fault or the order: "region-dark"; "outage" if neither led to it.
    pub kind: String,
    /// What it is aimed at: "us-east-1"; null if at nothing.
    pub target: Option<String>,
    /// When, in seconds since the start.
    pub at_s: f64,
}

/// The figures of one incident. Instants are seconds since the start; null if something has not happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IncidentReport {
    /// Its number, from 0.
    pub id: usize,
    /// What opened it.
    pub trigger: TriggerReport,
    /// The incident after which the work goes back, if this is a failback.
    pub after: Option<usize>,
    /// Its fault is in force, one of its outages lasts, or one of its executions runs or waits.
    pub open: bool,
    /// When the fault was cleared.
    pub cleared_s: Option<f64>,
    /// When the system noticed.
    pub detected_s: Option<f64>,
    /// When the disaster was declared.
    pub decided_s: Option<f64>,
    /// When the last outage ended that counts for `rto_s`, or when it was opened if it is closed and had none; else null.
    pub restored_s: Option<f64>,
    /// From the trigger to the first outage, in seconds; null if there was none.
    pub hurt_after_s: Option<f64>,
    /// From the start of its first outage to the end of the last that began before the fault was cleared and before a
    /// failback began. 0 if there was none; null while one lasts.
    pub rto_s: Option<f64>,
    /// Later outages, added up.
    pub return_s: f64,
    /// The RTO of each city; 0 if it was not hurt, null while it is out.
    pub rto_by_client: BTreeMap<String, Option<f64>>,
    /// From the oldest acknowledgement that is missing to the newest, or to the trigger if that came later, as the books
    /// stand now; at least 1 ms, or 0 if nothing is missing. Null if nothing is left of anything.
    pub rpo_s: Option<f64>,
    /// The same at the end of the outages that `rto_s` counts; null until then.
    pub rpo_at_recovery_s: Option<f64>,
    /// What became of the writes that are missing because of it.
    pub loss: IncidentLoss,
    /// Requests that failed because of it.
    pub failed: u64,
    /// Of these, the requests of users whose session was gone with the server that kept it: each is a session that was lost.
    pub sessions_lost: u64,
    /// Seconds in which nobody was served because of it; one in which half were counts a half.
    pub unserved_s: f64,
    /// What that and the missing writes cost, in US dollars.
    pub cost_usd: f64,
    /// Acknowledged writes that are missing because of it: lost, out of reach, set aside or undone.
    pub lost_writes: u64,
    /// The outages in which something failed because of it.
    pub outages: Vec<usize>,
    /// What was run to recover, in the order of beginning.
    pub executions: Vec<ExecutionReport>,
    /// What machines and clients did by themselves.
    pub by_themselves: Vec<StepReport>,
    /// Age, at the fault, of the moment that a backup restored; null if none was used.
    pub restore_point_age_s: Option<f64>,
}

/// What belongs to no incident.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NoIncident {
    /// Requests that failed by chance.
    pub failed: u64,
    /// Seconds in which nobody was served; one in which half were counts a half.
    pub unserved_s: f64,
    /// What that cost, in US dollars.
    pub cost_usd: f64,
}

impl IncidentReport {
    /// What a step waits for or had to wait for last, as in "control-plane=eu-west-1".
    pub fn waited_for(&self, step: &str) -> Option<&str> {
        let waited = self.steps().filter(|it| it.name == step).find_map(|it| it.waits_for.as_ref());
        waited.map(|wait| wait.text.as_str())
    }

    /// Every step, by whom it may be: first what machines and clients did by themselves, then each execution's.
    pub fn steps(&self) -> impl Iterator<Item = &StepReport> + Clone {
        self.by_themselves.iter().chain(self.executions.iter().flat_map(|execution| &execution.steps))
    }
}

impl Simulation {
    /// Outages so far.
    pub fn outages(&self) -> Vec<OutageReport> {
        spells(self.plan(), self.world().observer.service.outages.told())
    }

    /// Degradations so far.
    pub fn degradations(&self) -> Vec<OutageReport> {
        spells(self.plan(), self.world().observer.service.degradations.told())
    }

    /// Incidents so far, in the order in which they were opened.
    pub fn incidents(&self) -> Vec<IncidentReport> {
        (0..self.world().observer.incidents.len()).map(|index| self.incident(index)).collect()
    }

    fn incident(&self, id: usize) -> IncidentReport {
        let (plan, observer) = (self.plan(), &self.world().observer);
        let incident = &observer.incidents[id];
        let (kind, target) = match incident.trigger {
            Trigger::Command(command) => plan.command_words(command),
            Trigger::Outage => ("outage", String::new()),
        };
        let names = plan.scenario.clients.populations.iter().map(|population| population.city.clone());
        let own = observer.runs.iter().filter(|run| run.incident == id);
        IncidentReport {
            id,
            trigger: TriggerReport {
                kind: kind.into(),
                target: Some(target).filter(|target| !target.is_empty()),
                at_s: incident.at.secs(),
            },
            after: incident.after,
            open: incident.open,
            cleared_s: incident.cleared.map(SimTime::secs),
            detected_s: incident.detected.map(SimTime::secs),
            decided_s: incident.decided.map(SimTime::secs),
            restored_s: incident.restored.map(SimTime::secs),
            hurt_after_s: incident.hurt_after.map(SimDuration::secs),
            rto_s: incident.rto.map(SimDuration::secs),
            return_s: incident.returning.secs(),
            rto_by_client: names
                .zip(incident.rto_by_client.iter().map(|rto| rto.map(SimDuration::secs)))
                .collect(),
            rpo_s: incident.rpo.map(SimDuration::secs),
            rpo_at_recovery_s: observer.losses.rpo_at_recovery(incident.entry).map(SimDuration::secs),
            loss: self.incident_loss(incident.entry),
            failed: u64::from(incident.failed) * plan.step(),
            sessions_lost: u64::from(incident.sessions_lost) * plan.step(),
            unserved_s: incident.unserved_s,
            cost_usd: outage_usd(plan, incident, &observer.losses.of(incident.entry)),
            lost_writes: u64::from(incident.lost_writes) * plan.step(),
            outages: incident.outages.clone(),
            executions: own.map(|run| execution(plan, incident, run)).collect(),
            by_themselves: steps(plan, incident, None).collect(),
            restore_point_age_s: incident.restored_to_us.map(|to_us| incident.at.secs() - to_us as f64 / 1e6),
        }
    }

    /// What belongs to no incident.
    pub fn no_incident(&self) -> NoIncident {
        let share = self.world().observer.service.share_of(None);
        let unserved_s = share.unserved_us as f64 / 1e6;
        NoIncident {
            failed: u64::from(share.failed) * self.plan().step(),
            unserved_s,
            cost_usd: unserved_usd(self.plan(), unserved_s),
        }
    }
}

fn spells<'a>(plan: &Plan, spells: impl Iterator<Item = &'a Spell>) -> Vec<OutageReport> {
    let report = |(id, spell): (usize, &Spell)| OutageReport {
        id,
        start_s: spell.start.secs(),
        end_s: spell.end.map(SimTime::secs),
        worst: spell.worst,
        failed: u64::from(spell.failed()) * plan.step(),
        clients: spell
            .cities
            .iter()
            .map(|city| {
                let (start_s, end_s) = (city.start.secs(), city.end.map(SimTime::secs));
                let failed = u64::from(city.failed) * plan.step();
                (plan.city(city.population).to_owned(), CityOutage { start_s, end_s, failed })
            })
            .collect(),
        shares: spell
            .shares
            .iter()
            .map(|share| ShareReport {
                incident: share.incident,
                failed: u64::from(share.failed) * plan.step(),
            })
            .collect(),
    };
    spells.enumerate().map(report).collect()
}
