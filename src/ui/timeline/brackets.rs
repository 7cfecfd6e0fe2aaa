//! RTO and RPO, as brackets where they are in time.

use faultline::scene::panels::Bracket;
use yew::prelude::*;

use super::scale::Scale;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) rto: Option<Bracket>,
    pub(super) rpo: Option<Bracket>,
    pub(super) scale: Scale,
}

/// RTO above the band of requests, RPO above the lag that explains it.
#[function_component(Brackets)]
pub(super) fn brackets(props: &Props) -> Html {
    let scale = &props.scale;
    html! {
        <g>
            if let Some(rto) = &props.rto { { bracket("rto", rto, scale.served.top - 4.0, scale) } }
            if let Some(rpo) = &props.rpo { { bracket("rpo", rpo, scale.lag.top - 3.0, scale) } }
        </g>
    }
}

/// A line with two feet and its label: over it where it fits, else before it.
fn bracket(slug: &'static str, bracket: &Bracket, y: f64, scale: &Scale) -> Html {
    let (x0, x1) = (scale.x(bracket.from_s), scale.x(bracket.to_s));
    let foot = y + 6.0;
    let d = if bracket.open {
        format!("M{x0:.1} {foot:.1} V{y:.1} H{x1:.1}")
    } else {
        format!("M{x0:.1} {foot:.1} V{y:.1} H{x1:.1} V{foot:.1}")
    };
    let width = scale.words(&bracket.label) * 1.06;
    let fits = x1 - x0 > width + 8.0;
    let (x, anchor, baseline) = if fits || slug == "rto" {
        ((x0 + x1) / 2.0, "middle", y - 5.0)
    } else if x0 - width - 8.0 > scale.left {
        (x0 - 7.0, "end", y + 5.0)
    } else {
        (x1 + 7.0, "start", y + 5.0)
    };
    let half = if anchor == "middle" { width / 2.0 } else { 0.0 };
    let x = x.clamp(scale.left + half, (scale.right - half).max(scale.left + half));
    html! {
        <g class={classes!("bracket", slug)}>
            <path {d} />
            <text x={format!("{x:.1}")} y={format!("{baseline:.1}")} text-anchor={anchor}>{ &bracket.label }</text>
        </g>
    }
}
