//! Puts HTML at a place of the map. Positions go through the CSSOM: the page's policy forbids style attributes.

use web_sys::HtmlElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Pixels from the left of the map.
    pub(crate) x: f64,
    /// Pixels from its top.
    pub(crate) y: f64,
    pub(crate) children: Html,
}

/// Its children, centred on a point.
#[function_component(Pin)]
pub(crate) fn pin(props: &Props) -> Html {
    let node = use_node_ref();
    use_effect_with((props.x, props.y, node.clone()), |(x, y, node)| {
        if let Some(element) = node.cast::<HtmlElement>() {
            let _ = element.style().set_property("left", &format!("{x:.1}px"));
            let _ = element.style().set_property("top", &format!("{y:.1}px"));
        }
    });
    html! { <div class="pin" ref={node}>{ props.children.clone() }</div> }
}
