//! What moves: built for each animation frame from the messages in flight, painted on canvases.
//!
//! A place in flight is computed from when the message left and when it arrives, so going backwards animates for free.

use super::panels::RegionIndex;

/// What is drawn on canvases at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Motion {
    /// Messages in the air.
    pub flights: Vec<Flight>,
    /// One ring of resolvers around each city.
    pub rings: Vec<Ring>,
    /// Key grids of the databases; cards point here by index.
    pub grids: Vec<KeyGrid>,
    /// Streams, instead of single messages, when time runs fast: one per pair of places that talk.
    pub streams: Vec<Stream>,
}

/// A message in the air.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flight {
    /// Where it left, an index into `Panels::places`.
    pub from: u16,
    /// Where it goes, an index into `Panels::places`.
    pub to: u16,
    /// How far it has come, 0 to 1.
    pub progress: f32,
    /// What it is.
    pub kind: FlightKind,
    /// Whose colour it wears: the region that wrote it, or where the client is served.
    pub colour: RegionIndex,
    /// It will not arrive: drawn red, and stopped at `progress`.
    pub lost: bool,
    /// It is about one of the two who take a seat: it is larger.
    pub seat: bool,
}

/// What a message is, which is how it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlightKind {
    /// A read on its way: hollow dot.
    Read,
    /// A write on its way: filled square.
    Write,
    /// An answer that succeeded: small filled dot.
    Answer,
    /// An answer that says no: small red dot.
    Refusal,
    /// Opening a connection: tiny tick.
    Connect,
    /// A batch of the replication stream: filled squares in the writer's colour.
    Replicate,
    /// An acknowledgement of replication: tiny dot.
    Acknowledge,
    /// A health check of Route 53: tiny dot in muted ink.
    Probe,
}

/// The resolvers of a city as a ring of arcs.
#[derive(Clone, Debug, PartialEq)]
pub struct Ring {
    /// The city, an index into `Panels::places`.
    pub place: u16,
    /// One arc per resolver.
    pub arcs: Vec<Arc>,
    /// Share of the last seconds' requests that failed, 0 to 1: the dot inside turns red.
    pub failing: f32,
}

/// What one resolver remembers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arc {
    /// The region that its answer points to; `None` when it has no answer.
    pub region: Option<RegionIndex>,
    /// Share of the time to live that is left, 0 to 1.
    pub left: f32,
    /// It keeps answers longer than it was told to.
    pub stubborn: bool,
}

/// The keys of one database copy.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyGrid {
    /// The region whose copy it is.
    pub region: RegionIndex,
    /// The copy cannot be read (dark, crashed, restarting).
    pub unreadable: bool,
    /// One per key, in key order.
    pub cells: Vec<Cell>,
    /// The key that two people take just now: it is ringed.
    pub seat: Option<u16>,
}

/// One key in one copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The region that wrote the value; `None` when it was never written.
    pub writer: Option<RegionIndex>,
    /// Older than an acknowledged value elsewhere: hatched.
    pub stale: bool,
    /// An acknowledged write to this key is missing here, or what stands there cannot be used: hollow red.
    pub lost: bool,
    /// Two regions wrote it, and neither had seen the other.
    pub clash: Option<Clash>,
    /// Written within the last moments, 0 (long ago) to 255 (just now): drawn brighter.
    pub fresh: u8,
}

/// Two writes under one key that met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The region whose write is not the one shown.
    pub rival: RegionIndex,
    /// What becomes of it.
    pub end: ClashEnd,
}

/// What becomes of two writes that met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClashEnd {
    /// The regions show different things still: two halves in an outline.
    Open,
    /// One is lost: its half is hollow.
    Lost,
    /// Both stay: two halves.
    Kept,
    /// They were merged: two halves, joined.
    Merged,
}

/// Messages between two places, when there are too many to draw one by one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stream {
    /// One end, an index into `Panels::places`.
    pub from: u16,
    /// The other end.
    pub to: u16,
    /// Requests per second of simulated time over the last seconds.
    pub rate: f32,
    /// Share of them that failed, 0 to 1.
    pub failing: f32,
    /// Whose colour it wears.
    pub colour: RegionIndex,
}
