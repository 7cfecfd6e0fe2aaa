//! Something large on its way to another region: in parts of a second's worth, each acknowledged before the next leaves. So it
//! stands still while either end is dark or the link is cut, and crawls over a slow link.

use crate::kernel::clock::{SimDuration, SimTime};

/// A part that is not acknowledged after this time is sent again.
const PATIENCE: SimDuration = SimDuration::from_micros(5_000_000);

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// How many there are, at least 1.
    pub all: u32,
    /// Parts that have arrived.
    pub arrived: u32,
    /// Parts that the source has sent.
    sent: u32,
    /// Parts that the source knows to have arrived.
    acknowledged: u32,
    /// When the last part left.
    left: SimTime,
}

impl Parts {
    /// Nothing has left yet. It takes so many seconds if nothing is in its way.
    pub fn of(seconds: f64, now: SimTime) -> Self {
        debug_assert!(seconds >= 0.0, "a copy takes time");
        Self { all: (seconds.ceil() as u32).max(1), arrived: 0, sent: 0, acknowledged: 0, left: now }
    }

    /// Whether the last part has been on its way for too long.
    pub fn is_late(&self, now: SimTime) -> bool {
        debug_assert!(self.acknowledged <= self.sent, "what arrived was sent");
        self.acknowledged < self.sent && now.since(self.left) >= PATIENCE
    }

    /// The part that leaves now: the next one, or the last one again. `None` if its acknowledgement is waited for.
    pub fn next(&mut self, now: SimTime) -> Option<u32> {
        if self.acknowledged < self.sent && !self.is_late(now) {
            return None;
        }
        if self.acknowledged == self.sent {
            self.sent = (self.sent + 1).min(self.all);
        }
        self.left = now;
        Some(self.sent)
    }

    /// A part arrives. True if with it all have.
    pub fn arrive(&mut self, part: u32) -> bool {
        debug_assert!(part <= self.all, "there are no more parts than there are");
        let new = part == self.arrived + 1;
        self.arrived += u32::from(new);
        new && self.arrived == self.all
    }

    /// The source hears that a part has arrived.
    pub fn acknowledge(&mut self, part: u32) {
        debug_assert!(part <= self.sent, "what arrived was sent");
        self.acknowledged = self.acknowledged.max(part);
    }
}
