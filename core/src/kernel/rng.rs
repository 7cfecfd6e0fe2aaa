//! Chance: named portable streams, one for each consumer, so that a new fault does not reshuffle anyone's traffic.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

/// Who draws. Each purpose and index has a stream of its own.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// When the requests of a population come, and what they are.
    Traffic = 1,
    /// The population's retries.
    Backoff = 2,
    /// Which resolvers extend a time to live.
    Resolvers = 3,
    /// Jitter and loss towards and between places.
    Network = 4,
    /// Phases of health checkers and target checks.
    Checks = 5,
    /// Work of servers.
    Service = 6,
    /// Time to boot.
    Boot = 7,
    /// Durations of recovery steps and of database failovers.
    Recovery = 8,
    /// Answers of a weighted record.
    Answers = 9,
    /// How old caches and connections are at the start.
    Settling = 10,
    /// The phase of backups, their windows and failures.
    Backups = 11,
    /// How long objects take that follow one by one.
    Spread = 12,
}

/// One stream of random numbers.
#[derive(Clone, Debug)]
pub struct Stream(Xoshiro256PlusPlus);

/// Steele, Lea and Flood's SplitMix64 (2014): spreads a seed over the generator's state.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Stream {
    /// The stream of one consumer in a run with this seed.
    pub fn new(seed: u64, purpose: Purpose, index: u64) -> Self {
        let mut state = seed ^ ((purpose as u64) << 56) ^ (index << 32);
        let mut bytes = [0; 32];
        for chunk in bytes.chunks_exact_mut(8) {
            chunk.copy_from_slice(&split_mix(&mut state).to_le_bytes());
        }
        Self(Xoshiro256PlusPlus::from_seed(bytes))
    }

    /// Uniform on the open interval (0, 1).
    pub fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: impl Into<f64>) -> bool {
        self.uniform() < probability.into()
    }

    /// A whole number below `count`; zero where `count` is zero.
    pub fn below(&mut self, count: u32) -> u32 {
        (((self.0.next_u64() >> 32) * u64::from(count)) >> 32) as u32
    }

    /// Exponential with this mean. The logarithm is libm's on every target.
    pub fn exponential(&mut self, mean: impl Into<f64>) -> f64 {
        -mean.into() * libm::log(self.uniform())
    }

    /// Normal with mean 0 and deviation 1 (Marsaglia's polar method, 1964).
    pub fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let square = x * x + y * y;
            if square < 1.0 && square > 0.0 {
                return x * libm::sqrt(-2.0 * libm::log(square) / square);
            }
        }
    }

    /// Uniform between two bounds.
    pub fn between(&mut self, least: impl Into<f64>, most: impl Into<f64>) -> f64 {
        let (least, most) = (least.into(), most.into());
        least + (most - least) * self.uniform()
    }

    /// Triangular: between `least` and `most`, most often near `typical`.
    pub fn triangular(
        &mut self,
        least: impl Into<f64>,
        typical: impl Into<f64>,
        most: impl Into<f64>,
    ) -> f64 {
        let (least, typical, most) = (least.into(), typical.into(), most.into());
        let (u, span) = (self.uniform(), most - least);
        if span <= 0.0 {
            return least;
        }
        let split = (typical - least) / span;
        if u < split {
            least + libm::sqrt(u * span * (typical - least))
        } else {
            most - libm::sqrt((1.0 - u) * span * (most - typical))
        }
    }
}
