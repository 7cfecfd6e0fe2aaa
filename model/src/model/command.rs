//! The commands that a person or a script can give: faults, and a table of the other orders.

use crate::kernel::id::{PopulationId, RegionId, ReleaseId, RunbookId, ZoneId};
use crate::kernel::kinds::kinds;
use crate::model::aim::{Aim, Answer, Target, TargetKind, written};
use crate::model::fault::Fault;
use crate::model::needs::Needs;
use serde::Serialize;

/// What an order that is no fault is aimed at, and the command that it gives there.
#[derive(Clone, Copy)]
enum Gives {
    Alone(Command),
    Region(fn(RegionId) -> Command),
    Zone(fn(ZoneId) -> Command),
    Direction(fn(RegionId, RegionId) -> Command),
    Moment(fn(RegionId, Option<i32>) -> Command),
    Journey(fn(PopulationId, u8) -> Command),
    Answer(fn(Answer) -> Command),
    Key(fn(PopulationId, u16) -> Command),
    Release(fn(ReleaseId) -> Command),
    Runbook(fn(RunbookId, Option<(RegionId, RegionId)>) -> Command),
    City(Command, fn(PopulationId) -> Command),
}

/// What is known of an order that is no fault.
struct Sample {
    gives: Gives,
    example: &'static str,
    needs: Needs,
}

impl Sample {
    /// The order goes only with this.
    const fn with(self, needs: Needs) -> Self {
        Self { needs, ..self }
    }
}

/// An order with an example of its target, which every system can have.
const fn at(gives: Gives, example: &'static str) -> Sample {
    Sample { gives, example, needs: Needs::Nothing }
}

kinds! {
    /// The orders that are no faults.
    pub enum Verb: Sample {
        /// Starts the runbook towards the region at once, even if somebody else is meant to decide.
        FailOver = "fail-over" => at(Gives::Region(Command::FailOver), "eu-west-1"),
        /// Brings the work back to the first region.
        FailBack = "fail-back" => at(Gives::Alone(Command::FailBack), ""),
        /// All work and all clients leave a region that is well: servers first, then writes, then traffic.
        Evacuate = "evacuate" => at(Gives::Region(Command::Evacuate), "us-east-1"),
        /// The newest execution of a runbook is called off and undone; refused once it has done what cannot be undone.
        CallOff = "call-off" => at(Gives::Alone(Command::CallOff), ""),
        /// Routing controls are turned, off for the first region and on for the second: the data plane alone sends clients there.
        RoutingControl = "routing-control" => at(Gives::Direction(Command::RoutingControl), "us-east-1>eu-west-1"),
        /// The release is brought out as `rollout.order` says; if the alarm of a region that has it goes off, it is taken back.
        Deploy = "deploy" => at(Gives::Release(Command::Deploy), "v43"),
        /// A release that ruins data, that fails in the region, or that was deployed there last is taken back.
        RollBack = "roll-back" => at(Gives::Region(Command::RollBack), "us-east-1"),
        /// The person who was paged decides now, or answers the oldest question: to promote a copy that is behind, or to wait.
        Decide = "decide" => at(Gives::Answer(Command::Decide), ""),
        /// Restores the region's database from a backup: to a second since the start (before it if negative), or the newest good one.
        Restore = "restore" => at(Gives::Moment(Command::Restore), "us-east-1@-600"),
        /// Messages that were set aside as dead are sent to the region's queue again.
        Redrive = "redrive" => at(Gives::Region(Command::Redrive), "us-east-1").with(Needs::Queue),
        /// The account may run as many servers in the region as it wants.
        RaiseQuota = "raise-quota" => at(Gives::Region(Command::RaiseQuota), "eu-west-1"),
        /// The keys and users whose home was the first region at the start get the second as their home.
        MoveHome = "move-home" => at(Gives::Direction(Command::MoveHome), "us-east-1>eu-west-1").with(Needs::Homes),
        /// The people of a city are in another city of the catalog now, with new connections; `travel=New York>New York` ends it.
        Travel = "travel" => at(Gives::Journey(Command::Travel), "New York>Mumbai"),
        /// Somebody in a city of the scenario writes to a key now, whatever its request rate is.
        Write = "write" => at(Gives::Key(Command::Write), "London:14"),
        /// Starts a runbook of the scenario by its name, built-in or its own, whatever starts it otherwise: from one region to
        /// another, or in one region; if none is named, from the region that owns the writes to the one that they would go to.
        Run = "run" => at(Gives::Runbook(Command::Run), "fail-over:us-east-1>eu-west-1"),
        /// With `database.inside` "volume-alone": an instance is made in another zone of the region, as that of the writer is lost.
        NewInstance = "new-instance" => at(Gives::Region(Command::NewInstance), "us-east-1").with(Needs::StandIn),
        /// A snapshot of the region's database is taken by hand. It stays in the region and is kept until the end.
        Snapshot = "snapshot" => at(Gives::Region(Command::Snapshot), "us-east-1"),
        /// A batch job copies the region's objects that the replication rule does not copy to every copy that lacks them: what is older than it, failed,
        /// or goes against its direction.
        BatchReplicate = "batch-replicate" => at(Gives::Region(Command::BatchReplicate), "us-east-1").with(Needs::OldObjects),
        /// The instance of the region's database is rebooted: a standby that is in step takes over; without one it starts again.
        Reboot = "reboot" => at(Gives::Region(Command::Reboot), "us-east-1").with(Needs::Instances),
        /// The instances of the region's database are changed, with a patch or to another class: standbys first, then one takes over.
        ChangeInstances = "change-instances" => at(Gives::Region(Command::ChangeInstances), "us-east-1").with(Needs::Instances),
        /// Traffic is kept from the zone (a zonal shift): its address leaves the balancer's name, and its servers get no requests. The
        /// database's writer stays where it is.
        ZonalShift = "zonal-shift" => at(Gives::Zone(Command::ZonalShift), "us-east-1a"),
        /// The region's zonal shift is ended.
        EndZonalShift = "end-zonal-shift" => at(Gives::Region(Command::EndZonalShift), "us-east-1"),
        /// A practice run: a zonal shift that shows whether the other zones carry everything, and is broken off if they do not.
        PracticeRun = "practice-run" => at(Gives::Zone(Command::PracticeRun), "us-east-1a"),
        /// The processes of all clients, or of those in a city, are started again: they forget the addresses that they have kept, as old JVMs do for ever, and
        /// open new connections.
        RestartClients = "restart-clients" => at(Gives::City(Command::RestartClients, Command::RestartCity), "Tokyo"),
    }
}

