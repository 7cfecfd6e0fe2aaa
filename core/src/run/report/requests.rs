//! Requests in the report: how many, how fast, and why they failed.

use crate::kernel::id::PopulationId;
use crate::observer::metrics::{Histogram, Tally};
use crate::run::simulation::Simulation;
use crate::system::failure::Failure;
use serde::Serialize;
use std::collections::BTreeMap;

/// Times to answer, in milliseconds; null if nothing was answered, and in steps of more than 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Latency {
    /// Half were answered within this time.
    pub p50_ms: Option<f64>,
    /// 99 % were answered within this time.
    pub p99_ms: Option<f64>,
}

impl Latency {
    fn of(histogram: &Histogram) -> Self {
        Self { p50_ms: histogram.quantile_ms(0.5), p99_ms: histogram.quantile_ms(0.99) }
    }
}

/// Counts of requests, in real ones. What was sent was served, has failed, or is in flight.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Requests {
    /// Begun.
    pub sent: u64,
    /// Attempts, the first one of each request too.
    pub attempts: u64,
    /// Answered; a refusal because of another write is an answer.
    pub served: u64,
    /// Given up.
    pub failed: u64,
    /// Neither yet.
    pub in_flight: u64,
    /// Of those given up, the requests of users whose session was gone with the server that kept it: each is a session that
    /// was lost, and the user had to log in again.
    pub sessions_lost: u64,
    /// Share of what was decided that was answered, 0 to 1; null if nothing was decided.
    pub availability: Option<f64>,
    /// Half were answered within this time, in milliseconds; null in steps of more than 1.
    pub p50_ms: Option<f64>,
    /// 99 % were answered within this time, in milliseconds; null in steps of more than 1.
    pub p99_ms: Option<f64>,
    /// Times to answer reads.
    pub read: Latency,
    /// Times to answer writes.
    pub write: Latency,
}

/// Counts of one city's requests.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CityRequests {
    /// How many, and how fast.
    #[serde(flatten)]
    pub requests: Requests,
    /// How many failed why: of several reasons the first that fits, in the order stale_dns, region_dark, full, refused,
    /// timed_out, other; logged_out: the user had to log in again, and that was all; breaker_open: a circuit breaker was open.
    pub failed_by: BTreeMap<&'static str, u64>,
}

impl Simulation {
    /// Everybody's requests.
    pub fn requests(&self) -> Requests {
        let tallies: Vec<&Tally> = self.world().observer.metrics.tallies.iter().collect();
        let attempts = (0..tallies.len()).map(|index| self.attempts(PopulationId(index as u8))).sum();
        counts(&tallies, attempts, self.plan().step())
    }

    /// One city's requests.
    pub fn requests_of(&self, who: PopulationId) -> CityRequests {
        let tally = &self.world().observer.metrics.tallies[who.index()];
        let step = self.plan().step();
        let failed = |failure: Failure| (failure.slug(), tally.failures[failure as usize] * step);
        CityRequests {
            requests: counts(&[tally], self.attempts(who), step),
            failed_by: Failure::ALL.into_iter().map(failed).collect(),
        }
    }

    fn attempts(&self, who: PopulationId) -> u64 {
        let tried = &self.world().system.clients.populations[who.index()].tried;
        tried.values().map(|count| u64::from(*count)).sum()
    }
}

fn counts(tallies: &[&Tally], attempts: u64, step: u64) -> Requests {
    let sum = |pick: fn(&Tally) -> u64| tallies.iter().map(|tally| pick(tally)).sum::<u64>();
    let (sent, served, failed) =
        (sum(|tally| tally.sent), sum(|tally| tally.served), sum(|tally| tally.failed));
    let merged = |kinds: &[usize]| {
        // One that stands for several works and waits for longer, and there are fewer: that is no time of a real request.
        if step > 1 {
            return Latency::default();
        }
        let mut all = Histogram::default();
        for tally in tallies {
            kinds.iter().for_each(|kind| all.merge(&tally.latency[*kind]));
        }
        Latency::of(&all)
    };
    let Latency { p50_ms, p99_ms } = merged(&[0, 1]);
    Requests {
        sent: sent * step,
        attempts: attempts * step,
        served: served * step,
        failed: failed * step,
        in_flight: (sent - served - failed) * step,
        sessions_lost: sum(|tally| tally.failures[Failure::LoggedOut as usize]) * step,
        availability: (served + failed > 0).then(|| served as f64 / (served + failed) as f64),
        p50_ms,
        p99_ms,
        read: merged(&[0]),
        write: merged(&[1]),
    }
}
