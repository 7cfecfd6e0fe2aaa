//! Two lanes: the share of requests that was served, and how far the replica was behind.

use faultline::scene::panels::{AvailabilityColumn, Timeline};
use yew::prelude::*;

use super::scale::Scale;
use crate::ui::svg::{add, draw, px};

/// Served from below, failed from above. `until_s` is the moment up to which silence is an outage.
pub(super) fn availability(columns: &[AvailabilityColumn], until_s: Option<f64>, scale: &Scale) -> Html {
    let lane = scale.served;
    let mut served = String::new();
    let mut failed = String::new();
    // Where no request was decided after others were, everybody was waiting: nobody was served.
    let mut before_s: Option<f64> = None;
    let now = until_s.map(|until_s| AvailabilityColumn { from_s: until_s, to_s: until_s, served: 1.0 });
    for column in columns.iter().chain(&now) {
        if let Some(before_s) = before_s.filter(|before_s| column.from_s - before_s > 0.01) {
            let (x0, x1) = (scale.x(before_s), scale.x(column.from_s));
            add(&mut failed, "M# # V# H# V# Z ", &[x0, lane.top, lane.bottom(), x1, lane.top]);
        }
        before_s = Some(column.to_s);
        let (x0, x1) = (scale.x(column.from_s), scale.x(column.to_s));
        let edge = lane.bottom() - lane.height * column.served.clamp(0.0, 1.0);
        add(&mut served, "M# # V# H# V# Z ", &[x0, lane.bottom(), edge, x1, lane.bottom()]);
        if column.served < 0.999 {
            add(&mut failed, "M# # V# H# V# Z ", &[x0, lane.top, edge, x1, lane.top]);
        }
    }
    html! {
        <g>
            { lane_name("Requests served", scale, lane.top - if scale.narrow { scale.text + 6.0 } else { 0.0 }, lane.height) }
            <path class="lane-floor" d={draw("M# # H#", &[scale.left, lane.bottom(), scale.right])} />
            <path class="served" d={served} /><path class="failed" d={failed} fill="url(#hatch)" />
        </g>
    }
}

/// A line with gaps where nothing replicates.
pub(super) fn lag(timeline: &Timeline, scale: &Scale) -> Html {
    let lane = scale.lag;
    let top_s = timeline.lag_top_s.max(1e-6);
    let mut line = String::new();
    let mut broken = true;
    for (at_s, lag_s) in &timeline.lag {
        let Some(lag_s) = lag_s else {
            broken = true;
            continue;
        };
        let y = lane.bottom() - lane.height * (lag_s / top_s).clamp(0.0, 1.0);
        add(&mut line, if broken { "M# # " } else { "L# # " }, &[scale.x(*at_s), y]);
        broken = false;
    }
    html! {
        <g>
            { lane_name("Replication lag", scale, lane.top, lane.height) }
            <path class="lane-floor" d={draw("M# # H#", &[scale.left, lane.bottom(), scale.right])} />
            <path class="lag" d={line} />
        </g>
    }
}

/// Messages in queues: a line from the floor, as high as its most, which is named.
pub(super) fn queued(timeline: &Timeline, scale: &Scale) -> Html {
    let (lane, most) = (scale.queued, timeline.queued.iter().map(|(_, queued)| *queued).max());
    let Some(most) = most else { return Html::default() };
    let mut line = String::new();
    for (index, (at_s, queued)) in timeline.queued.iter().enumerate() {
        let y = lane.bottom() - lane.height * (*queued as f64 / most.max(1) as f64);
        add(&mut line, if index == 0 { "M# # " } else { "L# # " }, &[scale.x(*at_s), y]);
    }
    html! {
        <g data-test="lane-queued">
            { lane_name("In queues", scale, lane.top, lane.height) }
            <path class="lane-floor" d={draw("M# # H#", &[scale.left, lane.bottom(), scale.right])} />
            <path class="lag" d={line} />
            <text class="quiet over-line" x={px(scale.left + 4.0)} y={px(lane.top + scale.text * 0.7)}>{ &timeline.queued_note }</text>
        </g>
    }
}

/// The name of a lane, in the gutter or in the lane.
pub(super) fn lane_name(name: &'static str, scale: &Scale, top: f64, height: f64) -> Html {
    if scale.narrow {
        return html! {
            <text class="lane-name" x={px(scale.right)} y={px(top - 4.0)} text-anchor="end">{ name }</text>
        };
    }
    html! { <text class="lane-name" x="16" y={px(top + height / 2.0 + 4.0)}>{ name }</text> }
}
