//! Acknowledged writes that did not survive, by name.

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) names: Vec<String>,
    pub(crate) total: usize,
}

/// The list, and how many it leaves out.
#[function_component(LostWrites)]
pub(crate) fn lost_writes(props: &Props) -> Html {
    if props.total == 0 {
        return html! { <p class="empty">{ "No acknowledged write has been lost." }</p> };
    }
    let left_out = props.total.saturating_sub(props.names.len());
    html! {
        <>
            <p class="lost-intro">{ "These clients were told that their write was safe. It is gone." }</p>
            <ul class="lost-list" data-test="lost-writes">{ for props.names.iter().map(|name| html! { <li key={name.clone()}>{ name }</li> }) }</ul>
            if left_out > 0 { <p class="empty">{ format!("and {left_out} more") }</p> }
        </>
    }
}
