//! Every kind of journal entry has a sentence of its own: plain, finished, with names.
#![cfg(not(target_arch = "wasm32"))]

use faultline::kernel::id::{LawId, PopulationId, RegionId, ReleaseId, RunbookId, ServerId, WriteId, ZoneId};
use faultline::model::command::{Command, Verb};
use faultline::model::fault::FaultKind;
use faultline::model::obstacle::Obstacle;
use faultline::model::plan::Plan;
use faultline::model::runbook::{Given, StepName};
use faultline::model::scenario::Scenario;
use faultline::model::unit::Share;
use faultline::model::{Engine, Inside, Metric, Order, PlacementRule, QueueKind, builtin};
use faultline::scene::words::Words;
use faultline::system::journal::{EntryKind, What};
use faultline::system::launch::LaunchRefusal;
use faultline::system::refusal::Refusal;
use faultline::system::resized::Resized;
use faultline::system::several::Several;
use faultline::system::shift::ShiftedBy;
use faultline::system::write_state::WriteState;

const HOME: RegionId = RegionId(0);
const AWAY: RegionId = RegionId(1);

fn everything(plan: &Plan) -> Vec<What> {
    let (server, region) = (ServerId(3), AWAY);
    let mut all = vec![
        What::Started,
        What::PopulationHurt(PopulationId(8)),
        What::PopulationServed(PopulationId(8)),
        What::CheckerTurned { endpoint: HOME, checker: 6, healthy: false },
        What::CheckerTurned { endpoint: HOME, checker: 6, healthy: true },
        What::EndpointTurned { endpoint: HOME, healthy: false, votes: 2 },
        What::EndpointTurned { endpoint: HOME, healthy: true, votes: 3 },
        What::AnswerChanged { from: HOME, to: AWAY },
        What::TargetTurned { server, region, healthy: false },
        What::TargetTurned { server, region, healthy: true },
        What::DatabaseLost(HOME),
        What::StandbyTookOver { region, zone: 1 },
        What::DatabaseRestarted(HOME),
        What::InstanceMade(ZoneId { region: HOME, index: 0 }),
        What::StandbyLevel(ZoneId { region: HOME, index: 0 }),
        What::EventPublished(HOME),
        What::DatabaseShort(HOME),
        What::DatabaseSuffices(HOME),
        What::LeadersLost(ZoneId { region, index: 1 }),
        What::LeadersElected(HOME),
        What::ReplicaFellBehind(AWAY),
        What::ReplicaCaughtUp(AWAY),
        What::Fenced(HOME),
        What::Promoted { region, lost: 0 },
        What::Promoted { region, lost: 1 },
        What::Promoted { region, lost: 17 },
        What::WriteMissing(WriteId(1234), WriteState::Lost),
        What::WriteMissing(WriteId(1234), WriteState::OutOfReach),
        What::MoreWritesMissing(1, WriteState::SetAside),
        What::MoreWritesMissing(5000, WriteState::Undone),
        What::OldPrimaryReturned { region: HOME, stranded: 17 },
        What::WritesSetAside(1),
        What::WritesSetAside(17),
        What::FailedBack(HOME),
        What::OutageEnded { lasted_ms: 452_000 },
        What::Degraded,
        What::AlarmRaised(region),
        What::AlarmEnded(region),
        What::ControlTurned { off: HOME, on: AWAY },
        What::DegradationEnded { lasted_ms: 2_880_000 },
    ];
    all.extend(entrances());
    all.extend(LaunchRefusal::ALL.map(|why| What::LaunchRefused { region, count: 1, why }));
    all.extend(data_and_backups(region).into_iter().chain(volumes()).chain(servers()));
    let orders = Verb::ALL.into_iter().map(command);
    let forms = [
        Command::RestartClients,
        Command::Restore(HOME, None),
        Command::Restore(HOME, Some(600)),
        Command::Run(RunbookId(0), None),
        Command::Run(RunbookId(0), Some((HOME, HOME))),
    ];
    for command in orders.chain(forms) {
        all.extend([What::Ordered(command), What::OrderRefused(command, Refusal::NoRunbook)]);
    }
    for fault in FaultKind::ALL.into_iter().flat_map(|kind| plan.possible(kind)) {
        all.extend([What::FaultInjected(fault), What::FaultCleared(fault)]);
    }
    for why in refusals().into_iter().chain(Given::ALL.map(Refusal::NotGiven)) {
        all.push(What::OrderRefused(Command::FailOver(AWAY), why));
    }
    for step in StepName::ALL {
        all.extend([What::StepBegan(step), What::StepEnded(step), What::StepLeft(step)]);
        all.extend(obstacles().map(|obstacle| What::StepBlocked(step, obstacle)));
        all.push(What::StepGivenUp(step, Obstacle::Canary));
    }
    all
}

