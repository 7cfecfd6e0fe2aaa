//! What is said of each kind of journal entry and how serious it is, a row for each.

use super::super::panels::Tone;
use super::{fault, launch, loss, number, obstacle, order, refusal, step};
use crate::kernel::id::{PopulationId, RegionId, ZoneId};
use crate::model::plan::Plan;
use crate::observer::elsewhere::Elsewhere;
use crate::system::journal::What;
use crate::system::launch::LaunchRefusal;
use crate::system::several::Several;
use crate::system::stream::Commit;
use crate::system::write_state::WriteState;

/// Names things as the scenario does.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// The scenario with everything looked up.
    pub plan: &'a Plan,
    /// Acknowledged writes that went missing, to name them.
    pub lost: &'a [Commit],
}

/// What is said of a journal entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// How serious it is.
    pub tone: Tone,
    /// What happened, as a sentence in the past tense.
    pub sentence: String,
    /// The same in a few words, if the sentence is too long for that.
    short: Option<String>,
}

impl Told {
    /// In a few words without a full stop: why time runs slowly, and what stands at a mark of the timeline.
    pub fn in_short(self) -> String {
        self.short.unwrap_or_else(|| order::lower_first(self.sentence.trim_end_matches('.')))
    }

    fn short(self, words: impl Into<String>) -> Self {
        Self { short: Some(words.into()), ..self }
    }
}

fn told(tone: Tone, sentence: impl Into<String>) -> Told {
    Told { tone, sentence: sentence.into(), short: None }
}

/// Good news or bad news, as the entry says.
const fn news(good: bool, bad: Tone) -> Tone {
    if good { Tone::Good } else { bad }
}

