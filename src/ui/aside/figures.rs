//! The rows below the two big figures.

use faultline::scene::panels::{JournalLine, Score, Tone};
use yew::prelude::*;

use super::why::Why;
use crate::ui::prose::prose;
use crate::ui::tone::{self, ToneMark};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) scores: Vec<Score>,
    /// The newest lines of the journal.
    pub(crate) latest: Vec<JournalLine>,
}

/// How many lines of the journal are shown here.
pub(crate) const LATEST: usize = 4;

/// The rows.
#[function_component(Figures)]
pub(crate) fn figures(props: &Props) -> Html {
    html! {
        <>
            <ul class="rows">{ for props.scores.iter().map(row) }</ul>
            <h3 class="latest-title">{ "Just happened" }</h3>
            <ul class="latest">{ for props.latest.iter().map(latest) }</ul>
        </>
    }
}

/// A line of the journal, in short.
fn latest(line: &JournalLine) -> Html {
    html! { <li key={line.id} class={tone::class(line.tone)}><span class="when-text">{ &line.at_text }</span><ToneMark tone={line.tone} /><span>{ prose(&line.text) }</span></li> }
}

/// A row: name, value, and why where there is a reason to ask.
fn row(score: &Score) -> Html {
    let alarming = matches!(score.tone, Tone::Warning | Tone::Bad);
    html! {
        <li key={score.slug} class={classes!("row", tone::class(score.tone))} data-score={score.slug}>
            <span class="name">{ &score.label }</span>
            <span class="reading">
                if alarming { <ToneMark tone={score.tone} /> }
                <span class="value">{ &score.value }</span>
                if !score.unit.is_empty() { <span class="unit">{ &score.unit }</span> }
                if !score.note.is_empty() { <small>{ &score.note }</small> }
            </span>
            <Why chain={score.why.clone()} />
        </li>
    }
}
