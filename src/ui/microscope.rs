//! The collision microscope, in place of the board: sliders, a space-time diagram, and every rule on the same two writes.

use faultline::app::Msg;
use faultline::app::microscope::Look;
use faultline::scene::panels::Tone;
use faultline::scene::panels::microscope::{Diagram, Hop, Microscope, Moment, Slider, Verdict};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, InputEvent};
use yew::prelude::*;

use super::ask::{Ask, asks, hears};
use super::svg::{draw, px};
use super::theme::reduced_motion;
use super::tone;
use crate::ui::attribute::{text, truth};

/// The id of the button that opens it, and has the focus again when it is closed.
pub(crate) const OPENER: &str = "microscope";
/// The id of its title, which has the focus when it is opened.
pub(crate) const TITLE: &str = "microscope-title";
/// How long the whole drawing plays, in seconds: slow motion.
const PLAYS_S: f64 = 4.5;
/// Where the words of the diagram stand beside a region, across.
const BESIDE: f64 = 14.0;

/// The whole view.
pub(crate) fn microscope(open: &Microscope, on: &Callback<Ask>) -> Html {
    let say = |look: Look| asks(on, Ask::App(Msg::Looked(look)));
    html! {
        <>
            <div class="lanes-head microscope-head">
                <div class="lanes-words">
                    <h2 id={TITLE} class="lanes-title" tabindex="-1">{ "Collision microscope" }</h2>
                    <p class="quiet-label">{ "Two people change the same key before the regions have heard of each other" }</p>
                </div>
                <button type="button" class="action" data-test="play-again" onclick={say(Look::Again)}>{ "Play again" }</button>
                <button type="button" class="action" data-test="take-seat" onclick={say(Look::SeatTaken)}>{ "Make two people take the same seat" }</button>
                <button type="button" class="round" data-test="microscope-close" aria-label="Back to the run" title="Back to the run (Escape)" onclick={say(Look::Toggled)}>{ "×" }</button>
            </div>
            <div class="dials" role="group" aria-label="The two writes">{ for open.dials.iter().map(|dial| slider(dial, on)) }</div>
            <div class="microscope-body" data-test="microscope">
                <div class="spacetime">{ diagram(&open.diagram, &open.spoken) }</div>
                <div class="verdicts">
                    <section class="glass"><h3>{ "What happened to the two answers" }</h3>
                        <dl data-test="answers">{ for open.answers.iter().map(answer) }</dl>
                    </section>
                    <section class="glass"><h3>{ "The same two writes under every rule" }</h3>
                        <div class="rules" role="group" aria-label="Rule">{ for open.rules.iter().map(|rule| verdict(rule, on)) }</div>
                        <p class="quiet-label" data-test="price-note">{ &open.price_note }</p>
                    </section>
                    <section class="glass"><h3>{ "How often?" }</h3>
                        <div class="dials is-small" role="group" aria-label="How often">{ for open.often.iter().map(|dial| slider(dial, on)) }</div>
                        <dl data-test="often">{ for open.rates.iter().map(|(what, rate)| line(what, rate, "is-strong")) }</dl>
                        <p class="quiet-label">{ "Pairs a second: product of the two rates, times the time in which neither side knows, times the sum of the squared popularities. Counted under last writer wins; a write collides once, whatever it had not seen." }</p>
                    </section>
                    <section class="glass" data-test="graves"><h3>{ "Graveyard of this run" }</h3>{ graveyard(open, on) }</section>
                </div>
            </div>
        </>
    }
}

/// Lost updates by name, and collisions that can be looked at.
fn graveyard(open: &Microscope, on: &Callback<Ask>) -> Html {
    let pick = |(label, msg): &(String, Msg)| {
        html! { <button key={label.as_str()} type="button" class="chip" data-pick="1" onclick={asks(on, Ask::App(msg.clone()))}>{ label }</button> }
    };
    html! {
        <>
            if open.graveyard.is_empty() {
                <p class="quiet-label">{ "No acknowledged write has been lost to another so far." }</p>
            } else {
                <ul class="graves">{ for open.graveyard.iter().map(|name| html! { <li>{ name }</li> }) }</ul>
            }
            if !open.picks.is_empty() {
                <div class="storms" role="group" aria-label="Look at a collision of the run">{ for open.picks.iter().map(pick) }</div>
            }
        </>
    }
}

fn line(what: &str, how: &str, class: &'static str) -> Html {
    html! { <div class="glass-line"><dt>{ what }</dt><dd class={class}>{ how }</dd></div> }
}

fn answer((what, how, tone): &(String, String, Tone)) -> Html {
    html! { <div class="glass-line"><dt>{ what }</dt><dd class={tone::class(*tone)}>if *tone != Tone::Plain { { tone::mark(*tone) } }{ how }</dd></div> }
}

/// A rule to look at, with its verdict.
fn verdict(rule: &Verdict, on: &Callback<Ask>) -> Html {
    let onclick = asks(on, Ask::App(rule.msg.clone()));
    html! {
        <button key={rule.slug} type="button" class="rule" aria-pressed={truth(rule.active)} data-rule={rule.slug} {onclick}>
            <span>{ &rule.rule }</span><b class={tone::class(rule.tone)}>{ tone::mark(rule.tone) }{ &rule.words }</b>
            <small data-test={format!("price-{}", rule.slug)}>{ for pieces(&rule.price) }</small>
        </button>
    }
}

/// A text that may be broken after a comma or a semicolon only, and not within a region's code.
fn pieces(text: &str) -> impl Iterator<Item = Html> {
    let parts = text.split_inclusive([',', ';']);
    parts.map(|part| html! { <><span class="piece">{ part.trim() }</span>{ " " }</> })
}

