//! The names of a fault's target in what is said of its kind.

use super::row;
use crate::model::Target;
use crate::model::fault::Fault;
use crate::model::plan::Plan;

/// A template with the names of the target in it.
fn about(plan: &Plan, template: &str, target: Target) -> String {
    let code = |region| plan.region_code(region);
    match target {
        Target::Nothing => template.into(),
        Target::Region(region) => template.replace("{a}", code(region)),
        Target::Zone(zone) => template.replace("{a}", &plan.zone_code(zone)),
        Target::Link(a, b) | Target::Direction(a, b) => {
            template.replace("{a}", code(a)).replace("{b}", code(b))
        }
        Target::ZoneLink(a, b) => {
            template.replace("{a}", &plan.zone_code(a)).replace("{b}", &plan.zone_code(b))
        }
    }
}

/// What the button of a fault does, beside the thing: it breaks, or mends what is broken.
pub fn chip_label(plan: &Plan, fault: Fault, active: bool) -> String {
    let row = row(fault.kind());
    about(plan, if active { row.clear } else { row.inject }, fault.target())
}

/// What the button that ends a fault does, anywhere else.
pub fn clear_label(plan: &Plan, fault: Fault) -> String {
    let row = row(fault.kind());
    about(plan, row.clear_elsewhere.unwrap_or(row.clear), fault.target())
}

/// That a fault began, without a full stop.
pub fn injected(plan: &Plan, fault: Fault) -> String {
    about(plan, row(fault.kind()).injected, fault.target())
}

/// That a fault ended, without a full stop.
pub fn cleared(plan: &Plan, fault: Fault) -> String {
    about(plan, row(fault.kind()).cleared, fault.target())
}

/// What a fault is aimed at: "us-east-1 and eu-west-1"; empty if that is nothing in particular.
pub fn place(plan: &Plan, target: Target) -> String {
    let words = match target {
        Target::Nothing => "",
        Target::Region(_) | Target::Zone(_) => "{a}",
        Target::Link(..) | Target::ZoneLink(..) => "{a} and {b}",
        Target::Direction(..) => "{a} to {b}",
    };
    about(plan, words, target)
}
