//! The recovery, step by step. Each has its tone; the longest, which is the lesson, has a rim. If several executions are
//! there, each has rows of its own and its name beside them.

use faultline::kernel::sorted::in_order;
use faultline::scene::panels::{Bar, RunLane};
use yew::prelude::*;

use super::band::lane_name;
use super::scale::Scale;
use crate::ui::svg::{draw, px};

/// What there is to draw, and where.
pub(super) struct Plot<'a> {
    /// Executions, if there are several.
    pub(super) runs: &'a [RunLane],
    /// The steps of the recovery.
    pub(super) bars: &'a [Bar],
    /// The same as they were before numbers were changed.
    pub(super) before: &'a [Bar],
    /// The moment shown, in seconds.
    pub(super) now_s: f64,
    /// Clients are hurt just now.
    pub(super) hurting: bool,
    /// There is an incident that the bars would belong to.
    pub(super) broken: bool,
    /// Where the lanes are.
    pub(super) scale: &'a Scale,
}

/// One row per bar, as long as there is room.
pub(super) fn waterfall(plot: &Plot<'_>) -> Html {
    let (scale, lane) = (plot.scale, plot.scale.bars);
    let rows = rows(plot);
    let count = rows.iter().max().map_or(1, |last| last + 1);
    let step = (lane.height / count as f64).min(scale.text * 1.7);
    let named = named(plot, &rows, step);
    let bars = plot
        .bars
        .iter()
        .zip(rows.iter().zip(named))
        .map(|(bar, (&row, named))| draw_bar(bar, lane.top + step * row as f64, step, named, plot));
    let ghosts = plot.before.iter().filter_map(|ghost| {
        let index = plot.bars.iter().position(|bar| bar.slug == ghost.slug)?;
        // What has not changed has no ghost.
        let ((x0, x1), (now0, now1)) = (ends(ghost, plot), ends(&plot.bars[index], plot));
        if (x0 - now0).abs() < 1.0 && (x1 - now1).abs() < 1.0 {
            return None;
        }
        Some(draw_ghost(ghost, lane.top + step * rows[index] as f64, step, plot))
    });
    html! {
        <g class="waterfall">
            if plot.runs.is_empty() || scale.narrow {
                { lane_name("Recovery", scale, lane.top, step.max(14.0)) }
            } else {
                { for (0..plot.runs.len()).map(|index| run_name(index, &rows, step, plot)) }
            }
            { for bars }
            { for ghosts }
            if let Some((x, words)) = quiet(plot) {
                <text class="quiet" x={px(x)} y={px(lane.top + 15.0)}>{ words }</text>
            }
        </g>
    }
}

/// The name of an execution beside its rows, where it goes below that if there is room, and a line above.
fn run_name(index: usize, rows: &[usize], step: f64, plot: &Plot<'_>) -> Html {
    let (scale, run) = (plot.scale, &plot.runs[index]);
    let own = || plot.bars.iter().zip(rows).filter(|(bar, _)| bar.lane == index).map(|(_, row)| *row);
    let (first, last) = (own().min().unwrap_or_default(), own().max().unwrap_or_default());
    let top = scale.bars.top + step * first as f64;
    let room = (last + 1 - first) as f64 * step;
    let name = run.number.map_or(run.name.clone(), |number| format!("#{number} {}", run.name));
    let base = top + scale.text * 0.95;
    html! {
        <g key={index} class={classes!("run-name", run.shown.then_some("is-shown"))}>
            <title>{ &run.note }</title>
            if index > 0 { <path class="lane-floor" d={draw("M16 # H#", &[top - 0.5, scale.right])} /> }
            <text class="lane-name" x="16" y={px(base)}>{ cut(&name, scale) }</text>
            if !run.toward.is_empty() && room > scale.text * 2.1 {
                <text x="16" y={px(base + scale.text * 1.1)}>{ cut(&run.toward, scale) }</text>
            }
        </g>
    }
}

