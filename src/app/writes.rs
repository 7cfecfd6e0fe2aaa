//! The ledger of writes as a person reads it: what has become of each, worked out while it is open, once a second.

use super::App;
use crate::kernel::clock::SimTime;
use crate::model::Rule;
use crate::observer::ledger::Fate;

/// Writes that are listed.
const LISTED: usize = 60;
/// Time between two looks at a ledger that grows, in milliseconds.
const EVERY_MS: f64 = 1000.0;

/// What the ledger said at the last look.
#[derive(Clone, Debug)]
pub struct Register {
    /// Only writes with this fate are listed.
    pub only: Option<Fate>,
    /// How many writes have each fate, in the order of [`Fate::ALL`].
    pub counts: [u64; Fate::ALL.len()],
    /// The newest writes: number of the commit, fate, number of the commit that took its place.
    pub newest: Vec<(u64, Fate, u64)>,
    /// Keys under which regions show different things.
    pub diverged: u64,
    at: SimTime,
    age_ms: f64,
}

impl Register {
    /// How many writes there are: one that a consumer has committed is counted as that commit.
    pub fn writes(&self) -> u64 {
        let all: u64 = self.counts.iter().sum();
        all - self.counts[Fate::Consumed as usize]
    }
}

impl App {
    /// The ledger of writes, while it is open.
    pub fn register(&self) -> Option<&Register> {
        self.register.as_ref()
    }

    /// Opens or closes it.
    pub(super) fn open_writes(&mut self, open: bool) {
        self.register = None;
        if open {
            self.read_ledger(None);
        }
    }

    /// Lists only writes with one fate, or all.
    pub(super) fn choose_fate(&mut self, only: Option<Fate>) {
        self.read_ledger(only);
    }

    /// Real time passes. True where the ledger was looked at again.
    pub(super) fn keep_register(&mut self, elapsed_ms: f64) -> bool {
        let now = self.history.now();
        let Some(register) = &mut self.register else { return false };
        register.age_ms += elapsed_ms;
        if register.age_ms < EVERY_MS || register.at == now {
            return false;
        }
        let only = register.only;
        self.read_ledger(only);
        true
    }

    fn read_ledger(&mut self, only: Option<Fate>) {
        let (world, plan) = (self.history.shown().world(), self.history.shown().plan());
        let rule: Rule = plan.rule();
        let mut counts = [0; Fate::ALL.len()];
        let mut newest = Vec::new();
        let fates = world.observer.ledger.fates(rule);
        for (index, (fate, by)) in fates.into_iter().enumerate().rev() {
            counts[fate as usize] += 1;
            // What a consumer has committed is listed as that commit.
            let listed = only.map_or(fate != Fate::Consumed, |only| only == fate);
            if newest.len() < LISTED && listed {
                newest.push((index as u64 + 1, fate, by));
            }
        }
        let diverged = world.observer.diverged_keys(plan, &world.system) as u64;
        let at = self.history.now();
        self.register = Some(Register { only, counts, newest, diverged, at, age_ms: 0.0 });
    }
}
