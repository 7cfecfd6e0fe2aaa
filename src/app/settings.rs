//! What the page remembers of the person's choices, as versioned JSON. The theme is remembered by the page itself.

use serde_json::{Value, json};

use super::{App, speed};

const VERSION: u64 = 1;

/// Choices that outlast a visit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The rung of the speed ladder; `None` where the person never chose one.
    pub rung: Option<usize>,
    /// Whether time may slow down by itself.
    pub slow_motion: bool,
    /// Whether the person has ordered something before: who has needs no welcome.
    pub met: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { rung: None, slow_motion: true, met: false }
    }
}

impl Settings {
    /// Reads what was stored: what can be used, and what is wrong with the rest, in a sentence.
    pub fn parse(text: &str) -> (Self, Option<String>) {
        let (settings, stored) = (Self::default(), serde_json::from_str(text).unwrap_or(Value::Null));
        let problem = match stored["v"].as_u64() {
            None => format!("The stored settings \"{}\" are not readable", excerpt(text)),
            Some(VERSION) => return settings.take(&stored),
            Some(version) => format!("The stored settings have version {version}; known is {VERSION}"),
        };
        (settings, Some(format!("{problem}. The page starts with its own settings.")))
    }

    /// Takes over each value that can be used.
    fn take(mut self, stored: &Value) -> (Self, Option<String>) {
        let mut problem = None;
        let given = |name: &str| stored.get(name).filter(|value| !value.is_null());
        if let Some(value) = given("speed") {
            match value.as_f64().filter(|speed| *speed > 0.0) {
                Some(speed) => self.rung = Some(speed::nearest(speed)),
                None => problem = Some(unusable("speed", value, "any number above 0")),
            }
        }
        for (name, wish) in [("slow_motion", &mut self.slow_motion), ("met", &mut self.met)] {
            if let Some(value) = given(name) {
                match value.as_bool() {
                    Some(said) => *wish = said,
                    None => problem = Some(unusable(name, value, "true and false")),
                }
            }
        }
        (self, problem)
    }

    /// What to store.
    pub fn to_json(self) -> String {
        let mut stored = json!({ "v": VERSION, "slow_motion": self.slow_motion, "met": self.met });
        if let Some(rung) = self.rung {
            // The speed itself and not its rung, so that a longer ladder one day changes nothing.
            stored["speed"] = speed::speed(rung).into();
        }
        stored.to_string()
    }
}

impl App {
    /// Whether the person has ordered something, in this visit or in an earlier one.
    pub fn has_met(&self) -> bool {
        self.settings.met
    }
}

fn unusable(name: &str, value: &Value, allowed: &str) -> String {
    format!("The stored {name} {} cannot be used; allowed is {allowed}.", excerpt(&value.to_string()))
}

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
        for settings in [Settings::default(), Settings { rung: Some(6), slow_motion: false, met: true }] {
            assert_eq!(Settings::parse(&settings.to_json()), (settings, None));
        }
        // As pages wrote it at one time or another, and as a person would.
        for text in [
            r#"{"v":1,"speed":10,"slow_motion":false}"#,
            r#"{"v":1,"speed":10.0,"slow_motion":false}"#,
            " { \"slow_motion\" : false, \"old\": [1], \"speed\": 10, \"v\": 1 } ",
        ] {
            assert_eq!(
                Settings::parse(text),
                (Settings { rung: Some(5), slow_motion: false, met: false }, None)
            );
        }
    }

    #[test]
    fn nonsense_is_named_and_never_used() {
        for (text, word) in [
            ("", "not readable"),
            ("{}", "not readable"),
            ("[1]", "not readable"),
            (r#"{"v":1,"speed":1e999}"#, "not readable"),
            (r#"{"v":1,"speed":"fast"}"#, "\"fast\""),
            (r#"{"v":1,"speed":-3}"#, "-3"),
            (r#"{"v":1,"slow_motion":1}"#, "slow_motion 1"),
            (r#"{"v":1,"met":"yes"}"#, "met \"yes\""),
            (r#"{"v":9}"#, "version 9"),
        ] {
            let (settings, problem) = Settings::parse(text);
            assert!(problem.is_some_and(|problem| problem.contains(word)), "{text}");
            assert_eq!(settings, Settings::default(), "{text}");
        }
    }

    #[test]
    fn one_bad_value_does_not_spoil_the_others() {
        let (settings, problem) = Settings::parse(r#"{"v":1,"speed":"fast","slow_motion":false}"#);
        assert!(!settings.slow_motion && problem.is_some());
    }
}
