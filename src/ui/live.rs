//! What moves with time on the timeline: the playhead, what grows with it, the clock. Attributes at every frame, never through Yew.

use faultline::scene::words::number;
use web_sys::Element;
use yew::NodeRef;

use super::measure;
use super::svg::{draw, px};
use super::timeline::Scale;

/// How a drawing goes along with the playhead.
enum Move {
    /// A group that lies at it.
    At,
    /// Words that keep their distance to it.
    Beside(f64),
    /// A path whose last stroke ends at it; this is what comes before.
    Until(String),
    /// A bar from here to it.
    From(f64),
}

/// The elements that move, found anew after each rendering.
#[derive(Default)]
pub(crate) struct Live {
    scale: Option<Scale>,
    moving: Vec<(Element, Move)>,
    clock: Option<Element>,
    tenths: bool,
    shown_s: Option<f64>,
}

impl Live {
    /// Finds what moves in a plot that was just rendered.
    pub(crate) fn find(&mut self, plot: &NodeRef, scale: Scale, now_s: f64, tenths: bool) {
        let head = scale.x(now_s);
        (self.scale, self.tenths, self.shown_s) = (Some(scale), tenths, None);
        self.moving.clear();
        self.clock = gloo::utils::document().query_selector("[data-test=clock]").ok().flatten();
        let Some(found) = plot.cast::<Element>().and_then(|plot| plot.query_selector_all(".goes").ok())
        else {
            return;
        };
        for index in 0..found.length() {
            let element = found.item(index).and_then(|node| wasm_bindgen::JsCast::dyn_into(node).ok());
            if let Some(element) = element {
                let way = way(&element, head);
                self.moving.push((element, way));
            }
        }
    }

    /// Shows this moment, unless it is shown already.
    pub(crate) fn show(&mut self, now_s: f64) {
        let Some(scale) = self.scale.as_ref().filter(|_| self.shown_s != Some(now_s)) else { return };
        self.shown_s = Some(now_s);
        let x = scale.x(now_s);
        for (element, way) in &self.moving {
            let _ = match way {
                Move::At => element.set_attribute("transform", &draw("translate(# 0)", &[x])),
                Move::Beside(gap) => element.set_attribute("x", &px(x + gap)),
                Move::Until(before) => element.set_attribute("d", &format!("{before}H{}", px(x))),
                Move::From(start) => element.set_attribute("width", &px((x - start).max(2.0))),
            };
        }
        if let Some(clock) = &self.clock {
            let _ = clock.set_attribute("data-seconds", &now_s.to_string());
            let text = if self.tenths { number::clock_tenths(now_s) } else { number::clock(now_s) };
            // The text node stays: Yew knows it.
            if let Some(node) = clock.first_child().filter(|node| node.node_value().as_ref() != Some(&text)) {
                node.set_node_value(Some(&text));
            }
        }
    }
}

/// How an element moves: its own attributes say it.
fn way(element: &Element, head: f64) -> Move {
    let number = |name| element.get_attribute(name).and_then(|text| measure::number(&text)).unwrap_or(0.0);
    match element.tag_name().as_str() {
        "g" => Move::At,
        "text" => Move::Beside(number("x") - head),
        "rect" => Move::From(number("x")),
        _ => {
            let d = element.get_attribute("d").unwrap_or_default();
            Move::Until(d.split('H').next().unwrap_or_default().to_owned())
        }
    }
}
