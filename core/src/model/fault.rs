//! Conditions that can be injected and cleared, and the commands that a person or a script can give.

use crate::kernel::id::{PopulationId, RegionId, ZoneId};
use crate::model::FaultKind;
use serde::Serialize;

/// A condition that is injected and later cleared, with its target looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The zone has no power.
    ZonePower(ZoneId),
    /// Nothing in the region runs or can be reached.
    RegionDark(RegionId),
    /// Messages between the two regions are lost.
    LinkCut(RegionId, RegionId),
    /// Messages from the first to the second are lost.
    LinkCutOneWay(RegionId, RegionId),
    /// Messages between the two take longer.
    LinkSlow(RegionId, RegionId),
    /// Some messages between the two are lost.
    LinkLossy(RegionId, RegionId),
    /// The primary database instance in the region is dead.
    PrimaryDatabase(RegionId),
    /// The zone is slow and half failing, but passes shallow checks.
    ZoneGrey(ZoneId),
    /// No record can be changed.
    DnsControlPlane,
    /// No server can be launched in the region.
    Capacity(RegionId),
    /// Every population asks more.
    LoadSurge,
    /// Every server in the region refuses connections.
    BadDeploy(RegionId),
    /// Nothing can be made or changed in the region; what runs goes on.
    ControlPlane(RegionId),
    /// Every write of the region's servers is rubbish.
    Corruption(RegionId),
    /// Everything in the region's database was deleted.
    MassDelete(RegionId),
    /// Everything in the region's database was encrypted, and backups deleted that could be.
    Ransomware(RegionId),
    /// Copies of backups stand still.
    BackupCopy,
    /// Whoever is replaced is not told.
    FenceFails,
}

impl Fault {
    /// What kind of fault it is.
    pub const fn kind(self) -> FaultKind {
        match self {
            Self::ZonePower(_) => FaultKind::ZonePower,
            Self::RegionDark(_) => FaultKind::RegionDark,
            Self::LinkCut(..) => FaultKind::LinkCut,
            Self::LinkCutOneWay(..) => FaultKind::LinkCutOneWay,
            Self::LinkSlow(..) => FaultKind::LinkSlow,
            Self::LinkLossy(..) => FaultKind::LinkLossy,
            Self::PrimaryDatabase(_) => FaultKind::PrimaryDatabase,
            Self::ZoneGrey(_) => FaultKind::ZoneGrey,
            Self::DnsControlPlane => FaultKind::DnsControlPlane,
            Self::Capacity(_) => FaultKind::Capacity,
            Self::LoadSurge => FaultKind::LoadSurge,
            Self::BadDeploy(_) => FaultKind::BadDeploy,
            Self::ControlPlane(_) => FaultKind::ControlPlane,
            Self::Corruption(_) => FaultKind::Corruption,
            Self::MassDelete(_) => FaultKind::MassDelete,
            Self::Ransomware(_) => FaultKind::Ransomware,
            Self::BackupCopy => FaultKind::BackupCopy,
            Self::FenceFails => FaultKind::FenceFails,
        }
    }

    /// The region that the fault is in, where it is in one.
    pub const fn region(self) -> Option<RegionId> {
        match self {
            Self::ZonePower(zone) | Self::ZoneGrey(zone) => Some(zone.region),
            Self::RegionDark(region)
            | Self::PrimaryDatabase(region)
            | Self::Capacity(region)
            | Self::BadDeploy(region)
            | Self::ControlPlane(region)
            | Self::Corruption(region)
            | Self::MassDelete(region)
            | Self::Ransomware(region) => Some(region),
            Self::LinkCut(..)
            | Self::LinkCutOneWay(..)
            | Self::LinkSlow(..)
            | Self::LinkLossy(..)
            | Self::DnsControlPlane
            | Self::LoadSurge
            | Self::BackupCopy
            | Self::FenceFails => None,
        }
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
    /// The person who was paged decides now.
    Decide,
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
}
