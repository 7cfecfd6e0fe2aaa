//! How much of a replication stream may be under way: a window that grows and shrinks as TCP's does.

use crate::catalog::network;
use crate::kernel::clock::SimTime;

/// How fast a window grows again after a loss, in segments per second cubed, and what is left of it then (RFC 9438).
const CUBIC: f64 = 0.4;
const LEFT: f64 = 0.7;
/// By how many segments it grows in a round trip at least: 3 (1 - 0.7) / (1 + 0.7).
const BY_TRIP: f64 = 0.529;

/// What may be under way unacknowledged. It begins small and doubles with every round trip while the stream has more to send
/// than it allows (slow start). After a loss it begins again; from seven tenths of what it was it grows along a cubic curve: fast
/// at first, slowly about where the loss was, then fast again.
///
/// Source: RFC 5681 (slow start, what a timeout does), RFC 6928 (where it begins), RFC 9438 (CUBIC, which Linux uses).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// What may be under way, in bytes.
    bytes: f64,
    /// Where slow start ends, in bytes.
    threshold: f64,
    /// What it was when something was lost last, in bytes.
    peak: f64,
    /// When slow start ended, and with how many bytes.
    slowed: Option<(SimTime, f64)>,
    /// The stream has more to send than the window allows; one that is not full does not grow.
    pub full: bool,
}

impl Window {
    /// Nothing has been sent yet.
    pub const START: Self = Self {
        bytes: network::FIRST_WINDOW.value,
        threshold: f64::INFINITY,
        peak: network::FIRST_WINDOW.value,
        slowed: None,
        full: false,
    };

    /// How many commits of so many bytes may be under way; never less than one.
    pub const fn commits(&self, bytes: u32) -> u64 {
        debug_assert!(bytes > 0, "a commit has bytes");
        let fit = (self.bytes / bytes as f64) as u64;
        if fit == 0 { 1 } else { fit }
    }

    /// So many bytes were acknowledged. It never grows beyond the buffer in which the other end keeps what it receives.
    pub fn acknowledge(&mut self, now: SimTime, bytes: f64, buffer: f64) {
        debug_assert!(bytes >= 0.0 && buffer > 0.0, "what is acknowledged was sent");
        if !self.full {
            return;
        }
        if self.bytes < self.threshold {
            self.bytes += bytes;
        } else {
            let (since, from) = *self.slowed.get_or_insert((now, self.bytes));
            let segment = network::SEGMENT.value;
            let back_s = libm::cbrt((self.peak - from).max(0.0) / segment / CUBIC);
            let beyond_s = now.since(since).secs() - back_s;
            let curve = self.peak + CUBIC * beyond_s * beyond_s * beyond_s * segment;
            // A small one grows no more slowly than it would without the curve.
            self.bytes = curve.max(self.bytes + BY_TRIP * segment * bytes / self.bytes);
        }
        self.bytes = self.bytes.min(buffer);
    }

    /// What was under way was not acknowledged in time.
    pub const fn time_out(&mut self) {
        self.peak = self.bytes;
        self.threshold = (self.bytes * LEFT).max(2.0 * network::SEGMENT.value);
        self.bytes = network::SEGMENT.value;
        self.slowed = None;
    }
}

#[cfg(test)]
mod tests {
    use super::Window;
    use crate::kernel::clock::SimTime;

    const SEGMENT: u32 = 1460;

    #[test]
    fn it_doubles_and_after_a_loss_it_is_back_when_the_cubic_curve_says() {
        let mut window = Window { full: true, ..Window::START };
        assert_eq!(window.commits(SEGMENT), 10);
        for _ in 0..7 {
            window.acknowledge(SimTime::ZERO, window.bytes, 1e9);
        }
        assert_eq!(window.commits(SEGMENT), 1280);
        window.time_out();
        assert_eq!(window.commits(SEGMENT), 1);
        // 1, 2, 4 ... 1,024 segments, beyond seven tenths; then a fifth of the peak lacks.
        for _ in 0..10 {
            window.acknowledge(SimTime::ZERO, window.bytes, 1e9);
        }
        assert_eq!(window.commits(SEGMENT), 1024);
        window.acknowledge(SimTime::ZERO, window.bytes, 1e9);
        // The cube root of 256 / 0.4 is 8.6 s.
        window.acknowledge(SimTime::from_secs(8.6), window.bytes, 1e9);
        assert!((1279..=1280).contains(&window.commits(SEGMENT)), "{}", window.commits(SEGMENT));
        window.acknowledge(SimTime::from_secs(18.6), window.bytes, 1e9);
        assert!((1670..=1690).contains(&window.commits(SEGMENT)), "{}", window.commits(SEGMENT));
    }

    #[test]
    fn it_is_no_larger_than_the_buffer_and_does_not_grow_unless_it_is_full() {
        let mut window = Window { full: true, ..Window::START };
        window.acknowledge(SimTime::ZERO, 1e9, 100_000.0);
        assert_eq!(window.commits(1000), 100);
        let mut idle = Window::START;
        idle.acknowledge(SimTime::ZERO, 14_600.0, 1e9);
        assert_eq!(idle, Window::START);
        assert_eq!(idle.commits(1_000_000), 1, "something always goes");
    }
}
