//! RTO and RPO, as brackets where they are in time.

use faultline::scene::panels::{Bracket, Timeline};
use yew::prelude::*;

use super::scale::Scale;
use crate::ui::svg::{draw, px};

/// A bracket narrower than this could not be seen: it is drawn this wide, dashed, and says so.
const NARROWEST: f64 = 9.0;

/// RTO above the band of requests, RPO above the lag that explains it.
pub(super) fn brackets(timeline: &Timeline, scale: &Scale) -> Html {
    let now_s = timeline.now_s;
    html! {
        <g>
            if let Some(rto) = &timeline.rto { { bracket("rto", rto, scale.served.top - 4.0, now_s, scale) } }
            if let Some(rpo) = &timeline.rpo { { bracket("rpo", rpo, scale.lag.top - 1.0, now_s, scale) } }
        </g>
    }
}

/// A line with two feet and its label: over it where it fits, else before it.
fn bracket(slug: &'static str, bracket: &Bracket, y: f64, now_s: f64, scale: &Scale) -> Html {
    let (true_x0, x1) = (scale.x(bracket.from_s), scale.x(bracket.to_s));
    let widened = slug == "rpo" && x1 - true_x0 < NARROWEST;
    let x0 = if widened { x1 - NARROWEST } else { true_x0 };
    // Only a time that still runs ends at the playhead; a risk ends where the failure began.
    let grows = bracket.open && slug == "rto";
    let foot = y + 6.0;
    let d = if grows {
        draw("M# # V# H#", &[x0, foot, y, x1])
    } else {
        draw("M# # V# H# V#", &[x0, foot, y, x1, foot])
    };
    let label = &bracket.label;
    let width = scale.words(label) * 1.06;
    let head = scale.x(now_s);
    let after = if head - x1 < width + 14.0 { head } else { x1 };
    let (x, anchor, baseline) = if x1 - x0 > width + 8.0 {
        ((x0 + x1) / 2.0, "middle", y - 5.0)
    } else if slug == "rto" {
        // Beside the playhead, so that the line does not cross it.
        let before = x1 - width - 8.0 > scale.left;
        if before { (x1 - 8.0, "end", y - 5.0) } else { (x1 + 8.0, "start", y - 5.0) }
    } else if x0 - width - 8.0 > scale.left {
        (x0 - 7.0, "end", y + 5.0)
    } else if after + width + 14.0 < scale.width {
        (after + 7.0, "start", y + 5.0)
    } else {
        // Nowhere beside it: above its end.
        (x1, "end", y - 3.0)
    };
    html! {
        <g class={classes!("bracket", slug)}>
            if widened { <title>{ "Drawn wider than it is, or nobody would see it" }</title> }
            <path {d} class={classes!(grows.then_some("goes"), widened.then_some("is-widened"))} />
            <text class={classes!((grows && anchor != "middle").then_some("goes"))} x={px(x)} y={px(baseline)} text-anchor={anchor}>{ label }</text>
        </g>
    }
}
