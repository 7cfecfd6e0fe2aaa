//! Laws about runbooks: a step needs what it needs, whatever waits says for what, and leases are given back.

use super::Law;
use super::memory::{Laws, Moment};
use crate::kernel::clock::{SimDuration, SimTime};
use crate::model::runbook::Action;
use crate::model::runbooks::Step;
use crate::operations::execution::{Execution, Progress, StepRun};

/// Conditions are looked at once a second: what is not so after this time was not seen.
const SEEN: SimDuration = SimDuration::from_micros(2_500_000);
/// A lease is given back by a step that has waited so long.
const LEASE: SimDuration = SimDuration::from_micros(60_000_000);

/// The executions that are under way.
pub(super) fn look(laws: &mut Laws, moment: &Moment<'_>) {
    let (plan, operations) = (moment.plan, &moment.world.operations);
    let open = || {
        let runs = operations.executions.iter();
        runs.flat_map(|run| run.steps(plan).map(move |(step, it)| (run, step, it)))
            .filter(|(.., it)| it.progress.is_open())
    };
    let unmet = open().find_map(|(run, step, it)| Some((step.name.as_str(), unmet(moment, run, step, it)?)));
    if lasts(&mut laws.unmet, unmet.is_some(), moment.now) {
        laws.check(moment.now, Law::StepsHaveTheirNeeds, false, || format!("{unmet:?}"));
    }
    let silent = open().find(|(.., it)| {
        it.progress == Progress::Waiting && it.blocked.is_none() && !it.calls.is_answer_due(moment.now)
    });
    if lasts(&mut laws.silent, silent.is_some(), moment.now) {
        laws.check(moment.now, Law::WaitingSaysForWhat, false, || {
            format!("{:?} does not go on", silent.map(|(_, step, _)| &step.name))
        });
    }
    let idle = operations.executions.iter().find(|run| !run.steps.iter().any(|step| step.progress.is_open()));
    if lasts(&mut laws.idle, idle.is_some(), moment.now) {
        laws.check(moment.now, Law::RunbooksGoOn, false, || {
            let name = idle.map(|run| &run.runbook(plan).name);
            format!("{name:?}: no step is under way")
        });
    }
    for (run, index) in operations.leases.values().flatten() {
        let holder = operations.executions.iter().find(|it| it.number == *run);
        let step = holder.map(|it| it.steps[usize::from(*index)]);
        let waits =
            step.and_then(|it| it.blocked).is_some_and(|since| moment.now.since(since) > LEASE + SEEN);
        let right = step.is_some_and(|it| it.progress.is_open()) && !waits;
        laws.check(moment.now, Law::LeasesAreGivenBack, right, || format!("step {index} of run {run}"));
    }
}

/// It has been so for longer than it takes to be seen.
fn lasts(since: &mut Option<SimTime>, is_so: bool, now: SimTime) -> bool {
    *since = if is_so { since.or(Some(now)) } else { None };
    since.is_some_and(|since| now.since(since) > SEEN)
}

/// What a step that goes on needs and does not have.
fn unmet(moment: &Moment<'_>, run: &Execution, step: &Step, it: StepRun) -> Option<&'static str> {
    let system = &moment.world.system;
    if it.blocked.is_some() || it.progress != Progress::Running {
        return None;
    }
    let dark = |region: crate::kernel::id::RegionId| system.dark[region.index()];
    let (from, to) = (run.from, run.to);
    match step.action {
        Action::BuildNetwork
        | Action::Restore
        | Action::FetchBackup
        | Action::Deploy
        | Action::Promote
        | Action::AddCapacity => dark(to).then_some("the target"),
        Action::Release => dark(run.place_of(step)).then_some("the region"),
        Action::RebuildCopy | Action::CatchUp => (dark(from) || dark(to)).then_some("both regions"),
        Action::RebuildStandbys => dark(system.ownership.primary()).then_some("the primary"),
        Action::Page
        | Action::Triage
        | Action::Decide
        | Action::Fence
        | Action::StopWrites
        | Action::CopyImage
        | Action::Rejoin
        | Action::ShiftTraffic
        | Action::Pin
        | Action::ReturnTraffic
        | Action::Try
        | Action::Validate
        | Action::RollBack
        | Action::LoadBlocks
        | Action::SetAside
        | Action::SwitchOver
        | Action::TakeDown
        | Action::Rehome
        | Action::HandOver
        | Action::Bake => None,
    }
}
