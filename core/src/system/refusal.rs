//! Why an order is refused.

use crate::kernel::id::{LawId, RegionId};
use crate::model::runbook::{Given, StepName};
use serde::Serialize;

/// Why an order cannot be followed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// The work is in the region already.
    There(RegionId),
    /// The region does not have what is to leave it.
    NotThere(RegionId),
    /// Every region takes writes: there is no primary to be moved.
    NothingToMove,
    /// The region has no copy that follows.
    NoCopy(RegionId),
    /// The copy in the region is more than two seconds behind.
    NotLevel(RegionId),
    /// The region cannot be reached.
    Dark(RegionId),
    /// No other region can take the work.
    NoTarget,
    /// Another execution is at this step.
    Busy(StepName),
    /// This step has begun, and cannot be taken back.
    PastReturn(StepName),
    /// Nobody waits for an answer.
    NobodyAsks,
    /// No execution is under way.
    NothingUnderWay,
    /// No backup in the region is as old as that.
    NoBackup(RegionId),
    /// Keys have no homes here.
    NoHomes,
    /// No release is out that can be taken back.
    NoRelease,
    /// The zone has no record for the region.
    NoRecord(RegionId),
    /// There is no runbook for it.
    NoRunbook,
    /// Every region runs the release already.
    IsOut,
    /// What the runbook takes for given is not so.
    NotGiven(Given),
    /// A law does not let the region hold the data.
    Law(LawId, RegionId),
    /// No message was set aside in the region.
    NothingDead(RegionId),
    /// There is no database in the region.
    NoDatabase(RegionId),
    /// The database of the region has its instance, or one takes its place.
    HasInstance(RegionId),
    /// An instance is being made in the region.
    InstanceComes(RegionId),
    /// The control plane of the region does not answer.
    NoControlPlane(RegionId),
    /// No other zone of the region has power.
    NoZone(RegionId),
    /// No copy lacks an old object of the region, or one is being made.
    NothingOld(RegionId),
    /// The database of the region does not answer just now, or its instances are being changed.
    NotAnswering(RegionId),
    /// Traffic is kept from a zone of the region already.
    ShiftInForce(RegionId),
    /// The region has one zone.
    OneZone(RegionId),
    /// Traffic is kept from no zone of the region.
    NoShift(RegionId),
    /// The alarm of the region is on.
    AlarmOn(RegionId),
    /// A zone of the region is impaired.
    ImpairedZone(RegionId),
    /// Route 53 counts the region as unhealthy.
    Unhealthy(RegionId),
    /// A network balancer that crosses zones resets connections to unhealthy servers at once.
    Resets,
}
