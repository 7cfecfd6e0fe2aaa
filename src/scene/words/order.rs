//! Words for orders: as a thing that was ordered, and as what goes on.

use super::{fault, number};
use crate::catalog::CITIES;
use crate::model::Answer;
use crate::model::command::Command;
use crate::model::fault::Fault;
use crate::model::plan::Plan;

/// An order as a thing: "A failover to eu-west-1".
pub fn thing(plan: &Plan, command: Command) -> String {
    let code = |region| plan.region_code(region);
    match command {
        Command::FailOver(region) => format!("A failover to {}", code(region)),
        Command::FailBack => "A failback to the first region".into(),
        Command::Evacuate(region) => format!("The evacuation of {}", code(region)),
        Command::CallOff => "Calling off".into(),
        Command::RoutingControl(off, on) => {
            format!("A routing control that sends the clients of {} to {}", code(off), code(on))
        }
        Command::RollBack(region) => format!("A roll-back of the release in {}", code(region)),
        Command::Decide(Answer::Yes) => "A decision by the person on call".into(),
        Command::Decide(Answer::Promote) => "The decision to promote the copy that is behind".into(),
        Command::Decide(Answer::Wait) => "The decision to wait".into(),
        Command::Restore(region, None) => format!("A restore of the newest good backup in {}", code(region)),
        Command::Restore(region, Some(second)) => {
            format!("A restore in {} to {}", code(region), number::moment(f64::from(second)))
        }
        Command::Redrive(region) => format!("Sending the dead messages of {} again", code(region)),
        Command::NewInstance(region) => format!("A new instance of the database in {}", code(region)),
        Command::Snapshot(region) => format!("A snapshot of the database in {}", code(region)),
        Command::Reboot(region) => format!("A reboot of the database in {}", code(region)),
        Command::ChangeInstances(region) => format!("A change of the instances in {}", code(region)),
        Command::ZonalShift(zone) => format!("A zonal shift away from {}", plan.zone_code(zone)),
        Command::EndZonalShift(region) => format!("The end of the zonal shift in {}", code(region)),
        Command::PracticeRun(zone) => format!("A practice run without {}", plan.zone_code(zone)),
        Command::RestartClients => "A restart of all clients".into(),
        Command::RestartCity(people) => format!("A restart of the clients in {}", plan.city(people)),
        Command::BatchReplicate(region) => {
            format!("A batch job for the objects of {} that the rule did not copy", code(region))
        }
        Command::RaiseQuota(region) => format!("A higher quota in {}", code(region)),
        Command::MoveHome(from, to) => format!("A move of the users of {} to {}", code(from), code(to)),
        Command::Travel(people, city) => {
            format!("A journey from {} to {}", plan.city(people), CITIES[usize::from(city)].name)
        }
        Command::Write(people, key) => format!("A write to key {} in {}", key, plan.city(people)),
        Command::Deploy(release) => format!("The rollout of {}", plan.release_name(release)),
        Command::Run(book, ends) => {
            let name = &plan.runbooks[book.index()].name;
            match ends {
                None => format!("The runbook \"{name}\""),
                Some((from, to)) if from == to => format!("The runbook \"{name}\" in {}", code(from)),
                Some((from, to)) => format!("The runbook \"{name}\" from {} to {}", code(from), code(to)),
            }
        }
        Command::Inject(broken) => of_fault(plan, broken, false),
        Command::Clear(mended) => of_fault(plan, mended, true),
    }
}

fn of_fault(plan: &Plan, broken: Fault, active: bool) -> String {
    let label = fault::chip_label(plan, broken, active);
    let target = fault::place(plan, broken.target());
    if label.contains(&target) { format!("\"{label}\"") } else { format!("\"{label}\" for {target}") }
}

/// What goes on because of it, to follow "Now:".
pub fn doing(plan: &Plan, command: Command) -> String {
    let code = |region| plan.region_code(region);
    match command {
        Command::Inject(broken) => lower_first(&fault::injected(plan, broken)),
        Command::Clear(mended) => lower_first(&fault::cleared(plan, mended)),
        Command::FailOver(region) => format!("failing over to {}", code(region)),
        Command::FailBack => "failing back".into(),
        Command::Evacuate(region) => format!("evacuating {}", code(region)),
        Command::CallOff => "calling off".into(),
        Command::RoutingControl(off, on) => format!("sending the clients of {} to {}", code(off), code(on)),
        Command::RollBack(region) => format!("rolling the release in {} back", code(region)),
        Command::Decide(_) => "deciding".into(),
        Command::Restore(region, _) => format!("restoring the database in {}", code(region)),
        Command::Redrive(region) => format!("sending the dead messages of {} again", code(region)),
        Command::NewInstance(region) => format!("making an instance of the database in {}", code(region)),
        Command::Snapshot(region) => format!("taking a snapshot of the database in {}", code(region)),
        Command::Reboot(region) => format!("rebooting the database in {}", code(region)),
        Command::ChangeInstances(region) => format!("changing the instances in {}", code(region)),
        Command::ZonalShift(zone) => format!("traffic is kept from {}", plan.zone_code(zone)),
        Command::EndZonalShift(region) => format!("traffic goes to every zone of {} again", code(region)),
        Command::PracticeRun(zone) => format!("practising without {}", plan.zone_code(zone)),
        Command::RestartClients => "clients are started again".into(),
        Command::RestartCity(people) => format!("clients in {} are started again", plan.city(people)),
        Command::BatchReplicate(region) => format!("copying the old objects of {}", code(region)),
        Command::RaiseQuota(region) => format!("raising the quota in {}", code(region)),
        Command::MoveHome(from, _) => format!("moving the users of {}", code(from)),
        Command::Travel(people, _) => format!("people of {} are travelling", plan.city(people)),
        Command::Write(people, _) => format!("somebody in {} writes", plan.city(people)),
        Command::Deploy(release) => format!("rolling {} out", plan.release_name(release)),
        Command::Run(book, _) => format!("running the runbook \"{}\"", plan.runbooks[book.index()].name),
    }
}

/// The sentence with a small first letter, unless it begins with a name such as "Route 53".
pub fn lower_first(text: &str) -> String {
    match text.split_once(' ') {
        Some(("The", rest)) => format!("the {rest}"),
        Some(("A", rest)) => format!("a {rest}"),
        _ => text.into(),
    }
}
