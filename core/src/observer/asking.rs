//! How often clients ask: attempts for each request, over sliding minutes.

use crate::kernel::clock::SimTime;

/// Seconds in the sliding windows of availability, and of attempts.
pub const WINDOW_S: usize = 60;

/// Requests begun and attempts made in each of the last 60 whole seconds, and the worst minute so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asking {
    seconds: [(u32, u32); WINDOW_S],
    sum: (u32, u32),
    /// Of all minutes the one with the most attempts per request: how many, and when it ended. The first of those that are alike.
    pub worst: Option<(f64, SimTime)>,
}

impl Default for Asking {
    fn default() -> Self {
        Self { seconds: [(0, 0); WINDOW_S], sum: (0, 0), worst: None }
    }
}

impl Asking {
    /// A whole second has passed, in which so many requests began and so many attempts were made.
    pub fn close_second(&mut self, now: SimTime, begun: u32, attempts: u32) {
        let now_s = (now.micros() / 1_000_000) as usize;
        let old = std::mem::replace(&mut self.seconds[now_s % WINDOW_S], (begun, attempts));
        debug_assert!(old.0 <= self.sum.0 && old.1 <= self.sum.1, "what is forgotten was counted");
        self.sum = (self.sum.0 - old.0 + begun, self.sum.1 - old.1 + attempts);
        let ratio = f64::from(self.sum.1) / f64::from(self.sum.0.max(1));
        let is_whole = now_s >= WINDOW_S && self.sum.0 > 0;
        if is_whole && self.worst.is_none_or(|(worst, _)| ratio > worst) {
            self.worst = Some((ratio, now));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Asking;
    use crate::kernel::clock::SimTime;

    #[test]
    fn the_worst_minute_is_a_whole_one() {
        let (mut asking, at) = (Asking::default(), |second: u32| SimTime::from_secs(f64::from(second)));
        asking.close_second(at(1), 1, 9);
        for second in 2..=59 {
            asking.close_second(at(second), 1, 1);
        }
        assert_eq!(asking.worst, None, "no minute has passed");
        asking.close_second(at(60), 1, 1);
        assert_eq!(asking.worst, Some((68.0 / 60.0, at(60))));
        for second in 61..=180 {
            asking.close_second(at(second), 10, if second > 120 { 30 } else { 10 });
        }
        assert_eq!(asking.worst, Some((3.0, at(180))));
    }
}
