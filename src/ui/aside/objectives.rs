//! RTO and RPO: the two big figures.

use faultline::scene::panels::{Bracket, Score};
use yew::prelude::*;

use super::why::Why;
use crate::ui::tone;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) scores: Vec<Score>,
    pub(crate) rto: Option<Bracket>,
    pub(crate) rpo: Option<Bracket>,
}

/// The tiles.
#[function_component(Objectives)]
pub(crate) fn objectives(props: &Props) -> Html {
    html! { <section class="objectives" aria-label="Objectives">{ for props.scores.iter().map(|score| tile(score, props)) }</section> }
}

/// A tile; its bracket says how many seconds it is and whether it still grows.
fn tile(score: &Score, props: &Props) -> Html {
    let bracket = if score.slug == "rto" { &props.rto } else { &props.rpo };
    let seconds = bracket.as_ref().map(|bracket| (bracket.to_s - bracket.from_s).to_string());
    let done = bracket.as_ref().filter(|bracket| !bracket.open).map(|_| "1");
    html! {
        <div key={score.slug} class={classes!("objective", tone::class(score.tone))} data-test={score.slug} data-seconds={seconds} data-done={done}>
            <h3>{ &score.label }</h3>
            <p class="figure">{ &score.value }if !score.unit.is_empty() { <span class="unit">{ &score.unit }</span> }</p>
            <p class="note">{ &score.note }</p>
            <Why chain={score.why.clone()} />
        </div>
    }
}
