//! What the page remembers of the person's choices, as versioned JSON. The theme is remembered by the page itself.
//! Three flat values: a reader for all of JSON would be 12 kB of the page after gzip.

use super::speed;
use crate::decimal;

const VERSION: u32 = 1;

/// Choices that outlast a visit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The rung of the speed ladder; `None` where the person never chose one.
    pub rung: Option<usize>,
    /// Whether time may slow down by itself.
    pub slow_motion: bool,
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
        let stored = Stored::read(text)
            .ok_or_else(|| format!("The stored settings \"{}\" are not readable; {FRESH}", excerpt(text)))?;
        if stored.version != VERSION {
            return Err(format!(
                "The stored settings have version {}; known is {VERSION}. {FRESH}",
                stored.version
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
        // The speed itself and not its rung, so that a longer ladder one day changes nothing.
        let speed = self.rung.map(|rung| format!("\"speed\":{},", decimal::plain(speed::speed(rung))));
        format!(
            "{{\"v\":{VERSION},{}\"slow_motion\":{}}}",
            speed.unwrap_or_default(),
            if self.slow_motion { "true" } else { "false" }
        )
    }
}

/// As it is stored.
struct Stored {
    version: u32,
    speed: Option<f64>,
    slow_motion: bool,
}

impl Stored {
    /// Reads a flat object; names that are not known are nobody's business.
    fn read(text: &str) -> Option<Self> {
        let fields = text.trim().strip_prefix('{')?.strip_suffix('}')?;
        let (mut version, mut speed, mut slow_motion) = (None, None, true);
        for (name, value) in fields.split(',').filter_map(|field| field.split_once(':')) {
            let value = value.trim();
            match name.trim() {
                "\"v\"" => version = Some(value.parse().ok()?),
                "\"speed\"" if value == "null" => speed = None,
                "\"speed\"" => speed = Some(decimal::read(value)?),
                "\"slow_motion\"" if value == "true" => slow_motion = true,
                "\"slow_motion\"" if value == "false" => slow_motion = false,
                "\"slow_motion\"" => return None,
                _ => {}
            }
        }
        Some(Self { version: version?, speed, slow_motion })
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
            r#"{"v":1,"speed":10,"slow_motion":true}"#
        );
        // As earlier pages wrote it, and as a person would.
        for text in [
            r#"{"v":1,"speed":10.0,"slow_motion":false}"#,
            " { \"slow_motion\" : false, \"old\": [1], \"speed\": 10, \"v\": 1 } ",
        ] {
            assert_eq!(Settings::parse(text), Ok(Settings { rung: Some(5), slow_motion: false }));
        }
    }

    #[test]
    fn nonsense_is_named_and_never_used() {
        for (text, word) in [
            ("", "not readable"),
            ("{}", "not readable"),
            (r#"{"v":1,"speed":"fast"}"#, "not readable"),
            (r#"{"v":1,"slow_motion":1}"#, "not readable"),
            (r#"{"v":9}"#, "version 9"),
        ] {
            let problem = Settings::parse(text).expect_err(text);
            assert!(problem.contains(word), "{text}: {problem}");
        }
        assert!(Settings::parse(r#"{"v":1,"speed":-3}"#).expect_err("negative").contains("-3"));
    }
}
