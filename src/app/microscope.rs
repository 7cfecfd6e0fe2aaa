//! The collision microscope: two writes to one key, under every rule, and how often that would happen.

use super::App;
use crate::catalog;
use crate::model::Rule;
use crate::observer::ledger::Fate;
use crate::run::conflict::{Duel, Outcome, Price};
use crate::run::how_often::{HowOften, Rates};

/// The first region, and those that the second can be, from near to far.
const FIRST: &str = "us-east-1";
/// Regions at growing distance from the first.
pub const SECONDS: [&str; 6] =
    ["us-east-2", "us-west-2", "eu-west-1", "eu-central-1", "ap-northeast-1", "ap-south-1"];

/// What a slider changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dial {
    /// The second region: an index into [`SECONDS`].
    Distance,
    /// How long a commit waits before it leaves, in milliseconds.
    Delay,
    /// How far the second clock is ahead, in milliseconds.
    Skew,
    /// How long after the first the second person writes, in milliseconds.
    Gap,
    /// Writes a second in each region.
    Writes,
    /// Keys, as a power of two.
    Keys,
    /// The exponent of their popularity.
    Popularity,
}

/// What a person does at the microscope.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Look {
    /// Opens or closes it.
    Toggled,
    /// Moves a slider.
    Set(Dial, f64),
    /// Looks at it under another rule.
    Under(Rule),
    /// Plays it again.
    Again,
    /// Takes over what is known of a collision of the run: an index into those listed.
    Picked(usize),
    /// Lets two people of the run take the same seat.
    SeatTaken,
}

/// What is under the microscope.
#[derive(Clone, Debug, PartialEq)]
pub struct Microscope {
    /// The two writes.
    pub duel: Duel,
    /// The rule under which it is drawn.
    pub rule: Rule,
    /// How it ends under each rule, in the order of [`Rule::ALL`].
    pub outcomes: Vec<Outcome>,
    /// How often is asked for.
    pub often: HowOften,
    /// What a write costs from each of the two regions under each rule, in the same order.
    pub prices: Vec<[Option<Price>; 2]>,
    /// By the formula, and counted.
    pub rates: Rates,
    /// Counts what has been played, so that it is played again.
    pub turn: u32,
}

impl Microscope {
    fn new() -> Self {
        let duel =
            Duel { regions: [FIRST.into(), SECONDS[2].into()], delay_ms: 500.0, skew_ms: 0.0, gap_ms: 40.0 };
        let often = HowOften { writes_per_s: 30.0, keys: 1024, skew: 0.99 };
        let mut new = Self {
            duel,
            rule: Rule::LastWriterWins,
            outcomes: Vec::new(),
            prices: Vec::new(),
            often,
            rates: Rates::default(),
            turn: 0,
        };
        new.look_again();
        new.look_at_regions();
        new
    }

    /// Runs the two writes again.
    fn look_again(&mut self) {
        self.outcomes = Rule::ALL.iter().map(|rule| self.duel.run(*rule)).collect();
        self.turn += 1;
    }

    /// Measures again what depends on where the regions are.
    fn look_at_regions(&mut self) {
        self.prices = Rule::ALL.iter().map(|rule| self.duel.prices(*rule)).collect();
        self.rates = self.often.rates(&self.duel);
    }

    /// What a write costs from each of the two regions under a rule.
    pub fn prices(&self, rule: Rule) -> [Option<Price>; 2] {
        self.prices.get(rule as usize).copied().unwrap_or_default()
    }

