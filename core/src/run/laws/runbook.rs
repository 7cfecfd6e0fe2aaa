//! Laws about the runbook: a step needs what it needs, and whatever waits says for what.

use super::Law;
use super::memory::{Laws, Moment};
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::RegionId;
use crate::model::runbook::StepName;
use crate::operations::execution::{OpenStep, Recovery, Stage};

/// Conditions are looked at once a second: what is not so after this time was not seen.
const SEEN: SimDuration = SimDuration::from_micros(2_500_000);

/// The runbook that is under way, if one is.
pub(super) fn look(laws: &mut Laws, moment: &Moment<'_>) {
    let recovery = &moment.world.operations.recovery;
    let runs = matches!(recovery.stage, Stage::FailingOver | Stage::FailingBack);
    let open = || recovery.open.iter().filter(|step| runs && step.run == recovery.run);
    let unmet = open().find_map(|step| Some((step.name, unmet(moment, recovery, step)?)));
    if lasts(&mut laws.unmet, unmet.is_some(), moment.now) {
        laws.check(moment.now, Law::StepsHaveTheirNeeds, false, || format!("{unmet:?}"));
    }
    let silent = open().find(|step| is_silent(recovery, step)).map(|step| step.name);
    if lasts(&mut laws.silent, silent.is_some(), moment.now) {
        laws.check(moment.now, Law::WaitingSaysForWhat, false, || format!("{silent:?} does not go on"));
    }
    let idle = runs && open().next().is_none();
    if lasts(&mut laws.idle, idle, moment.now) {
        laws.check(moment.now, Law::RunbooksGoOn, false, || {
            format!("{:?}, {:?}: no step is under way", recovery.stage, recovery.course)
        });
    }
}

/// It has been so for longer than it takes to be seen.
fn lasts(since: &mut Option<SimTime>, is_so: bool, now: SimTime) -> bool {
    *since = if is_so { since.or(Some(now)) } else { None };
    since.is_some_and(|since| now.since(since) > SEEN)
}

/// What a step that goes on needs and does not have.
fn unmet(moment: &Moment<'_>, recovery: &Recovery, step: &OpenStep) -> Option<&'static str> {
    let system = &moment.world.system;
    let dark = |region: RegionId| system.dark[region.index()];
    if step.blocked {
        return None;
    }
    let (from, to) = (recovery.from, recovery.to);
    match step.name {
        StepName::BuildNetwork | StepName::Restore | StepName::FetchBackup | StepName::Deploy => {
            // The control plane begins it; what runs goes on.
            (recovery.timed.contains(&step.name) && dark(to)).then_some("the target")
        }
        StepName::Promote | StepName::ScaleOut => dark(to).then_some("the target"),
        StepName::Rebuild | StepName::CatchUp | StepName::Switchover => {
            (dark(from) || dark(to)).then_some("both regions")
        }
        StepName::Refill => dark(to).then_some("the restored region"),
        StepName::Rejoin => dark(system.ownership.primary()).then_some("the primary"),
        StepName::Detect
        | StepName::Page
        | StepName::Triage
        | StepName::Decide
        | StepName::Fence
        | StepName::ChangeRecord
        | StepName::Cutover
        | StepName::Pin
        | StepName::Validate
        | StepName::ZoneFailover
        | StepName::ReplaceServers
        | StepName::SetAside
        | StepName::ReturnRecord
        | StepName::CopyImage
        | StepName::LoadBlocks
        | StepName::Rollback
        | StepName::HandOver
        | StepName::Rehome => None,
    }
}

/// A step that neither runs nor says what it waits for.
fn is_silent(recovery: &Recovery, step: &OpenStep) -> bool {
    if step.blocked {
        return false;
    }
    match step.name {
        StepName::Promote => !recovery.promoting,
        StepName::ChangeRecord | StepName::Pin | StepName::ReturnRecord => !recovery.changing_record,
        StepName::BuildNetwork
        | StepName::CopyImage
        | StepName::FetchBackup
        | StepName::Restore
        | StepName::Deploy => !recovery.timed.contains(&step.name),
        StepName::Detect
        | StepName::Page
        | StepName::Triage
        | StepName::Decide
        | StepName::Fence
        | StepName::ScaleOut
        | StepName::Cutover
        | StepName::Validate
        | StepName::ZoneFailover
        | StepName::ReplaceServers
        | StepName::SetAside
        | StepName::Rebuild
        | StepName::CatchUp
        | StepName::Switchover
        | StepName::LoadBlocks
        | StepName::Refill
        | StepName::Rollback
        | StepName::Rejoin
        | StepName::HandOver
        | StepName::Rehome => false,
    }
}
