//! What it costs: a month of the deployment beside the outages of this run, then line by line.

use faultline::scene::panels::{Bill, BillLine};
use yew::prelude::*;

use crate::ui::panel::Around;

use crate::ui::attribute::text;
use crate::ui::prose::prose;
use crate::ui::who::says_who;

/// The bill.
pub(crate) fn bill(bill: &Bill, (_, on): Around<'_>) -> Html {
    html! {
        <>
            <dl class="bill-sums" data-test="bill">
                <div><dt>{ "A month of this" }</dt><dd>{ &bill.monthly }</dd><dd class="note">{ &bill.ratio }</dd></div>
                <div><dt>{ "Outages so far" }</dt><dd>{ &bill.outage }</dd><dd class="note">{ &bill.outage_note }</dd></div>
            </dl>
            <table class="cities-table">
                <thead><tr><th scope="col">{ "For" }</th><th scope="col">{ "A month" }</th></tr></thead>
                <tbody>{ for bill.lines.iter().map(line) }</tbody>
            </table>
            <p class="empty">{ &bill.note }{ " " }{ says_who("prices::", on) }</p>
        </>
    }
}

/// A line: its title says how it is reckoned.
fn line(line: &BillLine) -> Html {
    html! {
        <tr key={format!("{} {}", line.item, line.place)} title={text(&line.hint)}>
            <th scope="row">{ line.item }<span class="bill-place">{ prose(&line.place) }</span></th><td>{ &line.usd }</td>
        </tr>
    }
}
