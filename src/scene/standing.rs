//! How a region stands: its state in a word or two, and short words about what it has and lacks.

use super::panels::{Note, Tone};
use super::view::View;
use super::words::launch;
use crate::kernel::id::{PopulationId, RegionId, ZoneId};
use crate::model::ScaleBy;
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::model::runbook::Action as RunbookAction;
use crate::operations::execution::{Execution, Work};
use crate::system::database::{Role, Status};
use crate::system::fleet::{Server, ServerState};
use crate::system::shift::ShiftedBy;

impl View<'_> {
    /// How a region is doing, in a word or two: what is broken first, then what is being done, then what it is for.
    pub(super) fn region_state(&self, region: RegionId) -> (&'static str, Tone) {
        if self.is_dark(region) {
            return ("region down", Tone::Bad);
        }
        let state = self.recovering_state(region).or_else(|| self.broken_state(region));
        state.unwrap_or_else(|| self.calm_state(region))
    }

    /// What the runbook does with a region.
    fn recovering_state(&self, region: RegionId) -> Option<(&'static str, Tone)> {
        let run = self.world.operations.acting(self.plan).filter(|run| run.to == region)?;
        let here = self.world.system.ownership.primary() == region;
        let word = match run.work(self.plan) {
            Work::Restore => self.restoring_in(region).map(|_| "restoring")?,
            Work::Promote if !here => "taking over",
            Work::Rebuild if !here => "being made",
            Work::Return => "coming back",
            Work::Promote | Work::Rebuild | Work::Homes | Work::Other => return None,
        };
        Some((word, Tone::Warning))
    }

    /// The execution that restores a region's database, or finds a backup for it.
    pub(super) fn restoring_in(&self, region: RegionId) -> Option<&Execution> {
        let restores = |run: &&Execution| {
            let at = |action| run.is_at(self.plan, action);
            run.acts && run.to == region && (at(RunbookAction::Restore) || at(RunbookAction::FetchBackup))
        };
        self.world.operations.executions.iter().find(restores)
    }

    /// What is broken in a region.
    fn broken_state(&self, region: RegionId) -> Option<(&'static str, Tone)> {
        let world = self.world;
        let fleet = &world.system.fleets.regions[region.index()];
        let database = &world.system.databases[region.index()];
        let any = |zones: &[Vec<bool>]| zones[region.index()].iter().any(|so| *so);
        Some(if fleet.bad_deploy || fleet.release.fails > 0.0 || fleet.release.rubbish {
            ("bad version", Tone::Bad)
        } else if database.role != Role::Absent && database.corrupt_keys() > 0 {
            ("data ruined", Tone::Bad)
        } else if database.unreachable.is_some() {
            // What waits for it in vain crowds the servers: the cause is said and not what follows from it.
            ("endpoint gone", Tone::Bad)
        } else if self.is_crowded(region) {
            ("overloaded", Tone::Bad)
        } else if any(&world.system.zones_dark) {
            ("zone without power", Tone::Warning)
        } else if world.system.zones_grey[region.index()].iter().all(|grey| *grey) {
            ("grey", Tone::Warning)
        } else if any(&world.system.zones_grey) {
            ("grey zone", Tone::Warning)
        } else if database.status != Status::Up && database.role != Role::Absent {
            ("database down", Tone::Warning)
        } else {
            return None;
        })
    }

    /// What a region is for, where nothing is wrong.
    fn calm_state(&self, region: RegionId) -> (&'static str, Tone) {
        let world = self.world;
        let database = &world.system.databases[region.index()];
        if self.plan.blueprint.is_witness(region) {
            ("witness", Tone::Plain)
        } else if world.system.ownership.primary() == region
            || (database.role == Role::Primary && self.plan.writes_everywhere())
        {
            let missing = self.all_missing();
            if missing.missing() > 0 || missing.everything {
                ("lacks writes", Tone::Warning)
            } else if world.system.streams.iter().any(|it| it.to == region && self.is_late(it)) {
                ("behind", Tone::Warning)
            } else {
                ("serving", Tone::Good)
            }
        } else if world.system.is_unaware(self.plan, region) {
            ("does not know it yet", Tone::Warning)
        } else if !world.system.is_built(region) {
            ("not built", Tone::Plain)
        } else if self.has_no_source(region) {
            ("follows nobody", Tone::Warning)
        } else if database.role == Role::Replica && world.system.fleets.alive(region) == 0 {
            ("servers off", Tone::Plain)
        } else if database.role == Role::Replica {
            ("standing by", Tone::Plain)
        } else if database.role == Role::Rebuilding {
            ("copying data", Tone::Warning)
        } else {
            ("out of service", Tone::Warning)
        }
    }

    /// Whether a region is the primary's, or was, and has heard that it may not take writes.
    pub(super) fn is_fenced(&self, region: RegionId) -> bool {
        let system = &self.world.system;
        let primary = system.databases[region.index()].is_primary();
        primary && !self.plan.writes_everywhere() && !system.ownership.takes(region, 0)
    }

    /// Whether a region has a replica that follows nobody: another than its source has become the primary.
    pub(super) fn has_no_source(&self, region: RegionId) -> bool {
        let system = &self.world.system;
        system.databases[region.index()].role == Role::Replica && system.stream_to(region).is_none()
    }

    /// Short words about what a region has and lacks.
    pub(super) fn notes(&self, region: RegionId) -> Vec<Note> {
        let world = self.world;
        let fleet = &world.system.fleets.regions[region.index()];
        let settings = &self.plan.scenario.regions[region.index()];
        let note = |text: String, hint: &str, tone| Note { text, hint: hint.into(), tone };
        let mut notes = Vec::new();
        if self.has_fault(FaultKind::ControlPlane, Target::Region(region)) {
            let hint = "Calls that make or change something here are not answered. What runs goes on.";
            notes.push(note("control plane down".into(), hint, Tone::Bad));
        }
        if self.plan.blueprint.is_witness(region) {
            return notes;
        }
        if !settings.templates && !world.system.is_built(region) {
            let hint = "The templates cannot be read here: nothing can be made.";
            notes.push(note("no templates".into(), hint, Tone::Bad));
        }
        let wanted = self.planned_servers(region);
        if (fleet.quota as usize) < wanted {
            let hint = "The account may not run as many servers here as the recovery wants.";
            notes.push(note(format!("quota {} of {wanted}", fleet.quota), hint, Tone::Warning));
        }
        notes.extend(self.entrance_notes(region));
        notes.extend(self.breaker_note(region));
        if !self.is_dark(region) {
            notes.push(self.version_note(region));
            notes.extend(self.scaling_note(region));
        }
        notes
    }

    /// That traffic is kept from a zone, and that addresses of the balancer lead nowhere.
    fn entrance_notes(&self, region: RegionId) -> Vec<Note> {
        let entrance = &self.world.system.entrances[region.index()];
        let code = |index| self.plan.zone_code(ZoneId { region, index });
        let mut notes = Vec::new();
        if let Some(shift) = entrance.shift {
            let what = if shift.by == ShiftedBy::Practice { "practice without" } else { "shifted away from" };
            let hint = "Its address is not given out, and its servers get no requests.".into();
            notes.push(Note { text: format!("{what} {}", code(shift.zone)), hint, tone: Tone::Warning });
        }
        let given =
            "Whoever connects there waits in vain, until the balancer's name does not give it out any more.";
        let held = "The balancer's name does not give it out any more; resolvers may still do.";
        for zone in (0..self.plan.zones(region)).filter(|zone| entrance.dead >> zone & 1 == 1) {
            let listed = entrance.unlisted >> zone & 1 == 0;
            let (hint, tone) = if listed { (given, Tone::Bad) } else { (held, Tone::Warning) };
            match notes.last_mut() {
                // Of several the worst hint stands.
                Some(note) if note.text.ends_with("dead") => {
                    note.text =
                        format!("{}, {} dead", &note.text[..note.text.len() - 5], (b'a' + zone) as char);
                    if listed {
                        (note.hint, note.tone) = (hint.into(), tone);
                    }
                }
                _ => notes.push(Note {
                    text: format!("address in {} dead", code(zone)),
                    hint: hint.into(),
                    tone,
                }),
            }
        }
        notes
    }

    /// That clients of some cities do not ask the region, because too many of their attempts have failed.
    fn breaker_note(&self, region: RegionId) -> Option<Note> {
        let clients = &self.world.system.clients;
        let cities = (0..self.plan.populations()).map(|index| PopulationId(index as u8));
        let open = |city: &PopulationId| clients.breakers.open(*city).any(|it| it == region);
        let open = cities.filter(open).count() as u64;
        let people = if open == 1 { "city" } else { "cities" };
        (open > 0).then(|| Note {
            text: format!("breakers open: {open} {people}"),
            hint: "Their clients fail at once and ask the region no more, but for a trial now and then."
                .into(),
            tone: Tone::Warning,
        })
    }

    /// What Auto Scaling goes by, if that is not the use of slots, and how many servers are being taken out.
    fn scaling_note(&self, region: RegionId) -> Option<Note> {
        let fleets = &self.world.system.fleets;
        let by = self.plan.scenario.servers.scale_by;
        let drains = |it: &&Server| it.region == region && it.state == ServerState::Draining;
        let draining = fleets.servers.iter().filter(drains).count() as u64;
        let there = by != ScaleBy::Slots && fleets.alive(region) > 0;
        let metric = by.metrics().first().filter(|_| there);
        let shows = metric
            .map(|metric| launch::in_short(*metric, fleets.regions[region.index()].scaling.shows(*metric)));
        let parts = [shows, (draining > 0).then(|| format!("{draining} draining"))];
        let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let tone = if draining > 0 { Tone::Warning } else { Tone::Plain };
        (!text.is_empty()).then(|| Note { text, hint: launch::goes_by(by).into(), tone })
    }

    /// The version of the application, and whether it can be launched.
    fn version_note(&self, region: RegionId) -> Note {
        let fleet = &self.world.system.fleets.regions[region.index()];
        let newest = self.world.system.fleets.regions[self.world.system.ownership.primary().index()].version;
        let only_image = if self.world.system.fleets.alive(region) == 0 { "image " } else { "" };
        let (text, hint, tone) = if !fleet.image {
            (
                "no image".into(),
                "The machine image is not here: no server can be launched until it is copied.",
                Tone::Bad,
            )
        } else if fleet.version < newest {
            (
                format!("{only_image}v{}, old", fleet.version),
                "An older version than the primary's: it cannot read what newer ones wrote.",
                Tone::Warning,
            )
        } else if let Some(release) = fleet.release.release {
            let name = self.plan.release_name(release);
            (format!("{only_image}{name}"), "The release that was deployed here.", Tone::Muted)
        } else {
            (format!("{only_image}v{}", fleet.version), "The version of the application.", Tone::Muted)
        };
        Note { text, hint: hint.into(), tone }
    }
}
