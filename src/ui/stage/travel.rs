//! A city's dot is pulled onto another city: its people travel. The table of cities has the same for keyboards and touch.
//!
//! Who is held, the browser knows: the pointer is captured by the map, and the map's `data-held` is the number of the city.

use faultline::app::Msg;
use faultline::scene::panels::ClientRow;
use web_sys::Element;
use yew::prelude::*;

use super::geometry::Geometry;
use crate::ui::ask::{Ask, hears};
use crate::ui::svg::draw;

const HELD: &str = "data-held";
/// How near to a dot a press has to be, beyond its ring, in pixels.
const NEAR: f64 = 7.0;

/// Pressing, moving, letting go.
pub(super) fn pulling(
    clients: &[ClientRow],
    geometry: &Geometry,
    frame: &NodeRef,
    on: &Callback<Ask>,
) -> Callback<PointerEvent> {
    let spots: Vec<(f64, f64)> = geometry.spots.iter().map(|spot| (spot.x, spot.y)).collect();
    let homes: Vec<String> = clients.iter().map(|row| row.home.clone()).collect();
    let reach = geometry.ring + NEAR;
    let frame = frame.clone();
    hears(on, move |event: &PointerEvent| {
        let map = frame.cast::<Element>()?;
        let area = map.get_bounding_client_rect();
        let x = f64::from(event.client_x()) - area.left();
        let y = f64::from(event.client_y()) - area.top();
        let near = |spot: &(f64, f64)| (spot.0 - x).hypot(spot.1 - y) < reach;
        // Cities come before regions.
        let city = spots.iter().take(homes.len()).position(near);
        match event.type_().as_str() {
            "pointerdown" if event.button() == 0 && event.pointer_type() != "touch" => {
                let on_button = event.target_dyn_into::<Element>()?.closest("button").ok()?.is_some();
                let held = city.filter(|_| !on_button)?;
                let _ = map.set_attribute(HELD, &held.to_string());
                let _ = map.set_pointer_capture(event.pointer_id());
                None
            }
            "pointermove" => {
                let _ = map.set_attribute("data-near", if city.is_some() { "1" } else { "" });
                let from = spots.get(held(&map)?)?;
                line(&map, &draw("M# # L# #", &[from.0, from.1, x, y]));
                None
            }
            "pointerup" => {
                let held = held(&map)?;
                let _ = map.remove_attribute(HELD);
                line(&map, "");
                let to = city.filter(|city| *city != held)?;
                Some(Ask::App(Msg::Ordered(format!("travel={}>{}", homes[held], homes[to]))))
            }
            _ => None,
        }
    })
}

/// The city that is held.
fn held(map: &Element) -> Option<usize> {
    map.get_attribute(HELD)?.parse().ok()
}

/// The line from the city that is held to the pointer.
fn line(map: &Element, d: &str) {
    if let Ok(Some(line)) = map.query_selector(".travel-line") {
        let _ = line.set_attribute("d", d);
    }
}
