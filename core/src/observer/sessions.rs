//! What sessions remember of what they have written and read, so that it can be told whether a read keeps what a session
//! may expect of it. The guarantees are those of Terry and others, "Session Guarantees for Weakly Consistent Replicated
//! Data" (1994).

use crate::kernel::id::{PopulationId, VersionId};
use crate::kernel::recent::{REMEMBERED, Ring};
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

/// What is known of keys, in as few numbers as there are regions: keyframes carry many of these.
#[derive(Clone, Debug)]
pub struct Memories {
    regions: usize,
    counts: Vec<u32>,
}

impl Memories {
    /// So many places, with nothing known at any.
    pub fn new(regions: usize, places: usize) -> Self {
        Self { regions, counts: vec![0; places * 2 * regions] }
    }

    /// What is known at a place; nothing if there is none.
    pub fn get(&self, place: usize) -> Memory {
        let width = 2 * self.regions;
        let counts = self.counts.get(place * width..(place + 1) * width).unwrap_or_default();
        let (own, read) = counts.split_at(counts.len() / 2);
        Memory { own: Seen::from_counts(own), read: Seen::from_counts(read) }
    }

    /// Keeps what is known at a place; there are as many places as are needed.
    pub fn set(&mut self, place: usize, memory: Memory) {
        let width = 2 * self.regions;
        if self.counts.len() < (place + 1) * width {
            self.counts.resize((place + 1) * width, 0);
        }
        let (own, read) = self.counts[place * width..(place + 1) * width].split_at_mut(self.regions);
        memory.own.write_counts(own);
        memory.read.write_counts(read);
    }
}

/// All sessions; a session is a connection of a population.
#[derive(Clone, Debug)]
pub struct Sessions {
    rings: Vec<Ring>,
    memories: Memories,
    each: usize,
}

impl Sessions {
    /// Sessions that remember nothing, so many for each population.
    pub fn new(populations: usize, each: usize, regions: usize) -> Self {
        let count = populations * each;
        let memories = Memories::new(regions, count * REMEMBERED);
        Self { rings: vec![Ring::default(); count], memories, each }
    }

    fn session(&self, population: PopulationId, connection: u16) -> usize {
        debug_assert!(usize::from(connection) < self.each, "a population has so many connections");
        population.index() * self.each + usize::from(connection)
    }

    /// What a session knows of a key.
    pub fn memory(&self, population: PopulationId, connection: u16, key: u16) -> Memory {
        let session = self.session(population, connection);
        let place = self.rings[session].place(key);
        place.map_or(Memory::default(), |place| self.memories.get(session * REMEMBERED + place))
    }

    fn change(&mut self, who: (PopulationId, u16), key: u16, change: impl FnOnce(&mut Memory)) {
        let session = self.session(who.0, who.1);
        let known = self.rings[session].place(key);
        let place = session * REMEMBERED + known.unwrap_or_else(|| self.rings[session].take_place(key));
        let mut memory = if known.is_some() { self.memories.get(place) } else { Memory::default() };
        change(&mut memory);
        self.memories.set(place, memory);
    }

    /// A session has been told that its write made this version.
    pub fn wrote(&mut self, session: (PopulationId, u16), key: u16, version: VersionId) {
        debug_assert!(version.is_written(), "a write that was done has a version");
        self.change(session, key, |memory| memory.own.add(version));
    }

    /// A session has read. Of two reads that overlapped, what is newer is remembered.
    pub fn read(&mut self, session: (PopulationId, u16), key: u16, found: &Found) {
        self.change(session, key, |memory| {
            if !memory.goes_back(found) {
                memory.read = found.seen;
            }
        });
    }
}
