//! Comparing designs: which, what is changed in a lane, and entering one.

use super::designing::changed;
use super::lanes::{Addition, Design, Lanes, MOST_LANES, STORM_AT_S, built_in};
use super::{App, FIRST_EVENTS};
use crate::kernel::clock::SimTime;
use crate::model::unit::Span;

/// Why there is no room for another lane.
pub const FULL: &str = "there are six lanes already, and one must be removed first";

impl App {
    /// The comparison, while it is open.
    pub fn lanes(&self) -> Option<&Lanes> {
        self.lanes.as_ref()
    }

    /// What is compared, or would be.
    pub fn designs(&self) -> &[Design] {
        &self.designs
    }

    /// Opens or closes the comparison. What was compared last is compared again.
    pub(super) fn toggle_comparison(&mut self) {
        self.microscope = None;
        match self.lanes {
            Some(_) => self.lanes = None,
            None => self.compare(self.storm),
        }
    }

    /// Compares the designs under a storm, from the start.
    pub(super) fn compare(&mut self, storm: usize) {
        self.storm = storm;
        self.lanes = Some(Lanes::new(&self.designs, storm, self.seed));
    }

    /// Adds a lane, if there is room.
    pub(super) fn add_lane(&mut self, addition: Addition) {
        let place = self.designs.len();
        if place >= MOST_LANES {
            self.notice = Some(format!("That is not possible: {FULL}."));
            return;
        }
        let mut design = match addition {
            Addition::This | Addition::Before => Design::from(self.base.clone()),
            Addition::BuiltIn(index) => built_in(index).0.into(),
        };
        if addition == Addition::This {
            design.tuned = self.tuned.clone();
        }
        self.designs.push(design);
        self.run_lane(place);
    }

    /// Runs a lane from its start.
    fn run_lane(&mut self, place: usize) {
        if let Some(lanes) = &mut self.lanes {
            lanes.put(place, &self.designs[place]);
        }
    }

    /// Removes a lane, but never the last one.
    pub(super) fn remove_lane(&mut self, place: usize) {
        if place < self.designs.len() && self.designs.len() > 1 {
            self.designs.remove(place);
            if let Some(lanes) = &mut self.lanes {
                lanes.take(place);
            }
        }
    }

    /// Changes numbers of a lane, which is run again; without any, takes all that were changed back.
    pub(super) fn tune_lane(&mut self, place: usize, values: Vec<(String, f64)>) {
        let Some(Design { base, tuned }) = self.designs.get(place) else { return };
        let tuned = if values.is_empty() { values } else { changed(tuned, values) };
        if let Err(problems) = base.with(&tuned) {
            self.notice = problems.first().map(ToString::to_string);
            return;
        }
        self.designs[place].tuned = tuned;
        self.run_lane(place);
    }

    /// Enters a lane's run: the same scenario, script, grain and seed, at a moment after the storm began.
    pub(super) fn enter(&mut self, place: usize, after_s: f64) {
        let lane = self.lanes.as_ref().and_then(|lanes| lanes.comparison.lanes.get(place));
        let (Some(lane), Some(design)) = (lane, self.designs.get(place)) else { return };
        let (mut scenario, mut base) = (lane.scenario.clone(), design.base.clone());
        scenario.horizon_s = Span(scenario.horizon_s.max(lane.run.now().secs()));
        (base.weight, base.grain, base.horizon_s) = (scenario.weight, scenario.grain, scenario.horizon_s);
        base.script.clone_from(&scenario.script);
        self.begin_with(base, design.tuned.clone(), scenario);
        self.playback.end_calm();
        self.go(SimTime::from_secs(STORM_AT_S + after_s), FIRST_EVENTS);
    }
}
