//! What can be ordered now: the big red button, the decision that is owed, and other orders that make sense.

use super::panels::{Action, Question};
use super::view::View;
use super::words::{fault, number};
use crate::app::Msg;
use crate::kernel::id::RegionId;
use crate::model::fault::Fault;
use crate::model::obstacle::Obstacle;
use crate::model::runbook::StepName;
use crate::model::scenario::WritePattern;
use crate::model::{Decider, Rule};
use crate::operations::execution::{Execution, Work};

fn action(slug: impl Into<String>, label: String, hint: String, order: String) -> Action {
    Action { label, hint, msg: Msg::Ordered(order), slug: slug.into() }
}

impl View<'_> {
    /// The big red button: it takes down the region that serves. Nothing while a region is dark already.
    pub(super) fn big_button(&self) -> Option<Action> {
        if self.world.system.dark.iter().any(|dark| *dark) {
            return None;
        }
        let code = self.code(self.world.system.ownership.primary());
        let hint = format!("Everything in {code} stops, and nothing in it can be reached.");
        Some(action("region-dark", format!("Take {code} down"), hint, format!("region-dark={code}")))
    }

    /// The big red button is the first thing that this person may do.
    pub(super) fn welcome(&self) -> bool {
        !self.app.has_met() && self.world.observer.incidents.is_empty()
    }

    /// The decision, where the learner owes it: the runbook waits, and the clock runs.
    pub(super) fn decision(&self) -> Option<Action> {
        let learner = self.plan.scenario.recovery.decider == Decider::Learner;
        self.world.operations.deciding().filter(|_| learner).map(|run| self.decide(run))
    }

    fn decide(&self, run: &Execution) -> Action {
        let label = match run.work(self.plan) {
            Work::Restore => format!("Restore {} from a backup", self.code(run.to)),
            Work::Homes => format!("Give the users of {} another home", self.code(run.from)),
            Work::Promote | Work::Rebuild | Work::Return | Work::Other => {
                format!("Fail over to {}", self.code(run.to))
            }
        };
        let learner = self.plan.scenario.recovery.decider == Decider::Learner;
        let observer = &self.world.observer;
        let incident = observer.current_incident().and_then(|incident| observer.incidents.get(incident));
        let hint = match incident.filter(|_| learner) {
            Some(incident) => format!(
                "You decide. The runbook has nothing to do until then, and the clock has been running for {}.",
                number::span(self.now.since(incident.at).secs().floor())
            ),
            None => "The person on call declares the disaster now.".into(),
        };
        let label = if learner { label } else { "Decide now".into() };
        action("decide", label, hint, "decide".into())
    }

    /// The open question, and its answers, each with what follows from it in numbers.
    pub(super) fn question(&self) -> Option<Question> {
        let copy = self.world.operations.executions.iter().find_map(|run| run.asks)?;
        let system = &self.world.system;
        let source = system.ownership.primary();
        let shows_s = system.databases[copy.index()].shows().secs();
        let (code, copy) = (self.code(source), self.code(copy));
        let dark = system.faults.iter().find(|it| it.fault.region() == Some(source) && self.is_dark(source));
        let until_s = dark.map_or(self.now, |active| active.since).secs();
        let people = &self.plan.scenario.clients.populations;
        let writes_s: f64 = people.iter().map(|it| *it.requests_per_s * (1.0 - *it.read_share)).sum();
        let lacks = number::about(writes_s * (until_s - shows_s).max(0.0));
        let (end, most) =
            (number::clock(shows_s.floor()), number::span(*self.plan.scenario.recovery.promote_lag_s));
        let behind = number::span((until_s - shows_s).max(0.0).round());
        Some(Question {
            title: format!("Promote the copy in {copy}?"),
            text: format!("{behind} behind {code}; automation accepts {most}."),
            answers: vec![
                action(
                    "decide-promote",
                    format!("Promote the copy of {end}"),
                    format!("Sets aside about {lacks} writes of {code}."),
                    "decide=promote".into(),
                ),
                action(
                    "decide-wait",
                    format!("Wait for {code}"),
                    "Sets nothing aside; no write until it is back.".into(),
                    "decide=wait".into(),
                ),
            ],
        })
    }

    /// Other orders that make sense now.
    pub(super) fn actions(&self) -> Vec<Action> {
        let operations = &self.world.operations;
        let home = self.code(self.plan.blueprint.primary());
        let mut actions = Vec::new();
        match operations.deciding() {
            Some(run) if self.decision().is_none() => actions.push(self.decide(run)),
            Some(_) => {}
            None if !operations.is_calm(self.plan) => {}
            None if self.is_away() && !self.is_dark(self.plan.blueprint.primary()) => actions.push(action(
                "fail-back",
                format!("Fail back to {home}"),
                "The first region's copy is rebuilt, catches up, and becomes the primary again.".into(),
                "fail-back".into(),
            )),
            None => actions.extend(self.fail_over()),
        }
        actions.extend(self.calling_off());
        actions.extend(self.raise_quota());
        actions.extend(self.redrives());
        actions
    }

    /// What was broken, to be mended.
    pub(super) fn mends(&self) -> Vec<Action> {
        let mend = |fault: Fault| {
            let chip = self.chip(fault);
            let label = fault::clear_label(self.plan, fault);
            let slug = format!("clear-{}={}", chip.slug, chip.target);
            Action { label, hint: "Mends what was broken.".into(), msg: chip.msg, slug }
        };
        self.world.system.faults.iter().map(|active| mend(active.fault)).collect()
    }

    /// What is under way can be called off until it has done what cannot be undone.
    fn calling_off(&self) -> Option<Action> {
        let operations = &self.world.operations;
        let rollout = operations.rollout(self.plan).map(|at| &operations.executions[at]);
        let run = operations.acting(self.plan).or(rollout)?;
        let free = run.past_return(self.plan).is_none();
        free.then(|| {
            let hint = "What it has begun is undone: nothing was put in anything's place yet.";
            let label = format!("Call off: {}", run.runbook(self.plan).name.replace('-', " "));
            action("call-off", label, hint.into(), "call-off".into())
        })
    }

    /// The work is not in the region that had it at the start.
    pub(super) fn is_away(&self) -> bool {
        !self.plan.writes_everywhere()
            && self.world.system.ownership.primary() != self.plan.blueprint.primary()
    }

    /// The runbook towards the other region, where there is something to move and it is not there already.
    fn fail_over(&self) -> Option<Action> {
        let to = self
            .standby_region()
            .filter(|_| self.world.system.ownership.primary() == self.plan.blueprint.primary())?;
        let (to, follow) = (self.code(to), self.plan.blueprint.copies_follow());
        let hint = if follow {
            "The runbook starts now, without waiting for a verdict of the health checks."
        } else {
            "Everything is made anew there, the database from the newest copy of a backup."
        };
        Some(action("fail-over", format!("Fail over to {to}"), hint.into(), format!("fail-over={to}")))
    }

    /// Homes that can be moved.
    pub(super) fn homes(&self) -> Vec<Action> {
        self.plan.region_ids().filter_map(|partition| self.move_home(partition)).collect()
    }

    /// The users of a region get another home: the next region that is there.
    fn move_home(&self, partition: RegionId) -> Option<Action> {
        let busy = !self.world.operations.is_calm(self.plan);
        let scenario = &self.plan.scenario;
        let moves =
            scenario.write_pattern == WritePattern::WritePartitioned || self.plan.rule() == Rule::Conditional;
        let homes = self.plan.has_homes() && moves && !busy;
        let from = homes.then(|| self.world.system.ownership.newest(partition.index()).owner)?;
        let count = self.plan.regions();
        let next = |step: usize| RegionId(((from.index() + step) % count) as u8);
        let may_hold = |region: &RegionId| self.plan.placement.may_hold(*region, partition.index());
        let to = (1..count).map(next).find(|region| !self.is_dark(*region) && may_hold(region))?;
        let (whose, to) = (self.code(partition), self.code(to));
        Some(action(
            format!("move-home-{whose}"),
            format!("Move the users of {whose} to {to}"),
            format!("Their writes go to {to} from then on."),
            format!("move-home={whose}>{to}"),
        ))
    }

    /// Where the work of the acting region could go.
    pub(super) fn standby_region(&self) -> Option<RegionId> {
        self.world.system.recovery_region(self.plan, self.world.system.ownership.primary())
    }

    /// Servers are wanted that the account may not run.
    fn raise_quota(&self) -> Option<Action> {
        let steps = self.world.observer.incidents.iter().flat_map(|incident| &incident.steps);
        let waits = |name: StepName| matches!(name, StepName::ScaleOut | StepName::ReplaceServers);
        let blocked = steps.filter(|step| step.blocked && waits(step.name)).find_map(|step| step.obstacle);
        let Some(Obstacle::Quota(region)) = blocked else { return None };
        let code = self.code(region);
        let hint = format!(
            "The account may run {} in {code}; the runbook wants {}.",
            number::counted(self.world.system.fleets.regions[region.index()].quota.into(), "server"),
            self.planned_servers(region)
        );
        Some(action("raise-quota", format!("Raise the quota in {code}"), hint, format!("raise-quota={code}")))
    }
}
