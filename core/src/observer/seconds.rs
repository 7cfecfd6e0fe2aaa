//! What became of requests, by the second in which they were sent: who was served, who failed, and because of what. Only
//! the last minutes are kept; what is older has been judged.

use crate::kernel::clock::SimTime;
use crate::kernel::id::PopulationId;
use std::collections::VecDeque;
use std::sync::Arc;

/// Settled seconds that are kept: an outage may begin a minute before it is seen, and a piece that ended a minute before
/// that is joined to it.
const KEPT_S: u32 = 140;
/// Seconds beyond those that have room from the beginning: nearly all settle sooner.
const AHEAD_S: u32 = 20;
/// No request failed.
const NONE_MS: u16 = u16::MAX;
/// Nobody has asked for anything.
const NOTHING: Count = Count { served: 0, failed: 0, waiting: 0, first_failed_ms: NONE_MS };

/// Requests of one population that were sent in one second: its reads, or its writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Count {
    served: u16,
    failed: u16,
    waiting: u16,
    /// When the first that failed was sent, in milliseconds since the second began.
    first_failed_ms: u16,
}

/// Requests that ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Answered.
    pub served: u32,
    /// Given up.
    pub failed: u32,
}

impl Ended {
    /// All that ended.
    pub const fn all(self) -> u32 {
        self.served + self.failed
    }

    /// The share that was served, 0 to 1; 1 if nothing ended.
    pub fn share(self) -> f64 {
        if self.all() == 0 { 1.0 } else { f64::from(self.served) / f64::from(self.all()) }
    }

    /// Whether at least this share, in thousandths, was served, counted without rounding.
    pub fn is_served(self, thousandths: u64) -> bool {
        u64::from(self.served) * 1000 >= u64::from(self.all()) * thousandths
    }
}

impl std::ops::Add for Ended {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { served: self.served + other.served, failed: self.failed + other.failed }
    }
}

impl std::iter::Sum for Ended {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), std::ops::Add::add)
    }
}

/// Requests that failed in one second because of one incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The second in which they were sent.
    pub second: u32,
    /// The incident, an index; `None` if nothing that has happened led to it.
    pub incident: Option<usize>,
    /// How many.
    pub count: u32,
}

/// Whose requests are meant: of whom, and reads, writes or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    All,
    /// Reads and writes of a population.
    Both(PopulationId),
    /// A population's reads, or if true its writes.
    One(PopulationId, bool),
}

/// The last minutes, second by second.
#[derive(Clone, Debug)]
pub struct Seconds {
    /// Reads and writes of each population.
    tallies: usize,
    /// The second of the first row.
    first: u32,
    /// Seconds before this one are settled: all that was sent in them has ended.
    settled: u32,
    /// Reads and writes of each population in turn, for each second. Clones share what is settled.
    rows: VecDeque<Arc<Vec<Count>>>,
    failures: VecDeque<Failed>,
}

fn second_of(at: SimTime) -> u32 {
    (at.micros() / 1_000_000) as u32
}

impl Seconds {
    /// Nothing was sent yet.
    pub fn new(populations: usize) -> Self {
        Self {
            tallies: populations * 2,
            first: 0,
            settled: 0,
            rows: (0..KEPT_S + AHEAD_S).map(|_| Arc::new(vec![NOTHING; populations * 2])).collect(),
            failures: VecDeque::new(),
        }
    }

    #[inline]
    fn count(&mut self, second: u32, population: PopulationId, writes: bool) -> Option<&mut Count> {
        let row = second.checked_sub(self.first)? as usize;
        debug_assert!(second >= self.settled, "nothing ends in a second that is settled");
        while self.rows.len() <= row {
            self.rows.push_back(Arc::new(vec![NOTHING; self.tallies]));
        }
        Arc::make_mut(&mut self.rows[row]).get_mut(population.index() * 2 + usize::from(writes))
    }

    /// A request is sent.
    #[inline]
    pub fn sent(&mut self, population: PopulationId, writes: bool, now: SimTime) {
        if let Some(count) = self.count(second_of(now), population, writes) {
            count.waiting = count.waiting.saturating_add(1);
        }
    }

    /// A request that was sent at this moment is answered.
    #[inline]
    pub fn served(&mut self, population: PopulationId, writes: bool, sent: SimTime) {
        if let Some(count) = self.count(second_of(sent), population, writes) {
            debug_assert!(count.waiting > 0, "what ends was sent");
            count.waiting = count.waiting.saturating_sub(1);
            count.served = count.served.saturating_add(1);
        }
    }

    /// A request that was sent at this moment is given up, because of an incident or of none.
    pub fn failed(&mut self, population: PopulationId, writes: bool, sent: SimTime, incident: Option<usize>) {
        let second = second_of(sent);
        if let Some(count) = self.count(second, population, writes) {
            debug_assert!(count.waiting > 0, "what ends was sent");
            count.waiting = count.waiting.saturating_sub(1);
            count.failed = count.failed.saturating_add(1);
            let ms = (sent.micros() % 1_000_000 / 1000) as u16;
            count.first_failed_ms = count.first_failed_ms.min(ms);
        }
        let mut place = self.failures.partition_point(|known| known.second < second);
        while let Some(known) = self.failures.get_mut(place).filter(|known| known.second == second) {
            if known.incident == incident {
                known.count += 1;
                return;
            }
            place += 1;
        }
        self.failures.insert(place, Failed { second, incident, count: 1 });
    }

