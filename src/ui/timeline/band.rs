//! Two lanes: the share of requests that was served, and how far the replica was behind.

use std::fmt::Write;

use faultline::scene::panels::{AvailabilityColumn, Timeline};
use yew::prelude::*;

use super::scale::Scale;

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
            let _ =
                write!(failed, "M{x0:.1} {:.1} V{:.1} H{x1:.1} V{:.1} Z ", lane.top, lane.bottom(), lane.top);
        }
        before_s = Some(column.to_s);
        let (x0, x1) = (scale.x(column.from_s), scale.x(column.to_s));
        let edge = lane.bottom() - lane.height * column.served.clamp(0.0, 1.0);
        let _ = write!(served, "M{x0:.1} {:.1} V{edge:.1} H{x1:.1} V{:.1} Z ", lane.bottom(), lane.bottom());
        if column.served < 0.999 {
            let _ = write!(failed, "M{x0:.1} {:.1} V{edge:.1} H{x1:.1} V{:.1} Z ", lane.top, lane.top);
        }
    }
    html! {
        <g>
            { lane_name("Requests served", scale, lane.top - if scale.narrow { scale.text + 6.0 } else { 0.0 }, lane.height) }
            <path class="lane-floor" d={format!("M{:.1} {:.1} H{:.1}", scale.left, lane.bottom(), scale.right)} />
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
        let _ = write!(line, "{}{:.1} {y:.1} ", if broken { 'M' } else { 'L' }, scale.x(*at_s));
        broken = false;
    }
    html! {
        <g>
            { lane_name("Replication lag", scale, lane.top, lane.height) }
            <path class="lane-floor" d={format!("M{:.1} {:.1} H{:.1}", scale.left, lane.bottom(), scale.right)} />
            <path class="lag" d={line} />
        </g>
    }
}

/// The name of a lane, in the gutter or in the lane.
pub(super) fn lane_name(name: &'static str, scale: &Scale, top: f64, height: f64) -> Html {
    if scale.narrow {
        return html! {
            <text class="lane-name" x={format!("{:.1}", scale.right)} y={format!("{:.1}", top - 4.0)} text-anchor="end">{ name }</text>
        };
    }
    html! { <text class="lane-name" x="16" y={format!("{:.1}", top + height / 2.0 + 4.0)}>{ name }</text> }
}
