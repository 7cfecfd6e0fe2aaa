//! The colours of the theme, read from the style sheet once per change of theme.

use faultline::kernel::region_map::MOST_REGIONS;
use gloo::utils::{document_element, window};

use crate::ui::measure::number;

/// Colours and thicknesses for canvases.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Palette {
    /// Behind everything.
    pub(super) ground: String,
    /// The dots of the land.
    pub(super) land: String,
    /// Ordinary ink.
    pub(super) ink: String,
    /// Secondary ink.
    pub(super) muted: String,
    /// Broken or lost.
    pub(super) bad: String,
    /// The empty part of a ring, an empty cell.
    pub(super) faint: String,
    /// The core of a cell that was written just now.
    pub(super) fresh: String,
    /// One colour per region.
    pub(super) regions: [String; MOST_REGIONS],
    /// How much thicker lines are than at night: the projector wants more.
    pub(super) weight: f64,
}

impl Palette {
    /// Reads the custom properties of the document.
    pub(super) fn read() -> Self {
        let style = window().get_computed_style(&document_element()).ok().flatten();
        let value = |name: &str| {
            style
                .as_ref()
                .and_then(|style| style.get_property_value(name).ok())
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        Self {
            ground: value("--bg"),
            land: value("--land"),
            ink: value("--ink"),
            muted: value("--muted"),
            bad: value("--bad"),
            faint: value("--faint"),
            fresh: value("--fresh"),
            regions: std::array::from_fn(|region| value(&format!("--region-{region}"))),
            weight: number(&value("--weight")).unwrap_or(1.0),
        }
    }

    /// The colour of a region; what is none has the last one.
    pub(super) fn region(&self, index: usize) -> &str {
        &self.regions[index.min(self.regions.len() - 1)]
    }
}
