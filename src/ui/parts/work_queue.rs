//! The queue in front of a region's writes.

use faultline::scene::panels::{QueueLine, Tone};
use yew::prelude::*;

use crate::ui::attribute::text;
use crate::ui::tone;

/// What waits in it, on the card of the region with this code.
pub(crate) fn work_queue(queue: &QueueLine, code: &str) -> Html {
    let mark = matches!(queue.tone, Tone::Warning | Tone::Bad).then(|| tone::mark(queue.tone));
    html! {
        <p class={classes!("work-queue", tone::class(queue.tone))} title={text(&queue.hint)} data-test={format!("queue-{code}")}><b>{ "queue" }</b><span>{ &queue.text }</span>{ mark }</p>
    }
}
