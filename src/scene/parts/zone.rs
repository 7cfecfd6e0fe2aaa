//! A zone on the card of its region, and the servers in it.

use crate::kernel::id::{RegionId, ZoneId};
use crate::scene::panels::FaultChip;
use crate::scene::parts::inside;
use crate::scene::view::View;
use crate::system::database::{Database, Role};
use crate::system::fleet::{Server, ServerState};

/// A zone in a card.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneView {
    /// "a".
    pub letter: char,
    /// "us-east-1a".
    pub code: String,
    /// Lost power.
    pub dark: bool,
    /// Slow and half failing.
    pub grey: bool,
    /// Servers in the zone, outlines included.
    pub servers: Vec<ServerView>,
    /// What of the database is here: "primary", "standby", "replica", or empty.
    pub database: String,
    /// What stands beside its servers: "primary", "no copy", "no power", "template".
    pub note: &'static str,
    /// The key grid that is drawn here, an index into [`super::Motion::grids`].
    pub grid: Option<usize>,
    /// What can be broken or mended here.
    pub faults: Vec<FaultChip>,
}

/// A server in a zone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ServerView {
    /// What it is doing.
    pub state: ServerLook,
    /// Share of its slots in use, 0 to 100.
    pub load_percent: u8,
}

/// How a server is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerLook {
    /// Serving: filled.
    Serving,
    /// Running, but the balancer does not trust it (yet): half filled.
    Unhealthy,
    /// Launching or booting: dashed outline.
    Booting,
    /// Full and refusing: filled, warning.
    Full,
    /// Without power or crashed: red outline.
    Dead,
    /// Not there, but would be after a scale-out: faint outline.
    Off,
}

impl View<'_> {
    /// The zones of a region.
    pub(in crate::scene) fn zones(&self, region: RegionId, database: &Database) -> Vec<ZoneView> {
        let ids = (0..self.plan.zones(region)).map(|index| ZoneId { region, index });
        let mut zones: Vec<ZoneView> = ids.map(|zone| self.zone(zone, database)).collect();
        // Servers that would be there after a scale-out, spread as Auto Scaling would.
        let there: usize = zones.iter().map(|zone| zone.servers.len()).sum();
        for _ in there..self.planned_servers(region) {
            if let Some(least) = zones.iter_mut().min_by_key(|zone| zone.servers.len()) {
                least.servers.push(ServerView { state: ServerLook::Off, load_percent: 0 });
            }
        }
        zones
    }

    /// Servers that a region runs or would run in a disaster.
    pub(in crate::scene) fn planned_servers(&self, region: RegionId) -> usize {
        let scenario = &self.plan.scenario;
        let own = scenario.regions[region.index()].servers;
        let planned = if self.plan.blueprint.recovery() == Some(region) {
            own.max(scenario.recovery.servers)
        } else {
            own
        };
        planned.max(self.world.system.fleets.regions[region.index()].desired.into()) as usize
    }

    fn zone(&self, zone: ZoneId, database: &Database) -> ZoneView {
        let (region, index) = (zone.region.index(), zone.index as usize);
        let here = |server: &&Server| server.region == zone.region && server.zone == zone.index;
        let there = |server: &&Server| server.state != ServerState::Off;
        let standby = database.standbys.ready().any(|standby| standby.zone == zone.index);
        let spread = database.leaders.is_some() && !matches!(database.role, Role::Absent | Role::Witness);
        let holds = if spread {
            "copy"
        } else if database.zone == zone.index {
            role_word(database.role)
        } else if standby && !matches!(database.role, Role::Absent | Role::Witness) {
            inside::told(self.inside()).beside
        } else {
            ""
        };
        ZoneView {
            letter: (b'a' + zone.index) as char,
            code: self.plan.zone_code(zone),
            dark: self.world.system.zones_dark[region][index] || self.world.system.dark[region],
            grey: self.world.system.zones_grey[region][index],
            servers: self
                .world
                .system
                .fleets
                .servers
                .iter()
                .filter(here)
                .filter(there)
                .map(|s| self.server(s))
                .collect(),
            database: holds.into(),
            note: self.zone_note(zone, database, holds),
            grid: (!holds.is_empty()).then_some(region),
            faults: self.zone_chips(zone),
        }
    }

    /// What stands beside the servers of a zone.
    fn zone_note(&self, zone: ZoneId, database: &Database, holds: &'static str) -> &'static str {
        let (region, index) = (zone.region.index(), zone.index as usize);
        if self.world.system.zones_dark[region][index] || self.world.system.dark[region] {
            "no power"
        } else if self.world.system.zones_grey[region][index] {
            "grey"
        } else if self.world.system.entrances[region].shift.is_some_and(|shift| shift.zone == zone.index) {
            "shifted"
        } else if !holds.is_empty() {
            holds
        } else if database.standbys.rebuilt_at(zone.index).is_some() {
            inside::told(self.inside()).behind
        } else if !self.world.system.is_built(zone.region) {
            "not built"
        } else if self.world.system.fleets.alive(zone.region) == 0 {
            "off"
        } else {
            "no copy"
        }
    }

    fn server(&self, server: &Server) -> ServerView {
        let slots = self.plan.slots;
        let full = server.busy >= slots && server.queue.len() >= self.plan.queue_places;
        let state = match server.state {
            ServerState::Off => ServerLook::Off,
            ServerState::Booting => ServerLook::Booting,
            ServerState::Dead => ServerLook::Dead,
            ServerState::Running if full => ServerLook::Full,
            ServerState::Running if server.healthy => ServerLook::Serving,
            ServerState::Running | ServerState::Draining => ServerLook::Unhealthy,
        };
        let percent = u32::from(server.busy) * 100 / u32::from(slots.max(1));
        ServerView { state, load_percent: percent.min(100) as u8 }
    }
}

const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Primary => "primary",
        Role::Replica => "replica",
        Role::Promoting => "promoting",
        Role::Rebuilding => "rebuilding",
        Role::Absent => "",
        Role::Witness => "witness",
    }
}
