//! Single-key shortcuts.

use faultline::app::Msg;
use faultline::app::microscope::Look;
use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use super::ask::{Ask, Tab};

/// What the keys do, for the help: key, and what happens.
pub(crate) const SHORTCUTS: [(&str, &str); 20] = [
    ("Space or K", "play or pause"),
    ("Left, Right", "five seconds back or forward"),
    ("Up, Down", "through an open menu"),
    (",  .", "previous or next happening"),
    ("[  ]", "slower or faster"),
    ("Home, End", "to the start, to the furthest moment"),
    ("L", "compare designs, or back"),
    ("X", "the collision microscope, or back"),
    ("B", "press the big red button"),
    ("R", "start the same run again"),
    ("Z", "back to the run that was left"),
    ("M", "automatic slow motion on or off"),
    ("J", "journal"),
    ("F", "figures"),
    ("C", "cities"),
    ("W", "writes"),
    ("D", "the moment described in words"),
    ("T", "next theme"),
    ("S", "where the numbers come from"),
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
        "z" | "Z" => Msg::Back,
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
    // An open menu closes first.
    let open = || matches!(document().query_selector(":popover-open"), Ok(Some(_)));
    match ask(event) {
        None if event.key() == "Escape" && !event.default_prevented() && !in_a_control(event) && !open() => {
            Some(Ask::App(closes))
        }
        Some(
            asked @ (Ask::NextTheme
            | Ask::Help(_)
            | Ask::Sources(_)
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
        "s" | "S" => Some(Ask::Sources("")),
        "?" => Some(Ask::Help(true)),
        _ => None,
    }
}

/// Up, down, Home and End go through the buttons of an open menu, from the one that has opened it too. `None` for any other key.
pub(crate) fn walk(event: &KeyboardEvent) -> Option<()> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let open = |menu: &Element| menu.matches(":popover-open").unwrap_or_default();
    let opened = target.get_attribute("popovertarget").and_then(|id| document().get_element_by_id(&id));
    let menu = opened.filter(open).or_else(|| target.closest("[popover]").ok().flatten())?;
    // What is in a menu inside it, which is closed, is not seen.
    let id = menu.id();
    let all = menu.query_selector_all(&format!("#{id} :is(button, summary):not(#{id} [popover] *)")).ok()?;
    let item = |index: u32| all.item(index)?.dyn_into::<HtmlElement>().ok();
    let here = (0..all.length()).find(|index| item(*index).is_some_and(|item| *item == target));
    let last = all.length().checked_sub(1)?;
    let next = match (event.key().as_str(), here) {
        ("ArrowDown", Some(here)) if here < last => here + 1,
        ("ArrowDown", _) | ("Home", Some(_)) => 0,
        ("ArrowUp", Some(here)) if here > 0 => here - 1,
        ("ArrowUp", _) | ("End", Some(_)) => last,
        _ => return None,
    };
    item(next)?.focus().ok()
}

/// A menu has opened or closed. Browsers give the focus back only if no other menu was open: in a menu it goes to the button
/// that has opened the one inside.
pub(crate) fn turned(event: &Event) -> Option<()> {
    let menu = event.target()?.dyn_into::<Element>().ok()?;
    // What was in it and had the focus may still have it, unseen.
    let lost =
        document().active_element().is_none_or(|it| it.tag_name() == "BODY" || menu.contains(Some(&it)));
    if !lost || menu.matches(":popover-open").ok()? {
        return None;
    }
    let button = document().query_selector(&format!("[popover] [popovertarget={}]", menu.id())).ok()??;
    button.dyn_into::<HtmlElement>().ok()?.focus().ok()
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
