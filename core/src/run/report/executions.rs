//! Executions of runbooks and their steps in the report.

use crate::kernel::clock::SimTime;
use crate::kernel::kinds::kinds;
use crate::model::plan::Plan;
use crate::model::runbook::Obstacle;
use crate::observer::incident::{Incident, Step};
use crate::observer::recovery::Run;
use serde::Serialize;

kinds! {
    /// Whether a runbook is for a planned move or for a disaster.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Mode {
        /// Writes stop before the work moves, and nothing is lost.
        Graceful = "graceful",
        /// What had not been copied stays behind.
        Ungraceful = "ungraceful",
    }
}

kinds! {
    /// How far an execution has come.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum ExecutionState {
        /// One of its steps is under way.
        Running = "running",
        /// One of its steps waits for something.
        Waiting = "waiting",
        /// All of its steps are done or were skipped.
        Done = "done",
        /// It was given up before it had changed what cannot be undone.
        CalledOff = "called-off",
        /// One of its steps could not be done.
        Failed = "failed",
    }
}

kinds! {
    /// How far a step has come.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum StepState {
        /// What it needs is not there.
        Waiting = "waiting",
        /// It is under way.
        Running = "running",
        /// It has ended.
        Done = "done",
        /// What it needs was not there, and the runbook goes on without it.
        Skipped = "skipped",
        /// It could not be done.
        Failed = "failed",
        /// Its execution was called off.
        CalledOff = "called-off",
    }
}

/// A runbook that was run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExecutionReport {
    /// Its number, from 1.
    pub id: u32,
    /// The runbook: "fail-over".
    pub runbook: &'static str,
    /// Whether writes stop first, so that nothing is lost.
    pub mode: Mode,
    /// The region that work leaves.
    pub from: String,
    /// The region that work goes to.
    pub to: String,
    /// When it began.
    pub start_s: f64,
    /// When it ended; null while it runs.
    pub end_s: Option<f64>,
    /// How far it has come.
    pub state: ExecutionState,
    /// Its steps, in the order of beginning.
    pub steps: Vec<StepReport>,
}

/// A span of the recovery.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StepReport {
    /// Its name in the runbook: "promote".
    pub name: &'static str,
    /// What was done; the name, until runbooks are data.
    pub action: &'static str,
    /// Where: the region that work goes to, or null.
    pub on: Option<String>,
    /// The steps that it came after, by name.
    pub after: Vec<String>,
    /// When it began, in seconds since the start.
    pub start_s: f64,
    /// When it ended; null while it is under way.
    pub end_s: Option<f64>,
    /// How far it has come.
    pub state: StepState,
    /// Why it was skipped or has failed, or whom it did not reach.
    pub why: Option<String>,
    /// What it waits for, or had to wait for last.
    pub waits_for: Option<WaitReport>,
}

/// What a step waits for, or had to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WaitReport {
    /// The need: "control-plane".
    pub need: &'static str,
    /// Whose: "eu-west-1"; null if it is nobody's.
    pub target: Option<String>,
    /// Both in one: "control-plane=eu-west-1".
    pub text: String,
}

/// What was done of a run, or by itself: outside of any.
pub(super) fn steps<'a>(
    plan: &'a Plan,
    incident: &'a Incident,
    run: Option<&'a Run>,
) -> impl Iterator<Item = StepReport> + 'a {
    let own = incident.steps.iter().filter(move |step| step.run == run.map(|run| run.number));
    own.map(move |step| {
        let ended_early = run.is_some_and(|run| run.called_off) && step.end.is_none();
        StepReport {
            name: step.name.slug(),
            action: step.name.slug(),
            on: run.map(|run| plan.region_code(run.to).to_owned()),
            after: Vec::new(),
            start_s: step.start.secs(),
            end_s: step.end.map(SimTime::secs),
            state: state(step, ended_early),
            why: step.except.map(|elsewhere| elsewhere.words(plan)),
            waits_for: step.obstacle.map(|obstacle| wait(plan, obstacle)),
        }
    })
}

fn state(step: &Step, called_off: bool) -> StepState {
    match step.end {
        Some(_) if step.left => StepState::CalledOff,
        Some(_) => StepState::Done,
        None if called_off => StepState::CalledOff,
        None if step.blocked => StepState::Waiting,
        None => StepState::Running,
    }
}

/// One run of a runbook.
pub(super) fn execution(plan: &Plan, incident: &Incident, run: &Run) -> ExecutionReport {
    let steps: Vec<StepReport> = steps(plan, incident, Some(run)).collect();
    let waits = steps.iter().any(|step| step.state == StepState::Waiting);
    ExecutionReport {
        id: run.number,
        runbook: run.runbook.slug(),
        mode: if run.runbook.is_graceful() { Mode::Graceful } else { Mode::Ungraceful },
        from: plan.region_code(run.from).into(),
        to: plan.region_code(run.to).into(),
        start_s: run.start.secs(),
        end_s: run.end.map(SimTime::secs),
        state: match run.end {
            Some(_) if run.called_off => ExecutionState::CalledOff,
            Some(_) => ExecutionState::Done,
            None if waits => ExecutionState::Waiting,
            None => ExecutionState::Running,
        },
        steps,
    }
}

fn wait(plan: &Plan, obstacle: Obstacle) -> WaitReport {
    let (need, region) = obstacle.parts();
    let target = region.map(|region| plan.region_code(region).to_owned());
    let text = target.as_ref().map_or(need.to_owned(), |target| format!("{need}={target}"));
    WaitReport { need, target, text }
}
