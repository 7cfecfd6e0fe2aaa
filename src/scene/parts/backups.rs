//! The backups in a region: what is there, how old it is, what is on its way, and what they were used for.

use crate::kernel::id::RegionId;
use crate::scene::panels::Tone;
use crate::scene::view::View;
use crate::scene::words::{Words, number};
use crate::system::backups::{Backups, Copying, Snapshot, Worth, spans_s};

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

/// The most snapshots that are shown.
const MOST: usize = 5;

impl View<'_> {
    /// The backups in a region.
    pub(in crate::scene) fn shelf(&self, region: RegionId) -> Shelf {
        let backups = &self.world.system.backups;
        let own = backups.shelf.iter().any(|snapshot| snapshot.region == region && !snapshot.gone);
        let home = own || region == self.world.system.ownership.primary();
        let boxes: Vec<SnapshotBox> =
            backups.shelf.iter().rev().filter_map(|one| self.snapshot_box(one, region)).take(MOST).collect();
        let backup = &self.plan.scenario.backup;
        let mut shelf = Shelf {
            name: if own { "Snapshots" } else { "Copies" },
            locked: (!boxes.is_empty()).then_some(backup.locked),
            boxes,
            note: String::new(),
            label: String::new(),
            tone: Tone::Plain,
        };
        let keeper = self.plan.placement.keeper(&self.plan.blueprint);
        let sent = self.plan.vault_of(keeper) == Some(region) && backup.copies;
        if !backup.tagged {
            if home {
                shelf.note = "nothing is backed up: the tag is missing".into();
                shelf.tone = Tone::Bad;
            }
        } else if shelf.boxes.is_empty() {
            let deleted = home || sent;
            shelf.note = if deleted { "none left: they were deleted" } else { "" }.into();
            shelf.tone = Tone::Bad;
        } else if let Some(age) = self.last_good(region) {
            shelf.note = age;
            shelf.tone = Tone::Bad;
        } else if let Some(until_us) = backups.log_us[usize::from(!own)] {
            shelf.note = format!("log to {} ago", self.age(until_us));
        }
        if self.is_dark(region) && !shelf.boxes.is_empty() {
            shelf.note = "out of reach".into();
            shelf.tone = Tone::Bad;
        }
        shelf.label = label(&shelf);
        shelf
    }

    /// How old the newest snapshot in a region is from which something can be restored, if something is wrong with its backups:
    /// the job fails, or the newest one is empty.
    fn last_good(&self, region: RegionId) -> Option<String> {
        let backups = &self.world.system.backups;
        let held = || backups.shelf.iter().rev().filter(|it| Backups::held_in(it, region).is_some());
        let wrong = backups.is_failing() || held().next().is_some_and(|it| it.worth != Worth::Good);
        let good = held().find(|it| it.worth == Worth::Good);
        wrong.then(|| match good {
            Some(good) => format!("last good one {} ago", self.age(good.shows_us)),
            None => "none of them is any good".into(),
        })
    }

    /// A snapshot as it is in a region; `None` where nothing of it is there or on its way.
    fn snapshot_box(&self, snapshot: &Snapshot, region: RegionId) -> Option<SnapshotBox> {
        let age = self.age(snapshot.shows_us);
        let number = snapshot.id + 1;
        let coming = |what: &str, share: f64| {
            let percent = (share * 100.0).clamp(0.0, 99.0) as u8;
            SnapshotBox {
                id: snapshot.id,
                text: format!("{what} {percent} %"),
                hint: format!("Snapshot {number}, of {age} ago: {what}, {percent} %."),
                look: SnapshotLook::Coming,
                percent,
            }
        };
        let is_held = Backups::held_in(snapshot, region).is_some();
        let known = match snapshot.worth {
            Worth::Good => None,
            Worth::Empty => Some("nobody has noticed that it is empty"),
            Worth::FoundEmpty => Some("it was found empty"),
        };
        if let Some(known) = known.filter(|_| is_held) {
            return Some(SnapshotBox {
                id: snapshot.id,
                hint: format!("Snapshot {number}, of {age} ago: {known}."),
                text: format!("{age}, empty"),
                look: SnapshotLook::Stalled,
                percent: 0,
            });
        }
        if is_held {
            return Some(SnapshotBox {
                id: snapshot.id,
                hint: format!("Snapshot {number}, of {age} ago: whole."),
                text: age,
                look: SnapshotLook::Whole,
                percent: 100,
            });
        }
        if snapshot.region == region && snapshot.gone {
            return None;
        }
        if snapshot.region == region {
            let taken_s = self.now.secs() - snapshot.shows_us as f64 / 1e6;
            let whole_s = spans_s(self.plan, snapshot.mib).0;
            return Some(coming("taking", taken_s / whole_s.max(1.0)));
        }
        if snapshot.vault != Some(region) {
            return None;
        }
        match snapshot.copy {
            Copying::UnderWay(parts) => {
                Some(coming("copying", f64::from(parts.arrived) / f64::from(parts.all)))
            }
            Copying::Stalled(_) => Some(SnapshotBox {
                id: snapshot.id,
                text: "copy stands still".into(),
                hint: format!("Snapshot {number}, of {age} ago: its copy stands still."),
                look: SnapshotLook::Stalled,
                percent: 0,
            }),
            Copying::Never | Copying::Waits | Copying::Done(_) => None,
        }
    }

    /// How long ago a moment is, which may be before the start.
    pub(in crate::scene) fn age(&self, at_us: i64) -> String {
        number::age((self.now.micros() as i64 - at_us) as f64 / 1e6)
    }
}

