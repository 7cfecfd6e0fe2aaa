//! What if? Each step of the recovery with the numbers behind it, to be typed anew; and what was changed already.

use faultline::app::Msg;
use faultline::scene::panels::{Bar, Knob};
use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::ask::{Ask, asks, hears};
use super::panel::{Around, Panel, panel};
use crate::ui::attribute::text;

/// The menu of steps, and what was changed: nothing where there is no step yet.
pub(crate) static TUNING: Panel =
    panel!(tuning: panels.timeline.bars, panels.tuned, panels.timeline.before_note);

fn tuning(bars: &[Bar], changed: &[String], before: &str, (_, on): Around<'_>) -> Html {
    let first = |index: usize| bars[..index].iter().all(|bar| bar.slug != bars[index].slug);
    let steps = (0..bars.len()).filter(|index| first(*index) && !bars[*index].knobs.is_empty());
    let forms: Vec<Html> = steps.map(|index| step_form(&bars[index], on)).collect();
    if forms.is_empty() && changed.is_empty() {
        return Html::default();
    }
    html! {
        <div class="tuning" role="group" aria-label="What if">
            <button type="button" class="toggle" id="what-if-button" popovertarget="what-if" aria-haspopup="true" aria-pressed="true" data-test="what-if">{ "What if…" }</button>
            <div id="what-if" class="menu what-if" popover="auto" role="group" aria-labelledby="what-if-title">
                <p class="menu-title" id="what-if-title">{ "What if a step took another time?" }</p>
                <p class="menu-hint">{ "The same run begins again, same seed. What it was before stays in sight." }</p>
                { for forms }
            </div>
            if !changed.is_empty() { { tuned(changed, before, on) } }
        </div>
    }
}

/// What was changed, what came of it, and the way back.
fn tuned(changed: &[String], before: &str, on: &Callback<Ask>) -> Html {
    let onclick = asks(on, Ask::App(Msg::Untuned));
    html! {
        <>
            <p class="before-note" data-test="before-note"><b>{ changed.join(", ") }</b><span>{ before }</span></p>
            <button type="button" class="toggle" data-test="untune" aria-pressed="true" {onclick}>{ "Take back" }</button>
        </>
    }
}

/// A step: its note, and the numbers behind it.
fn step_form(bar: &Bar, on: &Callback<Ask>) -> Html {
    html! {
        <details key={bar.slug} class="step" name="step" data-step={bar.slug}>
            <summary>{ &bar.note }</summary>
            { for bar.knobs.iter().map(field) }
            <button type="button" class="action" popovertarget="what-if" popovertargetaction="hide" data-test={format!("again-{}", bar.slug)} onclick={run(on)}>
                { "Run again with this" }
            </button>
        </details>
    }
}

/// A number. It begins anew when the scenario's value changes.
fn field(knob: &Knob) -> Html {
    let value = knob.value.to_string();
    let places = knob.places.join(" ");
    let enter = Callback::from(|event: KeyboardEvent| {
        let button = || found_in_step(&event, "button")?.dyn_into::<HtmlElement>().ok();
        if let Some(button) = (event.key() == "Enter").then(button).flatten() {
            button.click();
        }
    });
    html! {
        <label key={format!("{places}={value}")} class="knob">
            <span>{ knob.label }</span>
            <input type="number" step="any" ~defaultValue={value} min={knob.least.to_string()} max={knob.most.to_string()} data-places={text(&places)} onkeydown={enter} />
            <span class="unit">{ knob.unit }</span>
        </label>
    }
}

/// The first element of this kind in the step where an event happened.
fn found_in_step(event: &Event, selector: &str) -> Option<Element> {
    let step = event.target_dyn_into::<Element>()?.closest("details").ok()??;
    step.query_selector(selector).ok()?
}

/// Asks for the same run with the numbers of a step that were changed.
fn run(on: &Callback<Ask>) -> Callback<MouseEvent> {
    hears(on, |event: &MouseEvent| {
        let step = event.target_dyn_into::<Element>()?.closest("details").ok()??;
        let inputs = step.query_selector_all("input").ok()?;
        let mut values = Vec::new();
        for index in 0..inputs.length() {
            let input = inputs.item(index)?.dyn_into::<HtmlInputElement>().ok()?;
            if input.value() != input.default_value() {
                let places = input.get_attribute("data-places")?;
                values.extend(places.split(' ').map(|place| (place.to_owned(), input.value_as_number())));
            }
        }
        (!values.is_empty()).then_some(Ask::App(Msg::Tuned(values)))
    })
}

/// Opens the menu at a step.
pub(crate) fn open(slug: &str) -> Option<()> {
    let document = document();
    let step = document.query_selector(&format!("#what-if [data-step={slug}]")).ok()??;
    step.set_attribute("open", "").ok()?;
    let button = document.get_element_by_id("what-if-button")?.dyn_into::<HtmlElement>().ok()?;
    button.click();
    let input = step.query_selector("input").ok()??.dyn_into::<HtmlElement>().ok()?;
    input.focus().ok()
}
