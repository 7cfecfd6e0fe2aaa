//! Where everything on the map is, in CSS pixels: worked out when the window or the places change, never per frame.

use faultline::catalog::ASPECT;
use faultline::kernel::region_map::MOST_REGIONS;
use faultline::scene::panels::{LinkView, Place};

use super::curve::Curve;
use super::labels::{self, Area, Badge, Label};

/// Below this width of the map, rings and names are small.
const NARROW: f64 = 620.0;
/// How much wider than true to scale the world may be drawn.
const WIDEST: f64 = 1.28;

/// The room that a map has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Room {
    /// Width and height, in pixels.
    pub(crate) size: (f64, f64),
    /// The height of the type.
    pub(crate) text: f64,
    /// What the buttons on it cover, if they lie on it.
    pub(crate) covered: Option<Area>,
}

/// Where a place is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Spot {
    /// Pixels from the left.
    pub(crate) x: f64,
    /// Pixels from the top.
    pub(crate) y: f64,
    /// Where its name goes, if there is room for it.
    pub(crate) label: Option<Label>,
}

/// The map in pixels.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Geometry {
    /// Width of the stage.
    pub(crate) width: f64,
    /// Height of the stage.
    pub(crate) height: f64,
    /// Pixels for the whole width of the world.
    pub(crate) across: f64,
    /// Pixels for its whole height.
    pub(crate) down: f64,
    /// Where the world's left edge is.
    pub(crate) left: f64,
    /// Where the world's upper edge is.
    pub(crate) top: f64,
    /// Height of the names' type.
    pub(crate) text: f64,
    /// Radius of the rings.
    pub(crate) ring: f64,
    /// So many links that only those in trouble say something.
    pub(crate) crowded: bool,
    /// Below the width from which on there is room for words.
    pub(crate) narrow: bool,
    /// What buttons on it cover.
    pub(crate) covered: Option<Area>,
    /// One per place.
    pub(crate) spots: Vec<Spot>,
    /// One per place: whether it is a region.
    pub(crate) regions: Vec<bool>,
    /// One per link: where the middle of its badge is.
    pub(crate) links: Vec<(f64, f64)>,
    /// One per link: what its badge covers.
    pub(crate) badges: Vec<Badge>,
    /// What the names that have been placed cover.
    pub(crate) names: Vec<Area>,
    /// One per region: the middle of the top of its card, where the dock lies right below the map.
    pub(crate) anchors: Vec<Option<(f64, f64)>>,
}

impl Geometry {
    /// Fits the places into the room. `cards` holds left and right edge of each region's card, or nothing.
    pub(crate) fn fit(
        Room { size: (width, height), text, covered }: Room,
        places: &[Place],
        links: &[LinkView],
        cards: &[(f64, f64)],
    ) -> Self {
        if width < 1.0 || height < 1.0 || places.is_empty() {
            return Self::default();
        }
        let narrow = width < NARROW;
        let (ring, crowded) = (if narrow { 6.0 } else { 9.5 }, links.len() > MOST_BADGES);
        let mut map = Self { width, height, text, ring, crowded, narrow, covered, ..Self::default() };
        map.regions = places.iter().map(|place| place.region.is_some()).collect();
        map.settle_beside_buttons(places);
        map.anchors = (0..MOST_REGIONS).map(|region| map.anchor(region, places, cards)).collect();
        let lines = map.lines(places, links);
        // Regions first: the story is theirs. Many badges have to stay on their lines, so that names give way to them.
        if !crowded {
            labels::place(&mut map, places, &lines, true);
        }
        for link in links {
            if let Some(curve) = map.link_curve(link, places) {
                let (middle, area) = labels::badge(&map, &curve, labels::is_loud(link, crowded));
                map.links.push(middle);
                map.badges.push(area);
            }
        }
        if crowded {
            labels::place(&mut map, places, &lines, true);
        }
        labels::place(&mut map, places, &lines, false);
        map
    }

    /// Places in pixels, so far to the right that no button lies on one: no further than that, and beside the buttons at most.
    fn settle_beside_buttons(&mut self, places: &[Place]) {
        let mut kept = 0.0;
        loop {
            self.frame(places, kept);
            self.spots = self.settle(places);
            let Some((_, top, right, _)) = self.covered else { return };
            let air = self.ring + 6.0;
            let hidden = |spot: &Spot| spot.x < right + air && spot.y > top - air;
            if kept >= right + air || !self.spots.iter().any(hidden) {
                return;
            }
            kept += 12.0;
        }
    }

    /// Chooses scale and offset so that all places are inside, with room for their names, and none further to the left than
    /// is kept free.
    fn frame(&mut self, places: &[Place], kept: f64) {
        let (side, above, below) = if self.narrow { (24.0, 24.0, 38.0) } else { (96.0, 44.0, 26.0) };
        let (x0, x1) = range(places.iter().map(|place| place.x));
        let (y0, y1) = range(places.iter().map(|place| place.y));
        let left = kept.max(side);
        let room = (self.width - left - side) / (x1 - x0).max(0.05);
        let tall = (self.height - above - below) / (y1 - y0).max(0.05);
        // A little wider than true to scale where there is room: dense coasts come apart, and the world keeps its look.
        self.down = tall.min(room / ASPECT).max(40.0);
        self.across = room.min(self.down * ASPECT * WIDEST).max(80.0);
        let middle = (self.width / 2.0).max(left + self.across * (x1 - x0) / 2.0);
        self.left = middle - self.across * (x0 + x1) / 2.0;
        self.top = above + (self.height - above - below - self.down * (y1 - y0)) / 2.0 - self.down * y0;
    }

