//! A short word about something, with a sentence for who asks.

use super::Tone;

/// A short word about a region, with a sentence for who asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// "no image".
    pub text: String,
    /// "The machine image is not here: no server can be launched until it has been copied."
    pub hint: String,
    /// How it is doing.
    pub tone: Tone,
}
