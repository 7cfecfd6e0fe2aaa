//! What is counted: requests by population, time to answer, stale reads, and the sliding minute that decides when
//! a service is whole again.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, PopulationId};
use crate::kernel::region_map::RegionMap;
use crate::kernel::window::Window;
use crate::observer::asking::{Asking, WINDOW_S};
use crate::system::causes::Causes;
use crate::system::clients::Clients;
use crate::system::failure::Failure;
use crate::system::meters::Meters;
use std::sync::Arc;

/// A population is served when at least this share of what it asked for was answered.
pub const SERVED_SHARE: f64 = 0.99;

const SUB_BITS: u32 = 4;
const BUCKETS: usize = 28 << SUB_BITS;

/// Times to answer, counted in buckets of at most 6.25 % width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    /// Shared between clones until it is changed, so that a keyframe copies none.
    buckets: Arc<[u32; BUCKETS]>,
    total: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { buckets: Arc::new([0; BUCKETS]), total: 0 }
    }
}

impl Histogram {
    /// Counts one.
    pub fn add(&mut self, span: SimDuration) {
        let micros = span.micros().max(1 << SUB_BITS);
        let octave = 63 - micros.leading_zeros();
        let sub = (micros >> (octave - SUB_BITS)) as usize & ((1 << SUB_BITS) - 1);
        let bucket = (((octave - SUB_BITS) as usize) << SUB_BITS) + sub;
        Arc::make_mut(&mut self.buckets)[bucket.min(BUCKETS - 1)] += 1;
        self.total += 1;
    }

    /// Adds all of another.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in Arc::make_mut(&mut self.buckets).iter_mut().zip(&*other.buckets) {
            *mine += theirs;
        }
        self.total += other.total;
    }

    /// The time within which this share was answered, in milliseconds (the middle of its bucket).
    pub fn quantile_ms(&self, share: f64) -> Option<f64> {
        debug_assert!((0.0..=1.0).contains(&share), "a share of all");
        let rank = (share * self.total as f64).ceil().max(1.0) as u64;
        let mut seen = 0;
        for (index, count) in self.buckets.iter().enumerate() {
            seen += u64::from(*count);
            if seen >= rank {
                let octave = (index >> SUB_BITS) as u32 + SUB_BITS;
                let width = (1u64 << (octave - SUB_BITS)) as f64;
                let low = (1u64 << octave) as f64 + (index & ((1 << SUB_BITS) - 1)) as f64 * width;
                return Some((low + width / 2.0) / 1000.0);
            }
        }
        None
    }
}

/// What is wrong with an answer to a read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// Somebody had been told of what supersedes it before it began.
    pub stale: bool,
    /// Somebody had, and that is missing.
    pub of_a_gap: bool,
    /// The session does not find what it has written itself.
    pub misses_own: bool,
    /// The session finds something older than it had read before.
    pub goes_back: bool,
    /// One of these two, and only because of what is missing.
    pub by_loss: bool,
    /// A write of which its client had been told was still in a queue.
    pub misses_queued: bool,
}

/// Counts of one population.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Requests begun.
    pub sent: u64,
    /// Requests answered.
    pub served: u64,
    /// Requests given up.
    pub failed: u64,
    /// Reads before whose beginning a client had been told of a version that supersedes the one that they returned.
    pub stale_reads: u64,
    /// Reads for which that version was missing, and nobody had written since that was known.
    pub reads_of_a_gap: u64,
    /// Reads in which a session found something that a write of its own supersedes.
    pub misses_own: u64,
    /// Reads in which a session found something that what it had read before supersedes.
    pub goes_back: u64,
    /// Reads of these two kinds that would be of neither were nothing missing.
    pub by_loss: u64,
    /// Reads that did not find a write which was still in a queue.
    pub misses_queued: u64,
    /// Why they were given up.
    pub failures: [u64; Failure::ALL.len()],
    /// Times to answer reads and writes.
    pub latency: [Histogram; 2],
    /// Served and failed in each of the last 60 whole seconds.
    window: Window<WINDOW_S>,
    /// Why requests have failed lately.
    pub failed_by: Causes,
    /// Requests per second by region that answered or was tried, smoothed for the picture.
    pub rate_to: RegionMap<f32>,
    /// Time to answer reads and writes lately, in milliseconds, smoothed for the picture; 0 if none was answered.
    pub lately_ms: [f32; 2],
    /// Share that failed over the last ten seconds or so, smoothed for the picture.
    pub failing: f32,
    /// Attempts that had gone to each region by the last whole second.
    tried: RegionMap<u32>,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            sent: 0,
            served: 0,
            failed: 0,
            stale_reads: 0,
            reads_of_a_gap: 0,
            misses_own: 0,
            goes_back: 0,
            by_loss: 0,
            misses_queued: 0,
            failures: [0; Failure::ALL.len()],
            latency: Default::default(),
            window: Window::default(),
            failed_by: Causes::default(),
            rate_to: RegionMap::all(0.0),
            lately_ms: [0.0; 2],
            failing: 0.0,
            tried: RegionMap::all(0),
        }
    }
}

