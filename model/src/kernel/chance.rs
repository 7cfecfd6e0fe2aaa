//! Chance: a draw is a function of the run's seed and of what it is for, whenever and in whatever order it is drawn.
//!
//! So two runs that differ in one setting draw the same for everything that both have, and differ only in what the
//! setting acts on. What a draw is for is a purpose and up to three numbers: the request, its attempt and the hop; a part and
//! which of its checks or shipments.

use rand::distr::{Distribution, Open01};
use rand::{Rng, TryRng};
use std::convert::Infallible;

/// What a draw is for. The numbers that go with it are named behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The gap before a request: population, n-th request.
    Arrival = 1,
    /// Read or write, key, connection: population, n-th request.
    Wish = 2,
    /// The pause before an attempt: request, attempt.
    Backoff = 3,
    /// Whether a resolver extends a time to live: population, resolver.
    Resolver = 4,
    /// The age of a resolver's answer at the start: population, resolver.
    OldAnswer = 5,
    /// The age of a connection at the start: population, connection.
    OldConnection = 6,
    /// The first answer that a resolver had from a weighted record: population, resolver.
    FirstAnswer = 7,
    /// One hop of an attempt, on a wire or at a server: request, attempt, hop.
    Attempt = 8,
    /// A batch of a stream: from, to, first position and how often the stream has gone back to send again.
    Batch = 9,
    /// An acknowledgement of a stream: from, to, n-th acknowledgement.
    Acknowledgement = 10,
    /// A message about a proposal: write and region, attempt and n-th sending, kind of message and other region.
    Proposal = 11,
    /// A question of a region that accepted a proposal and heard no more, or its answer: from, to, n-th of them.
    Adoption = 12,
    /// A health check of Route 53 and its answer: endpoint and checker, n-th check, which way.
    Probe = 13,
    /// When a checker begins: endpoint, checker.
    ProbePhase = 14,
    /// When the balancer begins to check a target: server, its life.
    TargetPhase = 15,
    /// When Auto Scaling begins to look at a region.
    ScalingPhase = 16,
    /// The time that a server takes to boot: region, n-th launch.
    Boot = 17,
    /// A span of a runbook: course, n-th execution, step and region.
    Step = 18,
    /// The time that a standby in another zone takes: region, n-th takeover.
    ZoneFailover = 19,
    /// When the first shipment leaves.
    ShipPhase = 20,
    /// When the schedule of backups begins.
    BackupPhase = 21,
    /// When in its window a snapshot begins: before or after the start, n-th round.
    BackupWindow = 22,
    /// Whether a copy fails (0), and the ways of its parts (twice the part) and of their acknowledgements (1 more): snapshot,
    /// n-th try, which.
    BackupCopy = 23,
    /// When the log was uploaded last before the start.
    LogPhase = 24,
    /// How many writes came in the time before the start that a restore goes back behind.
    WritesBefore = 25,
    /// The time that an object takes which follows by itself: write, region.
    Spread = 26,
    /// A change of ownership that is told, or acknowledged: epoch and partition, region, n-th telling (0: acknowledged).
    Claim = 28,
    /// A part of a copy of a database, or its acknowledgement: from, to, n-th of them.
    Copy = 29,
    /// A question of the canary: round, place, and 0: where DNS sends it, 1: its way, 2: a grey server, 3: its way back.
    Canary = 30,
    /// Counts of a region for monitoring, or a page because of them: region, period, which.
    Counts = 31,
    /// A call to a control plane, or its answer: execution, step, and region with n-th call of it.
    ControlCall = 32,
    /// The way of an uploaded log to the vault in the other region: region, moment.
    LogCopy = 33,
    /// The server at which a session was begun before the start: population, connection.
    Login = 34,
    /// A queue's host on which a message comes (0: region, serial) or that a consumer asks first (1: region, calls so far).
    Queue = 35,
    /// A message of a topic: serial, n-th try, and region of the queue with 0: there, 1: back, 2: the pause after it.
    Topic = 36,
    /// A message about a read lease: kind and region, second, key.
    ReadLease = 37,
    /// Whether a read asks for the newest value: population, n-th request.
    Consistency = 38,
    /// A message of a failover controller: node and kind, number, region that it goes to. Kind 0: when a node begins to look.
    Controller = 39,
    /// Whether the object of a key is older than the rule by which it would be replicated: key.
    OldObject = 40,
    /// When a server looks the address of a database up: server.
    Address = 41,
    /// Whether a read goes to the reader endpoint: population, n-th request.
    Reader = 42,
    /// What a health check meets: checker of an endpoint, or target; check.
    Look = 43,
    /// The zone that a connection goes through that is open at the start: population, connection.
    Entrance = 44,
    /// The cache of a client: population, connection, and 0: whether it has one, 1: the age of what is in it at the start.
    ClientCache = 45,
    /// Whether an object's replication fails for good: region that wrote it, count of the version, region of the copy.
    ReplicationFails = 46,
    /// The zone that the week's practice run does without: region.
    Practice = 47,
    /// What tests and ensembles do to a run, and when: numbers of their own.
    Script = 27,
}

