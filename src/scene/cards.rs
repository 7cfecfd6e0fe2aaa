//! The cards of the regions: what parts there are, and how the region is doing.

use super::panels::RegionCard;
use super::view::View;
use crate::catalog;
use crate::kernel::id::RegionId;
use crate::system::database::Role;

impl View<'_> {
    /// One card per region, in scenario order.
    pub(super) fn region_cards(&self) -> Vec<RegionCard> {
        self.plan.region_ids().map(|region| self.region_card(region)).collect()
    }

    fn region_card(&self, region: RegionId) -> RegionCard {
        let code = self.code(region);
        let name = catalog::region(code).map_or(code, |known| known.place());
        let (state, tone) = self.region_state(region);
        let database = &self.world.system.databases[region.index()];
        let (balancer, database_role) = (self.balancer(region), self.database_role(database));
        let (database_note, notes) = (self.database_note(database), self.notes(region));
        let (shelf, volume) =
            (self.shelf(region), self.volume(database).or_else(|| self.item_cache(database)));
        let said: String = notes.iter().map(|note| format!(", {}", note.text)).collect();
        let mut about = if database_note.is_empty() { String::new() } else { format!(", {database_note}") };
        if let Some(volume) = &volume {
            about = format!("{about}; {}", volume.hint);
        }
        let queue = self.queue_line(region);
        let waits = queue.as_ref().map_or(String::new(), |queue| format!(" Queue: {}.", queue.text));
        let controller = self.controller_line(region);
        let watch =
            controller.as_ref().map_or(String::new(), |line| format!(" Failover controller: {}.", line.text));
        let kept = if shelf.label.is_empty() { String::new() } else { format!(" {}.", shelf.label) };
        RegionCard {
            index: region.index(),
            code: code.into(),
            name: name.into(),
            label: format!(
                "{code}, {name}: {state}. {balancer}{said}.{waits} Database: {database_role}{about}.{watch}{kept}"
            ),
            state: state.into(),
            tone,
            dark: self.is_dark(region),
            built: self.world.system.is_built(region),
            balancer,
            notes,
            queue,
            controller,
            engine: (database.role != Role::Absent).then_some(self.plan.scenario.database.engine),
            database_role: database_role.into(),
            database_note,
            volume,
            zones: self.zones(region, database),
            shelf,
            faults: self.region_chips(region),
        }
    }
}