impl Words<'_> {
    /// What happened, as a sentence in the past tense.
    pub fn sentence(self, what: &What) -> String {
        self.told(what).sentence
    }

    /// What is said of an entry: a row for each kind.
    #[allow(clippy::too_many_lines, reason = "a table: a row for each")]
    pub fn told(self, what: &What) -> Told {
        use Tone::{Bad, Good, Plain, Warning};
        let code = |region| self.plan.region_code(region);
        match *what {
            What::Started => told(Plain, "The run began with every region healthy."),
            What::FaultInjected(broken) => told(Bad, format!("{}.", fault::injected(self.plan, broken))),
            What::FaultCleared(mended) => told(Good, format!("{}.", fault::cleared(self.plan, mended))),
            What::Ordered(command) => {
                told(Plain, format!("{} was ordered.", order::thing(self.plan, command)))
            }
            What::OrderRefused(command, why) => {
                let thing = order::thing(self.plan, command);
                let because = refusal::because(self.plan, why);
                told(Warning, format!("{thing} was ordered, but is not possible now: {because}."))
                    .short(format!("an order was refused: {because}"))
            }
            What::StepGivenUp(name, obstacle) => told(Warning, obstacle::given_up(self.plan, name, obstacle)),
            What::AlarmRaised(r) => {
                told(Bad, self.about("The alarm", "of", r, "went off: too much has failed for minutes"))
                    .short(format!("the alarm of {} went off", code(r)))
            }
            What::AlarmEnded(r) => told(Good, self.about("The alarm", "of", r, "is over")),
            What::ControlTurned { off, on } => {
                told(Warning, format!("Routing controls were turned: {} off, {} on.", code(off), code(on)))
                    .short(format!("clients are sent to {}", code(on)))
            }
            What::PopulationHurt(city) => told(Bad, self.population_hurt(city)),
            What::PopulationServed(city) => {
                told(Good, format!("{} has been served again for a minute.", self.plan.city(city)))
                    .short("cities are served again")
            }
            What::CheckerTurned { endpoint, checker, healthy } => {
                let short =
                    if healthy { "a checker trusts {} again" } else { "a first checker gave up on {}" };
                told(news(healthy, Warning), self.checker_turned(endpoint, checker, healthy))
                    .short(short.replace("{}", code(endpoint)))
            }
            What::EndpointTurned { endpoint, healthy, votes } => {
                let short = if healthy { "Route 53 trusts {} again" } else { "Route 53 gave up on {}" };
                told(news(healthy, Bad), self.endpoint_turned(endpoint, healthy, votes))
                    .short(short.replace("{}", code(endpoint)))
            }
            What::AnswerChanged { from, to } => told(Warning, self.answer_changed(from, to))
                .short(format!("Route 53 answers {} now", code(to))),
            What::TargetTurned { server, region, healthy } => {
                told(news(healthy, Warning), self.target_turned(server, region, healthy))
            }
            What::ServersLost { region, count } => {
                told(Bad, self.about(&servers(count), "in", region, "stopped"))
            }
            What::ServersLaunched { region, count } => {
                told(Plain, format!("Auto Scaling launched {} in {}.", servers(count), code(region)))
            }
            What::LaunchRefused { region, count, why } => told(Bad, self.launch_refused(region, count, why))
                .short(format!("no servers for {}: {}", code(region), launch::because(why))),
            What::Resized(resized) => told(Plain, self.resized(resized)),
            What::ServersTakenOut(Several { region, count }) => told(Plain, self.taken_out(region, count)),
            What::ServersReplaced(Several { region, count }) => told(Warning, self.replaced(region, count)),
            What::ServerBooted { server, region } => {
                told(Plain, self.about(&format!("Server {}", server.0 + 1), "in", region, "finished booting"))
            }
            What::Overloaded(r) => {
                told(Bad, self.about("The servers", "in", r, "are full and refuse requests"))
            }
            What::OverloadEnded { region: r, times, lasted_s } => {
                told(Good, self.room_again(r, times, lasted_s))
                    .short(format!("the servers in {} have room again", code(r)))
            }
            What::DatabaseLost(r) => told(Bad, self.about("The database instance", "in", r, "stopped")),
            What::StandbyTookOver { region, zone } => {
                let zone = ZoneId { region, index: zone };
                told(Good, self.standby_took_over(zone)).short(self.took_over(zone))
            }
            What::DatabaseShort(r) => {
                told(Bad, self.about("The database", "in", r, "has too little capacity and turns calls away"))
            }
            What::DatabaseSuffices(r) => {
                told(Good, self.about("The database", "in", r, "has capacity enough again"))
            }
            What::StandbyLevel(zone) => told(Good, self.standby_level(zone)),
            What::EventPublished(r) => told(Plain, self.event_published(r)),
            What::TargetsEvaluated(r, healthy) => {
                told(news(healthy, Bad), self.targets_evaluated(r, healthy))
            }
            What::AddressListed(zone, listed) => {
                told(news(listed, Warning), self.address_listed(zone, listed))
            }
            What::PracticePutOff(zone, why) => told(Warning, self.practice_put_off(zone, why)),
            What::BreakerTurned(city, region, open) => {
                told(news(!open, Warning), self.breaker_turned(city, region, open))
            }
            What::ZoneShifted(zone, by) => told(Warning, self.zone_shifted(zone, by)),
            What::ZoneShiftedBack(zone, by, failed) => {
                told(news(!failed, Bad), self.zone_shifted_back(zone, by, failed))
            }
            What::InstanceMade(zone) => told(Good, self.instance_made(zone)).short(self.made_anew(zone)),
            What::DatabaseRestarted(r) => told(Good, self.about("The database", "in", r, "answers again")),
            What::VolumeTurned(region, copies) => {
                told(self.volume_tone(copies), self.volume_turned(region, copies))
            }
            What::LeadersLost(zone) => told(Warning, self.leaders_lost(zone)),
            What::LeadersElected(r) => {
                told(Good, self.about("Every partition", "in", r, "has a leader again"))
            }
            What::ReplicaFellBehind(r) => {
                told(Warning, self.about("The replica", "in", r, "fell more than 10 s behind"))
            }
            What::ReplicaCaughtUp(r) => {
                told(Good, self.about("The replica", "in", r, "is less than 2 s behind again"))
            }
            What::StepBegan(name) => told(Plain, format!("{}.", step::began(name))),
            What::StepEnded(name) => told(Plain, format!("{}.", step::ended(name))),
            What::StepBlocked(name, obstacle) => told(Warning, obstacle::blocked(self.plan, name, obstacle)),
            What::Fenced(r) => {
                told(Warning, self.about("The old primary", "in", r, "was fenced: it takes no more writes"))
            }
            What::Promoted { region, lost } => {
                let without =
                    if lost == 0 { String::new() } else { format!(" without {}", self.writes(lost)) };
                told(news(lost == 0, Bad), self.promoted(region, lost))
                    .short(format!("{} became the primary{without}", code(region)))
            }
            What::WriteMissing(write, state) => {
                told(gone(state), self.write_missing(write, state)).short(some_missing(state))
            }
            What::MoreWritesMissing(more, state) => {
                told(gone(state), self.more_missing(more, state)).short(some_missing(state))
            }
            What::OldPrimaryReturned { region, stranded } => {
                told(Warning, self.old_primary_returned(region, stranded))
                    .short(format!("the old primary in {} came back", code(region)))
            }
            What::WritesSetAside(count) => told(Warning, self.writes_set_aside(count)),
            What::BackupTaken { region, snapshot } => {
                let which = format!("Snapshot {} of the database", snapshot + 1);
                told(Plain, self.about(&which, "in", region, "is whole"))
            }
            What::BackupCopied { region, snapshot } => {
                told(Good, self.copy(region, snapshot, "has arrived in the recovery region"))
            }
            What::BackupCopyDelayed { region, snapshot } => {
                told(Warning, self.copy(region, snapshot, "did not arrive"))
            }
            What::BackupsDeleted(count) => {
                told(Bad, self.backups_deleted(count)).short("backups were deleted")
            }
            What::DatabaseDeleted(region, snapshots) => told(Bad, self.database_deleted(region, snapshots)),
            What::BackupFoundEmpty(snapshot) => told(Bad, Self::found_empty(snapshot)),
            What::OldObjectsCopied(from, to) => told(Good, self.old_copied(from, to)),
            What::DataRuined { region, keys } => {
                let keys = number::counted(keys.into(), "key");
                let did = "became useless; every copy that follows takes that in";
                told(Bad, self.about(&keys, "in", region, did))
                    .short(format!("data in {} became useless", code(region)))
            }
            What::DatabaseRestored { region, snapshot, age_s, lost } => {
                told(news(lost == 0, Bad), self.remade(region, snapshot, age_s, lost)).short(format!(
                    "the database in {} was restored without {}",
                    code(region),
                    self.writes(lost)
                ))
            }
            What::WritesCollided { key, first, second } => told(Warning, self.collided(key, first, second))
                .short("two writes met that had not seen each other"),
            What::UpdateLost { key, lost, kept } => {
                told(Warning, self.update_lost(key, lost, kept)).short("a write took another's place")
            }
            What::HomeMoved { partition, to } => told(Warning, self.home_moved(partition, to)),
            What::WritesReturned(count) => {
                told(Good, format!("{} that had been out of reach came back.", self.writes(count)))
            }
            What::Rejoined(r) => told(Good, self.about("The old primary", "in", r, "follows again")),
            What::VersionDeployed { region, version } => told(Good, self.deployed(region, version)),
            What::FailedBack(r) => told(Good, format!("The work is back in {}.", code(r))),
            What::OutageEnded { lasted_ms } => {
                let sentence = "Every city has been served again for a minute; the outage lasted";
                told(Good, format!("{sentence} {}.", number::span(lasted_ms as f64 / 1000.0)))
                    .short("every city has been served for a minute")
            }
            What::Degraded => told(Warning, "A few requests fail, too few for an outage."),
            What::DegradationEnded { lasted_ms } => {
                let sentence = "As many are served again as on a good day; it was otherwise for";
                told(Good, format!("{sentence} {}.", number::span(lasted_ms as f64 / 1000.0)))
            }
            What::SourceLost(r) => told(Warning, self.source_lost(r)),
            What::StepLeft(name) => {
                told(Plain, format!("The step \"{}\" was called off.", step::label(name)))
            }
            What::ValidatedBut { left: region, percent, people } => {
                let elsewhere = Elsewhere { region, percent, people };
                told(Warning, format!("Validation passes {}.", elsewhere.words(self.plan)))
            }
            What::Asked { region, shows_s } => {
                let (code, end) = (self.plan.region_code(region), number::clock(f64::from(shows_s)));
                told(
                    Warning,
                    format!(
                        "The copy in {code} ends at {end}: a person decides to promote it as it is, or to wait."
                    ),
                )
            }
            What::ConsumersWait(r) => told(Warning, self.consumers_wait(r)),
            What::ConsumersGoOn { region, backlog } => told(Good, self.consumers_go_on(region, backlog)),
            What::MessagesDead(Several { region, count }) => told(Bad, self.messages_dead(region, count)),
            What::MessagesExpired(Several { region, count }) => {
                told(Bad, self.messages_expired(region, count))
            }
            What::DeliveriesWait { from, to } => told(Warning, self.deliveries_wait(from, to)),
            What::DeliveriesGoOn { from, to, owed } => told(Good, self.deliveries_go_on(from, to, owed)),
            What::MessagesRedriven(Several { region, count }) => {
                told(Plain, self.messages_redriven(region, count))
            }
            What::OldCopyKept(r) => told(Warning, self.old_copy_kept(r)),
            What::ReleaseOut { region, release } => told(Plain, self.release_out(region, release)),
            What::ReleaseBaked { region, release } => told(Good, self.release_baked(region, release)),
            What::ReleaseBack { region, release, to } => {
                told(Warning, self.release_back(region, release, to))
            }
            What::TakeOverDecided(from, to) => told(Bad, self.take_over_decided(from, to)),
            What::SemiSynchronous { region, waits } => {
                told(news(waits, Warning), self.semi_synchronous(region, waits))
            }
            What::CopyBegan { from, to } => {
                told(Plain, format!("The data of {} begin to be copied to {}.", code(from), code(to)))
            }
        }
    }

    /// "The replica in eu-west-1 follows again."
    pub(in crate::scene) fn about(self, what: &str, place: &str, region: RegionId, did: &str) -> String {
        format!("{what} {place} {} {did}.", self.plan.region_code(region))
    }

    fn deployed(self, region: RegionId, version: u32) -> String {
        format!("Version {version} of the application was deployed in {}.", self.plan.region_code(region))
    }

    fn source_lost(self, region: RegionId) -> String {
        let did = "follows nobody any more: another than its source is the primary now";
        self.about("The replica", "in", region, did)
    }

    fn home_moved(self, partition: RegionId, to: RegionId) -> String {
        let (of, to) = (self.plan.region_code(partition), self.plan.region_code(to));
        format!("The users at home in {of} have their home in {to} now.")
    }

    fn population_hurt(self, city: PopulationId) -> String {
        format!("Less than 95 % of the reads or writes from {} are served.", self.plan.city(city))
    }

    fn launch_refused(self, region: RegionId, count: u16, why: LaunchRefusal) -> String {
        let (servers, code) = (servers(count), self.plan.region_code(region));
        format!("Auto Scaling cannot have the {servers} that it wants in {code}: {}.", launch::because(why))
    }

    fn room_again(self, region: RegionId, times: u32, lasted_s: u32) -> String {
        let (code, span) = (self.plan.region_code(region), number::span(lasted_s.into()));
        let room = format!("The servers in {code} have room again");
        match times {
            1 if lasted_s == 0 => format!("{room}; they were full once, for a moment."),
            1 => format!("{room}; they were full once, for {span}."),
            times => format!("{room}; they were full {} times in {span}.", number::count(times.into())),
        }
    }

    fn promoted(self, region: RegionId, lost: u32) -> String {
        let code = self.plan.region_code(region);
        if lost == 0 {
            let told = match self.plan.step() {
                1 => "no acknowledged write was lost".into(),
                step => format!("fewer than {step} acknowledged writes were lost"),
            };
            return format!("The replica in {code} became the primary; {told}.");
        }
        format!(
            "The replica in {code} became the primary without {}.",
            self.counted(lost, "acknowledged write")
        )
    }

    fn old_primary_returned(self, region: RegionId, stranded: u32) -> String {
        format!(
            "The old primary in {} came back with {} that only it has; it did not know that it had been replaced.",
            self.plan.region_code(region),
            self.writes(stranded)
        )
    }

    fn writes_set_aside(self, count: u32) -> String {
        let was = if self.real(count) == 1 { "was" } else { "were" };
        let had = self.writes(count);
        format!("{had} that only the old primary had {was} set aside for people to reconcile.")
    }

    fn more_missing(self, more: u32, state: WriteState) -> String {
        let several = self.real(more) != 1;
        let told = if several { "were" } else { "was" };
        format!("{} more that {told} acknowledged {}.", self.writes(more), loss::became(state, several))
    }

    /// Real ones: one that was counted stands for several.
    fn real(self, counted: u32) -> u64 {
        u64::from(counted) * self.plan.step()
    }

    /// "34 writes"; of none "under 2 writes", if one that was counted stands for two.
    pub(super) fn counted(self, counted: u32, noun: &str) -> String {
        match (counted, self.plan.step()) {
            (0, step) if step > 1 => format!("{} {noun}s", number::stepped(0, step, true)),
            _ => number::counted(self.real(counted), noun),
        }
    }

    pub(in crate::scene) fn writes(self, counted: u32) -> String {
        self.counted(counted, "write")
    }
}

/// Missing writes in a few words.
fn some_missing(state: WriteState) -> String {
    format!("acknowledged writes {}", loss::became(state, true))
}

/// What is out of reach can come back.
const fn gone(state: WriteState) -> Tone {
    match state {
        WriteState::Lost | WriteState::Undone | WriteState::SetAside => Tone::Bad,
        WriteState::Present | WriteState::Queued | WriteState::InCollision | WriteState::OutOfReach => {
            Tone::Warning
        }
    }
}

fn servers(count: u16) -> String {
    number::counted(count.into(), "server")
}