/// The chance of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance {
    /// The seed, spread over all bits.
    origin: u64,
}

/// Random numbers for one thing, as many as it needs.
#[derive(Clone, Debug)]
pub struct Draws {
    state: u64,
}

/// The 99th percentile of the normal distribution.
const Z99: f64 = 2.326_347_874_040_841;
/// What SplitMix64 adds for each number: 2^64 over the golden ratio.
const NEXT: u64 = 0x9e37_79b9_7f4a_7c15;
/// What each of the four numbers that name a thing is multiplied with: odd, without a pattern, and unlike `NEXT`, so
/// that the sequences of neighbours do not meet (digits of pi).
const NAMES: [u64; 4] =
    [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7345, 0xa409_3822_299f_31d1, 0x082e_fa98_ec4e_6c89];

/// The finisher of Steele, Lea and Flood's SplitMix64 (2014): every bit of the state moves every bit of the result.
#[inline]
const fn mix(state: u64) -> u64 {
    let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Chance {
    /// The chance of a run with this seed.
    #[inline]
    pub const fn new(seed: u64) -> Self {
        Self { origin: mix(mix(seed).wrapping_add(NEXT)) }
    }

    /// The draws for one thing.
    #[inline]
    pub const fn of(&self, purpose: Purpose, a: u64, b: u64, c: u64) -> Draws {
        let name = (purpose as u64)
            .wrapping_mul(NAMES[0])
            .wrapping_add(a.wrapping_mul(NAMES[1]))
            .wrapping_add(b.wrapping_mul(NAMES[2]))
            .wrapping_add(c.wrapping_mul(NAMES[3]));
        Draws { state: mix(self.origin.wrapping_add(name)) }
    }
}

impl TryRng for Draws {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next_u64() >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.state = self.state.wrapping_add(NEXT);
        Ok(mix(self.state))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next_u64().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

impl Draws {
    /// Uniform on the open interval (0, 1).
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        Open01.sample(self)
    }

    /// True with this probability.
    #[inline]
    pub fn chance(&mut self, probability: impl Into<f64>) -> bool {
        self.uniform() < probability.into()
    }

    /// A whole number below `count`; zero if `count` is zero.
    #[inline]
    pub fn below(&mut self, count: u32) -> u32 {
        (((self.next_u64() >> 32) * u64::from(count)) >> 32) as u32
    }

    /// Exponential with this mean. The logarithm is libm's on every target.
    #[inline]
    pub fn exponential(&mut self, mean: impl Into<f64>) -> f64 {
        -mean.into() * libm::log(self.uniform())
    }

    /// Normal with mean 0 and deviation 1 (Marsaglia's polar method, 1964).
    #[inline]
    pub fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let square = x * x + y * y;
            if square < 1.0 && square > 0.0 {
                return x * libm::sqrt(-2.0 * libm::log(square) / square);
            }
        }
    }

    /// Lognormal with this mean, and a 99th percentile so many times the median. The functions are libm's on every target.
    pub fn lognormal(&mut self, mean: impl Into<f64>, tail: impl Into<f64>) -> f64 {
        let deviation = libm::log(tail.into()) / Z99;
        mean.into() * libm::exp(deviation * (self.normal() - deviation / 2.0))
    }

    /// Uniform between two bounds.
    #[inline]
    pub fn between(&mut self, least: impl Into<f64>, most: impl Into<f64>) -> f64 {
        let (least, most) = (least.into(), most.into());
        least + (most - least) * self.uniform()
    }

    /// Triangular: between `least` and `most`, most often near `typical`.
    #[inline]
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

