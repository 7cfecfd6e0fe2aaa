//! What a hand does on the plot: it drags the playhead, opens a bar, or pulls a bar's end.
//!
//! Who is held, the browser knows: the pointer is captured by the box, and the box's `data-held` names the bar.

use faultline::app::Msg;
use faultline::scene::panels::{Knob, Timeline};
use faultline::scene::words::number;
use web_sys::Element;
use yew::prelude::*;

use super::scale::Scale;
use crate::ui::ask::{Ask, hears};
use crate::ui::svg::px;
use crate::ui::tuning;

/// The attribute that names the bar whose end is held.
const HELD: &str = "data-held";

/// A bar whose end can be pulled: its name, where it is, and the number that is its length.
struct Grip {
    key: String,
    from_s: f64,
    to_s: f64,
    knob: Knob,
}

/// The first knob of a bar, where it is the bar's length and the bar has an end.
fn grips(timeline: &Timeline) -> Vec<Grip> {
    let grip = |bar: &faultline::scene::panels::Bar| {
        let knob = bar.knobs.first().filter(|knob| knob.length)?.clone();
        Some(Grip { key: bar.key.clone(), from_s: bar.from_s, to_s: bar.to_s?, knob })
    };
    timeline.bars.iter().filter_map(grip).collect()
}

impl Grip {
    /// How long the bar is when its end is at this pixel, in seconds; short ones in tenths.
    fn length_s(&self, x: f64, scale: &Scale) -> f64 {
        let length = (scale.seconds(x) - self.from_s).max(self.knob.least).min(self.knob.most);
        if length < 10.0 { (length * 10.0).round() / 10.0 } else { length.round() }
    }

    /// Draws the bar this long, and says it beside it.
    fn stretch(&self, plot: &Element, scale: &Scale, length_s: Option<f64>) -> Option<()> {
        let bar = plot.query_selector(&format!(".bar[data-key=\"{}\"] rect", self.key)).ok()??;
        let to_s = length_s.map_or(self.to_s, |length_s| self.from_s + length_s);
        let right = scale.x(to_s);
        let _ = bar.set_attribute("width", &px((right - scale.x(self.from_s)).max(2.0)));
        let note = plot.query_selector(".drag-note").ok()??;
        let _ = note.set_attribute("x", &px(right + 6.0));
        let _ = note.set_attribute("y", &bar.get_attribute("data-base")?);
        // The text node stays: Yew knows it.
        let words = length_s.map_or(String::new(), number::span);
        note.first_child()?.set_node_value(Some(&words));
        Some(())
    }
}

/// What the target of an event is part of.
fn part_of(event: &Event, name: &str) -> Option<String> {
    let target = event.target_dyn_into::<Element>()?;
    target.closest(&format!("[{name}]")).ok()??.get_attribute(name)
}

/// Pressing and moving.
pub(super) fn moving(
    timeline: &Timeline,
    frame: &NodeRef,
    scale: &Scale,
    on: &Callback<Ask>,
) -> Callback<PointerEvent> {
    let (frame, scale, grips) = (frame.clone(), scale.clone(), grips(timeline));
    hears(on, move |event: &PointerEvent| {
        let plot = frame.cast::<Element>()?;
        if event.type_() == "pointerdown" && event.button() == 0 {
            let held = part_of(event, "data-grip");
            // A bar without its end is pressed, not pulled: the click opens it.
            if held.is_none() && part_of(event, "data-knob").is_some() {
                return None;
            }
            let _ = match held {
                Some(key) => plot.set_attribute(HELD, &key),
                None => plot.remove_attribute(HELD),
            };
            let _ = plot.set_pointer_capture(event.pointer_id());
        }
        if !plot.has_pointer_capture(event.pointer_id()) {
            return None;
        }
        let x = f64::from(event.client_x()) - plot.get_bounding_client_rect().left();
        let Some(held) = plot.get_attribute(HELD) else {
            return Some(Ask::App(Msg::Scrubbed(scale.seconds(x))));
        };
        let grip = grips.iter().find(|grip| grip.key == held)?;
        grip.stretch(&plot, &scale, Some(grip.length_s(x, &scale)));
        None
    })
}

/// Letting go: what was pulled is run again with its new length.
pub(super) fn dropping(
    timeline: &Timeline,
    frame: &NodeRef,
    scale: &Scale,
    on: &Callback<Ask>,
) -> Callback<PointerEvent> {
    let (frame, scale, grips) = (frame.clone(), scale.clone(), grips(timeline));
    hears(on, move |event: &PointerEvent| {
        let plot = frame.cast::<Element>()?;
        let held = plot.get_attribute(HELD)?;
        let _ = plot.remove_attribute(HELD);
        let grip = grips.iter().find(|grip| grip.key == held)?;
        grip.stretch(&plot, &scale, None);
        let x = f64::from(event.client_x()) - plot.get_bounding_client_rect().left();
        let length_s = grip.length_s(x, &scale);
        // A press that hardly moved is none.
        if (scale.x(grip.from_s + length_s) - scale.x(grip.to_s)).abs() < 3.0 {
            return None;
        }
        Some(Ask::App(Msg::Tuned(
            grip.knob.places.iter().map(|place| ((*place).to_owned(), length_s)).collect(),
        )))
    })
}

/// A click on a bar that has numbers opens them.
pub(super) fn opening(on: &Callback<Ask>) -> Callback<MouseEvent> {
    hears(on, |event: &MouseEvent| {
        let slug = part_of(event, "data-knob")?;
        tuning::open(&slug);
        None
    })
}