/// As much of these words as there is room for in the gutter.
fn cut(words: &str, scale: &Scale) -> String {
    let most = ((scale.left - 18.0) / scale.words("m") * 1.17) as usize;
    if words.chars().count() <= most {
        return words.into();
    }
    words.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// The row of each bar: its own, or where height is short the first of its execution that is free by then.
fn rows(plot: &Plot<'_>) -> Vec<usize> {
    let (scale, bars) = (plot.scale, plot.bars);
    if scale.bars.height >= scale.text * 1.1 * bars.len() as f64 {
        return (0..bars.len()).collect();
    }
    let mut rows: Vec<usize> = Vec::with_capacity(bars.len());
    // The ends of the rows of an execution, and how many rows the others before it have.
    let (mut free, mut above): (Vec<f64>, usize) = (Vec::new(), 0);
    for (index, bar) in bars.iter().enumerate() {
        if index > 0 && bars[index - 1].lane != bar.lane {
            above += free.len();
            free.clear();
        }
        let (left, right) = extent(bar, plot);
        let row = free.iter().position(|end| *end <= left).unwrap_or(free.len());
        free.resize(free.len().max(row + 1), f64::MIN);
        free[row] = right + 10.0;
        rows.push(above + row);
    }
    rows
}

/// Which bars show their words: all, unless rows are so low that words would lie on each other.
///
/// What waits speaks first, then the longest bar, then what still runs; the others say it when they are pointed at.
fn named(plot: &Plot<'_>, rows: &[usize], step: f64) -> Vec<bool> {
    let bars = plot.bars;
    let order = in_order(0..bars.len(), |&index| {
        let bar = &bars[index];
        let rank = if bar.waiting { 0.0 } else { 2.0 - f64::from(bar.longest) };
        [rank, f64::from(bar.to_s.is_some())]
    });
    let mut shown: Vec<usize> = Vec::new();
    for index in order {
        let (left, right) = words(&bars[index], plot);
        let inside = left >= 0.0 && right <= plot.scale.width;
        let free = inside
            && shown.iter().all(|&other| {
                let (a, b) = words(&bars[other], plot);
                rows[other].abs_diff(rows[index]) as f64 * step >= plot.scale.text * 0.92
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
fn extent(bar: &Bar, plot: &Plot<'_>) -> (f64, f64) {
    let ((x0, x1), (left, right)) = (ends(bar, plot), words(bar, plot));
    (x0.min(left), x1.max(right))
}

/// What stands on a bar: its name, in front of it the number of its execution if that has no other place, and behind it what
/// it waits for, if there is room for that.
fn said(bar: &Bar, plot: &Plot<'_>) -> String {
    let number = bar.run.filter(|_| plot.scale.narrow && !plot.runs.is_empty());
    let name = number.map_or(bar.label.clone(), |number| format!("#{number} {}", bar.label));
    if bar.aside.is_empty() {
        return name;
    }
    let full = format!("{name} · {}", bar.aside);
    let (left, right) = place(&full, bar, plot);
    if left >= plot.scale.left - 4.0 && right <= plot.scale.width { full } else { name }
}

/// Where its words are.
fn words(bar: &Bar, plot: &Plot<'_>) -> (f64, f64) {
    place(&said(bar, plot), bar, plot)
}

/// Where words of a bar are: in it where it is long enough, else after it, else before it.
fn place(words: &str, bar: &Bar, plot: &Plot<'_>) -> (f64, f64) {
    let (x0, x1) = ends(bar, plot);
    let width = plot.scale.words(words) + 14.0;
    let head = plot.scale.x(plot.now_s);
    // The playhead pushes words along for a while: they are never under it.
    let after = if (x1..x1 + width).contains(&head) { head } else { x1 };
    if x1 - x0 >= width {
        (x0, x0 + width)
    } else if after + width < plot.scale.right {
        (after, after + width)
    } else {
        (x0 - width, x0)
    }
}

/// Left and right end of a bar; a running one ends now.
fn ends(bar: &Bar, plot: &Plot<'_>) -> (f64, f64) {
    (plot.scale.x(bar.from_s), plot.scale.x(bar.to_s.unwrap_or(plot.now_s)))
}

/// What stands there before the first step, where there is room for it beside the playhead.
fn quiet(plot: &Plot<'_>) -> Option<(f64, &'static str)> {
    let scale = plot.scale;
    let words = if plot.hurting {
        "No step of the recovery has begun."
    } else if plot.broken {
        "No step of a recovery belongs to this incident so far."
    } else {
        "Nothing to recover from. When something breaks, each step of the recovery is drawn here."
    };
    let (head, width) = (scale.x(plot.now_s), scale.words(words) + 14.0);
    let after = head + width < scale.right;
    let fits = plot.bars.is_empty() && (after || scale.left + width < head);
    fits.then_some((if after { head + 14.0 } else { scale.left }, words))
}

/// Upper edge and height of a bar in its row.
fn height(top: f64, step: f64, scale: &Scale) -> (f64, f64) {
    let high = (step - 1.5).max(6.0).min(scale.text + 3.0);
    (top + (step - high) / 2.0, high)
}

/// A bar as it was before numbers were changed: an outline.
fn draw_ghost(bar: &Bar, top: f64, step: f64, plot: &Plot<'_>) -> Html {
    let ((x0, x1), (y, high)) = (ends(bar, plot), height(top, step, plot.scale));
    html! {
        <g key={format!("before-{}", bar.key)} class="ghost">
            <title>{ &bar.note }</title>
            <rect x={px(x0)} y={px(y)} width={px((x1 - x0).max(2.0))} height={px(high)} rx="3" />
        </g>
    }
}

/// A bar and its words.
fn draw_bar(bar: &Bar, top: f64, step: f64, named: bool, plot: &Plot<'_>) -> Html {
    let scale = plot.scale;
    let (x0, x1) = ends(bar, plot);
    let high = (step - 1.5).min(scale.text + 3.0).max(6.0);
    let y = top + (step - high) / 2.0;
    let (left, right) = words(bar, plot);
    let (x, anchor) = if left >= x0 { (left + 7.0, "start") } else { (right - 7.0, "end") };
    let open = bar.to_s.is_none();
    let place = classes!(
        (left >= x0 && left < x1).then_some("is-inside"),
        (left >= x1 && left >= scale.x(plot.now_s)).then_some("goes")
    );
    let knob = (!bar.knobs.is_empty()).then_some(bar.slug);
    let grip = bar.knobs.first().filter(|knob| knob.length && !open);
    let base = y + high / 2.0 + scale.text * 0.33;
    let class = classes!(
        "bar",
        bar.longest.then_some("is-longest"),
        open.then_some("is-open"),
        bar.waiting.then_some("is-waiting"),
        bar.undone.then_some("is-undone")
    );
    html! {
        <g key={bar.key.clone()} {class} data-bar={bar.slug} data-knob={knob} data-key={bar.key.clone()}>
            <title>{ &bar.note }</title>
            <rect class={classes!(open.then_some("goes"))} x={px(x0)} y={px(y)} width={px((x1 - x0).max(2.0))} height={px(high)} rx="3" data-base={px(base)} />
            if bar.waiting {
                <rect class="bar-hatch goes" x={px(x0)} y={px(y)} width={px((x1 - x0).max(2.0))} height={px(high)} rx="3" fill="url(#waits)" />
            }
            if named {
                <text class={place} y={px(base)} text-anchor={anchor} x={px(x)}>{ said(bar, plot) }</text>
            }
            if grip.is_some() { <path class="grip" data-grip={bar.key.clone()} d={draw("M# # h10 v# h-10 Z", &[x1 - 5.0, y - 2.0, high + 4.0])} /> }
        </g>
    }
}
