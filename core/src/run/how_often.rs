//! How often two writes to one key collide: by the formula, and counted in a run.

use crate::kernel::clock::SimTime;
use crate::model::unit::Rate;
use crate::model::{Rule, Skew};
use crate::run::conflict::Duel;
use crate::run::simulation::Simulation;
use crate::system::context::Record;

/// Real writes that are counted, about.
const MEASURED: f64 = 6000.0;
/// The longest that they are counted, in seconds.
const LONGEST_S: f64 = 600.0;
/// Spells of equal length in which they are counted: what these differ by says how far the mean may be wrong.
const SPELLS: usize = 10;
/// Student's t for 95 % and one degree of freedom less than there are spells.
const STUDENT: f64 = 2.262;

/// Two regions that write the same keys all the time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HowOften {
    /// Writes a second in each of the two regions.
    pub writes_per_s: f64,
    /// Keys.
    pub keys: u32,
    /// The exponent of their popularity; 0 for all alike.
    pub skew: f64,
}

/// How often their writes collide.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rates {
    /// Pairs of concurrent writes a second by the formula: the product of the two rates, times the time in which neither region
    /// can know of the other's write (both ways together), times the sum of the squares of the keys' popularity; after Gray,
    /// Helland, O'Neil and Shasha, "The Dangers of Replication and a Solution" (1996).
    pub formula_per_s: f64,
    /// Such pairs in a run of the same system under `last-writer-wins`: `collision_pairs` of its report.
    pub pairs: u64,
    /// Writes that had not seen one or more from before them, each once: `collisions` of its report.
    pub collisions: u64,
    /// How long they were counted, in seconds.
    pub span_s: f64,
    /// By how much the pairs counted a second may be off by chance, with 95 % confidence.
    pub margin_per_s: f64,
}

impl Rates {
    /// Pairs counted a second.
    pub fn pairs_per_s(&self) -> f64 {
        self.pairs as f64 / self.span_s
    }

    /// Writes that collided, a second.
    pub fn collisions_per_s(&self) -> f64 {
        self.collisions as f64 / self.span_s
    }
}

impl HowOften {
    /// Works the formula out, and counts.
    pub fn rates(self, duel: &Duel) -> Rates {
        let mut scenario = duel.scenario(Rule::LastWriterWins);
        scenario.database.keys = self.keys;
        scenario.database.skew = if self.skew > 0.0 { Skew::Zipf(self.skew) } else { Skew::Uniform };
        for population in &mut scenario.clients.populations {
            population.requests_per_s = Rate(self.writes_per_s);
        }
        scenario.clients.connections = 16;
        (scenario.servers.most, scenario.recovery.servers) = (8, 4);
        for region in &mut scenario.regions {
            region.servers = 4;
        }
        let mut run = Simulation::new(&scenario, 7);
        // Each way takes half of the round trip that was measured in its direction.
        let trips = &run.plan().region_round_trip_ms;
        let wire_s = (trips[0][1] + trips[1][0]) / 2.0 / 1000.0;
        let both_ways_s = 2.0 * scenario.database.delay_s + scenario.database.ship_interval_s + wire_s;
        let popularity = &run.plan().key_popularity;
        let share = |index: usize| popularity[index] - if index > 0 { popularity[index - 1] } else { 0.0 };
        let squares: f64 = (0..popularity.len()).map(|index| share(index) * share(index)).sum();
        let warm_s = both_ways_s + 1.0;
        let span_s = (MEASURED / (2.0 * self.writes_per_s)).min(LONGEST_S);
        let mut record = Record::default();
        let mut count = |until_s: f64| {
            run.run_until(SimTime::from_secs(until_s), u64::MAX, &mut record);
            let found = &run.world().observer.collisions;
            (found.pairs, found.count)
        };
        let spell_s = span_s / SPELLS as f64;
        let counts: [_; SPELLS + 1] = std::array::from_fn(|spell| count(warm_s + spell as f64 * spell_s));
        let pairs: [f64; SPELLS] =
            std::array::from_fn(|spell| (counts[spell + 1].0 - counts[spell].0) as f64 / spell_s);
        Rates {
            formula_per_s: self.writes_per_s * self.writes_per_s * both_ways_s * squares,
            pairs: counts[SPELLS].0 - counts[0].0,
            collisions: counts[SPELLS].1 - counts[0].1,
            span_s,
            margin_per_s: margin(&pairs),
        }
    }
}

/// By how much the mean of these may be off by chance.
fn margin(samples: &[f64; SPELLS]) -> f64 {
    let count = SPELLS as f64;
    let mean = samples.iter().sum::<f64>() / count;
    let squares: f64 = samples.iter().map(|sample| (sample - mean) * (sample - mean)).sum();
    STUDENT * libm::sqrt(squares / (count - 1.0) / count)
}
