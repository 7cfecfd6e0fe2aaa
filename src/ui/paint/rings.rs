//! Cities: a dot for how they fare, a ring for what their resolvers remember.

use std::f64::consts::{FRAC_PI_2, TAU};

use faultline::scene::Motion;
use faultline::scene::motion::{Arc, Ring};

use super::palette::Palette;
use super::surface::Surface;
use crate::ui::stage::geometry::Geometry;

/// Paints all cities.
pub(super) fn paint(surface: &Surface, motion: &Motion, map: &Geometry, palette: &Palette, rushing: bool) {
    for ring in &motion.rings {
        if let Some(spot) = map.spots.get(usize::from(ring.place)) {
            paint_ring(surface, ring, (spot.x, spot.y), map.ring, palette, rushing);
        }
    }
}

/// One city.
fn paint_ring(
    surface: &Surface,
    ring: &Ring,
    (x, y): (f64, f64),
    radius: f64,
    palette: &Palette,
    rushing: bool,
) {
    let pen = &surface.pen;
    disc(surface, (x, y), radius + 2.5, &palette.ground);
    let sector = TAU / ring.arcs.len().max(1) as f64;
    let gap = if ring.arcs.len() > 1 { 0.09_f64.min(sector * 0.2) } else { 0.0 };
    let thick = (if radius < 8.0 { 2.0 } else { 2.8 }) * palette.weight.min(1.3);
    for (index, arc) in ring.arcs.iter().enumerate() {
        let start = sector * index as f64 - FRAC_PI_2 + gap / 2.0;
        // A time to live that runs out several times a second would only flicker.
        let arc = &Arc { left: if rushing { 1.0 } else { arc.left }, ..*arc };
        paint_arc(surface, arc, (x, y), (radius, thick), (start, sector - gap), palette);
    }
    let inner = (radius * 0.42).max(2.4);
    disc(surface, (x, y), inner, &palette.ink);
    let failing = f64::from(ring.failing.clamp(0.0, 1.0));
    if failing > 0.01 {
        // The failing share as a slice of the dot, with a rim so that it is never colour alone.
        pen.begin_path();
        pen.move_to(x, y);
        let _ = pen.arc(x, y, inner + 0.6, -FRAC_PI_2, -FRAC_PI_2 + TAU * failing);
        pen.close_path();
        pen.set_fill_style_str(&palette.bad);
        pen.fill();
    }
    if failing > 0.9 {
        cross(surface, (x, y), inner * 0.6, palette);
    }
}

/// What one resolver remembers: as long as the time to live that is left.
fn paint_arc(
    surface: &Surface,
    arc: &Arc,
    (x, y): (f64, f64),
    (radius, thick): (f64, f64),
    (start, room): (f64, f64),
    palette: &Palette,
) {
    let pen = &surface.pen;
    // Stubborn resolvers are heavy: twice as thick, inwards.
    let (radius, thick) = if arc.stubborn { (radius - thick * 0.4, thick * 1.8) } else { (radius, thick) };
    pen.set_line_width(thick);
    pen.set_stroke_style_str(&palette.faint);
    pen.begin_path();
    let _ = pen.arc(x, y, radius, start, start + room);
    pen.stroke();
    let Some(region) = arc.region else { return };
    let end = start + room * f64::from(arc.left.clamp(0.0, 1.0)).max(0.04);
    pen.set_stroke_style_str(palette.region(region));
    pen.begin_path();
    let _ = pen.arc(x, y, radius, start, end);
    pen.stroke();
}

/// A filled disc.
fn disc(surface: &Surface, (x, y): (f64, f64), radius: f64, colour: &str) {
    surface.pen.set_fill_style_str(colour);
    surface.pen.begin_path();
    let _ = surface.pen.arc(x, y, radius, 0.0, TAU);
    surface.pen.fill();
}

/// A small cross for a city where nothing works.
fn cross(surface: &Surface, (x, y): (f64, f64), arm: f64, palette: &Palette) {
    let pen = &surface.pen;
    pen.set_stroke_style_str(&palette.ground);
    pen.set_line_width(1.4);
    pen.begin_path();
    pen.move_to(x - arm, y - arm);
    pen.line_to(x + arm, y + arm);
    pen.move_to(x + arm, y - arm);
    pen.line_to(x - arm, y + arm);
    pen.stroke();
}
