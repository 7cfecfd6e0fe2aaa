//! Single-key shortcuts.

use faultline::app::Msg;
use faultline::app::microscope::Look;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::ask::{Ask, Tab};

/// What the keys do, for the help: key, and what happens.
pub(crate) const SHORTCUTS: [(&str, &str); 17] = [
    ("Space or K", "play or pause"),
    ("Left, Right", "five seconds back or forward"),
    (",  .", "previous or next happening"),
    ("[  ]", "slower or faster"),
    ("Home, End", "to the start, to the furthest moment"),
    ("L", "compare the strategies, or back"),
    ("X", "the collision microscope, or back"),
    ("B", "press the big red button"),
    ("R", "start the same run again"),
    ("M", "automatic slow motion on or off"),
    ("J", "journal"),
    ("F", "figures"),
    ("C", "cities"),
    ("W", "writes"),
    ("D", "the moment described in words"),
    ("T", "next theme"),
    ("?", "this help"),
];

/// What a key asks for. Keys with Ctrl, Alt or Meta belong to the browser.
pub(crate) fn ask(event: &KeyboardEvent) -> Option<Ask> {
    if event.ctrl_key()
        || event.alt_key()
        || event.meta_key()
        || event.default_prevented()
        || in_a_control(event)
    {
        return None;
    }
    let msg = match event.key().as_str() {
        " " | "k" | "K" => Msg::PlayToggled,
        "ArrowLeft" => Msg::Jumped(-5.0),
        "ArrowRight" => Msg::Jumped(5.0),
        "," => Msg::PreviousHappening,
        "." => Msg::NextHappening,
        "[" => Msg::Slower,
        "]" => Msg::Faster,
        "Home" => Msg::ToStart,
        "End" => Msg::ToEnd,
        "r" | "R" => Msg::Restarted,
        "m" | "M" => Msg::SlowMotionToggled,
        "x" | "X" => Msg::Looked(Look::Toggled),
        "l" | "L" => Msg::ComparisonToggled,
        other => return page_key(other),
    };
    Some(Ask::App(msg))
}

/// The same while something else is in the place of the run, which this message closes: keys for a run that is not in
/// sight do nothing.
pub(crate) fn ask_instead(event: &KeyboardEvent, closes: Msg) -> Option<Ask> {
    match ask(event) {
        None if event.key() == "Escape" && !event.default_prevented() && !in_a_control(event) => {
            Some(Ask::App(closes))
        }
        Some(
            asked @ (Ask::NextTheme
            | Ask::Help(_)
            | Ask::App(Msg::ComparisonToggled | Msg::Looked(Look::Toggled))),
        ) => Some(asked),
        Some(_) | None => None,
    }
}

/// Keys for what only the page knows.
fn page_key(key: &str) -> Option<Ask> {
    match key {
        "b" | "B" => Some(Ask::BigButton),
        "j" | "J" => Some(Ask::Tab(Tab::Journal)),
        "f" | "F" => Some(Ask::Tab(Tab::Figures)),
        "c" | "C" => Some(Ask::Tab(Tab::Cities)),
        "w" | "W" => Some(Ask::Tab(Tab::Writes)),
        "d" | "D" => Some(Ask::Tab(Tab::Text)),
        "t" | "T" => Some(Ask::NextTheme),
        "?" => Some(Ask::Help(true)),
        _ => None,
    }
}

/// Whether the key was pressed in something that has its own use for it.
fn in_a_control(event: &KeyboardEvent) -> bool {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
        return false;
    };
    let inside = |selector: &str| target.closest(selector).ok().flatten().is_some();
    let on_a_button = event.key() == " " && inside("button, summary, [role=tab]");
    let on_tabs = event.key().starts_with("Arrow") && inside("[role=tab], [popover]");
    on_a_button || on_tabs || inside("input, select, textarea, [contenteditable], dialog[open]")
}
