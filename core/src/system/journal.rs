//! What the journal can say has happened, in the past tense: a table.

use crate::kernel::id::{PopulationId, RegionId, ReleaseId, ServerId, WriteId, ZoneId};
use crate::kernel::kinds::carriers;
use crate::model::command::Command;
use crate::model::fault::Fault;
use crate::model::obstacle::Obstacle;
use crate::model::runbook::StepName;
use crate::system::resized::Resized;
use crate::system::several::Several;
use crate::system::shift::ShiftedBy;
pub use crate::system::weight::Weight;
use crate::system::write_state::WriteState;
use crate::system::{launch::LaunchRefusal, refusal::Refusal};
use serde::Serialize;

carriers! {
    /// What happened.
    #[derive(Clone, Copy, Debug, PartialEq, Serialize, Hash)]
    pub enum What {
        /// The run began.
        Started = "started" => Weight::None,
        /// A fault was injected.
        FaultInjected(Fault) = "fault-injected" => Weight::Decisive,
        /// A fault was cleared.
        FaultCleared(Fault) = "fault-cleared" => Weight::Decisive,
        /// A person or the script gave an order that is not a fault.
        Ordered(Command) = "ordered" => Weight::Happening,
        /// An order could not be followed now, and why.
        OrderRefused(Command, Refusal) = "order-refused" => Weight::Happening,
        /// A population is out: its reads or its writes fail more often than chance explains, and fewer than 95 % are served.
        PopulationHurt(PopulationId) = "population-hurt" => Weight::First,
        /// A population has been served again for a minute on end.
        PopulationServed(PopulationId) = "population-served" => Weight::FirstDecisive,
        /// A checker of Route 53 changed its vote on an endpoint.
        CheckerTurned {
            /// The endpoint.
            endpoint: RegionId,
            /// Which of its checkers.
            checker: u8,
            /// The new vote.
            healthy: bool,
        } = "checker-turned" => Weight::FirstDecisive,
        /// The verdict on an endpoint changed.
        EndpointTurned {
            /// The endpoint.
            endpoint: RegionId,
            /// The new verdict.
            healthy: bool,
            /// How many checkers still say healthy.
            votes: u8,
        } = "endpoint-turned" => Weight::Decisive,
        /// The name servers began to give another answer, for clients that the policy sends elsewhere now.
        AnswerChanged {
            /// The answer before.
            from: RegionId,
            /// The answer now.
            to: RegionId,
        } = "answer-changed" => Weight::Decisive,
        /// The balancer changed its mind about a target.
        TargetTurned {
            /// The server.
            server: ServerId,
            /// Its region.
            region: RegionId,
            /// Whether it gets requests now.
            healthy: bool,
        } = "target-turned" => Weight::None,
        /// Servers in a region stopped.
        ServersLost {
            /// The region.
            region: RegionId,
            /// How many.
            count: u16,
        } = "servers-lost" => Weight::Happening,
        /// Auto Scaling launched servers.
        ServersLaunched {
            /// The region.
            region: RegionId,
            /// How many.
            count: u16,
        } = "servers-launched" => Weight::Happening,
        /// Auto Scaling wanted servers that could not be had. Told once, and again when the reason changes.
        LaunchRefused {
            /// The region.
            region: RegionId,
            /// How many.
            count: u16,
            /// What refused them.
            why: LaunchRefusal,
        } = "launch-refused" => Weight::Happening,
        /// A server finished booting.
        ServerBooted {
            /// The server.
            server: ServerId,
            /// Its region.
            region: RegionId,
        } = "server-booted" => Weight::None,
        /// Servers refused requests because all their slots and queues were full. If they soon are again, that is no news.
        Overloaded(RegionId) = "overloaded" => Weight::Happening,
        /// The fleet has had room again for some minutes.
        OverloadEnded {
            /// The region.
            region: RegionId,
            /// How often it had become full, at least once.
            times: u32,
            /// From the first second with many refusals to the last, in seconds.
            lasted_s: u32,
        } = "overload-ended" => Weight::Happening,
        /// The instance that was the primary in a region stopped.
        DatabaseLost(RegionId) = "database-lost" => Weight::Happening,
        /// The standby in another zone became the primary of its region.
        StandbyTookOver {
            /// The region.
            region: RegionId,
            /// The zone's index.
            zone: u8,
        } = "standby-took-over" => Weight::Decisive,
        /// The database of a region answered again after a restart.
        DatabaseRestarted(RegionId) = "database-restarted" => Weight::Happening,
        /// The replica fell behind by more than ten seconds.
        ReplicaFellBehind(RegionId) = "replica-fell-behind" => Weight::Happening,
        /// The replica was less than two seconds behind again.
        ReplicaCaughtUp(RegionId) = "replica-caught-up" => Weight::Happening,
        /// A step of the runbook began.
        StepBegan(StepName) = "step-began" => Weight::Happening,
        /// A step of the runbook ended.
        StepEnded(StepName) = "step-ended" => Weight::Happening,
        /// A step has to wait.
        StepBlocked(StepName, Obstacle) = "step-blocked" => Weight::Happening,
        /// A step was given up because of an obstacle: the runbook goes on without it, or has failed.
        StepGivenUp(StepName, Obstacle) = "step-given-up" => Weight::Happening,
        /// Monitoring has raised the alarm of a region: too much of what its balancer answers has failed for minutes.
        AlarmRaised(RegionId) = "alarm-raised" => Weight::Decisive,
        /// The alarm of a region is over.
        AlarmEnded(RegionId) = "alarm-ended" => Weight::Happening,
        /// Routing controls were turned.
        ControlTurned {
            /// The region that is answered no more.
            off: RegionId,
            /// The region that is answered, whatever its checks say.
            on: RegionId,
        } = "control-turned" => Weight::Decisive,
        /// The old primary was fenced: it takes no more writes.
        Fenced(RegionId) = "fenced" => Weight::Happening,
        /// A replica became the primary.
        Promoted {
            /// Its region.
            region: RegionId,
            /// Acknowledged writes that it did not have.
            lost: u32,
        } = "promoted" => Weight::Decisive,
        /// An acknowledged write is missing: what became of it.
        // The promotion that loses it is the stop.
        WriteMissing(WriteId, WriteState) = "write-missing" => Weight::First,
        /// More acknowledged writes are missing than are named one by one.
        MoreWritesMissing(u32, WriteState) = "more-writes-missing" => Weight::None,
        /// The old primary came back and did not know yet that it had been replaced.
        OldPrimaryReturned {
            /// Its region.
            region: RegionId,
            /// Writes that only it has.
            stranded: u32,
        } = "old-primary-returned" => Weight::Decisive,
        /// A snapshot was whole.
        BackupTaken {
            /// The region whose database it shows.
            region: RegionId,
            /// Its number.
            snapshot: u16,
        } = "backup-taken" => Weight::None,
        /// The copy of a snapshot arrived in the recovery region.
        BackupCopied {
            /// The region that it came from.
            region: RegionId,
            /// Its number.
            snapshot: u16,
        } = "backup-copied" => Weight::Happening,
        /// The copy of a snapshot failed or stood still.
        BackupCopyDelayed {
            /// The region that it comes from.
            region: RegionId,
            /// Its number.
            snapshot: u16,
        } = "backup-copy-delayed" => Weight::Happening,
        /// Somebody deleted so many snapshots.
        BackupsDeleted(u16) = "backups-deleted" => Weight::Decisive,
        /// What stood under so many keys of a region's database could not be used any more.
        DataRuined {
            /// The region.
            region: RegionId,
            /// How many keys.
            keys: u16,
        } = "data-ruined" => Weight::Decisive,
        /// A database was made from a backup.
        DatabaseRestored {
            /// The region.
            region: RegionId,
            /// The snapshot that it began with.
            snapshot: u16,
            /// How old it was at the fault, in seconds.
            age_s: u32,
            /// Acknowledged writes that it did not have.
            lost: u32,
        } = "database-restored" => Weight::Decisive,
        /// Two writes to one key were made, of which neither had seen the other.
        WritesCollided {
            /// The key.
            key: u16,
            /// The write that was made first.
            first: WriteId,
            /// The one that was made without having seen it.
            second: WriteId,
        } = "writes-collided" => Weight::FirstDecisive,
        /// The partition whose home was a region at the start has another.
        HomeMoved {
            /// The region whose partition it is.
            partition: RegionId,
            /// Its home now.
            to: RegionId,
        } = "home-moved" => Weight::Decisive,
        /// So many writes that had been out of reach were there again.
        WritesReturned(u32) = "writes-returned" => Weight::Happening,
        /// The old primary followed again.
        Rejoined(RegionId) = "rejoined" => Weight::Happening,
        /// Another version of the application was brought out.
        VersionDeployed {
            /// The region.
            region: RegionId,
            /// The version's number.
            version: u32,
        } = "version-deployed" => Weight::Happening,
        /// Writes that only the old primary had were set aside for people to reconcile.
        WritesSetAside(u32) = "writes-set-aside" => Weight::Happening,
        /// The work was back in the first region.
        FailedBack(RegionId) = "failed-back" => Weight::Decisive,
        /// Everybody has been served again for a minute on end.
        OutageEnded {
            /// From the first failed request to the beginning of that minute, in milliseconds.
            lasted_ms: u64,
        } = "outage-ended" => Weight::Decisive,
        /// A few requests have failed for a minute already, too few for an outage.
        Degraded = "degraded" => Weight::Happening,
        /// As many have been served again as on a good day, for a minute on end.
        DegradationEnded {
            /// From the first failed request to the beginning of that minute, in milliseconds.
            lasted_ms: u64,
        } = "degradation-ended" => Weight::Happening,
        /// The replica in a region follows nobody any more: another than its source became the primary.
        SourceLost(RegionId) = "source-lost" => Weight::Happening,
        /// A step of a runbook was left undone.
        StepLeft(StepName) = "step-left" => Weight::None,
        /// A validation passes, though clients are still sent to the region that was left.
        ValidatedBut {
            /// The region.
            left: RegionId,
            /// Their share, in percent.
            percent: u8,
            /// Their populations, a bit for each.
            people: u64,
        } = "validated-but" => Weight::Happening,
        /// Whether the copy in a region is promoted, which ends at this second since the start, has to be decided.
        Asked {
            /// The region.
            region: RegionId,
            /// Where the copy ends, in seconds since the start.
            shows_s: u32,
        } = "asked" => Weight::Happening,
        /// The database of a region begins to be copied to another.
        CopyBegan {
            /// The region that is copied.
            from: RegionId,
            /// The region that gets the copy.
            to: RegionId,
        } = "copy-began" => Weight::Happening,
        /// A release was brought out in a region.
        ReleaseOut {
            /// The region.
            region: RegionId,
            /// The release.
            release: ReleaseId,
        } = "release-out" => Weight::Happening,
        /// A release has been watched in a region for as long as is asked for, and no alarm has gone off.
        ReleaseBaked {
            /// The region.
            region: RegionId,
            /// The release.
            release: ReleaseId,
        } = "release-baked" => Weight::Happening,
        /// A release was taken back in a region.
        ReleaseBack {
            /// The region.
            region: RegionId,
            /// The release.
            release: ReleaseId,
            /// What runs there again; `None` for the version of the start.
            to: Option<ReleaseId>,
        } = "release-back" => Weight::Decisive,
        /// The copy that is being filled in a region is given up for what stood there before.
        OldCopyKept(RegionId) = "old-copy-kept" => Weight::Happening,
        /// The consumers of a region take nothing new: the database does not take what they have.
        ConsumersWait(RegionId) = "consumers-wait" => Weight::Happening,
        /// They take messages again; so many simulated ones wait.
        ConsumersGoOn {
            /// The region.
            region: RegionId,
            /// Messages that wait.
            backlog: u32,
        } = "consumers-go-on" => Weight::Happening,
        /// So many simulated messages were set aside in a region: no consumer got through with them.
        MessagesDead(Several) = "messages-dead" => Weight::Happening,
        /// So many simulated messages were kept for too long in a region, and are lost.
        MessagesExpired(Several) = "messages-expired" => Weight::Happening,
        /// So many dead messages were sent to the queue of a region again.
        MessagesRedriven(Several) = "messages-redriven" => Weight::Happening,
        /// The queue of another region does not say that it has what a topic delivers: it tries again and again.
        DeliveriesWait {
            /// The region of the topic.
            from: RegionId,
            /// The region of the queue.
            to: RegionId,
        } = "deliveries-wait" => Weight::Happening,
        /// The queue answers again; the topic still has so many simulated messages to deliver.
        DeliveriesGoOn {
            /// The region of the topic.
            from: RegionId,
            /// The region of the queue.
            to: RegionId,
            /// Deliveries that no queue has confirmed.
            owed: u32,
        } = "deliveries-go-on" => Weight::Happening,
        /// Two writes that had not seen each other met in a copy, and the rule for collisions keeps one of them.
        UpdateLost {
            /// The key.
            key: u16,
            /// The write that is gone.
            lost: WriteId,
            /// The one that took its place.
            kept: WriteId,
        } = "update-lost" => Weight::Happening,
        /// A zone was lost that led partitions of a region's tables: these wait for other leaders.
        LeadersLost(ZoneId) = "leaders-lost" => Weight::Happening,
        /// The partitions that had no leader have one again.
        LeadersElected(RegionId) = "leaders-elected" => Weight::Happening,
        /// The instance of a region's volume was made anew, and answers.
        InstanceMade(ZoneId) = "instance-made" => Weight::Decisive,
        /// The database of a region was deleted, with its data and so many snapshots.
        DatabaseDeleted(RegionId, u16) = "database-deleted" => Weight::Decisive,
        /// Somebody has restored from a snapshot, and nothing was in it: its number.
        BackupFoundEmpty(u16) = "backup-found-empty" => Weight::Decisive,
        /// What the volume of a region can do has changed: so many of its six copies have every write.
        VolumeTurned(RegionId, u8) = "volume-turned" => Weight::Happening,
        /// The failover controller has decided that the copy in the second region takes over from the primary in the first.
        TakeOverDecided(RegionId, RegionId) = "take-over-decided" => Weight::Decisive,
        /// A primary acknowledges writes once another copy has them, or goes on without one.
        SemiSynchronous {
            /// The region of the primary.
            region: RegionId,
            /// It waits for a copy.
            waits: bool,
        } = "semi-synchronous" => Weight::Happening,
        /// A batch job has copied the old objects of the first region to the second.
        OldObjectsCopied(RegionId, RegionId) = "old-objects-copied" => Weight::Decisive,
        /// A standby of a region that was behind has every commit again, and can take over.
        StandbyLevel(ZoneId) = "standby-level" => Weight::Happening,
        /// The serverless database of a region turns calls away: it has not the capacity yet, or no more is allowed.
        DatabaseShort(RegionId) = "database-short" => Weight::Happening,
        /// It has turned nobody away for half a minute.
        DatabaseSuffices(RegionId) = "database-suffices" => Weight::Happening,
        /// The service has told whoever is subscribed to its events that it replaces the instance of a region by itself.
        EventPublished(RegionId) = "event-published" => Weight::None,
        /// A record that evaluates the health of its target learns whether the balancer has one that passes its checks.
        TargetsEvaluated(RegionId, bool) = "targets-evaluated" => Weight::Decisive,
        /// The balancer's name gives out its address in a zone again, or not any more.
        AddressListed(ZoneId, bool) = "address-listed" => Weight::Happening,
        /// Traffic is kept from a zone.
        ZoneShifted(ZoneId, ShiftedBy) = "zone-shifted" => Weight::Decisive,
        /// That is over; if it was a practice run, whether the other zones could not carry everything.
        ZoneShiftedBack(ZoneId, ShiftedBy, bool) = "zone-shifted-back" => Weight::Decisive,
        /// Auto Scaling wants another number of servers, by what it measures.
        Resized(Resized) = "resized" => Weight::Happening,
        /// So many servers were taken out: they get no new requests.
        ServersTakenOut(Several) = "servers-taken-out" => Weight::Happening,
        /// So many servers were taken out because they fail the balancer's checks; others come in their place.
        ServersReplaced(Several) = "servers-replaced" => Weight::Happening,
        /// The week's practice run without a zone is put off, because of this.
        PracticePutOff(ZoneId, Refusal) = "practice-put-off" => Weight::Happening,
        /// The circuit breaker of a population for a region opens, or closes again.
        BreakerTurned(PopulationId, RegionId, bool) = "breaker-turned" => Weight::Happening,
    }
    /// The kinds of journal entry, with how much each matters.
    pub enum EntryKind: Weight;
}

impl EntryKind {
    /// How much an entry of this kind matters to whoever watches.
    pub const fn weight(self) -> Weight {
        *self.row()
    }
}
