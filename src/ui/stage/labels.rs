//! Where the names on the map go: each takes the first side where it lies on nothing else.

use faultline::scene::panels::Place;

use super::geometry::Geometry;

/// Where a name goes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Label {
    /// Pixels from the left, of the end that `anchor` names.
    pub(crate) x: f64,
    /// The baseline, in pixels from the top.
    pub(crate) y: f64,
    /// "start", "middle" or "end", as SVG has it.
    pub(crate) anchor: &'static str,
}

/// A rectangle: left, top, right, bottom.
type Area = (f64, f64, f64, f64);

/// Gives each place its label. Cities first: a region is also named by its card.
pub(crate) fn place(map: &mut Geometry, places: &[Place], narrow: bool) {
    let size = if narrow { 10.5 } else { 12.0 };
    let ring = map.ring + 1.0;
    let mut taken: Vec<Area> =
        map.spots.iter().map(|spot| (spot.x - ring, spot.y - ring, spot.x + ring, spot.y + ring)).collect();
    let mut order: Vec<usize> = (0..places.len()).collect();
    // The crowded ones have the fewest choices, so they choose first.
    order.sort_by_key(|&index| (places[index].region.is_some(), usize::MAX - neighbours(map, index)));
    for index in order {
        let text = &places[index].name;
        let width = text.chars().count() as f64 * size * 0.56;
        let (x, y) = (map.spots[index].x, map.spots[index].y);
        let choice = sides(x, y, width, size, ring)
            .into_iter()
            .find(|(_, area)| inside(*area, map) && !taken.iter().any(|other| overlap(*area, *other)));
        if let Some((label, area)) = choice {
            taken.push(area);
            map.spots[index].label = Some(label);
        }
    }
}

/// How many other places are near.
fn neighbours(map: &Geometry, index: usize) -> usize {
    let here = &map.spots[index];
    map.spots.iter().filter(|spot| (spot.x - here.x).hypot(spot.y - here.y) < 70.0).count()
}

/// The sides to try, best first, each with the area that the name would cover.
fn sides(x: f64, y: f64, width: f64, size: f64, ring: f64) -> [(Label, Area); 8] {
    let gap = ring + 4.0;
    let at = |anchor: &'static str, x: f64, y: f64| {
        let left = match anchor {
            "start" => x,
            "end" => x - width,
            _ => x - width / 2.0,
        };
        (Label { x, y, anchor }, (left - 1.0, y - size * 0.85, left + width + 1.0, y + size * 0.3))
    };
    let middle = y + size * 0.36;
    let (above, below) = (y - gap, y + gap + size * 0.8);
    [
        at("start", x + gap, middle),
        at("end", x - gap, middle),
        at("middle", x, below),
        at("middle", x, above),
        at("start", x + gap * 0.7, below - 3.0),
        at("start", x + gap * 0.7, above + 3.0),
        at("end", x - gap * 0.7, below - 3.0),
        at("end", x - gap * 0.7, above + 3.0),
    ]
}

/// Whether two areas share a point.
fn overlap(a: Area, b: Area) -> bool {
    a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
}

/// Whether it lies on the stage.
fn inside(area: Area, map: &Geometry) -> bool {
    area.0 >= 4.0 && area.1 >= 4.0 && area.2 <= map.width - 4.0 && area.3 <= map.height - 4.0
}
