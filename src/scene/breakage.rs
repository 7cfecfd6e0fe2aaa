//! What can be broken, mended or ordered: chips where the thing is, the same chips by kind, the big red button.

use super::panels::{Action, FaultChip, FaultGroup};
use super::text::fault;
use super::view::View;
use crate::app::Msg;
use crate::scenario::FaultKind;
use crate::sim::fault::Fault;
use crate::sim::id::{RegionId, ZoneId};
use crate::sim::recovery::Stage;

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
            Fault::DnsControlPlane | Fault::LoadSurge | Fault::BackupCopy => chip.label.clone(),
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

    /// The big red button: it takes down the region that serves. Nothing while a region is dark already.
    pub(super) fn big_button(&self) -> Option<Action> {
        if self.world.dark.iter().any(|dark| *dark) {
            return None;
        }
        let code = self.code(self.world.acting);
        Some(Action {
            label: format!("Take {code} down"),
            hint: format!("Everything in {code} stops, and nothing in it can be reached."),
            msg: Msg::Ordered(format!("region-dark={code}")),
            slug: "region-dark".into(),
        })
    }

    /// Other orders that make sense now.
    pub(super) fn actions(&self) -> Vec<Action> {
        let recovery = &self.world.recovery;
        let action = |slug: &str, label: String, hint: &str, order: String| Action {
            label,
            hint: hint.into(),
            msg: Msg::Ordered(order),
            slug: slug.into(),
        };
        let mut actions = Vec::new();
        match recovery.stage {
            Stage::Idle => {
                if self.plan.regions() > 1 && self.world.acting == RegionId(0) {
                    let to = self.code(RegionId(1));
                    let hint = "The runbook starts now, without waiting for a verdict of the health checks.";
                    actions.push(action(
                        "fail-over",
                        format!("Fail over to {to}"),
                        hint,
                        format!("fail-over={to}"),
                    ));
                }
            }
            Stage::Deciding => {
                let hint = "The person on call declares the disaster now.";
                actions.push(action("decide", "Decide now".into(), hint, "decide".into()));
            }
            Stage::Over => {
                if !self.is_dark(RegionId(0)) {
                    let home = self.code(RegionId(0));
                    let hint =
                        "The first region's copy is rebuilt, catches up, and becomes the primary again.";
                    actions.push(action(
                        "fail-back",
                        format!("Fail back to {home}"),
                        hint,
                        "fail-back".into(),
                    ));
                }
            }
            Stage::FailingOver | Stage::FailingBack => {}
        }
        for active in &self.world.faults {
            let chip = self.chip(active.fault);
            let label = match active.fault {
                Fault::RegionDark(region) => format!("Bring {} back", self.code(region)),
                Fault::ZonePower(_)
                | Fault::LinkCut(..)
                | Fault::LinkCutOneWay(..)
                | Fault::LinkSlow(..)
                | Fault::LinkLossy(..)
                | Fault::PrimaryDatabase(_)
                | Fault::ZoneGrey(_)
                | Fault::DnsControlPlane
                | Fault::Capacity(_)
                | Fault::LoadSurge
                | Fault::BadDeploy(_)
                | Fault::ControlPlane(_)
                | Fault::Corruption(_)
                | Fault::MassDelete(_)
                | Fault::Ransomware(_)
                | Fault::BackupCopy => chip.label,
            };
            let slug = format!("clear-{}", chip.slug);
            actions.push(Action { label, hint: "Mends what was broken.".into(), msg: chip.msg, slug });
        }
        actions
    }
}
