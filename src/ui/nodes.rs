//! The boxes and canvases that the page measures or paints on.

use std::cell::RefCell;
use std::rc::Rc;

use faultline::kernel::region_map::MOST_REGIONS;
use faultline::scene::Panels;
use faultline::scene::panels::LinkView;
use web_sys::{Element, HtmlCanvasElement};
use yew::NodeRef;

use super::engine::Engine;
use super::live::Live;
use super::measure;
use super::paint::ZONES;
use super::stage::geometry::{Geometry, Room};
use super::stage::labels::is_loud;
use super::timeline::Scale;

/// A link between each two regions.
const LINKS: usize = MOST_REGIONS * (MOST_REGIONS - 1) / 2;
/// A copy of the keys in each zone of each region, at most.
const GRIDS: usize = MOST_REGIONS * ZONES;

/// References to elements, made once.
pub(crate) struct Nodes {
    /// The box of the map.
    pub(crate) stage: NodeRef,
    /// What can be done now: it may lie on the map.
    pub(crate) lever: NodeRef,
    /// The canvas of the land.
    pub(crate) land: NodeRef,
    /// The canvas of what moves.
    pub(crate) moving: NodeRef,
    /// The box of the timeline.
    pub(crate) plot: NodeRef,
    /// The box of a lane's drawing, while strategies are compared.
    pub(crate) lane: NodeRef,
    /// What moves on it with time.
    pub(crate) live: RefCell<Live>,
    /// One per region.
    pub(crate) cards: Vec<NodeRef>,
    /// One per region: its button on the map.
    pub(crate) pins: Vec<NodeRef>,
    /// One per link: its badge.
    pub(crate) badges: Vec<NodeRef>,
    /// The help.
    pub(crate) help: NodeRef,
    /// The list of sources.
    pub(crate) sources: NodeRef,
    /// One per copy of the keys.
    pub(crate) grids: Vec<NodeRef>,
}

impl Nodes {
    /// References to nothing yet.
    pub(crate) fn new() -> Self {
        let many = |count| (0..count).map(|_| NodeRef::default()).collect();
        Self {
            stage: NodeRef::default(),
            lever: NodeRef::default(),
            land: NodeRef::default(),
            moving: NodeRef::default(),
            plot: NodeRef::default(),
            lane: NodeRef::default(),
            live: RefCell::default(),
            cards: many(MOST_REGIONS),
            pins: many(MOST_REGIONS),
            badges: many(LINKS),
            help: NodeRef::default(),
            sources: NodeRef::default(),
            grids: many(GRIDS),
        }
    }

    /// Measures everything and gives the painter its canvases.
    pub(crate) fn fit(&self, panels: &Panels, engine: &mut Engine) -> Rc<Geometry> {
        let cards = measure::cards_below(&self.stage, &self.cards);
        let size = measure::size(&self.stage);
        let covered = measure::inside(&self.stage, &self.lever);
        let room = Room { size, text: measure::small_type(), covered };
        let geometry = Rc::new(Geometry::fit(room, &panels.places, &panels.links, &cards));
        let canvas = |node: &NodeRef| node.cast::<HtmlCanvasElement>();
        let grids = self.grids.iter().map(canvas).collect();
        engine.painter.fit(Rc::clone(&geometry), canvas(&self.land), canvas(&self.moving), grids);
        engine.repaint();
        geometry
    }

    /// Finds what moves on a timeline that was just rendered.
    pub(crate) fn follow(&self, panels: &Panels, plot_size: (f64, f64), text: f64) {
        let scale = Scale::new(&panels.timeline, plot_size, text);
        let tenths = panels.transport.now_text.contains('.');
        self.live.borrow_mut().find(&self.plot, scale, panels.timeline.now_s, tenths);
    }

    /// Says on the stage how many flights it shows.
    pub(crate) fn tell_flights(&self, count: usize) {
        if let Some(canvas) = self.moving.cast::<Element>() {
            let _ = canvas.set_attribute("data-flights", &count.to_string());
        }
    }
}

/// Whether the same things are in the same places, so that nothing need be measured again.
pub(crate) fn same_shape(a: &Panels, b: &Panels) -> bool {
    let places = |panels: &Panels| {
        panels.places.iter().map(|place| (place.name.clone(), place.region)).collect::<Vec<_>>()
    };
    let grids = |panels: &Panels| {
        panels
            .regions
            .iter()
            .map(|card| card.zones.iter().map(|zone| zone.grid).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    // A badge that has something to say covers more of the map than a dot.
    let loud = |link: &LinkView| (is_loud(link, true), is_loud(link, false));
    let badges = |panels: &Panels| panels.links.iter().map(loud).collect::<Vec<_>>();
    places(a) == places(b) && badges(a) == badges(b) && grids(a) == grids(b)
}
