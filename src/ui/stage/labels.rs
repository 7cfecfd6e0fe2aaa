//! Where the names on the map go: each takes the side where it lies on nothing else and on the fewest lines.

use faultline::kernel::sorted::in_order;
use faultline::scene::panels::{LinkView, Place};

use super::curve::Curve;
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

/// From this width on, the map says in a corner why time runs slowly.
const WIDE: f64 = 740.0;

/// A rectangle: left, top, right, bottom.
pub(crate) type Area = (f64, f64, f64, f64);

/// Half the width and half the height of a link's badge, with some air, in heights of the type: "14,348 writes never sent".
const BADGE: (f64, f64) = (7.2, 1.25);
/// The same while all is well: "lag 0.08 s".
const CALM_BADGE: (f64, f64) = (4.2, 1.25);

/// The same where links crowd the map: "383 unsent", or a dot.
const SHORT_BADGE: (f64, f64) = (3.7, 1.0);
/// Half of a dot that is to be pressed, in pixels.
const DOT: f64 = 12.0;

/// Half of the place in which a region is pressed, in pixels.
const PIN: f64 = 14.0;

/// What a badge covers, and whether words stand in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Badge {
    area: Area,
    words: bool,
}

/// The most letters of a badge while all is well: "lag 0.08 s".
const CALM: usize = 11;

/// Whether the badge of a link has more to say than on a calm day.
pub(crate) fn is_loud(link: &LinkView, crowded: bool) -> bool {
    let long = |text: &str| text.chars().count() > CALM;
    if crowded { !link.short.is_empty() } else { long(&link.queue_text) || long(&link.lag_text) }
}

/// Half the width and half the height of a link's badge in pixels; `loud`: the link is in trouble, and says so.
fn half_badge(map: &Geometry, loud: bool) -> (f64, f64) {
    let (half, high) = match (map.crowded, loud) {
        (false, true) => BADGE,
        (false, false) => CALM_BADGE,
        (true, true) if !map.narrow => SHORT_BADGE,
        (true, _) => return (DOT, DOT),
    };
    (half * map.text, high * map.text)
}

/// Where the badge of a link goes, and what it covers: just above the top of its arc, as near as it can without lying on a
/// place or on the name of a region.
pub(crate) fn badge(map: &Geometry, way: &Curve, loud: bool) -> ((f64, f64), Badge) {
    let (half, high) = half_badge(map, loud);
    let around = |(x, y): (f64, f64)| (x - half, y - high, x + half, y + high);
    // If it has to lie on something, then on a ring rather than on words.
    let words = furniture(map).into_iter().chain(map.badges.iter().map(|badge| badge.area));
    let words = words.chain(map.names.iter().copied()).map(|area| (area, 3.0));
    let taken: Vec<(Area, f64)> =
        rings(map).into_iter().map(|area| (area, 1.0)).chain(pins(map)).chain(words).collect();
    let middle = if map.crowded {
        // Regions can be pressed a little beyond their rings.
        on_its_line(way, (half + 4.0, high + 4.0), &taken)
    } else {
        above_its_line(map, way, (half, high), &taken)
    };
    (middle, Badge { area: around(middle), words: !map.crowded || (loud && !map.narrow) })
}

/// Where one badge of few goes: above the top of the arc, or near that.
fn above_its_line(
    map: &Geometry,
    way: &Curve,
    (half, high): (f64, f64),
    taken: &[(Area, f64)],
) -> (f64, f64) {
    let (x, y) = way.at(0.5);
    let above = -high - 6.0;
    let mut best = ((x, y), f64::MAX);
    for dy in [above, 0.0, above - 14.0, above - 28.0, 16.0, 32.0, 48.0, 64.0, 80.0, 96.0] {
        for dx in [0.0, -24.0, 24.0, -48.0, 48.0, -80.0, 80.0, -110.0, 110.0, -150.0, 150.0] {
            let middle = ((x + dx).min(map.width - half - 6.0).max(half + 6.0), (y + dy).max(high + 4.0));
            let area = (middle.0 - half, middle.1 - high, middle.0 + half, middle.1 + high);
            let cost = hits(area, taken) * 1000.0 + (middle.1 - y - above).abs() + dx.abs() * 0.6;
            if cost < best.1 {
                best = (middle, cost);
            }
        }
    }
    best.0
}

/// Where a badge goes among many: on the line itself, or nobody could tell whose it is, as near to the middle as it can.
fn on_its_line(way: &Curve, (half, high): (f64, f64), taken: &[(Area, f64)]) -> (f64, f64) {
    let cost = |share: f64| {
        let (x, y) = way.at(share);
        let area = (x - half, y - high, x + half, y + high);
        hits(area, taken) + (share - 0.5).abs()
    };
    let shares = (0..=32).map(|step| 0.1 + 0.025 * f64::from(step));
    way.at(shares.min_by(|a, b| cost(*a).total_cmp(&cost(*b))).unwrap_or(0.5))
}

