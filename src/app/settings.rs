//! What the page remembers of the person's choices, as versioned JSON. The theme is remembered by the page itself.

use super::speed;
use crate::decimal;
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;

/// Choices that outlast a visit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The rung of the speed ladder; `None` where the person never chose one.
    pub rung: Option<usize>,
    /// Whether time may slow down by itself.
    pub slow_motion: bool,
}

/// As it is stored: the speed itself and not its rung, so that a longer ladder one day changes nothing.
#[derive(Serialize, Deserialize)]
struct Stored {
    v: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    speed: Option<f64>,
    #[serde(default = "yes")]
    slow_motion: bool,
}

fn yes() -> bool {
    true
}

impl Default for Settings {
    fn default() -> Self {
        Self { rung: None, slow_motion: true }
    }
}

impl Settings {
    /// Reads what was stored.
    ///
    /// # Errors
    /// A sentence that says what cannot be used.
    pub fn parse(text: &str) -> Result<Self, String> {
        let stored: Stored = serde_json::from_str(text)
            .map_err(|_| format!("The stored settings \"{}\" are not readable; {FRESH}", excerpt(text)))?;
        if stored.v != VERSION {
            return Err(format!(
                "The stored settings have version {}; known is {VERSION}. {FRESH}",
                stored.v
            ));
        }
        match stored.speed {
            Some(speed) if !(speed.is_finite() && speed > 0.0) => Err(format!(
                "The stored speed {} is not a speed; allowed is any number above 0. {FRESH}",
                decimal::plain(speed)
            )),
            speed => Ok(Self { rung: speed.map(speed::nearest), slow_motion: stored.slow_motion }),
        }
    }

    /// What to store.
    pub fn to_json(self) -> String {
        let stored = Stored { v: VERSION, speed: self.rung.map(speed::speed), slow_motion: self.slow_motion };
        // Numbers, booleans and fixed names cannot fail to serialize.
        serde_json::to_string(&stored).unwrap_or_default()
    }
}

const FRESH: &str = "The page starts with its own settings.";

/// The start of a text from outside, short enough for a notice.
pub(super) fn excerpt(text: &str) -> String {
    let mut short: String = text.chars().filter(|letter| !letter.is_control()).take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_again() {
        for settings in [Settings::default(), Settings { rung: Some(6), slow_motion: false }] {
            assert_eq!(Settings::parse(&settings.to_json()), Ok(settings));
        }
        assert_eq!(
            Settings { rung: Some(5), slow_motion: true }.to_json(),
            r#"{"v":1,"speed":10.0,"slow_motion":true}"#
        );
    }

    #[test]
    fn nonsense_is_named_and_never_used() {
        for (text, word) in [("", "not readable"), ("{}", "not readable"), (r#"{"v":9}"#, "version 9")] {
            let problem = Settings::parse(text).expect_err(text);
            assert!(problem.contains(word), "{text}: {problem}");
        }
        assert!(Settings::parse(r#"{"v":1,"speed":-3}"#).expect_err("negative").contains("-3"));
    }
}
