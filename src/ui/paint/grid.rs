//! The keys of one copy of the database: a cell wears the colour of the region that wrote it last.

use faultline::scene::motion::{Cell, Clash, ClashEnd, KeyGrid};

use super::palette::Palette;
use super::surface::Surface;

/// Paints a whole grid.
pub(super) fn paint(surface: &Surface, grid: &KeyGrid, palette: &Palette, rushing: bool) {
    surface.clear();
    let (columns, step) = shape(grid.cells.len(), surface.width, surface.height);
    if step < 2.0 {
        return;
    }
    let size = (step - if step > 10.0 { 2.0 } else { 1.0 }).max(1.0);
    let left = ((surface.width - columns as f64 * step) / 2.0).floor().max(0.0);
    surface.pen.set_global_alpha(if grid.unreadable { 0.45 } else { 1.0 });
    let place = |index: usize| (left + (index % columns) as f64 * step, (index / columns) as f64 * step);
    for (index, cell) in grid.cells.iter().enumerate() {
        let cell = Cell { fresh: if rushing { 0 } else { cell.fresh }, ..*cell };
        paint_cell(surface, cell, place(index), size, palette);
    }
    surface.pen.set_global_alpha(1.0);
    if let Some((x, y)) = grid.seat.map(|key| place(key.into())) {
        surface.pen.set_stroke_style_str(&palette.ink);
        surface.pen.set_line_width(2.0);
        surface.pen.stroke_rect(x - 2.0, y - 2.0, size + 4.0, size + 4.0);
    }
}

/// How many columns, and how large a step makes all cells fit.
fn shape(cells: usize, width: f64, height: f64) -> (usize, f64) {
    (1..=cells.max(1))
        .map(|columns| {
            let rows = cells.div_ceil(columns);
            (columns, (width / columns as f64).min(height / rows as f64).floor())
        })
        .fold((1, 0.0), |best, next| if next.1 > best.1 { next } else { best })
}

/// One key: filled, hatched where it is stale, hollow red where a write was lost.
fn paint_cell(surface: &Surface, cell: Cell, (x, y): (f64, f64), size: f64, palette: &Palette) {
    let pen = &surface.pen;
    if cell.lost {
        pen.set_stroke_style_str(&palette.bad);
        pen.set_line_width(2.0);
        pen.stroke_rect(x + 1.0, y + 1.0, size - 2.0, size - 2.0);
        return;
    }
    let Some(writer) = cell.writer else {
        pen.set_fill_style_str(&palette.faint);
        pen.fill_rect(x, y, size, size);
        return;
    };
    if let Some(clash) = cell.clash {
        paint_clash(surface, (writer, clash), (x, y), size, palette);
        return;
    }
    let before = pen.global_alpha();
    let fresh = f64::from(cell.fresh) / 255.0;
    pen.set_global_alpha(before * if cell.stale { 0.22 } else { 0.66 + 0.34 * fresh });
    pen.set_fill_style_str(palette.region(writer));
    pen.fill_rect(x, y, size, size);
    if fresh > 0.0 && !cell.stale {
        // Just written: a white core that fades.
        let inset = (size * 0.28).floor().max(1.0);
        pen.set_global_alpha(before * fresh);
        pen.set_fill_style_str(&palette.fresh);
        pen.fill_rect(x + inset, y + inset, size - 2.0 * inset, size - 2.0 * inset);
    }
    pen.set_global_alpha(before);
    if cell.stale {
        hatch(surface, (x, y), size, palette.region(writer));
    }
}

/// Two strokes across a cell.
fn hatch(surface: &Surface, (x, y): (f64, f64), size: f64, colour: &str) {
    let pen = &surface.pen;
    let half = size / 2.0;
    pen.set_stroke_style_str(colour);
    pen.set_line_width(1.2);
    pen.begin_path();
    for (from, to) in [((0.0, half), (half, 0.0)), ((0.0, size), (size, 0.0)), ((half, size), (size, half))] {
        pen.move_to(x + from.0, y + from.1);
        pen.line_to(x + to.0, y + to.1);
    }
    pen.stroke();
}

/// Two regions wrote it: a half for each. Hollow is lost, an outline is open, a core joins what was merged.
fn paint_clash(
    surface: &Surface,
    (writer, clash): (usize, Clash),
    (x, y): (f64, f64),
    size: f64,
    palette: &Palette,
) {
    let pen = &surface.pen;
    let (right, bottom) = (x + size, y + size);
    triangle(surface, [(x, y), (x, bottom), (right, bottom)]);
    pen.set_fill_style_str(palette.region(writer));
    pen.fill();
    triangle(surface, [(x, y), (right, y), (right, bottom)]);
    if clash.end == ClashEnd::Lost {
        pen.set_stroke_style_str(&palette.bad);
        pen.set_line_width(1.5);
        pen.stroke();
        return;
    }
    pen.set_fill_style_str(palette.region(clash.rival));
    pen.fill();
    match clash.end {
        ClashEnd::Open => {
            pen.set_stroke_style_str(&palette.ink);
            pen.set_line_width(1.5);
            pen.stroke_rect(x, y, size, size);
        }
        ClashEnd::Merged => {
            let inset = (size * 0.3).floor().max(1.0);
            pen.set_fill_style_str(&palette.ink);
            pen.fill_rect(x + inset, y + inset, size - 2.0 * inset, size - 2.0 * inset);
        }
        ClashEnd::Kept | ClashEnd::Lost => {}
    }
}

/// Begins a path round three corners.
fn triangle(surface: &Surface, corners: [(f64, f64); 3]) {
    let pen = &surface.pen;
    pen.begin_path();
    for (x, y) in corners {
        pen.line_to(x, y);
    }
    pen.close_path();
}
