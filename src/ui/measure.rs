//! Watches the sizes of boxes.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::NodeRef;

/// Tells when a watched box changes its size; dropping it stops that.
pub(crate) struct Watch {
    observer: Option<ResizeObserver>,
    _told: Closure<dyn FnMut()>,
}

impl Watch {
    /// Starts with no boxes.
    pub(crate) fn new(told: impl FnMut() + 'static) -> Self {
        let told = Closure::<dyn FnMut()>::new(told);
        Self { observer: ResizeObserver::new(told.as_ref().unchecked_ref()).ok(), _told: told }
    }

    /// Watches a box.
    pub(crate) fn watch(&self, node: &NodeRef) {
        if let (Some(observer), Some(element)) = (&self.observer, node.cast::<Element>()) {
            observer.observe(&element);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}

/// Width and height of a box in whole CSS pixels.
pub(crate) fn size(node: &NodeRef) -> (f64, f64) {
    node.cast::<Element>()
        .map_or((0.0, 0.0), |element| (f64::from(element.client_width()), f64::from(element.client_height())))
}

/// Height of the small type of the theme, in CSS pixels: what names and labels are set in.
pub(crate) fn small_type() -> f64 {
    let style = gloo::utils::window().get_computed_style(&gloo::utils::document_element()).ok().flatten();
    let value = style.and_then(|style| style.get_property_value("--label").ok()).unwrap_or_default();
    number(&value).unwrap_or(12.0)
}

/// The number that a property of a style or an attribute begins with: 12 of "12px".
pub(crate) fn number(text: &str) -> Option<f64> {
    Some(js_sys::Number::parse_float(text)).filter(|number| number.is_finite())
}

/// What one box covers of another: left, top, right and bottom, measured from the upper left of the other. Nothing if they
/// do not lie on each other.
pub(crate) fn inside(outer: &NodeRef, inner: &NodeRef) -> Option<(f64, f64, f64, f64)> {
    let rect = |node: &NodeRef| node.cast::<Element>().map(|element| element.get_bounding_client_rect());
    let (outer, inner) = (rect(outer)?, rect(inner)?);
    let (left, top) = ((inner.left() - outer.left()).max(0.0), (inner.top() - outer.top()).max(0.0));
    let (right, bottom) =
        (inner.right().min(outer.right()) - outer.left(), inner.bottom().min(outer.bottom()) - outer.top());
    (left < right && top < bottom).then_some((left, top, right, bottom))
}

/// Left and right edge of each card, measured from the stage, where the cards lie right below it.
pub(crate) fn cards_below(stage: &NodeRef, cards: &[NodeRef]) -> Vec<(f64, f64)> {
    const NEAR: f64 = 40.0;
    let Some(stage) = stage.cast::<Element>().map(|element| element.get_bounding_client_rect()) else {
        return Vec::new();
    };
    let rects =
        cards.iter().filter_map(|card| card.cast::<Element>()).map(|card| card.get_bounding_client_rect());
    rects
        .filter(|card| (card.top() - stage.bottom()).abs() < NEAR && card.right() <= stage.right() + 1.0)
        .map(|card| (card.left() - stage.left(), card.right() - stage.left()))
        .collect()
}
