//! An arena whose places are used again; a ticket of a thing that has gone finds nothing.
//!
//! What is in it lies close together, whatever its place: a keyframe taken after a disaster copies what is there, and not
//! every place that the disaster needed.

use super::id::Ticket;

#[derive(Clone, Copy, Debug)]
struct Place {
    turn: u32,
    /// Where its thing is, or [`NOWHERE`].
    at: u32,
}

/// Of a place that is free.
const NOWHERE: u32 = u32::MAX;

/// Things that come and go, each in a place of its own; a ticket of a thing that has gone finds nothing.
#[derive(Clone, Debug)]
pub struct Arena<T> {
    places: Vec<Place>,
    /// Everything in it, each with its place.
    things: Vec<(u32, T)>,
    free: Vec<u32>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self { places: Vec::new(), things: Vec::new(), free: Vec::new() }
    }
}

impl<T: Copy> Arena<T> {
    /// How many things are in it.
    pub fn len(&self) -> usize {
        self.things.len()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.things.is_empty()
    }

    /// Puts a thing into a place.
    pub fn insert(&mut self, value: T) -> Ticket {
        let at = self.things.len() as u32;
        let ticket = if let Some(slot) = self.free.pop() {
            let place = &mut self.places[slot as usize];
            (place.turn, place.at) = (place.turn.wrapping_add(1), at);
            Ticket { slot, turn: place.turn }
        } else {
            self.places.push(Place { turn: 0, at });
            Ticket { slot: (self.places.len() - 1) as u32, turn: 0 }
        };
        self.things.push((ticket.slot, value));
        ticket
    }

    /// Where the thing is, if it is still there.
    fn find(&self, ticket: Ticket) -> Option<usize> {
        let place = self.places[ticket.slot as usize];
        (place.at != NOWHERE && place.turn == ticket.turn).then_some(place.at as usize)
    }

    /// The thing, if it is still there.
    pub fn get(&self, ticket: Ticket) -> Option<&T> {
        self.find(ticket).map(|at| &self.things[at].1)
    }

    /// The thing, to be changed, if it is still there.
    pub fn get_mut(&mut self, ticket: Ticket) -> Option<&mut T> {
        self.find(ticket).map(|at| &mut self.things[at].1)
    }

    /// Takes the thing out, if it is still there.
    pub fn remove(&mut self, ticket: Ticket) -> Option<T> {
        let at = self.find(ticket)?;
        let (slot, value) = self.things.swap_remove(at);
        if let Some((moved, _)) = self.things.get(at) {
            self.places[*moved as usize].at = at as u32;
        }
        self.places[slot as usize].at = NOWHERE;
        self.free.push(slot);
        Some(value)
    }

    /// The tickets of everything in it, in the order of places.
    pub fn tickets(&self) -> Vec<Ticket> {
        let used = self.places.iter().enumerate().filter(|(_, place)| place.at != NOWHERE);
        used.map(|(slot, place)| Ticket { slot: slot as u32, turn: place.turn }).collect()
    }

    /// Everything in it, in the order of places.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        let used = self.places.iter().filter(|place| place.at != NOWHERE);
        used.map(|place| &self.things[place.at as usize].1)
    }
}
