//! Everything under the map: who was served, how far the replica was behind, what the recovery did, and the brackets.

mod scale;
mod band;
mod brackets;
mod waterfall;
mod axis;

use faultline::app::Msg;
use faultline::scene::panels::{Timeline, Tone};
use web_sys::Element;
use yew::prelude::*;

use self::axis::Axis;
use self::band::{Availability, Lag};
use self::brackets::Brackets;
pub(crate) use self::scale::Scale;
use self::waterfall::Waterfall;
use super::ask::Ask;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) timeline: Timeline,
    /// Width and height in pixels.
    pub(crate) size: (f64, f64),
    /// Height of the small type in pixels.
    pub(crate) text: f64,
    /// The box whose size is measured.
    pub(crate) frame: NodeRef,
    pub(crate) on: Callback<Ask>,
}

/// The plot. Its playhead can be dragged; the slider below it does the same for keyboards.
#[function_component(TimelineView)]
pub(crate) fn timeline_view(props: &Props) -> Html {
    let held = use_state(|| false);
    let timeline = &props.timeline;
    let scale = Scale::new(timeline, props.size, props.text);
    let seek = {
        let (scale, on, frame) = (scale.clone(), props.on.clone(), props.frame.clone());
        move |event: &PointerEvent| {
            let left =
                frame.cast::<Element>().map_or(0.0, |element| element.get_bounding_client_rect().left());
            on.emit(Ask::App(Msg::Scrubbed(scale.seconds(f64::from(event.client_x()) - left))));
        }
    };
    let (down, moved) = (seek.clone(), seek);
    let (hold, release, holding) = (held.clone(), held.clone(), *held);
    let onpointerdown = Callback::from(move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        if let Some(element) =
            event.current_target().and_then(|target| wasm_bindgen::JsCast::dyn_into::<Element>(target).ok())
        {
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        hold.set(true);
        down(&event);
    });
    let onpointermove = Callback::from(move |event: PointerEvent| {
        if holding {
            moved(&event);
        }
    });
    let let_go = Callback::from(move |_: PointerEvent| release.set(false));
    html! {
        <div class="plot" ref={props.frame.clone()} {onpointerdown} {onpointermove} onpointerup={let_go.clone()} onpointercancel={let_go}>
            if scale.width > 1.0 { { plot(timeline, &scale) } }
        </div>
    }
}

/// The drawing, from the back to the front.
fn plot(timeline: &Timeline, scale: &Scale) -> Html {
    html! {
        <svg class="timeline-svg" width={scale.width.to_string()} height={scale.height.to_string()} role="img" aria-label={summary(timeline)}>
            { patterns() }
            <Axis ticks={timeline.ticks.clone()} marks={timeline.marks.clone()} scale={scale.clone()} />
            <Availability columns={timeline.availability.clone()} until_s={hurting_until(timeline)} scale={scale.clone()} />
            <Lag points={timeline.lag.clone()} top_s={timeline.lag_top_s} scale={scale.clone()} />
            <Waterfall bars={timeline.bars.clone()} now_s={timeline.now_s} hurting={hurting_until(timeline).is_some()} scale={scale.clone()} />
            <Brackets rto={timeline.rto.clone()} rpo={timeline.rpo.clone()} now_s={timeline.now_s} scale={scale.clone()} />
            { playhead(timeline.now_s, scale) }
        </svg>
    }
}

/// While an outage counts, silence up to now means that nobody was served.
fn hurting_until(timeline: &Timeline) -> Option<f64> {
    timeline.rto.as_ref().filter(|bracket| bracket.open).map(|_| timeline.now_s)
}

/// The moment shown.
fn playhead(now_s: f64, scale: &Scale) -> Html {
    let transform = format!("translate({:.1} 0)", scale.x(now_s));
    let foot = scale.axis_y;
    html! {
        <g class="playhead goes" {transform}>
            <path class="playhead-line" d={format!("M0 2 V{foot:.1}")} />
            <path class="playhead-knob" d={format!("M0 {:.1} l7 7 v8 h-14 v-8 z", foot - 4.0)} />
        </g>
    }
}

/// Hatching for what was not served: state is never colour alone.
fn patterns() -> Html {
    html! {
        <defs>
            <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect class="hatch-ground" width="6" height="6" /><rect class="hatch-line" width="2" height="6" />
            </pattern>
        </defs>
    }
}

/// The plot in words.
fn summary(timeline: &Timeline) -> String {
    let served = timeline.availability.last().map_or_else(String::new, |column| {
        format!("{:.0} % of requests served now. ", column.served * 100.0)
    });
    let brackets: Vec<&str> =
        [&timeline.rto, &timeline.rpo].into_iter().flatten().map(|bracket| bracket.label.as_str()).collect();
    let bars: Vec<&str> = timeline.bars.iter().map(|bar| bar.note.as_str()).collect();
    let marks = timeline.marks.iter().filter(|mark| mark.tone == Tone::Bad).map(|mark| mark.label.as_str());
    let parts: Vec<&str> = brackets.into_iter().chain(bars).chain(marks).collect();
    format!("Timeline. {served}{}", parts.join(". "))
}
