//! The one place that asks the browser for animation frames.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::utils::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::crash;

/// The closure that the browser calls, kept so that no frame allocates.
type Tick = Rc<RefCell<Option<Closure<dyn FnMut(f64)>>>>;

/// A running loop; dropping it stops it.
pub(crate) struct Frames {
    tick: Tick,
}

impl Frames {
    /// Calls `paint` with the time in milliseconds, once per animation frame, until dropped or the page panics.
    pub(crate) fn start(mut paint: impl FnMut(f64) + 'static) -> Self {
        let tick: Tick = Rc::default();
        let again = Rc::downgrade(&tick);
        let closure = Closure::new(move |now_ms: f64| {
            if crash::crashed() {
                return;
            }
            paint(now_ms);
            if let Some(tick) = again.upgrade() {
                ask(&tick);
            }
        });
        *tick.borrow_mut() = Some(closure);
        ask(&tick);
        Self { tick }
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        // The closure may be running: it is forgotten by the browser, and freed with the page.
        if let Ok(mut tick) = self.tick.try_borrow_mut()
            && let Some(closure) = tick.take()
        {
            closure.forget();
        }
    }
}

/// Asks for the next frame.
fn ask(tick: &Tick) {
    if let Some(closure) = tick.borrow().as_ref() {
        let _ = window().request_animation_frame(closure.as_ref().unchecked_ref());
    }
}