impl Verb {
    /// What it is aimed at.
    pub const fn target_kind(self) -> TargetKind {
        match self.row().gives {
            Gives::Alone(_) => TargetKind::Nothing,
            Gives::Region(_) => TargetKind::Region,
            Gives::Zone(_) => TargetKind::Zone,
            Gives::Direction(_) => TargetKind::Direction,
            Gives::Moment(_) => TargetKind::Moment,
            Gives::Journey(_) => TargetKind::Journey,
            Gives::Answer(_) => TargetKind::Answer,
            Gives::Key(_) => TargetKind::Key,
            Gives::Release(_) => TargetKind::Release,
            Gives::Runbook(_) => TargetKind::Runbook,
            Gives::City(..) => TargetKind::City,
        }
    }

    /// What a system has to have for it to make sense.
    pub const fn needs(self) -> Needs {
        self.row().needs
    }

    /// An order with a target of the default scenario: "fail-over=eu-west-1".
    pub fn example(self) -> String {
        written(self.slug(), self.row().example)
    }
}

/// Every intervention, by script or by hand: all go through the same door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Break something. Injecting what is in force changes nothing.
    Inject(Fault),
    /// Mend it. Clearing what is not in force changes nothing.
    Clear(Fault),
    /// Start the runbook towards a region.
    FailOver(RegionId),
    /// Bring the work back to the first region.
    FailBack,
    /// Everything leaves a region that is well.
    Evacuate(RegionId),
    /// The newest execution is called off.
    CallOff,
    /// Routing controls are turned: off for the first region, on for the second.
    RoutingControl(RegionId, RegionId),
    /// A release that is bad in a region, or ruins data, is taken back.
    RollBack(RegionId),
    /// The person who was paged decides now, or answers a question.
    Decide(Answer),
    /// Restore a region's database from a backup: to this second since the start, or to the newest that is good.
    Restore(RegionId, Option<i32>),
    /// The account may run as many servers in a region as it wants.
    RaiseQuota(RegionId),
    /// The partition of the first region gets its home in the second.
    MoveHome(RegionId, RegionId),
    /// A population is in a city of the catalog now: its index.
    Travel(PopulationId, u8),
    /// Somebody of a population writes to a key now.
    Write(PopulationId, u16),
    /// A release is brought out.
    Deploy(ReleaseId),
    /// Start a runbook: from a region to another, or in one region; or where it makes sense now.
    Run(RunbookId, Option<(RegionId, RegionId)>),
    /// Dead messages of a region's queue are sent to it again.
    Redrive(RegionId),
    /// An instance is made for the region's volume in another zone.
    NewInstance(RegionId),
    /// A snapshot of the region's database is taken by hand.
    Snapshot(RegionId),
    /// Old objects of a region are copied to the others.
    BatchReplicate(RegionId),
    /// The instance of a region's database is rebooted.
    Reboot(RegionId),
    /// The instances of a region's database are changed.
    ChangeInstances(RegionId),
    /// Traffic is kept from a zone.
    ZonalShift(ZoneId),
    /// It is not any more, in a region.
    EndZonalShift(RegionId),
    /// The same as a practice run.
    PracticeRun(ZoneId),
    /// The processes of all clients are started again.
    RestartClients,
    /// Those of a population's clients are.
    RestartCity(PopulationId),
}

