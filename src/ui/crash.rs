//! What happens when the page panics: the static crash card is filled and shown, and the frame loop stops.

use std::cell::Cell;

use gloo::utils::{document, document_element};

thread_local! {
    static CRASHED: Cell<bool> = const { Cell::new(false) };
}

/// Whether the page has panicked: nothing of it can be trusted any more.
pub(crate) fn crashed() -> bool {
    CRASHED.with(Cell::get)
}

/// Installs the panic hook. Call it before anything else.
pub(crate) fn install() {
    yew::set_custom_panic_hook(Box::new(|panic| {
        CRASHED.with(|crashed| crashed.set(true));
        show(&panic.to_string());
    }));
}

/// Fills and shows the crash card; does without whatever is missing.
fn show(message: &str) {
    if let Some(text) = document().get_element_by_id("crash-message") {
        text.set_text_content(Some(message));
    }
    if let Some(card) = document().get_element_by_id("crash") {
        let _ = card.remove_attribute("hidden");
    }
    let _ = document_element().set_attribute("data-crashed", "1");
}