/// What is said of a balancer's addresses and of zonal shifts.
fn entrances() -> Vec<What> {
    let zone = ZoneId { region: HOME, index: 0 };
    let shifts = [ShiftedBy::Order, ShiftedBy::Aws, ShiftedBy::Practice];
    let mut all = vec![What::ZoneShiftedBack(zone, ShiftedBy::Practice, true)];
    all.extend(shifts.map(|by| What::ZoneShifted(zone, by)));
    all.extend(shifts.map(|by| What::ZoneShiftedBack(zone, by, false)));
    all.push(What::PracticePutOff(zone, Refusal::AlarmOn(HOME)));
    all.extend([true, false].map(|open| What::BreakerTurned(PopulationId(0), HOME, open)));
    for well in [true, false] {
        all.extend([What::TargetsEvaluated(HOME, well), What::AddressListed(zone, well)]);
    }
    all
}

/// The default system under a law.
fn under_a_law() -> Plan {
    let rule = PlacementRule {
        law: "GDPR".into(),
        partition: String::new(),
        continent: "Europe".into(),
        regions: Vec::new(),
    };
    Plan::new(&Scenario { placement: vec![rule], ..Scenario::default() }, 1)
}

/// Every reason for refusing an order.
fn refusals() -> [Refusal; 29] {
    [
        Refusal::There(AWAY),
        Refusal::NotThere(AWAY),
        Refusal::NothingToMove,
        Refusal::NoCopy(AWAY),
        Refusal::NotLevel(AWAY),
        Refusal::Dark(AWAY),
        Refusal::NoTarget,
        Refusal::Busy(StepName::Promote),
        Refusal::PastReturn(StepName::Promote),
        Refusal::NobodyAsks,
        Refusal::NothingUnderWay,
        Refusal::NoBackup(AWAY),
        Refusal::NoHomes,
        Refusal::NoRelease,
        Refusal::NoRecord(AWAY),
        Refusal::IsOut,
        Refusal::NoDatabase(AWAY),
        Refusal::HasInstance(AWAY),
        Refusal::InstanceComes(AWAY),
        Refusal::NoControlPlane(AWAY),
        Refusal::NoZone(AWAY),
        Refusal::ShiftInForce(AWAY),
        Refusal::OneZone(AWAY),
        Refusal::Resets,
        Refusal::NoShift(AWAY),
        Refusal::AlarmOn(AWAY),
        Refusal::ImpairedZone(AWAY),
        Refusal::Unhealthy(AWAY),
        Refusal::Law(LawId(0), HOME),
    ]
}

/// Everything that a step may wait for.
fn obstacles() -> impl Iterator<Item = Obstacle> {
    [
        Obstacle::DnsControlPlane,
        Obstacle::Capacity,
        Obstacle::RegionDark(AWAY),
        Obstacle::NoReplica(AWAY),
        Obstacle::ControlPlane(AWAY),
        Obstacle::Quota(AWAY),
        Obstacle::Throttled(AWAY),
        Obstacle::NoImage(AWAY),
        Obstacle::NoTemplates(AWAY),
        Obstacle::NoBackup(AWAY),
        Obstacle::Behind(AWAY),
        Obstacle::Before(StepName::Fence),
        Obstacle::Canary,
        Obstacle::Unserved(AWAY),
        Obstacle::Decision(AWAY),
        Obstacle::LinkCut(HOME, AWAY),
        Obstacle::Lease(AWAY),
        Obstacle::Alarm(AWAY),
        Obstacle::Law(LawId(0), HOME),
        Obstacle::NoLawfulHome(LawId(0)),
    ]
    .into_iter()
}

