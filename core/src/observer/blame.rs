//! Whose fault it is: from a journal entry to the incident that it follows from.

use super::Observer;
use crate::kernel::id::EntryId;
use crate::system::context::Context;
use crate::system::entry::Entry;

/// Which entries of the journal stand for which incidents: triggers, and the orders that belong to them.
#[derive(Clone, Debug, Default)]
pub struct Blame {
    /// In the order of the journal.
    known: Vec<(EntryId, usize)>,
    /// The last question and its answer: most failures of a second have one cause.
    last: Option<(EntryId, Option<usize>)>,
}

impl Blame {
    /// What follows from an entry belongs to an incident.
    pub fn add(&mut self, entry: EntryId, incident: usize) {
        let place = self.known.partition_point(|(known, _)| *known < entry);
        if self.known.get(place).is_none_or(|(known, _)| *known != entry) {
            self.known.insert(place, (entry, incident));
        }
        self.last = None;
    }

    fn of(&self, entry: EntryId) -> Option<usize> {
        let place = self.known.binary_search_by_key(&entry, |(known, _)| *known).ok()?;
        Some(self.known[place].1)
    }

    /// The incident that a line of the journal follows from: that of the first known line in its chain of causes.
    pub fn follows_from(&self, journal: &[Entry], line: EntryId) -> Option<usize> {
        let mut next = Some(line);
        while let Some(line) = next {
            if let Some(incident) = self.of(line) {
                return Some(incident);
            }
            let entry = journal.get(line.0 as usize);
            debug_assert!(entry.is_some(), "a cause is in the journal");
            next = entry.and_then(|entry| entry.cause);
        }
        None
    }
}

impl Observer {
    /// The incident that an entry follows from; `None` if nothing that has happened led to it.
    pub fn incident_of(&mut self, ctx: &Context<'_>, entry: Option<EntryId>) -> Option<usize> {
        let asked = entry?;
        if let Some((last, answer)) = self.blame.last
            && last == asked
        {
            return answer;
        }
        let answer = self.blame.follows_from(&ctx.record.journal, asked);
        self.blame.last = Some((asked, answer));
        answer
    }
}
