//! The app and the painter, driven once per animation frame. What a person did goes in, panels to render come out.

use std::rc::Rc;

use faultline::app::{App, Msg};
use faultline::scene::{Motion, Panels};

use super::calm;
use super::paint::Painter;
use super::store;

/// Panels are rendered at most this often while time runs.
const RENDER_EVERY_MS: f64 = 120.0;
/// The same for people who asked for less motion: states step.
const STEP_EVERY_MS: f64 = 500.0;
/// The same while strategies are computed: what is left of the time is theirs.
const COMPARE_EVERY_MS: f64 = 200.0;

/// What happened in a frame.
#[derive(Default)]
pub(crate) struct Beat {
    /// What the page is to show from now on.
    pub(crate) panels: Option<Rc<Panels>>,
    /// How many flights were painted, if anything was.
    pub(crate) flights: Option<usize>,
    /// The moment that the timeline should show, in simulated seconds.
    pub(crate) now_s: f64,
}

/// The app, and everything that is needed to show it.
pub(crate) struct Engine {
    app: App,
    pub(crate) painter: Painter,
    motion: Motion,
    shown: Rc<Panels>,
    changed: bool,
    urgent: bool,
    repaint: bool,
    calm: bool,
    rendered_ms: f64,
    frame_ms: Option<f64>,
}

impl Engine {
    /// Starts the app with the address and what the browser remembers.
    pub(crate) fn new(link: &str, calm: bool) -> Self {
        Self::of(App::new(link, store::get(store::SETTINGS).as_deref()), calm)
    }

    /// Shows an app.
    pub(crate) fn of(app: App, calm: bool) -> Self {
        let shown = Rc::new(app.panels());
        Self {
            app,
            painter: Painter::default(),
            motion: Motion::default(),
            shown,
            changed: true,
            urgent: true,
            repaint: true,
            calm,
            rendered_ms: 0.0,
            frame_ms: None,
        }
    }

    /// The panels on the page.
    pub(crate) fn panels(&self) -> Rc<Panels> {
        Rc::clone(&self.shown)
    }

    /// Passes on what a person did, and remembers what they settled.
    pub(crate) fn update(&mut self, msg: Msg) {
        self.app.update(msg);
        if let Some(settings) = self.app.settings() {
            // Where storage is blocked the page works on without a memory.
            let _ = store::set(store::SETTINGS, &settings);
        }
        self.changed = true;
        self.urgent = true;
    }

    /// Canvases, sizes or colours have changed: paint again even if time stands still.
    pub(crate) fn repaint(&mut self) {
        self.repaint = true;
    }

    /// Advances and paints one frame.
    pub(crate) fn frame(&mut self, now_ms: f64) -> Beat {
        let elapsed_ms = self.frame_ms.map_or(0.0, |last_ms| now_ms - last_ms).max(0.0);
        self.frame_ms = Some(now_ms);
        // While strategies are compared, a frame computes or renders: not both.
        let hidden = self.app.lanes().is_some();
        if !(hidden && self.changed && self.is_due(now_ms)) {
            self.changed |= self.app.frame(elapsed_ms);
        }
        let panels = self.panels_due(now_ms);
        let steps = self.calm && panels.is_none() && !self.urgent;
        let still = !self.shown.transport.playing && panels.is_none();
        // And there is no map to paint on.
        let flights = (!hidden && (self.repaint || !(still || steps))).then(|| self.paint());
        let now_s =
            if self.calm { self.shown.transport.now_s } else { self.app.history().shown().now().secs() };
        Beat { panels, flights, now_s }
    }

    /// Whether enough time has passed since panels were rendered, or something cannot wait.
    fn is_due(&self, now_ms: f64) -> bool {
        let every_ms = match self.app.lanes() {
            Some(_) => COMPARE_EVERY_MS,
            None if self.calm => STEP_EVERY_MS,
            None => RENDER_EVERY_MS,
        };
        self.urgent || now_ms - self.rendered_ms >= every_ms
    }

    /// Panels to render, if it is time and something has changed. What is the same in them is not rendered again.
    fn panels_due(&mut self, now_ms: f64) -> Option<Rc<Panels>> {
        if !self.changed || !self.is_due(now_ms) {
            return None;
        }
        (self.changed, self.urgent, self.rendered_ms) = (false, false, now_ms);
        self.shown = Rc::new(self.app.panels());
        Some(self.panels())
    }

    /// Paints what moves; people who asked for less motion see where traffic goes, but no moving dots.
    fn paint(&mut self) -> usize {
        self.repaint = false;
        self.app.motion_into(&mut self.motion);
        if self.calm {
            calm::settle(&mut self.motion);
        }
        let rushing = self.shown.transport.playing && !self.motion.streams.is_empty() && !self.calm;
        self.painter.paint(&self.motion, rushing)
    }
}