impl Tally {
    /// A share of what was decided in the last so many whole seconds was served; `None` if nothing was.
    pub fn served_share(&self, now_s: usize, seconds: usize) -> Option<f64> {
        self.window.served_share(now_s, seconds)
    }

    /// A whole second has passed. Returns how many were served and failed in it, and how many attempts were made.
    fn close_second(&mut self, now_s: usize, tried: &RegionMap<u32>) -> (u16, u16, u32) {
        let count = self.window.close_second(now_s);
        let (served, failed) = (f32::from(count.0), f32::from(count.1));
        if served + failed > 0.0 {
            self.failing += (failed / (served + failed) - self.failing) * 0.25;
        }
        let mut attempts = 0;
        for ((rate, before), now) in self.rate_to.values_mut().zip(self.tried.values()).zip(tried.values()) {
            *rate += ((now - before) as f32 - *rate) * 0.2;
            attempts += now - before;
        }
        self.tried = *tried;
        self.failed_by.fade();
        (count.0, count.1, attempts)
    }
}

/// What is paid for by use, counted from the start until the first incident.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    /// How long was counted, in seconds.
    pub seconds: f64,
    /// What the meters had counted by then.
    pub meters: Meters,
}

/// Counts of everybody.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// By population.
    pub tallies: Vec<Tally>,
    /// What is paid for by use.
    pub usage: Usage,
    /// Writes that a retry committed a second time.
    pub duplicates: u64,
    /// How often clients ask.
    pub asking: Asking,
    second_sent: u32,
    second_latency: u64,
}

/// What happened in the second that has just ended.
#[derive(Clone, Copy, Debug, Default)]
pub struct SecondCount {
    /// Requests begun.
    pub sent: u32,
    /// Requests answered.
    pub served: u32,
    /// Requests given up.
    pub failed: u32,
    /// Attempts made.
    pub attempts: u32,
    /// Mean time to an answer, in microseconds.
    pub mean_latency_us: u32,
}

impl Metrics {
    /// Nothing counted yet.
    pub fn new(populations: usize) -> Self {
        Self {
            tallies: vec![Tally::default(); populations],
            usage: Usage::default(),
            duplicates: 0,
            asking: Asking::default(),
            second_sent: 0,
            second_latency: 0,
        }
    }

    /// A request began.
    pub fn sent(&mut self, population: PopulationId) {
        self.tallies[population.index()].sent += 1;
        self.second_sent += 1;
    }

    /// A request was answered.
    #[inline]
    pub fn served(&mut self, population: PopulationId, writes: bool, took: SimDuration, labels: Labels) {
        let tally = &mut self.tallies[population.index()];
        tally.served += 1;
        debug_assert!(tally.served + tally.failed <= tally.sent, "a request ends once");
        tally.stale_reads += u64::from(labels.stale);
        tally.reads_of_a_gap += u64::from(labels.of_a_gap);
        tally.misses_own += u64::from(labels.misses_own);
        tally.goes_back += u64::from(labels.goes_back);
        tally.by_loss += u64::from(labels.by_loss);
        tally.misses_queued += u64::from(labels.misses_queued);
        tally.window.served();
        tally.latency[usize::from(writes)].add(took);
        self.second_latency += took.micros();
    }

    /// A read or a write took this long.
    pub fn took(&mut self, population: PopulationId, writes: bool, took: SimDuration) {
        let lately = &mut self.tallies[population.index()].lately_ms[usize::from(writes)];
        let took_ms = took.micros() as f32 / 1000.0;
        *lately += (took_ms - *lately) * if *lately > 0.0 { 0.2 } else { 1.0 };
    }

    /// A request was given up.
    pub fn failed(&mut self, population: PopulationId, cause: Option<EntryId>, failure: Failure) {
        let tally = &mut self.tallies[population.index()];
        tally.failed += 1;
        tally.failures[failure as usize] += 1;
        debug_assert!(tally.served + tally.failed <= tally.sent, "a request ends once");
        tally.failed_by.add(cause);
        tally.window.failed();
    }

    /// A whole second has passed.
    pub fn close_second(&mut self, now: SimTime, clients: &Clients) -> SecondCount {
        let now_s = (now.micros() / 1_000_000) as usize;
        debug_assert_eq!(self.tallies.len(), clients.populations.len(), "everybody is counted");
        let mut count = SecondCount { sent: self.second_sent, ..SecondCount::default() };
        for (tally, population) in self.tallies.iter_mut().zip(&clients.populations) {
            let (served, failed, attempts) = tally.close_second(now_s, &population.tried);
            count.attempts += attempts;
            count.served += u32::from(served);
            count.failed += u32::from(failed);
        }
        if count.served > 0 {
            count.mean_latency_us = (self.second_latency / u64::from(count.served)) as u32;
        }
        self.asking.close_second(now, count.sent, count.attempts);
        self.second_sent = 0;
        self.second_latency = 0;
        count
    }
}
