//! Clones of the run at even distances, for going back quickly. Their number is capped: when there are too many,
//! every second one goes and the distance doubles, so that memory stays flat however long the run is. One of a moment with a
//! crowd of requests on their way is several times as large, and counts as several.

use super::Moment;
use crate::kernel::clock::{SimDuration, SimTime};

/// The most keyframes kept, if each is of a calm moment.
const MOST: usize = 128;
/// So many requests on their way take about as much memory as the rest of a keyframe.
const CROWD: usize = 300;
/// What a request on its way takes in a keyframe, with its calls and messages.
const BYTES_OF_REQUEST: u64 = 900;
/// The distance of the first ones, in seconds. So short that the cap is reached before the first view, and memory
/// does not grow while someone looks.
const FIRST_SPACING_S: f64 = 0.5;

/// Keyframes, oldest first; the first is the start of the run.
#[derive(Clone, Debug)]
pub(super) struct Keyframes {
    moments: Vec<Moment>,
    spacing: SimDuration,
}

impl Keyframes {
    /// Only the start.
    pub(super) fn new(start: Moment) -> Self {
        Self { moments: vec![start], spacing: SimDuration::from_secs(FIRST_SPACING_S) }
    }

    /// When the next one is due.
    pub(super) fn due(&self) -> SimTime {
        let last = self.moments.last().map_or(0, |moment| moment.now().micros());
        let spacing = self.spacing.micros();
        SimTime::from_micros((last / spacing + 1) * spacing)
    }

    /// Keeps a clone of the furthest moment, if one is due.
    pub(super) fn offer(&mut self, moment: &Moment) {
        if moment.now() < self.due() {
            return;
        }
        self.moments.push(moment.clone());
        while self.moments.len() > 1 && self.moments.iter().map(weight).sum::<usize>() > MOST {
            let mut index = 0;
            self.moments.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.spacing = self.spacing + self.spacing;
        }
    }

    /// A clone of the last one that is not after an instant; the start is before everything.
    pub(super) fn before(&self, instant: SimTime) -> Moment {
        let after = self.moments.partition_point(|moment| moment.now() <= instant);
        self.moments[after.max(1) - 1].clone()
    }

    /// About what they take for requests on their way, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        let requests = |moment: &Moment| moment.simulation.world().system.in_flight() as u64;
        self.moments.iter().map(requests).sum::<u64>() * BYTES_OF_REQUEST
    }

    /// Forgets those that come after an instant, or after so many commands.
    pub(super) fn forget_after(&mut self, instant: SimTime, applied: usize) {
        let before = |moment: &Moment| moment.now() <= instant && moment.applied <= applied;
        let kept = self.moments.iter().filter(|moment| before(moment)).count();
        self.moments.truncate(kept.max(1));
    }
}

/// As how many keyframes of a calm moment one counts.
fn weight(moment: &Moment) -> usize {
    1 + moment.simulation.world().system.in_flight() / CROWD
}
