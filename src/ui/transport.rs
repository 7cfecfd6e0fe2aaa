//! Play, speed, and the slider over the whole run.

use faultline::app::{Msg, speed};
use faultline::scene::panels::Transport;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::ask::{Ask, asks, hears};
use super::panel::{Around, Given, Panel, panel, show};
use super::svg::icon;
use super::tuning::TUNING;
use crate::ui::attribute::truth;

/// The bar at the very bottom, and in it the menu of what could be otherwise. Where the page scrolls only the first part,
/// in one line, stays at hand; the rest stands below the timeline.
pub(crate) fn transport_bar(given: &Given) -> Html {
    html! {
        <section class="transport" aria-label="Time">
            { show(&MAIN, given) }
            <div class="transport-more">{ show(&BACK, given) }{ show(&TUNING, given) }{ show(&LADDER, given) }</div>
        </section>
    }
}

static BACK: Panel = panel!(back: panels.transport.back);
static MAIN: Panel = panel!(main: panels.transport);
static LADDER: Panel = panel!(
    ladder: [panels.transport.speed_text, panels.transport.speed_rung, panels.transport.speed_rungs],
    [panels.transport.slow_motion, panels.transport.slow_motion_enabled]
);

/// The way back to the run that was left.
fn back(back: &Option<String>, (_, on): Around<'_>) -> Html {
    html! {
        if let Some(back) = back {
            <button type="button" class="toggle back" data-test="back" title={format!("{back} (Z)")} onclick={asks(on, Ask::App(Msg::Back))}>{ back }</button>
        }
    }
}

/// What is always at hand: play, the clock, the slider.
fn main(t: &Transport, (_, on): Around<'_>) -> Html {
    html! {
            <div class="transport-main">
                <div class="transport-buttons">
                    { step("previous", "Previous happening", "M12 3 L5 8 L12 13 Z M3.5 3 V13", Msg::PreviousHappening, on) }
                    { play(t.playing, on) }
                    { step("next", "Next happening", "M4 3 L11 8 L4 13 Z M12.5 3 V13", Msg::NextHappening, on) }
                    { step("restart", "Start the same run again", "M3.5 8 A4.8 4.8 0 1 0 5.2 4.3 M5.6 1.4 L5 4.6 L8.2 5.2", Msg::Restarted, on) }
                </div>
                <output class="clock" data-test="clock" data-seconds={t.now_s.to_string()}>{ &t.now_text }</output>
                { scrub(t, on) }
            </div>
    }
}

/// Play or pause.
fn play(playing: bool, on: &Callback<Ask>) -> Html {
    let onclick = asks(on, Ask::App(Msg::PlayToggled));
    let d = if playing {
        "M3.5 2.5 H6.5 V13.5 H3.5 Z M9.5 2.5 H12.5 V13.5 H9.5 Z"
    } else {
        "M4 2 L13.5 8 L4 14 Z"
    };
    html! {
        <button type="button" class="play" data-test="play" aria-pressed={truth(playing)} aria-label="Play" title="Play or pause (Space)" {onclick}>
            { icon(d, "0 0 16 16", "18") }
        </button>
    }
}

/// A small round button with a drawing.
fn step(slug: &'static str, label: &'static str, d: &'static str, msg: Msg, on: &Callback<Ask>) -> Html {
    let onclick = asks(on, Ask::App(msg));
    html! {
        <button type="button" class="round" data-test={slug} aria-label={label} title={label} {onclick}>
            { icon(d, "0 0 16 16", "16") }
        </button>
    }
}

/// The slider over the whole run: a real one, for every kind of input.
fn scrub(t: &Transport, on: &Callback<Ask>) -> Html {
    let oninput = hears(on, |event: &InputEvent| {
        let input = event.target_dyn_into::<HtmlInputElement>()?;
        Some(Ask::App(Msg::Scrubbed(input.value_as_number())))
    });
    let onkeydown = hears(on, |event: &KeyboardEvent| {
        let msg = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => Msg::Jumped(-5.0),
            "ArrowRight" | "ArrowUp" => Msg::Jumped(5.0),
            "PageDown" => Msg::Jumped(-60.0),
            "PageUp" => Msg::Jumped(60.0),
            "Home" => Msg::ToStart,
            "End" => Msg::ToEnd,
            _ => return None,
        };
        event.prevent_default();
        Some(Ask::App(msg))
    });
    let moment = if t.in_the_past { format!("{}, a look back", t.now_text) } else { t.now_text.clone() };
    html! {
        <input type="range" class="scrub" data-test="scrub" aria-label="Moment shown" aria-valuetext={moment} min="0" step="any"
            max={t.horizon_s.max(t.end_s).to_string()} value={t.now_s.to_string()} {oninput} {onkeydown} />
    }
}

/// The speed ladder, in words.
fn ladder(
    (words, rung, rungs): (&String, &usize, &usize),
    (why_slow, by_itself): (&Option<String>, &bool),
    (_, on): Around<'_>,
) -> Html {
    let slower = asks(on, Ask::App(Msg::Slower));
    let faster = asks(on, Ask::App(Msg::Faster));
    let slow_motion = asks(on, Ask::App(Msg::SlowMotionToggled));
    let automatic = why_slow.is_some();
    html! {
        <div class="speed" role="group" aria-label="Speed">
            <button type="button" class="round" data-test="speed-down" aria-label="Slower" title="Slower ([)" disabled={*rung == 0} onclick={slower}>{ "−" }</button>
            <span class="speed-words" data-test="speed" data-speed={speed::speed(*rung).to_string()}>{ words }</span>
            <button type="button" class="round" data-test="speed-up" aria-label="Faster" title="Faster (])"
                disabled={*rung + 1 >= *rungs} onclick={faster}>{ "+" }</button>
            <button type="button" class={classes!("toggle", automatic.then_some("is-on"))} data-test="slow-motion" aria-pressed={truth(*by_itself)}
                title="Slow down by itself when something decisive happens (M)" onclick={slow_motion}>{ "Auto slow" }</button>
        </div>
    }
}
