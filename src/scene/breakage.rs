//! What can be broken or mended: chips where the thing is, and the same chips by kind.

use super::panels::{FaultChip, FaultGroup};
use super::view::View;
use super::words::fault;
use crate::app::Msg;
use crate::kernel::id::{RegionId, ZoneId};
use crate::model::aim::Target;
use crate::model::command::Command;
use crate::model::fault::{Fault, FaultKind};

impl View<'_> {
    /// A fault as a button where the thing is: it says what it does.
    pub(super) fn chip(&self, broken: Fault) -> FaultChip {
        let active = self.is_active(broken);
        let command = if active { Command::Clear(broken) } else { Command::Inject(broken) };
        FaultChip {
            slug: broken.kind().slug(),
            label: fault::chip_label(self.plan, broken, active),
            target: self.plan.target_text(broken.target()),
            active,
            msg: Msg::Ordered(self.plan.order_text(command)),
        }
    }

    /// The chips of whatever these targets are: every kind of fault that is aimed at one of them.
    pub(super) fn chips(&self, targets: &[Target]) -> Vec<FaultChip> {
        let at = |kind| targets.iter().filter_map(move |target| Fault::new(kind, *target));
        let there = |broken: &Fault| self.plan.possible(broken.kind()).contains(broken);
        FaultKind::ALL.into_iter().flat_map(at).filter(there).map(|broken| self.chip(broken)).collect()
    }

    /// The chips of one kind.
    pub(super) fn chips_of(&self, kind: FaultKind) -> Vec<FaultChip> {
        self.plan.possible(kind).into_iter().map(|broken| self.chip(broken)).collect()
    }

    /// The chips of a region's card.
    pub(super) fn region_chips(&self, region: RegionId) -> Vec<FaultChip> {
        self.chips(&[Target::Region(region)])
    }

    /// The chips of a zone.
    pub(super) fn zone_chips(&self, zone: ZoneId) -> Vec<FaultChip> {
        self.chips(&[Target::Zone(zone)])
    }

    /// The chips of a link.
    pub(super) fn link_chips(&self, a: RegionId, b: RegionId) -> Vec<FaultChip> {
        self.chips(&[Target::link(a, b), Target::Direction(a, b), Target::Direction(b, a)])
    }

    /// Every fault that this system can have, by kind; each chip says where.
    pub(super) fn fault_groups(&self) -> Vec<FaultGroup> {
        let group = |kind: FaultKind| {
            let fault::Row { title, hint, short, area, usual, .. } = *fault::row(kind);
            FaultGroup {
                label: title.into(),
                hint: hint.into(),
                slug: kind.slug(),
                short: short.unwrap_or(title),
                area,
                usual,
                chips: self.plan.possible(kind).into_iter().map(|broken| self.placed_chip(broken)).collect(),
            }
        };
        FaultKind::ALL.into_iter().map(group).filter(|group| !group.chips.is_empty()).collect()
    }

    fn placed_chip(&self, broken: Fault) -> FaultChip {
        let chip = self.chip(broken);
        let nowhere = broken.target() == Target::Nothing;
        let place = if nowhere { chip.label } else { fault::place(self.plan, broken.target()) };
        FaultChip { label: place, ..chip }
    }
}
