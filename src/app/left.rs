//! Leaving a run for another, and the way back to it: what it was is kept as a value, and it is run again.

use super::{App, FIRST_EVENTS, Goal, traffic};
use crate::history::History;
use crate::kernel::clock::SimTime;
use crate::model::command::Command;
use crate::model::scenario::Scenario;
use crate::observer::incident::Incident;

/// All that a run that was left is run again from. No history: one may weigh 150 MB.
#[derive(Clone, Debug)]
pub struct Left {
    /// Its scenario before numbers of it were changed by hand.
    pub base: Scenario,
    /// Those numbers: path and value.
    pub tuned: Vec<(String, f64)>,
    /// Its seed.
    pub seed: u64,
    /// The moment that was shown.
    pub at: SimTime,
    scenario: Scenario,
    before: Option<Incident>,
    chosen: Option<usize>,
    commands: Vec<(SimTime, Command)>,
}

impl Left {
    /// Something was done in it by hand.
    fn is_work(&self) -> bool {
        !self.commands.is_empty() || !self.tuned.is_empty()
    }
}

impl App {
    /// The run that was left for this one.
    pub fn left(&self) -> Option<&Left> {
        self.left.as_ref()
    }

    /// The scenario before numbers of it were changed by hand.
    pub fn base(&self) -> &Scenario {
        &self.base
    }

    /// The seed of the run.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Keeps this run, which is about to be left. One in which nothing was done displaces none in which something was:
    /// who makes three choices on the way to another design still finds back.
    pub(super) fn leave(&mut self) {
        let this = self.kept();
        if this.is_work() || !self.left.as_ref().is_some_and(Left::is_work) {
            self.left = Some(this);
        }
    }

    /// This run as a value.
    fn kept(&self) -> Left {
        Left {
            base: self.base.clone(),
            tuned: self.tuned.clone(),
            seed: self.seed,
            at: match self.goal {
                Some(Goal::At(at)) => at,
                Some(Goal::Happening(..)) | None => self.history.now(),
            },
            scenario: self.scenario.clone(),
            before: self.before.clone(),
            chosen: self.chosen,
            commands: self.history.commands().to_vec(),
        }
    }

    /// Changes places with the run that was left, at the moment that was shown there.
    pub(super) fn go_back(&mut self) {
        let Some(left) = self.left.take() else { return };
        self.left = Some(self.kept());
        self.history = History::again(&left.scenario, left.seed, &left.commands);
        (self.base, self.tuned, self.scenario, self.seed) = (left.base, left.tuned, left.scenario, left.seed);
        (self.before, self.chosen) = (left.before, left.chosen);
        (self.lanes, self.microscope) = (None, None);
        self.passed = 0;
        self.playback.end_calm();
        self.playback.set_playing(false);
        self.go(left.at, FIRST_EVENTS);
    }

    /// Begins the same scenario anew.
    pub(super) fn start_again(&mut self, seed: u64) {
        self.leave();
        self.restart(seed);
    }

    /// Starts the scenario, and brings it to the moment at which it is first seen.
    pub(super) fn restart(&mut self, seed: u64) {
        self.seed = seed;
        self.chosen = None;
        self.history = History::new(&self.scenario, seed);
        self.passed = 0;
        self.go(SimTime::from_secs(traffic::first_view_s(&self.scenario)), FIRST_EVENTS);
        self.playback.set_playing(true);
    }
}
