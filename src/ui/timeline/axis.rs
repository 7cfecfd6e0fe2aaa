//! The axis of time: ticks with their labels, and moments worth jumping to.

use faultline::scene::panels::{Mark, Timeline, Tone};
use yew::prelude::*;

use super::scale::Scale;
use super::spells::covers;
use crate::ui::svg::{draw, px};
use crate::ui::tone;

/// Half the width of the playhead's knob, in pixels, and a little more.
const KNOB: f64 = 9.0;

/// The line, its ticks and the marks on it.
pub(super) fn axis(timeline: &Timeline, scale: &Scale) -> Html {
    let y = scale.axis_y;
    html! {
        <g class="axis">
            <path class="axis-line" d={draw("M# # H#", &[scale.left, y, scale.right])} />
            { for ticks(timeline, scale) }
            { for timeline.marks.iter().map(|mark| draw_mark(mark, scale)) }
        </g>
    }
}

/// Ticks whose labels do not touch each other, nor the flag of an incident, nor the playhead's knob.
fn ticks(timeline: &Timeline, scale: &Scale) -> Vec<Html> {
    let y = scale.axis_y;
    let mut free = f64::MIN;
    let mut drawn = Vec::with_capacity(timeline.ticks.len());
    for (at_s, text) in &timeline.ticks {
        let x = scale.x(*at_s);
        let half = scale.words(text) / 2.0 + 5.0;
        let middle = x.min(scale.width - half).max(half);
        let ends = (middle - half, middle + half);
        let head = scale.x(timeline.now_s);
        let under = ends.0 < head + KNOB && head - KNOB < ends.1;
        let label = (ends.0 >= free && !under && !covers(&timeline.triggers, scale, ends)).then(|| {
            free = ends.1;
            html! { <text x={px(middle)} y={px(y + scale.text + 4.0)} text-anchor="middle">{ text }</text> }
        });
        drawn.push(html! {
            <g key={(at_s * 1e3) as i64} class="tick"><path d={draw("M# # V#", &[x, scale.served.top, y + 4.0])} />{ label }</g>
        });
    }
    drawn
}

/// A moment: a line through the plot for what broke, a small tick on the axis for the rest.
fn draw_mark(mark: &Mark, scale: &Scale) -> Html {
    let (x, y) = (scale.x(mark.at_s), scale.axis_y);
    let top = if mark.tone == Tone::Bad { scale.served.top - 4.0 } else { y - 7.0 };
    html! {
        <g class={classes!("happening", tone::class(mark.tone))}>
            <title>{ &mark.label }</title>
            <path d={draw("M# # V#", &[x, top, y])} />
        </g>
    }
}
