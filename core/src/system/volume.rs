//! What a database that was made from a backup does not have at hand yet: blocks of its volume, which are loaded when they are
//! asked for and the rest evenly, or what its instance keeps in its cache.

use crate::catalog::backup::CACHE_WAIT;
use crate::kernel::chance::Draws;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::model::plan::Plan;

/// Blocks of a restored volume that are still in the backup. Reading one waits until it has been loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct Loading {
    /// How much of each key's blocks is there, 0 to 1.
    pub loaded: Vec<f32>,
    /// Until when the volume is busy with what has been asked for.
    free_at: SimTime,
    /// What was asked for in this second, in MiB.
    fetched_mib: f64,
}

impl Loading {
    /// Nothing is there yet.
    pub fn new(keys: usize) -> Self {
        debug_assert!(keys > 0, "a volume holds something");
        Self { loaded: vec![0.0; keys], free_at: SimTime::ZERO, fetched_mib: 0.0 }
    }

    /// How long a simulated request for a key waits for blocks; `None`, and none is fetched, if that is too long.
    ///
    /// It reads blocks at random places of its key, one after the other. Each that is not there has to come from S3 first, for every
    /// real request that this one stands for.
    pub fn fetch(&mut self, plan: &Plan, now: SimTime, key: usize, mut draws: Draws) -> Option<SimDuration> {
        let (backup, database) = (&plan.scenario.backup, &plan.scenario.database);
        let missing = 1.0 - f64::from(self.loaded[key]);
        let waits = (0..backup.load_places).filter(|_| draws.chance(missing)).count() as f64;
        let mib = waits * backup.load_block_mib * f64::from(plan.weight);
        debug_assert!(mib >= 0.0, "no less than nothing is missing");
        let ends = self.free_at.max(now) + SimDuration::from_secs(mib / backup.load_mib_per_s);
        let wait = ends.since(now) + SimDuration::from_millis(waits * *backup.load_wait_ms);
        // A request that would wait for half of its time-out or longer is one of too many.
        if wait.secs() > database.timeout_s / 2.0 {
            return None;
        }
        self.free_at = ends;
        self.fetched_mib += mib;
        self.take(plan, key, mib);
        Some(wait)
    }

    /// Blocks of a key come in. Returns how much was still missing of it, in MiB.
    fn take(&mut self, plan: &Plan, key: usize, mib: f64) -> f64 {
        let whole = plan.scenario.database.size_gib * 1024.0 / self.loaded.len() as f64;
        let before = self.loaded[key];
        let loaded = f64::from(before) + if whole > 0.0 { mib / whole } else { 1.0 };
        // The last thousandth of a block is not waited for.
        self.loaded[key] = if loaded > 0.999_999 { 1.0 } else { loaded as f32 };
        debug_assert!((0.0..=1.0).contains(&self.loaded[key]), "a share is loaded");
        f64::from(self.loaded[key] - before) * whole
    }

    /// A second has passed: what the volume can load beyond what was asked for comes evenly from everywhere. True if
    /// all blocks are there.
    pub fn go_on(&mut self, plan: &Plan) -> bool {
        let mut mib = (plan.scenario.backup.load_mib_per_s - std::mem::take(&mut self.fetched_mib)).max(0.0);
        // What is whole takes nothing: a few rounds share its part out among the rest.
        for _ in 0..4 {
            let open = self.loaded.iter().filter(|loaded| **loaded < 1.0).count();
            if open == 0 {
                return true;
            }
            let each = mib / open as f64;
            for key in 0..self.loaded.len() {
                if self.loaded[key] < 1.0 {
                    mib -= self.take(plan, key, each);
                }
            }
        }
        false
    }

    /// How much is there, 0 to 1.
    pub fn share(&self) -> f64 {
        self.loaded.iter().map(|loaded| f64::from(*loaded)).sum::<f64>() / self.loaded.len().max(1) as f64
    }
}

/// The cache of a new instance whose volume is whole: what is read for the first time is not in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cache {
    /// Whether a key has been read since.
    read: Vec<bool>,
    /// How many have not.
    left: usize,
}

impl Cache {
    /// Nothing has been read yet.
    pub fn new(keys: usize) -> Self {
        debug_assert!(keys > 0, "a volume holds something");
        Self { read: vec![false; keys], left: keys }
    }

    /// How long a request for a key waits for the volume.
    pub fn fetch(&mut self, plan: &Plan, key: usize) -> SimDuration {
        if std::mem::replace(&mut self.read[key], true) {
            return SimDuration::ZERO;
        }
        debug_assert!(self.left > 0, "it was one of those that are left");
        self.left -= 1;
        SimDuration::from_millis(f64::from(plan.scenario.backup.load_places) * CACHE_WAIT.value)
    }

    /// Whether everything has been read.
    pub fn is_warm(&self) -> bool {
        self.left == 0
    }
}
