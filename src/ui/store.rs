//! What the browser remembers for us. Storage may be blocked or full: then nothing is remembered, and nothing breaks.

use web_sys::Storage;

/// The app's settings, as JSON.
pub(crate) const SETTINGS: &str = "faultline.settings";
/// The chosen theme.
pub(crate) const THEME: &str = "faultline.theme";
/// "off" when single-key shortcuts are switched off.
pub(crate) const KEYS: &str = "faultline.keys";

/// What was stored under this key.
pub(crate) fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Stores it, if the browser lets us.
pub(crate) fn set(key: &str, value: &str) -> Option<()> {
    storage()?.set_item(key, value).ok()
}

/// Local storage, where it is not blocked.
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
