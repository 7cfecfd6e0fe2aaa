//! Runbooks of a scenario file: names, places, the order of steps, and needs that can never be met.

use super::Finder;
use crate::model::blueprint::Blueprint;
use crate::model::placement::Placement;
use crate::model::problem::{any_of, field, item};
use crate::model::rollout::EACH_REGION;
use crate::model::runbook::{Action, Brings, Given, Need};
use crate::model::runbooks::Place;
use crate::model::scenario::WritePattern;
use crate::model::settings::runbook::{RunbookText, StepText};
use std::collections::BTreeMap;

/// The longest time that a step may take, in seconds: as long as a run may last.
const LONGEST_S: f64 = 172_800.0;

impl Finder<'_> {
    /// Everything that is wrong with the scenario's own runbooks.
    pub(super) fn runbooks(&mut self) {
        let scenario = self.scenario;
        let mut seen = BTreeMap::new();
        for (index, runbook) in scenario.runbooks.iter().enumerate() {
            let here = item("runbooks", index);
            self.slug(&field(&here, "name"), &runbook.name);
            if let Some(first) = seen.insert(runbook.name.as_str(), index) {
                let allowed = format!("each name once; this one is runbooks[{first}] too");
                self.say(&field(&here, "name"), &[], runbook.name.as_str(), allowed);
            }
            let region = runbook.starts.region.as_str();
            if region != "owner" && !scenario.regions.iter().any(|known| known.code == region) {
                let allowed = format!("\"owner\", or {}", scenario.own_regions());
                self.say(&field(&field(&here, "starts"), "region"), &["regions"], region, allowed);
            }
            self.steps(&here, runbook);
        }
    }

    fn steps(&mut self, here: &str, runbook: &RunbookText) {
        let mut seen = BTreeMap::new();
        for (index, step) in runbook.steps.iter().enumerate() {
            let place = item(&field(here, "steps"), index);
            self.slug(&field(&place, "name"), &step.name);
            if let Some(first) = seen.insert(step.name.as_str(), index) {
                let allowed = format!("each name once; this one is steps[{first}] too");
                self.say(&field(&place, "name"), &[], step.name.as_str(), allowed);
            }
            self.step(&place, runbook, step);
        }
        self.circle(here, runbook);
    }

    fn step(&mut self, place: &str, runbook: &RunbookText, step: &StepText) {
        if Place::named(self.scenario, &step.on).is_none() && step.on != EACH_REGION {
            let allowed = format!(
                "\"owner\", \"target\", \"all-others\", \"{EACH_REGION}\", or {}",
                self.scenario.own_regions()
            );
            self.say(&field(place, "on"), &["regions"], step.on.as_str(), allowed);
        }
        self.lawful(place, step);
        let names: Vec<String> = runbook.steps.iter().map(|it| format!("\"{}\"", it.name)).collect();
        for (index, before) in step.after.iter().enumerate() {
            if !runbook.steps.iter().any(|it| it.name == *before) {
                let at = item(&field(place, "after"), index);
                self.say(&at, &[], before.as_str(), format!("a step of the runbook: {}", any_of(&names)));
            }
        }
        let takes = || step.takes_s.iter().map(|span| **span);
        let rising = takes().zip(takes().skip(1)).all(|(a, b)| a <= b);
        if !(rising && takes().all(|span| (0.0..=LONGEST_S).contains(&span))) {
            let numbers: Vec<f64> = takes().collect();
            let allowed =
                format!("up to three numbers from 0 to {LONGEST_S}, none smaller than the one before");
            self.say(&field(place, "takes_s"), &[], numbers, allowed);
        }
        if let Some(never) = self.never(runbook, step) {
            let found = format!("\"{}\"", step.action.slug());
            self.tell(
                &field(place, "action"),
                &["strategy", "database", "write_pattern", "regions"],
                found,
                never,
            );
        }
        for (index, need) in step.needs.iter().enumerate() {
            if let Some(never) = self.never_met(runbook, *need) {
                let at = item(&field(place, "needs"), index);
                self.say(&at, &["strategy", "database", "backup", "regions"], need.slug(), never);
            }
        }
    }

    /// A step may not bring data to a region of its own where a law forbids it.
    fn lawful(&mut self, place: &str, step: &StepText) {
        let scenario = self.scenario;
        let Some(Place::Region(region)) = Place::named(scenario, &step.on) else { return };
        let placement = Placement::of(scenario, &Blueprint::of(scenario));
        if let Some(law) = placement.forbids_all(region).filter(|_| step.action.brings() == Brings::Here) {
            let lets: Vec<&str> =
                placement.lets(law).iter().map(|it| scenario.regions[it.index()].code.as_str()).collect();
            let law = &scenario.placement[law.index()].law;
            let allowed = format!("where {law} lets it leave data: {}", any_of(&lets));
            self.say(&field(place, "on"), &["regions", "placement"], step.on.as_str(), allowed);
        }
    }

    /// Why an action can never be done in this scenario; `None` if it can.
    fn never(&self, runbook: &RunbookText, step: &StepText) -> Option<String> {
        let scenario = self.scenario;
        let every = Blueprint::of(scenario).writes_everywhere();
        let engine = scenario.database.engine.rules();
        let with = |why: String| Some(format!("an action that can be done: {why}"));
        if scenario.regions.len() == 1
            && !matches!(step.action, Action::Restore | Action::FetchBackup | Action::RollBack)
        {
            // Everything else moves something to another region, or gets ready for it.
            let moves = matches!(
                step.action,
                Action::Promote
                    | Action::SwitchOver
                    | Action::HandOver
                    | Action::Rehome
                    | Action::ShiftTraffic
            );
            return moves.then(|| "an action that can be done: there is one region".into());
        }
        let is = |actions: &[Action]| actions.contains(&step.action);
        let before = |action| comes_before(runbook, step, action);
        if runbook.starts.given == Given::Ruin && step.action.leaves() {
            with("what is given is ruin, which is mended where it is".into())
        } else if every && step.action.wants_one_writer() {
            with(format!("{} takes writes in every region", engine.service))
        } else if is(&[Action::Promote]) && !scenario.strategy.rules().follows && !before(Action::Restore) {
            with(format!("with {} no copy follows in another region", scenario.strategy.slug()))
        } else if is(&[Action::HandOver, Action::Rehome])
            && (!every || scenario.write_pattern == WritePattern::WriteLocal)
        {
            with("keys have no homes here".into())
        } else if is(&[Action::FetchBackup]) && !scenario.backup.tagged {
            with("no backups are made, as backup.tagged says".into())
        } else if is(&[Action::Restore]) && !before(Action::FetchBackup) {
            with("a step with the action fetch-backup has to come before it".into())
        } else {
            None
        }
    }

    /// Why a need can never be met in this scenario; `None` if it can.
    fn never_met(&self, runbook: &RunbookText, need: Need) -> Option<String> {
        let scenario = self.scenario;
        let others = || scenario.regions.iter().skip(1);
        let makes = |action| runbook.steps.iter().any(|step| step.action == action);
        let with = |why: &str| Some(format!("a need that can be met: {why}"));
        let copy = matches!(need, Need::Copy | Need::Level);
        let alone = scenario.regions.len() == 1;
        if copy && !scenario.strategy.rules().follows && !makes(Action::Restore) {
            with("no copy follows in another region")
        } else if copy && Blueprint::of(scenario).writes_everywhere() {
            with("every region takes writes, and none has a copy that follows")
        } else if need == Need::Backup && !scenario.backup.tagged {
            with("no backups are made, as backup.tagged says")
        } else if need == Need::Templates && !alone && others().all(|region| !region.templates) {
            with("no other region has templates")
        } else if need == Need::Image
            && !alone
            && others().all(|region| !region.image)
            && !makes(Action::CopyImage)
        {
            with("no other region has a machine image, and no step copies one")
        } else {
            None
        }
    }

    /// A step that comes after itself, round some others.
    fn circle(&mut self, here: &str, runbook: &RunbookText) {
        let index = |name: &String| runbook.steps.iter().position(|step| step.name == *name);
        let mut done = vec![false; runbook.steps.len()];
        loop {
            let ready = |at: &usize| {
                let before = runbook.steps[*at].after.iter().filter_map(index);
                !done[*at] && before.into_iter().all(|it| done[it])
            };
            match (0..done.len()).find(ready) {
                Some(at) => done[at] = true,
                None => break,
            }
        }
        if let Some(at) = done.iter().position(|done| !done) {
            let place = field(&item(&field(here, "steps"), at), "after");
            let after = runbook.steps[at].after.clone();
            self.say(&place, &[], after, "steps that do not wait for this one themselves");
        }
    }

    /// Small letters, digits and hyphens.
    pub(super) fn slug(&mut self, place: &str, name: &str) {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !name.chars().all(fits) || name.starts_with('-') {
            self.say(place, &[], name, "small letters a to z, digits and hyphens, a hyphen not first");
        }
    }
}

/// Whether a step with an action comes before another in a runbook's list.
fn comes_before(runbook: &RunbookText, step: &StepText, action: Action) -> bool {
    runbook.steps.iter().take_while(|it| it.name != step.name).any(|it| it.action == action)
}
