//! A lane's drawing: who was served, and the recovery below it. Places are shares of the width and heights are in the
//! size of the type, so it fits any box without being drawn again; only words need to know how wide that is.

use faultline::scene::panels::lanes::{LaneBar, LaneView, Segment};
use yew::prelude::*;

use super::Measure;
use crate::ui::attribute::text;
use crate::ui::svg::add;

/// Height of the band, in the size of the type.
const BAND: f64 = 2.1;
/// Where the bars begin, and how far one is below the other.
const BARS: f64 = 2.5;
const ROW: f64 = 1.34;
/// Height of a bar.
const THICK: f64 = 1.08;
/// More bars than this share rows where their words leave room.
const MOST_ROWS: usize = 6;
/// A bar is drawn at least this wide, as a share of the width.
const NARROWEST: f64 = 0.004;

/// A share from which on nothing is seen of what was not served.
const FULL: f64 = 0.985;

/// Where the words of a bar stand.
#[derive(Clone, Copy, PartialEq)]
enum Words {
    Inside,
    After,
    Before,
}

/// A place as a share of the width: "12.34%".
fn place(share: f64) -> String {
    format!("{:.2}%", share * 100.0)
}

fn em(height: f64) -> String {
    format!("{height:.2}em")
}

/// The ticks of the axis, with the labels that have room.
pub(super) fn axis(ticks: &[(f64, String)], measure: Measure) -> Html {
    let mut free = -1.0;
    // The last label stands left of its tick; those before make room for it.
    let end = ticks.last().map_or(1.0, |(_, label)| 1.0 - measure.words(label) - measure.words("m"));
    let labels = ticks.iter().enumerate().map(|(index, (at, label))| {
        let width = measure.words(label);
        let last = index + 1 == ticks.len();
        let (anchor, left) = match index {
            0 => ("start", *at),
            _ if last => ("end", at - width),
            _ => ("middle", at - width / 2.0),
        };
        let room = last || left >= free && left + width <= end;
        if room {
            free = left + width + measure.words("m");
        }
        html! { if room { <text x={place(*at)} y="1.1em" text-anchor={anchor}>{ label }</text> } }
    });
    html! { <svg class="lane-ticks" width="100%" height="1.5em">{ for labels }</svg> }
}

/// Hatching: for what was not served, and for what had to wait.
pub(super) fn patterns() -> Html {
    html! {
        <svg class="lane-patterns" width="0" height="0" aria-hidden="true">
            <defs>
                <pattern id="unserved" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <rect class="hatch-ground" width="6" height="6" /><rect class="hatch-line" width="1.5" height="6" />
                </pattern>
                <pattern id="waiting" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
                    <rect class="wait-line" width="1.6" height="5" />
                </pattern>
            </defs>
        </svg>
    }
}

/// Lines of the axis behind, then the band, then the bars.
pub(super) fn plot(lane: &LaneView, ticks: &[(f64, String)], measure: Measure) -> Html {
    let rows = rows(&lane.bars, measure);
    let count = rows.iter().max().map_or(1, |last| last + 1);
    let line = |(at, _): &(f64, String)| html! { <line x1={place(*at)} x2={place(*at)} y1="0" y2="100%" /> };
    html! {
        <>
            <svg class="lane-rules" width="100%" height="100%" aria-hidden="true">{ for ticks.iter().map(line) }</svg>
            <svg class="lane-drawing" width="100%" height={em(BARS + ROW * count as f64)} role="img" aria-label={text(&lane.label)}>
                { band(lane, measure) }
                { for lane.bars.iter().zip(rows).map(|(bar, row)| draw_bar(bar, row, measure)) }
            </svg>
        </>
    }
}