/// The command of an example, on a system whose keys have homes, and with a queue; or with a writer that has no reader.
fn command(verb: Verb) -> Command {
    let mut scenario = builtin("write-partitioned").expect("a built-in");
    if matches!(verb, Verb::NewInstance | Verb::Reboot | Verb::ChangeInstances) {
        scenario.database.engine = Engine::AuroraGlobal;
        scenario.database.inside = Inside::Alone;
    }
    if verb == Verb::BatchReplicate {
        (scenario.database.engine, scenario.database.old_objects) = (Engine::S3Replication, Share(0.5));
    }
    scenario.write_queue.kind = QueueKind::Standard;
    let plan = Plan::new(&scenario, 1);
    Order::parse(&verb.example()).and_then(|order| plan.resolve(&order)).expect("an order")
}

/// Entries about backups, and about data that was wrong or away.
fn servers() -> Vec<What> {
    let (server, region, count) = (ServerId(3), AWAY, 4);
    vec![
        What::ServersLost { region, count },
        What::ServersLaunched { region, count },
        What::ServerBooted { server, region },
        What::ServersTakenOut(Several { region, count: 4 }),
        What::ServersReplaced(Several { region, count: 1 }),
        What::ServersReplaced(Several { region, count: 4 }),
        What::Resized(Resized { region, from: 12, to: 8, by: Metric::Cpu, shows: 31 }),
        What::Resized(Resized { region, from: 12, to: 1, by: Metric::Slots, shows: 9 }),
        What::Resized(Resized { region, from: 12, to: 20, by: Metric::Requests, shows: 131 }),
        What::Overloaded(AWAY),
        What::OverloadEnded { region: AWAY, times: 1, lasted_s: 0 },
        What::OverloadEnded { region: AWAY, times: 1, lasted_s: 90 },
        What::OverloadEnded { region: AWAY, times: 14, lasted_s: 540 },
        What::OverloadEnded { region: HOME, times: 14, lasted_s: 540 },
    ]
}

fn volumes() -> [What; 4] {
    [6, 5, 3, 0].map(|copies| What::VolumeTurned(HOME, copies))
}

fn data_and_backups(region: RegionId) -> Vec<What> {
    vec![
        What::BackupTaken { region, snapshot: 3 },
        What::BackupCopied { region, snapshot: 3 },
        What::BackupCopyDelayed { region, snapshot: 3 },
        What::BackupsDeleted(1),
        What::DatabaseDeleted(region, 0),
        What::DatabaseDeleted(region, 1),
        What::BackupFoundEmpty(3),
        What::OldObjectsCopied(HOME, AWAY),
        What::Asked { region, shows_s: 600 },
        What::ValidatedBut { left: region, percent: 12, people: 5 },
        What::CopyBegan { from: region, to: region },
        What::BackupsDeleted(12),
        What::DataRuined { region, keys: 1 },
        What::DataRuined { region, keys: 96 },
        What::DatabaseRestored { region, snapshot: 3, age_s: 4000, lost: 0 },
        What::DatabaseRestored { region, snapshot: 3, age_s: 4000, lost: 1 },
        What::DatabaseRestored { region, snapshot: 3, age_s: 4000, lost: 5000 },
        What::WritesReturned(1),
        What::WritesReturned(17),
        What::Rejoined(HOME),
        What::SourceLost(region),
        What::OldCopyKept(region),
        What::TakeOverDecided(HOME, AWAY),
        What::SemiSynchronous { region, waits: true },
        What::SemiSynchronous { region, waits: false },
        What::ConsumersWait(region),
        What::ConsumersGoOn { region, backlog: 36_000 },
        What::MessagesDead(Several { region, count: 3 }),
        What::MessagesExpired(Several { region, count: 12 }),
        What::MessagesRedriven(Several { region, count: 1 }),
        What::DeliveriesWait { from: HOME, to: AWAY },
        What::DeliveriesGoOn { from: HOME, to: AWAY, owed: 36_000 },
        What::VersionDeployed { region, version: 43 },
        What::WritesCollided { key: 13, first: WriteId(1234), second: WriteId(1240) },
        What::UpdateLost { key: 13, lost: WriteId(1234), kept: WriteId(1240) },
        What::HomeMoved { partition: HOME, to: AWAY },
        What::ReleaseOut { region, release: ReleaseId(0) },
        What::ReleaseBaked { region, release: ReleaseId(0) },
        What::ReleaseBack { region, release: ReleaseId(1), to: None },
        What::ReleaseBack { region, release: ReleaseId(1), to: Some(ReleaseId(0)) },
    ]
}

