//! One sentence for each kind of journal entry, how serious it is, and the chain of causes behind it.

use super::super::panels::Tone;
use super::{fault, loss, number, obstacle, order, step};
use crate::kernel::id::{EntryId, PopulationId, RegionId, ServerId, WriteId, ZoneId};
use crate::model::fault::Fault;
use crate::model::plan::Plan;
use crate::model::runbook::{Obstacle, StepName};
use crate::system::journal::{Entry, What};
use crate::system::stream::Commit;
use crate::system::write_state::WriteState;

/// The longest chain of causes that is told.
const LONGEST_WHY: usize = 12;

/// Names things as the scenario does.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// The scenario with everything looked up.
    pub plan: &'a Plan,
    /// Acknowledged writes that went missing, to name them.
    pub lost: &'a [Commit],
}

impl Words<'_> {
    /// What happened, as a sentence in the past tense.
    pub fn sentence(self, what: &What) -> String {
        match *what {
            What::Started => "The run began with every region healthy.".into(),
            What::FaultInjected(broken) => format!("{}.", fault::injected(self.plan, broken)),
            What::FaultCleared(mended) => format!("{}.", fault::cleared(self.plan, mended)),
            What::Ordered(command) => format!("{} was ordered.", order::thing(self.plan, command)),
            What::OrderRefused(command) => {
                format!("{} was ordered, but is not possible now.", order::thing(self.plan, command))
            }
            What::PopulationHurt(city) => self.population_hurt(city),
            What::PopulationServed(city) => format!("{} is served again.", self.plan.city(city)),
            What::CheckerTurned { endpoint, checker, healthy } => {
                self.checker_turned(endpoint, checker, healthy)
            }
            What::EndpointTurned { endpoint, healthy, votes } => {
                self.endpoint_turned(endpoint, healthy, votes)
            }
            What::AnswerChanged { from, to } => self.answer_changed(from, to),
            What::TargetTurned { server, region, healthy } => self.target_turned(server, region, healthy),
            What::ServersLost { region, count } => self.about(&servers(count), "in", region, "stopped"),
            What::ServersLaunched { region, count } => self.servers_wanted(region, count, true),
            What::LaunchRefused { region, count } => self.servers_wanted(region, count, false),
            What::ServerBooted { server, region } => {
                self.about(&format!("Server {}", server.0 + 1), "in", region, "finished booting")
            }
            What::Overloaded(r) => self.about("The servers", "in", r, "are full and refuse requests"),
            What::OverloadEnded(r) => self.about("The servers", "in", r, "have room again"),
            What::DatabaseLost(r) => self.about("The database instance", "in", r, "stopped"),
            What::StandbyTookOver { region, zone } => self.standby_took_over(ZoneId { region, index: zone }),
            What::DatabaseRestarted(r) => self.about("The database", "in", r, "answers again"),
            What::ReplicaFellBehind(r) => self.about("The replica", "in", r, "fell more than 10 s behind"),
            What::ReplicaCaughtUp(r) => self.about("The replica", "in", r, "is less than 2 s behind again"),
            What::StepBegan(name) => format!("{}.", step::began(name)),
            What::StepEnded(name) => format!("{}.", step::ended(name)),
            What::StepBlocked(name, obstacle) => self.step_blocked(name, obstacle),
            What::Fenced(r) => self.about("The old primary", "in", r, "was fenced: it takes no more writes"),
            What::Promoted { region, lost } => self.promoted(region, lost),
            What::WriteMissing(write, state) => self.write_missing(write, state),
            What::MoreWritesMissing(more, state) => more_missing(more, state),
            What::OldPrimaryReturned { region, stranded } => self.old_primary_returned(region, stranded),
            What::WritesSetAside(count) => self.writes_set_aside(count),
            What::BackupTaken { region, snapshot } => {
                self.about(&format!("Snapshot {} of the database", snapshot + 1), "in", region, "is whole")
            }
            What::BackupCopied { region, snapshot } => {
                self.copy(region, snapshot, "has arrived in the recovery region")
            }
            What::BackupCopyDelayed { region, snapshot } => self.copy(region, snapshot, "did not arrive"),
            What::BackupsDeleted(count) => self.backups_deleted(count),
            What::DataRuined { region, keys } => {
                let keys = number::counted(keys.into(), "key");
                self.about(&keys, "in", region, "became useless; every copy that follows takes that in")
            }
            What::DatabaseRestored { region, snapshot, age_s, lost } => {
                self.remade(region, snapshot, age_s, lost)
            }
            What::WritesCollided { key, first, second } => self.collided(key, first, second),
            What::HomeMoved { partition, to } => self.home_moved(partition, to),
            What::WritesReturned(count) => format!("{} that had been out of reach came back.", writes(count)),
            What::Rejoined(r) => self.about("The old primary", "in", r, "follows again"),
            What::VersionDeployed { region, version } => {
                format!(
                    "Version {version} of the application was deployed in {}.",
                    self.plan.region_code(region)
                )
            }
            What::FailedBack(r) => format!("The work is back in {}.", self.plan.region_code(r)),
            What::Restored { fault, rto_ms } => self.restored(fault, rto_ms),
        }
    }

    /// "The replica in eu-west-1 follows again."
    fn about(self, what: &str, place: &str, region: RegionId, did: &str) -> String {
        format!("{what} {place} {} {did}.", self.plan.region_code(region))
    }

    fn home_moved(self, partition: RegionId, to: RegionId) -> String {
        let (of, to) = (self.plan.region_code(partition), self.plan.region_code(to));
        format!("The users at home in {of} have their home in {to} now.")
    }

    fn collided(self, key: u16, first: WriteId, second: WriteId) -> String {
        format!(
            "Writes {} and {} to key {} met: neither had seen the other.",
            number::count(first.0.into()),
            number::count(second.0.into()),
            key + 1
        )
    }

    fn copy(self, region: RegionId, snapshot: u16, did: &str) -> String {
        self.about(&format!("The copy of snapshot {}", snapshot + 1), "of", region, did)
    }

    fn population_hurt(self, city: PopulationId) -> String {
        format!("Less than 99 % of requests from {} were served over ten seconds.", self.plan.city(city))
    }

    fn answer_changed(self, from: RegionId, to: RegionId) -> String {
        let (from, to) = (self.plan.region_code(from), self.plan.region_code(to));
        format!("Route 53 now answers {to} in place of {from}.")
    }

    fn servers_wanted(self, region: RegionId, count: u16, came: bool) -> String {
        let (servers, code) = (servers(count), self.plan.region_code(region));
        if came {
            format!("Auto Scaling launched {servers} in {code}.")
        } else {
            format!("Auto Scaling wanted {servers} in {code}, but cannot have them.")
        }
    }

    fn step_blocked(self, name: StepName, waits_for: Obstacle) -> String {
        let why = obstacle::because(self.plan, waits_for);
        format!("The step \"{}\" waits, because {why}.", step::label(name))
    }

    fn backups_deleted(self, count: u16) -> String {
        format!("{} were deleted: their vault was not locked.", number::counted(count.into(), "snapshot"))
    }

    fn remade(self, region: RegionId, snapshot: u16, age_s: u32, lost: u32) -> String {
        format!(
            "The database in {} was restored from snapshot {}, to {} before the failure, without {}.",
            self.plan.region_code(region),
            snapshot + 1,
            number::span(age_s.into()),
            writes(lost),
        )
    }

    fn checker_turned(self, endpoint: RegionId, checker: u8, healthy: bool) -> String {
        let (vote, checks) = if healthy { ("healthy", "passed") } else { ("unhealthy", "failed") };
        format!(
            "Checker {} of {} voted {vote} after {} {checks} checks.",
            u32::from(checker) + 1,
            self.plan.region_code(endpoint),
            self.plan.scenario.dns.failure_threshold,
        )
    }

    fn endpoint_turned(self, endpoint: RegionId, healthy: bool, votes: u8) -> String {
        let dns = &self.plan.scenario.dns;
        format!(
            "Route 53 counts {} as {}: {votes} of {} checkers say healthy, and more than {} % are needed.",
            self.plan.region_code(endpoint),
            if healthy { "healthy again" } else { "unhealthy" },
            dns.checkers,
            (dns.healthy_share * 100.0).round() as u32,
        )
    }

    fn target_turned(self, server: ServerId, region: RegionId, healthy: bool) -> String {
        let did = if healthy { "began to use" } else { "stopped using" };
        format!("The load balancer of {} {did} server {}.", self.plan.region_code(region), server.0 + 1)
    }

    fn standby_took_over(self, zone: ZoneId) -> String {
        format!(
            "The standby in {} became the database of {}; it had every committed write.",
            self.plan.zone_code(zone),
            self.plan.region_code(zone.region)
        )
    }

    fn promoted(self, region: RegionId, lost: u32) -> String {
        let code = self.plan.region_code(region);
        match lost {
            0 => format!("The replica in {code} became the primary; no acknowledged write was lost."),
            1 => format!("The replica in {code} became the primary without 1 acknowledged write."),
            _ => format!(
                "The replica in {code} became the primary without {} acknowledged writes.",
                number::count(lost.into())
            ),
        }
    }

    fn write_missing(self, write: WriteId, state: WriteState) -> String {
        let became = loss::became(state, false);
        match self.lost.iter().find(|commit| commit.write == write) {
            Some(commit) => format!("An acknowledged write {became}: {}.", self.write_name(commit)),
            None => format!("Acknowledged write {} {became}.", number::count(write.0.into())),
        }
    }

    /// A write by its name: "write 1,234 by Mumbai·3 to key 17, committed in us-east-1 at 0:12:39.8".
    pub fn write_name(self, commit: &Commit) -> String {
        format!(
            "write {} by {}·{} to key {}, committed in {} at {}",
            number::count(commit.write.0.into()),
            self.plan.city(commit.population),
            commit.connection + 1,
            commit.key + 1,
            self.plan.region_code(commit.id.region),
            number::clock_tenths(commit.at.secs()),
        )
    }

    fn old_primary_returned(self, region: RegionId, stranded: u32) -> String {
        format!(
            "The old primary in {} came back with {} that only it has; it did not know that it had been replaced.",
            self.plan.region_code(region),
            writes(stranded)
        )
    }

    fn writes_set_aside(self, count: u32) -> String {
        let (had, was) = (writes(count), if count == 1 { "was" } else { "were" });
        format!("{had} that only the old primary had {was} set aside for people to reconcile.")
    }

    fn restored(self, broken: Fault, rto_ms: u64) -> String {
        format!(
            "Every city was served again for a minute on end; that began {} after this: {}.",
            number::span(rto_ms as f64 / 1000.0),
            order::lower_first(&fault::injected(self.plan, broken)),
        )
    }
}

