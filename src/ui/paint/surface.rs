//! A canvas with its context, sized to the pixels of the screen.

use gloo::utils::window;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// More pixels than this per CSS pixel cost time and show nothing.
const MOST_PIXELS: f64 = 2.0;

/// Where something is painted, in CSS pixels.
pub(super) struct Surface {
    /// Draws in CSS pixels.
    pub(super) pen: CanvasRenderingContext2d,
    /// Width in CSS pixels.
    pub(super) width: f64,
    /// Height in CSS pixels.
    pub(super) height: f64,
}

impl Surface {
    /// Sizes the canvas to its box.
    pub(super) fn new(canvas: HtmlCanvasElement) -> Option<Self> {
        let pen: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        let area = canvas.get_bounding_client_rect();
        let (width, height) = (area.width(), area.height());
        let pixels = window().device_pixel_ratio().clamp(1.0, MOST_PIXELS);
        canvas.set_width((width * pixels).round() as u32);
        canvas.set_height((height * pixels).round() as u32);
        pen.set_transform(pixels, 0.0, 0.0, pixels, 0.0, 0.0).ok()?;
        Some(Self { pen, width, height })
    }

    /// Wipes it.
    pub(super) fn clear(&self) {
        self.pen.clear_rect(0.0, 0.0, self.width, self.height);
    }
}
