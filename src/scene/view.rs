//! What the scene is made from: the app's state at the moment shown, with the journal and samples up to it.

use super::words::Words;
use super::words::fault::{self, Felt};
use crate::app::App;
use crate::catalog;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, RegionId};
use crate::model::Inside;
use crate::model::aim::Target;
use crate::model::command::Command;
use crate::model::fault::{Fault, FaultKind};
use crate::model::plan::{Plan, Site};
use crate::observer::incident::Incident;
use crate::run::world::World;
use crate::system::context::Sample;
use crate::system::database::Status;
use crate::system::entry::Entry;
use crate::system::stream::{Commit, Replication};

/// A fault that hurts is felt within this many seconds.
const SOON_S: f64 = 12.0;
/// Requests fail if fewer than this share of them were served …
const FAILING: f64 = 0.95;
/// … in so many seconds.
const LATELY_S: usize = 10;
/// A copy that is further behind than this, in seconds, is late.
pub(super) const LATE_S: f64 = 2.0;
/// Use of the slots above which a fleet is called full.
const CROWDED: f64 = 0.9;

/// The app's state, looked at.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) app: &'a App,
    pub(super) plan: &'a Plan,
    pub(super) world: &'a World,
    /// Entries up to the moment shown.
    pub(super) journal: &'a [Entry],
    /// Samples up to the moment shown.
    pub(super) samples: &'a [Sample],
    /// The moment shown.
    pub(super) now: SimTime,
    pub(super) words: Words<'a>,
}

impl<'a> View<'a> {
    /// What the database is inside its region.
    pub(super) fn inside(&self) -> Inside {
        self.plan.scenario.database.form().inside
    }

    /// Looks at the app.
    pub(super) fn of(app: &'a App) -> Self {
        let history = app.history();
        let (simulation, record) = (history.shown(), history.record());
        let now = simulation.now();
        let journal = &record.journal[..record.journal.partition_point(|entry| entry.at <= now)];
        let samples = &record.samples[..record.samples.partition_point(|sample| sample.at <= now)];
        let (plan, world) = (simulation.plan(), simulation.world());
        Self {
            app,
            plan,
            world,
            journal,
            samples,
            now,
            words: Words { plan, lost: &world.observer.losses.named },
        }
    }

    /// Whether a fault is in force.
    pub(super) fn is_active(&self, fault: Fault) -> bool {
        self.world.system.is_in_force(fault)
    }

    /// Whether a fault of this kind is in force at this target.
    pub(super) fn has_fault(&self, kind: FaultKind, target: Target) -> bool {
        self.world.system.has_fault(kind, target)
    }

    /// Whether a region is dark.
    pub(super) fn is_dark(&self, region: RegionId) -> bool {
        self.world.system.dark[region.index()]
    }