impl Command {
    /// The command that an order gives; `None` if its verb is aimed at another kind of target.
    pub fn new(verb: Verb, aim: Aim) -> Option<Self> {
        Some(match (verb.row().gives, aim) {
            (Gives::Alone(command), Aim::At(Target::Nothing)) => command,
            (Gives::Region(of), Aim::At(Target::Region(region))) => of(region),
            (Gives::Zone(of), Aim::At(Target::Zone(zone))) => of(zone),
            (Gives::Direction(of), Aim::At(Target::Direction(from, to))) => of(from, to),
            (Gives::Moment(of), Aim::Moment(region, second)) => of(region, second),
            (Gives::Journey(of), Aim::Journey(people, city)) => of(people, city),
            (Gives::Answer(of), Aim::Answer(answer)) => of(answer),
            (Gives::Key(of), Aim::Key(people, key)) => of(people, key),
            (Gives::Release(of), Aim::Release(release)) => of(release),
            (Gives::Runbook(of), Aim::Runbook(book, ends)) => of(book, ends),
            (Gives::City(all, of), Aim::City(people)) => people.map_or(all, of),
            (
                Gives::Alone(_)
                | Gives::Region(_)
                | Gives::Zone(_)
                | Gives::Direction(_)
                | Gives::Moment(_)
                | Gives::Journey(_)
                | Gives::Answer(_)
                | Gives::Key(_)
                | Gives::Release(_)
                | Gives::Runbook(_)
                | Gives::City(..),
                _,
            ) => return None,
        })
    }

    /// The word of its order, and what it is aimed at. The word of a fault is the same when it is cleared.
    pub const fn parts(self) -> (&'static str, Aim) {
        let (verb, aim) = match self {
            Self::Inject(fault) | Self::Clear(fault) => {
                return (fault.kind().slug(), Aim::At(fault.target()));
            }
            Self::FailOver(region) => (Verb::FailOver, Aim::At(Target::Region(region))),
            Self::FailBack => (Verb::FailBack, Aim::At(Target::Nothing)),
            Self::Evacuate(region) => (Verb::Evacuate, Aim::At(Target::Region(region))),
            Self::CallOff => (Verb::CallOff, Aim::At(Target::Nothing)),
            Self::RoutingControl(off, on) => (Verb::RoutingControl, Aim::At(Target::Direction(off, on))),
            Self::RollBack(region) => (Verb::RollBack, Aim::At(Target::Region(region))),
            Self::Decide(answer) => (Verb::Decide, Aim::Answer(answer)),
            Self::Restore(region, second) => (Verb::Restore, Aim::Moment(region, second)),
            Self::Redrive(region) => (Verb::Redrive, Aim::At(Target::Region(region))),
            Self::RaiseQuota(region) => (Verb::RaiseQuota, Aim::At(Target::Region(region))),
            Self::MoveHome(from, to) => (Verb::MoveHome, Aim::At(Target::Direction(from, to))),
            Self::Travel(people, city) => (Verb::Travel, Aim::Journey(people, city)),
            Self::Write(people, key) => (Verb::Write, Aim::Key(people, key)),
            Self::Deploy(release) => (Verb::Deploy, Aim::Release(release)),
            Self::Run(book, ends) => (Verb::Run, Aim::Runbook(book, ends)),
            Self::NewInstance(region) => (Verb::NewInstance, Aim::At(Target::Region(region))),
            Self::Snapshot(region) => (Verb::Snapshot, Aim::At(Target::Region(region))),
            Self::BatchReplicate(region) => (Verb::BatchReplicate, Aim::At(Target::Region(region))),
            Self::Reboot(region) => (Verb::Reboot, Aim::At(Target::Region(region))),
            Self::ChangeInstances(region) => (Verb::ChangeInstances, Aim::At(Target::Region(region))),
            Self::ZonalShift(zone) => (Verb::ZonalShift, Aim::At(Target::Zone(zone))),
            Self::EndZonalShift(region) => (Verb::EndZonalShift, Aim::At(Target::Region(region))),
            Self::PracticeRun(zone) => (Verb::PracticeRun, Aim::At(Target::Zone(zone))),
            Self::RestartClients => (Verb::RestartClients, Aim::City(None)),
            Self::RestartCity(people) => (Verb::RestartClients, Aim::City(Some(people))),
        };
        (verb.slug(), aim)
    }
}
