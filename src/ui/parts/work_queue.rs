//! The queue in front of a region's writes.

use faultline::scene::panels::{QueueLine, Tone};
use yew::prelude::*;

use crate::ui::attribute::text;
use crate::ui::svg::icon;
use crate::ui::tone;

/// What waits in it, on the card of the region with this code.
pub(crate) fn work_queue(queue: &QueueLine, code: &str) -> Html {
    let mark = matches!(queue.tone, Tone::Warning | Tone::Bad).then(|| tone::mark(queue.tone));
    html! {
        <p class={classes!("work-queue", tone::class(queue.tone))} title={text(&queue.hint)} data-test={format!("queue-{code}")}>{ icon("M1 4 H3.4 V8 H1 Z M4.8 4 H7.2 V8 H4.8 Z M8.6 4 H11 V8 H8.6 Z", "0 0 12 12", "13") }<b>{ "queue" }</b><span>{ &queue.text }</span>{ mark }</p>
    }
}