    /// The next second that is settled, if one is: it is over, and everything that was sent in it has ended.
    pub fn settle(&mut self, now: SimTime) -> Option<u32> {
        let second = self.settled;
        if second >= second_of(now) || self.row(second).iter().any(|count| count.waiting > 0) {
            return None;
        }
        self.settled += 1;
        while self.settled - self.first > KEPT_S {
            if let Some(mut oldest) = self.rows.pop_front() {
                // It is used again, unless a keyframe has it too, so that a calm run allocates nothing.
                match Arc::get_mut(&mut oldest) {
                    Some(counts) => counts.fill(NOTHING),
                    None => oldest = Arc::new(vec![NOTHING; self.tallies]),
                }
                self.rows.push_back(oldest);
            }
            self.first += 1;
        }
        while self.failures.front().is_some_and(|oldest| oldest.second < self.first) {
            self.failures.pop_front();
        }
        Some(second)
    }

    fn row(&self, second: u32) -> &[Count] {
        let row = second.checked_sub(self.first).and_then(|row| self.rows.get(row as usize));
        row.map_or(&[], |row| row.as_slice())
    }

    /// What ended of that which was sent in one second.
    pub fn ended(&self, whose: Whose, second: u32) -> Ended {
        let ended =
            |count: &Count| Ended { served: u32::from(count.served), failed: u32::from(count.failed) };
        let places = match whose {
            Whose::All => 0..self.tallies,
            Whose::Both(population) => population.index() * 2..population.index() * 2 + 2,
            Whose::One(population, writes) => {
                let place = population.index() * 2 + usize::from(writes);
                place..place + 1
            }
        };
        self.row(second).get(places).unwrap_or_default().iter().map(ended).sum()
    }

    /// What ended of that which was sent in these seconds, both included. None of them is older than what is kept.
    pub fn ended_in(&self, whose: Whose, from: u32, to: u32) -> Ended {
        debug_assert!(from >= self.first, "older seconds are forgotten");
        (from..=to).map(|second| self.ended(whose, second)).sum()
    }

    /// When the first request that failed was sent, of those sent in one second; to the millisecond.
    pub fn first_failed(&self, whose: Whose, second: u32) -> Option<SimTime> {
        let (population, writes) = match whose {
            Whose::All => (None, None),
            Whose::Both(population) => (Some(population), None),
            Whose::One(population, writes) => (Some(population), Some(writes)),
        };
        let meant = |place: usize| {
            population.is_none_or(|population| place / 2 == population.index())
                && writes.is_none_or(|writes| (place % 2 == 1) == writes)
        };
        let row =
            self.row(second).iter().enumerate().filter(|(place, count)| count.failed > 0 && meant(*place));
        let first = row.map(|(_, count)| count.first_failed_ms).min()?;
        Some(SimTime::from_micros(u64::from(second) * 1_000_000 + u64::from(first) * 1000))
    }

    /// Failures of what was sent in these seconds, both included, by incident.
    pub fn failures(&self, from: u32, to: u32) -> impl Iterator<Item = &Failed> {
        let first = self.failures.partition_point(|failed| failed.second < from);
        self.failures.range(first..).take_while(move |failed| failed.second <= to)
    }

    /// Whether nothing has failed in the seconds that are kept.
    pub fn is_calm(&self) -> bool {
        self.failures.is_empty()
    }

    /// Seconds before this one are settled.
    pub fn settled(&self) -> u32 {
        self.settled
    }

    /// The oldest second that is known.
    pub fn oldest(&self) -> u32 {
        self.first
    }
}

#[cfg(test)]
mod tests {
    use super::{Ended, Seconds, Whose};
    use crate::kernel::clock::SimTime;
    use crate::kernel::id::PopulationId;

    #[test]
    fn a_request_counts_in_the_second_in_which_it_was_sent_once_it_has_ended() {
        let (mut seconds, who) = (Seconds::new(2), PopulationId(1));
        let at = SimTime::from_secs(3.25);
        seconds.sent(who, true, at);
        for second in 0..3 {
            assert_eq!(seconds.settle(SimTime::from_secs(20.0)), Some(second), "nothing was sent");
        }
        assert_eq!(seconds.settle(SimTime::from_secs(20.0)), None, "one still waits");
        seconds.failed(who, true, at, Some(4));
        assert_eq!(seconds.settle(SimTime::from_secs(20.0)), Some(3));
        let lost = Ended { served: 0, failed: 1 };
        for (whose, ended) in [
            (Whose::All, lost),
            (Whose::Both(who), lost),
            (Whose::One(who, true), lost),
            (Whose::One(who, false), Ended::default()),
            (Whose::Both(PopulationId(0)), Ended::default()),
        ] {
            assert_eq!(seconds.ended(whose, 3), ended, "{whose:?}");
        }
        assert_eq!(seconds.first_failed(Whose::All, 3), Some(at));
        assert_eq!(seconds.failures(0, 9).map(|failed| failed.incident).collect::<Vec<_>>(), [Some(4)]);
    }
}
