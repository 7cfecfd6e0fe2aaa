//! Time goes on: whether it runs, how fast, and where it slows down by itself.

use super::{App, happening};
use crate::kernel::clock::SimTime;
use crate::kernel::id::EntryId;

impl App {
    pub(super) fn toggle_playing(&mut self) {
        let at_the_end = self.history.now() >= self.history.horizon();
        self.playback.set_playing(!self.playback.playing() && !at_the_end);
    }

    pub(super) fn choose_rung(&mut self, rung: usize) {
        self.playback.choose(rung);
        self.settings.rung = Some(self.playback.rung());
        self.settings_changed = true;
    }

    pub(super) fn play(&mut self, elapsed_ms: f64) {
        let from = self.history.now();
        let wanted = self.playback.speed();
        let target = from.micros() + (self.playback.step(elapsed_ms) * 1e6) as u64;
        if !self.history.advance(SimTime::from_micros(target), self.pace.events()) {
            self.pace.ran_out();
        }
        self.playback.ran(elapsed_ms, wanted, self.history.now().since(from).secs());
        if self.history.now() >= self.history.horizon() {
            self.playback.set_playing(false);
            self.notice = self.why_it_ends().or(self.notice.take());
            self.changed = true;
        }
        self.slow_down_for_news();
        self.rest_on_seat();
    }

    /// Journal entries up to the moment shown.
    pub(super) fn entries(&self) -> usize {
        let now = self.history.now();
        self.history.record().journal.partition_point(|entry| entry.at <= now)
    }

    /// Slows time down where something decisive happened since the last look.
    pub(super) fn slow_down_for_news(&mut self) {
        let until = self.entries();
        let journal = &self.history.record().journal;
        let news = (self.passed..until).rev().find(|index| happening::is_decisive(journal, *index));
        if let Some(index) = news {
            self.playback.end_calm();
            self.playback.slow_down(EntryId(index as u32));
        }
        self.passed = until;
    }
}
