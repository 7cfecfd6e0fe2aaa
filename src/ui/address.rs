//! What the address says to the page itself; the rest of it is the app's.

use super::theme::Theme;

/// The part of the address behind `#`, with it.
pub(crate) fn hash() -> String {
    gloo::utils::window().location().hash().unwrap_or_default()
}

/// The theme of this visit: `theme=day`.
pub(crate) fn theme(hash: &str) -> Option<Theme> {
    value(hash, "theme").and_then(Theme::from_slug)
}

/// Whether the page was asked to panic, to show that the crash card works.
pub(crate) fn wants_panic(hash: &str) -> bool {
    hash == "#/__panic"
}

/// The last value that the address gives to a name.
fn value<'a>(hash: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = hash.split_once('?')?;
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .rfind(|(key, _)| *key == name)
        .map(|(_, text)| text)
}
