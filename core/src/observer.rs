//! The observer: what nobody inside the simulated world knows. It hears every occurrence, books it, and changes no
//! machine. Reports and the page read it; machines and operations cannot name it.

pub mod chain;
pub mod line;
pub mod ledger;
pub mod lineage;
pub mod states;
pub mod collisions;
pub mod staleness;
pub mod asking;
pub mod metrics;
pub mod seconds;
pub mod judge;
pub mod spell;
pub mod service;
pub mod elsewhere;
pub mod incident;
pub mod blame;
pub mod sessions;
pub mod queued;
pub mod answers;
pub mod second;
pub mod commits;
pub mod copies;
pub mod walk;
pub mod waiting;
pub mod loss;
pub mod booking;
pub mod telling;
pub mod backup;
pub mod recovery;
pub mod outage;
pub mod detection;

use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, RegionId};
use crate::model::command::Command;
use crate::model::plan::Plan;
use crate::system::System;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::meters::Meters;
use crate::system::occurrence::Occurrence;
use blame::Blame;
use collisions::Collisions;
use incident::{Incident, Trigger};
use ledger::Ledger;
use lineage::Lineage;
use loss::Losses;
use metrics::{Metrics, Usage};
use queued::Queued;
use recovery::Run;
use service::{Change, Service};
use sessions::Sessions;
use staleness::Staleness;

/// All that is counted and judged from outside.
#[derive(Clone, Debug)]
pub struct Observer {
    /// Every commit since the start.
    pub ledger: Ledger,
    /// Faults and orders with what followed from each, oldest first.
    pub incidents: Vec<Incident>,
    /// Runs of runbooks, oldest first.
    pub runs: Vec<Run>,
    /// The incident whose clients are moving, an index.
    pub moving: Option<usize>,
    /// Acknowledged writes that are missing, by the fault or order that is why.
    pub losses: Losses,
    /// Which copies belong to the ownership of now.
    pub lineage: Lineage,
    /// Requests, latencies and use, by population.
    pub metrics: Metrics,
    /// Requests by the second in which they were sent, and the outages found in them.
    pub service: Service,
    /// Which lines of the journal stand for which incidents.
    pub blame: Blame,
    /// What has changed for people in this second; empty in between.
    changes: Vec<Change>,
    /// Concurrent writes to one key, and keys over which copies differ.
    pub collisions: Collisions,
    /// What each session was told, for its guarantees.
    pub sessions: Sessions,
    /// What clients have been told of each key, to judge stale reads.
    pub staleness: Staleness,
    /// The ledger's number of the newest commit of each key that a client has been told of.
    pub newest: Vec<u64>,
    /// Versions that the commit heard of next has replaced, by ledger number, and whether it merged them.
    written_over: Vec<(u64, bool)>,
    /// Writes that queues have accepted.
    pub queued: Queued,
    /// Whether the journal's last word was that the replica is behind.
    pub was_behind: bool,
    /// Fleets that lost a zone: the incident, the region, and how many servers were wanted then.
    replacing: Vec<(usize, RegionId, usize)>,
    /// The largest lag of any stream in this second.
    pub worst_lag: SimDuration,
}

impl Observer {
    /// Nothing has happened yet.
    pub fn new(plan: &Plan) -> Self {
        let keys = plan.scenario.database.keys as usize;
        Self {
            ledger: Ledger::new(keys),
            incidents: Vec::new(),
            runs: Vec::new(),
            moving: None,
            losses: Losses::default(),
            lineage: Lineage::default(),
            metrics: Metrics::new(plan.populations()),
            service: Service::new(plan.populations()),
            blame: Blame::default(),
            changes: Vec::new(),
            collisions: Collisions::default(),
            sessions: Sessions::new(plan),
            staleness: Staleness::new(plan),
            newest: vec![0; keys],
            written_over: Vec::new(),
            queued: Queued::default(),
            was_behind: false,
            replacing: Vec::new(),
            worst_lag: SimDuration::ZERO,
        }
    }

    /// A second has passed: use that is paid for is counted until the first incident.
    pub fn count_use(&mut self, now: SimTime, meters: &Meters) {
        if self.incidents.is_empty() {
            self.metrics.usage = Usage { seconds: now.secs(), meters: *meters };
        }
    }

