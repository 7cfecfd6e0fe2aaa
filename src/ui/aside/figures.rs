//! The rows below the two big figures.

use faultline::scene::panels::{Score, Tone};
use yew::prelude::*;

use super::why::Why;
use crate::ui::tone::{self, ToneMark};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) scores: Vec<Score>,
}

/// The rows.
#[function_component(Figures)]
pub(crate) fn figures(props: &Props) -> Html {
    html! { <dl class="rows">{ for props.scores.iter().map(row) }</dl> }
}

/// A row: name, value, and why where there is a reason to ask.
fn row(score: &Score) -> Html {
    let alarming = matches!(score.tone, Tone::Warning | Tone::Bad);
    html! {
        <div key={score.slug} class={classes!("row", tone::class(score.tone))} data-score={score.slug}>
            <dt>{ &score.label }</dt>
            <dd>
                if alarming { <ToneMark tone={score.tone} /> }
                <span class="value">{ &score.value }</span>
                if !score.unit.is_empty() { <span class="unit">{ &score.unit }</span> }
                if !score.note.is_empty() { <small>{ &score.note }</small> }
                <Why chain={score.why.clone()} />
            </dd>
        </div>
    }
}