#[cfg(test)]
mod tests {
    use super::{Chance, Draws, Purpose};
    use rand::Rng;

    const COUNT: u64 = 100_000;

    /// One number for each of many neighbouring things.
    fn sample(draw: impl Fn(&mut Draws) -> f64) -> Vec<f64> {
        let chance = Chance::new(5);
        (0..COUNT).map(|n| draw(&mut chance.of(Purpose::Attempt, n / 100, n % 100, n & 7))).collect()
    }

    fn mean(values: &[f64]) -> f64 {
        values.iter().sum::<f64>() / values.len() as f64
    }

    fn variance(values: &[f64]) -> f64 {
        let middle = mean(values);
        mean(&values.iter().map(|value| (value - middle) * (value - middle)).collect::<Vec<_>>())
    }

    /// Mean and variance within five standard errors; the error of the variance needs the kurtosis.
    #[track_caller]
    fn expect(values: &[f64], wanted: f64, spread: f64, kurtosis: f64) {
        let count = values.len() as f64;
        let (mean, variance) = (mean(values), variance(values));
        assert!((mean - wanted).abs() < 5.0 * libm::sqrt(spread / count), "mean {mean}, not {wanted}");
        let error = spread * libm::sqrt((kurtosis - 1.0) / count);
        assert!((variance - spread).abs() < 5.0 * error, "variance {variance}, not {spread}");
    }

    #[test]
    fn every_distribution_has_its_mean_and_its_variance() {
        expect(&sample(Draws::uniform), 0.5, 1.0 / 12.0, 1.8);
        expect(&sample(|draws| draws.between(30.0, 90.0)), 60.0, 300.0, 1.8);
        expect(&sample(|draws| draws.exponential(20.0)), 20.0, 400.0, 9.0);
        expect(&sample(Draws::normal), 0.0, 1.0, 3.0);
        expect(&sample(|draws| f64::from(u8::from(draws.chance(0.2)))), 0.2, 0.16, 3.25);
        expect(&sample(|draws| f64::from(draws.below(10))), 4.5, 8.25, 1.8);
        // With s = ln 3 / z99: mean 2, variance mean² (e^s² - 1), and the kurtosis of a lognormal.
        let square = libm::pow(libm::log(3.0) / super::Z99, 2.0);
        let [one, two, three, four] = [1.0, 2.0, 3.0, 4.0].map(|times| libm::exp(times * square));
        let kurtosis = four + 2.0 * three + 3.0 * two - 3.0;
        expect(&sample(|draws| draws.lognormal(2.0, 3.0)), 2.0, 4.0 * (one - 1.0), kurtosis);
        // (a² + b² + c² − ab − ac − bc) / 18, and a kurtosis of 2.4 whatever the shape.
        let spread = (1.0 + 9.0 + 64.0 - 3.0 - 8.0 - 24.0) / 18.0;
        expect(&sample(|draws| draws.triangular(1.0, 3.0, 8.0)), 4.0, spread, 2.4);
    }

    #[test]
    fn the_second_and_third_number_of_a_thing_are_as_good_as_its_first() {
        for skipped in 1..4 {
            let later = |draws: &mut Draws| {
                let skipped: f64 = (0..skipped).map(|_| draws.uniform()).sum();
                assert!(skipped > 0.0);
                draws.uniform()
            };
            expect(&sample(later), 0.5, 1.0 / 12.0, 1.8);
        }
    }

