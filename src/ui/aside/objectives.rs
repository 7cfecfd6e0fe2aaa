//! RTO and RPO: the two big figures.

use faultline::scene::panels::{Score, Timeline};
use faultline::scene::words::number;
use yew::prelude::*;

use super::why::why;
use crate::ui::tone;

/// The tiles.
pub(crate) fn objectives(scores: &[Score], timeline: &Timeline) -> Html {
    html! { <section class="objectives" aria-label="Objectives">{ for scores.iter().map(|score| tile(score, timeline)) }</section> }
}

/// A tile; its bracket says how many seconds it is and whether it still grows.
fn tile(score: &Score, timeline: &Timeline) -> Html {
    let bracket = if score.slug == "rto" { &timeline.rto } else { &timeline.rpo };
    let seconds = bracket.as_ref().map(|bracket| number::plain(bracket.to_s - bracket.from_s));
    let done = bracket.as_ref().filter(|bracket| !bracket.open).map(|_| "1");
    html! {
        <div key={score.slug} class={classes!("objective", tone::class(score.tone))} data-test={score.slug} data-seconds={seconds} data-done={done}>
            <h3>{ &score.label }</h3>
            <p class={classes!("figure", size(&score.value))}>{ &score.value }if !score.unit.is_empty() { <span class="unit">{ &score.unit }</span> }</p>
            <p class="note">{ &score.note }</p>
            { why(&score.why) }
        </div>
    }
}

/// A value with many letters is written smaller, so that it and its unit stay in the tile.
fn size(value: &str) -> Option<&'static str> {
    match value.chars().count() {
        0..=6 => None,
        7..=9 => Some("is-long"),
        10.. => Some("is-longer"),
    }
}
