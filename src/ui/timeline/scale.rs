//! Seconds to pixels, and where the lanes are.

use faultline::scene::panels::Timeline;

/// Below this width lane names go into the lanes.
const NARROW: f64 = 760.0;

/// A lane: its upper edge and its height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lane {
    /// Pixels from the top.
    pub(super) top: f64,
    /// Pixels.
    pub(super) height: f64,
}

impl Lane {
    /// The lower edge.
    pub(super) fn bottom(self) -> f64 {
        self.top + self.height
    }
}

/// Where everything on the timeline is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scale {
    from_s: f64,
    to_s: f64,
    /// Width of the plot.
    pub(super) width: f64,
    /// Height of the plot.
    pub(super) height: f64,
    /// Left edge of time.
    pub(super) left: f64,
    /// Right edge of time.
    pub(super) right: f64,
    /// Height of the type.
    pub(super) text: f64,
    /// Little room: short words only.
    pub(super) narrow: bool,
    /// Requests served.
    pub(super) served: Lane,
    /// Replication lag.
    pub(super) lag: Lane,
    /// Messages in queues; of no height without any.
    pub(super) queued: Lane,
    /// The waterfall.
    pub(super) bars: Lane,
    /// The line of the axis.
    pub(super) axis_y: f64,
}

impl Scale {
    /// Divides the room into lanes for type of this height.
    pub(crate) fn new(timeline: &Timeline, (width, height): (f64, f64), text: f64) -> Self {
        let narrow = width < NARROW;
        let axis_y = height - text - 10.0;
        let served = Lane {
            top: if narrow { 2.0 * text + 18.0 } else { text + 9.0 },
            // Several executions want the room for their rows.
            height: (height * 0.16).clamp(24.0, if timeline.runs.is_empty() { 48.0 } else { 30.0 }),
        };
        // Between them the band of an outage; where it is narrow the name of the lane too.
        let between = if narrow { text + 11.0 } else { text + 3.0 };
        let lag = Lane { top: served.bottom() + between, height: (height * 0.08).clamp(10.0, 26.0) };
        let apart = if narrow { text + 6.0 } else { 7.0 };
        let height_queued = if timeline.queued.is_empty() { 0.0 } else { lag.height };
        let queued = Lane { top: lag.bottom() + apart, height: height_queued };
        let bars_top = if timeline.queued.is_empty() { lag.bottom() } else { queued.bottom() } + apart;
        Self {
            from_s: timeline.from_s,
            to_s: timeline.to_s.max(timeline.from_s + 1e-6),
            width,
            height,
            left: if narrow { 14.0 } else { 30.0 + text * 8.6 },
            right: width - if narrow { 14.0 } else { 24.0 },
            text,
            narrow,
            served,
            lag,
            queued,
            bars: Lane { top: bars_top, height: (axis_y - 4.0 - bars_top).max(20.0) },
            axis_y,
        }
    }

    /// How wide these words are, about.
    pub(super) fn words(&self, text: &str) -> f64 {
        text.chars().count() as f64 * self.text * 0.58
    }

    /// Where a moment is.
    pub(crate) fn x(&self, seconds: f64) -> f64 {
        let share = ((seconds - self.from_s) / (self.to_s - self.from_s)).clamp(0.0, 1.0);
        self.left + share * (self.right - self.left)
    }

    /// Which moment is at this pixel.
    pub(super) fn seconds(&self, x: f64) -> f64 {
        let share = ((x - self.left) / (self.right - self.left)).clamp(0.0, 1.0);
        self.from_s + share * (self.to_s - self.from_s)
    }
}
