//! What a region has and lacks: short words, and the backups that are in it.

use super::Tone;

/// A short word about a region, with a sentence for who asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// "no image".
    pub text: String,
    /// "The machine image is not here: no server can be launched until it has been copied."
    pub hint: String,
    /// How it is doing.
    pub tone: Tone,
}

/// The backups in a region, newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Shelf {
    /// "Snapshots", or "Copies" where they came from another region.
    pub name: &'static str,
    /// At most a handful.
    pub boxes: Vec<SnapshotBox>,
    /// "log to 3 min ago", or what is wrong: "nothing is backed up".
    pub note: String,
    /// Whether whoever holds the account's keys cannot delete them; `None` where there is nothing to delete.
    pub locked: Option<bool>,
    /// The whole shelf in a sentence; empty where the region has none.
    pub label: String,
    /// How it is doing.
    pub tone: Tone,
}

/// A snapshot on the shelf.
#[derive(Clone, Debug, PartialEq)]
pub struct SnapshotBox {
    /// Its number.
    pub id: u16,
    /// How old what it shows is: "12 min", "4.2 h"; while it comes how far it is: "copying 40 %".
    pub text: String,
    /// "Snapshot 12, taken 4.2 h ago; here and whole."
    pub hint: String,
    /// How it is drawn.
    pub look: SnapshotLook,
    /// How much of it is there, in percent.
    pub percent: u8,
}

/// How a snapshot is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnapshotLook {
    /// It is there: filled.
    Whole,
    /// It is being taken or copied: a box that fills.
    Coming,
    /// Its copy stands still: a broken outline.
    Stalled,
}
