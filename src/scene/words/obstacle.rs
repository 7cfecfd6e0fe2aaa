//! Words for what steps wait for.

use super::{law, step};
use crate::model::obstacle::Obstacle;
use crate::model::plan::Plan;
use crate::model::runbook::StepName;

/// Why a step waits, to follow "because": "eu-west-1 has no spare capacity".
pub fn because(plan: &Plan, obstacle: Obstacle) -> String {
    match obstacle {
        Obstacle::DnsControlPlane => "Route 53's control plane does not answer".into(),
        Obstacle::Capacity => "the recovery region has no spare capacity".into(),
        Obstacle::RegionDark(region) => format!("{} cannot be reached", plan.region_code(region)),
        Obstacle::LinkCut(from, to) => {
            format!("nothing gets through from {} to {}", plan.region_code(from), plan.region_code(to))
        }
        Obstacle::Lease(region) => {
            format!("another runbook is changing who takes the writes of {}", plan.region_code(region))
        }
        Obstacle::NoReplica(region) => format!("{} has no copy to promote", plan.region_code(region)),
        Obstacle::ControlPlane(region) => {
            format!("the control plane of {} does not answer", plan.region_code(region))
        }
        Obstacle::Throttled(region) => {
            format!("the control plane of {} is slow and throttles calls", plan.region_code(region))
        }
        Obstacle::Quota(region) => {
            format!("the account's quota in {} allows no more servers", plan.region_code(region))
        }
        Obstacle::NoImage(region) => format!("{} has no machine image", plan.region_code(region)),
        Obstacle::NoTemplates(region) => format!("{} has no templates", plan.region_code(region)),
        Obstacle::Behind(region) => {
            format!("the copy in {} has not taken in everything yet", plan.region_code(region))
        }
        Obstacle::Before(step) => format!("the step \"{}\" is not done", step::label(step)),
        Obstacle::Canary => "the canary gets no good answer through public DNS".into(),
        Obstacle::Unserved(region) => {
            format!("more than 1 % of the requests that arrive in {} fail", plan.region_code(region))
        }
        Obstacle::Decision(region) => {
            format!("a person has to decide about the copy in {}", plan.region_code(region))
        }
        Obstacle::Alarm(region) => format!("the alarm of {} has gone off", plan.region_code(region)),
        Obstacle::Blind(region) => {
            format!("monitoring, which is in {}, sees nothing", plan.region_code(region))
        }
        Obstacle::Law(law, region) => law::forbids(plan, law, region),
        Obstacle::NoLawfulHome(law) => {
            format!("{}, and none takes writes", law::says(plan, law))
        }
        Obstacle::NoBackup(region) => format!("{} holds no backup", plan.region_code(region)),
    }
}

/// The same to stand on a bar, to follow "waits:".
pub fn in_short(plan: &Plan, obstacle: Obstacle) -> String {
    let code = |region| plan.region_code(region);
    match obstacle {
        Obstacle::DnsControlPlane => "Route 53's control plane".into(),
        Obstacle::Capacity => "no spare capacity".into(),
        Obstacle::RegionDark(region) => format!("{} out of reach", code(region)),
        Obstacle::LinkCut(from, to) => format!("no way from {} to {}", code(from), code(to)),
        Obstacle::Lease(region) => format!("another runbook has the writes of {}", code(region)),
        Obstacle::NoReplica(region) => format!("no copy in {} to promote", code(region)),
        Obstacle::ControlPlane(region) => format!("control plane of {}", code(region)),
        Obstacle::Throttled(region) => format!("throttled in {}", code(region)),
        Obstacle::Quota(region) => format!("quota in {}", code(region)),
        Obstacle::NoImage(region) => format!("no machine image in {}", code(region)),
        Obstacle::NoTemplates(region) => format!("no templates in {}", code(region)),
        Obstacle::Behind(region) => format!("the copy in {} is behind", code(region)),
        Obstacle::Before(step) => format!("{} comes first", step::label(step)),
        Obstacle::Canary => "the canary gets no good answer".into(),
        Obstacle::Unserved(region) => format!("requests to {} fail", code(region)),
        Obstacle::Decision(region) => format!("a decision about the copy in {}", code(region)),
        Obstacle::Alarm(region) => format!("the alarm of {}", code(region)),
        Obstacle::Blind(region) => format!("monitoring in {} is blind", code(region)),
        Obstacle::Law(law, _) | Obstacle::NoLawfulHome(law) => plan.law(law).into(),
        Obstacle::NoBackup(region) => format!("no backup in {}", code(region)),
    }
}

/// That a step waits, as a sentence.
pub fn blocked(plan: &Plan, name: StepName, obstacle: Obstacle) -> String {
    format!("The step \"{}\" waits, because {}.", step::label(name), because(plan, obstacle))
}

/// That a step was given up, as a sentence.
pub fn given_up(plan: &Plan, name: StepName, obstacle: Obstacle) -> String {
    format!("The step \"{}\" was given up because {}.", step::label(name), because(plan, obstacle))
}
