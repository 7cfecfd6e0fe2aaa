//! What can be broken or mended: chips where the thing is, and the same chips by kind.

use super::panels::{FaultChip, FaultGroup};
use super::text::fault;
use super::view::View;
use crate::app::Msg;
use crate::kernel::id::{RegionId, ZoneId};
use crate::model::FaultKind;
use crate::model::fault::Fault;

impl View<'_> {
    /// A fault as a button where the thing is: it says what it does.
    pub(super) fn chip(&self, broken: Fault) -> FaultChip {
        let active = self.is_active(broken);
        let target = self.plan.target_text(broken);
        let slug = broken.kind().slug();
        let order = if target.is_empty() { slug.into() } else { format!("{slug}={target}") };
        FaultChip {
            slug,
            label: fault::chip_label(self.plan, broken, active),
            target,
            active,
            msg: Msg::Ordered(if active { format!("clear {order}") } else { order }),
        }
    }

    /// The chips of a region's card.
    pub(super) fn region_chips(&self, region: RegionId) -> Vec<FaultChip> {
        [
            Fault::RegionDark(region),
            Fault::PrimaryDatabase(region),
            Fault::Capacity(region),
            Fault::BadDeploy(region),
            Fault::ControlPlane(region),
            Fault::Corruption(region),
            Fault::MassDelete(region),
            Fault::Ransomware(region),
        ]
        .map(|broken| self.chip(broken))
        .into()
    }

    /// The chips of a zone.
    pub(super) fn zone_chips(&self, zone: ZoneId) -> Vec<FaultChip> {
        [Fault::ZonePower(zone), Fault::ZoneGrey(zone)].map(|broken| self.chip(broken)).into()
    }

    /// The chips of a link.
    pub(super) fn link_chips(&self, a: RegionId, b: RegionId) -> Vec<FaultChip> {
        [
            Fault::LinkCut(a, b),
            Fault::LinkCutOneWay(a, b),
            Fault::LinkCutOneWay(b, a),
            Fault::LinkSlow(a, b),
            Fault::LinkLossy(a, b),
        ]
        .map(|broken| self.chip(broken))
        .into()
    }

    /// Every fault that this system can have, by kind; each chip says where.
    pub(super) fn fault_groups(&self) -> Vec<FaultGroup> {
        let group = |kind: FaultKind| FaultGroup {
            label: fault::group_label(kind).into(),
            hint: fault::group_hint(kind).into(),
            slug: kind.slug(),
            chips: self.plan.possible(kind).into_iter().map(|broken| self.placed_chip(broken)).collect(),
        };
        FaultKind::ALL.into_iter().map(group).filter(|group| !group.chips.is_empty()).collect()
    }

    fn placed_chip(&self, broken: Fault) -> FaultChip {
        let chip = self.chip(broken);
        let place = match broken {
            Fault::LinkCut(a, b) | Fault::LinkSlow(a, b) | Fault::LinkLossy(a, b) => {
                format!("{} and {}", self.code(a), self.code(b))
            }
            Fault::LinkCutOneWay(a, b) => format!("{} to {}", self.code(a), self.code(b)),
            Fault::DnsControlPlane | Fault::LoadSurge | Fault::BackupCopy | Fault::FenceFails => {
                chip.label.clone()
            }
            Fault::ZonePower(_)
            | Fault::RegionDark(_)
            | Fault::PrimaryDatabase(_)
            | Fault::ZoneGrey(_)
            | Fault::Capacity(_)
            | Fault::BadDeploy(_)
            | Fault::ControlPlane(_)
            | Fault::Corruption(_)
            | Fault::MassDelete(_)
            | Fault::Ransomware(_) => chip.target.clone(),
        };
        FaultChip { label: place, ..chip }
    }
}
