//! Messages in the air: grouped by colour, painted as small rectangles, because that is what a browser does fastest.

use faultline::kernel::region_map::MOST_REGIONS;
use faultline::scene::Motion;
use faultline::scene::motion::{Flight, FlightKind};

use super::palette::Palette;
use super::surface::Surface;
use crate::ui::stage::curve::Curve;
use crate::ui::stage::geometry::{FLIGHT_LIFT, Geometry, LINK_LIFT};

/// Up to this many, reads are real rings; beyond, hollow squares.
const ROUND_UP_TO: usize = 700;
/// Up to this many, reads are hollow at all; beyond, nobody can see that they are.
const HOLLOW_UP_TO: usize = 3000;

/// How a flight is painted.
#[derive(Clone, Copy)]
enum Shape {
    /// Hollow dot.
    Hollow,
    /// Filled square of this size.
    Square(f64),
    /// Cross.
    Cross,
}

/// Colours of flights: the regions, red, muted ink.
const INKS: usize = MOST_REGIONS + 2;
const BAD: usize = MOST_REGIONS;
const MUTED: usize = MOST_REGIONS + 1;

/// Ways between places, and lists that are filled anew at each frame without allocating.
#[derive(Default)]
pub(super) struct Flights {
    places: usize,
    ways: Vec<Curve>,
    batches: [Vec<(f64, f64, Shape)>; INKS],
}

impl Flights {
    /// Works out the way between every two places.
    pub(super) fn fit(&mut self, map: &Geometry) {
        self.places = map.spots.len();
        self.ways.clear();
        for from in 0..self.places {
            for to in 0..self.places {
                let lift = if map.is_region(from) && map.is_region(to) { LINK_LIFT } else { FLIGHT_LIFT };
                self.ways.push(map.curve(from, to, lift).unwrap_or_default());
            }
        }
    }

    /// Paints all flights.
    pub(super) fn paint(&mut self, surface: &Surface, motion: &Motion, palette: &Palette) {
        self.sort(&motion.flights);
        let round = motion.flights.len() <= ROUND_UP_TO;
        for (ink, batch) in self.batches.iter().enumerate() {
            let colour = match ink {
                BAD => &palette.bad,
                MUTED => &palette.muted,
                region => palette.region(region),
            };
            let pen = &surface.pen;
            pen.set_fill_style_str(colour);
            pen.set_stroke_style_str(colour);
            pen.set_line_width(1.6 * palette.weight);
            for &(x, y, shape) in batch {
                draw(surface, x, y, shape, palette.weight, round);
            }
        }
        if !round && motion.flights.len() <= HOLLOW_UP_TO {
            self.hollow_out(surface, palette);
        }
    }

    /// Puts every flight into the list of its colour.
    fn sort(&mut self, flights: &[Flight]) {
        self.batches.iter_mut().for_each(Vec::clear);
        for flight in flights {
            let Some(way) = self.ways.get(flight.from as usize * self.places + flight.to as usize) else {
                continue;
            };
            let (x, y) = way.at(f64::from(flight.progress));
            let (ink, shape) = look(flight);
            self.batches[ink].push((x.round(), y.round(), shape));
        }
    }

    /// With thousands of reads: one pass that takes out the middle of each.
    fn hollow_out(&self, surface: &Surface, palette: &Palette) {
        surface.pen.set_fill_style_str(&palette.ground);
        for &(x, y, shape) in self.batches.iter().flatten() {
            if matches!(shape, Shape::Hollow) {
                surface.pen.fill_rect(x - 1.0, y - 1.0, 2.0, 2.0);
            }
        }
    }
}

/// Which list, and which shape.
fn look(flight: &Flight) -> (usize, Shape) {
    if flight.lost {
        return (BAD, Shape::Cross);
    }
    let own = flight.colour.min(MOST_REGIONS - 1);
    if flight.seat {
        return (own, Shape::Square(13.0));
    }
    match flight.kind {
        FlightKind::Read => (own, Shape::Hollow),
        FlightKind::Write => (own, Shape::Square(6.0)),
        FlightKind::Replicate => (own, Shape::Square(8.0)),
        FlightKind::Answer => (own, Shape::Square(3.0)),
        FlightKind::Refusal => (BAD, Shape::Square(4.0)),
        FlightKind::Connect | FlightKind::Acknowledge => (own, Shape::Square(2.0)),
        FlightKind::Probe => (MUTED, Shape::Square(2.0)),
    }
}

/// One flight.
fn draw(surface: &Surface, x: f64, y: f64, shape: Shape, weight: f64, round: bool) {
    let pen = &surface.pen;
    match shape {
        Shape::Hollow if round => {
            pen.begin_path();
            let _ = pen.arc(x, y, 3.0 * weight.min(1.5), 0.0, std::f64::consts::TAU);
            pen.stroke();
        }
        Shape::Hollow => pen.fill_rect(x - 2.0, y - 2.0, 4.0, 4.0),
        Shape::Square(size) => {
            let size = (size * weight.min(1.5)).round();
            let half = (size / 2.0).floor();
            pen.fill_rect(x - half, y - half, size, size);
        }
        Shape::Cross if round => {
            pen.begin_path();
            pen.move_to(x - 4.0, y - 4.0);
            pen.line_to(x + 4.0, y + 4.0);
            pen.move_to(x + 4.0, y - 4.0);
            pen.line_to(x - 4.0, y + 4.0);
            pen.stroke();
        }
        Shape::Cross => pen.fill_rect(x - 2.0, y - 2.0, 4.0, 4.0),
    }
}
