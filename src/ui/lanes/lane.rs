//! One design: its name, its drawing, its figures, its keys.

use faultline::app::{Msg, lanes::moment};
use faultline::scene::panels::Tone;
use faultline::scene::panels::lanes::{LOST, LaneView, RUINED};
use web_sys::Element;
use yew::prelude::*;

use super::Measure;
use super::plot::plot;
use crate::ui::ask::{Ask, asks, hears};
use crate::ui::attribute::text;
use crate::ui::svg::add;
use crate::ui::tone;
use crate::ui::tuning::{Step, menu};

/// The button enters a run this many seconds after the storm began: all is still happening.
const SOON_S: f64 = 5.0;
/// Keys in a row of cells.
const ACROSS: usize = 24;
/// Looks of a cell: regions, lost, ruined.
const LOOKS: u8 = RUINED + 1;

/// A column of figures.
#[derive(Clone, Copy)]
pub(super) enum Figure {
    /// Recovery time.
    Rto,
    /// Recovery point.
    Rpo,
    /// What it costs.
    Month,
}

impl Figure {
    /// All of them, in the order in which they are shown.
    pub(super) const ALL: [Self; 3] = [Self::Rto, Self::Rpo, Self::Month];

    fn name(self) -> &'static str {
        match self {
            Self::Rto => "Recovery time",
            Self::Rpo => "Recovery point",
            Self::Month => "A month",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Rto => "figure-rto",
            Self::Rpo => "figure-rpo",
            Self::Month => "figure-month",
        }
    }

    /// The head of the column.
    pub(super) fn heading(self) -> Html {
        html! { <span class={self.class()}>{ self.name() }</span> }
    }

    /// The figure with its name, which the head of the column says where there is one, and what stands below.
    fn of(self, value: &str, tone: Tone, below: Html) -> Html {
        html! {
            <div class={classes!("lane-figure", self.class())}>
                <span class="lane-figure-name">{ self.name() }</span>
                <b class={tone::class(tone)}>{ value }</b>
                { below }
            </div>
        }
    }
}

/// The row of a design; `alone`: there is no other.
pub(super) fn lane(
    lane: &LaneView,
    alone: bool,
    ticks: &[(f64, String)],
    measure: Measure,
    on: &Callback<Ask>,
) -> Html {
    let index = lane.index;
    let enter_there = hears(on, move |event: &MouseEvent| {
        let target = event.target_dyn_into::<Element>()?;
        let plot = target.closest(".lane-plot").ok()??.get_bounding_client_rect();
        let place = (f64::from(event.client_x()) - plot.left()) / plot.width().max(1.0);
        Some(Ask::App(Msg::LaneEntered(index, moment(place))))
    });
    html! {
        <article key={lane.slug.as_str()} class="lane" data-lane={text(&lane.slug)} data-done={lane.done.then_some("1")} aria-label={text(&lane.label)}>
            { about(lane, alone, on) }
            <div class="lane-plot" onclick={enter_there} data-test={format!("band-{}", lane.slug)}>{ plot(lane, ticks, measure) }</div>
            <div class="lane-figures">
                { Figure::Rto.of(&lane.rto, lane.rto_tone, html! { <small>{ &lane.hurt }</small> }) }
                { Figure::Rpo.of(&lane.rpo, Tone::Plain, lost(lane)) }
                if !lane.cost.is_empty() || !lane.outage_cost.is_empty() { { Figure::Month.of(&lane.cost, Tone::Plain, cost(lane)) } }
                { cells(&lane.cells) }
            </div>
        </article>
    }
}

/// What it is, what was changed, what is missing or waits, and what can be done with it.
fn about(lane: &LaneView, alone: bool, on: &Callback<Ask>) -> Html {
    let (index, slug) = (lane.index, &lane.slug);
    let steps: Vec<Step<'_>> = lane.bars.iter().map(|bar| (bar.slug, &*bar.note, &*bar.knobs)).collect();
    let button = |what: &'static str, words: &'static str, label: &'static str, msg: Msg| {
        html! {
            <button type="button" class="toggle" data-test={format!("{what}-{slug}")} title={label} aria-label={format!("{label}: {}", lane.name)}
                onclick={asks(on, Ask::App(msg))}>{ words }</button>
        }
    };
    html! {
        <div class="lane-about">
            <div class="lane-head">
                <h3>{ &lane.name }</h3>
                if !alone { { button("remove", "×", "Remove this lane", Msg::LaneRemoved(index)) } }
            </div>
            <p class="lane-sub">{ &lane.sub }</p>
            if !lane.tuned.is_empty() { <p class="lane-waits" data-test={format!("tuned-{slug}")}><b>{ lane.tuned.join(", ") }</b></p> }
            { for lane.waits.iter().map(|why| html! { <p class="lane-waits">{ tone::mark(Tone::Warning) }{ why }</p> }) }
            <div class="lane-buttons">
                { button("enter", "Enter this run", "Enter this run", Msg::LaneEntered(index, SOON_S)) }
                { menu(&format!("what-if-{slug}"), &steps, Some(index), on).unwrap_or_default() }
                if !lane.tuned.is_empty() { { button("untune", "Take back", "Take back what was changed", Msg::LaneTuned(index, Vec::new())) } }
            </div>
        </div>
    }
}

/// What the storm cost in writes.
fn lost(lane: &LaneView) -> Html {
    html! { <small class={classes!("lane-lost", tone::class(lane.lost_tone))}>{ tone::mark(lane.lost_tone) }{ &lane.lost }</small> }
}

/// What the month's cost is beside the cheapest, and what the outage cost.
fn cost(lane: &LaneView) -> Html {
    html! {
        <>
            <small>{ &lane.cost_note }</small>
            if !lane.outage_cost.is_empty() {
                <span class="lane-figure-name is-outage">{ "The outage" }</span><b class="is-bad">{ &lane.outage_cost }</b>
            }
        </>
    }
}

/// The keys: a path for each look.
fn cells(cells: &[u8]) -> Html {
    let path = |look: u8| {
        let mut d = String::new();
        for (index, _) in cells.iter().enumerate().filter(|(_, cell)| **cell == look) {
            let (x, y) = ((index % ACROSS * 12) as f64, (index / ACROSS * 12) as f64);
            match look {
                0..LOST => add(&mut d, "M# #h10v10h-10z", &[x + 1.0, y + 1.0]),
                LOST => add(&mut d, "M# #h8v8h-8z", &[x + 2.0, y + 2.0]),
                _ => add(&mut d, "M# #h8v8h-8zl8 8m0 -8l-8 8", &[x + 2.0, y + 2.0]),
            }
        }
        html! { <path class={CELLS[usize::from(look)]} {d} /> }
    };
    html! {
        <svg class="lane-cells" viewBox="0 0 288 48" aria-hidden="true">{ for (0..LOOKS).map(path) }</svg>
    }
}

/// The class of each look.
pub(super) const CELLS: [&str; LOOKS as usize] =
    ["cells-0", "cells-1", "cells-2", "cells-3", "cells-4", "cells-5", "cells-lost", "cells-ruined"];
