//! Everything under the map: who was served, how far the replica was behind, what the recovery did, and the brackets.

mod scale;
mod band;
mod spells;
mod brackets;
mod waterfall;
mod axis;
mod drag;

use faultline::scene::panels::{Bar, RunLane, Timeline, Tone};
use yew::prelude::*;

use self::axis::axis;
use self::band::{availability, lag, queued};
use self::brackets::brackets;
pub(crate) use self::scale::Scale;
use self::spells::spells;
use self::waterfall::{Plot, waterfall};
use super::panel::{Around, Panel, panel};
use super::prose::prose;
use super::svg::draw;
use super::tone;

/// The plot in a box of this size in pixels, `text` the height of its type.
///
/// Its playhead can be dragged, and the ends of bars; the slider and the menu below do the same for keyboards.
pub(crate) static TIMELINE: Panel = panel!(timeline_view: panels.timeline, plot_size, text);

fn timeline_view(timeline: &Timeline, size: &(f64, f64), text: &f64, (nodes, on): Around<'_>) -> Html {
    let (scale, frame) = (Scale::new(timeline, *size, *text), &nodes.plot);
    let moving = drag::moving(timeline, frame, &scale, on);
    let onpointerup = drag::dropping(timeline, frame, &scale, on);
    html! {
        <div class={classes!("plot", (!timeline.runs.is_empty()).then_some("has-runs"))} ref={frame.clone()} onpointerdown={moving.clone()} onpointermove={moving} {onpointerup} onclick={drag::opening(on)}>
            if scale.width > 1.0 { { plot(timeline, &scale) } }
        </div>
    }
}

/// What waits, and for what: where bars are too short to say it.
pub(crate) static WAITS: Panel = panel!(waits: panels.timeline.bars, panels.timeline.runs);

fn waits(bars: &[Bar], runs: &[RunLane], _: Around<'_>) -> Html {
    let waiting = bars.iter().filter(|bar| bar.waiting);
    let several = !runs.is_empty();
    let line = |bar: &Bar| {
        let number = bar.run.filter(|_| several).map_or(String::new(), |number| format!("#{number} "));
        html! {
            <li key={bar.key.clone()}>{ tone::mark(Tone::Warning) }<b>{ number }{ &bar.label }</b><span>{ prose(&bar.aside) }</span></li>
        }
    };
    html! {
        if bars.iter().any(|bar| bar.waiting) {
            <ul class="waits" aria-label="Steps that wait" data-test="waits">{ for waiting.map(line) }</ul>
        }
    }
}

/// The drawing, from the back to the front.
fn plot(timeline: &Timeline, scale: &Scale) -> Html {
    html! {
        <svg class="timeline-svg" width={scale.width.to_string()} height={scale.height.to_string()} role="img" aria-label={summary(timeline)}>
            { patterns() }
            { axis(timeline, scale) }
            { availability(&timeline.availability, hurting_until(timeline), scale) }
            { spells(timeline, scale) }
            { lag(timeline, scale) }
            { queued(timeline, scale) }
            { waterfall(&plotted(timeline, scale)) }
            { brackets(timeline, scale) }
            { playhead(timeline.now_s, scale) }
            <text class="drag-note">{ " " }</text>
        </svg>
    }
}

/// What the waterfall draws.
fn plotted<'a>(timeline: &'a Timeline, scale: &'a Scale) -> Plot<'a> {
    Plot {
        runs: &timeline.runs,
        bars: &timeline.bars,
        before: &timeline.before,
        now_s: timeline.now_s,
        hurting: timeline.rto.as_ref().is_some_and(|bracket| bracket.open),
        broken: !timeline.triggers.is_empty(),
        scale,
    }
}

/// While an outage lasts, silence up to now means that nobody was served.
fn hurting_until(timeline: &Timeline) -> Option<f64> {
    let lasts = timeline.spells.iter().any(|spell| spell.outage && spell.to_s.is_none());
    lasts.then_some(timeline.now_s)
}

/// The moment shown.
fn playhead(now_s: f64, scale: &Scale) -> Html {
    let transform = draw("translate(# 0)", &[scale.x(now_s)]);
    let foot = scale.axis_y;
    html! {
        <g class="playhead goes" {transform}>
            <path class="playhead-line" d={draw("M0 2 V#", &[foot])} />
            <path class="playhead-knob" d={draw("M0 # l7 7 v8 h-14 v-8 z", &[foot - 4.0])} />
        </g>
    }
}

/// Hatching for what was not served, and for what waits: state is never colour alone.
fn patterns() -> Html {
    html! {
        <defs>
            <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect class="hatch-ground" width="6" height="6" /><rect class="hatch-line" width="2" height="6" />
            </pattern>
            <pattern id="waits" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
                <rect class="wait-line" width="1.6" height="5" />
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
    let runs = timeline.runs.iter().filter(|run| run.number.is_some()).map(|run| run.note.as_str());
    let bars: Vec<&str> = runs.chain(timeline.bars.iter().map(|bar| bar.note.as_str())).collect();
    let marks = timeline.marks.iter().filter(|mark| mark.tone == Tone::Bad).map(|mark| mark.label.as_str());
    let triggers = timeline.triggers.iter().map(|trigger| trigger.label.as_str());
    let spells = timeline.spells.iter().map(|spell| spell.label.as_str());
    let parts: Vec<&str> =
        brackets.into_iter().chain(triggers).chain(spells).chain(bars).chain(marks).collect();
    let waits = timeline.queued.last().map_or_else(String::new, |(_, now)| {
        format!("{now} messages in queues now, {}. ", timeline.queued_note)
    });
    format!("Timeline. {served}{waits}{}", parts.join(". "))
}
