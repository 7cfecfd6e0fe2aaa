//! The table twin of the map, and where people can be sent to travel.

use faultline::app::Msg;
use faultline::scene::panels::ClientRow;
use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::ui::panel::Around;

use crate::ui::ask::{Ask, hears};
use crate::ui::tone;

/// The table.
pub(crate) fn cities(rows: &[ClientRow], (_, on): Around<'_>) -> Html {
    html! {
        <>
            <p class="note">{ "Reads and writes: p50 / p99 in ms since the start." }</p>
            <table class="cities-table" data-test="cities">
                <caption class="for-readers">{ "Requests by city over the last seconds" }</caption>
                <thead><tr><th scope="col">{ "City" }</th><th scope="col">{ "Served" }</th><th scope="col">{ "Reads" }</th><th scope="col">{ "Writes" }</th></tr></thead>
                <tbody>{ for rows.iter().map(row) }</tbody>
            </table>
            <div class="travel" role="group" aria-label="Travel">
                { city("travel-who", "Users of", 0, rows) }
                { city("travel-to", "travel to", 1, rows) }
                <button type="button" class="action" data-test="travel" onclick={hears(on, |_: &MouseEvent| travel())}>{ "Travel" }</button>
            </div>
        </>
    }
}

/// One of the cities; at first the one with this number.
fn city(id: &'static str, label: &'static str, first: usize, rows: &[ClientRow]) -> Html {
    // Options are put in from the last to the first, and the browser would choose the one that came first.
    let option = |(index, row): (usize, &ClientRow)| html! { <option key={row.home.as_str()} selected={index == first}>{ &row.home }</option> };
    html! { <label>{ label }<select {id} data-test={id}>{ for rows.iter().enumerate().map(option) }</select></label> }
}

/// The order to go from the one city that was chosen to the other.
fn travel() -> Option<Ask> {
    let chosen = |id: &str| document().get_element_by_id(id)?.dyn_into::<HtmlSelectElement>().ok();
    let (who, to) = (chosen("travel-who")?.value(), chosen("travel-to")?.value());
    Some(Ask::App(Msg::Ordered(format!("travel={who}>{to}"))))
}

/// A city: figures, and where its resolvers point.
fn row(row: &ClientRow) -> Html {
    html! {
        <tr key={row.name.as_str()} class={tone::class(row.tone)}>
            <th scope="row">{ tone::mark(row.tone) }{ &row.name }<small>{ &row.answers }</small></th>
            <td>{ &row.served }</td><td>{ &row.reads }</td><td>{ &row.writes }</td>
        </tr>
    }
}
