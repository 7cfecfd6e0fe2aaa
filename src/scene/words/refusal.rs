//! Words for why orders are refused.

use super::{law, step};
use crate::model::plan::Plan;
use crate::model::runbook::Given;
use crate::system::refusal::Refusal;

/// Why an order is refused, without a full stop: "eu-west-1 cannot be reached".
pub fn because(plan: &Plan, why: Refusal) -> String {
    let code = |region| plan.region_code(region);
    match why {
        Refusal::There(region) => format!("the work is in {} already", code(region)),
        Refusal::NotThere(region) => format!("{} does not take the writes", code(region)),
        Refusal::NothingToMove => "every region takes writes".into(),
        Refusal::NoCopy(region) => format!("no copy follows in {}", code(region)),
        Refusal::NotLevel(region) => format!("the copy in {} is more than two seconds behind", code(region)),
        Refusal::Dark(region) => format!("{} cannot be reached", code(region)),
        Refusal::NoTarget => "no other region can take the work".into(),
        Refusal::Busy(bar) => format!("a runbook is at the step \"{}\"", step::label(bar)),
        Refusal::PastReturn(bar) => {
            format!("the step \"{}\" has begun and cannot be taken back", step::label(bar))
        }
        Refusal::NobodyAsks => "nobody waits for an answer".into(),
        Refusal::NothingUnderWay => "no runbook is under way".into(),
        Refusal::NoBackup(region) => format!("no backup in {} is as old as that", code(region)),
        Refusal::NothingDead(region) => format!("no message was set aside in {}", code(region)),
        Refusal::NoDatabase(region) => format!("there is no database in {}", code(region)),
        Refusal::HasInstance(region) => format!("the database in {} has its instance", code(region)),
        Refusal::InstanceComes(region) => format!("an instance is being made in {} already", code(region)),
        Refusal::NoControlPlane(region) => format!("the control plane of {} does not answer", code(region)),
        Refusal::NoZone(region) => format!("no other zone of {} has power", code(region)),
        Refusal::NotAnswering(region) => {
            format!("the database in {} does not answer, or is being changed", code(region))
        }
        Refusal::NothingOld(region) => {
            format!(
                "no copy lacks an object of {} that the rule does not bring, or it is copied now",
                code(region)
            )
        }
        Refusal::ShiftInForce(region) => format!("traffic is kept from a zone of {} already", code(region)),
        Refusal::Resets => "a network balancer that crosses zones may not reset connections at once".into(),
        Refusal::OneZone(region) => format!("{} has one zone", code(region)),
        Refusal::NoShift(region) => format!("traffic is kept from no zone of {}", code(region)),
        Refusal::AlarmOn(region) => format!("the alarm of {} is on", code(region)),
        Refusal::ImpairedZone(region) => format!("a zone of {} is impaired", code(region)),
        Refusal::Unhealthy(region) => format!("Route 53 counts {} as unhealthy", code(region)),
        Refusal::NoHomes => "keys have no homes here".into(),
        Refusal::NoRelease => "no release is out that can be taken back".into(),
        Refusal::IsOut => "every region runs that release already".into(),
        Refusal::NoRecord(region) => format!("there is no record for {}", code(region)),
        Refusal::NotGiven(given) => not_given(given).into(),
        Refusal::Law(law, region) => law::forbids(plan, law, region),
        Refusal::NoRunbook => "there is no runbook for it".into(),
    }
}

/// That what a runbook takes for given is not so.
const fn not_given(given: Given) -> &'static str {
    match given {
        Given::Anything => "nothing is given",
        Given::Copy => "no copy follows where the work would go",
        Given::NoCopy => "a copy follows where the work would go, or every region takes writes",
        Given::LevelCopy => "no copy is level where the work would go",
        Given::Switchover => "the roles cannot be switched over: the engine cannot, or the copy is not level",
        Given::Homes => "no home is to move",
        Given::Sites => "one region takes the writes",
        Given::Ruin => "no data is ruined",
    }
}
