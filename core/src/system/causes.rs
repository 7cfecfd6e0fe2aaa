//! Counts of the journal entries behind recent arrivals, so that a part that becomes full can say why. No machine decides
//! anything by them.

use crate::kernel::id::EntryId;

/// How many causes are told apart; the rarest gives way to a new one.
const KEPT: usize = 6;

/// The weight of one arrival: large enough to be halved six times.
const ONE: u32 = 64;

/// Recent arrivals, counted by cause.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Causes {
    counts: [(u32, u32); KEPT],
    total: u32,
}

impl Causes {
    /// Counts an arrival because of an entry, or because of none.
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

    /// A second has passed: earlier arrivals count half.
    pub fn fade(&mut self) {
        self.total /= 2;
        self.counts.iter_mut().for_each(|(_, count)| *count /= 2);
        debug_assert!(self.named() <= self.total, "what has a cause has come");
    }

    /// The youngest entry that brought at least this share, 0 to 1, of the arrivals.
    pub fn youngest(&self, share: f64) -> Option<EntryId> {
        debug_assert!((0.0..=1.0).contains(&share), "a share of all");
        let enough = f64::from(self.total) * share;
        let big = self.counts.iter().filter(|(_, count)| *count > 0 && f64::from(*count) >= enough);
        big.map(|(entry, _)| EntryId(*entry)).max()
    }

    fn named(&self) -> u32 {
        self.counts.iter().map(|(_, count)| *count).sum()
    }

    /// The entry that brought most; `None` if more came without a cause.
    pub fn most(&self) -> Option<EntryId> {
        let named = self.named();
        debug_assert!(named <= self.total, "what has a cause has come");
        let (entry, count) = self.counts.iter().max_by_key(|(_, count)| *count)?;
        (*count > 0 && *count >= self.total.saturating_sub(named)).then_some(EntryId(*entry))
    }
}
