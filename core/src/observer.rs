//! The books: what nobody inside the simulated world knows.

pub mod ledger;
pub mod collisions;
pub mod register;
pub mod metrics;
pub mod incident;
pub mod sessions;
pub mod answers;
pub mod commits;

use crate::kernel::clock::{SimDuration, SimTime};
use crate::model::plan::Plan;
use crate::system::System;
use crate::system::context::Context;
use crate::system::meters::Meters;
use crate::system::occurrence::Occurrence;
use collisions::Collisions;
use incident::Incident;
use ledger::Ledger;
use metrics::{Metrics, Usage};
use register::Told;
use sessions::{Memory, Sessions};

/// Everything that is counted and judged from outside.
#[derive(Clone, Debug)]
pub struct Observer {
    /// Every commit since the start.
    pub ledger: Ledger,
    /// What has happened so far, fault by fault.
    pub incidents: Vec<Incident>,
    /// What is counted.
    pub metrics: Metrics,
    /// Writes that collided.
    pub collisions: Collisions,
    /// What sessions remember.
    pub sessions: Sessions,
    /// What clients have been told of each key.
    pub told: Told,
    /// The newest commit of each key of which a client has been told.
    pub newest: Vec<u64>,
    /// What sessions knew of its key when each request under way began, by the request's place.
    known: Vec<Memory>,
    /// Versions that the commit which is heard of next has been written over, and whether they are merged.
    written_over: Vec<(u64, bool)>,
    /// The replica is behind, as the journal has said.
    pub was_behind: bool,
    /// The furthest that a copy was behind in this second.
    pub worst_lag: SimDuration,
}

impl Observer {
    /// Nothing has happened yet.
    pub fn new(plan: &Plan) -> Self {
        let keys = plan.scenario.database.keys as usize;
        Self {
            ledger: Ledger::default(),
            incidents: Vec::new(),
            metrics: Metrics::new(plan.populations()),
            collisions: Collisions::default(),
            sessions: Sessions::new(plan.populations(), plan.scenario.clients.connections as usize),
            told: Told::new(keys),
            newest: vec![0; keys],
            known: Vec::new(),
            written_over: Vec::new(),
            was_behind: false,
            worst_lag: SimDuration::ZERO,
        }
    }

    /// A second has passed: what is paid for by use is counted until the first incident.
    pub fn count_use(&mut self, now: SimTime, meters: &Meters) {
        if self.incidents.is_empty() {
            self.metrics.usage = Usage { seconds: now.secs(), meters: *meters };
        }
    }

    /// Books what has just happened. The machines are as they are after it.
    pub fn hear(&mut self, ctx: &mut Context<'_>, system: &System, occurrence: &Occurrence) {
        match *occurrence {
            Occurrence::Sent(ref asked) => self.on_sent(ctx, asked),
            Occurrence::WentTo(population, region) => {
                self.metrics.tallies[population.index()].went_to(region)
            }
            Occurrence::Served(ref asked, ref answered) => self.on_served(ctx, asked, answered),
            Occurrence::Refused(ref asked, region) => self.on_refused(ctx, asked, region),
            Occurrence::GaveUp(ref asked) => self.on_given_up(ctx, asked),
            Occurrence::WriteRefused(ref refused) => self.on_write_refused(ctx, refused),
            Occurrence::WroteOver(rival) => self.on_wrote_over(system, ctx.plan.rule(), rival),
            Occurrence::Committed(ref committed) => self.on_committed(ctx, system, committed),
            Occurrence::Duplicated(_) => self.metrics.duplicates += 1,
            Occurrence::Proposed(ref committed) => self.on_proposed(ctx, committed),
            Occurrence::Withdrawn(proposal, because) => self.on_withdrawn(proposal, because),
            Occurrence::Agreed(version) => self.on_agreed(version),
            Occurrence::Shipping => {
                let lag = system.streams.iter().map(|stream| stream.lag(ctx.now)).max();
                self.worst_lag = self.worst_lag.max(lag.unwrap_or_default());
            }
            Occurrence::TakenIn(placed, met_others) => self.on_taken_in(ctx, system, placed, met_others),
            Occurrence::BatchTaken(_)
            | Occurrence::FaultInjected(..)
            | Occurrence::FaultCleared(..)
            | Occurrence::ZoneLost(_)
            | Occurrence::StandbyBegins(..)
            | Occurrence::DatabaseReady(_)
            | Occurrence::FoundUnhealthy(_)
            | Occurrence::Detected(_) => {}
        }
    }
}
