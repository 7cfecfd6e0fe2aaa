//! The ledger of writes: what each became. A time is a button: it goes back to that moment.

use faultline::app::Msg;
use faultline::scene::panels::{FateFilter, WriteLine, Writes};
use yew::prelude::*;

use crate::ui::panel::Around;

use crate::ui::ask::{Ask, asks};
use crate::ui::attribute::truth;
use crate::ui::prose::prose;
use crate::ui::tone;

/// What the design gives up, what readers met with, and the newest writes.
pub(crate) fn writes(ledger: &Option<Writes>, (_, on): Around<'_>) -> Html {
    let Some(ledger) = ledger else { return Html::default() };
    html! {
        <>
            <details class="facts">
                <summary>{ "What this design gives up" }</summary>
                <p class="gives-up" data-test="gives-up">{ tone::mark(ledger.tone) }<span>{ prose(&ledger.gives_up) }</span></p>
                <table class="cities-table" data-test="consistency"><tbody>{ for ledger.facts.iter().map(fact) }</tbody></table>
            </details>
            <div class="fates" role="group" aria-label="List only">{ for ledger.filters.iter().map(|filter| fate(filter, on)) }</div>
            <ol class="journal-lines" data-test="writes" aria-label="Writes, newest first">
                { for ledger.lines.iter().map(|write| line(write, on)) }
                if ledger.lines.is_empty() { <li class="empty">{ ledger.none }</li> }
            </ol>
        </>
    }
}

/// A figure and its sentence.
fn fact((name, value, sentence): &(&'static str, String, &'static str)) -> Html {
    html! { <tr key={*name}><th scope="row">{ *name }<small>{ *sentence }</small></th><td>{ value }</td></tr> }
}

/// Lists the writes with one fate.
fn fate(filter: &FateFilter, on: &Callback<Ask>) -> Html {
    html! {
        <button key={filter.label} type="button" class="chip" aria-pressed={truth(filter.active)} data-test={format!("fate-{}", filter.label)}
            onclick={asks(on, Ask::App(filter.msg.clone()))}>
            { filter.label }<span class="chip-count">{ &filter.count }</span>
        </button>
    }
}

/// A write.
fn line(write: &WriteLine, on: &Callback<Ask>) -> Html {
    let onclick = asks(on, Ask::App(Msg::Scrubbed(write.at_s)));
    html! {
        <li key={write.number} class={tone::class(write.tone)}>
            <button type="button" class="when" title="Go to this moment" {onclick}>{ &write.at_text }</button>
            { tone::mark(write.tone) }
            <div class="what"><p>{ prose(&write.name) }</p><p class="note">{ prose(&write.fate) }</p></div>
        </li>
    }
}
