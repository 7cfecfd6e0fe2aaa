//! How many events a frame may handle, so that it stays short on any machine. The core has no clock: what it goes by
//! is how long the frames took that the page has counted.

/// Where it starts, and what it may reach.
const FIRST: u64 = 12_000;
const LEAST: u64 = 4_000;
const MOST: u64 = 60_000;
/// A frame that took longer than this, in milliseconds, was late for 60 frames a second.
const LATE_MS: f64 = 21.0;
/// A frame that took less was in time.
const EARLY_MS: f64 = 18.0;

/// The budget of events per frame: it shrinks when full frames come late and grows while they come in time.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    events: u64,
    /// The frame before this one used up its budget.
    was_full: bool,
}

impl Default for Pace {
    fn default() -> Self {
        Self { events: FIRST, was_full: false }
    }
}

impl Pace {
    /// Events that this frame may handle.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// A frame begins, this long after the one before it.
    pub fn frame(&mut self, elapsed_ms: f64) {
        if self.was_full && elapsed_ms > LATE_MS {
            self.events = (self.events * 7 / 8).max(LEAST);
        } else if self.was_full && elapsed_ms < EARLY_MS {
            self.events = (self.events * 17 / 16).min(MOST);
        }
        self.was_full = false;
    }

    /// The budget was not enough.
    pub fn ran_out(&mut self) {
        self.was_full = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(frames: usize, elapsed_ms: f64, full: bool) -> u64 {
        let mut pace = Pace::default();
        for _ in 0..frames {
            if full {
                pace.ran_out();
            }
            pace.frame(elapsed_ms);
        }
        pace.events()
    }

    #[test]
    fn full_frames_shrink_when_late_and_grow_when_in_time() {
        assert_eq!(after(1000, 40.0, true), LEAST);
        assert_eq!(after(1000, 16.7, true), MOST);
        assert_eq!(after(1000, 40.0, false), FIRST);
    }
}
