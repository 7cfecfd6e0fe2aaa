//! An arena whose places are used again; a ticket of a thing that has gone finds nothing.

use super::id::Ticket;

/// Fewer places than these are kept, used or not.
const KEPT: usize = 256;

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

/// The numbers of free places. The first is taken first, so that those at the end can go when a crowd has gone.
#[derive(Clone, Debug, Default)]
struct Free {
    /// A bit for each place: set if it is free.
    places: Vec<u64>,
    /// A bit for each of these words: set if one of its places is free.
    words: Vec<u64>,
    count: usize,
}

impl Free {
    #[inline]
    fn take_first(&mut self) -> Option<u32> {
        let group = self.words.iter().position(|word| *word != 0)?;
        let word = group * 64 + self.words[group].trailing_zeros() as usize;
        let slot = word * 64 + self.places[word].trailing_zeros() as usize;
        debug_assert!(self.count > 0 && self.places[word] != 0, "a free place is counted");
        self.places[word] &= self.places[word] - 1;
        if self.places[word] == 0 {
            self.words[group] &= self.words[group] - 1;
        }
        self.count -= 1;
        Some(slot as u32)
    }

    #[inline]
    fn add(&mut self, slot: u32) {
        let (word, bit) = (slot as usize / 64, slot % 64);
        if word >= self.places.len() {
            self.places.resize(word + 1, 0);
            self.words.resize(word / 64 + 1, 0);
        }
        debug_assert!(self.places[word] & (1 << bit) == 0, "a place is given back once");
        self.places[word] |= 1 << bit;
        self.words[word / 64] |= 1 << (word % 64);
        self.count += 1;
    }

    /// Only the first places are left.
    fn truncate(&mut self, places: usize) {
        let old = std::mem::take(self);
        let is_free = |slot: &u32| old.places[*slot as usize / 64] >> (slot % 64) & 1 == 1;
        let known = places.min(old.places.len() * 64) as u32;
        (0..known).filter(is_free).for_each(|slot| self.add(slot));
    }
}

/// Things that come and go, each in a place of its own; a ticket of a thing that has gone finds nothing.
#[derive(Clone, Debug)]
pub struct Arena<T> {
    places: Vec<Place<T>>,
    free: Free,
    /// No place that has gone was taken and given back more often: a new one begins here, so that its tickets are new.
    floor: u32,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self { places: Vec::new(), free: Free::default(), floor: 0 }
    }
}

impl<T: Copy> Arena<T> {
    /// How many things are in it.
    pub fn len(&self) -> usize {
        self.places.len() - self.free.count
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Puts a thing into a place.
    #[inline]
    pub fn insert(&mut self, value: T) -> Ticket {
        if let Some(slot) = self.free.take_first() {
            let place = &mut self.places[slot as usize];
            place.turn = place.turn.wrapping_add(1);
            place.value = value;
            debug_assert!(place.is_used(), "a place is given to one thing at a time");
            return Ticket { slot, turn: place.turn };
        }
        let turn = self.floor.wrapping_add(1);
        self.places.push(Place { turn, value });
        Ticket { slot: (self.places.len() - 1) as u32, turn }
    }

    /// The thing, if it is still there.
    #[inline]
    pub fn get(&self, ticket: Ticket) -> Option<&T> {
        let place = self.places.get(ticket.slot as usize)?;
        (place.turn == ticket.turn).then_some(&place.value)
    }

    /// The thing, to be changed, if it is still there.
    #[inline]
    pub fn get_mut(&mut self, ticket: Ticket) -> Option<&mut T> {
        let place = self.places.get_mut(ticket.slot as usize)?;
        (place.turn == ticket.turn).then_some(&mut place.value)
    }

    /// Takes the thing out, if it is still there. It can be read until the place is used again.
    #[inline]
    pub fn remove(&mut self, ticket: Ticket) -> Option<&T> {
        let place = self.places.get_mut(ticket.slot as usize)?;
        if place.turn != ticket.turn {
            return None;
        }
        place.turn = place.turn.wrapping_add(1);
        self.free.add(ticket.slot);
        Some(&place.value)
    }

    /// Lets places at the end go that a crowd has left, if that is most of them.
    pub fn shrink(&mut self) {
        let used = self.places.iter().rposition(Place::is_used).map_or(0, |last| last + 1).max(KEPT);
        if used * 2 > self.places.len() {
            return;
        }
        let gone = self.places[used..].iter().map(|place| place.turn).max().unwrap_or(0);
        debug_assert!(gone % 2 == 0, "what goes is not in use");
        self.floor = self.floor.max(gone);
        self.places.truncate(used);
        self.places.shrink_to(2 * used);
        self.free.truncate(used);
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

#[cfg(test)]
mod tests {
    use super::{Arena, KEPT};

    /// More than 64 words of 64 places.
    const CROWD: usize = 20 * KEPT;

    #[test]
    fn places_that_a_crowd_has_left_go_and_its_tickets_find_nothing() {
        let mut arena = Arena::default();
        let mut crowd: Vec<_> = (0..CROWD).map(|number| arena.insert(number)).collect();
        let stays = crowd.remove(3);
        for ticket in &crowd {
            arena.remove(*ticket);
        }
        let full = arena.places.len();
        arena.shrink();
        assert!(arena.places.len() <= KEPT && full == CROWD, "{} of {full}", arena.places.len());
        let again: Vec<_> = (0..CROWD).map(|number| arena.insert(number)).collect();
        assert_eq!((arena.len(), arena.get(stays)), (CROWD + 1, Some(&3)), "what stays is found");
        assert!(crowd.iter().all(|ticket| arena.get(*ticket).is_none()), "no ticket is given out twice");
        assert!(again.iter().enumerate().all(|(number, ticket)| arena.get(*ticket) == Some(&number)));
    }
    #[test]
    fn the_first_free_place_is_taken_first() {
        let mut arena = Arena::default();
        let crowd: Vec<_> = (0..CROWD).map(|number| arena.insert(number)).collect();
        for slot in [CROWD - 1, 64 * 64, 200, 63, 64 * 64 - 1] {
            arena.remove(crowd[slot]);
        }
        let slots: Vec<usize> = (0..6).map(|number| arena.insert(number).slot as usize).collect();
        assert_eq!(slots, [63, 200, 64 * 64 - 1, 64 * 64, CROWD - 1, CROWD], "in the order of places");
    }
}
