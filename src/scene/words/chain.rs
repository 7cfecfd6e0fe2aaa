//! The chain of causes behind an entry of the journal.

use super::entry::Words;
use super::number;
use crate::kernel::id::EntryId;
use crate::system::entry::Entry;

/// The longest chain of causes that is told.
const LONGEST_WHY: usize = 12;

/// The chain of causes that ends in an entry, oldest first, each with its moment; a long chain keeps both ends.
pub fn why(words: Words<'_>, journal: &[Entry], last: EntryId) -> Vec<String> {
    let mut chain = Vec::new();
    let mut next = Some(last);
    while let Some(entry) = next.and_then(|id| journal.get(id.0 as usize)) {
        chain.push(format!("{} {}", number::clock_tenths(entry.at.secs()), words.sentence(&entry.what)));
        next = entry.cause;
        if chain.len() >= LONGEST_WHY {
            break;
        }
    }
    chain.reverse();
    chain
}
