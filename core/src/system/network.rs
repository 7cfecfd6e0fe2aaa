//! The wires: how long a message takes, whether it arrives, and the messages in flight.
//!
//! A link between regions can be slow, lossy, and cut, each direction for itself. A cut is in the middle: a message
//! that has passed the middle when the link is cut arrives, one that has not is lost, and one that leaves during the
//! cut arrives if the link is mended before it comes to the middle.

use crate::kernel::arena::Arena;
use crate::kernel::chance::{Draws, Purpose};
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, FlightId, RegionId, Ticket};
use crate::model::plan::{Plan, Site};
pub use crate::system::cargo::{Cargo, Shown};
use crate::system::context::Context;
use crate::system::distance::one_way_ms;
use crate::system::event::Event;
pub use crate::system::zone_links::ZoneLinks;

/// Why a message will not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// It will.
    None,
    /// The link is cut before it reaches the middle.
    Cut,
    /// Chance.
    Chance,
}

/// A message in flight: the envelope.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flight {
    /// The place that it left.
    pub from: Site,
    /// The place that it goes to.
    pub to: Site,
    /// When it left.
    pub sent: SimTime,
    /// When it arrives, or would.
    pub arrives: SimTime,
    /// The journal entry that led to it.
    pub cause: Option<EntryId>,
    /// What it says.
    pub cargo: Cargo,
    /// Why it will not arrive.
    pub loss: Loss,
    /// It writes, rather than reads (only of requests, answers, forwards and replies), or counts writes alone.
    pub writes: bool,
    /// It says yes (only of answers and replies).
    pub granted: bool,
    live: bool,
}

impl Flight {
    /// When it is half way.
    pub fn middle(&self) -> SimTime {
        debug_assert!(self.sent <= self.arrives, "sent before it arrives");
        self.sent + SimDuration::from_micros(self.arrives.since(self.sent).micros() / 2)
    }
}

/// One direction of a link between regions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Direction {
    /// Faults that cut it just now.
    pub cuts: u8,
    /// Messages take this many times as long.
    pub slowness: f64,
    /// Share of messages that are lost.
    pub loss: f64,
}

/// The wires and the messages in flight.
#[derive(Clone, Debug)]
pub struct Network {
    flights: Vec<Flight>,
    free: Vec<u32>,
    /// What messages on their way say that a region shows.
    shown: Arena<Shown>,
    /// `[from][to]`, regions only.
    directions: Vec<Vec<Direction>>,
    /// The ways inside regions.
    pub zones: ZoneLinks,
    /// The city that each population is in: an index into the catalog.
    pub places: Vec<u8>,
    /// Messages between databases that are told apart by their number: how many of each kind, `[from][to]`.
    numbers: Vec<Vec<[u32; 3]>>,
}

impl Network {
    /// A network without messages.
    pub fn new(plan: &Plan) -> Self {
        debug_assert_eq!(plan.home_cities.len(), plan.populations(), "everybody lives somewhere");
        let calm = Direction { cuts: 0, slowness: 1.0, loss: *plan.scenario.network.loss };
        Self {
            flights: Vec::new(),
            free: Vec::new(),
            shown: Arena::default(),
            directions: vec![vec![calm; plan.regions()]; plan.regions()],
            zones: ZoneLinks::default(),
            places: plan.home_cities.clone(),
            numbers: vec![vec![[0; 3]; plan.regions()]; plan.regions()],
        }
    }

    /// Sends a message; it lands, or is found lost, later.
    #[inline]
    pub fn send(
        &mut self,
        ctx: &mut Context<'_>,
        draws: Draws,
        from: Site,
        to: Site,
        cargo: Cargo,
    ) -> FlightId {
        self.send_request(ctx, draws, (from, to), cargo, false, true)
    }

