//! Which journal entries brought what a part has to bear, so that a part that becomes full can say why. This is written on
//! what travels and on what waits; no machine decides anything by it.

use crate::kernel::id::EntryId;

/// How many causes are told apart: those that came first and last matter little against the biggest.
const KEPT: usize = 6;

/// What one that came weighs: so much that its half, and the half of that, still count.
const ONE: u32 = 64;

/// Counts by cause of what came lately.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Causes {
    counts: [(u32, u32); KEPT],
    total: u32,
}

impl Causes {
    /// Counts one that came because of an entry, or because of none.
    #[inline]
    pub fn add(&mut self, cause: Option<EntryId>) {
        self.total += ONE;
        if let Some(EntryId(entry)) = cause {
            let known = self.counts.iter_mut().find(|(other, count)| *other == entry && *count > 0);
            if let Some((_, count)) = known {
                *count += ONE;
            } else if let Some(least) = self.counts.iter_mut().min_by_key(|(_, count)| *count) {
                *least = (entry, ONE);
            }
        }
    }

    /// A second has passed: what came earlier counts half.
    pub fn fade(&mut self) {
        self.total /= 2;
        self.counts.iter_mut().for_each(|(_, count)| *count /= 2);
    }

    /// The youngest entry that brought at least this share of what came.
    pub fn youngest(&self, share: f64) -> Option<EntryId> {
        let enough = f64::from(self.total) * share;
        let big = self.counts.iter().filter(|(_, count)| *count > 0 && f64::from(*count) >= enough);
        big.map(|(entry, _)| EntryId(*entry)).max()
    }

    /// The entry that brought most; none if what came because of none is more than that.
    pub fn most(&self) -> Option<EntryId> {
        let named: u32 = self.counts.iter().map(|(_, count)| *count).sum();
        let (entry, count) = self.counts.iter().max_by_key(|(_, count)| *count)?;
        (*count > 0 && *count >= self.total.saturating_sub(named)).then_some(EntryId(*entry))
    }
}
