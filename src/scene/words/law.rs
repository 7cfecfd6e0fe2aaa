//! Words for laws about where data may be held.

use super::number;
use crate::kernel::id::{LawId, RegionId};
use crate::model::plan::Plan;

/// Why a region may not hold the data: "GDPR lets only eu-west-1 hold data, and not us-east-1".
pub fn forbids(plan: &Plan, law: LawId, region: RegionId) -> String {
    format!("{}, and not {}", says(plan, law), plan.region_code(region))
}

/// What a law lets: "GDPR lets only eu-west-1 and eu-central-1 hold what is at home in eu-west-1".
pub fn says(plan: &Plan, law: LawId) -> String {
    let lets: Vec<&str> = plan.placement.lets(law).iter().map(|region| plan.region_code(region)).collect();
    let what = match plan.placement.bound_by(law) {
        Some(home) => format!("what is at home in {}", plan.region_code(RegionId(home as u8))),
        None => "data".into(),
    };
    format!("{} lets only {} hold {what}", plan.law(law), number::list(&lets))
}
