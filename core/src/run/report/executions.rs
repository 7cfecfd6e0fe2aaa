//! Executions of runbooks and their steps in the report.

use crate::kernel::clock::SimTime;
use crate::kernel::kinds::kinds;
use crate::model::obstacle::Obstacle;
use crate::model::plan::Plan;
use crate::model::runbook::Mode;
use crate::model::runbooks::Place;
use crate::observer::incident::{Fate, Incident, Step};
use crate::observer::recovery::{Ending, Run};
use serde::Serialize;

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
    pub runbook: String,
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
    pub name: String,
    /// What was done, of the actions that runbooks have; what machines and clients do by themselves has names of its own.
    pub action: &'static str,
    /// Where: a region, "all-others", or null.
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
    /// The need: "control-plane"; "placement" if a law forbids it.
    pub need: &'static str,
    /// Whose: "eu-west-1"; null if it is nobody's.
    pub target: Option<String>,
    /// Both in one: "control-plane=eu-west-1"; with the name of the law that forbids it: "placement=us-east-1 by GDPR".
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
        let book = run.map(|run| &plan.runbooks[run.runbook]);
        let line = book.and_then(|book| book.steps.get(usize::from(step.index)));
        let on = run.zip(line).map(|(run, line)| match line.on {
            Place::Owner => plan.region_code(run.from).to_owned(),
            Place::Target => plan.region_code(run.to).to_owned(),
            Place::AllOthers => "all-others".to_owned(),
            Place::Region(region) => plan.region_code(region).to_owned(),
        });
        let after = book.zip(line).map_or_else(Vec::new, |(book, line)| {
            line.after.iter().map(|before| book.steps[usize::from(*before)].name.clone()).collect()
        });
        let gave_up = matches!(step.fate, Fate::Skipped | Fate::Failed).then_some(step.obstacle).flatten();
        StepReport {
            name: line.map_or_else(|| step.name.slug().to_owned(), |line| line.name.clone()),
            action: line.map_or(step.name.slug(), |line| line.action.slug()),
            on,
            after,
            start_s: step.start.secs(),
            end_s: step.end.map(SimTime::secs),
            state: state(step),
            why: step.except.map(|it| it.words(plan)).or(gave_up.map(|obstacle| wait(plan, obstacle).text)),
            waits_for: step.obstacle.map(|obstacle| wait(plan, obstacle)),
        }
    })
}

fn state(step: &Step) -> StepState {
    match (step.end, step.fate) {
        (Some(_), Fate::Normal) => StepState::Done,
        (Some(_), Fate::Left) => StepState::CalledOff,
        (Some(_), Fate::Skipped) => StepState::Skipped,
        (Some(_), Fate::Failed) => StepState::Failed,
        (None, _) if step.blocked => StepState::Waiting,
        (None, _) => StepState::Running,
    }
}

/// One run of a runbook.
pub(super) fn execution(plan: &Plan, incident: &Incident, run: &Run) -> ExecutionReport {
    let steps: Vec<StepReport> = steps(plan, incident, Some(run)).collect();
    let waits = steps.iter().any(|step| step.state == StepState::Waiting);
    ExecutionReport {
        id: run.number,
        runbook: plan.runbooks[run.runbook].name.clone(),
        mode: plan.runbooks[run.runbook].mode,
        from: plan.region_code(run.from).into(),
        to: plan.region_code(run.to).into(),
        start_s: run.start.secs(),
        end_s: run.end.map(SimTime::secs),
        state: match run.end {
            Some(_) => match run.ending {
                Ending::Done => ExecutionState::Done,
                Ending::CalledOff => ExecutionState::CalledOff,
                Ending::Failed => ExecutionState::Failed,
            },
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
    let by_law = obstacle.law().map_or_else(String::new, |law| format!(" by {}", plan.law(law)));
    let text = text + &by_law;
    WaitReport { need, target, text }
}
