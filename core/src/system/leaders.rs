//! Leaders of partitions: a service without instances keeps every partition of a table in three zones, one of which leads it.

/// Zones over which such a service spreads what it keeps, whichever of them have servers of ours.
pub const ZONES: usize = 3;
/// Of these a majority has to have a write.
pub const MAJORITY: usize = ZONES / 2 + 1;

/// Which zone leads which part of the keys: a third of them each, at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaders {
    /// By part: its zone.
    zones: [u8; ZONES],
    /// By part: that zone is lost, and another is being elected.
    lost: [bool; ZONES],
    elections: u16,
}

impl Leaders {
    /// Each zone leads a third.
    pub const START: Self = Self { zones: [0, 1, 2], lost: [false; ZONES], elections: 0 };

    /// Whether anybody leads the partition of a key.
    pub fn leads(&self, key: u16) -> bool {
        !self.lost[usize::from(key) % ZONES]
    }

    /// The zone that leads the partition of a key, or did before its election.
    pub fn zone_of(&self, key: u16) -> u8 {
        self.zones[usize::from(key) % ZONES]
    }

    /// Whether an election is under way.
    pub fn elects(&self) -> bool {
        self.lost.contains(&true)
    }

    /// The number of an election that begins because these zones are dark; `None` if none of them leads anything.
    pub fn begin(&mut self, dark: impl Fn(u8) -> bool) -> Option<u16> {
        let mut begins = false;
        for (zone, lost) in self.zones.iter().zip(&mut self.lost) {
            begins |= dark(*zone) && !*lost;
            *lost |= dark(*zone);
        }
        begins.then(|| {
            self.elections = self.elections.wrapping_add(1);
            self.elections
        })
    }

    /// The election is over: zones that are not dark lead again, each about as much as the other. False if another has begun
    /// since.
    pub fn end(&mut self, election: u16, dark: impl Fn(u8) -> bool) -> bool {
        if election != self.elections {
            return false;
        }
        self.restart(dark);
        true
    }

    /// Everything is led by a zone that is not dark.
    pub fn restart(&mut self, dark: impl Fn(u8) -> bool) {
        let lit: Vec<u8> = (0..ZONES as u8).filter(|zone| !dark(*zone)).collect();
        debug_assert!(lit.len() >= MAJORITY, "who is elected has a majority");
        for (part, zone) in self.zones.iter_mut().enumerate() {
            if dark(*zone) {
                *zone = lit[part % lit.len()];
            }
        }
        self.lost = [false; ZONES];
    }
}
