//! Which keys no longer behave as one register would that everybody shares, and which reads show it.
//!
//! Each value under a key is written once, so that the zones of Gibbons and Korach, "Testing Shared Memories" (1997), say
//! exactly when no order of the operations explains what clients were told: two values of which each was there before
//! the other had been used for the last time.

use crate::kernel::clock::SimTime;
use crate::kernel::id::WriteId;

/// Values that are kept in mind under each key.
const KEPT: usize = 4;

/// A value that a client has been told of, by writing or by reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Value {
    write: WriteId,
    /// The earliest end of an operation on it.
    first_done: SimTime,
    /// The latest begin of an operation on it that has ended.
    last_begun: SimTime,
}

/// One key.
#[derive(Clone, Copy, Debug, Default)]
struct Register {
    values: [Option<Value>; KEPT],
    conflicts: u32,
}

/// An operation that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The value that it wrote or read; number 0 for what was there at the start.
    pub write: WriteId,
    /// Some client had been told that this value is written, before.
    pub known: bool,
    /// When it began.
    pub began: SimTime,
    /// When its client was answered.
    pub ended: SimTime,
}

/// What clients have been told, key by key.
#[derive(Clone, Debug)]
pub struct Told {
    registers: Vec<Register>,
}

impl Register {
    /// An operation ends. True if its answer contradicts what others were told.
    fn end(&mut self, operation: &Ended) -> bool {
        debug_assert!(operation.began <= operation.ended, "an operation ends after it began");
        let kept = |value: &Option<Value>| value.is_some_and(|value| value.write == operation.write);
        // What was forgotten, or there at the start, had been told before all that is kept.
        let before = operation.known || operation.write == WriteId(0);
        let first_done = if before { SimTime::ZERO } else { operation.ended };
        let new = Value { write: operation.write, first_done, last_begun: operation.began };
        let place = self.values.iter().position(kept).unwrap_or_else(|| {
            let oldest = |place: &usize| self.values[*place].map(|value| value.last_begun);
            let place = (0..KEPT).min_by_key(oldest).unwrap_or(0);
            self.values[place] = Some(new);
            place
        });
        let value = self.values[place].get_or_insert(new);
        value.last_begun = value.last_begun.max(operation.began);
        let first_done = value.first_done;
        let contradicts = |other: &Value| {
            other.write != operation.write
                && other.first_done < operation.began
                && first_done < other.last_begun
        };
        let conflicts = self.values.iter().any(|other| other.as_ref().is_some_and(contradicts));
        self.conflicts += u32::from(conflicts);
        conflicts
    }
}

impl Told {
    /// Nobody has been told anything of so many keys.
    pub fn new(keys: usize) -> Self {
        Self { registers: vec![Register::default(); keys] }
    }

    /// An operation on a key ends. True if its answer contradicts what others were told.
    pub fn end(&mut self, key: u16, operation: &Ended) -> bool {
        self.registers[usize::from(key)].end(operation)
    }

    /// Keys on which an operation contradicted others.
    pub fn torn(&self) -> impl Iterator<Item = u16> + '_ {
        (0..self.registers.len() as u16).filter(|key| self.registers[usize::from(*key)].conflicts > 0)
    }
}
