//! The bent ways along which messages fly and links are drawn.

use crate::ui::svg::draw;

/// A curve between two places: its ends and the point that bends it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Curve {
    /// Start.
    pub(crate) from: (f64, f64),
    /// Control point.
    pub(crate) bend: (f64, f64),
    /// End.
    pub(crate) to: (f64, f64),
}

impl Curve {
    /// The point after a share of the way, 0 to 1.
    pub(crate) fn at(&self, share: f64) -> (f64, f64) {
        let back = 1.0 - share;
        let (a, b, c) = (back * back, 2.0 * back * share, share * share);
        (a * self.from.0 + b * self.bend.0 + c * self.to.0, a * self.from.1 + b * self.bend.1 + c * self.to.1)
    }

    /// Moves it aside, to the right of its direction.
    pub(crate) fn shift(&mut self, by: f64) {
        let (dx, dy) = (self.to.0 - self.from.0, self.to.1 - self.from.1);
        let length = dx.hypot(dy).max(1.0);
        let (x, y) = (-dy / length * by, dx / length * by);
        for point in [&mut self.from, &mut self.bend, &mut self.to] {
            *point = (point.0 + x, point.1 + y);
        }
    }

    /// As the data of an SVG path.
    pub(crate) fn path(&self) -> String {
        let Self { from, bend, to } = self;
        draw("M# # Q# # # #", &[from.0, from.1, bend.0, bend.1, to.0, to.1])
    }
}
