//! The sign of a region: beside its colour each of six has a shape of its own.

use yew::prelude::*;

/// A shape for each place in a scenario, around the origin, 16 across. No circles, which are cities.
const SHAPES: [&str; 6] = [
    "M0 -8 L8 0 L0 8 L-8 0 Z",
    "M0 -8 L8 6.5 H-8 Z",
    "M-4 -7 H4 L8 0 L4 7 H-4 L-8 0 Z",
    "M0 8 L8 -6.5 H-8 Z",
    "M-2.8 -8 H2.8 V-2.8 H8 V2.8 H2.8 V8 H-2.8 V2.8 H-8 V-2.8 H-2.8 Z",
    "M-6.5 -6.5 H6.5 V6.5 H-6.5 Z",
];

/// The shape of the region with this number.
pub(crate) fn shape(region: usize) -> &'static str {
    SHAPES[region % SHAPES.len()]
}

/// The sign, small, in the region's colour.
pub(crate) fn swatch(region: usize) -> Html {
    html! { <svg class="card-swatch" viewBox="-8 -8 16 16" width="12" height="12" aria-hidden="true"><path d={shape(region)} /></svg> }
}
