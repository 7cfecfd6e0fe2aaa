//! The table twin of the map.

use faultline::scene::panels::ClientRow;
use yew::prelude::*;

use crate::ui::html::html;
use crate::ui::tone;

/// The table.
pub(crate) fn cities(rows: &[ClientRow]) -> Html {
    html! {
        <table class="cities-table" data-test="cities">
            <caption class="for-readers">{ "Requests by city over the last seconds" }</caption>
            <thead><tr><th scope="col">{ "City" }</th><th scope="col">{ "Served" }</th><th scope="col">{ "p50" }</th><th scope="col">{ "p99" }</th></tr></thead>
            <tbody>{ for rows.iter().map(row) }</tbody>
        </table>
    }
}

/// A city: figures, and where its resolvers point.
fn row(row: &ClientRow) -> Html {
    html! {
        <tr key={row.name.as_str()} class={tone::class(row.tone)}>
            <th scope="row">{ tone::mark(row.tone) }{ &row.name }<small>{ &row.answers }</small></th>
            <td>{ &row.served }</td><td>{ &row.p50 }</td><td>{ &row.p99 }</td>
        </tr>
    }
}
