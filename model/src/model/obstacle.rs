//! What steps of runbooks wait for.

use crate::kernel::id::{LawId, RegionId};
use crate::model::runbook::StepName;
use serde::Serialize;

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
    /// Nothing gets through the link between the two regions.
    LinkCut(RegionId, RegionId),
    /// The copy that the step needs is not there to be promoted.
    NoReplica(RegionId),
    /// The control plane of the region does not answer.
    ControlPlane(RegionId),
    /// The control plane of the region is slow, and throttles launches.
    Throttled(RegionId),
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
    /// Another execution has the lease on the partition of the region.
    Lease(RegionId),
    /// The alarm of the region has gone off.
    Alarm(RegionId),
    /// Monitoring stands in this region, and sees nothing.
    Blind(RegionId),
    /// A law does not let the region hold the data.
    Law(LawId, RegionId),
    /// No region that a law lets hold the data of a partition can take it.
    NoLawfulHome(LawId),
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
            Self::Throttled(region) => ("throttled", Some(region)),
            Self::Quota(region) => ("quota", Some(region)),
            Self::NoImage(region) => ("no-image", Some(region)),
            Self::NoTemplates(region) => ("no-templates", Some(region)),
            Self::NoBackup(region) => ("no-backup", Some(region)),
            Self::Behind(region) => ("behind", Some(region)),
            Self::Before(step) => (step.slug(), None),
            Self::Canary => ("canary", None),
            Self::Unserved(region) => ("served", Some(region)),
            Self::Decision(region) => ("decision", Some(region)),
            Self::LinkCut(region, _) => ("link-cut", Some(region)),
            Self::Lease(region) => ("lease", Some(region)),
            Self::Alarm(region) => ("alarm", Some(region)),
            Self::Blind(region) => ("monitoring", Some(region)),
            Self::Law(_, region) => ("placement", Some(region)),
            Self::NoLawfulHome(_) => ("placement", None),
        }
    }

    /// The law that it is about.
    pub const fn law(self) -> Option<LawId> {
        match self {
            Self::Law(law, _) | Self::NoLawfulHome(law) => Some(law),
            Self::DnsControlPlane
            | Self::Capacity
            | Self::RegionDark(_)
            | Self::LinkCut(..)
            | Self::NoReplica(_)
            | Self::ControlPlane(_)
            | Self::Throttled(_)
            | Self::Quota(_)
            | Self::NoImage(_)
            | Self::NoTemplates(_)
            | Self::NoBackup(_)
            | Self::Behind(_)
            | Self::Before(_)
            | Self::Canary
            | Self::Unserved(_)
            | Self::Decision(_)
            | Self::Lease(_)
            | Self::Alarm(_)
            | Self::Blind(_) => None,
        }
    }
}
