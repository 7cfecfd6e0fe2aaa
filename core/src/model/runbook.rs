//! The steps of runbooks by name, and the obstacles that a step may wait for.

use crate::kernel::id::RegionId;
use crate::kernel::kinds::kinds;
use serde::Serialize;

kinds! {
    /// What people, or automation, follow when something has to be done.
    pub enum Runbook {
        /// The copy in another region takes over.
        FailOver = "fail-over",
        /// Everything is made anew in another region, the database from a backup.
        Rebuild = "rebuild-from-backup",
        /// The database of a region is restored from a backup in place.
        Restore = "restore-in-place",
        /// The work goes back to where it was, with nothing lost.
        FailBack = "fail-back",
        /// The partitions of a dark region get another home.
        Rehome = "rehome",
        /// The home of one partition is moved, with nothing lost.
        MoveHome = "move-home",
    }
}

impl Runbook {
    /// Whether it stops writes and waits for the copy before anything moves, so that nothing is lost.
    pub const fn is_graceful(self) -> bool {
        match self {
            Self::FailBack | Self::MoveHome => true,
            Self::FailOver | Self::Rebuild | Self::Restore | Self::Rehome => false,
        }
    }
}

kinds! {
    /// A step of the runbook or of a database's own failover: a bar of the waterfall. Of several that are under way, the
    /// headline names the first in this list.
    pub enum StepName {
        /// Failback: writes stop, the copy catches up whole and becomes the primary.
        Switchover = "switchover",
        /// A new database is made from the backup.
        Restore = "restore",
        /// The backup is taken out of its archive.
        FetchBackup = "fetch-backup",
        /// Network and balancer are made from templates.
        BuildNetwork = "build-network",
        /// The replica becomes the primary.
        Promote = "promote",
        /// The standby in the other zone takes over.
        ZoneFailover = "zone-failover",
        /// The old primary is kept from taking writes.
        Fence = "fence",
        /// Until a person has acknowledged the page.
        Page = "page",
        /// Until that person knows what it is.
        Triage = "triage",
        /// Until the disaster is declared.
        Decide = "decide",
        /// The machine image is copied to the recovery region.
        CopyImage = "copy-image",
        /// Servers are added in the recovery region.
        ScaleOut = "scale-out",
        /// The version that the data needs is brought out in the recovery region.
        Deploy = "deploy",
        /// The bad release is taken back.
        Rollback = "rollback",
        /// The blocks of the restored database are loaded; until then reading some of them waits.
        LoadBlocks = "load-blocks",
        /// From the fault until the verdict of the health checks.
        Detect = "detect",
        /// Failback: the old primary's data is replaced by a copy of the new primary's.
        Rebuild = "rebuild",
        /// Failback: the rebuilt copy follows until it is no longer behind.
        CatchUp = "catch-up",
        /// Failback: the writes that only the old primary has are set aside.
        SetAside = "set-aside",
        /// Failback: the record points to the first region again.
        ReturnRecord = "return-record",
        /// The record is changed through the control plane.
        ChangeRecord = "change-record",
        /// From the changed answer until no resolver holds the old one.
        Cutover = "cutover",
        /// Servers that died are replaced.
        ReplaceServers = "replace-servers",
        /// Synthetic requests are tried against the recovery region.
        Validate = "validate",
        /// The record is pinned to the recovery region.
        Pin = "pin",
        /// After a restore: the copies in other regions are filled anew.
        Refill = "refill",
        /// The old primary comes back as a follower by itself.
        Rejoin = "rejoin",
        /// The home of a partition takes no more writes, and the new home catches up.
        HandOver = "hand-over",
        /// The partitions of a dark region get another home.
        Rehome = "rehome",
    }
}

/// What a step may wait for.
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
    /// The copy in the region, which can catch up, has not.
    Behind(RegionId),
    /// Another step has to be done before.
    Before(StepName),
    /// The canary does not get through.
    Canary,
    /// Too many of the requests that arrive in the region fail.
    Unserved(RegionId),
    /// Whether the copy in the region, which is behind, is promoted is not decided.
    Decision(RegionId),
}

impl Obstacle {
    /// The word for it in reports, and the region that it is in, if it is in one.
    pub const fn parts(self) -> (&'static str, Option<RegionId>) {
        match self {
            Self::DnsControlPlane => ("dns-control-plane", None),
            Self::Capacity => ("capacity", None),
            Self::RegionDark(region) => ("region-dark", Some(region)),
            Self::NoReplica(region) => ("no-replica", Some(region)),
            Self::ControlPlane(region) => ("control-plane", Some(region)),
            Self::Quota(region) => ("quota", Some(region)),
            Self::NoImage(region) => ("no-image", Some(region)),
            Self::NoTemplates(region) => ("no-templates", Some(region)),
            Self::NoBackup(region) => ("no-backup", Some(region)),
            Self::Behind(region) => ("behind", Some(region)),
            Self::Before(step) => (step.slug(), None),
            Self::Canary => ("canary", None),
            Self::Unserved(region) => ("served", Some(region)),
            Self::Decision(region) => ("decision", Some(region)),
        }
    }
}
