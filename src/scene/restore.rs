//! Moments that a database can be restored to, and what each of them costs.

use super::panels::Action;
use super::view::View;
use super::words::number;
use crate::app::Msg;
use crate::kernel::clock::SimTime;
use crate::kernel::id::RegionId;
use crate::system::backups::Backups;
use crate::system::restore_point::RestorePoint;

/// The most moments that are offered.
const MOST: usize = 7;

impl View<'_> {
    /// What is in the database of the acting region cannot be used, or soon will not be.
    pub(super) fn is_ruined(&self) -> bool {
        let ruins = self.world.system.faults.iter().any(|active| active.fault.kind().corrupts());
        ruins || self.world.system.databases[self.world.system.ownership.primary().index()].corrupt_keys() > 0
    }

    /// The newest good moment, then each snapshot that is at hand: where the data is ruined and a restore can begin.
    pub(super) fn restore_points(&self) -> Vec<Action> {
        let ownership = &self.world.system.ownership;
        let region = self.world.system.restores_in(self.plan, ownership.primary());
        let at_work = ownership.takes(region, ownership.partition_of_region(region)) && !self.is_dark(region);
        let free = self.world.operations.acting(self.plan).is_none_or(|run| run.is_tried(self.plan));
        if !(at_work && free && self.is_ruined()) {
            return Vec::new();
        }
        let code = self.code(region);
        let best = self.world.system.best_point(region, None, self.now);
        let newest = best.map(|point| self.restore_action(point, "newest-good", format!("restore={code}")));
        let held =
            |snapshot: &&crate::system::backups::Snapshot| Backups::held_in(snapshot, region).is_some();
        let snapshots = self.world.system.backups.shelf.iter().rev().filter(held).filter_map(|snapshot| {
            // The first whole second that has the snapshot.
            let second = -(-snapshot.shows_us).div_euclid(1_000_000);
            let point = self.world.system.best_point(region, Some(snapshot.shows_us), self.now)?;
            let slug = format!("snapshot-{}", snapshot.id + 1);
            Some(self.restore_action(point, &slug, format!("restore={code}@{second}")))
        });
        newest.into_iter().chain(snapshots).take(MOST).collect()
    }

    fn restore_action(&self, point: RestorePoint, slug: &str, order: String) -> Action {
        let shows_s = point.shows_us as f64 / 1e6;
        let moment = number::moment(shows_s);
        let label = if slug == "newest-good" {
            let by_log = if point.by_log { ", by the log" } else { "" };
            format!("To {moment}: the newest good moment{by_log}")
        } else {
            format!("To {moment}: a snapshot of {} ago", self.age(point.shows_us))
        };
        let ledger = &self.world.observer.ledger;
        let shown = ledger.until(SimTime::from_micros(u64::try_from(point.shows_us).unwrap_or_default()));
        let gone = ledger.len().saturating_sub(if point.shows_us > 0 { shown } else { 0 })
            + u64::from(Backups::writes_before(self.plan, point.shows_us));
        let ruined = self.world.observer.incidents.iter().any(|incident| {
            let ruins = incident.fault().is_some_and(|fault| fault.kind().corrupts());
            ruins && incident.restored.is_none() && incident.at.micros() as i64 <= point.shows_us
        });
        let ruined = if ruined { " But what it shows was ruined already." } else { "" };
        Action {
            label,
            hint: format!(
                "Loses the last {}: about {}.{ruined}",
                number::span(self.now.secs() - shows_s),
                number::counted(self.real(gone), "write")
            ),
            msg: Msg::Ordered(order),
            slug: slug.into(),
        }
    }

    /// What following a copy does not help against, and what does, for headlines.
    pub(super) fn ruin_sentence(&self, region: RegionId) -> String {
        if self.world.system.is_deleted(region) {
            return "Health checks see nothing: every server answers. But the database has been deleted. Only a restore brings it back."
                .into();
        }
        let corrupt = self.world.system.databases[region.index()].corrupt_keys();
        let copies = self.world.system.streams.iter().filter(|stream| stream.from == region).count();
        let copied = if copies > 0 { " Replication has carried it into every copy." } else { "" };
        format!(
            "Health checks see nothing: every server answers. But {} cannot be used.{copied} Only a restore brings back what was good.",
            number::counted(corrupt as u64, "key")
        )
    }
}
