//! An arena whose places are used again; a ticket of a thing that has gone finds nothing.

use super::id::Ticket;

#[derive(Clone, Copy, Debug)]
struct Place<T> {
    /// How often it was taken and given back: odd while it is in use.
    turn: u32,
    value: T,
}

impl<T> Place<T> {
    fn is_used(&self) -> bool {
        self.turn % 2 == 1
    }
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
            place.value = value;
            debug_assert!(place.is_used(), "a place is given to one thing at a time");
            return Ticket { slot, turn: place.turn };
        }
        self.places.push(Place { turn: 1, value });
        Ticket { slot: (self.places.len() - 1) as u32, turn: 1 }
    }

    /// The thing, if it is still there.
    #[inline]
    pub fn get(&self, ticket: Ticket) -> Option<&T> {
        let place = &self.places[ticket.slot as usize];
        (place.turn == ticket.turn).then_some(&place.value)
    }

    /// The thing, to be changed, if it is still there.
    #[inline]
    pub fn get_mut(&mut self, ticket: Ticket) -> Option<&mut T> {
        let place = &mut self.places[ticket.slot as usize];
        (place.turn == ticket.turn).then_some(&mut place.value)
    }

    /// Takes the thing out, if it is still there. It can be read until the place is used again.
    pub fn remove(&mut self, ticket: Ticket) -> Option<&T> {
        let place = &mut self.places[ticket.slot as usize];
        if place.turn != ticket.turn {
            return None;
        }
        place.turn = place.turn.wrapping_add(1);
        self.free.push(ticket.slot);
        Some(&place.value)
    }

    /// The tickets of everything in it, in the order of places.
    pub fn tickets(&self) -> Vec<Ticket> {
        let used = self.places.iter().enumerate().filter(|(_, place)| place.is_used());
        used.map(|(slot, place)| Ticket { slot: slot as u32, turn: place.turn }).collect()
    }

    /// Everything in it, in the order of places.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.places.iter().filter(|place| place.is_used()).map(|place| &place.value)
    }
}
