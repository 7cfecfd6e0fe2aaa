//! The run, past and present: commands, keyframes, the moment shown and the furthest one, seek and fork.
//!
//! A keyframe is a clone of the simulation. What only grows (journal, samples) is in one [`Record`] outside of them,
//! and a stretch that is run again adds nothing to it.

mod keyframes;

use crate::kernel::clock::SimTime;
use crate::model::Order;
use crate::model::command::Command;
use crate::model::scenario::Scenario;
use crate::run::simulation::Simulation;
use crate::system::context::Record;
use crate::system::triggers::Triggers;
use keyframes::Keyframes;

/// Journal entries that a run has room for from the start: more than a disaster with its failback makes.
const JOURNAL_ROOM: usize = 4096;
/// Samples that it has room for at most: twelve hours.
const MOST_SAMPLES: f64 = 43_200.0;

/// What a run keeps at most, in bytes, by the estimates below: the page allows itself 256 MB with everything.
const MOST_BYTES: u64 = 150_000_000;
/// What a write stays with: its line in the ledger, and in what was sent and backed up.
const BYTES_OF_WRITE: u64 = 300;

/// A state of the run, and how many of the commands given by hand are part of it.
#[derive(Clone, Debug)]
struct Moment {
    simulation: Simulation,
    applied: usize,
}

impl Moment {
    fn now(&self) -> SimTime {
        self.simulation.now()
    }
}

/// A run that can be looked at anywhere, played on from anywhere, and forked.
#[derive(Clone, Debug)]
pub struct History {
    /// Given by hand, in order of time; the script's are inside the simulation.
    commands: Vec<(SimTime, Command)>,
    keyframes: Keyframes,
    record: Record,
    shown: Moment,
    /// The furthest moment computed, where the one shown is before it.
    ahead: Option<Moment>,
    /// The end of the scenario.
    end: SimTime,
    /// The furthest moment that can be reached: the end, or where the run was full.
    horizon: SimTime,
    most_bytes: u64,
}

impl History {
    /// The start of a run.
    pub fn new(scenario: &Scenario, seed: u64) -> Self {
        // Room for a whole run, so that memory does not grow while someone looks.
        let record = Record {
            journal: Vec::with_capacity(JOURNAL_ROOM),
            triggers: Triggers::with_room(JOURNAL_ROOM),
            samples: Vec::with_capacity(scenario.horizon_s.clamp(0.0, MOST_SAMPLES) as usize + 1),
            operations: None,
        };
        let shown = Moment { simulation: Simulation::new(scenario, seed), applied: 0 };
        Self {
            commands: Vec::new(),
            keyframes: Keyframes::new(shown.clone()),
            record,
            shown,
            ahead: None,
            end: SimTime::from_secs(scenario.horizon_s),
            horizon: SimTime::from_secs(scenario.horizon_s),
            most_bytes: MOST_BYTES,
        }
    }

    /// The same, but full with so many bytes.
    pub fn with_most_bytes(self, most_bytes: u64) -> Self {
        Self { most_bytes, ..self }
    }

    /// About how much of what grows is kept, in bytes.
    fn bytes(&self) -> u64 {
        self.shown().world().observer.ledger.len() * BYTES_OF_WRITE + self.keyframes.bytes()
    }

    /// A run from its start in which commands will be given at the times at which they were given in another.
    pub fn again(scenario: &Scenario, seed: u64, commands: &[(SimTime, Command)]) -> Self {
        Self { commands: commands.to_vec(), ..Self::new(scenario, seed) }
    }

    /// The simulation at the moment shown.
    pub fn shown(&self) -> &Simulation {
        &self.shown.simulation
    }

    /// The moment shown.
    pub fn now(&self) -> SimTime {
        self.shown.now()
    }

    /// The furthest moment computed.
    pub fn furthest(&self) -> SimTime {
        self.ahead.as_ref().map_or(self.now(), Moment::now)
    }

    /// The furthest moment that can be reached: the end of the scenario, or where the run was full.
    pub fn horizon(&self) -> SimTime {
        self.horizon
    }

