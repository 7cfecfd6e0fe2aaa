//! RTO and RPO: the two big figures.

use faultline::scene::panels::{Bracket, Score};
use faultline::scene::words::number;
use yew::prelude::*;

use super::why::why;
use crate::ui::ask::Ask;
use crate::ui::panel::{Around, Panel, panel};
use crate::ui::tone;
use crate::ui::who::says_who;

/// The tiles.
pub(crate) static OBJECTIVES: Panel =
    panel!(objectives: panels.objectives, panels.timeline.rto, panels.timeline.rpo);

fn objectives(scores: &[Score], rto: &Option<Bracket>, rpo: &Option<Bracket>, (_, on): Around<'_>) -> Html {
    let tiles = scores.iter().map(|score| tile(score, if score.slug == "rto" { rto } else { rpo }, on));
    html! { <section class="objectives" aria-label="Objectives">{ for tiles }</section> }
}

/// A tile; its bracket says how many seconds it is and whether it still grows.
fn tile(score: &Score, bracket: &Option<Bracket>, on: &Callback<Ask>) -> Html {
    let seconds = bracket.as_ref().map(|bracket| number::plain(bracket.to_s - bracket.from_s));
    let done = bracket.as_ref().filter(|bracket| !bracket.open).map(|_| "1");
    html! {
        <div key={score.slug} class={classes!("objective", tone::class(score.tone))} data-test={score.slug} data-seconds={seconds} data-done={done}>
            <h3>{ &score.label }</h3>
            <p class={classes!("figure", size(&score.value))}>{ &score.value }if !score.unit.is_empty() { <span class="unit">{ &score.unit }</span> }</p>
            <p class="note">{ &score.note }</p>
            if score.why.is_empty() { <span class="why">{ says_who("objectives::", on) }</span> } else { { why(&score.why) } }
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
