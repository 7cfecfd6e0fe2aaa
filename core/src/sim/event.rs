//! What can happen next, and the arena that gives the things in it their tickets.

use super::id::{FlightId, PopulationId, RegionId, ServerId, Ticket};
use super::journal::StepName;

/// Something that happens at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The run begins.
    Begin,
    /// A command of the script is due: an index into the world's commands.
    Command(u32),
    /// A whole second has passed: counters are read and slow conditions looked at.
    Second,
    /// A population asks for something.
    Arrive(PopulationId),
    /// A client tries again after its pause.
    Attempt(Ticket),
    /// The client that has waited longest may have waited long enough.
    Deadline,
    /// A connection is open: its request leaves.
    Depart(Ticket),
    /// A message arrives, or would have.
    Land(FlightId),
    /// A server has done its work on a job and turns to the database.
    Worked(Ticket),
    /// The database has done its work on a job.
    Stored(Ticket),
    /// A server has waited long enough for the database.
    StoreTimedOut(Ticket),
    /// The balancer checks a target; the number is the server's life, so that old checks end.
    TargetCheck(ServerId, u16),
    /// A server has booted.
    Booted(ServerId, u16),
    /// Auto Scaling compares what runs with what is wanted.
    Reconcile(RegionId),
    /// A checker sends its next request.
    Probe(RegionId, u8),
    /// A checker has waited long enough.
    ProbeTimedOut(RegionId, u8, u32),
    /// The verdict on an endpoint reaches the name servers.
    Spread(RegionId, bool),
    /// The source ships what is new to the replica.
    Ship,
    /// A standby has taken over, or a database has restarted; the number is the database's life.
    DatabaseReady(RegionId, u16),
    /// A promotion reaches the restart at its end.
    PromotionRestart(u32),
    /// A round of the backup plan.
    BackupDue,
    /// A snapshot begins.
    BackupBegins,
    /// A snapshot has taken in what it needs.
    SnapshotDone(u16),
    /// The copy of a snapshot should have arrived.
    CopyDone(u16),
    /// The log is uploaded to the backups.
    LogKept,
    /// The news of a partition's home arrives in a region: the region, the partition, and its home.
    HomesKnown(RegionId, u8, RegionId),
    /// A timed step of the runbook is over; the number is the runbook's turn.
    StepDone(StepName, u32),
}

#[derive(Clone, Copy, Debug)]
struct Place<T> {
    turn: u32,
    used: bool,
    value: T,
}

/// Things that come and go, each in a place of its own; a ticket of a thing that has gone finds nothing.
#[derive(Clone, Debug)]
pub struct Arena<T> {
    places: Vec<Place<T>>,
    free: Vec<u32>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self { places: Vec::new(), free: Vec::new() }
    }
}

impl<T: Copy> Arena<T> {
    /// How many things are in it.
    pub fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Puts a thing into a place.
    pub fn insert(&mut self, value: T) -> Ticket {
        if let Some(slot) = self.free.pop() {
            let place = &mut self.places[slot as usize];
            place.turn = place.turn.wrapping_add(1);
            place.used = true;
            place.value = value;
            return Ticket { slot, turn: place.turn };
        }
        self.places.push(Place { turn: 0, used: true, value });
        Ticket { slot: (self.places.len() - 1) as u32, turn: 0 }
    }

    /// The thing, where it is still there.
    pub fn get(&self, ticket: Ticket) -> Option<&T> {
        let place = &self.places[ticket.slot as usize];
        (place.used && place.turn == ticket.turn).then_some(&place.value)
    }

    /// The thing, to be changed, where it is still there.
    pub fn get_mut(&mut self, ticket: Ticket) -> Option<&mut T> {
        let place = &mut self.places[ticket.slot as usize];
        (place.used && place.turn == ticket.turn).then_some(&mut place.value)
    }

    /// Takes the thing out, where it is still there.
    pub fn remove(&mut self, ticket: Ticket) -> Option<T> {
        let value = *self.get(ticket)?;
        self.places[ticket.slot as usize].used = false;
        self.free.push(ticket.slot);
        Some(value)
    }

    /// The tickets of everything in it, in the order of places.
    pub fn tickets(&self) -> Vec<Ticket> {
        let used = self.places.iter().enumerate().filter(|(_, place)| place.used);
        used.map(|(slot, place)| Ticket { slot: slot as u32, turn: place.turn }).collect()
    }

    /// Everything in it, in the order of places.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.places.iter().filter(|place| place.used).map(|place| &place.value)
    }
}
