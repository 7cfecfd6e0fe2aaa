//! Counts of the journal entries behind recent failures, and behind what is in a part that becomes full or behind, so that
//! it can say why. No machine decides anything by them.

use crate::kernel::id::EntryId;
use crate::system::context::Context;

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

/// The smallest share of what is in a part, or of its room, that counts.
pub const COUNTS: f64 = 0.05;

/// What is in a part just now, counted by the entry that brought it. All that came without one takes no memory.
#[derive(Clone, Debug, Default)]
pub struct Brought {
    counts: Vec<(EntryId, u32)>,
    total: u32,
}

impl Brought {
    /// Counts one thing.
    pub fn add(&mut self, cause: Option<EntryId>) {
        self.total += 1;
        let Some(cause) = cause else { return };
        match self.counts.iter_mut().find(|(known, _)| *known == cause) {
            Some((_, count)) => *count += 1,
            None => self.counts.push((cause, 1)),
        }
        debug_assert!(self.counts.len() <= self.total as usize, "what has a cause is there");
    }

    /// Of the entries that brought enough of all, the one with the youngest trigger.
    pub fn youngest(&self, ctx: &Context<'_>) -> Option<EntryId> {
        self.youngest_of(ctx, f64::from(self.total))
    }

    /// The same, with enough being the share of another whole.
    pub fn youngest_of(&self, ctx: &Context<'_>, whole: f64) -> Option<EntryId> {
        debug_assert!(whole >= 0.0, "a whole is not negative");
        let enough = self.counts.iter().filter(|(_, count)| f64::from(*count) >= whole * COUNTS);
        ctx.youngest(enough.map(|(entry, _)| Some(*entry)))
    }
}