    /// Sends a message from one database to another that is the n-th of its kind there, for chance too:
    /// acknowledgements of the stream, parts of a copy, and talk about what has been accepted.
    pub fn send_numbered(
        &mut self,
        ctx: &mut Context<'_>,
        (from, to): (RegionId, RegionId),
        cargo: Cargo,
        granted: bool,
    ) -> FlightId {
        debug_assert_ne!(from, to, "a region sends itself nothing");
        debug_assert!(!matches!(cargo, Cargo::Batch(..)), "a batch is named by what is in it");
        let (kind, purpose) = if matches!(cargo, Cargo::Acknowledge(_)) {
            (0, Purpose::Acknowledgement)
        } else if matches!(cargo, Cargo::Part(..) | Cargo::PartArrived(..)) {
            (2, Purpose::Copy)
        } else {
            (1, Purpose::Adoption)
        };
        let n = &mut self.numbers[from.index()][to.index()][kind];
        let draws = ctx.chance(purpose, from.0.into(), to.0.into(), (*n).into());
        *n += 1;
        let writes = purpose == Purpose::Adoption;
        self.send_request(ctx, draws, (Site::Region(from), Site::Region(to)), cargo, writes, granted)
    }

    /// Sends a batch of a stream. It is named by its first position, and by how often the stream has gone back and sent
    /// again: one batch more or less, early in a run, changes no draw of those after it.
    pub fn send_batch(
        &mut self,
        ctx: &mut Context<'_>,
        (from, to): (RegionId, RegionId),
        (first, end): (u64, u64),
        turns: u8,
    ) -> FlightId {
        debug_assert!(first < end, "a batch is not empty");
        let draws = ctx.chance(Purpose::Batch, from.0.into(), to.0.into(), (first << 8) | u64::from(turns));
        let ends = (Site::Region(from), Site::Region(to));
        self.send_request(ctx, draws, ends, Cargo::Batch(first, end), false, true)
    }

    /// Sends a message of a request: whether it writes, and whether it says yes, is kept for the picture.
    pub fn send_request(
        &mut self,
        ctx: &mut Context<'_>,
        mut draws: Draws,
        (from, to): (Site, Site),
        cargo: Cargo,
        writes: bool,
        granted: bool,
    ) -> FlightId {
        let mut delay = one_way_ms(ctx.plan, &self.places, from, to);
        delay *= 1.0 + draws.exponential(ctx.plan.scenario.network.jitter);
        let mut loss = Loss::None;
        if let (Site::Region(a), Site::Region(b)) = (from, to) {
            let direction = self.directions[a.index()][b.index()];
            delay *= direction.slowness;
            if direction.loss > 0.0 && draws.chance(direction.loss) {
                loss = Loss::Chance;
            } else if direction.cuts > 0 {
                loss = Loss::Cut;
            }
        }
        debug_assert!(delay >= 0.0, "a message takes its time");
        let arrives = ctx.now + SimDuration::from_millis(delay);
        let flight = Flight {
            from,
            to,
            sent: ctx.now,
            arrives,
            cause: ctx.cause(),
            cargo,
            loss,
            writes,
            granted,
            live: true,
        };
        let id = self.place(flight);
        ctx.at(arrives, Event::Deliver(id));
        id
    }

    #[inline]
    fn place(&mut self, flight: Flight) -> FlightId {
        if let Some(slot) = self.free.pop() {
            debug_assert!(!self.flights[slot as usize].live, "a free place holds no message");
            self.flights[slot as usize] = flight;
            return FlightId(slot);
        }
        self.flights.push(flight);
        FlightId((self.flights.len() - 1) as u32)
    }

    /// Makes a message arrive not before an instant, so that a stream keeps its order. Returns when it arrives.
    pub fn hold(&mut self, ctx: &mut Context<'_>, id: FlightId, not_before: SimTime) -> SimTime {
        let flight = &mut self.flights[id.0 as usize];
        if flight.arrives < not_before {
            // The landing that was asked for finds the message still in the air and asks again.
            flight.arrives = not_before;
        }
        debug_assert!(flight.arrives >= ctx.now, "a message cannot arrive before it was sent");
        flight.arrives
    }

