//! The live region for screen readers: it says the headline, and takes a breath before the next one.

use faultline::scene::panels::Headline;
use gloo::timers::callback::Timeout;

/// It speaks at most this often.
const SPEAK_EVERY_MS: u32 = 2000;

/// What was said, and the pause after it.
#[derive(Default)]
pub(crate) struct Voice {
    /// What the live region holds.
    pub(crate) spoken: String,
    silence: Option<Timeout>,
}

impl Voice {
    /// Says the headline, unless something was said a moment ago: then `again` is called a little later.
    pub(crate) fn speak(&mut self, headline: &Headline, again: impl FnOnce() + 'static) {
        let text = format!("{}. {}", headline.title, headline.body);
        if self.silence.is_some() || text == self.spoken {
            return;
        }
        self.spoken = text;
        self.silence = Some(Timeout::new(SPEAK_EVERY_MS, again));
    }

    /// The pause is over.
    pub(crate) fn rested(&mut self) {
        self.silence = None;
    }
}
