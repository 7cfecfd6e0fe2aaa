//! The steps of runbooks by name, and what a step may have to wait for.

use crate::kernel::id::RegionId;
use serde::Serialize;

/// A step of the runbook or of a database's own failover: a bar of the waterfall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum StepName {
    /// From the fault until the verdict of the health checks.
    Detect,
    /// Until a person has acknowledged the page.
    Page,
    /// Until that person knows what it is.
    Triage,
    /// Until the disaster is declared.
    Decide,
    /// The old primary is kept from taking writes.
    Fence,
    /// The replica becomes the primary.
    Promote,
    /// Servers are added in the recovery region.
    ScaleOut,
    /// The record is changed through the control plane.
    ChangeRecord,
    /// From the changed answer until no resolver holds the old one.
    Cutover,
    /// The record is pinned to the recovery region.
    Pin,
    /// Synthetic requests are tried against the recovery region.
    Validate,
    /// The standby in the other zone takes over.
    ZoneFailover,
    /// Servers that died are replaced.
    ReplaceServers,
    /// Failback: the writes that only the old primary has are set aside.
    SetAside,
    /// Failback: the old primary's data is replaced by a copy of the new primary's.
    Rebuild,
    /// Failback: the rebuilt copy follows until it is no longer behind.
    CatchUp,
    /// Failback: writes stop, the copy catches up whole and becomes the primary.
    Switchover,
    /// Failback: the record points to the first region again.
    ReturnRecord,
    /// Network and balancer are made from templates.
    BuildNetwork,
    /// The machine image is copied to the recovery region.
    CopyImage,
    /// The backup is taken out of its archive.
    FetchBackup,
    /// A new database is made from the backup.
    Restore,
    /// The blocks of the restored database are loaded; until then reading some of them waits.
    LoadBlocks,
    /// After a restore: the copies in other regions are filled anew.
    Refill,
    /// The bad release is taken back.
    Rollback,
    /// The version that the data needs is brought out in the recovery region.
    Deploy,
    /// The old primary comes back as a follower by itself.
    Rejoin,
    /// The home of a partition takes no more writes, and the new home catches up.
    HandOver,
    /// The partitions of a dark region get another home.
    Rehome,
}

/// Why a step waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Obstacle {
    /// The control plane of Route 53 does not answer.
    DnsControlPlane,
    /// The recovery region has no capacity.
    Capacity,
    /// The region that the step needs cannot be reached.
    RegionDark(RegionId),
    /// The copy that the step needs is not there to be promoted.
    NoReplica(RegionId),
    /// The control plane of the region does not answer.
    ControlPlane(RegionId),
    /// The account may not run as many servers in the region.
    Quota(RegionId),
    /// The machine image is not in the region.
    NoImage(RegionId),
    /// The templates cannot be read in the region.
    NoTemplates(RegionId),
    /// No backup is in the region.
    NoBackup(RegionId),
}
