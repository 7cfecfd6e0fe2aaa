//! The waterfall: what each execution did, several at once, and what it was like before numbers were changed.

use super::knobs::knobs;
use super::panels::{Bar, RunLane};
use super::view::View;
use super::words::{number, obstacle, step};
use crate::kernel::sorted::in_order;
use crate::model::runbook::StepName;
use crate::observer::incident::{Fate, Incident, Step};
use crate::observer::recovery::{Ending, Run};

impl View<'_> {
    /// The bars of an incident, and what other executions have done since a moment, in seconds: the left edge. If several
    /// executions are there, the bars of each stand together, the incident's own first, and each has a name; else the list of
    /// names is empty.
    pub(super) fn waterfall(&self, index: usize, from_s: f64) -> (Vec<RunLane>, Vec<Bar>) {
        let incidents = &self.world.observer.incidents;
        let incident = &incidents[index];
        let mut bars = self.bars(incident);
        let all = &self.world.observer.runs;
        debug_assert!(all.iter().all(|run| run.incident < incidents.len()), "a run belongs to an incident");
        let meanwhile = |run: &&Run| run.end.is_none_or(|end| end > incident.at) && !bars.is_empty();
        let (own, others): (Vec<&Run>, Vec<&Run>) = all
            .iter()
            .filter(|run| run.incident == index || meanwhile(run))
            .partition(|run| run.incident == index);
        let seen = |step: &&Step| step.end.is_none_or(|end| end.secs() > from_s);
        let others = others
            .into_iter()
            .filter(|run| !self.came_to_nothing(run) && self.steps_of(run).any(|step| seen(&step)));
        let runs: Vec<&Run> = own.into_iter().chain(others).collect();
        for run in runs.iter().filter(|run| run.incident != index) {
            bars.extend(self.steps_of(run).filter(seen).map(|step| self.bar(step)));
        }
        if runs.len() < 2 {
            return (Vec::new(), in_order(bars, |bar| [bar.from_s, 0.0]));
        }
        let own_steps = incident.steps.iter().any(|step| step.run.is_none());
        let alone = own_steps.then(|| RunLane {
            number: None,
            name: "by itself".into(),
            toward: String::new(),
            note: "What machines and clients do by themselves".into(),
            shown: true,
        });
        let lanes: Vec<RunLane> =
            alone.into_iter().chain(runs.iter().map(|run| self.lane(run, run.incident == index))).collect();
        for bar in &mut bars {
            bar.lane = lanes.iter().position(|lane| lane.number == bar.run).unwrap_or_default();
        }
        (lanes, in_order(bars, |bar| [bar.lane as f64, bar.from_s]))
    }

    /// The steps of an execution so far.
    fn steps_of(&self, run: &Run) -> impl Iterator<Item = &Step> {
        let number = run.number;
        let steps = &self.world.observer.incidents[run.incident].steps;
        steps.iter().filter(move |step| step.run == Some(number))
    }

    /// Whether an execution was called off while somebody still looked: that has changed nothing, and takes no room beside
    /// what did. The journal tells it.
    fn came_to_nothing(&self, run: &Run) -> bool {
        let deciding =
            |step: &Step| matches!(step.name, StepName::Page | StepName::Triage | StepName::Decide);
        debug_assert!(run.end.is_none_or(|end| end <= self.now), "nothing ends later than now");
        run.end.is_some() && run.ending == Ending::CalledOff && self.steps_of(run).all(deciding)
    }

    /// What is said of an execution.
    fn lane(&self, run: &Run, shown: bool) -> RunLane {
        let name = self.plan.runbooks[run.runbook].name.replace('-', " ");
        let (from, to) = (self.code(run.from), self.code(run.to));
        let ways = if from == to { format!("in {to}") } else { format!("from {from} to {to}") };
        let state = match (run.end, run.ending) {
            (None, _) => "under way",
            (Some(_), Ending::Done) => "done",
            (Some(_), Ending::CalledOff) => "called off",
            (Some(_), Ending::Failed) => "failed",
        };
        let incident = run.incident + 1;
        RunLane {
            number: Some(run.number),
            note: format!("Execution {}, {name} {ways}, for incident {incident}: {state}", run.number),
            toward: if from == to { format!("in {to}") } else { format!("to {to}") },
            name,
            shown,
        }
    }

    /// The bars of an incident's own steps, in the order of their beginning.
    fn bars(&self, incident: &Incident) -> Vec<Bar> {
        let length = |step: &Step| step.end.unwrap_or(self.now).since(step.start).secs();
        let longest = incident.steps.iter().map(length).fold(0.0, f64::max);
        let bar = |step: &Step| Bar { longest: longest > 0.0 && length(step) >= longest, ..self.bar(step) };
        in_order(incident.steps.iter().map(bar), |bar| [bar.from_s, 0.0])
    }

    /// The bar of a step.
    fn bar(&self, step: &Step) -> Bar {
        let took = number::span(step.end.unwrap_or(self.now).since(step.start).secs());
        let so_far = if step.end.is_none() { " so far" } else { "" };
        let waited = step.obstacle.map_or(String::new(), |obstacle| {
            let verb = if step.blocked { "waits" } else { "had to wait" };
            format!("; it {verb}, because {}", obstacle::because(self.plan, obstacle))
        });
        let except = step.except.map_or(String::new(), |it| format!("; it passed {}", it.words(self.plan)));
        let run = step.run.and_then(|run| self.world.observer.runs.iter().find(|known| known.number == run));
        let of = run.map_or(String::new(), |run| {
            format!(" ({} {})", self.plan.runbooks[run.runbook].name, run.number)
        });
        let fate = match step.fate {
            Fate::Normal => "",
            Fate::Left => "called off",
            Fate::Skipped => "given up",
            Fate::Failed => "could not be done",
        };
        let ended = match step.fate {
            Fate::Normal => String::new(),
            Fate::Left | Fate::Skipped => format!("; it was {fate}"),
            Fate::Failed => format!("; it {fate}"),
        };
        let waits = step.obstacle.filter(|_| step.blocked);
        let label = step::label(step.name);
        Bar {
            key: match step.run {
                Some(run) => format!("{run}-{}-{}", step.index, step.start.micros()),
                None => format!("{}-{}", step.name.slug(), step.start.micros()),
            },
            slug: step.name.slug(),
            run: step.run,
            lane: 0,
            label: label.into(),
            aside: waits.map_or(fate.into(), |it| format!("waits: {}", obstacle::in_short(self.plan, it))),
            waiting: waits.is_some(),
            undone: step.fate != Fate::Normal,
            from_s: step.start.secs(),
            to_s: step.end.map(|end| end.secs()),
            longest: false,
            note: format!("{label}{of}: {took}{so_far}{waited}{except}{ended}"),
            knobs: knobs(&self.plan.scenario, step.name),
        }
    }

    /// The recovery before numbers were changed, moved to where this one began.
    pub(super) fn before_bars(&self, incident: Option<&Incident>) -> Vec<Bar> {
        let (Some(before), Some(now)) = (self.app.before(), incident) else { return Vec::new() };
        let moved_s = now.at.secs() - before.at.secs();
        let mut bars = self.bars(before);
        for bar in &mut bars {
            bar.from_s += moved_s;
            bar.to_s = bar.to_s.map(|to_s| to_s + moved_s);
            bar.note = format!("before: {}", bar.note);
            bar.knobs.clear();
        }
        bars
    }

    /// "RTO 8 min 3 s before, 2 min 10 s now"; empty if no number was changed.
    pub(super) fn before_note(&self, incident: Option<&Incident>) -> String {
        let rto = |incident: &Incident| {
            let rto = incident.rto.map(|rto| number::span(rto.secs()));
            rto.unwrap_or_else(|| "not restored yet".into())
        };
        match (self.app.before(), incident) {
            (Some(before), Some(now)) => format!("RTO {} before, {} now", rto(before), rto(now)),
            _ => String::new(),
        }
    }
}