    /// Twelve times the covariance of two uniform numbers.
    fn correlation(pairs: impl Iterator<Item = (Draws, Draws)>) -> f64 {
        let products = pairs.map(|(mut a, mut b)| 12.0 * (a.uniform() - 0.5) * (b.uniform() - 0.5));
        mean(&products.collect::<Vec<_>>())
    }

    #[test]
    fn neighbours_know_nothing_of_each_other() {
        let chance = Chance::new(9);
        let of = |purpose, a, b, c| chance.of(purpose, a, b, c);
        let skipped = |mut draws: Draws| {
            draws.uniform();
            draws
        };
        let wish = |n| of(Purpose::Wish, n, 0, 0);
        let all = [
            ("n, n + 1", correlation((0..COUNT).map(|n| (wish(n), wish(n + 1))))),
            ("n, n + 2", correlation((0..COUNT).map(|n| (wish(n), wish(n + 2))))),
            ("a and b", correlation((0..COUNT).map(|n| (wish(n), of(Purpose::Wish, 0, n, 0))))),
            ("b, b + 1", correlation((0..COUNT).map(|n| (wish(n), of(Purpose::Wish, n, 1, 0))))),
            ("c, c + 1", correlation((0..COUNT).map(|n| (wish(n), of(Purpose::Wish, n, 0, 1))))),
            ("purposes", correlation((0..COUNT).map(|n| (wish(n), of(Purpose::Backoff, n, 0, 0))))),
            ("first and second", correlation((0..COUNT).map(|n| (wish(n), skipped(wish(n)))))),
            ("second and next", correlation((0..COUNT).map(|n| (skipped(wish(n)), wish(n + 1))))),
            ("seeds", {
                let with = |seed: u64| Chance::new(seed).of(Purpose::Wish, 0, 0, 0);
                correlation((0..COUNT).map(|seed| (with(seed), with(seed + 1))))
            }),
        ];
        for (what, correlation) in all {
            let error = 1.0 / libm::sqrt(COUNT as f64);
            assert!(correlation.abs() < 5.0 * error, "{what}: {correlation}");
        }
    }

    #[test]
    fn every_byte_is_as_frequent_as_any_other_in_every_place() {
        let chance = Chance::new(3);
        let mut counts = vec![[0_u32; 256]; 8];
        for n in 0..COUNT {
            let bytes = chance.of(Purpose::Probe, n & 31, n >> 5, 1).next_u64().to_le_bytes();
            for (place, byte) in bytes.into_iter().enumerate() {
                counts[place][usize::from(byte)] += 1;
            }
        }
        let expected = COUNT as f64 / 256.0;
        for (place, counts) in counts.iter().enumerate() {
            let parts = counts.iter().map(|count| {
                let off = f64::from(*count) - expected;
                off * off / expected
            });
            let square: f64 = parts.sum();
            // 255 degrees of freedom: 255 with a deviation of 22.6; between these bounds all but one in a hundred thousand.
            assert!((165.0..365.0).contains(&square), "byte {place}: chi-square {square:.1}");
        }
    }

    #[test]
    fn a_thing_has_the_same_numbers_whenever_it_is_asked() {
        let chance = Chance::new(1);
        let mut first = chance.of(Purpose::Boot, 1, 2, 3);
        let mut bytes = [0; 12];
        first.fill_bytes(&mut bytes);
        let mut again = chance.of(Purpose::Boot, 1, 2, 3);
        assert_eq!(again.next_u64().to_le_bytes(), bytes[..8]);
        assert_eq!(again.next_u64().to_le_bytes()[..4], bytes[8..]);
        assert_ne!(Chance::new(2).of(Purpose::Boot, 1, 2, 3).next_u64().to_le_bytes(), bytes[..8]);
    }
}
