//! Night, day, projector.

use gloo::utils::{document_element, window};

use super::store;

/// How the page is dressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Light on dark: the default on dark systems.
    Night,
    /// Dark on white.
    Day,
    /// Dark on white for the back row: thicker lines, larger type, strongest contrast.
    Projector,
}

impl Theme {
    /// All of them, in the order in which they are offered.
    pub(crate) const ALL: [Self; 3] = [Self::Night, Self::Day, Self::Projector];

    /// A stable name, also the value of `data-theme`.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Night => "night",
            Self::Day => "day",
            Self::Projector => "projector",
        }
    }

    /// What the switch says.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Night => "Night",
            Self::Day => "Day",
            Self::Projector => "Projector",
        }
    }

    /// The theme with this name.
    pub(crate) fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.slug() == slug)
    }

    /// The one after this, round and round.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::Night => Self::Day,
            Self::Day => Self::Projector,
            Self::Projector => Self::Night,
        }
    }

    /// The theme of this visit, else the remembered one, else what the system prefers.
    pub(crate) fn at_start(visit: Option<Self>) -> Self {
        let remembered = || store::get(store::THEME).as_deref().and_then(Self::from_slug);
        visit.or_else(remembered).unwrap_or_else(|| if prefers("light") { Self::Day } else { Self::Night })
    }

    /// Dresses the document.
    pub(crate) fn wear(self) {
        let _ = document_element().set_attribute("data-theme", self.slug());
    }
}

/// Whether the system prefers this colour scheme.
fn prefers(scheme: &str) -> bool {
    let query = format!("(prefers-color-scheme: {scheme})");
    window().match_media(&query).ok().flatten().is_some_and(|media| media.matches())
}

/// Whether the person asked for less motion.
pub(crate) fn reduced_motion() -> bool {
    window()
        .match_media("(prefers-reduced-motion: reduce)")
        .ok()
        .flatten()
        .is_some_and(|media| media.matches())
}
