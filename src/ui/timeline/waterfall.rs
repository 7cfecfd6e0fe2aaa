//! The recovery, step by step. Each has its tone; the longest, which is the lesson, has a rim.

use faultline::scene::panels::Bar;
use yew::prelude::*;

use super::band::lane_name;
use super::scale::Scale;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) bars: Vec<Bar>,
    pub(super) now_s: f64,
    /// Clients are hurt just now.
    pub(super) hurting: bool,
    pub(super) scale: Scale,
}

/// One row per bar, as long as there is room.
#[function_component(Waterfall)]
pub(super) fn waterfall(props: &Props) -> Html {
    let (scale, lane) = (&props.scale, props.scale.bars);
    let rows = rows(props);
    let count = rows.iter().max().map_or(1, |last| last + 1);
    let step = (lane.height / count as f64).min(scale.text * 1.7);
    let named = named(props, &rows, step);
    let bars = props
        .bars
        .iter()
        .zip(rows.iter().zip(named))
        .map(|(bar, (&row, named))| draw_bar(bar, lane.top + step * row as f64, step, named, props));
    html! {
        <g class="waterfall">
            { lane_name("Recovery", scale, lane.top, step.max(14.0)) }
            { for bars }
            if let Some((x, words)) = quiet(props) {
                <text class="quiet" x={format!("{x:.1}")} y={format!("{:.1}", lane.top + 15.0)}>{ words }</text>
            }
        </g>
    }
}

/// The row of each bar: its own, or where height is short the first that is free by then.
fn rows(props: &Props) -> Vec<usize> {
    let (scale, bars) = (&props.scale, &props.bars);
    if scale.bars.height >= scale.text * 1.1 * bars.len() as f64 {
        return (0..bars.len()).collect();
    }
    let mut free: Vec<f64> = Vec::new();
    let mut rows = Vec::with_capacity(bars.len());
    for bar in bars {
        let (left, right) = extent(bar, props);
        let row = free.iter().position(|end| *end <= left).unwrap_or(free.len());
        free.resize(free.len().max(row + 1), f64::MIN);
        free[row] = right + 10.0;
        rows.push(row);
    }
    rows
}

/// Which bars show their words: all, unless rows are so low that words would lie on each other.
///
/// The longest bar speaks first, then what still runs; the others say it when they are pointed at.
fn named(props: &Props, rows: &[usize], step: f64) -> Vec<bool> {
    let bars = &props.bars;
    let mut order: Vec<usize> = (0..bars.len()).collect();
    order.sort_by_key(|&index| (!bars[index].longest, bars[index].to_s.is_some(), index));
    let mut shown: Vec<usize> = Vec::new();
    for index in order {
        let (left, right) = words(&bars[index], props);
        let free = shown.iter().all(|&other| {
            let (a, b) = words(&bars[other], props);
            rows[other].abs_diff(rows[index]) as f64 * step >= props.scale.text * 0.92
                || right < a
                || b < left
        });
        if free {
            shown.push(index);
        }
    }
    (0..bars.len()).map(|index| shown.contains(&index)).collect()
}

/// What a bar covers with its words.
fn extent(bar: &Bar, props: &Props) -> (f64, f64) {
    let ((x0, x1), (left, right)) = (ends(bar, props), words(bar, props));
    (x0.min(left), x1.max(right))
}

/// Where its words are: in it where it is long enough, else after it, else before it.
fn words(bar: &Bar, props: &Props) -> (f64, f64) {
    let (x0, x1) = ends(bar, props);
    let width = props.scale.words(&bar.label) + 14.0;
    let head = props.scale.x(props.now_s);
    // The playhead pushes words along for a while: they are never under it.
    let after = if (x1..x1 + width).contains(&head) { head } else { x1 };
    if x1 - x0 >= width {
        (x0, x0 + width)
    } else if after + width < props.scale.right {
        (after, after + width)
    } else {
        (x0 - width, x0)
    }
}

/// Left and right end of a bar; a running one ends now.
fn ends(bar: &Bar, props: &Props) -> (f64, f64) {
    (props.scale.x(bar.from_s), props.scale.x(bar.to_s.unwrap_or(props.now_s)))
}

/// What stands there before the first step, where there is room for it beside the playhead.
fn quiet(props: &Props) -> Option<(f64, &'static str)> {
    let scale = &props.scale;
    let words = if props.hurting {
        "No step of the recovery has begun."
    } else {
        "Nothing to recover from. When something breaks, each step of the recovery is drawn here."
    };
    let (head, width) = (scale.x(props.now_s), scale.words(words) + 14.0);
    let after = head + width < scale.right;
    let fits = props.bars.is_empty() && (after || scale.left + width < head);
    fits.then_some((if after { head + 14.0 } else { scale.left }, words))
}

/// A bar and its words.
fn draw_bar(bar: &Bar, top: f64, step: f64, named: bool, props: &Props) -> Html {
    let scale = &props.scale;
    let (x0, x1) = ends(bar, props);
    let high = (step - 1.5).clamp(6.0, scale.text + 3.0);
    let y = top + (step - high) / 2.0;
    let (left, right) = words(bar, props);
    let (x, anchor) = if left >= x0 { (left + 7.0, "start") } else { (right - 7.0, "end") };
    let open = bar.to_s.is_none();
    let place = classes!(
        (left >= x0 && left < x1).then_some("is-inside"),
        (left >= x1 && left >= scale.x(props.now_s)).then_some("goes")
    );
    let class = classes!("bar", bar.longest.then_some("is-longest"), open.then_some("is-open"));
    html! {
        <g key={bar.slug} {class} data-bar={bar.slug}>
            <title>{ &bar.note }</title>
            <rect class={classes!(open.then_some("goes"))} x={format!("{x0:.1}")} y={format!("{y:.1}")} width={format!("{:.1}", (x1 - x0).max(2.0))} height={format!("{high:.1}")} rx="3" />
            if named {
                <text class={place} y={format!("{:.1}", y + high / 2.0 + scale.text * 0.33)} text-anchor={anchor} x={format!("{x:.1}")}>{ &bar.label }</text>
            }
        </g>
    }
}
