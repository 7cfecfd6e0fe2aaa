//! What the balancer of a region has answered lately, counted as its metrics are: all, and writes apart.

use crate::kernel::window::Window;

/// Seconds that are counted: one period of monitoring.
const SECONDS: usize = 60;

/// Served and failed answers of the last minute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    all: Window<SECONDS>,
    writes: Window<SECONDS>,
}

impl Answered {
    /// A request was served.
    #[inline]
    pub fn served(&mut self, writes: bool) {
        self.all.served();
        if writes {
            self.writes.served();
        }
    }

    /// A request failed, or its server died under it.
    #[inline]
    pub fn failed(&mut self, writes: bool) {
        self.all.failed();
        if writes {
            self.writes.failed();
        }
    }

    /// The second that ran is over: it was the one before second `now_s`, counted from 1.
    pub fn close_second(&mut self, now_s: usize) {
        let (all, writes) = (self.all.close_second(now_s), self.writes.close_second(now_s));
        debug_assert!(writes.0 <= all.0 && writes.1 <= all.1, "writes are among all that is answered");
    }

    /// How many were served and failed in the last minute: of all, and of the writes alone.
    pub fn total(&self) -> [(u32, u32); 2] {
        [self.all.total(), self.writes.total()]
    }

    /// The share, 0 to 1, that was served in the last so many whole seconds, at most a minute; `None` if nothing was answered.
    pub fn served_share(&self, now_s: usize, seconds: usize) -> Option<f64> {
        debug_assert!(seconds <= SECONDS, "older seconds are forgotten");
        self.all.served_share(now_s, seconds)
    }
}
