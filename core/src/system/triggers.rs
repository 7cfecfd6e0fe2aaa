//! The trigger behind each line of the journal: the fault, order or outage at the end of its chain of causes. It is found
//! once, when the line is written, so that two lines can be compared without a walk. No machine decides anything by it.

use crate::kernel::id::EntryId;
use crate::system::journal::What;
use crate::system::shift::ShiftedBy;

/// The trigger of each line of the journal, in the order of the journal; `None` for what began by chance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Triggers(Vec<Option<EntryId>>);

/// Whether a chain of causes may end here: in a fault, an order, a practice run that was due, or an outage.
pub const fn is_trigger(what: &What) -> bool {
    matches!(
        what,
        What::FaultInjected(_)
            | What::Ordered(_)
            | What::ZoneShifted(_, ShiftedBy::Practice)
            | What::PopulationHurt(_)
    )
}

impl Triggers {
    /// None yet, with room for so many lines.
    pub fn with_room(lines: usize) -> Self {
        Self(Vec::with_capacity(lines))
    }

    /// The next line was written, with the line that caused it.
    pub fn add(&mut self, cause: Option<EntryId>, what: &What) {
        let next = EntryId(self.0.len() as u32);
        debug_assert!(cause.is_none_or(|cause| cause < next), "a cause comes before what follows from it");
        let own = is_trigger(what).then_some(next);
        self.0.push(cause.and_then(|cause| self.of(cause)).or(own));
    }

    /// Forgets all lines but the first so many.
    pub fn truncate(&mut self, lines: usize) {
        debug_assert!(lines <= self.0.len(), "what is kept is there");
        self.0.truncate(lines);
    }

    /// The trigger of a line; `None` if it began by chance.
    #[inline]
    pub fn of(&self, line: EntryId) -> Option<EntryId> {
        debug_assert!((line.0 as usize) < self.0.len(), "a cause is in the journal");
        self.0.get(line.0 as usize).copied().flatten()
    }

    /// Of two lines the one with the younger trigger; of one trigger, the younger line.
    #[inline]
    pub fn younger(&self, a: Option<EntryId>, b: Option<EntryId>) -> Option<EntryId> {
        match (a, b) {
            (Some(one), Some(other)) if one != other => {
                Some(if (self.of(one), one) < (self.of(other), other) { other } else { one })
            }
            (Some(one), _) => Some(one),
            (None, other) => other,
        }
    }
}
