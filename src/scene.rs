//! Everything to draw, as plain comparable data: a pure function of the app's state.
//!
//! Two refresh rates. [`Panels`] is structure and words: compared with `==` and rendered by Yew a few times a second
//! at most. [`Motion`] is what moves: built for each animation frame and painted on canvases, never through Yew.
//! All positions are in map coordinates, 0 to 1 in both directions (see `catalog::map::project`).

pub mod motion;
pub mod panels;

pub use motion::Motion;
pub use panels::Panels;
