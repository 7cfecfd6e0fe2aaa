//! The judge of one population's reads or writes: out from the first failed request of the first bad window, back at the
//! first whole second from which a whole minute was good. docs/model.md has the definitions in words.

use super::seconds::{Ended, Seconds, Whose};
use crate::kernel::clock::SimTime;

/// The share of a window, in thousandths, below which it may be bad: an outage.
pub const OUTAGE_SHARE: u64 = 950;
/// The share of a minute, in thousandths, from which on it is good again: the objective.
pub const OBJECTIVE: u64 = 990;
/// The share of a minute, in thousandths, below which it is a degradation.
pub const DEGRADED_SHARE: u64 = 999;
/// Failed requests of a minute that make a degradation.
const DEGRADED_FAILED: u32 = 3;
/// A window in seconds; with fewer requests than [`WINDOW_REQUESTS`] longer …
const WINDOW_S: u32 = 10;
/// … as long as it takes to have so many …
const WINDOW_REQUESTS: u32 = 100;
/// … but at most a minute, which is also what has to be good again.
pub const MINUTE_S: u32 = 60;

/// What is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whether too few are served: an outage.
    Outage,
    /// Whether fewer are served than on a good day: a degradation.
    Degradation,
}

/// What a judge has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is out since this moment.
    Out(SimTime),
    /// It is back since the beginning of this second.
    Back(u32),
}

/// A judge: looks at each second when it is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judge {
    kind: Kind,
    whose: Whose,
    /// Windows begin here at the earliest.
    from: u32,
    /// Out since.
    out: Option<SimTime>,
}

/// The least number of failed requests, of so many, that a true share of 99 % reaches in fewer than one window in a million.
pub fn least_failed(requests: u32) -> u32 {
    const RARE: f64 = 1e-6;
    const FAILING: f64 = 0.01;
    let n = f64::from(requests);
    // The chance of exactly k failures, from k = 0 on; what is left of 1 is the chance of more.
    let mut exactly = libm::pow(1.0 - FAILING, n);
    let mut up_to = exactly;
    let mut k = 0;
    while 1.0 - up_to >= RARE && k < requests {
        exactly *= (n - f64::from(k)) / f64::from(k + 1) * FAILING / (1.0 - FAILING);
        up_to += exactly;
        k += 1;
    }
    k + 1
}

impl Judge {
    /// A judge who has seen nothing.
    pub const fn new(kind: Kind, whose: Whose) -> Self {
        Self { kind, whose, from: 0, out: None }
    }

    /// Since when it is out.
    pub const fn out(&self) -> Option<SimTime> {
        self.out
    }

    /// Whose requests it judges.
    pub const fn whose(&self) -> Whose {
        self.whose
    }

    /// Begins anew: windows begin at this second at the earliest.
    pub fn restart(&mut self, from: u32) {
        self.from = from.max(self.from);
        self.out = None;
    }

    /// The window that ends with a second, if it is bad: its first second.
    fn bad_window(&self, seconds: &Seconds, last: u32) -> Option<u32> {
        let earliest = self.from.max(seconds.oldest());
        let least = match self.kind {
            Kind::Outage => WINDOW_S,
            Kind::Degradation => MINUTE_S,
        };
        let mut first = (last + 1).checked_sub(least).filter(|first| *first >= earliest)?;
        let mut ended = seconds.ended_in(self.whose, first, last);
        if ended.failed == 0 && self.kind == Kind::Degradation {
            return None;
        }
        while self.kind == Kind::Outage
            && ended.all() < WINDOW_REQUESTS
            && first > earliest
            && last + 1 - first < MINUTE_S
        {
            first -= 1;
            ended = ended + seconds.ended(self.whose, first);
        }
        let bad = match self.kind {
            Kind::Outage => !ended.is_served(OUTAGE_SHARE) && ended.failed >= least_failed(ended.all()),
            Kind::Degradation => !ended.is_served(DEGRADED_SHARE) && ended.failed >= DEGRADED_FAILED,
        };
        bad.then_some(first)
    }

    fn is_good(&self, minute: Ended) -> bool {
        match self.kind {
            Kind::Outage => minute.failed <= 1 || minute.is_served(OBJECTIVE),
            Kind::Degradation => minute.failed < DEGRADED_FAILED || minute.is_served(DEGRADED_SHARE),
        }
    }

    /// A second is settled. `began` says when that which failed in these seconds, both included, began: nobody is out
    /// before that. Returns what has changed; there may be more, so it is asked again until nothing has.
    pub fn look(
        &mut self,
        seconds: &Seconds,
        second: u32,
        began: impl Fn(u32, u32) -> Option<SimTime>,
    ) -> Option<Verdict> {
        if let Some(since) = self.out {
            let back = (second + 1).checked_sub(MINUTE_S)?;
            let later = u64::from(back) * 1_000_000 > since.micros();
            if !later || !self.is_good(seconds.ended_in(self.whose, back, second)) {
                return None;
            }
            self.restart(back);
            return Some(Verdict::Back(back));
        }
        // After a minute that was good as a whole a shorter window in it may still be bad.
        let just_back = self.from + MINUTE_S == second + 1;
        let windows = if just_back { self.from..=second } else { second..=second };
        let (first, last) =
            windows.filter_map(|last| Some((self.bad_window(seconds, last)?, last))).next()?;
        let began = began(first, last);
        let failed = |second: u32| seconds.first_failed(self.whose, second);
        // In the second in which the trouble began others may have failed before it did.
        let reaches = |second: &u32| began.is_none_or(|began| second_end(*second) > began);
        let first_failed = (first..=last).filter(reaches).find_map(failed)?;
        let since = began.map_or(first_failed, |began| began.max(first_failed));
        self.out = Some(since);
        Some(Verdict::Out(since))
    }
}

fn second_end(second: u32) -> SimTime {
    SimTime::from_micros((u64::from(second) + 1) * 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::least_failed;

    #[test]
    fn a_window_is_bad_only_if_chance_does_not_explain_it() {
        for (requests, failed) in [(6, 4), (20, 6), (100, 9)] {
            assert_eq!(least_failed(requests), failed, "of {requests}");
        }
        assert!(least_failed(300) <= 15, "from 300 on the 95 % decide");
        assert!(least_failed(2) > 2, "two requests say nothing");
    }
}