fn more_missing(more: u32, state: WriteState) -> String {
    let told = if more == 1 { "was" } else { "were" };
    format!("{} more that {told} acknowledged {}.", writes(more), loss::became(state, more != 1))
}

fn servers(count: u16) -> String {
    number::counted(count.into(), "server")
}

pub(super) fn writes(count: u32) -> String {
    number::counted(count.into(), "write")
}

/// How serious an entry is.
pub const fn tone(what: &What) -> Tone {
    match what {
        What::FaultInjected(_)
        | What::PopulationHurt(_)
        | What::EndpointTurned { healthy: false, .. }
        | What::ServersLost { .. }
        | What::LaunchRefused { .. }
        | What::Overloaded(_)
        | What::DatabaseLost(_)
        | What::BackupsDeleted(_)
        | What::DataRuined { .. }
        | What::WriteMissing(_, WriteState::Lost | WriteState::Undone | WriteState::SetAside)
        | What::MoreWritesMissing(_, WriteState::Lost | WriteState::Undone | WriteState::SetAside) => {
            Tone::Bad
        }
        What::Promoted { lost: 1.., .. } | What::DatabaseRestored { lost: 1.., .. } => Tone::Bad,
        What::CheckerTurned { healthy: false, .. }
        | What::TargetTurned { healthy: false, .. }
        | What::ReplicaFellBehind(_)
        | What::StepBlocked(..)
        | What::OrderRefused(_)
        | What::Fenced(_)
        | What::AnswerChanged { .. }
        | What::OldPrimaryReturned { .. }
        | What::BackupCopyDelayed { .. }
        | What::WritesCollided { .. }
        | What::HomeMoved { .. }
        | What::WriteMissing(..)
        | What::MoreWritesMissing(..)
        | What::WritesSetAside(_) => Tone::Warning,
        What::FaultCleared(_)
        | What::PopulationServed(_)
        | What::CheckerTurned { healthy: true, .. }
        | What::EndpointTurned { healthy: true, .. }
        | What::TargetTurned { healthy: true, .. }
        | What::OverloadEnded(_)
        | What::StandbyTookOver { .. }
        | What::DatabaseRestarted(_)
        | What::ReplicaCaughtUp(_)
        | What::Promoted { lost: 0, .. }
        | What::DatabaseRestored { lost: 0, .. }
        | What::BackupCopied { .. }
        | What::WritesReturned(_)
        | What::Rejoined(_)
        | What::VersionDeployed { .. }
        | What::FailedBack(_)
        | What::Restored { .. } => Tone::Good,
        What::Started
        | What::Ordered(_)
        | What::ServersLaunched { .. }
        | What::ServerBooted { .. }
        | What::BackupTaken { .. }
        | What::StepBegan(_)
        | What::StepEnded(_) => Tone::Plain,
    }
}

/// The chain of causes that ends in an entry, oldest first, each with its moment; a long chain keeps both ends.
pub fn why(words: Words<'_>, journal: &[Entry], last: EntryId) -> Vec<String> {
    let mut chain = Vec::new();
    let mut next = Some(last);
    while let Some(entry) = next.and_then(|id| journal.get(id.0 as usize)) {
        chain.push(format!("{} {}", number::clock_tenths(entry.at.secs()), words.sentence(&entry.what)));
        next = entry.cause;
        if chain.len() >= LONGEST_WHY {
            break;
        }
    }
    chain.reverse();
    chain
}
