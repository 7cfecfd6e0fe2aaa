//! The cards of the regions: balancer, zones, servers, database.

use super::panels::{RegionCard, ServerLook, ServerView, Tone, ZoneView};
use super::text::number;
use super::view::View;
use crate::catalog;
use crate::sim::database::{Database, Role, Status};
use crate::sim::fleet::{Server, ServerState};
use crate::sim::id::{RegionId, ZoneId};
use crate::sim::recovery::Stage;

impl View<'_> {
    /// One card per region, in scenario order.
    pub(super) fn region_cards(&self) -> Vec<RegionCard> {
        self.plan.region_ids().map(|region| self.region_card(region)).collect()
    }

    fn region_card(&self, region: RegionId) -> RegionCard {
        let code = self.code(region);
        let name = catalog::region(code).map_or(code, |known| known.place());
        let (state, tone) = self.region_state(region);
        let database = &self.world.databases[region.index()];
        let (balancer, database_role) = (self.balancer(region), self.database_role(database));
        let database_note = self.database_note(database);
        RegionCard {
            index: region.index(),
            code: code.into(),
            name: name.into(),
            label: format!(
                "{code}, {name}: {state}. {balancer}. Database: {database_role}, {database_note}."
            ),
            state: state.into(),
            tone,
            dark: self.is_dark(region),
            balancer,
            version: self.plan.scenario.regions[region.index()].version.clone(),
            database_role: database_role.into(),
            database_note,
            zones: self.zones(region, database),
            faults: self.region_chips(region),
        }
    }

    /// How a region is doing, in a word or two.
    pub(super) fn region_state(&self, region: RegionId) -> (&'static str, Tone) {
        let world = self.world;
        let recovery = &world.recovery;
        let fleet = &world.fleets.regions[region.index()];
        let database = &world.databases[region.index()];
        let without_power = world.zones_dark[region.index()].iter().any(|dark| *dark);
        let grey = world.zones_grey[region.index()].iter().any(|grey| *grey);
        if self.is_dark(region) {
            ("region down", Tone::Bad)
        } else if recovery.stage == Stage::FailingOver && recovery.to == region && world.acting != region {
            ("taking over", Tone::Warning)
        } else if recovery.stage == Stage::FailingBack && recovery.to == region {
            ("coming back", Tone::Warning)
        } else if fleet.bad_deploy {
            ("bad version", Tone::Bad)
        } else if self.is_crowded(region) {
            ("overloaded", Tone::Bad)
        } else if without_power {
            ("zone without power", Tone::Warning)
        } else if grey {
            ("grey zone", Tone::Warning)
        } else if database.status != Status::Up {
            ("database down", Tone::Warning)
        } else if world.acting == region {
            ("serving", Tone::Good)
        } else if world.recovery.to_be_fenced == Some(region) {
            ("does not know it yet", Tone::Warning)
        } else if database.role == Role::Replica {
            ("standing by", Tone::Plain)
        } else {
            ("out of service", Tone::Warning)
        }
    }

    fn balancer(&self, region: RegionId) -> String {
        let servers = || self.world.fleets.servers.iter().filter(move |server| server.region == region);
        let known = servers().filter(|s| matches!(s.state, ServerState::Running | ServerState::Dead));
        let (known, healthy) = known.fold((0, 0), |(all, good), s| (all + 1, good + u32::from(s.healthy)));
        if self.is_dark(region) {
            return format!("load balancer · dark · {} targets out of reach", known);
        }
        let rate: f32 = self.world.metrics.tallies.iter().map(|tally| tally.rate_to[region.index()]).sum();
        let real = (rate * self.plan.scenario.weight as f32).round() as u64;
        format!("load balancer · {healthy} of {known} targets healthy · {} requests/s", number::count(real))
    }

    fn database_role(&self, database: &Database) -> &'static str {
        if self.is_dark(database.region) {
            return match database.role {
                Role::Primary => "primary, dark",
                Role::Replica => "replica, dark",
                Role::Promoting => "promoting, dark",
                Role::Fenced => "fenced, dark",
                Role::Rebuilding => "rebuilding, dark",
                Role::Absent => "no database",
            };
        }
        match (database.role, database.status) {
            (Role::Absent, _) => "no database",
            (_, Status::Down) => "database down",
            (_, Status::FailingOver) => "standby taking over",
            (_, Status::Restarting) => "restarting",
            (Role::Primary, Status::Up) if database.region != self.world.acting => {
                "still thinks it is primary"
            }
            (Role::Primary, Status::Up) => "primary",
            (Role::Replica, Status::Up) => "replica",
            (Role::Promoting, Status::Up) => "promoting",
            (Role::Fenced, Status::Up) => "fenced",
            (Role::Rebuilding, Status::Up) => "rebuilding",
        }
    }

    fn database_note(&self, database: &Database) -> String {
        let stream = self.world.stream().filter(|stream| stream.to == database.region);
        if let Some(stream) = stream {
            let lag = number::span(stream.lag(self.now).secs());
            let behind = number::counted(stream.behind() as u64, "write");
            return format!("lag {lag} · {behind} behind");
        }
        let stranded = self.world.recovery.stranded.len() as u64;
        if database.region != self.world.acting && stranded > 0 {
            return format!("{} only here", number::counted(stranded, "write"));
        }
        if database.standby_ready {
            let zone = ZoneId { region: database.region, index: database.standby_zone };
            return format!("standby in {} in step", self.plan.zone_code(zone));
        }
        "no standby".into()
    }

    fn zones(&self, region: RegionId, database: &Database) -> Vec<ZoneView> {
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
    pub(super) fn planned_servers(&self, region: RegionId) -> usize {
        let scenario = &self.plan.scenario;
        let own = scenario.regions[region.index()].servers;
        let planned = if region == RegionId(1) { own.max(scenario.recovery.servers) } else { own };
        planned.max(self.world.fleets.regions[region.index()].desired.into()) as usize
    }

    fn zone(&self, zone: ZoneId, database: &Database) -> ZoneView {
        let (region, index) = (zone.region.index(), zone.index as usize);
        let here = |server: &&Server| server.region == zone.region && server.zone == zone.index;
        let there = |server: &&Server| server.state != ServerState::Off;
        let standby = database.standby_ready && database.standby_zone == zone.index;
        let holds = if database.zone == zone.index {
            role_word(database.role)
        } else if standby && database.role != Role::Absent {
            "standby"
        } else {
            ""
        };
        ZoneView {
            letter: (b'a' + zone.index) as char,
            code: self.plan.zone_code(zone),
            dark: self.world.zones_dark[region][index] || self.world.dark[region],
            grey: self.world.zones_grey[region][index],
            servers: self
                .world
                .fleets
                .servers
                .iter()
                .filter(here)
                .filter(there)
                .map(|s| self.server(s))
                .collect(),
            database: holds.into(),
            grid: (!holds.is_empty()).then_some(region),
            faults: self.zone_chips(zone),
        }
    }

    fn server(&self, server: &Server) -> ServerView {
        let slots = self.plan.slots();
        let full = server.busy >= slots && server.queue.len() >= self.plan.queue_places();
        let state = match server.state {
            ServerState::Off => ServerLook::Off,
            ServerState::Booting => ServerLook::Booting,
            ServerState::Dead => ServerLook::Dead,
            ServerState::Running if full => ServerLook::Full,
            ServerState::Running if server.healthy => ServerLook::Serving,
            ServerState::Running => ServerLook::Unhealthy,
        };
        let percent = u32::from(server.busy) * 100 / u32::from(slots.max(1));
        ServerView { state, load_percent: percent.min(100) as u8 }
    }
}

const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Primary => "primary",
        Role::Replica => "replica",
        Role::Promoting => "replica → primary",
        Role::Fenced => "fenced",
        Role::Rebuilding => "rebuilding",
        Role::Absent => "",
    }
}
