//! A sliding window over whole seconds: how many were served and how many failed in each.

/// Served and failed in each of the last `SECONDS` whole seconds, and in the one that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window<const SECONDS: usize> {
    seconds: [(u16, u16); SECONDS],
    running: (u16, u16),
}

impl<const SECONDS: usize> Default for Window<SECONDS> {
    fn default() -> Self {
        Self { seconds: [(0, 0); SECONDS], running: (0, 0) }
    }
}

impl<const SECONDS: usize> Window<SECONDS> {
    /// One was served in the second that runs.
    pub fn served(&mut self) {
        self.running.0 = self.running.0.saturating_add(1);
    }

    /// One failed in the second that runs.
    pub fn failed(&mut self) {
        self.running.1 = self.running.1.saturating_add(1);
    }

    /// The second that ran is over: it was the one before second `now_s`, counted from 1. Returns its served and failed.
    pub fn close_second(&mut self, now_s: usize) -> (u16, u16) {
        debug_assert!(now_s > 0, "a second ends at its end");
        self.seconds[(now_s + SECONDS - 1) % SECONDS] = self.running;
        std::mem::take(&mut self.running)
    }

    /// How many were served and failed in all the whole seconds that count.
    pub fn total(&self) -> (u32, u32) {
        self.seconds.iter().fold((0, 0), |sum, (s, f)| (sum.0 + u32::from(*s), sum.1 + u32::from(*f)))
    }

    /// The share, 0 to 1, that was served of what ended in the last so many whole seconds; `None` if nothing did.
    pub fn served_share(&self, now_s: usize, seconds: usize) -> Option<f64> {
        debug_assert!(seconds <= SECONDS, "older seconds are forgotten");
        let (mut served, mut failed) = (0u32, 0u32);
        for back in 1..=seconds.min(SECONDS).min(now_s) {
            let (s, f) = self.seconds[(now_s - back) % SECONDS];
            served += u32::from(s);
            failed += u32::from(f);
        }
        (served + failed > 0).then(|| f64::from(served) / f64::from(served + failed))
    }
}

#[cfg(test)]
mod tests {
    use super::Window;

    #[test]
    fn a_second_counts_until_the_window_has_passed() {
        let mut window = Window::<3>::default();
        assert_eq!(window.served_share(0, 3), None, "nothing has ended yet");
        window.failed();
        assert_eq!(window.close_second(1), (0, 1));
        window.served();
        assert_eq!(window.close_second(2), (1, 0));
        assert_eq!(window.served_share(2, 3), Some(0.5));
        assert_eq!(window.served_share(2, 1), Some(1.0), "the newest second alone");
        window.close_second(3);
        window.close_second(4);
        assert_eq!(window.served_share(4, 3), Some(1.0), "the failure is too long ago");
        window.close_second(5);
        assert_eq!(window.served_share(5, 3), None, "nothing has ended lately");
    }
}
