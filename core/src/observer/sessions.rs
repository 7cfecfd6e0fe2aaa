//! What sessions remember of what they have written and read, so that it can be told whether a read keeps what a session
//! may expect of it. The guarantees are those of Terry and others, "Session Guarantees for Weakly Consistent Replicated
//! Data" (1994).

use crate::kernel::id::{PopulationId, VersionId};
use crate::kernel::recent::Recent;
use crate::system::version::{Found, Seen};

/// What a session knows of a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Its own writes there of which it has been told.
    pub own: Seen,
    /// What the writer of the version that it read last had seen.
    pub read: Seen,
}

impl Memory {
    /// Whether a session that knows this does not find what it has written itself: the copy had not even seen it. What a
    /// copy has seen and does not show was overwritten, or lost in a collision, and that is counted as such.
    pub fn misses_own(&self, found: &Found) -> bool {
        !found.copy.includes(self.own)
    }

    /// Whether a session that knows this finds something older than what it had read: the writer of that had seen it.
    pub fn goes_back(&self, found: &Found) -> bool {
        self.read != found.seen && self.read.includes(found.seen)
    }
}

/// All sessions; a session is a connection of a population.
#[derive(Clone, Debug)]
pub struct Sessions {
    sessions: Vec<Recent<Memory>>,
    each: usize,
}

impl Sessions {
    /// Sessions that remember nothing, so many for each population.
    pub fn new(populations: usize, each: usize) -> Self {
        Self { sessions: vec![Recent::default(); populations * each], each }
    }

    fn place(&self, population: PopulationId, connection: u16) -> usize {
        debug_assert!(usize::from(connection) < self.each, "a session is one of its population's");
        population.index() * self.each + usize::from(connection)
    }

    /// What a session knows of a key.
    pub fn memory(&self, population: PopulationId, connection: u16, key: u16) -> Memory {
        self.sessions[self.place(population, connection)].get(key)
    }

    fn remember(&mut self, population: PopulationId, connection: u16, key: u16) -> &mut Memory {
        let place = self.place(population, connection);
        self.sessions[place].entry(key)
    }

    /// A session has been told that its write made this version.
    pub fn wrote(&mut self, (population, connection): (PopulationId, u16), key: u16, version: VersionId) {
        debug_assert!(version.is_written(), "a write that was done has a version");
        self.remember(population, connection, key).own.add(version);
    }

    /// A session has read. Of two reads that overlapped, what is newer is remembered.
    pub fn read(&mut self, (population, connection): (PopulationId, u16), key: u16, found: &Found) {
        let memory = self.remember(population, connection, key);
        if !memory.goes_back(found) {
            memory.read = found.seen;
        }
    }
}
