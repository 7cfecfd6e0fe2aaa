//! Copies of the data: how each stands to the data of now, and what its sound versions have seen.

use super::Observer;
use crate::kernel::id::{EntryId, RegionId};
use crate::system::database::Database;
use crate::system::image::Image;
use crate::system::version::{Content, Seen, Version};

/// How a copy stands to the data of now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is in reach, and serves, or could.
    Serves,
    /// Nothing can read it, because of this entry; nothing was put in its place.
    Unreadable(Option<EntryId>),
    /// It is in reach, and follows nobody: it ends at a moment, and a person may go on from there. What was written later has
    /// gone on without it.
    LeftBehind,
    /// A change of ownership, an index, replaced it.
    Replaced(usize),
}

/// The data of a copy.
#[derive(Clone, Copy, Debug)]
pub(super) enum Data<'a> {
    Database(&'a Database),
    Image(&'a Image),
    /// The log of a database, which has every version that it has taken in: what it has seen of each key.
    Log(&'a [Seen]),
}

/// A copy of the data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Holder<'a> {
    pub(super) standing: Standing,
    /// Where it is; what was handed over to people is nowhere.
    pub(super) region: Option<RegionId>,
    pub(super) data: Data<'a>,
    /// The moment before the start up to which it has everything, in microseconds; 0 for all of it.
    pub(super) from_us: i64,
}

fn sound<'a>(versions: impl Iterator<Item = &'a Version>) -> Seen {
    let mut seen = Seen::NOTHING;
    for version in versions.filter(|version| version.content == Content::Good) {
        seen.join(version.seen);
    }
    seen
}

impl Holder<'_> {
    /// What its sound versions under a key have seen.
    pub(super) fn has(&self, observer: &Observer, key: u16) -> Seen {
        match self.data {
            Data::Database(database) => {
                let mut seen = sound(database.all_versions(key));
                // What a quorum's copy has accepted it has, though it does not show it yet.
                if let Some(register) = database.registers.get(key) {
                    seen.join(register.shown().1.seen);
                }
                seen
            }
            Data::Image(image) => {
                let rivals = image.rivals.get(key).into_iter().flatten();
                sound(std::iter::once(&image.versions[usize::from(key)]).chain(rivals))
            }
            Data::Log(logged) => {
                let seen = logged.get(usize::from(key)).copied().unwrap_or_default();
                Seen::from_fn(|region| {
                    observer.ledger.line(seen.newest_of(region)).map_or(0, |line| line.link.sound)
                })
            }
        }
    }

    /// There is a key under which something stands that can be used.
    pub(super) fn is_sound(&self) -> bool {
        let good = |version: &Version| version.content == Content::Good;
        match self.data {
            Data::Database(database) => database.versions.iter().any(good),
            Data::Image(image) => image.versions.iter().any(good),
            // It goes on from a snapshot, which is looked at for itself.
            Data::Log(_) => false,
        }
    }
}
