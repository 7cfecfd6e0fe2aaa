//! The shelf of backups in a region's card: what is there, how old it is, and what is on its way.

use super::panels::{Shelf, SnapshotBox, SnapshotLook, Tone};
use super::view::View;
use super::words::number;
use crate::kernel::id::RegionId;
use crate::system::backups::{Backups, Copying, Snapshot, Worth, spans_s};

/// The most snapshots that are shown.
const MOST: usize = 5;

impl View<'_> {
    /// The backups in a region.
    pub(super) fn shelf(&self, region: RegionId) -> Shelf {
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
    pub(super) fn age(&self, at_us: i64) -> String {
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
