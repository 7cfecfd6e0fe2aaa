//! Streams instead of single messages when time runs fast: as thick as the rate, red as far as they fail.

use faultline::scene::Motion;
use faultline::scene::motion::Stream;

use super::palette::Palette;
use super::surface::Surface;
use crate::ui::stage::curve::Curve;
use crate::ui::stage::geometry::{FLIGHT_LIFT, Geometry, LINK_LIFT};

/// How far a stream lies beside the middle, where there is one in each direction, in pixels.
const BESIDE: f64 = 4.0;

/// Paints all streams, thin ones last.
pub(super) fn paint(surface: &Surface, motion: &Motion, map: &Geometry, palette: &Palette) {
    for stream in &motion.streams {
        let (from, to) = (usize::from(stream.from), usize::from(stream.to));
        let lift = if map.is_region(from) && map.is_region(to) { LINK_LIFT } else { FLIGHT_LIFT };
        if let Some(mut way) = map.curve(from, to, lift) {
            // Two streams between the same places lie beside each other, each to the right of its direction.
            if motion.streams.iter().any(|other| (other.from, other.to) == (stream.to, stream.from)) {
                way.shift(BESIDE * palette.weight);
            }
            draw(surface, stream, &way, palette);
        }
    }
    surface.pen.set_global_alpha(1.0);
}

/// One stream: the whole way in its colour, the failing share over it in red dashes.
fn draw(surface: &Surface, stream: &Stream, way: &Curve, palette: &Palette) {
    let pen = &surface.pen;
    let thick = (1.0 + f64::from(stream.rate.max(0.0)).ln_1p() * 0.7).min(7.0) * palette.weight;
    pen.begin_path();
    pen.move_to(way.from.0, way.from.1);
    pen.quadratic_curve_to(way.bend.0, way.bend.1, way.to.0, way.to.1);
    let failing = f64::from(stream.failing.clamp(0.0, 1.0));
    if failing < 0.98 {
        pen.set_global_alpha(0.55);
        pen.set_stroke_style_str(palette.region(stream.colour));
        pen.set_line_width(thick * (1.0 - failing).max(0.25));
        pen.stroke();
    }
    if failing > 0.02 {
        let dashes: js_sys::Array = [3.0_f64, 6.0].into_iter().map(wasm_bindgen::JsValue::from).collect();
        let _ = pen.set_line_dash(&dashes);
        pen.set_global_alpha(0.9);
        pen.set_stroke_style_str(&palette.bad);
        pen.set_line_width((thick * failing).max(1.2));
        pen.stroke();
        let _ = pen.set_line_dash(&js_sys::Array::new());
    }
}
