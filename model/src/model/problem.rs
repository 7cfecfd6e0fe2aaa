//! What is wrong with a scenario file: where, what was found, what is allowed.

use std::fmt;

use serde_json::Value;

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The path into the file: "regions\[1\].code"; for text that is not JSON the line and column too.
    pub place: String,
    /// What stands there, as a short piece of JSON.
    pub value: String,
    /// What may stand there.
    pub allowed: String,
}

impl Problem {
    /// A problem at a place; an empty path is the whole file.
    pub fn new(place: impl Into<String>, value: impl Into<String>, allowed: impl Into<String>) -> Self {
        let place = place.into();
        let place = if place.is_empty() { "the file".into() } else { place };
        Self { place, value: value.into(), allowed: allowed.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} is not allowed; allowed: {}", self.place, self.value, self.allowed)
    }
}

impl std::error::Error for Problem {}

/// How many characters of a value or a key an error shows.
const SHOWN: usize = 60;

/// The value as JSON, cut if it is long.
pub(crate) fn excerpt(value: &Value) -> String {
    shortened(&value.to_string())
}

/// The text, cut if it is long.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

/// The path of a field of the object at a path.
pub(crate) fn field(path: &str, key: &str) -> String {
    let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let key = shortened(key);
    match (plain, path.is_empty()) {
        (true, true) => key,
        (true, false) => format!("{path}.{key}"),
        (false, _) => format!("{path}[{}]", Value::from(key)),
    }
}

/// The path of an item of the list at a path.
pub(crate) fn item(path: &str, index: usize) -> String {
    format!("{path}[{index}]")
}

/// Whether `inner` is the place `outer` or lies inside it.
pub(crate) fn is_within(inner: &str, outer: &str) -> bool {
    outer.is_empty()
        || inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// "a, b or c".
pub(crate) fn any_of<S: AsRef<str>>(words: &[S]) -> String {
    match words {
        [] => "nothing".into(),
        [one] => one.as_ref().into(),
        [head @ .., last] => {
            let head: Vec<&str> = head.iter().map(AsRef::as_ref).collect();
            format!("{} or {}", head.join(", "), last.as_ref())
        }
    }
}