/// What an area lies on, each with its weight, added up.
fn hits(area: Area, taken: &[(Area, f64)]) -> f64 {
    taken.iter().filter(|(other, _)| overlap(area, *other)).map(|(_, weight)| weight).sum()
}

/// What names must not lie on, badges aside: rings, buttons.
fn obstacles(map: &Geometry, regions: bool) -> Vec<Area> {
    let mut taken = rings(map);
    // A region keeps its name, though for two seconds words may lie on it.
    taken.extend(if regions { map.covered.into_iter().collect() } else { furniture(map) });
    taken
}

/// The dotted lines from regions to their cards: a name lies on one only if there is no other place for it.
fn leaders(map: &Geometry, places: &[Place]) -> Vec<Area> {
    let leaders = places.iter().zip(&map.spots).filter(|(place, _)| {
        place.region.is_some_and(|region| map.anchors.get(region).is_some_and(Option::is_some))
    });
    leaders.map(|(_, spot)| (spot.x - 3.0, spot.y, spot.x + 3.0, map.height)).collect()
}

/// What lies on the map: the buttons, and on a wide one why time runs slowly.
fn furniture(map: &Geometry) -> Vec<Area> {
    let reach = (map.text * 35.0).min(map.width * 0.45);
    let slow = (map.width >= WIDE).then_some((map.width - reach, 0.0, map.width, 42.0));
    map.covered.into_iter().chain(slow).collect()
}

/// The rings around all places.
fn rings(map: &Geometry) -> Vec<Area> {
    let ring = map.ring + 2.0;
    map.spots.iter().map(|spot| (spot.x - ring, spot.y - ring, spot.x + ring, spot.y + ring)).collect()
}

/// Regions can be pressed: nothing may lie on what is pressed.
fn pins(map: &Geometry) -> impl Iterator<Item = (Area, f64)> + '_ {
    let regions = map.spots.iter().enumerate().filter(|(place, _)| map.is_region(*place));
    regions.map(|(_, spot)| ((spot.x - PIN, spot.y - PIN, spot.x + PIN, spot.y + PIN), 9.0))
}

/// What it costs a name to lie on a dot of a link, in sides that would have been better without.
const ON_A_DOT: f64 = 20.0;

/// The same for a leader line: anything else is better.
const ON_A_LEADER: f64 = 2000.0;

/// Gives each region, or each city, its label: of the sides where it covers nothing the one that covers the least of `lines`
/// (points with their weight), the better side first.
pub(crate) fn place(map: &mut Geometry, places: &[Place], lines: &[(f64, f64, f64)], regions: bool) {
    let size = map.text;
    let ring = map.ring + 1.0;
    let mut taken = obstacles(map, regions);
    let leaders = leaders(map, places);
    taken.extend(&map.names);
    taken.extend(map.badges.iter().filter(|badge| badge.words).map(|badge| badge.area));
    let all = (0..places.len()).filter(|&index| places[index].region.is_some() == regions);
    // The crowded ones have the fewest choices, so they choose first.
    for index in in_order(all, |&index| [-(neighbours(map, index) as f64), 0.0]) {
        let width = places[index].name.chars().count() as f64 * size * 0.56;
        let (x, y) = (map.spots[index].x, map.spots[index].y);
        let free = |area: Area| inside(area, map) && !taken.iter().any(|other| overlap(area, *other));
        let cost = |side: usize, area: Area| {
            let dots = map.badges.iter().filter(|badge| !badge.words && overlap(area, badge.area)).count();
            let led = leaders.iter().filter(|leader| overlap(area, **leader)).count();
            let crossed = lines.iter().filter(|(x, y, _)| overlap(area, (*x, *y, *x, *y)));
            side as f64
                + dots as f64 * ON_A_DOT
                + led as f64 * ON_A_LEADER
                + crossed.map(|(_, _, weight)| weight).sum::<f64>()
        };
        let choices = sides(x, y, width, size, ring).into_iter().enumerate();
        let free = choices.filter(|(_, (_, area))| free(*area));
        let priced = free.map(|(side, (label, area))| (cost(side, area), label, area));
        if let Some((_, label, area)) = priced.min_by(|a, b| a.0.total_cmp(&b.0)) {
            taken.push(area);
            map.names.push(area);
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
fn sides(x: f64, y: f64, width: f64, size: f64, ring: f64) -> [(Label, Area); 18] {
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
        at("start", x + gap * 0.5, below + 5.0),
        at("start", x + gap * 0.5, above - 5.0),
        at("end", x - gap * 0.5, above - 5.0),
        at("end", x - gap * 0.5, below + 5.0),
        at("middle", x, below + 16.0),
        at("middle", x, above - 14.0),
        at("start", x - gap, above - 3.0),
        at("end", x + gap, above - 3.0),
        at("start", x - gap, below + 3.0),
        at("end", x + gap, below + 3.0),
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
