//! What sessions were told, so that it can be said whether a read keeps what a session may expect of it: of each key the
//! newest that it wrote, and the newest that it read. The guarantees are those of Terry and others, "Session Guarantees for
//! Weakly Consistent Replicated Data" (1994). What promises something to sessions is elsewhere (`system::session`) and
//! shares nothing with this.

use crate::kernel::changes::Changes;
use crate::kernel::id::VersionId;
use crate::model::Rule;
use crate::model::plan::Plan;
use crate::observer::ledger::Ledger;
use crate::observer::staleness::Staleness;
use crate::system::occurrence::Asked;
use crate::system::version::Seen;

/// What sessions were told, in values of a kind: two places for each session and key, for what it wrote and what it read.
#[derive(Clone, Debug)]
struct Memory<T> {
    told: Changes<T>,
    /// What the session of each read under way had been told of its key when that began, by the slot of its ticket.
    begun: Vec<[T; 2]>,
}

impl<T: Copy + Default> Default for Memory<T> {
    fn default() -> Self {
        Self { told: Changes::default(), begun: Vec::new() }
    }
}

impl<T: Copy + Default + PartialEq> Memory<T> {
    #[inline]
    fn begin(&mut self, slot: usize, place: u32) {
        if self.begun.len() <= slot {
            self.begun.resize(slot + 1, Default::default());
        }
        self.begun[slot] = [self.told.get(place), self.told.get(place + 1)];
    }

    #[inline]
    fn begun(&self, slot: usize) -> [T; 2] {
        self.begun.get(slot).copied().unwrap_or_default()
    }
}

/// The memory of all sessions.
#[derive(Clone, Debug)]
enum Memories {
    /// The version that supersedes all others of which a session was told, by its number in the ledger; 0 for none.
    Newest(Memory<u32>),
    /// All that it was told of, if no rule puts one version above another: siblings, and what merges.
    All(Memory<Seen>),
}

/// What is wrong with a read, for its session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Broken {
    /// It wrote what supersedes what it finds.
    pub misses_own: bool,
    /// It had read what supersedes what it finds.
    pub goes_back: bool,
}

/// All sessions, with everything that each was told; a session is a connection of a population.
#[derive(Clone, Debug)]
pub struct Sessions {
    memories: Memories,
    connections: u32,
    keys: u32,
}

impl Sessions {
    /// Sessions that were told nothing.
    pub fn new(plan: &Plan) -> Self {
        let memories = match plan.rule() {
            Rule::Siblings | Rule::Merge => Memories::All(Memory::default()),
            Rule::LastWriterWins
            | Rule::FirstRegionWins
            | Rule::Conditional
            | Rule::Quorum
            | Rule::ConditionalLocal => Memories::Newest(Memory::default()),
        };
        Self { memories, connections: plan.scenario.clients.connections, keys: plan.scenario.database.keys }
    }

    #[inline]
    fn place(&self, asked: &Asked) -> u32 {
        let (connection, key) = (u32::from(asked.connection), u32::from(asked.key));
        debug_assert!(connection < self.connections, "a population has so many connections");
        debug_assert!(key < self.keys, "the database has so many keys");
        2 * ((u32::from(asked.population.0) * self.connections + connection) * self.keys + key)
    }

    /// A read begins: it will be held to what its session has been told by now.
    #[inline]
    pub fn begin(&mut self, asked: &Asked) {
        let (slot, place) = (asked.ticket.slot as usize, self.place(asked));
        match &mut self.memories {
            Memories::Newest(memory) => memory.begin(slot, place),
            Memories::All(memory) => memory.begin(slot, place),
        }
    }

    /// A read ends with a version, or with several that have seen all this.
    #[inline]
    pub fn judge(
        &self,
        (staleness, ledger): (&Staleness, &Ledger),
        asked: &Asked,
        (version, seen): (VersionId, Seen),
    ) -> Broken {
        // Nothing that anybody was told of supersedes it, so nothing that this session was told of does.
        if staleness.is_newest(asked.key, version) {
            return Broken::default();
        }
        let slot = asked.ticket.slot as usize;
        let [misses_own, goes_back] = match &self.memories {
            Memories::Newest(memory) => {
                let number = ledger.number(version) as u32;
                memory
                    .begun(slot)
                    .map(|told| told != number && supersedes((staleness, ledger), told, version))
            }
            Memories::All(memory) => memory.begun(slot).map(|told| !seen.includes(told)),
        };
        Broken { misses_own, goes_back }
    }

    /// A session is told of a version, which it wrote or has read. Of two operations that overlapped the newer is remembered.
    #[inline]
    pub fn tell(
        &mut self,
        (staleness, ledger): (&Staleness, &Ledger),
        asked: &Asked,
        (version, seen): (VersionId, Seen),
    ) {
        if !version.is_written() {
            return;
        }
        let place = self.place(asked) + u32::from(asked.write.is_none());
        match &mut self.memories {
            Memories::Newest(memory) => {
                let (known, number) = (memory.told.get(place), ledger.number(version) as u32);
                let newer = staleness.is_newest(asked.key, version)
                    || known != number && !supersedes((staleness, ledger), known, version);
                if newer {
                    memory.told.set(place, number);
                }
            }
            Memories::All(memory) => {
                let mut told = memory.told.get(place);
                told.add(version);
                told.join(seen);
                memory.told.set(place, told);
            }
        }
    }
}

/// Whether the line with a number, if there is one, is a version that supersedes another.
#[inline]
fn supersedes((staleness, ledger): (&Staleness, &Ledger), number: u32, version: VersionId) -> bool {
    let line = ledger.get(number.into());
    line.is_some_and(|line| staleness.supersedes(ledger, line.id(), version))
}
