//! What sessions remember of what they have written and read, so that it can be told whether a read keeps what a session
//! may expect of it. The guarantees are those of Terry and others, "Session Guarantees for Weakly Consistent Replicated
//! Data" (1994).

use crate::kernel::id::{PopulationId, VersionId};
use crate::kernel::recent::{REMEMBERED, Ring};
use crate::system::version::Found;

/// What a session knows of a key, as counts by region of the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory<'a> {
    /// Its own writes there of which it has been told.
    own: &'a [u32],
    /// What the writer of the version that it read last had seen.
    read: &'a [u32],
}

impl Memory<'_> {
    /// Whether a session that knows this does not find what it has written itself: the copy had not even seen it. What a
    /// copy has seen and does not show was overwritten, or lost in a collision, and that is counted as such.
    pub fn misses_own(self, found: &Found) -> bool {
        !found.copy.includes_counts(self.own)
    }

    /// Whether a session that knows this finds something older than what it had read: the writer of that had seen it.
    pub fn goes_back(self, found: &Found) -> bool {
        found.seen.is_before(self.read)
    }
}

/// What is known of keys, in as few numbers as there are regions: keyframes carry many of these.
#[derive(Clone, Debug)]
pub struct Memories {
    regions: usize,
    /// At each place the counts of own writes, then those of the last read.
    counts: Vec<u32>,
}

impl Memories {
    /// So many places, with nothing known at any.
    pub fn new(regions: usize, places: usize) -> Self {
        Self { regions, counts: vec![0; places * 2 * regions] }
    }

    /// The counts of a place; there are as many places as are needed.
    fn counts_mut(&mut self, place: usize) -> &mut [u32] {
        let width = 2 * self.regions;
        let (start, end) = (place * width, (place + 1) * width);
        if self.counts.len() < end {
            self.counts.resize(end, 0);
        }
        &mut self.counts[start..end]
    }

    /// What is known at a place.
    #[inline]
    pub fn get(&self, place: usize) -> Memory<'_> {
        let width = 2 * self.regions;
        let (own, read) = self.counts[place * width..(place + 1) * width].split_at(self.regions);
        Memory { own, read }
    }

    /// Keeps what is known at a place; `None` forgets it.
    #[inline]
    pub fn set(&mut self, place: usize, memory: Option<Memory<'_>>) {
        let regions = self.regions;
        let counts = self.counts_mut(place);
        debug_assert!(memory.is_none_or(|it| it.own.len() == regions), "one count for each region");
        match memory {
            // One by one: so few numbers are faster than a call that copies memory.
            Some(memory) => {
                let known = memory.own.iter().chain(memory.read);
                counts.iter_mut().zip(known).for_each(|(count, known)| *count = *known);
            }
            None => counts.fill(0),
        }
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

    /// What a session knows of a key; `None` if it does not remember that.
    #[inline]
    pub fn memory(&self, population: PopulationId, connection: u16, key: u16) -> Option<Memory<'_>> {
        let session = self.session(population, connection);
        let place = self.rings[session].place(key)?;
        Some(self.memories.get(session * REMEMBERED + place))
    }

    /// What a session remembers of a key, to be changed: the counts of its own writes and of its last read.
    #[inline]
    fn entry(&mut self, who: (PopulationId, u16), key: u16) -> (&mut [u32], &mut [u32]) {
        let session = self.session(who.0, who.1);
        let known = self.rings[session].place(key);
        let place = session * REMEMBERED + known.unwrap_or_else(|| self.rings[session].take_place(key));
        let regions = self.memories.regions;
        let counts = self.memories.counts_mut(place);
        if known.is_none() {
            counts.fill(0);
        }
        counts.split_at_mut(regions)
    }

    /// A session has been told that its write made this version.
    pub fn wrote(&mut self, session: (PopulationId, u16), key: u16, version: VersionId) {
        debug_assert!(version.is_written(), "a write that was done has a version");
        let newest = &mut self.entry(session, key).0[version.region.index()];
        *newest = (*newest).max(version.count);
    }

    /// A session has read. Of two reads that overlapped, what is newer is remembered.
    pub fn read(&mut self, session: (PopulationId, u16), key: u16, found: &Found) {
        let (_, read) = self.entry(session, key);
        if !found.seen.is_before(read) {
            found.seen.write_counts(read);
        }
    }
}
