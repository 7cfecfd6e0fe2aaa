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
/// A frame that took longer, in milliseconds, is no slow frame: the tab slept.
const SLEPT_MS: f64 = 1000.0;
/// What was reached is smoothed over so many milliseconds of real time, so that one late frame is no news.
const SMOOTH_MS: f64 = 3000.0;
/// Time that runs at less than this share of a speed does not run at that speed.
const KEPT_UP: f64 = 0.9;
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
    /// The share of the wanted speed that was really reached, smoothed; for the label only.
    share: f64,
    /// Real time, in milliseconds, over which that is the mean.
    mean_ms: f64,
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
            share: 1.0,
            mean_ms: 0.0,
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
        (self.share, self.mean_ms) = (1.0, 0.0);
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

    /// A frame of `elapsed_ms` that wanted this speed really added so many simulated seconds: less than wanted if there were
    /// too many events for it, or if it came too late.
    pub fn ran(&mut self, elapsed_ms: f64, wanted: f64, added_s: f64) {
        if elapsed_ms > 0.0 && elapsed_ms < SLEPT_MS {
            let share = added_s * 1000.0 / (wanted * elapsed_ms);
            self.mean_ms = (self.mean_ms + elapsed_ms).min(SMOOTH_MS);
            self.share += (share - self.share) * elapsed_ms / self.mean_ms;
        }
    }

    /// Simulated seconds per second as they really pass, if those are clearly fewer than were chosen: time slows down by
    /// itself, or the machine falls short.
    pub fn limited_to(&self) -> Option<f64> {
        let reached = self.speed() * if self.share < KEPT_UP { self.share } else { 1.0 };
        (self.playing && reached < KEPT_UP * speed::speed(self.rung)).then_some(reached)
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
    fn what_is_said_to_be_reached_is_what_was_added() {
        let mut playback = at(10.0);
        let mut run = |elapsed_ms: f64, added: f64, seconds: f64| {
            for _ in 0..(seconds * 1000.0 / elapsed_ms) as usize {
                let wanted = playback.step(elapsed_ms);
                playback.ran(elapsed_ms, 10.0, wanted * added);
            }
            playback.limited_to()
        };
        assert_eq!(run(16.0, 1.0, 20.0), None);
        // One late frame in between, and a tab that slept.
        assert_eq!((run(300.0, 1.0, 0.3), run(60_000.0, 1.0, 60.0)), (None, None));
        let close = |said: Option<f64>, to: f64| said.is_some_and(|it| libm::fabs(it - to) < 0.1);
        // Too many events; frames that come late; and well again.
        assert!(close(run(16.0, 0.4, 20.0), 4.0), "{:?}", run(16.0, 0.4, 1.0));
        assert!(close(run(200.0, 1.0, 20.0), 5.0), "{:?}", run(200.0, 1.0, 1.0));
        assert_eq!(run(16.0, 1.0, 20.0), None);
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