    /// How it ends under the rule that is looked at.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.rule == self.rule)
    }

    /// Where a slider stands, the least and the most that it goes to, and its step.
    pub fn dial(&self, dial: Dial) -> [f64; 4] {
        let second = SECONDS.iter().position(|code| *code == self.duel.regions[1]).unwrap_or(0);
        match dial {
            Dial::Distance => [second as f64, 0.0, (SECONDS.len() - 1) as f64, 1.0],
            Dial::Delay => [self.duel.delay_ms, 0.0, 2000.0, 20.0],
            Dial::Skew => [self.duel.skew_ms, -1000.0, 1000.0, 20.0],
            Dial::Gap => [self.duel.gap_ms, 0.0, 1500.0, 20.0],
            Dial::Writes => [self.often.writes_per_s, 1.0, 60.0, 1.0],
            Dial::Keys => [f64::from(self.often.keys.max(1).ilog2()), 2.0, 12.0, 1.0],
            Dial::Popularity => [self.often.skew, 0.0, 1.5, 0.01],
        }
    }

    fn set(&mut self, dial: Dial, value: f64) {
        let [_, least, most, _] = self.dial(dial);
        let value = value.max(least).min(most);
        match dial {
            Dial::Distance => self.duel.regions[1] = SECONDS[value as usize].into(),
            Dial::Delay => self.duel.delay_ms = value,
            Dial::Skew => self.duel.skew_ms = value,
            Dial::Gap => self.duel.gap_ms = value,
            Dial::Writes => self.often.writes_per_s = value,
            Dial::Keys => self.often.keys = 1 << value as u32,
            Dial::Popularity => self.often.skew = value,
        }
        match dial {
            Dial::Distance => {
                self.look_again();
                self.look_at_regions();
            }
            Dial::Delay => {
                self.look_again();
                self.rates = self.often.rates(&self.duel);
            }
            Dial::Skew | Dial::Gap => self.look_again(),
            Dial::Writes | Dial::Keys | Dial::Popularity => self.rates = self.often.rates(&self.duel),
        }
    }
}

impl App {
    /// What is under the microscope, where it is open.
    pub fn microscope(&self) -> Option<&Microscope> {
        self.microscope.as_ref()
    }

    /// Does what a person does at the microscope.
    pub(super) fn look(&mut self, look: Look) {
        match (look, &mut self.microscope) {
            (Look::Toggled, Some(_)) => self.microscope = None,
            (Look::Toggled, None) => {
                self.lanes = None;
                self.microscope = Some(Microscope::new());
            }
            (Look::Set(dial, value), Some(open)) => open.set(dial, value),
            (Look::Under(rule), Some(open)) => {
                (open.rule, open.turn) = (rule, open.turn + 1);
            }
            (Look::Again, Some(open)) => open.turn += 1,
            (Look::Picked(index), Some(_)) => self.pick(index),
            (Look::SeatTaken, _) => self.take_a_seat(),
            (Look::Set(..) | Look::Under(_) | Look::Again | Look::Picked(_), None) => {}
        }
    }

    /// A collision of the run as it was: how far apart in time, by which clocks, under which rule.
    fn pick(&mut self, index: usize) {
        let run = self.history.shown();
        let (world, plan) = (run.world(), run.plan());
        let Some(collision) = world.observer.collisions.listed.get(index) else { return };
        let lines = [collision.first, collision.second].map(|number| world.observer.ledger.get(number));
        let ([Some(first), Some(second)], Some(open)) = (lines, &mut self.microscope) else { return };
        let far = |region: crate::kernel::id::RegionId| plan.region_code(region).to_owned();
        open.duel.regions = [far(first.region), far(second.region)];
        open.duel.gap_ms = second.at.since(first.at).micros() as f64 / 1000.0;
        let skew =
            |line: &crate::observer::ledger::Line| plan.scenario.regions[line.region.index()].clock_skew_ms;
        open.duel.skew_ms = skew(second) - skew(first);
        open.duel.delay_ms =
            (plan.scenario.database.ship_interval_s / 2.0 + plan.scenario.database.delay_s) * 1000.0;
        open.rule = plan.rule();
        open.look_again();
        open.look_at_regions();
    }

    /// Acknowledged writes of the run that were lost to a collision, newest first, as many as wanted.
    pub fn graveyard(&self, most: usize) -> Vec<u64> {
        let run = self.history.shown();
        let (ledger, rule) = (&run.world().observer.ledger, run.plan().rule());
        let lost = |(_, line): &(u64, &crate::observer::ledger::Line)| {
            line.acknowledged && line.fate(false, rule) == Fate::Lost
        };
        ledger.lines(1, ledger.len()).rev().filter(lost).map(|(number, _)| number).take(most).collect()
    }
}

/// The round trip between the two regions of a duel, in milliseconds: there as it was measured there, and back likewise.
pub fn round_trip_ms(duel: &Duel) -> f64 {
    let index = |code: &String| catalog::region_index(code);
    match duel.regions.each_ref().map(index) {
        [Some(a), Some(b)] => (catalog::round_trip_ms(a, b) + catalog::round_trip_ms(b, a)) / 2.0,
        _ => 0.0,
    }
}
