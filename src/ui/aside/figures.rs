//! The rows below the two big figures.

use faultline::scene::panels::{JournalLine, Score, Tone};
use yew::prelude::*;

use crate::ui::panel::Around;

use super::why::why;
use crate::ui::prose::prose;
use crate::ui::tone;

/// How many lines of the journal are shown here.
const LATEST: usize = 4;

/// The rows, and the newest lines of the journal.
pub(crate) fn figures(scores: &[Score], journal: &[JournalLine], _: Around<'_>) -> Html {
    html! {
        <>
            <ul class="rows">{ for scores.iter().map(row) }</ul>
            <h3 class="latest-title">{ "Just happened" }</h3>
            <ul class="latest">{ for journal.iter().take(LATEST).map(latest) }</ul>
        </>
    }
}

/// A line of the journal, in short.
fn latest(line: &JournalLine) -> Html {
    html! { <li key={line.id} class={tone::class(line.tone)}><span class="when-text">{ &line.at_text }</span>{ tone::mark(line.tone) }<span>{ prose(&line.text) }</span></li> }
}

/// A row: name, value, and why where there is a reason to ask.
fn row(score: &Score) -> Html {
    let alarming = matches!(score.tone, Tone::Warning | Tone::Bad);
    html! {
        <li key={score.slug} class={classes!("row", tone::class(score.tone))} data-score={score.slug}>
            <span class="name">{ &score.label }</span>
            <span class="reading">
                if alarming { { tone::mark(score.tone) } }
                <span class="value">{ &score.value }</span>
                if !score.unit.is_empty() { <span class="unit">{ &score.unit }</span> }
                if !score.note.is_empty() { <small>{ &score.note }</small> }
            </span>
            { why(&score.why) }
        </li>
    }
}