    /// Whether the run ends before its scenario does, because as much is kept as may be.
    pub fn is_full(&self) -> bool {
        self.horizon < self.end
    }

    /// Whether the moment shown is before the furthest one.
    pub fn in_the_past(&self) -> bool {
        self.ahead.is_some()
    }

    /// Everything recorded up to the furthest moment.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Commands given by hand so far, with their times.
    pub fn commands(&self) -> &[(SimTime, Command)] {
        &self.commands
    }

    /// Runs on from the moment shown, over what is known and beyond, but not past the horizon. At most about
    /// `budget` events; false where they were not enough.
    pub fn advance(&mut self, limit: SimTime, budget: u64) -> bool {
        let last = self.shown.simulation.events().saturating_add(budget);
        while self.now() < limit.min(self.horizon) {
            let stop = limit.min(self.horizon).min(self.next_stop());
            let left = last.saturating_sub(self.shown.simulation.events());
            let arrived = left > 0 && self.shown.simulation.run_until(stop, left, &mut self.record);
            // What is run again has been weighed already.
            if self.ahead.is_none() && self.bytes() >= self.most_bytes {
                self.horizon = self.horizon.min(self.now());
            }
            if !arrived {
                self.catch_up();
                return self.now() >= self.horizon;
            }
            self.obey();
            self.catch_up();
            if self.ahead.is_none() {
                self.keyframes.offer(&self.shown);
            }
        }
        true
    }

    /// Shows another moment, as near as about `budget` events allow; false where they were not enough yet.
    pub fn seek(&mut self, target: SimTime, budget: u64) -> bool {
        let target = target.min(self.horizon);
        let mut best = self.keyframes.before(target);
        let stays = self.now() <= target;
        if self.ahead.as_ref().is_some_and(|ahead| ahead.now() <= target) {
            if let Some(ahead) = self.ahead.take() {
                self.shown = ahead;
            }
        } else if !stays || self.now() < best.now() {
            std::mem::swap(&mut self.shown, &mut best);
            // What was shown is kept where it is the furthest.
            self.ahead.get_or_insert(best);
        }
        self.advance(target, budget)
    }

    /// Gives a command at the moment shown. What had been computed after it is forgotten.
    pub fn fork(&mut self, command: Command) {
        let now = self.now();
        // Everything that happens at this very instant comes before the command, when it is run again too.
        self.shown.simulation.run_until(now, u64::MAX, &mut self.record);
        self.ahead = None;
        self.horizon = self.end;
        self.commands.truncate(self.shown.applied);
        self.keyframes.forget_after(now, self.shown.applied);
        self.record.truncate(self.shown.simulation.recorded());
        self.shown.simulation.apply(command, &mut self.record);
        self.commands.push((now, command));
        self.shown.applied += 1;
    }

    /// The command that an order means in this run.
    ///
    /// # Errors
    /// A sentence that names the word that is wrong and what is allowed.
    pub fn resolve(&self, text: &str) -> Result<Command, String> {
        self.shown.simulation.plan().resolve(&Order::parse(text)?)
    }

    /// Where the run has to be interrupted next: a command, a keyframe, or the furthest moment.
    fn next_stop(&self) -> SimTime {
        let command = self.commands.get(self.shown.applied).map_or(SimTime::NEVER, |(at, _)| *at);
        let other = self.ahead.as_ref().map_or_else(|| self.keyframes.due(), Moment::now);
        // Not before now, so that every round of the loop makes progress or ends.
        command.min(other).max(self.now())
    }

    /// Gives the commands whose time has come, when a stretch is run again.
    fn obey(&mut self) {
        while let Some((at, command)) = self.commands.get(self.shown.applied).copied()
            && at <= self.now()
        {
            self.shown.simulation.run_until(at, u64::MAX, &mut self.record);
            self.shown.simulation.apply(command, &mut self.record);
            self.shown.applied += 1;
        }
    }

    /// The moment shown has reached the furthest one: from here on it is the furthest.
    fn catch_up(&mut self) {
        if self.ahead.as_ref().is_some_and(|ahead| ahead.now() <= self.now()) {
            self.ahead = None;
        }
    }
}