#[test]
fn every_entry_has_a_finished_sentence_of_its_own() {
    let plan = under_a_law();
    let words = Words { plan: &plan, lost: &[] };
    let mut seen = std::collections::BTreeMap::new();
    for what in everything(&plan) {
        let told = words.told(&what);
        let (sentence, reason) = (told.sentence.clone(), told.in_short());
        assert!(sentence.ends_with('.') && !sentence.ends_with(".."), "{sentence}");
        let first = sentence.chars().next().expect("not empty");
        let named = sentence.starts_with("us-") || sentence.starts_with("eu-");
        assert!(first.is_uppercase() || first.is_numeric() || first == '"' || named, "{sentence}");
        for mark in ["  ", "{", "}", "(0)", "Id", "Some", "::", "true", "false", "Region"] {
            assert!(!sentence.contains(mark), "looks like code: {sentence}");
        }
        assert!(!reason.ends_with('.') && !reason.is_empty() && reason.len() < 110, "{reason}");
        if let Some(other) = seen.insert(sentence.clone(), what) {
            panic!("{other:?} and {what:?} both say: {sentence}");
        }
    }
}

#[test]
fn no_kind_of_entry_is_left_out_here() {
    let plan = under_a_law();
    let all = everything(&plan);
    for kind in EntryKind::ALL {
        assert!(all.iter().any(|what| what.kind() == kind), "no sentence of {} is read", kind.slug());
    }
}

#[test]
fn sentences_name_who_and_why() {
    let plan = under_a_law();
    let words = Words { plan: &plan, lost: &[] };
    let coarse = Plan::new(&Scenario { grain: 2, ..Scenario::default() }, 1);
    assert_eq!((plan.step(), coarse.step()), (1, 2), "each that was counted stands for one, or for two");
    let lost = What::MoreWritesMissing(5000, WriteState::SetAside);
    let sentence = Words { plan: &coarse, lost: &[] }.sentence(&lost);
    assert_eq!(sentence, "10,000 writes more that were acknowledged are set aside.");
    for (what, sentence) in [
        (
            What::CheckerTurned { endpoint: HOME, checker: 6, healthy: false },
            "Checker 7 of us-east-1 voted unhealthy after 3 failed checks.",
        ),
        (
            What::StepBlocked(StepName::Pin, Obstacle::DnsControlPlane),
            "The step \"pin the record\" waits, because Route 53's control plane does not answer.",
        ),
        (
            What::StepBlocked(StepName::Promote, Obstacle::Law(LawId(0), HOME)),
            "The step \"promote replica\" waits, because GDPR lets only eu-west-1 hold data, and not us-east-1.",
        ),
        (
            What::OverloadEnded { region: HOME, times: 14, lasted_s: 540 },
            "The servers in us-east-1 have room again; they were full 14 times in 9 min.",
        ),
        (
            What::LaunchRefused { region: AWAY, count: 4, why: LaunchRefusal::Quota },
            "Auto Scaling cannot have the 4 servers that it wants in eu-west-1: the account's quota allows no more.",
        ),
        (What::WriteMissing(WriteId(1234), WriteState::Lost), "Acknowledged write 1,234 is lost."),
        (
            What::WriteMissing(WriteId(1234), WriteState::OutOfReach),
            "Acknowledged write 1,234 is out of reach.",
        ),
        (
            What::MoreWritesMissing(5000, WriteState::SetAside),
            "5,000 writes more that were acknowledged are set aside.",
        ),
        (
            What::Promoted { region: AWAY, lost: 17 },
            "The replica in eu-west-1 became the primary without 17 acknowledged writes.",
        ),
    ] {
        assert_eq!(words.sentence(&what), sentence);
    }
}
