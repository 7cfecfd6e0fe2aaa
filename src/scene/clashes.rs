//! Keys that two regions wrote, neither having seen the other.

use super::motion::{Clash, ClashEnd, KeyGrid};
use super::view::View;
use crate::kernel::id::RegionId;
use crate::model::Rule;
use crate::observer::collisions::Collision;
use crate::observer::ledger::Mark;

/// A collision that has ended is shown for this many seconds of real time.
const SHOWN_S: f64 = 1.5;

impl View<'_> {
    /// Marks them in every copy: as long as the regions differ, then for a moment what became of them.
    pub(super) fn clashes(&self, grids: &mut [KeyGrid]) {
        let world = self.world;
        for (key, _) in world.observer.collisions.open.iter() {
            for grid in grids.iter_mut() {
                self.mark_open(grid, key);
            }
        }
        let shown_s = SHOWN_S * self.app.playback().speed();
        for collision in &world.observer.collisions.listed {
            if self.now.since(collision.at).secs() < shown_s {
                self.mark_end(grids, collision);
            }
        }
        if self.plan.rule() == Rule::Siblings {
            for (grid, database) in grids.iter_mut().zip(&world.system.databases) {
                for (key, rivals) in database.rivals.iter() {
                    let rival = rivals.last().map_or(0, |version| version.id.region.index());
                    grid.cells[usize::from(key)].clash = Some(Clash { rival, end: ClashEnd::Kept });
                }
            }
        }
    }

    /// Another copy shows the write of another region.
    fn mark_open(&self, grid: &mut KeyGrid, key: u16) {
        let key = usize::from(key);
        let cell = &mut grid.cells[key];
        let shown =
            |region: &RegionId| self.world.system.databases[region.index()].versions[key].id.region.index();
        let rival =
            self.plan.region_ids().map(|region| shown(&region)).find(|rival| Some(*rival) != cell.writer);
        cell.clash = rival.map(|rival| Clash { rival, end: ClashEnd::Open });
    }

    /// Every copy shows the same again: the half that is not shown has been lost, kept or merged.
    fn mark_end(&self, grids: &mut [KeyGrid], collision: &Collision) {
        let ledger = &self.world.observer.ledger;
        let (Some(first), Some(second)) = (ledger.get(collision.first), ledger.get(collision.second)) else {
            return;
        };
        let has = |mark: Mark| first.mark == mark || second.mark == mark;
        let end = if has(Mark::Lost) {
            ClashEnd::Lost
        } else if has(Mark::Merged) {
            ClashEnd::Merged
        } else {
            return;
        };
        for grid in grids {
            let cell = &mut grid.cells[usize::from(collision.key)];
            let rival = if cell.writer == Some(first.region.index()) { second.region } else { first.region };
            if cell.clash.is_none() && Some(rival.index()) != cell.writer {
                cell.clash = Some(Clash { rival: rival.index(), end });
            }
        }
    }
}
