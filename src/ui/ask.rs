//! What people may ask of the page: something for the app, or something that only the page knows.

use faultline::app::Msg;
use yew::Callback;

use super::theme::Theme;

/// The one thing that is sent up.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ask {
    /// Something for the app.
    App(Msg),
    /// Press the big red button, if there is one.
    BigButton,
    /// Wear another theme.
    Theme(Theme),
    /// Wear the next theme.
    NextTheme,
    /// Show another tab beside the map.
    Tab(Tab),
    /// Open or close the help.
    Help(bool),
    /// Show where numbers come from: those whose rows hold these words, or all.
    Sources(&'static str),
    /// Show only those whose rows hold these words.
    Sought(std::rc::Rc<str>),
    /// Close that.
    CloseSources,
    /// Switch single-key shortcuts on or off.
    Keys(bool),
}

impl From<Msg> for Ask {
    fn from(msg: Msg) -> Self {
        Self::App(msg)
    }
}

/// Asks for this whenever it happens.
pub(crate) fn asks<E>(on: &Callback<Ask>, ask: Ask) -> Callback<E> {
    on.reform(move |_| ask.clone())
}

/// Asks for what this makes of an event, where it makes something of it.
pub(crate) fn hears<E>(on: &Callback<Ask>, ask: impl Fn(&E) -> Option<Ask> + 'static) -> Callback<E> {
    let on = on.clone();
    Callback::from(move |event| ask(&event).into_iter().for_each(|ask| on.emit(ask)))
}

/// What is shown beside the map, under the headline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    /// Served, latency, stale reads, lost writes.
    Figures,
    /// What has happened so far.
    Journal,
    /// The table twin of the map.
    Cities,
    /// What has become of each write.
    Writes,
    /// Acknowledged writes that are missing.
    Lost,
    /// What it costs.
    Cost,
    /// The same moment in words.
    Text,
}

impl Tab {
    /// All of them, in the order in which they are shown.
    pub(crate) const ALL: [Self; 7] =
        [Self::Figures, Self::Journal, Self::Cities, Self::Writes, Self::Lost, Self::Cost, Self::Text];

    /// A stable name.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Figures => "figures",
            Self::Journal => "journal",
            Self::Cities => "cities",
            Self::Writes => "writes",
            Self::Lost => "lost",
            Self::Cost => "cost",
            Self::Text => "text",
        }
    }

    /// What the tab says.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Figures => "Figures",
            Self::Journal => "Journal",
            Self::Cities => "Cities",
            Self::Writes => "Writes",
            Self::Lost => "Missing",
            Self::Cost => "Cost",
            Self::Text => "Text",
        }
    }
}