    /// Makes a message arrive later.
    pub fn delay(&mut self, id: FlightId, by: SimDuration) {
        let flight = &mut self.flights[id.0 as usize];
        debug_assert!(flight.live, "what is under way can be late");
        flight.arrives += by;
    }

    /// Takes out a message that has arrived. `None` if it is not due yet: then its landing is asked for again.
    #[inline]
    pub fn land(&mut self, ctx: &mut Context<'_>, id: FlightId) -> Option<&Flight> {
        let flight = &mut self.flights[id.0 as usize];
        debug_assert!(flight.live, "a message lands once");
        if flight.arrives > ctx.now {
            ctx.at(flight.arrives, Event::Deliver(id));
            return None;
        }
        flight.live = false;
        self.free.push(id.0);
        Some(flight)
    }

    /// Keeps what a region shows until the message that says so has landed.
    pub fn keep_aside(&mut self, shown: Shown) -> Ticket {
        debug_assert!(shown.version.seen.covers(shown.version.id), "a writer has seen its own write");
        self.shown.insert(shown)
    }

    /// The message that says what a region shows has landed, or is lost.
    pub fn take_aside(&mut self, ticket: Ticket) -> Option<Shown> {
        let shown = self.shown.remove(ticket).copied();
        debug_assert!(shown.is_some(), "a message lands once");
        shown
    }

    /// Cuts one direction of a link.
    pub fn cut(&mut self, now: SimTime, from: RegionId, to: RegionId) {
        debug_assert_ne!(from, to, "a link joins two regions");
        self.directions[from.index()][to.index()].cuts += 1;
        self.mark(now, from, to, Loss::None, Loss::Cut);
    }

    /// Mends one cut of one direction of a link.
    pub fn mend(&mut self, now: SimTime, from: RegionId, to: RegionId) {
        let direction = &mut self.directions[from.index()][to.index()];
        debug_assert!(direction.cuts > 0, "only what was cut is mended");
        direction.cuts -= 1;
        if direction.cuts == 0 {
            self.mark(now, from, to, Loss::Cut, Loss::None);
        }
    }

    /// Changes the fate of messages in one direction that have not passed the middle yet.
    fn mark(&mut self, now: SimTime, from: RegionId, to: RegionId, before: Loss, after: Loss) {
        for flight in &mut self.flights {
            let on_it = flight.from == Site::Region(from) && flight.to == Site::Region(to);
            if flight.live && on_it && flight.loss == before && now < flight.middle() {
                flight.loss = after;
            }
        }
    }

    /// Makes both directions of a link take this many times as long.
    pub fn slow(&mut self, a: RegionId, b: RegionId, factor: f64) {
        debug_assert!(a != b && factor > 0.0, "a slow link still joins two regions");
        self.directions[a.index()][b.index()].slowness = factor;
        self.directions[b.index()][a.index()].slowness = factor;
    }

    /// Makes both directions of a link lose this share of messages.
    pub fn lose(&mut self, a: RegionId, b: RegionId, share: f64) {
        debug_assert!((0.0..=1.0).contains(&share), "a share is lost");
        self.directions[a.index()][b.index()].loss = share;
        self.directions[b.index()][a.index()].loss = share;
    }

    /// The state of one direction of a link.
    pub fn direction(&self, from: RegionId, to: RegionId) -> Direction {
        self.directions[from.index()][to.index()]
    }

    /// The message that a landing delivers now; `None` if it is not due, lost, or meant for a region that is dark.
    #[cfg(debug_assertions)]
    pub fn delivered(&self, id: FlightId, now: SimTime, dark: &[bool]) -> Option<Flight> {
        let flight = self.flights[id.0 as usize];
        let open = !matches!(flight.to, Site::Region(region) if dark[region.index()]);
        (flight.arrives <= now && flight.loss == Loss::None && open).then_some(flight)
    }

    /// All messages in flight.
    pub fn flights(&self) -> impl Iterator<Item = &Flight> {
        self.flights.iter().filter(|flight| flight.live)
    }
}
