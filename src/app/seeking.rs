//! Going to the next or the last happening, over several frames if need be.

use super::{App, FIRST_EVENTS, Goal, QUEST_S, SEEK_EVENTS, happening};
use crate::kernel::clock::{SimDuration, SimTime};
use crate::system::entry::Entry;
use crate::system::journal::What;

impl App {
    /// The page as it is first seen: [`Self::starting`], and as far on as `FIRST_EVENTS` allow.
    pub fn new(link: &str, stored: Option<&str>) -> Self {
        let mut app = Self::starting(link, stored);
        app.arrive(FIRST_EVENTS);
        app
    }

    /// Takes the run towards the moment that is to be shown, by about so many events. True once it is.
    pub fn arrive(&mut self, events: u64) -> bool {
        if let Some(Goal::At(target)) = self.goal {
            self.go(target, events);
        }
        self.goal.is_none()
    }

    pub(super) fn next_happening(&mut self) {
        let now = self.history.now();
        match happening::next_after(&self.history.record().journal, now) {
            Some(at) => self.go(at, SEEK_EVENTS),
            None => self.goal = Some(Goal::Happening(now, now + SimDuration::from_secs(QUEST_S))),
        }
    }

    pub(super) fn previous_happening(&mut self) {
        // While time runs, a second press means the one before, not the one just left.
        let grace = if self.playback.playing() { self.playback.speed() } else { 0.0 };
        let before = self.history.now().before(SimDuration::from_secs(grace));
        let at = happening::last_before(&self.history.record().journal, before);
        self.go(at.unwrap_or(SimTime::ZERO), SEEK_EVENTS);
    }

    pub(super) fn pursue(&mut self, goal: Goal) {
        match goal {
            Goal::At(target) => self.go(target, self.pace.events().max(SEEK_EVENTS / 2)),
            Goal::Happening(from, limit) => {
                let _ = self.history.advance(limit, self.pace.events());
                let found = happening::next_after(&self.history.record().journal, from);
                let end = limit.min(self.history.horizon());
                match found {
                    Some(at) => self.go(at, SEEK_EVENTS),
                    None if self.history.now() >= end => self.goal = None,
                    None => {}
                }
                self.passed = self.entries();
            }
        }
        self.changed = true;
    }

    /// What is said at the end of a run that had to end early.
    pub(super) fn why_it_ends(&self) -> Option<String> {
        let thousands = self.history.shown().world().observer.ledger.len() / 1000;
        let words = || {
            format!(
                "The run ends here: it has made more than {thousands},000 writes, and the page keeps no more."
            )
        };
        self.history.is_full().then(words)
    }

    /// Brings the moment shown to a target; what one call cannot do is done in the next frames.
    pub(super) fn go(&mut self, target: SimTime, budget: u64) {
        let target = target.min(self.history.horizon());
        self.goal = (!self.history.seek(target, budget)).then_some(Goal::At(target));
        self.passed = self.entries();
        let broken = |entry: &Entry| matches!(entry.what, What::FaultInjected(_));
        if self.history.record().journal[..self.passed].iter().any(broken) {
            self.playback.end_calm();
        }
    }
}
