//! Paints what moves, at every animation frame, on canvases. Yew never sees any of this.

mod palette;
mod surface;
mod land;
mod flights;
mod streams;
mod rings;
mod grid;

use std::rc::Rc;

use faultline::scene::Motion;
use faultline::scene::motion::KeyGrid;
use web_sys::HtmlCanvasElement;

use self::flights::Flights;
use self::palette::Palette;
use self::surface::Surface;
use super::stage::geometry::Geometry;

/// All canvases of the page, and what is on them.
#[derive(Default)]
pub(crate) struct Painter {
    palette: Palette,
    geometry: Rc<Geometry>,
    land: Option<Surface>,
    moving: Option<Surface>,
    grids: Vec<Option<Surface>>,
    /// What the grids show, so that a grid that has not changed is not painted.
    shown: Vec<Option<KeyGrid>>,
    flights: Flights,
    /// Frames since the grids were painted.
    waited: u32,
}

/// Canvases for the keys of one database: a copy may be in each of its zones.
pub(crate) const ZONES: usize = 3;
/// While time rushes, grids are painted once in so many frames: twice or three times a second.
const GRID_EVERY: u32 = 24;

impl Painter {
    /// Takes new canvases, sizes or colours into account. The land is painted here and nowhere else.
    pub(crate) fn fit(
        &mut self,
        geometry: Rc<Geometry>,
        land: Option<HtmlCanvasElement>,
        moving: Option<HtmlCanvasElement>,
        grids: Vec<Option<HtmlCanvasElement>>,
    ) {
        self.palette = Palette::read();
        self.land = land.and_then(Surface::new);
        self.moving = moving.and_then(Surface::new);
        self.shown = vec![None; grids.len()];
        self.grids = grids.into_iter().map(|canvas| canvas.and_then(Surface::new)).collect();
        self.flights.fit(&geometry);
        self.geometry = geometry;
        if let Some(surface) = &self.land {
            land::paint(surface, &self.geometry, &self.palette);
        }
    }

    /// Paints one moment. Returns how many flights are on the stage.
    ///
    /// `rushing` says that time runs fast: then what would flicker is shown steadily or seldom.
    pub(crate) fn paint(&mut self, motion: &Motion, rushing: bool) -> usize {
        if let Some(surface) = &self.moving {
            surface.clear();
            streams::paint(surface, motion, &self.geometry, &self.palette);
            self.flights.paint(surface, motion, &self.palette);
            rings::paint(surface, motion, &self.geometry, &self.palette, rushing);
        }
        self.waited = if rushing { self.waited + 1 } else { GRID_EVERY };
        if self.waited >= GRID_EVERY {
            self.waited = 0;
            self.paint_grids(motion, rushing);
        }
        motion.flights.len()
    }

    /// Paints the key grids that have changed.
    fn paint_grids(&mut self, motion: &Motion, rushing: bool) {
        for (index, (surface, shown)) in self.grids.iter().zip(&mut self.shown).enumerate() {
            let (Some(surface), Some(grid)) = (surface, motion.grids.get(index / ZONES)) else { continue };
            if shown.as_ref() != Some(grid) {
                grid::paint(surface, grid, &self.palette, rushing);
                *shown = Some(grid.clone());
            }
        }
    }
}
