//! The same storm on several designs, in place of the board: a lane for each, on one axis of time.

mod lane;
mod plot;

use faultline::app::Msg;
use faultline::scene::panels::lanes::{LOST, Lanes, StormChip};
use yew::prelude::*;

use self::lane::{CELLS, Figure, lane};
use self::plot::{axis, patterns};
use super::ask::{Ask, asks};
use super::design::sheet;
use super::svg::px;
use crate::ui::attribute::{text, truth};

/// The id of the button that opens the comparison, and has the focus again when it is closed.
pub(crate) const OPENER: &str = "compare";
/// The id of its title, which has the focus when it is opened.
pub(crate) const TITLE: &str = "lanes-title";

/// What the drawings of the lanes go by: all of them are as wide.
#[derive(Clone, Copy)]
struct Measure {
    /// Pixels.
    width: f64,
    /// Height of the type, in pixels.
    text: f64,
}

impl Measure {
    /// How wide these words are, as a part of the width.
    fn words(self, text: &str) -> f64 {
        text.chars().count() as f64 * self.text * 0.58 / self.width.max(1.0)
    }
}

/// The whole view. `size` is the width of a lane's drawing and the height of the type; `node` leads to one of them.
pub(crate) fn lanes(lanes: &Lanes, size: (f64, f64), node: &NodeRef, on: &Callback<Ask>) -> Html {
    let measure = Measure { width: size.0, text: size.1 };
    let close = asks(on, Ask::App(Msg::ComparisonToggled));
    let priced = lanes.lanes.iter().any(|lane| !lane.cost.is_empty() || !lane.outage_cost.is_empty());
    let alone = lanes.lanes.len() == 1;
    let rows = lanes.lanes.iter().map(|one| lane(one, alone, &lanes.ticks, measure, on));
    let [own, built_in] = lanes.add.each_ref().map(Vec::as_slice);
    html! {
        <>
            <div class="lanes-head">
                <div class="lanes-words">
                    <h2 id={TITLE} class="lanes-title" tabindex="-1">{ &lanes.title }</h2>
                    <p class="quiet-label">{ &lanes.subtitle }</p>
                </div>
                <button type="button" class="action" popovertarget="lane-add" aria-haspopup="true" data-test="lane-add">{ "Add a design" }</button>
                { sheet("lane-add", "Add a design", &[("The run on the board", own), ("Built in", built_in)], on) }
                <button type="button" class="round" data-test="lanes-close" aria-label="Back to the run" title="Back to the run (Escape)" onclick={close}>{ "×" }</button>
            </div>
            <div class="storms" role="group" aria-label="Storm">{ for lanes.storms.iter().map(|storm| chip(storm, on)) }</div>
            { progress(lanes) }
            <div class={classes!("lanes-body", priced.then_some("has-cost"))} data-test="lanes">
                { patterns() }
                <div class="lanes-axis" aria-hidden="true">
                    <span class="lane-about">{ "Time after the storm, logarithmic" }</span>
                    <div class="lane-plot" ref={node.clone()}>{ axis(&lanes.ticks, measure) }</div>
                    <div class="lane-figures">{ for Figure::ALL.map(Figure::heading) }</div>
                </div>
                { for rows }
            </div>
            <p class="lanes-note">{ legend(&lanes.regions) }{ &lanes.note }</p>
        </>
    }
}

/// A storm to choose.
fn chip(storm: &StormChip, on: &Callback<Ask>) -> Html {
    let onclick = asks(on, Ask::App(storm.msg.clone()));
    html! {
        <button key={storm.slug} type="button" class="chip storm" aria-pressed={truth(storm.active)} data-storm={storm.slug} {onclick}>{ &storm.label }</button>
    }
}

/// How much has been computed: a line that fills, and is still there when it is full, so that nothing jumps.
fn progress(lanes: &Lanes) -> Html {
    let percent = lanes.progress.to_string();
    html! {
        <svg class={classes!("lanes-progress", (lanes.progress == 100).then_some("is-done"))} width="100%" height="3" role="progressbar"
            aria-label="Runs computed" aria-valuemin="0" aria-valuemax="100" aria-valuenow={text(&percent)} data-test="lanes-progress" data-percent={text(&percent)}>
            <rect width={px(f64::from(lanes.progress)) + "%"} height="3" />
        </svg>
    }
}

/// What the cells mean.
fn legend(regions: &[String]) -> Html {
    let sample = |class: &'static str, d: &'static str, words: &str| {
        html! {
            <span class="whole"><svg class={classes!("cell-sample", class)} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><path {d} /></svg>{ words }</span>
        }
    };
    let region = |(index, code): (usize, &String)| {
        sample(CELLS[index.min(usize::from(LOST) - 1)], "M1 1h10v10h-10z", code)
    };
    html! {
        <span class="cell-legend">
            { "A key, in the colour of the region that wrote it last:" }
            { for regions.iter().enumerate().map(region) }
            { sample("cells-lost", "M2 2h8v8h-8z", "an acknowledged write to it is lost") }
            { sample("cells-ruined", "M2 2h8v8h-8zM2 2l8 8M10 2l-8 8", "it holds rubbish") }
        </span>
    }
}
