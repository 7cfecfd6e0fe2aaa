//! What has happened so far, newest first. A time is a button: it goes back to that moment.

use faultline::app::Msg;
use faultline::scene::panels::JournalLine;
use yew::prelude::*;

use crate::ui::panel::Around;

use super::why::why;
use crate::ui::ask::{Ask, asks};
use crate::ui::prose::prose;
use crate::ui::tone;

/// The list.
pub(crate) fn journal(lines: &[JournalLine], (_, on): Around<'_>) -> Html {
    html! {
        <ol class="journal-lines" data-test="journal" aria-label="Journal, newest first">
            { for lines.iter().map(|entry| line(entry, on)) }
            if lines.is_empty() { <li class="empty">{ "Nothing has happened yet." }</li> }
        </ol>
    }
}

/// One line.
fn line(entry: &JournalLine, on: &Callback<Ask>) -> Html {
    let at_s = entry.at_s;
    let onclick = asks(on, Ask::App(Msg::Scrubbed(at_s)));
    html! {
        <li key={entry.id} class={tone::class(entry.tone)}>
            <button type="button" class="when" title="Go to this moment" {onclick}>{ &entry.at_text }</button>
            { tone::mark(entry.tone) }
            <div class="what"><p>{ prose(&entry.text) }</p>{ why(&entry.why) }</div>
        </li>
    }
}