    /// The incident that the page tells about.
    pub(super) fn incident(&self) -> Option<&'a Incident> {
        self.shown_incident().map(|index| &self.world.observer.incidents[index])
    }

    /// Its place in the list: the one that was chosen, else the last one with a step under way, else the last one that hurts
    /// clients now, else the last one that is not over, else the last one.
    pub(super) fn shown_incident(&self) -> Option<usize> {
        let incidents = &self.world.observer.incidents;
        let chosen = self.app.chosen_incident().filter(|index| *index < incidents.len());
        let busy =
            |incident: &Incident| incident.steps.iter().any(|step| step.end.is_none() && !step.blocked);
        let open = |incident: &Incident| incident.restored.is_none();
        let found = chosen.or_else(|| incidents.iter().rposition(busy));
        let found = found.or_else(|| incidents.iter().rposition(|incident| incident.rto.is_none()));
        found.or_else(|| incidents.iter().rposition(open)).or(incidents.len().checked_sub(1))
    }

    /// Whether an acknowledged write can have gone missing.
    pub(super) fn may_lose(&self) -> bool {
        self.world.observer.may_lose()
    }

    /// Whether each request that is simulated is a real one, so that a single write can be named and a time to answer told.
    pub(super) fn is_fine(&self) -> bool {
        self.plan.step() == 1
    }

    /// Requests fail just now, or all of them wait.
    pub(super) fn is_failing(&self) -> bool {
        self.served_lately(LATELY_S).is_none_or(|share| share < FAILING)
    }

    /// How far a copy is behind its source; `None` if one of them is dead: what stands still has no lag, it only lacks writes.
    pub(super) fn lag_of(&self, stream: &Replication) -> Option<SimDuration> {
        self.dead_end(stream).is_none().then(|| stream.lag(self.now))
    }

    /// Which end of a stream is dead, in words: "us-east-1 is down".
    pub(super) fn dead_end(&self, stream: &Replication) -> Option<String> {
        let down = |region: RegionId| self.world.system.databases[region.index()].status != Status::Up;
        [stream.from, stream.to].into_iter().find_map(|region| match self.is_dark(region) {
            true => Some(format!("{} is down", self.code(region))),
            false => down(region).then(|| format!("the database in {} is down", self.code(region))),
        })
    }

    /// The first copy that lacks more than what is always on its way.
    pub(super) fn late(&self) -> Option<&'a Replication> {
        self.world.system.streams.iter().find(|stream| self.is_late(stream))
    }

    /// Whether a copy lacks more than what is always on its way.
    pub(super) fn is_late(&self, stream: &Replication) -> bool {
        stream.behind() > 0 && self.lag_of(stream).is_none_or(|lag| lag.secs() > LATE_S)
    }

    /// Whether an incident hurts clients, or is so young and of a kind that it is about to: then its time counts.
    pub(super) fn counts(&self, incident: &Incident) -> bool {
        let young = self.now.since(incident.at).secs() < SOON_S;
        let about_to = young
            && match incident.command() {
                None => true,
                Some(Command::Inject(broken)) => match fault::row(broken.kind()).felt {
                    Felt::Always => true,
                    Felt::IfActing => broken.region() == Some(self.world.system.ownership.primary()),
                    Felt::NotAlone => false,
                },
                Some(Command::Restore(..) | Command::FailOver(_) | Command::FailBack) => true,
                Some(
                    Command::RaiseQuota(_)
                    | Command::Redrive(_)
                    | Command::NewInstance(_)
                    | Command::Snapshot(_)
                    | Command::BatchReplicate(_)
                    | Command::Reboot(_)
                    | Command::ChangeInstances(_)
                    | Command::ZonalShift(_)
                    | Command::EndZonalShift(_)
                    | Command::RestartClients
                    | Command::RestartCity(_)
                    | Command::PracticeRun(_)
                    | Command::MoveHome(..)
                    | Command::Travel(..)
                    | Command::Write(..)
                    | Command::Clear(_)
                    | Command::Decide(_)
                    | Command::Evacuate(_)
                    | Command::CallOff
                    | Command::RoutingControl(..)
                    | Command::RollBack(_)
                    | Command::Deploy(_)
                    | Command::Run(..),
                ) => false,
            };
        about_to || was_hurt_by(incident)
    }

    /// Whether the servers of a region are full, and not only one of them by chance.
    pub(super) fn is_crowded(&self, region: RegionId) -> bool {
        let fleet = &self.world.system.fleets.regions[region.index()];
        fleet.overload.is_full() && fleet.scaling.used > CROWDED && !self.is_dark(region)
    }

    /// "us-east-1".
    pub(super) fn code(&self, region: RegionId) -> &'a str {
        self.plan.region_code(region)
    }

    /// The share of everybody's requests that was served in the last so many seconds.
    pub(super) fn served_lately(&self, seconds: usize) -> Option<f64> {
        let recent = &self.samples[self.samples.len().saturating_sub(seconds)..];
        share(recent)
    }

    /// The causes of an entry, and the entry itself, oldest first.
    pub(super) fn why(&self, entry: EntryId) -> Vec<String> {
        super::words::chain::why(self.words, self.journal, entry)
    }

    /// The newest entry that this is true of.
    pub(super) fn last_entry(&self, wanted: impl Fn(&Entry) -> bool) -> Option<EntryId> {
        self.journal.iter().rposition(wanted).map(|index| EntryId(index as u32))
    }

    /// A write by its name: "write 1,234 by Mumbai·3 to key 17, committed in us-east-1 at 0:12:39.8".
    pub(super) fn write_name(&self, commit: &Commit) -> String {
        self.words.write_name(commit)
    }

    /// The place of a site in the list of places; a checker is where the nearest city or region is.
    pub(super) fn place(&self, site: Site) -> u16 {
        match site {
            Site::City(population) => population.0.into(),
            // Those who run the system are in the city of the first population.
            Site::Desk => 0,
            Site::Region(region) => (self.plan.populations() + region.index()) as u16,
            Site::Checker(place) => self.checker_place(place),
        }
    }

    fn checker_place(&self, checker: u8) -> u16 {
        let code = crate::model::plan::CHECKER_REGIONS[checker as usize];
        let own = self.plan.region_ids().find(|region| self.code(*region) == code);
        if let (None, Some(home)) = (own, catalog::region(code)) {
            let from = (home.lat, home.lon);
            let distance = |index: usize| {
                let city = catalog::city(&self.plan.scenario.clients.populations[index].city);
                city.map_or(f64::INFINITY, |city| catalog::distance_km(from, (city.lat, city.lon)))
            };
            let nearest = (0..self.plan.populations()).min_by(|a, b| distance(*a).total_cmp(&distance(*b)));
            return nearest.unwrap_or(0) as u16;
        }
        self.place(Site::Region(own.unwrap_or(self.plan.blueprint.primary())))
    }
}

/// The share that was served of what was decided in some samples.
pub(super) fn share(samples: &[Sample]) -> Option<f64> {
    let served: u64 = samples.iter().map(|sample| u64::from(sample.served)).sum();
    let failed: u64 = samples.iter().map(|sample| u64::from(sample.failed)).sum();
    (served + failed > 0).then(|| served as f64 / (served + failed) as f64)
}

/// Whether clients were hurt by an incident.
pub(super) const fn was_hurt_by(incident: &Incident) -> bool {
    incident.hurt_after.is_some()
}
