//! Playing: how fast time runs just now, and when it slows down by itself.

use super::speed;
use crate::kernel::id::EntryId;

/// The longest step that a frame takes, in milliseconds of real time: a tab that slept does not leap.
const LONGEST_FRAME_MS: f64 = 100.0;
/// How long slow motion lasts after something decisive, in milliseconds of real time.
const SLOW_MS: f64 = 2000.0;
/// How much slower it is.
const SLOW_FACTOR: f64 = 10.0;
/// Slow motion is never slower than this, in simulated seconds a second.
const SLOW_LEAST: f64 = 0.25;
/// The speed at which a system that nobody has broken yet is shown: single requests can be followed.
const CALM_SPEED: f64 = 0.25;

/// Why time runs slowly by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlowReason {
    /// Nothing is broken yet and no speed was chosen: the first view.
    Calm,
    /// This entry of the journal is decisive.
    Entry(EntryId),
}

#[derive(Clone, Copy, Debug)]
struct Slow {
    entry: EntryId,
    left_ms: f64,
}

/// The state of playing.
#[derive(Clone, Debug)]
pub struct Playback {
    playing: bool,
    rung: usize,
    slow_motion: bool,
    calm: bool,
    slow: Option<Slow>,
    /// Simulated seconds per second that were really reached, smoothed; for the label only.
    reached: f64,
}

impl Playback {
    /// Playing, on this rung; `calm` starts slowly until something is broken or a speed is chosen.
    pub fn new(rung: usize, playing: bool, slow_motion: bool, calm: bool) -> Self {
        Self {
            playing,
            rung: rung.min(speed::RUNGS - 1),
            slow_motion,
            calm,
            slow: None,
            reached: f64::INFINITY,
        }
    }

    /// Whether time runs.
    pub fn playing(&self) -> bool {
        self.playing
    }

    /// Starts or stops time.
    pub fn set_playing(&mut self, playing: bool) {
        self.playing = playing;
    }

    /// The rung of the speed ladder.
    pub fn rung(&self) -> usize {
        self.rung
    }

    /// Chooses a rung; beyond the ladder its end. A choice ends the slow first view and any slow motion.
    pub fn choose(&mut self, rung: usize) {
        self.rung = rung.min(speed::RUNGS - 1);
        self.calm = false;
        self.slow = None;
        self.reached = f64::INFINITY;
    }

    /// Whether time may slow down by itself.
    pub fn slow_motion(&self) -> bool {
        self.slow_motion
    }

    /// Switches automatic slow motion.
    pub fn toggle_slow_motion(&mut self) {
        self.slow_motion = !self.slow_motion;
        self.slow = None;
    }

    /// The first view is over: something was broken.
    pub fn end_calm(&mut self) {
        self.calm = false;
    }

    /// Something decisive happened: slow down for a while.
    pub fn slow_down(&mut self, entry: EntryId) {
        if self.slow_motion {
            self.slow = Some(Slow { entry, left_ms: SLOW_MS });
        }
    }

    /// Why time runs slowly by itself just now.
    pub fn slow_reason(&self) -> Option<SlowReason> {
        if !self.playing || !self.slow_motion || self.speed() >= speed::speed(self.rung) {
            return None;
        }
        self.slow.map(|slow| SlowReason::Entry(slow.entry)).or(self.calm.then_some(SlowReason::Calm))
    }

    /// Simulated seconds per second just now.
    pub fn speed(&self) -> f64 {
        let chosen = speed::speed(self.rung);
        if !self.slow_motion {
            chosen
        } else if self.slow.is_some() {
            (chosen / SLOW_FACTOR).max(SLOW_LEAST).min(chosen)
        } else if self.calm {
            CALM_SPEED.min(chosen)
        } else {
            chosen
        }
    }

    /// Real time passes: how many simulated seconds a frame after `elapsed_ms` should add.
    pub fn step(&mut self, elapsed_ms: f64) -> f64 {
        let elapsed_ms = if elapsed_ms > 0.0 { elapsed_ms.min(LONGEST_FRAME_MS) } else { 0.0 };
        let wanted = self.speed() * elapsed_ms / 1000.0;
        if let Some(slow) = &mut self.slow {
            slow.left_ms -= elapsed_ms;
            if slow.left_ms <= 0.0 {
                self.slow = None;
            }
        }
        wanted
    }

    /// A frame of `elapsed_ms` really added this many simulated seconds, where more were wanted.
    pub fn fell_short(&mut self, elapsed_ms: f64, added_s: f64) {
        if elapsed_ms > 0.0 {
            let now = added_s * 1000.0 / elapsed_ms;
            self.reached = if self.reached.is_finite() { self.reached * 0.95 + now * 0.05 } else { now };
        }
    }

    /// A frame added all that was wanted.
    pub fn kept_up(&mut self) {
        self.reached = f64::INFINITY;
    }

    /// The speed that the machine reaches, where that is clearly less than the one chosen.
    pub fn limited_to(&self) -> Option<f64> {
        (self.playing && self.reached < 0.8 * self.speed()).then_some(self.reached)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(rung_speed: f64) -> Playback {
        Playback::new(speed::nearest(rung_speed), true, true, false)
    }

    #[test]
    fn a_long_gap_counts_as_a_short_one() {
        let mut playback = at(1.0);
        assert_eq!(playback.step(20.0), 0.02);
        assert_eq!(playback.step(60_000.0), 0.1);
        assert_eq!(playback.step(-5.0), 0.0);
        assert_eq!(playback.step(f64::NAN), 0.0);
    }

    #[test]
    fn something_decisive_slows_time_for_two_seconds() {
        let mut playback = at(10.0);
        playback.slow_down(EntryId(3));
        assert_eq!(playback.slow_reason(), Some(SlowReason::Entry(EntryId(3))));
        assert_eq!(playback.step(100.0), 0.1);
        for _ in 0..19 {
            playback.step(100.0);
        }
        assert_eq!((playback.slow_reason(), playback.step(100.0)), (None, 1.0));
    }

    #[test]
    fn slow_motion_never_speeds_up_and_can_be_switched_off() {
        let mut playback = at(0.1);
        playback.slow_down(EntryId(3));
        assert_eq!((playback.speed(), playback.slow_reason()), (0.1, None));
        let mut playback = at(60.0);
        playback.toggle_slow_motion();
        playback.slow_down(EntryId(3));
        assert_eq!(playback.speed(), 60.0);
    }

    #[test]
    fn the_first_view_is_slow_until_a_speed_is_chosen_or_something_breaks() {
        let mut playback = Playback::new(speed::DEFAULT_RUNG, true, true, true);
        assert_eq!(playback.slow_reason(), Some(SlowReason::Calm));
        playback.end_calm();
        assert_eq!(playback.speed(), speed::speed(speed::DEFAULT_RUNG));
        let mut playback = Playback::new(speed::DEFAULT_RUNG, true, true, true);
        playback.choose(6);
        assert_eq!(playback.speed(), 30.0);
    }
}
