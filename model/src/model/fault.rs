//! Conditions that can be injected and cleared, as a table.

use crate::kernel::id::{RegionId, ZoneId};
use crate::kernel::kinds::kinds;
use crate::model::aim::{Target, TargetKind, written};
pub use crate::model::needs::Needs;
use serde::Serialize;

/// The first zones of a region, over which the copies of a volume are spread, whichever have servers of ours.
pub const VOLUME_ZONES: u8 = 3;

/// What a fault does to machines at once, and undoes when it is over, with what it is aimed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing at once: who needs the control plane, or the way of the copies, asks whether the fault is in force.
    Asked,
    /// Every population asks more.
    Surge,
    /// Everything in the region stops.
    Dark(RegionId),
    /// Everything in the zone stops.
    NoPower(ZoneId),
    /// The zone is slow and half failing.
    Grey(ZoneId),
    /// The primary database instance of the region dies.
    Instance(RegionId),
    /// Messages are lost from the first region to the second.
    Cut(RegionId, RegionId),
    /// Messages are lost both ways.
    CutBothWays(RegionId, RegionId),
    /// Messages are slow both ways.
    Slow(RegionId, RegionId),
    /// Some messages are lost both ways.
    Lossy(RegionId, RegionId),
    /// No server can be launched in the region.
    NoCapacity(RegionId),
    /// The region launches few servers a minute.
    Throttled(RegionId),
    /// The servers of the region refuse connections.
    Refusing(RegionId),
    /// The servers of the region write rubbish.
    Rubbish(RegionId),
    /// The consumers of the region's queue stop.
    Stopped(RegionId),
    /// The next message in the region's queue is a poison one.
    Poisoned(RegionId),
    /// What is in the region's database is deleted, which stays so.
    Deleted(RegionId),
    /// The region's database is gone, with what goes with its instance, which stays so.
    Gone(RegionId),
    /// What is in the region's database is encrypted, which stays so.
    Encrypted(RegionId),
    /// Nobody can reach the database of the region, which is well.
    Unreachable(RegionId),
    /// Every zone of the region is slow and half failing.
    GreyRegion(RegionId),
    /// The backup plan makes no snapshots.
    NoBackups,
    /// What the backup plan makes is empty.
    EmptyBackups,
    /// One of the two copies that the region's volume has in the zone is gone.
    Copy(ZoneId),
    /// The balancer's address in the zone leads nowhere.
    Entrance(ZoneId),
    /// Messages between the two zones are slow, both ways.
    SlowZones(ZoneId, ZoneId),
    /// Some messages between the two zones are lost, both ways, and sent again.
    LossyZones(ZoneId, ZoneId),
}

/// What a kind of fault is aimed at, and its effect there.
#[derive(Clone, Copy)]
enum Aims {
    Nothing(Effect),
    Region(fn(RegionId) -> Effect),
    Zone(fn(ZoneId) -> Effect),
    Link(fn(RegionId, RegionId) -> Effect),
    Direction(fn(RegionId, RegionId) -> Effect),
    ZoneLink(fn(ZoneId, ZoneId) -> Effect),
}

/// What is known of a kind of fault.
struct Row {
    aims: Aims,
    ruins: bool,
    needs: Needs,
    /// A zone is impaired by it, so that AWS keeps traffic from it.
    impairs_zone: bool,
}

/// A fault that leaves data as they are.
const fn fails(aims: Aims) -> Row {
    Row { aims, ruins: false, needs: Needs::Nothing, impairs_zone: false }
}

/// A fault that impairs a zone.
const fn impairs(effect: fn(ZoneId) -> Effect) -> Row {
    Row { impairs_zone: true, ..fails(Aims::Zone(effect)) }
}

/// A fault that ruins what is in the region's database.
const fn ruins(effect: fn(RegionId) -> Effect) -> Row {
    Row { ruins: true, ..fails(Aims::Region(effect)) }
}

/// A fault of the queue in front of a region's writes.
const fn queues(effect: fn(RegionId) -> Effect) -> Row {
    Row { needs: Needs::Queue, ..fails(Aims::Region(effect)) }
}

/// A fault of a region's database instance.
const fn stops(effect: fn(RegionId) -> Effect) -> Row {
    Row { needs: Needs::Instance, ..fails(Aims::Region(effect)) }
}

