//! What has happened so far, newest first. A time is a button: it goes back to that moment.

use faultline::app::Msg;
use faultline::scene::panels::JournalLine;
use yew::prelude::*;

use super::why::Why;
use crate::ui::ask::Ask;
use crate::ui::prose::prose;
use crate::ui::tone::{self, ToneMark};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lines: Vec<JournalLine>,
    pub(crate) on: Callback<Ask>,
}

/// The list.
#[function_component(Journal)]
pub(crate) fn journal(props: &Props) -> Html {
    html! {
        <ol class="journal-lines" data-test="journal" aria-label="Journal, newest first">
            { for props.lines.iter().map(|entry| line(entry, &props.on)) }
            if props.lines.is_empty() { <li class="empty">{ "Nothing has happened yet." }</li> }
        </ol>
    }
}

/// One line.
fn line(entry: &JournalLine, on: &Callback<Ask>) -> Html {
    let at_s = entry.at_s;
    let onclick = on.reform(move |_: MouseEvent| Ask::App(Msg::Scrubbed(at_s)));
    html! {
        <li key={entry.id} class={tone::class(entry.tone)}>
            <button type="button" class="when" title="Go to this moment" {onclick}>{ &entry.at_text }</button>
            <ToneMark tone={entry.tone} />
            <div class="what"><p>{ prose(&entry.text) }</p><Why chain={entry.why.clone()} /></div>
        </li>
    }
}
