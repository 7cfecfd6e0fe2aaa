//! Acknowledged writes, counted by what has become of them.

use crate::system::write_state::WriteState;

/// How many acknowledged writes are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct States([u64; WriteState::ALL.len()]);

impl States {
    /// How many are in a state.
    pub const fn of(&self, state: WriteState) -> u64 {
        self.0[state as usize]
    }

    /// So many more are in a state.
    pub fn add(&mut self, state: WriteState, count: u64) {
        self.0[state as usize] += count;
    }

    /// One that was in a state is in another.
    pub fn change(&mut self, from: WriteState, to: WriteState) {
        debug_assert!(self.of(from) > 0, "it was in that state");
        self.0[from as usize] -= 1;
        self.0[to as usize] += 1;
    }

    /// All of them: as many as were acknowledged.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Those that nobody can read now, and whose place no other write took.
    pub fn missing(&self) -> u64 {
        WriteState::ALL.into_iter().filter(|state| state.is_missing()).map(|state| self.of(state)).sum()
    }
}
