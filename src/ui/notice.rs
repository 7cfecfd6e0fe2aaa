//! Two small things at the very top: the way past the header, and what could not be used.

use faultline::app::Msg;
use gloo::utils::document;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::ask::{Ask, asks};
use super::panel::{Around, Panel, panel};

/// The id of the main part of the page.
pub(crate) const BOARD: &str = "board";

/// A button for keyboards: a link would change the address, which is the run's.
pub(crate) fn skip() -> Html {
    html! { <button type="button" class="skip" onclick={|_| focus(BOARD)}>{ "Skip to the map" }</button> }
}

/// Something from outside that could not be used, said once.
pub(crate) static NOTICE: Panel = panel!(notice: panels.notice);

fn notice(text: &Option<String>, (_, on): Around<'_>) -> Html {
    let Some(text) = text else { return Html::default() };
    let close = asks(on, Ask::App(Msg::NoticeClosed));
    html! {
        <div class="notice" role="alert">
            <p>{ text }</p>
            <button type="button" class="round" aria-label="Close" onclick={close}>{ "×" }</button>
        </div>
    }
}

/// Moves the focus to the element with this id.
pub(crate) fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
