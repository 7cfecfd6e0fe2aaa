//! The nodes of a failover controller.

use faultline::scene::panels::{ControllerLine, NodeLook};
use yew::prelude::*;

use crate::ui::attribute::text;
use crate::ui::svg::icon;
use crate::ui::tone;

/// The nodes of the failover controller, and what they say.
pub(crate) fn controller(line: &ControllerLine) -> Html {
    let node = |node: &NodeLook| {
        let d = match node {
            NodeLook::Sees => "M2 6 a4 4 0 1 1 8 0 a4 4 0 1 1 -8 0 M4 6 a2 2 0 1 1 4 0 a2 2 0 1 1 -4 0",
            NodeLook::Rests => "M4 2 V10 M8 2 V10",
            NodeLook::Blind => "M2 6 a4 4 0 1 1 8 0 a4 4 0 1 1 -8 0",
            NodeLook::Votes => "M1.5 6.5 L4.5 9.5 L10.5 2.5",
            NodeLook::Decided => "M1 6 H11 M7 2 L11 6 L7 10",
            NodeLook::Dark => "M2.5 2.5 L9.5 9.5 M9.5 2.5 L2.5 9.5",
        };
        icon(d, "0 0 12 12", "12")
    };
    html! {
        <p class={classes!("work-queue", "controller", tone::class(line.tone))} title={text(&line.hint)}>
            <b>{ "controller" }</b><i>{ for line.nodes.iter().map(node) }</i><span>{ &line.text }</span>
        </p>
    }
}
