//! What happens next: a calendar queue in the order of (time, sequence), so equal times come out first in, first out.
//!
//! A ring of days, each a list of nodes in one arena, so that nothing is allocated for an event in the steady state
//! and a clone is a few block copies. What lies beyond the ring waits in a heap. The width of a day follows the rate
//! of events by itself (Brown, "Calendar queues", CACM 1988), because the width is what a calendar lives by.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

const DAYS: usize = 2048;
const NONE: u32 = u32::MAX;
/// How many events are taken out between two looks at the width.
const REVIEW: u32 = 8192;

#[derive(Clone, Copy, Debug)]
struct Node<E> {
    at: u64,
    sequence: u64,
    next: u32,
    event: E,
}

#[derive(Clone, Copy, Debug)]
struct Due<E> {
    at: u64,
    sequence: u64,
    event: E,
}

/// Events to come, ordered by time and then by when they were scheduled. Time is in ticks of the caller's choice.
#[derive(Clone, Debug)]
pub struct EventQueue<E> {
    nodes: Vec<Node<E>>,
    free: u32,
    heads: Vec<u32>,
    occupied: Vec<u64>,
    in_days: usize,
    shift: u32,
    day: u64,
    /// The current day, latest first.
    today: Vec<Due<E>>,
    far: BinaryHeap<Reverse<(u64, u64, u32)>>,
    sequence: u64,
    until_review: u32,
    reviewed_at: u64,
}

impl<E: Copy> Default for EventQueue<E> {
    fn default() -> Self {
        Self {
            nodes: Vec::new(),
            free: NONE,
            heads: vec![NONE; DAYS],
            occupied: vec![0; DAYS / 64],
            in_days: 0,
            shift: 10,
            day: 0,
            today: Vec::new(),
            far: BinaryHeap::new(),
            sequence: 0,
            until_review: REVIEW,
            reviewed_at: 0,
        }
    }
}