/// The shelf in a sentence.
fn label(shelf: &Shelf) -> String {
    let boxes: Vec<&str> = shelf.boxes.iter().map(|one| one.text.as_str()).collect();
    let locked = match shelf.locked {
        Some(true) => ", locked",
        Some(false) => ", not locked",
        None => "",
    };
    match (boxes.is_empty(), shelf.note.is_empty()) {
        (true, true) => String::new(),
        (true, false) => format!("{}: {}", shelf.name, shelf.note),
        (false, true) => format!("{}: {}{locked}", shelf.name, boxes.join(", ")),
        (false, false) => format!("{}: {}; {}{locked}", shelf.name, boxes.join(", "), shelf.note),
    }
}

impl Words<'_> {
    pub(in crate::scene) fn copy(self, region: RegionId, snapshot: u16, did: &str) -> String {
        self.about(&format!("The copy of snapshot {}", snapshot + 1), "of", region, did)
    }

    pub(in crate::scene) fn backups_deleted(self, count: u16) -> String {
        format!("{} were deleted: their vault was not locked.", number::counted(count.into(), "snapshot"))
    }

    pub(in crate::scene) fn database_deleted(self, region: RegionId, snapshots: u16) -> String {
        let with = match snapshots {
            0 => String::new(),
            _ => format!(", and {} went with it", number::counted(snapshots.into(), "snapshot")),
        };
        self.about("The database", "in", region, &format!("was deleted with all its data{with}"))
    }

    pub(in crate::scene) fn found_empty(snapshot: u16) -> String {
        format!("Snapshot {} is empty: nothing can be restored from it.", snapshot + 1)
    }

    pub(in crate::scene) fn old_copied(self, from: RegionId, to: RegionId) -> String {
        let (from, to) = (self.plan.region_code(from), self.plan.region_code(to));
        format!("The batch job is done: {to} has the objects of {from} that the rule did not copy.")
    }

    pub(in crate::scene) fn remade(self, region: RegionId, snapshot: u16, age_s: u32, lost: u32) -> String {
        format!(
            "The database in {} was restored from snapshot {}, to {} before the failure, without {}.",
            self.plan.region_code(region),
            snapshot + 1,
            number::span(age_s.into()),
            self.writes(lost),
        )
    }
}
