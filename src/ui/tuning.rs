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

/// A step of a recovery: a stable name, what it says, and the numbers behind it.
pub(crate) type Step<'a> = (&'static str, &'a str, &'a [Knob]);

fn tuning(bars: &[Bar], changed: &[String], before: &str, (_, on): Around<'_>) -> Html {
    let steps: Vec<Step<'_>> = bars.iter().map(|bar| (bar.slug, &*bar.note, &*bar.knobs)).collect();
    let menu = menu("what-if", &steps, None, on);
    if menu.is_none() && changed.is_empty() {
        return Html::default();
    }
    html! {
        <div class="tuning" role="group" aria-label="What if">
            { menu.unwrap_or_default() }
            if !changed.is_empty() { { tuned(changed, before, on) } }
        </div>
    }
}

/// The menu of steps with this id, and its button; none where there is no step with a number behind it. `lane`: of which
/// lane of the comparison, if it is not the run's.
pub(crate) fn menu(id: &str, steps: &[Step<'_>], lane: Option<usize>, on: &Callback<Ask>) -> Option<Html> {
    let first = |index: usize| steps[..index].iter().all(|step| step.0 != steps[index].0);
    let wanted = (0..steps.len()).filter(|index| first(*index) && !steps[*index].2.is_empty());
    let forms: Vec<Html> = wanted.map(|index| step_form(id, &steps[index], lane, on)).collect();
    let title = format!("{id}-title");
    (!forms.is_empty()).then(|| {
        html! {
            <>
                <button type="button" class="toggle" id={format!("{id}-button")} popovertarget={text(id)} aria-haspopup="true" aria-pressed="true" data-test={text(id)}>{ "What if…" }</button>
                <div id={text(id)} class="menu what-if" popover="auto" role="group" aria-labelledby={text(&title)}>
                    <p class="menu-title" id={title}>{ "What if a step took another time?" }</p>
                    <p class="menu-hint">{ if lane.is_some() { "This lane alone runs again, same seed." } else { "The same run begins again, same seed. What it was before stays in sight." } }</p>
                    { for forms }
                </div>
            </>
        }
    })
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
fn step_form(id: &str, (slug, note, knobs): &Step<'_>, lane: Option<usize>, on: &Callback<Ask>) -> Html {
    html! {
        <details key={*slug} class="step" name={text(id)} data-step={*slug}>
            <summary>{ *note }</summary>
            { for knobs.iter().map(field) }
            <button type="button" class="action" popovertarget={text(id)} popovertargetaction="hide" data-test={format!("{}-{slug}", id.replace("what-if", "again"))} onclick={run(lane, on)}>
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
fn run(lane: Option<usize>, on: &Callback<Ask>) -> Callback<MouseEvent> {
    hears(on, move |event: &MouseEvent| {
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
        let msg = |values| match lane {
            Some(lane) => Msg::LaneTuned(lane, values),
            None => Msg::Tuned(values),
        };
        (!values.is_empty()).then(|| Ask::App(msg(values)))
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