    /// A point of the world in pixels.
    pub(crate) fn project(&self, x: f64, y: f64) -> (f64, f64) {
        (self.left + x * self.across, self.top + y * self.down)
    }

    /// Places in pixels, pushed apart where they would lie on each other. Of a city and a region the city gives way.
    fn settle(&self, places: &[Place]) -> Vec<Spot> {
        let mut spots: Vec<Spot> = places
            .iter()
            .map(|place| self.project(place.x, place.y))
            .map(|(x, y)| Spot { x, y, label: None })
            .collect();
        let apart = self.ring * 2.0 + 5.0;
        // Two regions further: each has a name, and a link with a badge between them.
        let regions_apart = self.ring * 4.0;
        for _ in 0..24 {
            for a in 0..spots.len() {
                for b in a + 1..spots.len() {
                    let (one, other) = (places[a].region.is_some(), places[b].region.is_some());
                    let apart = if one && other { regions_apart } else { apart };
                    push_apart(&mut spots, (a, one), (b, other), apart);
                }
            }
        }
        spots
    }

    /// The curve between two places. The same both ways, so that answers come back along the way of the question.
    pub(crate) fn curve(&self, from: usize, to: usize, lift: f64) -> Option<Curve> {
        let (a, b) = (self.spots.get(from)?, self.spots.get(to)?);
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let length = dx.hypot(dy).max(1.0);
        // The normal that points up the page, or left where the way is vertical.
        let (mut nx, mut ny) = (dy / length, -dx / length);
        if ny > 0.0 || (ny == 0.0 && nx > 0.0) {
            (nx, ny) = (-nx, -ny);
        }
        let middle = ((a.x + b.x) / 2.0, (a.y + b.y) / 2.0);
        let high = (length * lift).min((middle.1 - 14.0).max(10.0));
        let bend = (middle.0 + nx * high * 2.0, middle.1 + ny * high * 2.0);
        Some(Curve { from: (a.x, a.y), bend, to: (b.x, b.y) })
    }

    /// Whether a place is a region.
    pub(crate) fn is_region(&self, place: usize) -> bool {
        self.regions.get(place).copied().unwrap_or_default()
    }

    /// The curve of a link between two regions.
    pub(crate) fn link_curve(&self, link: &LinkView, places: &[Place]) -> Option<Curve> {
        let at = |region| places.iter().position(|place| place.region == Some(region));
        self.curve(at(link.from)?, at(link.to)?, LINK_LIFT)
    }

    /// Points of the ways between regions, and between cities and regions, with how much each matters to a name that lies
    /// on it.
    fn lines(&self, places: &[Place], links: &[LinkView]) -> Vec<(f64, f64, f64)> {
        const POINTS: u32 = 24;
        let pairs =
            |from: usize| (0..places.len()).filter(move |to| self.is_region(*to)).map(move |to| (from, to));
        let cities = (0..places.len()).filter(|place| !self.is_region(*place));
        let flights = cities.flat_map(pairs).filter_map(|(from, to)| self.curve(from, to, FLIGHT_LIFT));
        let streams = links.iter().filter_map(|link| self.link_curve(link, places));
        let curves = streams.map(|curve| (curve, 2.5)).chain(flights.map(|curve| (curve, 0.8)));
        let point = |curve: Curve, step: u32, weight: f64| {
            let (x, y) = curve.at(f64::from(step) / f64::from(POINTS));
            (x, y, weight)
        };
        curves.flat_map(|(curve, weight)| (1..POINTS).map(move |step| point(curve, step, weight))).collect()
    }

    /// Where the leader line of a region meets its card.
    fn anchor(&self, region: usize, places: &[Place], cards: &[(f64, f64)]) -> Option<(f64, f64)> {
        let (left, right) = *cards.get(region)?;
        let spot = &self.spots[places.iter().position(|place| place.region == Some(region))?];
        Some((spot.x.min(right - 26.0).max(left + 26.0), self.height))
    }
}

/// More links than these crowd the map.
const MOST_BADGES: usize = 3;

/// How far links rise above the straight line, as a share of their length.
pub(crate) const LINK_LIFT: f64 = 0.17;
/// The same for the ways of requests.
pub(crate) const FLIGHT_LIFT: f64 = 0.09;

/// Smallest and largest.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)))
}

/// Moves two spots apart, each by half, or the free one by all of it.
fn push_apart(spots: &mut [Spot], a: (usize, bool), b: (usize, bool), apart: f64) {
    let (dx, dy) = (spots[b.0].x - spots[a.0].x, spots[b.0].y - spots[a.0].y);
    let distance = dx.hypot(dy);
    if distance >= apart {
        return;
    }
    let (ux, uy) = if distance > 0.5 { (dx / distance, dy / distance) } else { (0.7, 0.7) };
    let gap = apart - distance;
    let (share_a, share_b) = match (a.1, b.1) {
        (true, false) => (0.0, 1.0),
        (false, true) => (1.0, 0.0),
        (true, true) | (false, false) => (0.5, 0.5),
    };
    spots[a.0].x -= ux * gap * share_a;
    spots[a.0].y -= uy * gap * share_a;
    spots[b.0].x += ux * gap * share_b;
    spots[b.0].y += uy * gap * share_b;
}