kinds! {
    /// The kinds of fault, in the order in which the page lists them.
    pub enum FaultKind: Row {
        /// Everything in the region stops and cannot be reached.
        RegionDark = "region-dark" => fails(Aims::Region(Effect::Dark)),
        /// The zone loses power.
        ZonePower = "zone-power" => impairs(Effect::NoPower),
        /// The zone is slow and half failing, but passes shallow checks.
        ZoneGrey = "zone-grey" => impairs(Effect::Grey),
        /// The primary database instance of the region dies.
        PrimaryDatabase = "primary-database" => stops(Effect::Instance),
        /// Messages between the two regions are lost, both ways.
        LinkCut = "link-cut" => fails(Aims::Link(Effect::CutBothWays)),
        /// Messages from the first region to the second are lost.
        LinkCutOneWay = "link-cut-one-way" => fails(Aims::Direction(Effect::Cut)),
        /// Messages between the two regions take `faults.slow_factor` times as long, and a stream carries so many times less.
        LinkSlow = "link-slow" => fails(Aims::Link(Effect::Slow)),
        /// The share `faults.loss` of the messages between the two regions is lost.
        LinkLossy = "link-lossy" => fails(Aims::Link(Effect::Lossy)),
        /// No record of Route 53 can be changed.
        DnsControlPlane = "dns-control-plane" => fails(Aims::Nothing(Effect::Asked)),
        /// No server can be launched in the region.
        Capacity = "capacity" => fails(Aims::Region(Effect::NoCapacity)),
        /// Every population asks `faults.surge_factor` times as much.
        LoadSurge = "load-surge" => fails(Aims::Nothing(Effect::Surge)),
        /// A bad deployment: every server of the region refuses connections.
        BadDeploy = "bad-deploy" => fails(Aims::Region(Effect::Refusing)),
        /// Calls that make or change something in the region are not answered; what runs goes on.
        ControlPlane = "control-plane" => fails(Aims::Region(|_| Effect::Asked)),
        /// The region's control plane launches `faults.slow_launches_per_min` servers a minute, and throttles the other calls.
        ControlPlaneSlow = "control-plane-slow" => fails(Aims::Region(Effect::Throttled)),
        /// A bad deployment writes rubbish: every write of the region's servers.
        Corruption = "corruption" => ruins(Effect::Rubbish),
        /// Somebody deletes everything in the region's database.
        MassDelete = "mass-delete" => ruins(Effect::Deleted),
        /// Everything in the region's database is encrypted, and backups in vaults that are not locked are deleted.
        Ransomware = "ransomware" => ruins(Effect::Encrypted),
        /// Copies of backups to other regions stand still.
        BackupCopy = "backup-copy" => fails(Aims::Nothing(Effect::Asked)),
        /// A region that is replaced is not told, and goes on taking writes.
        FenceFails = "fence-fails" => fails(Aims::Nothing(Effect::Asked)),
        /// The consumers of the region's queue stop, whatever they had in hand.
        ConsumersStop = "consumers-stop" => queues(Effect::Stopped),
        /// The next message in the region's queue is one that no consumer gets through with while this lasts.
        PoisonMessage = "poison-message" => queues(Effect::Poisoned),
        /// The endpoint of the region's database is gone: its name leads nowhere. Servers and balancer are well.
        DatabaseEndpoint = "database-endpoint" => fails(Aims::Region(Effect::Unreachable)),
        /// Every zone of the region is slow and half failing, but passes shallow checks.
        RegionGrey = "region-grey" => fails(Aims::Region(Effect::GreyRegion)),
        /// Somebody deletes the region's database itself: its instances, its data, and the automated backups that go with them.
        InstanceDeleted = "instance-deleted" =>
            Row { needs: Needs::OneWriter, ..ruins(Effect::Gone) },
        /// The job that backs up fails, and tells nobody.
        BackupJob = "backup-job" => fails(Aims::Nothing(Effect::NoBackups)),
        /// The job that backs up ends well, and what it has made is empty.
        BackupEmpty = "backup-empty" => fails(Aims::Nothing(Effect::EmptyBackups)),
        /// One of the two copies that the database's volume has in the zone is gone; when this is over it is built anew.
        VolumeCopy = "volume-copy" =>
            Row { needs: Needs::Volume, ..fails(Aims::Zone(Effect::Copy)) },
        /// The page that Route 53's checkers ask for fails in the region, by itself; the service is well.
        CheckFails = "check-fails" => fails(Aims::Region(|_| Effect::Asked)),
        /// The certificate of the region has expired: clients refuse it, and health checks do not look at it.
        CertificateExpired = "certificate-expired" => fails(Aims::Region(|_| Effect::Asked)),
        /// A security group lets nobody in to the region's balancer; connections that are open go on.
        SecurityGroup = "security-group" => fails(Aims::Region(|_| Effect::Asked)),
        /// A security group lets nobody in to the region's database.
        SecurityGroupDatabase = "security-group-database" => fails(Aims::Region(Effect::Unreachable)),
        /// The address that the region's balancer has in the zone leads nowhere: who connects there hears nothing.
        BalancerAddress = "balancer-address" => impairs(Effect::Entrance),
        /// Messages between the two zones of a region take `faults.slow_factor` times as long.
        ZoneLinkSlow = "zone-link-slow" => fails(Aims::ZoneLink(Effect::SlowZones)),
        /// The share `faults.loss` of the messages between the two zones of a region is lost, and sent again.
        ZoneLinkLossy = "zone-link-lossy" => fails(Aims::ZoneLink(Effect::LossyZones)),
    }
}

