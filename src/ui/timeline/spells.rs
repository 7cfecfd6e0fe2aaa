//! What opened incidents, and when too few were served.

use faultline::scene::panels::{SpellBand, Timeline, TriggerMark};
use yew::prelude::*;

use super::scale::Scale;
use crate::ui::svg::{draw, px};

/// How thick the band of an outage is, in pixels.
const THICK: f64 = 5.0;
/// A band narrower than this could not be seen.
const NARROWEST: f64 = 3.0;
/// The width of a flag with a number, for type of this height.
const FLAG: f64 = 1.5;

/// Bands under the lane of requests, and a numbered flag where each incident was opened.
pub(super) fn spells(timeline: &Timeline, scale: &Scale) -> Html {
    html! {
        <g>
            { for timeline.spells.iter().map(|spell| band(spell, timeline.now_s, scale)) }
            { for flags(&timeline.triggers, scale) }
        </g>
    }
}

/// An outage is a full band, a degradation a hollow one.
fn band(spell: &SpellBand, now_s: f64, scale: &Scale) -> Html {
    let (x0, x1) = (scale.x(spell.from_s), scale.x(spell.to_s.unwrap_or(now_s)));
    let kind = if spell.outage { "is-outage" } else { "is-degradation" };
    html! {
        <g key={(spell.from_s * 1e3) as i64} class={classes!("spell", kind, spell.shown.then_some("is-shown"))}>
            <title>{ &spell.label }</title>
            <rect x={px(x0)} y={px(scale.served.bottom() + 1.0)} width={px((x1 - x0).max(NARROWEST))} height={px(THICK)} rx="1.5" />
        </g>
    }
}

/// Where the flag of each trigger stands: centred under its moment, and of two at about the same moment the later one beside
/// the other. One alone has none: there is nothing to tell apart.
fn places(triggers: &[TriggerMark], scale: &Scale) -> Vec<f64> {
    let wide = scale.text * FLAG;
    let mut free = f64::MIN;
    let place = |trigger: &TriggerMark| {
        let left = (scale.x(trigger.at_s) - wide / 2.0).max(free).min(scale.width - wide);
        free = left + wide + 1.0;
        left
    };
    if triggers.len() < 2 { Vec::new() } else { triggers.iter().map(place).collect() }
}

/// Whether a flag covers what is written on the axis between two pixels.
pub(super) fn covers(triggers: &[TriggerMark], scale: &Scale, (left, right): (f64, f64)) -> bool {
    let wide = scale.text * FLAG;
    places(triggers, scale).into_iter().any(|flag| flag < right && left < flag + wide)
}

/// Flags stand in the row of the axis, where no bar hides them.
fn flags(triggers: &[TriggerMark], scale: &Scale) -> Vec<Html> {
    let places = places(triggers, scale);
    triggers
        .iter()
        .enumerate()
        .map(|(index, trigger)| flag(trigger, places.get(index).copied(), scale))
        .collect()
}

fn flag(trigger: &TriggerMark, left: Option<f64>, scale: &Scale) -> Html {
    let (x, wide) = (scale.x(trigger.at_s), scale.text * FLAG);
    let (y, high) = (scale.axis_y + 3.0, scale.text + 4.0);
    html! {
        <g key={trigger.number} class={classes!("trigger", trigger.shown.then_some("is-shown"))}>
            <title>{ &trigger.label }</title>
            <path d={draw("M# # V#", &[x, scale.served.top - 4.0, scale.axis_y])} />
            if let Some(left) = left {
                <rect x={px(left)} y={px(y)} width={px(wide)} height={px(high)} rx="2" />
                <text x={px(left + wide / 2.0)} y={px(y + high - 4.0)} text-anchor="middle">{ trigger.number.to_string() }</text>
            }
        </g>
    }
}