impl<E: Copy> EventQueue<E> {
    /// How many events wait.
    pub fn len(&self) -> usize {
        self.in_days + self.today.len() + self.far.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds an event at an instant that is not before the last one taken out.
    #[inline]
    pub fn push(&mut self, at: u64, event: E) {
        self.sequence += 1;
        self.insert(at, self.sequence, event);
    }

    #[inline]
    fn insert(&mut self, at: u64, sequence: u64, event: E) {
        let day = at >> self.shift;
        if day <= self.day {
            let place = self.today.partition_point(|due| (due.at, due.sequence) > (at, sequence));
            self.today.insert(place, Due { at, sequence, event });
        } else {
            let slot = self.take_node(Node { at, sequence, next: NONE, event });
            if day - self.day < DAYS as u64 {
                self.link(day, slot);
            } else {
                self.far.push(Reverse((at, sequence, slot)));
            }
        }
    }

    #[inline]
    fn take_node(&mut self, node: Node<E>) -> u32 {
        if self.free == NONE {
            self.nodes.push(node);
            return (self.nodes.len() - 1) as u32;
        }
        let slot = self.free;
        self.free = self.nodes[slot as usize].next;
        self.nodes[slot as usize] = node;
        slot
    }

    #[inline]
    fn link(&mut self, day: u64, slot: u32) {
        let place = day as usize & (DAYS - 1);
        self.nodes[slot as usize].next = self.heads[place];
        self.heads[place] = slot;
        self.occupied[place >> 6] |= 1 << (place & 63);
        self.in_days += 1;
    }

    /// The time of the next event.
    #[inline]
    pub fn peek(&mut self) -> Option<u64> {
        if self.today.is_empty() && !self.open_next_day() {
            return None;
        }
        self.today.last().map(|due| due.at)
    }

    /// Takes out the next event with its time.
    #[inline]
    pub fn pop(&mut self) -> Option<(u64, E)> {
        self.pop_until(u64::MAX)
    }

    /// Takes out the next event with its time, if it is not later than `limit`.
    #[inline]
    pub fn pop_until(&mut self, limit: u64) -> Option<(u64, E)> {
        if self.today.is_empty() && !self.open_next_day() {
            return None;
        }
        let due = self.today.pop_if(|due| due.at <= limit)?;
        self.until_review -= 1;
        if self.until_review == 0 {
            self.review(due.at);
        }
        Some((due.at, due.event))
    }

    /// Moves on to the next day that has events and sorts it. False if nothing waits.
    #[inline]
    fn open_next_day(&mut self) -> bool {
        let near = self.next_occupied();
        let far = self.far.peek().map(|Reverse((at, ..))| at >> self.shift);
        let day = match (near, far) {
            (Some(near), Some(far)) => near.min(far),
            (Some(day), None) | (None, Some(day)) => day,
            (None, None) => return false,
        };
        self.day = day;
        if near == Some(day) {
            self.unlink_day(day as usize & (DAYS - 1));
        }
        while let Some(&Reverse((at, sequence, slot))) = self.far.peek() {
            if at >> self.shift > day {
                break;
            }
            self.far.pop();
            let event = self.nodes[slot as usize].event;
            self.release(slot);
            self.today.push(Due { at, sequence, event });
        }
        if self.today.len() > 1 {
            self.today.sort_unstable_by_key(|due| Reverse((due.at, due.sequence)));
        }
        true
    }

    #[inline]
    fn unlink_day(&mut self, place: usize) {
        let mut slot = self.heads[place];
        while slot != NONE {
            let node = self.nodes[slot as usize];
            self.today.push(Due { at: node.at, sequence: node.sequence, event: node.event });
            self.release(slot);
            self.in_days -= 1;
            slot = node.next;
        }
        self.heads[place] = NONE;
        self.occupied[place >> 6] &= !(1 << (place & 63));
    }

    #[inline]
    fn release(&mut self, slot: u32) {
        self.nodes[slot as usize].next = self.free;
        self.free = slot;
    }

    #[inline]
    fn next_occupied(&self) -> Option<u64> {
        if self.in_days == 0 {
            return None;
        }
        let from = self.day + 1;
        let start = from as usize & (DAYS - 1);
        let mut word = start >> 6;
        let mut bits = self.occupied[word] & (!0 << (start & 63));
        for _ in 0..=DAYS / 64 {
            if bits != 0 {
                let place = (word << 6) + bits.trailing_zeros() as usize;
                return Some(from + (place.wrapping_sub(start) & (DAYS - 1)) as u64);
            }
            word = (word + 1) & (DAYS / 64 - 1);
            bits = self.occupied[word];
        }
        None
    }

    /// Fits the width of a day to the rate of events: about two a day.
    #[cold]
    fn review(&mut self, now: u64) {
        self.until_review = REVIEW;
        let gap = (now - self.reviewed_at) / u64::from(REVIEW);
        self.reviewed_at = now;
        let wanted = 64 - (gap * 2).leading_zeros();
        if wanted.abs_diff(self.shift) > 1 {
            self.rebuild(now, wanted);
        }
    }

    #[cold]
    fn rebuild(&mut self, now: u64, shift: u32) {
        let mut all = std::mem::take(&mut self.today);
        for place in 0..DAYS {
            let mut slot = self.heads[place];
            while slot != NONE {
                let node = self.nodes[slot as usize];
                all.push(Due { at: node.at, sequence: node.sequence, event: node.event });
                slot = node.next;
            }
            self.heads[place] = NONE;
        }
        for Reverse((at, sequence, slot)) in self.far.drain() {
            all.push(Due { at, sequence, event: self.nodes[slot as usize].event });
        }
        self.occupied.fill(0);
        self.nodes.clear();
        self.free = NONE;
        self.in_days = 0;
        self.shift = shift;
        self.day = now >> shift;
        for due in all {
            self.insert(due.at, due.sequence, due.event);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::EventQueue;
    use crate::kernel::chance::{Chance, Purpose};
    use std::collections::BTreeMap;

    #[test]
    fn comes_out_like_a_sorted_map_whatever_the_rate() {
        let mut random = Chance::new(1).of(Purpose::Script, 0, 0, 0);
        let (mut queue, mut model) = (EventQueue::default(), BTreeMap::new());
        let (mut now, mut count) = (0, 0u64);
        for round in 0..200_000u64 {
            // The rate changes by a factor of 30,000 on the way, so that the width is refitted both ways.
            let mean = if round < 60_000 {
                1.0e6
            } else if round < 120_000 {
                30.0
            } else {
                5.0e4
            };
            if random.chance(0.52) || model.is_empty() {
                let at = now + random.exponential(mean) as u64 * u64::from(random.below(3));
                count += 1;
                queue.push(at, count);
                model.insert((at, count), ());
            } else {
                let ((at, event), ()) = model.pop_first().expect("not empty");
                assert_eq!(queue.peek(), Some(at));
                assert_eq!(queue.pop(), Some((at, event)));
                now = at;
            }
            assert_eq!(queue.len(), model.len());
        }
    }
}
