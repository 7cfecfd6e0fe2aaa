//! Play, speed and the moment shown, in words.

use super::panels::Transport;
use super::view::View;
use super::words::{choice, number};
use crate::app::playback::SlowReason;
use crate::app::speed;

impl View<'_> {
    /// The bar at the bottom.
    pub(super) fn transport(&self) -> Transport {
        let (history, playback) = (self.app.history(), self.app.playback());
        let now_s = self.now.secs();
        let slow = playback.speed() < 1.0 || !playback.playing();
        Transport {
            playing: playback.playing(),
            now_text: if slow { number::clock_tenths(now_s) } else { number::clock(now_s) },
            now_s,
            end_s: history.furthest().secs(),
            horizon_s: history.horizon().secs(),
            in_the_past: history.in_the_past(),
            speed_text: self.speed_text(),
            speed_rung: playback.rung(),
            speed_rungs: speed::RUNGS,
            slow_motion: playback.slow_reason().map(|reason| self.slow_text(reason)),
            slow_motion_enabled: playback.slow_motion(),
            back: self.back(),
        }
    }

    /// What the way back to the run that was left says.
    fn back(&self) -> Option<String> {
        let left = self.app.left()?;
        let changed = if left.tuned.is_empty() { "" } else { ", changed," };
        let seed =
            if left.seed == self.app.seed() { String::new() } else { format!(" with seed {}", left.seed) };
        let (name, at) = (choice::design(&left.base), number::clock(left.at.secs()));
        Some(format!("Back to {name}{changed}{seed} at {at}"))
    }

    fn speed_text(&self) -> String {
        let playback = self.app.playback();
        let Some(reached) = playback.limited_to() else { return speed::words(playback.rung()).into() };
        let wanted = speed::short(playback.rung());
        let now =
            number::plain(if reached < 9.95 { (reached * 100.0).round() / 100.0 } else { reached.round() });
        match playback.slow_reason() {
            Some(_) => format!("{wanted}, slowed to {now}×"),
            None => format!("{wanted} wanted, {now}× reached"),
        }
    }

    fn slow_text(&self, reason: SlowReason) -> String {
        match reason {
            SlowReason::Calm => "slow motion: nothing is broken yet, watch single requests".into(),
            SlowReason::Entry(id) => match self.journal.get(id.0 as usize) {
                Some(what) => format!("slow motion: {}", self.words.told(&what.what).in_short()),
                None => "slow motion".into(),
            },
        }
    }
}
