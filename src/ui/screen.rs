//! What the page shows under its header: one screen at a time.

use faultline::scene::Panels;

/// What is shown under the header.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Screen {
    /// The run.
    #[default]
    Board,
    /// The comparison of designs.
    Comparison,
    /// The collision microscope.
    Microscope,
}

impl Screen {
    /// What panels have.
    pub(crate) fn of(panels: &Panels) -> Self {
        match (&panels.lanes, &panels.microscope) {
            (Some(_), _) => Self::Comparison,
            (None, Some(_)) => Self::Microscope,
            (None, None) => Self::Board,
        }
    }
}
