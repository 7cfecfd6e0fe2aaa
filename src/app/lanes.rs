//! The same storm on several designs, computed a slice per frame while the page goes on.

use super::named::NAMED;
use crate::model::scenario::{Scenario, Strategy};
use crate::model::{STORMS, Storm};
use crate::run::compare::{Comparison, Lane};

/// When the storm begins, in seconds: lag, caches and connections have long been as they always are.
pub const STORM_AT_S: f64 = 600.0;
/// The end of the axis, in seconds: a day.
pub const AXIS_S: f64 = 86_400.0;
/// Columns of the availability band, even on the logarithmic axis.
pub const COLUMNS: usize = 150;
/// The most lanes.
pub const MOST_LANES: usize = 6;
/// Events that a frame handles at first, and at most: several times those of a run that is watched.
const FIRST: u64 = 40_000;
const MOST: u64 = 140_000;
/// A frame that took longer than this, in milliseconds, was late.
const LATE_MS: f64 = 21.0;

/// What was decided in a column of the band, in requests.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Column {
    /// Answered.
    pub served: u64,
    /// Answered or given up; where nothing was, those that wait.
    pub decided: u64,
}

/// A design that is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// Its scenario before numbers of it were changed by hand.
    pub base: Scenario,
    /// Those numbers: path and value.
    pub tuned: Vec<(String, f64)>,
}

impl Design {
    /// The four strategies.
    pub fn strategies() -> Vec<Self> {
        Strategy::ALL.map(|strategy| Scenario::of(strategy).into()).into()
    }

    /// With the changed numbers, and a storm as its script.
    fn under(&self, storm: &Storm) -> Scenario {
        let mut scenario = self.base.with(&self.tuned).unwrap_or_else(|_| self.base.clone());
        scenario.script = storm.script(&scenario, STORM_AT_S);
        scenario
    }
}

impl From<Scenario> for Design {
    fn from(base: Scenario) -> Self {
        Self { base, tuned: Vec::new() }
    }
}

/// What can be compared too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addition {
    /// The design of the run, with its changed numbers.
    This,
    /// The same before they were changed.
    Before,
    /// A built-in design: a strategy, or one of [`NAMED`] after them.
    BuiltIn(usize),
}

/// How many built-in designs there are.
pub const BUILT_IN: usize = Strategy::ALL.len() + NAMED.len();

/// A built-in design and its name.
pub fn built_in(index: usize) -> (Scenario, &'static str) {
    match Strategy::ALL.get(index) {
        Some(strategy) => (Scenario::of(*strategy), strategy.slug()),
        None => {
            let named = &NAMED[(index - Strategy::ALL.len()).min(NAMED.len() - 1)];
            (named.scenario(), named.name)
        }
    }
}

/// A comparison on the page.
#[derive(Clone, Debug)]
pub struct Lanes {
    /// The runs.
    pub comparison: Comparison,
    /// The storm, an index into [`STORMS`].
    pub storm: usize,
    /// The seed of all of them.
    pub seed: u64,
    /// Availability by lane and column.
    pub columns: Vec<Vec<Column>>,
    read: Vec<usize>,
    events: u64,
    done: bool,
}

/// Where a moment after the storm is on the logarithmic axis, 0 (a second) to 1 (a day).
pub fn place(after_s: f64) -> f64 {
    (libm::log(after_s.max(1.0)) / libm::log(AXIS_S)).min(1.0)
}

/// The moment at a place of the axis, in seconds after the storm.
pub fn moment(place: f64) -> f64 {
    libm::exp(place.clamp(0.0, 1.0) * libm::log(AXIS_S))
}

impl Lanes {
    /// Lanes at their start.
    pub fn new(designs: &[Design], storm: usize, seed: u64) -> Self {
        let mut lanes = Self {
            comparison: Comparison::new([], seed, None),
            storm: storm.min(STORMS.len() - 1),
            seed,
            columns: Vec::new(),
            read: Vec::new(),
            events: FIRST,
            done: false,
        };
        designs.iter().enumerate().for_each(|(place, design)| lanes.put(place, design));
        lanes
    }

    /// Puts a lane at its start in a place, or after the last.
    pub fn put(&mut self, place: usize, design: &Design) {
        let lane = Lane::new(&design.under(self.storm()), self.seed, None);
        if place == self.read.len() {
            self.comparison.lanes.push(lane);
            self.columns.push(Vec::new());
            self.read.push(0);
        } else {
            self.comparison.lanes[place] = lane;
            self.read[place] = 0;
        }
        self.columns[place] = vec![Column::default(); COLUMNS];
        self.done = false;
    }

    /// Takes a lane away.
    pub fn take(&mut self, place: usize) {
        self.comparison.lanes.remove(place);
        self.columns.remove(place);
        self.read.remove(place);
    }

    /// A frame: goes on by as much as frames of this length allow. True where something changed.
    pub fn frame(&mut self, elapsed_ms: f64) -> bool {
        if self.done {
            return false;
        }
        self.events = match elapsed_ms {
            late if late > 2.0 * LATE_MS => self.events / 2,
            late if late > LATE_MS => self.events * 4 / 5,
            _ => self.events * 9 / 8,
        };
        self.events = self.events.clamp(FIRST / 4, MOST);
        self.done = self.comparison.advance(self.events);
        for (index, lane) in self.comparison.lanes.iter().enumerate() {
            read_on(lane, &mut self.read[index], &mut self.columns[index]);
        }
        true
    }

    /// Whether every lane is there.
    pub fn done(&self) -> bool {
        self.done
    }

    /// The storm.
    pub fn storm(&self) -> &'static Storm {
        &STORMS[self.storm]
    }
}

/// Sorts new samples into the columns of their moments.
fn read_on(lane: &Lane, read: &mut usize, columns: &mut [Column]) {
    for sample in &lane.record.samples[*read..] {
        let after_s = sample.at.secs() - STORM_AT_S;
        if after_s <= 0.0 {
            continue;
        }
        let column = ((place(after_s) * COLUMNS as f64) as usize).min(COLUMNS - 1);
        let decided = sample.served + sample.failed;
        columns[column].served += u64::from(sample.served);
        columns[column].decided += u64::from(if decided > 0 { decided } else { sample.sent });
    }
    *read = lane.record.samples.len();
}
