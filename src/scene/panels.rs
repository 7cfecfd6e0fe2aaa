//! Structure and words: what Yew renders. Every sentence a learner reads is already written here.

mod action;
mod bill;
mod design;
mod faults;
mod incidents;
pub mod lanes;
pub mod microscope;
mod rows;
mod note;
mod timeline;
mod writes;

pub use action::{Action, Question};
pub use bill::{Bill, BillLine};
pub use design::{Choice, Choices};
pub use faults::{FaultChip, FaultGroup};
pub use incidents::IncidentRow;
pub use note::Note;
pub use rows::{ClientRow, JournalLine};
pub use timeline::{AvailabilityColumn, Bar, Bracket, Knob, Mark, RunLane, SpellBand, Timeline, TriggerMark};
pub use writes::{FateFilter, WriteLine, Writes};

pub use super::parts::backups::{Shelf, SnapshotBox, SnapshotLook};
pub use super::parts::controller::{ControllerLine, NodeLook};
pub use super::parts::route53::{EndpointRow, Route53Panel};
pub use super::parts::stream::LinkView;
pub use super::parts::work_queue::QueueLine;
pub use super::parts::zone::{ServerLook, ServerView, ZoneView};

use crate::model::Engine;

/// How a thing is doing. State is never colour alone: the page adds a shape and the word that comes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to say: ordinary ink.
    Plain,
    /// Secondary ink.
    Muted,
    /// Working as it should.
    Good,
    /// Degraded, in transition, or worth a look.
    Warning,
    /// Broken or lost.
    Bad,
}

/// The place of a region in the scenario, 0 to 5: it chooses the region's colour.
pub type RegionIndex = usize;

/// The whole page but for what moves.
#[derive(Clone, Debug, PartialEq)]
pub struct Panels {
    /// The scenario's title.
    pub title: String,
    /// The name of the recovery strategy, as "Warm standby".
    pub strategy: String,
    /// The name of the write pattern, as "Read local, write global".
    pub write_pattern: String,
    /// Play, speed, and the moment that is shown.
    pub transport: Transport,
    /// One sentence (or two) about what is happening now, derived from the journal.
    pub headline: Headline,
    /// The big red button; `None` while a region is already down.
    pub big_button: Option<Action>,
    /// Nobody has ordered anything yet, neither now nor in an earlier visit: what this is and where to start is said.
    pub welcome: bool,
    /// RTO, RPO: the two big figures.
    pub objectives: Vec<Score>,
    /// The rows below them: served, p50 / p99, stale reads, lost writes, replication lag …
    pub scores: Vec<Score>,
    /// One card per region, in scenario order.
    pub regions: Vec<RegionCard>,
    /// Cities and regions on the map.
    pub places: Vec<Place>,
    /// Links between regions.
    pub links: Vec<LinkView>,
    /// The hosted zone, its records and the checkers.
    pub route53: Route53Panel,
    /// Every fault that can be injected, grouped by what it breaks: the chips, for buttons and keyboards.
    pub faults: Vec<FaultGroup>,
    /// The decision that the learner owes, while the clock runs: then it is the big button.
    pub decision: Option<Action>,
    /// Other things that can be asked for now: fail over, fail back, decide, raise a quota.
    pub actions: Vec<Action>,
    /// What a runbook asks, and waits to be told.
    pub question: Option<Question>,
    /// What was broken, to be mended.
    pub mends: Vec<Action>,
    /// Homes of users that can be moved to another region.
    pub homes: Vec<Action>,
    /// Releases that can be deployed, or taken back in a region.
    pub releases: Vec<Action>,
    /// Regions that can be left, clients that can be sent elsewhere, and runbooks of the scenario's own.
    pub moves: Vec<Action>,
    /// Moments that the database can be restored to, the best first; empty where there is no reason to.
    pub restore_points: Vec<Action>,
    /// Every incident so far, the oldest first; one of them is shown.
    pub incidents: Vec<IncidentRow>,
    /// Everything under the map.
    pub timeline: Timeline,
    /// The newest journal lines first; at most 60.
    pub journal: Vec<JournalLine>,
    /// Acknowledged writes that are missing, by name, with what became of each; at most 60.
    pub lost_writes: Vec<String>,
    /// How many acknowledged writes are missing, in real ones.
    pub lost_writes_total: u64,
    /// How many of them are not among the named.
    pub lost_writes_more: u64,
    /// What is said if none is missing, or none is named: "Under 20 acknowledged writes are missing."
    pub lost_writes_note: String,
    /// "Counted in steps of 20", if one request stands for several.
    pub counting: Option<String>,
    /// Then: the same run again at step 1.
    pub finely: Option<Action>,
    /// Served and failed, p50 and p99 by city: the table twin of the map.
    pub clients: Vec<ClientRow>,
    /// What it costs.
    pub bill: Bill,
    /// What there is to choose of the design.
    pub choices: Choices,
    /// The ledger of writes, while it is open.
    pub writes: Option<Writes>,
    /// The comparison of strategies, while it is open.
    pub lanes: Option<lanes::Lanes>,
    /// The collision microscope, while it is open.
    pub microscope: Option<microscope::Microscope>,
    /// Values that were changed for this run: "decide takes 60 s", to be taken back.
    pub tuned: Vec<String>,
    /// The same moment as text, for a screen reader and a transcript.
    pub description: String,
    /// Something from outside (link, stored settings) that could not be used, said once.
    pub notice: Option<String>,
}

