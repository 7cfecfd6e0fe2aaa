//! The dotted land: painted when the window or the theme changes.

use std::f64::consts::TAU;

use faultline::catalog::land_dots;

use super::palette::Palette;
use super::surface::Surface;
use crate::ui::stage::geometry::Geometry;

/// Paints every dot of land that lies on the stage.
pub(super) fn paint(surface: &Surface, map: &Geometry, palette: &Palette) {
    surface.clear();
    let pen = &surface.pen;
    pen.set_fill_style_str(&palette.land);
    let radius = (map.down / 60.0 * 0.21).clamp(0.8, 2.6);
    for (x, y) in land_dots() {
        let (x, y) = map.project(f64::from(x), f64::from(y));
        if x < -4.0 || y < -4.0 || x > surface.width + 4.0 || y > surface.height + 4.0 {
            continue;
        }
        pen.begin_path();
        let _ = pen.arc(x, y, radius, 0.0, TAU);
        pen.fill();
    }
}
