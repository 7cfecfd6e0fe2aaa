//! Which journal entries are happenings worth jumping to, and which are decisive enough to slow time down.

use crate::kernel::clock::SimTime;
use crate::kernel::id::RegionId;
use crate::system::entry::Entry;
use crate::system::journal::{EntryKind, Weight, What};

/// Entries of the same kind that follow within this many seconds are one happening.
const SAME_S: f64 = 30.0;
/// How far back another of the kind is looked for.
const LOOK_BACK: usize = 400;

/// Whether an entry is worth a stop when stepping from happening to happening.
pub fn is_happening(journal: &[Entry], index: usize) -> bool {
    journal.get(index).is_some_and(|entry| match entry.what.kind().weight() {
        Weight::None => false,
        Weight::First | Weight::FirstDecisive => is_first(journal, index),
        Weight::Happening | Weight::Decisive => true,
    })
}

/// Whether an entry decides something that a person should not miss.
pub fn is_decisive(journal: &[Entry], index: usize) -> bool {
    journal.get(index).is_some_and(|entry| match entry.what.kind().weight() {
        Weight::None | Weight::First | Weight::Happening => false,
        Weight::FirstDecisive => is_first(journal, index),
        Weight::Decisive => true,
    })
}

/// What makes two entries the same happening: their kind, and for a vote the endpoint and which way it went.
const fn sort(what: &What) -> (EntryKind, Option<(RegionId, bool)>) {
    if let What::CheckerTurned { endpoint, healthy, .. } = *what {
        return (what.kind(), Some((endpoint, healthy)));
    }
    (what.kind(), None)
}

/// Whether no entry of the same kind came shortly before this one.
fn is_first(journal: &[Entry], index: usize) -> bool {
    let entry = &journal[index];
    let same = |other: &&Entry| sort(&other.what) == sort(&entry.what);
    let before = journal[..index].iter().rev().take(LOOK_BACK).find(same);
    before.is_none_or(|other| entry.at.since(other.at).secs() > SAME_S)
}

/// When the next happening after an instant is, as far as the journal goes.
pub fn next_after(journal: &[Entry], now: SimTime) -> Option<SimTime> {
    let from = journal.partition_point(|entry| entry.at <= now);
    (from..journal.len()).find(|index| is_happening(journal, *index)).map(|index| journal[index].at)
}

/// When the last happening before an instant was.
pub fn last_before(journal: &[Entry], now: SimTime) -> Option<SimTime> {
    let until = journal.partition_point(|entry| entry.at < now);
    (0..until).rev().find(|index| is_happening(journal, *index)).map(|index| journal[index].at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(seconds: f64, what: What) -> Entry {
        Entry { at: SimTime::from_secs(seconds), cause: None, what }
    }

    fn vote(seconds: f64, checker: u8, healthy: bool) -> Entry {
        entry(seconds, What::CheckerTurned { endpoint: RegionId(0), checker, healthy })
    }

    #[test]
    fn sixteen_votes_are_one_happening() {
        let journal =
            [entry(0.0, What::Started), vote(80.0, 3, false), vote(81.0, 5, false), vote(200.0, 3, true)];
        let happenings: Vec<_> = (0..journal.len()).filter(|index| is_decisive(&journal, *index)).collect();
        assert_eq!(happenings, [1, 3]);
    }

    #[test]
    fn steps_go_from_one_to_the_next_and_back() {
        let journal =
            [entry(0.0, What::Started), vote(80.0, 3, false), vote(81.0, 5, false), vote(200.0, 3, true)];
        let at = SimTime::from_secs;
        assert_eq!(next_after(&journal, at(0.0)), Some(at(80.0)));
        assert_eq!(next_after(&journal, at(80.0)), Some(at(200.0)));
        assert_eq!(next_after(&journal, at(200.0)), None);
        assert_eq!(last_before(&journal, at(200.0)), Some(at(80.0)));
        assert_eq!(last_before(&journal, at(80.0)), None);
    }
}
