//! A panel of the page: one function component, which renders again only if what it is given differs.

use std::rc::Rc;

use faultline::scene::Panels;
use yew::prelude::*;

use super::ask::{Ask, Tab};
use super::nodes::Nodes;
use super::screen::Screen;
use super::sources::Sources;
use super::stage::geometry::Geometry;
use super::theme::Theme;

/// All that panels are made of. A panel takes its parts of it.
#[derive(Clone)]
pub(crate) struct Given {
    /// What the app has to show.
    pub(crate) panels: Rc<Panels>,
    /// What is shown under the header.
    pub(crate) screen: Screen,
    /// Where everything on the map is.
    pub(crate) geometry: Rc<Geometry>,
    /// Width and height of the timeline's drawing, in pixels.
    pub(crate) plot_size: (f64, f64),
    /// Height of small type, in pixels.
    pub(crate) text: f64,
    /// The theme that is worn.
    pub(crate) theme: Theme,
    /// The tab that is chosen beside the map.
    pub(crate) tab: Tab,
    /// Where numbers come from, if somebody has asked.
    pub(crate) sources: Sources,
    /// Single-key shortcuts are switched on.
    pub(crate) keys_on: bool,
    /// Elements that are measured or painted on. Always the same.
    pub(crate) nodes: Rc<Nodes>,
    /// What people ask for goes there. Always the same.
    pub(crate) on: Callback<Ask>,
}

/// What each panel gets beside what it shows: the nodes, and where people's wishes go.
pub(crate) type Around<'a> = (&'a Nodes, &'a Callback<Ask>);

/// What a panel shows, and when that is the same. Made by [`panel!`], so that a panel can show nothing that is not compared.
pub(crate) struct Panel {
    pub(crate) view: fn(&Given) -> Html,
    pub(crate) same: fn(&Given, &Given) -> bool,
}

/// Makes a [`Panel`] of a function and of the parts that it is given; the nodes and the callback follow them. Parts in
/// brackets are given together.
macro_rules! panel {
    ($view:path: $([$($($part:ident).+),+]),+) => {
        $crate::ui::panel::Panel {
            view: |given| $view($(($(&given.$($part).+),+),)+ (&*given.nodes, &given.on)),
            same: |one, other| $($(one.$($part).+ == other.$($part).+)&&+)&&+,
        }
    };
    ($view:path: $($($part:ident).+),+) => {
        $crate::ui::panel::Panel {
            view: |given| $view($(&given.$($part).+,)+ (&*given.nodes, &given.on)),
            same: |one, other| $(one.$($part).+ == other.$($part).+)&&+,
        }
    };
}
pub(crate) use panel;

/// A panel, and what it is given now.
#[derive(Clone, Properties)]
pub(crate) struct Props {
    panel: &'static Panel,
    given: Given,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.panel, other.panel) && (self.panel.same)(&self.given, &other.given)
    }
}

/// The component of all panels.
#[component]
fn Shown(props: &Props) -> Html {
    (props.panel.view)(&props.given)
}

/// Puts a panel on the page.
pub(crate) fn show(panel: &'static Panel, given: &Given) -> Html {
    html! { <Shown {panel} given={given.clone()} /> }
}