/// Play, speed, and the moment that is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Transport {
    /// Whether time runs.
    pub playing: bool,
    /// The moment shown, as "0:12:40" since the start of the run.
    pub now_text: String,
    /// The moment shown, in seconds since the start.
    pub now_s: f64,
    /// The furthest moment computed so far, in seconds.
    pub end_s: f64,
    /// The end of the scenario, in seconds.
    pub horizon_s: f64,
    /// Whether the moment shown is before the furthest one (a look back).
    pub in_the_past: bool,
    /// How fast time runs, in words: "10 seconds a second"; both if that is less than was chosen: "60× wanted, 22× reached".
    pub speed_text: String,
    /// The rung, and how many there are.
    pub speed_rung: usize,
    /// How many rungs the ladder has.
    pub speed_rungs: usize,
    /// Why time runs slowly by itself just now: "slow motion: a checker changed its vote".
    pub slow_motion: Option<String>,
    /// Whether automatic slow motion is switched on.
    pub slow_motion_enabled: bool,
    /// The run that was left: "Back to Warm standby at 0:12:40".
    pub back: Option<String>,
}

/// What is happening now.
#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    /// How serious it is.
    pub tone: Tone,
    /// A few words: "Now: promoting the replica".
    pub title: String,
    /// One to three sentences, derived from the journal.
    pub body: String,
}

/// One figure with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// A stable name: "rto", "rpo", "served", "latency", "stale", "lost", "lag".
    pub slug: &'static str,
    /// "RTO so far".
    pub label: String,
    /// "2:14".
    pub value: String,
    /// The unit behind the value, or empty: "s".
    pub unit: String,
    /// A small line below: "objective 15:00".
    pub note: String,
    /// How it is doing.
    pub tone: Tone,
    /// The causal chain from the journal, oldest first, for "why?"; empty where there is nothing to explain.
    pub why: Vec<String>,
}

/// A city with clients or a region, on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// "Mumbai", or "us-east-1".
    pub name: String,
    /// Map coordinates, 0 to 1.
    pub x: f64,
    /// Map coordinates, 0 to 1.
    pub y: f64,
    /// Where its people come from, in map coordinates, while they are elsewhere.
    pub home: Option<(f64, f64)>,
    /// The region, where it is one.
    pub region: Option<RegionIndex>,
    /// How it is doing.
    pub tone: Tone,
    /// For a screen reader and as a tooltip: "Mumbai: 92 % served, p99 412 ms, answers point to eu-west-1".
    pub label: String,
}

/// The card of a region.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionCard {
    /// Its place in the scenario, which is its colour.
    pub index: RegionIndex,
    /// "us-east-1".
    pub code: String,
    /// "N. Virginia".
    pub name: String,
    /// "serving", "standing by", "region down", "taking over" …
    pub state: String,
    /// How it is doing.
    pub tone: Tone,
    /// Nothing in it runs or can be reached.
    pub dark: bool,
    /// Network and balancer are there; else they are only a drawing: templates.
    pub built: bool,
    /// "5 of 6 healthy · 1,412/s · load balancer".
    pub balancer: String,
    /// Short words about what it has and lacks: "image v42", "no image", "quota 4 of 6".
    pub notes: Vec<Note>,
    /// The queue in front of its writes, if there is one.
    pub queue: Option<QueueLine>,
    /// The nodes of the database's failover controller in it.
    pub controller: Option<ControllerLine>,
    /// What its database is; `None` if there is none in the region.
    pub engine: Option<Engine>,
    /// "primary", "replica", "promoting", "fenced" …
    pub database_role: String,
    /// "lag 0.4 s · 3 writes behind".
    pub database_note: String,
    /// The copies of its volume, if its data lie in one: "●● ●● ◐○", what that means, and how it is doing.
    pub volume: Option<Note>,
    /// The backups that are in it.
    pub shelf: Shelf,
    /// Its zones.
    pub zones: Vec<ZoneView>,
    /// What can be broken or mended here.
    pub faults: Vec<FaultChip>,
    /// For a screen reader: the whole card in one or two sentences.
    pub label: String,
}
