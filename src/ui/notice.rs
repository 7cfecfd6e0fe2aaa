//! Two small things at the very top: the way past the header, and what could not be used.

use faultline::app::Msg;
use gloo::utils::document;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::ask::Ask;

/// The id of the main part of the page.
pub(crate) const BOARD: &str = "board";

/// A button for keyboards: a link would change the address, which is the run's.
#[function_component(Skip)]
pub(crate) fn skip() -> Html {
    html! { <button type="button" class="skip" onclick={|_: MouseEvent| focus_board()}>{ "Skip to the map" }</button> }
}

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) text: AttrValue,
    pub(crate) on: Callback<Ask>,
}

/// Something from outside that could not be used, said once.
#[function_component(Notice)]
pub(crate) fn notice(props: &Props) -> Html {
    let close = props.on.reform(|_: MouseEvent| Ask::App(Msg::NoticeClosed));
    html! {
        <div class="notice" role="alert">
            <p>{ &props.text }</p>
            <button type="button" class="round" aria-label="Close" onclick={close}>{ "×" }</button>
        </div>
    }
}

/// Moves the focus past the header.
fn focus_board() {
    let board =
        document().get_element_by_id(BOARD).and_then(|board| board.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(board) = board {
        let _ = board.focus();
    }
}