/// A slider with its value in words.
fn slider(dial: &Slider, on: &Callback<Ask>) -> Html {
    let which = dial.dial;
    let oninput = hears(on, move |event: &InputEvent| {
        let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
        Some(Ask::App(Msg::Looked(Look::Set(which, input.value_as_number()))))
    });
    let [value, least, most, step] = dial.range.map(|number| number.to_string());
    html! {
        <label key={dial.slug} class="dial">
            <span class="dial-name">{ dial.label }</span><b>{ &dial.value }</b>
            <input type="range" data-test={format!("dial-{}", dial.slug)} aria-valuetext={text(&dial.value)} min={least} max={most} step={step} value={value} {oninput} />
        </label>
    }
}

/// Time goes downwards; the regions are lines, and messages cross between them.
fn diagram(diagram: &Diagram, spoken: &str) -> Html {
    let (top, bottom) = ends(diagram);
    let moves = !reduced_motion();
    let tick = |(y, label): &(f64, String)| {
        html! { <><line class="tick" x1="44" x2="534" y1={px(*y)} y2={px(*y)} /><text class="tick-label" x="38" y={px(*y + 4.0)} text-anchor="end">{ label }</text></> }
    };
    let region = |(index, (x, code)): (usize, &(f64, String))| {
        html! {
            <g class={format!("of-{index}")}>
                <text class="region-name" x={px(*x)} y="24" text-anchor="middle">{ code }</text>
                <line class="region-line" x1={px(*x)} x2={px(*x)} y1={px(top)} y2={px(bottom)} />
            </g>
        }
    };
    let blind = diagram.blind.as_ref().map(|(from, to, words)| {
        let (left, right) = (diagram.regions[0].0, diagram.regions[1].0);
        html! {
            <>
                <rect class="blind" x={px(left)} width={px(right - left)} y={px(*from)} height={px(to - from)} />
                { for words.iter().enumerate().map(|(line, words)| html! {
                    <text class="blind-words" x={px((left + right) / 2.0)} y={px((from + to) / 2.0 + 18.0 * line as f64)} text-anchor="middle">{ words }</text>
                }) }
            </>
        }
    });
    let speed = PLAYS_S / (bottom - top).max(1.0);
    html! {
        <svg key={diagram.turn.to_string()} viewBox={format!("0 0 540 {}", px(diagram.height))} role="img" aria-label={text(spoken)} data-test="spacetime" data-turn={diagram.turn.to_string()}>
            <text class="tick-label" x="38" y="24" text-anchor="end">{ "ms" }</text>
            { for diagram.ticks.iter().map(tick) }
            { blind }
            { for diagram.regions.iter().enumerate().map(region) }
            { for diagram.lines.iter().map(|hop| message(hop, moves, top, speed)) }
            { for diagram.marks.iter().map(moment) }
            if moves { { now(top, bottom) } }
        </svg>
    }
}

/// How far to the left of the drawing a dot waits.
const AWAY: f64 = 1000.0;

fn ends(diagram: &Diagram) -> (f64, f64) {
    let first = diagram.ticks.first().map_or(0.0, |(y, _)| *y);
    (first, diagram.ticks.last().map_or(first, |(y, _)| *y))
}

/// The line of the moment, on its way down once.
fn now(top: f64, bottom: f64) -> Html {
    let path = draw("M0 #L0 #", &[top, bottom]);
    html! {
        <g class="now">
            <line x1="44" x2="500" y1="0" y2="0" /><text x="505" y="4">{ "now" }</text>
            <animateMotion {path} dur={format!("{}s", px(PLAYS_S))} fill="freeze" />
        </g>
    }
}

/// A message: a line, and what goes along it while the drawing plays.
fn message(hop: &Hop, moves: bool, top: f64, speed: f64) -> Html {
    let (from, to) = (hop.from, hop.to);
    let path = draw("M# #L# #", &[from.0, from.1, to.0, to.1]);
    // Its dot waits outside the drawing: the page's policy forbids to animate what is a style, as its visibility is.
    let way = draw("M# #L# #", &[from.0 + AWAY, from.1, to.0 + AWAY, to.1]);
    let begin = format!("{:.2}s", (from.1 - top).max(0.0) * speed);
    let span = format!("{:.2}s", ((to.1 - from.1) * speed).max(0.05));
    html! {
        <g class={classes!(format!("of-{}", hop.colour), (!hop.carries).then_some("is-answer"))}>
            <path class="hop" d={path} />
            if moves {
                <rect class="hop-dot" x={px(-AWAY - 5.0)} y="-5" width="10" height="10" rx="2">
                    <animateMotion path={way} dur={span} begin={begin} fill="freeze" />
                </rect>
            }
        </g>
    }
}

/// A moment in a region: a point, a box with what it says, and a note above.
fn moment(moment: &Moment) -> Html {
    let (x, y) = moment.at;
    let (wide, words) = (124.0, moment.words_at);
    let left = if moment.left { x - BESIDE - wide } else { x + BESIDE };
    let (anchor, edge) = if moment.left { ("end", x - BESIDE) } else { ("start", x + BESIDE) };
    html! {
        <g class={classes!(format!("of-{}", moment.colour), moment.struck.then_some("is-struck"))}>
            <circle class="moment" cx={px(x)} cy={px(y)} r="5" />
            <text class="moment-note" x={px(edge)} y={px(words - 14.0)} text-anchor={anchor}>{ &moment.note }</text>
            <rect class="moment-box" x={px(left)} y={px(words - 10.0)} width={px(wide)} height="20" rx="5" />
            <text class="moment-words" x={px(left + wide / 2.0)} y={px(words + 4.0)} text-anchor="middle">{ &moment.label }</text>
        </g>
    }
}