/// Served from below, before a hatched ground; what was not computed is paler.
fn band(lane: &LaneView, measure: Measure) -> Html {
    let known =
        lane.segments.iter().filter(|segment| segment.known).map(|segment| segment.to).fold(0.0, f64::max);
    let rest = lane.segments.last().filter(|segment| !segment.known && segment.share < FULL);
    let served = |known: bool| {
        let mut d = String::new();
        for segment in lane.segments.iter().filter(|segment| segment.known == known) {
            let top = 100.0 * (1.0 - segment.share);
            add(&mut d, "M# 100V#H#V100z", &[segment.from * 1e4, top, segment.to * 1e4]);
        }
        d
    };
    let words = lane.segments.iter().filter_map(|segment| band_words(segment, measure));
    html! {
        <>
            <rect class="band-ground" width={place(known)} height={em(BAND)} fill="url(#unserved)" />
            if let Some(rest) = rest {
                <rect class="band-ground is-assumed" x={place(rest.from)} width={place(1.0 - rest.from)} height={em(BAND)} fill="url(#unserved)" />
            }
            <svg width="100%" height={em(BAND)} viewBox="0 0 10000 100" preserveAspectRatio="none">
                <path class="band-served" d={served(true)} /><path class="band-served is-assumed" d={served(false)} />
            </svg>
            <line class="band-floor" x1="0" x2={place(known)} y1={em(BAND)} y2={em(BAND)} />
            { for words }
        </>
    }
}

/// The words at the beginning of a stretch, as many as there is room for.
fn band_words(segment: &Segment, measure: Measure) -> Option<Html> {
    let fits = |text: &&String| !text.is_empty() && measure.words(text) + measure.words("mm") < segment.room;
    let words = [&segment.label, &segment.short].into_iter().find(fits)?;
    Some(html! { <text class="band-words" x={place(segment.from)} dx="0.6em" y="1.4em">{ words }</text> })
}

/// The row of each bar: its own, or where there are many the first that is free by then.
fn rows(bars: &[LaneBar], measure: Measure) -> Vec<usize> {
    if bars.len() <= MOST_ROWS {
        return (0..bars.len()).collect();
    }
    let mut free: Vec<f64> = Vec::new();
    let mut rows = Vec::with_capacity(bars.len());
    for bar in bars {
        let words = measure.words(&bar.label) + measure.words("mm");
        let (left, right) = match side(bar, measure) {
            Words::Inside => (bar.from, bar.to),
            Words::After => (bar.from, bar.to + words),
            Words::Before => (bar.from - words, bar.to),
        };
        let row = free.iter().position(|end| *end <= left).unwrap_or(free.len());
        free.resize(free.len().max(row + 1), f64::MIN);
        free[row] = right;
        rows.push(row);
    }
    rows
}

/// In the bar where it is long enough, else after it if there is room or at least more than before it.
fn side(bar: &LaneBar, measure: Measure) -> Words {
    let words = measure.words(&bar.label) + measure.words("mm");
    if bar.to - bar.from >= words {
        Words::Inside
    } else if bar.to + words <= 1.0 || bar.from < 1.0 - bar.to {
        Words::After
    } else {
        Words::Before
    }
}

/// A bar and its words.
fn draw_bar(bar: &LaneBar, row: usize, measure: Measure) -> Html {
    let top = BARS + ROW * row as f64;
    let width = place((bar.to - bar.from).max(NARROWEST));
    let (x, dx, anchor) = match side(bar, measure) {
        Words::Inside => (bar.from, "0.5em", "start"),
        Words::After => (bar.to.max(bar.from + NARROWEST), "0.5em", "start"),
        Words::Before => (bar.from, "-0.5em", "end"),
    };
    let inside = side(bar, measure) == Words::Inside;
    let class = classes!(
        "bar",
        bar.longest.then_some("is-longest"),
        bar.open.then_some("is-open"),
        bar.blocked.then_some("is-waiting")
    );
    html! {
        <g {class} data-bar={bar.slug}>
            <title>{ &bar.note }</title>
            <rect x={place(bar.from)} y={em(top)} width={text(&width)} height={em(THICK)} rx="3" />
            if bar.blocked { <rect class="bar-hatch" x={place(bar.from)} y={em(top)} width={text(&width)} height={em(THICK)} rx="3" fill="url(#waiting)" /> }
            <text class={classes!(inside.then_some("is-inside"))} x={place(x)} {dx} y={em(top + 0.89)} text-anchor={anchor}>{ &bar.label }</text>
        </g>
    }
}
