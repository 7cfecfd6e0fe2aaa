//! "Why?": the causal chain behind a line, folded away until asked for.

use yew::prelude::*;

use crate::ui::prose::prose;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Oldest first.
    pub(crate) chain: Vec<String>,
}

/// The chain, or nothing where there is none.
#[function_component(Why)]
pub(crate) fn why(props: &Props) -> Html {
    if props.chain.is_empty() {
        return Html::default();
    }
    html! {
        <details class="why">
            <summary>{ "Why?" }</summary>
            <ol>{ for props.chain.iter().map(|step| html! { <li>{ prose(step) }</li> }) }</ol>
        </details>
    }
}