impl FaultKind {
    /// Whether a zone is impaired by it, so that AWS keeps traffic from it.
    pub const fn impairs_zone(self) -> bool {
        self.row().impairs_zone
    }

    /// Whether it ruins data, in the region's database and in every copy that follows it.
    pub const fn corrupts(self) -> bool {
        self.row().ruins
    }

    /// What a system has to have for it to make sense.
    pub const fn needs(self) -> Needs {
        self.row().needs
    }

    /// What it is aimed at.
    pub const fn target_kind(self) -> TargetKind {
        match self.row().aims {
            Aims::Nothing(_) => TargetKind::Nothing,
            Aims::Region(_) => TargetKind::Region,
            Aims::Zone(_) => TargetKind::Zone,
            Aims::Link(_) => TargetKind::Link,
            Aims::Direction(_) => TargetKind::Direction,
            Aims::ZoneLink(_) => TargetKind::ZoneLink,
        }
    }

    /// An order with a target of the default scenario: "region-dark=us-east-1".
    pub fn example(self) -> String {
        written(self.slug(), self.target_kind().example())
    }
}

/// A condition that is injected and later cleared. Its target fits its kind: no other can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Hash)]
pub struct Fault {
    kind: FaultKind,
    target: Target,
}

impl Fault {
    /// A fault of this kind at this target; `None` if the kind is aimed at another kind of target.
    pub fn new(kind: FaultKind, target: Target) -> Option<Self> {
        let there =
            kind.needs() != Needs::Volume || target.zone().is_some_and(|zone| zone.index < VOLUME_ZONES);
        let fits = target.kind() == kind.target_kind() && target.is_sound() && there;
        fits.then_some(Self { kind, target })
    }

    /// What kind of fault it is.
    pub const fn kind(self) -> FaultKind {
        self.kind
    }

    /// What it is aimed at.
    pub const fn target(self) -> Target {
        self.target
    }

    /// What it does to machines at once, and undoes when it is over.
    pub fn effect(self) -> Effect {
        match (self.kind.row().aims, self.target) {
            (Aims::Nothing(effect), Target::Nothing) => effect,
            (Aims::Region(effect), Target::Region(region)) => effect(region),
            (Aims::Zone(effect), Target::Zone(zone)) => effect(zone),
            (Aims::Link(effect), Target::Link(a, b)) => effect(a, b),
            (Aims::Direction(effect), Target::Direction(from, to)) => effect(from, to),
            (Aims::ZoneLink(effect), Target::ZoneLink(a, b)) => effect(a, b),
            // A fault is made with the target of its kind alone.
            (
                Aims::Nothing(_)
                | Aims::Region(_)
                | Aims::Zone(_)
                | Aims::Link(_)
                | Aims::Direction(_)
                | Aims::ZoneLink(_),
                _,
            ) => Effect::Asked,
        }
    }

    /// The region that the fault is in, if it is in one.
    pub const fn region(self) -> Option<RegionId> {
        self.target.region()
    }
}