    /// Books what has just happened, with the machines as they are after it. Returns the journal's line about it, if the
    /// observer wrote one: the cause of what operations do next.
    pub fn hear(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        occurrence: &Occurrence,
    ) -> Option<EntryId> {
        match *occurrence {
            Occurrence::Sent(ref asked) => self.on_sent(ctx, asked),
            Occurrence::Served(ref asked, ref answered) => {
                self.on_served(ctx, system, asked, answered);
            }
            Occurrence::Refused(ref asked, region) => self.on_refused(ctx, asked, region),
            Occurrence::GaveUp(ref asked, cause, failure) => self.on_given_up(ctx, asked, cause, failure),
            Occurrence::WriteRefused(ref refused) => self.on_write_refused(ctx, refused),
            Occurrence::Staged(write) => self.on_staged(write),
            Occurrence::WroteOver(rival) => self.on_wrote_over(system, ctx.plan.rule(), rival),
            Occurrence::Committed(ref committed) => {
                self.on_committed(ctx, system, committed);
                self.strand(ctx, system, committed);
            }
            Occurrence::Duplicated(write) => self.on_duplicated(ctx, write),
            Occurrence::Proposed(ref committed) => self.on_proposed(ctx, committed),
            Occurrence::Withdrawn(proposal, because) => self.on_withdrawn(proposal, because),
            Occurrence::Agreed(version, over) => self.on_agreed(ctx, version, over),
            Occurrence::Shipping => {
                let lag = system.streams.iter().map(|stream| stream.lag(ctx.now)).max();
                self.worst_lag = self.worst_lag.max(lag.unwrap_or_default());
            }
            Occurrence::TakenIn(placed, met_others) => self.on_taken_in(ctx, system, placed, met_others),
            // What was out of reach may have come.
            Occurrence::BatchTaken(_) => self.losses.stale |= self.losses.is_any_missing(),
            Occurrence::FaultInjected(fault, entry) => {
                self.open_incident(ctx, system, Trigger::Command(Command::Inject(fault)), entry);
                self.losses.look_again();
            }
            Occurrence::Maintained(command, entry) => {
                self.open_incident(ctx, system, Trigger::Command(command), entry);
            }
            Occurrence::FaultCleared(_, entry) => self.on_cleared(ctx.now, entry),
            Occurrence::Replaced { region, source } => self.on_replaced(system, region, source),
            Occurrence::OldCopyKept(region) => self.on_old_copy_kept(system, region),
            Occurrence::Message(ref event) => self.on_message(ctx, system, event),
            Occurrence::LogKept { region } => self.on_log_kept(ctx, system, region),
            Occurrence::HomeMoved { partition, entry } => {
                self.lineage.move_home(RegionId(partition), entry);
                self.losses.look_again();
            }
            Occurrence::ZoneLost(zone) => self.on_zone_lost(ctx, system, zone),
            Occurrence::StandbyBegins(region, entry) => self.on_replacement(ctx, system, region, entry),
            Occurrence::DatabaseReady(region) => {
                self.losses.look_again();
                return self.on_database_ready(ctx, system, region);
            }
            Occurrence::FoundUnhealthy(region) => self.on_unhealthy(ctx, region),
            Occurrence::Detected(region) => self.note_detection(ctx.now, region),
            Occurrence::Promoted { from, to } => return self.on_promoted(ctx, system, from, to),
            Occurrence::SwitchedOver { to: region, .. } => {
                self.losses.look_again();
                return Some(ctx.note(system.control.entry, What::Promoted { region, lost: 0 }));
            }
            Occurrence::Copied { .. } => self.losses.look_again(),
            Occurrence::SetAside { any, .. } => return self.on_set_aside(ctx, system, any),
            Occurrence::Restored { from, region, point } => {
                return self.on_restored(ctx, system, (from, region), point);
            }
            Occurrence::Run(run, event) => self.on_run_event(ctx, system, run, event),
            Occurrence::MovementBegan { from, run } => return self.on_movement(ctx, system, from, run),
            Occurrence::MovementEnded { whole } => return self.on_movement_ended(ctx, system, whole),
            Occurrence::Paged { region, on } => self.on_paged(ctx.now, region, on),
            Occurrence::AnswerLeft { .. }
            | Occurrence::Loaded { .. }
            | Occurrence::FoundHealthy(_)
            | Occurrence::TakeOver { .. }
            | Occurrence::ControlAnswered { .. } => {}
        }
        None
    }
}
