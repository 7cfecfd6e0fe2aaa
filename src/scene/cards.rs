//! The cards of the regions: balancer, zones, servers, database.

use super::panels::Tone;
use super::panels::{Note, RegionCard, ServerLook, ServerView, ZoneView};
use super::scores::LONG_S;
use super::view::View;
use super::words::{inside, number, volume};
use crate::catalog;
use crate::kernel::id::{RegionId, ZoneId};
use crate::model::fault::FaultKind;
use crate::model::{BalancerKind, Target};
use crate::system::copies::COPIES;
use crate::system::database::{Database, Role, Status};
use crate::system::fleet::{Server, ServerState};
use crate::system::restore_point::RestorePoint;

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
            database_role: database_role.into(),
            database_note,
            volume,
            zones: self.zones(region, database),
            shelf,
            faults: self.region_chips(region),
        }
    }

    fn balancer(&self, region: RegionId) -> String {
        let servers =
            || self.world.system.fleets.servers.iter().filter(move |server| server.region == region);
        let known = servers().filter(|s| matches!(s.state, ServerState::Running | ServerState::Dead));
        let (known, healthy) = known.fold((0, 0), |(all, good), s| (all + 1, good + u32::from(s.healthy)));
        if !self.world.system.is_built(region) {
            let witness = self.plan.blueprint.is_witness(region);
            return if witness {
                "no servers, no load balancer"
            } else {
                "network and load balancer: only a template"
            }
            .into();
        }
        let kind = match self.plan.scenario.balancer.kind {
            BalancerKind::Application => "load balancer",
            BalancerKind::Network => "network balancer",
        };
        if self.is_dark(region) {
            return format!("{kind} · dark · {known} targets out of reach");
        }
        if known == 0 {
            return format!("{kind} · no servers behind it");
        }
        let rate: f32 =
            self.world.observer.metrics.tallies.iter().map(|tally| tally.rate_to[region.index()]).sum();
        let real = (rate * self.plan.step() as f32).round() as u64;
        // What changes comes first: the end is cut off on a narrow card.
        format!("{healthy} of {known} healthy · {}/s · {kind}", number::count(real))
    }

    fn database_role(&self, database: &Database) -> &'static str {
        if self.is_dark(database.region) {
            return match database.role {
                Role::Primary if self.is_fenced(database.region) => "fenced, dark",
                Role::Primary if self.plan.writes_everywhere() => "copy, dark",
                Role::Primary => "primary, dark",
                Role::Replica => "replica, dark",
                Role::Promoting => "promoting, dark",
                Role::Rebuilding => "rebuilding, dark",
                Role::Absent => "no database",
                Role::Witness => "witness, dark",
            };
        }
        if self.restoring_in(database.region).is_some() {
            return "restoring";
        }
        if database.unreachable.is_some() && database.role != Role::Absent {
            let shut = self.has_fault(FaultKind::SecurityGroupDatabase, Target::Region(database.region));
            return if shut { "shut off" } else { "endpoint gone" };
        }
        match (database.role, database.status) {
            (Role::Absent, _) => "no database",
            (_, Status::Down) => "database down",
            (_, Status::FailingOver) => inside::told(self.inside()).taking_over,
            (_, Status::Anew) => "instance being made anew",
            (_, Status::Restarting) => "restarting",
            (Role::Primary, Status::Up) if self.plan.writes_everywhere() => {
                if self.takes_writes(database) {
                    "takes writes"
                } else {
                    "primary"
                }
            }
            (Role::Primary, Status::Up) if self.is_fenced(database.region) => "fenced",
            (Role::Primary, Status::Up) if database.region != self.world.system.ownership.primary() => {
                "still thinks it is primary"
            }
            (Role::Primary, Status::Up) => "primary",
            (Role::Replica, Status::Up) => "replica",
            (Role::Promoting, Status::Up) => "promoting",
            (Role::Rebuilding, Status::Up) => "rebuilding",
            (Role::Witness, Status::Up) => "witness",
        }
    }

    fn takes_writes(&self, database: &Database) -> bool {
        database.writable() && !self.is_fenced(database.region)
    }

    fn database_note(&self, database: &Database) -> String {
        if let Some(run) = self.restoring_in(database.region) {
            let from = |point: RestorePoint| format!("from what was there {} ago", self.age(point.shows_us));
            return run.point.map_or_else(|| "a backup is being fetched".into(), from);
        }
        if database.role == Role::Absent {
            return "would be made from a backup".into();
        }
        if database.role == Role::Witness {
            return "votes, serves nobody".into();
        }
        if let Some(loading) = &database.loading {
            return format!("loading blocks {} %", (loading.share() * 100.0) as u32);
        }
        let lacking = database.not_copied() as u64;
        if lacking > 0 {
            return format!("{} older than the rule: not here", number::counted(lacking, "key"));
        }
        let left_out = self.world.system.left_out(self.plan, database.region) as u64;
        if left_out > 0 {
            return format!("{} not copied by the rule", number::counted(left_out, "key"));
        }
        let corrupt = database.corrupt_keys() as u64;
        if corrupt > 0 {
            return format!("{} ruined", number::counted(corrupt, "key"));
        }
        let astray = self.world.system.servers_astray(self.plan, self.now, database.region) as u64;
        if astray > 0 {
            return format!("{} with its old address", number::counted(astray, "server"));
        }
        let streams = || self.world.system.streams.iter().filter(|stream| stream.to == database.region);
        if let Some(furthest) = streams().max_by_key(|stream| self.lag_of(stream)) {
            let behind = number::count(self.real(streams().map(|stream| stream.behind() as u64).sum()));
            let Some(lag) = self.lag_of(furthest) else {
                let dead = self.dead_end(furthest).unwrap_or_default();
                return if behind == "0" {
                    format!("level; {dead}")
                } else {
                    format!("lag – · {behind} behind; {dead}")
                };
            };
            let lag =
                if lag.secs() < LONG_S { number::span(lag.secs()) } else { number::minutes(lag.secs()) };
            // Where every region does, it is the role.
            let said = !self.plan.writes_everywhere() && self.takes_writes(database);
            let writes = if said { " · takes writes" } else { "" };
            return format!("lag {lag} · {behind} behind{writes}");
        }
        if self.has_no_source(database.region) {
            return "follows nobody: as it was before another took over".into();
        }
        let stranded = self.world.observer.losses.stranded_writes();
        if database.region != self.world.system.ownership.primary() && stranded > 0 {
            return format!("{} only here", number::counted(self.real(stranded), "write"));
        }
        if let Some(leaders) = &database.leaders {
            let waits = if leaders.elects() { "a third waits for a leader" } else { "copies in three zones" };
            return waits.into();
        }
        let stand_in = inside::told(self.inside()).stand_in;
        let ready: Vec<ZoneId> = database
            .standbys
            .ready()
            .map(|standby| ZoneId { region: database.region, index: standby.zone })
            .collect();
        match ready[..] {
            [] => {
                let nobody = inside::told(self.inside()).nobody;
                let behind = database.standbys.all().iter();
                let level = behind.filter_map(|it| database.standbys.rebuilt_at(it.zone)).min();
                level.map_or(nobody.into(), |at| format!("{nobody} until {}", number::moment(at.secs())))
            }
            [zone] => format!("{stand_in} in {} in step", self.plan.zone_code(zone)),
            [..] => format!("{} {stand_in}s in step", ready.len()),
        }
    }

    /// How often the cache in front of a region's table has answered.
    fn item_cache(&self, database: &Database) -> Option<Note> {
        let hits = self.world.system.cache_hits(self.plan, database.region)?;
        let (text, hint) = volume::cache(hits);
        (!self.is_dark(database.region)).then_some(Note { text, hint, tone: Tone::Plain })
    }

    /// The copies of the volume that a region's data lie in.
    fn volume(&self, database: &Database) -> Option<Note> {
        let copies = database.copies.as_ref()?;
        let there = !matches!(database.role, Role::Absent | Role::Witness) && !self.is_dark(database.region);
        let well = copies.well();
        let units = database.capacity.as_ref().map(|it| it.acus);
        let (mut text, mut hint) = (volume::marks(copies), volume::does(well));
        if let Some(units) = units {
            // There is no room for both beside a long note: a whole volume is no news.
            let whole = well == COPIES;
            text = if whole { format!("{units:.1} ACU") } else { format!("{text} {units:.1} ACU") };
            hint = format!("{hint}; the instance has {units:.1} capacity units");
        }
        let note = Note { text, hint, tone: volume::tone(well) };
        there.then_some(note)
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
